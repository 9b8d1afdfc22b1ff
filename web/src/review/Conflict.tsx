import { useMemo } from "react";
import { diffPlans, type Plan, type PlanChange } from "../api";
import { review } from "../strings/review";
import { Icon } from "../ui/Icon";
import { SafeText } from "../ui/SafeText";
import type { Saved } from "./state";

interface Props {
  readonly theirs: Saved;
  readonly mine: Plan;
  readonly onMine: () => void;
  readonly onTheirs: () => void;
}

/** Somebody else saved this plan meanwhile: what differs, and the two ways on. */
export function Conflict({ theirs, mine, onMine, onTheirs }: Props) {
  const words = review.conflict;
  const { record } = theirs;
  const changes = useMemo(() => differences(record.plan, mine), [record.plan, mine]);
  return (
    <section className="card conflict" role="alert" data-testid="conflict">
      <h2>
        <Icon name="warning" />
        <SafeText text={words.title(record.updated_by, record.version)} />
      </h2>
      <p>{words.about}</p>
      <h3>{words.changes}</h3>
      {changes.length === 0 ? (
        <p>{words.none}</p>
      ) : (
        <ul className="bullets">
          {changes.map(({ path, words: text }) => (
            <li key={`${path} ${text}`}>
              <SafeText text={text} />
            </li>
          ))}
        </ul>
      )}
      <div className="row">
        <button type="button" className="button primary" onClick={onMine}>
          {words.mine}
        </button>
        <button type="button" className="button" onClick={onTheirs}>
          {words.theirs}
        </button>
      </div>
    </section>
  );
}

function differences(before: Plan, after: Plan): readonly PlanChange[] {
  try {
    return diffPlans(before, after).changes;
  } catch {
    return [];
  }
}
