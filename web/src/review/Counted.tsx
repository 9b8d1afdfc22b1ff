import { number } from "../strings";
import { answers } from "../strings/answers";
import { SafeText } from "../ui/SafeText";
import { dayAndTime } from "../ui/time";
import type { ReviewState } from "./state";

/** What was counted, and of which plan. */
export function Counted({
  preview: { preview, at },
  stale,
}: {
  readonly preview: NonNullable<ReviewState["preview"]>;
  readonly stale: boolean;
}) {
  const words = answers.counts;
  const { counts, explain, warehouse } = preview;
  const warehouseName = warehouse.name ?? warehouse.warehouse_id;
  const state = (name: string) => words.states.get(name) ?? name;
  return (
    <>
      {stale && <p className="stale-note">{words.stale}</p>}
      <dl className="sheet-facts">
        {counts.map(({ name, label, state: how, value, message }) => (
          <div className="fact" key={name} data-count={name} data-state={how}>
            <dt>
              <SafeText text={label} />
            </dt>
            <dd>
              {value !== null && how === "ok" ? (
                <strong>{grouped(value)}</strong>
              ) : (
                <span>
                  <SafeText text={message ?? state(how)} />
                </span>
              )}
            </dd>
          </div>
        ))}
        <div className="fact" data-state={explain.state}>
          <dt>{words.explain}</dt>
          <dd>
            <SafeText
              text={explain.state === "ok" ? state("ok") : (explain.message ?? state(explain.state))}
            />
          </dd>
        </div>
      </dl>
      <p className="quiet">
        {words.at} {dayAndTime(at)}
        {warehouseName !== null && (
          <>
            {" "}
            <SafeText text={words.on(warehouseName)} />
          </>
        )}
      </p>
    </>
  );
}

/** A count as a text; those beyond what a number holds stay as they came. */
function grouped(value: string): string {
  const count = Number(value);
  return /^\d+$/.test(value) && Number.isSafeInteger(count) ? number(count) : value;
}
