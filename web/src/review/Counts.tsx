import type { Plan } from "../api";
import { number } from "../strings";
import { review } from "../strings/review";
import { SafeText } from "../ui/SafeText";
import { dayAndTime } from "../ui/time";
import { Waiting } from "../ui/Waiting";
import { Failure } from "./Failure";
import { type ReviewState, sameContent } from "./state";

interface Props {
  readonly state: ReviewState;
  readonly plan: Plan;
  /** Why it cannot be counted now; empty: it can. */
  readonly waits: string;
  readonly onCount: () => void;
}

/** What a run would change now, counted on the warehouse when somebody asks for it. */
export function Counts({ state, plan, waits, onCount }: Props) {
  const words = review.counts;
  const { preview, work } = state;
  const counting = work.kind === "counting";
  const off = waits !== "" || counting;
  return (
    <section
      className="card counts"
      data-testid="counts"
      data-state={counting ? "counting" : preview ? "done" : "none"}
    >
      <div className="card-head">
        <h2>{words.title}</h2>
        <button
          type="button"
          className="button"
          data-testid="count"
          aria-disabled={off || undefined}
          aria-describedby={waits === "" ? undefined : "count-waits"}
          onClick={() => !off && onCount()}
        >
          {preview ? words.again : words.button}
        </button>
      </div>
      <p className="quiet">{words.about}</p>
      {waits !== "" && (
        <p className="quiet" id="count-waits">
          {`${review.deploy.waits} ${waits}.`}
        </p>
      )}
      {counting && <Waiting step={words.running} since={work.since} />}
      {work.kind === "failed" && work.what === "counting" && (
        <Failure what="counting" error={work.error} onRetry={onCount} />
      )}
      {preview ? <Result preview={preview} stale={!sameContent(preview.of, plan)} /> : <p>{words.none}</p>}
    </section>
  );
}

function Result({
  preview: { preview, at },
  stale,
}: {
  readonly preview: NonNullable<ReviewState["preview"]>;
  readonly stale: boolean;
}) {
  const words = review.counts;
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
