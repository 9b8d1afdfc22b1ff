import { useEffect, useRef, useState } from "react";
import { type HandoffContext, type HandoffError, type Plan, toHandoffError } from "../api";
import type { Check } from "../api/types";
import { checkWords } from "../strings/checks";
import { review } from "../strings/review";
import { useAnnounce } from "../ui/Announcer";
import { Icon } from "../ui/Icon";
import { SafeText } from "../ui/SafeText";
import { Waiting } from "../ui/Waiting";
import { Found } from "./answered";
import type { Details } from "./check";
import { tableAt } from "./pointer";
import { checkPermissions } from "./server";

interface Props {
  readonly context: HandoffContext;
  readonly plan: Plan;
  readonly details: Details | undefined;
  /** Whether the server can be asked. */
  readonly up: boolean;
}

type Asked =
  | { readonly kind: "not" }
  | { readonly kind: "asking"; readonly since: number }
  | { readonly kind: "known"; readonly checks: readonly Check[] }
  | { readonly kind: "failed"; readonly error: HandoffError };

/** What must be allowed: as the plan needs it, then as Unity Catalog says. Nothing is ticked that nobody checked. */
export function Permissions({ context, plan, details, up }: Props) {
  const words = review.permissions;
  const announce = useAnnounce();
  const [asked, setAsked] = useState<Asked>({ kind: "not" });
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const target = tableAt(plan, "/target");

  const ask = () => {
    const controller = new AbortController();
    running.current?.abort();
    running.current = controller;
    setAsked({ kind: "asking", since: Date.now() });
    checkPermissions({ ...context, ...(target !== "" && { target_table: target }) }, controller.signal).then(
      (checks) => {
        if (controller.signal.aborted) return;
        setAsked({ kind: "known", checks });
        const of = (state: Check["state"]) => checks.filter((check) => check.state === state).length;
        announce(words.done(of("missing"), of("not_checked")));
      },
      (cause: unknown) => {
        if (!controller.signal.aborted) setAsked({ kind: "failed", error: toHandoffError(cause) });
      },
    );
  };

  const needed = details?.rendered.privileges ?? [];
  return (
    <section className="card permissions" data-testid="permissions" data-asked={asked.kind}>
      <div className="card-head">
        <h2>{words.title}</h2>
        <button
          type="button"
          className="button"
          data-testid="check-permissions"
          aria-disabled={!up || asked.kind === "asking" || undefined}
          {...Found.ahead}
          onClick={() => up && asked.kind !== "asking" && ask()}
        >
          {asked.kind === "known" ? words.again : words.check}
        </button>
      </div>
      <p className="quiet">{words.about}</p>
      {!up && <p className="quiet">{`${review.deploy.waits} ${review.deploy.waitsServer}.`}</p>}
      {asked.kind === "asking" && (
        <Waiting
          step={words.running}
          since={asked.since}
          onStop={() => {
            running.current?.abort();
            setAsked({ kind: "not" });
          }}
        />
      )}
      {asked.kind === "failed" && (
        <p className="field-error" role="alert" data-code={asked.error.code}>
          <SafeText text={asked.error.message} />
        </p>
      )}
      {asked.kind === "known" ? <Found checks={asked.checks} /> : <Needed privileges={needed} />}
    </section>
  );
}

/** What the plan says it needs, before anybody has looked. */
function Needed({ privileges }: { readonly privileges: Details["rendered"]["privileges"] }) {
  const words = review.permissions;
  const names = [...new Set(privileges.map(({ on }) => on))];
  return (
    <div className="check-groups">
      {names.map((name) => (
        <section key={name} className="check-group" data-securable={name}>
          <h3>
            <code>
              <SafeText text={name} />
            </code>
          </h3>
          <ul className="check-list">
            {privileges
              .filter(({ on }) => on === name)
              .map(({ privilege, reason, onlyToCreate }) => (
                <li key={privilege} data-state="not_checked">
                  <Icon name="info" size={18} />
                  <div>
                    <p>
                      <span className="severity">{checkWords.states.not_checked}:</span>{" "}
                      <code>{privilege}</code>
                    </p>
                    <p className="quiet">
                      {reason}
                      {onlyToCreate && `; ${words.toCreate}`}
                    </p>
                  </div>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
