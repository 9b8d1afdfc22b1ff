import type { PermissionCheck } from "../api";
import { checkWords as words } from "../strings/checks";
import { CopyButton } from "./CopyButton";
import { byName, grantsOf, groupBySecurable } from "./checks";
import { Icon } from "./Icon";
import { SafeText } from "./SafeText";

interface Props {
  readonly checks: readonly PermissionCheck[];
  /** Stands over each group; one below the heading of the part it is in. */
  readonly heading?: "h3" | "h4";
}

/** Permissions, grouped by what they are about. */
export function CheckList({ checks, heading: Heading = "h3" }: Props) {
  const groups = groupBySecurable(checks);
  const grants = grantsOf(checks);
  return (
    <div className="check-groups">
      {groups.map(({ kind, name, items }) => (
        <section key={`${kind} ${name}`} className="check-group" data-securable={name}>
          <Heading>
            {name === "" ? words.other : `${words.kinds.get(kind) ?? kind} `}
            {name !== "" && (
              <code>
                <SafeText text={name} />
              </code>
            )}
          </Heading>
          <ul className="check-list">
            {items.map((check) => (
              <CheckItem key={check.id} check={check} />
            ))}
          </ul>
        </section>
      ))}
      {grants.length > 1 && (
        <p className="row copy-all">
          <span>{words.copyAll(grants.length)}</span>
          <CopyButton text={`${grants.join("\n")}\n`} label={words.copyAll(grants.length)} />
        </p>
      )}
    </div>
  );
}

/** One permission: what, whose, whether, and the statement that would give it. */
function CheckItem({ check }: { readonly check: PermissionCheck }) {
  const { state, principal, message, grant } = check;
  const name = byName(check);
  const whose = principal ? words[principal.role](principal.name) : "";
  return (
    <li data-state={state} data-check={check.id}>
      <Icon name={state === "ok" ? "check" : state === "missing" ? "warning" : "info"} size={18} />
      <div>
        <p>
          <span className="severity">{words.states[state]}:</span> <SafeText text={name} />
          {whose !== "" && (
            <span className="quiet">
              {" "}
              (<SafeText text={whose} />)
            </span>
          )}
        </p>
        {state !== "ok" && message && (
          <p className="quiet">
            <SafeText text={message} />
          </p>
        )}
        {state !== "ok" && grant && (
          <>
            <p className="quiet">{words.grant}</p>
            <p className="grant">
              <code dir="ltr">
                <SafeText text={grant} />
              </code>
              <CopyButton text={grant} label={words.copyGrant(name, check.securable?.name ?? "")} />
            </p>
          </>
        )}
      </div>
    </li>
  );
}
