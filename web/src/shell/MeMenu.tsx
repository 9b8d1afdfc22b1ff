import { useState } from "react";
import { client } from "../api";
import type { Me } from "../api/types";
import { strings } from "../strings";
import { frame } from "../strings/frame";
import { useAnnounce } from "../ui/Announcer";
import { Disclosure } from "../ui/Disclosure";
import { Icon } from "../ui/Icon";
import { SafeText } from "../ui/SafeText";
import { dayAndTime } from "../ui/time";
import { useMe } from "./me";

interface Props {
  /** Whether the server lets people sign in. */
  readonly signIn: boolean;
}

/** Who I am here, what I may do, and the way in and out. Absent while the server does not say. */
export function MeMenu({ signIn }: Props) {
  const state = useMe();
  if (state.kind !== "known") {
    return signIn && state.kind === "unknown" && state.error.status === 401 ? <SignIn /> : null;
  }
  const { me } = state;
  return (
    <Disclosure
      className="icon-button"
      face={<Icon name="person" />}
      label={frame.me.button(me.name)}
      testId="me"
    >
      <Account me={me} />
    </Disclosure>
  );
}

function Account({ me }: { readonly me: Me }) {
  const words = frame.me;
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

function SignIn() {
  const here = `${window.location.pathname}${window.location.search}`;
  return (
    <a className="button" href={`/auth/login?return_to=${encodeURIComponent(here)}`} data-testid="sign-in">
      {frame.me.signIn}
    </a>
  );
}

function SignOut() {
  const announce = useAnnounce();
  const [state, setState] = useState<"ready" | "busy" | "failed">("ready");
  const leave = async () => {
    if (state === "busy") return;
    setState("busy");
    try {
      await client.request({ method: "POST", path: "/auth/logout", body: {} });
      // A fresh page holds nothing of the person who left.
      window.location.reload();
    } catch {
      setState("failed");
      announce(frame.me.signOutFailed);
    }
  };
  return (
    <>
      {state === "failed" && <p className="danger-text">{frame.me.signOutFailed}</p>}
      <button
        type="button"
        className="button"
        data-testid="sign-out"
        aria-disabled={state === "busy" || undefined}
        onClick={leave}
      >
        {state === "busy"
          ? frame.me.signingOut
          : state === "failed"
            ? strings.common.retry
            : frame.me.signOut}
      </button>
    </>
  );
}
