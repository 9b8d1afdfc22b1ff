import { useState } from "react";
import { caller } from "../api";
import type { Me } from "../api/types";
import { strings } from "../strings";
import { panels } from "../strings/panels";
import { useAnnounce } from "../ui/Announcer";
import { SafeText } from "../ui/SafeText";
import { dayAndTime } from "../ui/time";
import { SignIn } from "./MeMenu";

/** Who I am here, and what I may do. */
export function Account({ me }: { readonly me: Me }) {
  const words = panels.me;
  const expires = me.expires_at === null ? Number.NaN : Date.parse(me.expires_at);
  return (
    <div className="account">
      <p className="strong">
        {words.you} <SafeText text={me.name} />
      </p>
      <p className="quiet">{words.kinds[me.kind] ?? me.kind}</p>
      {me.roles.length === 0 ? (
        <p>{words.nothing}</p>
      ) : (
        <>
          <p>{words.may}</p>
          <ul className="bullets">
            {me.roles.map((role) => (
              <li key={role}>{words.roles[role] ?? role}</li>
            ))}
          </ul>
        </>
      )}
      {me.run_as !== null && (
        <p>
          {words.runAs} <SafeText text={me.run_as} />
        </p>
      )}
      {Number.isFinite(expires) && <p className="quiet">{words.until(dayAndTime(expires))}</p>}
      {me.kind === "databricks" && <SignOut />}
      {me.kind !== "databricks" && me.sign_in.available && <SignIn />}
    </div>
  );
}

function SignOut() {
  const announce = useAnnounce();
  const [state, setState] = useState<"ready" | "busy" | "failed">("ready");
  const leave = async () => {
    if (state === "busy") return;
    setState("busy");
    try {
      await caller.request({ method: "POST", path: "/auth/logout", body: {} });
      // A fresh page holds nothing of the person who left.
      window.location.reload();
    } catch {
      setState("failed");
      announce(panels.me.signOutFailed);
    }
  };
  return (
    <>
      {state === "failed" && <p className="danger-text">{panels.me.signOutFailed}</p>}
      <button
        type="button"
        className="button"
        data-testid="sign-out"
        aria-disabled={state === "busy" || undefined}
        onClick={leave}
      >
        {state === "busy"
          ? panels.me.signingOut
          : state === "failed"
            ? strings.common.retry
            : panels.me.signOut}
      </button>
    </>
  );
}
