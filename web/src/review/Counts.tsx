import type { Plan } from "../api";
import { review } from "../strings/review";
import { Waiting } from "../ui/Waiting";
import { Counted } from "./answered";
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
          {...Counted.ahead}
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
      {counting && <Waiting step={words.running(preview?.preview.warehouse.name ?? "")} since={work.since} />}
      {work.kind === "failed" && work.what === "counting" && (
        <Failure what="counting" error={work.error} onRetry={onCount} />
      )}
      {preview ? (
        <Counted
          preview={preview}
          stale={!sameContent(preview.of, plan)}
          onAgain={off ? undefined : onCount}
        />
      ) : (
        <p>{words.none}</p>
      )}
    </section>
  );
}
