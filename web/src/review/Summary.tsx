import { memo } from "react";
import { type MeState, useMe } from "../shell/me";
import { review } from "../strings/review";
import { Icon } from "../ui/Icon";
import { SafeText } from "../ui/SafeText";
import type { Checked, Details } from "./check";
import { scheduleDigest } from "./digest";
import { tableAt } from "./pointer";
import { useSecondModule } from "./second";

interface Props {
  readonly checked: Checked;
  readonly details: Details | undefined;
}

/** What somebody needs who has two minutes: what is written, as whom, how often, and how to undo it. */
export const Summary = memo(function Summary({ checked, details }: Props) {
  const me = useMe();
  // Draws how often it runs again when that can be said in words.
  useSecondModule();
  const words = review.summary;
  const { plan } = checked;
  const target = tableAt(plan, "/target");
  const source = tableAt(plan, "/source");
  const effects = details?.explanation.effects ?? [];
  const destructive = effects.some((effect) => effect.destructive);
  return (
    <section className="card summary" data-testid="summary">
      <h2>{words.title}</h2>
      {details ? (
        <>
          <p className="summary-line">
            <SafeText text={details.explanation.summary} />
          </p>
          <ul className="effects">
            {effects.map(({ effect, destructive: loses, text }) => (
              <li key={text} data-effect={effect} data-destructive={loses}>
                <Icon name={loses ? "warning" : "check"} size={18} />
                <span>
                  {loses && <strong>{words.destructive}: </strong>}
                  <SafeText text={text} />
                </span>
              </li>
            ))}
            {!destructive && effects.length > 0 && (
              <li>
                <Icon name="check" size={18} />
                <span>{words.harmless}</span>
              </li>
            )}
          </ul>
        </>
      ) : (
        <p className="quiet">{words.nothing}</p>
      )}
      <dl className="sheet-facts">
        {target !== "" && (
          <>
            <dt>{words.writes}</dt>
            <dd>
              <code>
                <SafeText text={target} />
              </code>
            </dd>
          </>
        )}
        {source !== "" && (
          <>
            <dt>{words.reads}</dt>
            <dd>
              <code>
                <SafeText text={source} />
              </code>
            </dd>
          </>
        )}
        <dt>{words.often}</dt>
        <dd data-testid="how-often">
          <SafeText text={scheduleDigest(plan)} />
        </dd>
        <dt>{words.asWhom}</dt>
        <dd data-testid="identity">
          <IdentityWords me={me} />
        </dd>
        {target !== "" && (
          <>
            <dt>{words.undo}</dt>
            <dd>
              <SafeText text={words.undoText(target)} />
            </dd>
          </>
        )}
      </dl>
      {details && details.explanation.notes.length > 0 && (
        <details className="more-notes">
          <summary>{words.more}</summary>
          <ul className="bullets">
            {details.explanation.notes.map((note) => (
              <li key={note}>
                <SafeText text={note} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
});

/** "You review as X. The job runs as Y." */
export function IdentityWords({ me }: { readonly me: MeState }) {
  const words = review.summary;
  if (me.kind === "asking") return <span className="quiet">{words.unasked}</span>;
  if (me.kind === "unknown") return <span className="quiet">{words.offline}</span>;
  const { kind, name, run_as: runAs } = me.me;
  return (
    <span>
      <SafeText text={kind === "open" ? words.youOpen : words.you(name)} />{" "}
      <SafeText text={runAs ? words.runs(runAs) : words.runsUnknown} />
    </span>
  );
}
