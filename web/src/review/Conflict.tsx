import { type Dispatch, useMemo } from "react";
import { diffPlans, type Plan, type PlanChange } from "../api";
import { answers } from "../strings/answers";
import { useAnnounce } from "../ui/Announcer";
import { Icon } from "../ui/Icon";
import { SafeText } from "../ui/SafeText";
import type { ReviewAction, Saved } from "./state";

interface Props {
  readonly theirs: Saved;
  readonly mine: Plan;
  readonly dispatch: Dispatch<ReviewAction>;
}

/** Somebody else saved this plan meanwhile: what differs, and the two ways on. */
export function Conflict({ theirs, mine, dispatch }: Props) {
  const words = answers.conflict;
  const { record } = theirs;
  const announce = useAnnounce();
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
        <button type="button" className="button primary" onClick={() => dispatch({ type: "keep-mine" })}>
          {words.mine}
        </button>
        <button
          type="button"
          className="button"
          onClick={() => {
            dispatch({ type: "take-theirs", label: words.theirsStep });
            announce(words.taken);
          }}
        >
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
