import type { Finding } from "../api";
import { strings } from "../strings";
import { groupFindings, placeName } from "./findings";
import { Icon } from "./Icon";
import { SafeText } from "./SafeText";

interface Props {
  readonly findings: readonly Finding[];
  /** What the findings are about, to name the places in its own words. */
  readonly document: unknown;
}

/** More places than this are counted instead of named. */
const namedPlaces = 6;

/** Findings in words: how bad, what, where, what to do. The same words stand only once. */
export function FindingList({ findings, document }: Props) {
  return (
    <ul className="finding-list">
      {groupFindings(findings).map(({ severity, code, message, help, paths }) => (
        <li key={`${code} ${message}`} data-severity={severity} data-code={code}>
          <Icon name={severity === "info" ? "info" : "warning"} size={18} />
          <div>
            <p>
              <span className="severity">{strings.severity[severity]}</span> <SafeText text={message} />
            </p>
            <p className="quiet">
              <SafeText text={help} />
            </p>
            <Places names={paths.flatMap((path) => placeName(document, path) ?? [])} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function Places({ names }: { readonly names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <p className="places quiet">
      {[...new Set(names)].slice(0, namedPlaces).map((name) => (
        <code key={name}>
          <SafeText text={name} />
        </code>
      ))}
      {names.length > namedPlaces && <span>{strings.andMore(names.length - namedPlaces)}</span>}
    </p>
  );
}
