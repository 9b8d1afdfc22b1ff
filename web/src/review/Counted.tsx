import { number } from "../strings";
import { answers } from "../strings/answers";
import { SafeText } from "../ui/SafeText";
import { dayAndTime } from "../ui/time";
import type { ReviewState } from "./state";

/** What was counted, and of which plan. */
export function Counted({
  preview: { preview, at },
  stale,
  onAgain,
}: {
  readonly preview: NonNullable<ReviewState["preview"]>;
  readonly stale: boolean;
  /** Counts again; absent while that cannot be done. */
  readonly onAgain: (() => void) | undefined;
}) {
  const words = answers.counts;
  const { counts, explain, warehouse } = preview;
  const warehouseName = warehouse.name ?? warehouse.warehouse_id;
  const starting = [explain, ...counts].some(({ state: how }) => how === "warehouse_starting");
  // That it starts is said once, above, with what to do about it.
  const said = (state: string, message: string | null | undefined) =>
    (state === "warehouse_starting" ? null : message) ?? words.states.get(state) ?? state;
  return (
    <>
      {stale && <p className="stale-note">{words.stale}</p>}
      {starting && (
        <p className="row" role="status" data-testid="warehouse-starting">
          <SafeText text={words.starting(warehouseName ?? "")} />
          {onAgain && (
            <button type="button" className="button" onClick={onAgain}>
              {words.again}
            </button>
          )}
        </p>
      )}
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
                  <SafeText text={said(how, message)} />
                </span>
              )}
            </dd>
          </div>
        ))}
        <div className="fact" data-state={explain.state}>
          <dt>{words.explain}</dt>
          <dd>
            <SafeText text={said(explain.state, explain.state === "ok" ? null : explain.message)} />
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
