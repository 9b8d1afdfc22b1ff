import { useEffect, useMemo, useReducer } from "react";
import type { HandoffContext, PatternType } from "../api";
import { mayAct, useMe } from "../shell/me";
import { sessionStore } from "../shell/stores";
import type { ServerState } from "../shell/useHealth";
import { review } from "../strings/review";
import { useAnnounce } from "../ui/Announcer";
import { useSettled } from "../ui/useSettled";
import { Conflict } from "./answered";
import { Counts } from "./Counts";
import { checkPlan, detailsOf } from "./check";
import { controlId, type Editing } from "./context";
import { Deploy } from "./Deploy";
import { Editor } from "./Editor";
import { type Draft, readHistory } from "./keep";
import { PatternCard } from "./PatternCard";
import { Permissions } from "./Permissions";
import { tableAt, textAt } from "./pointer";
import { Questions } from "./Questions";
import { questionsOf } from "./questions";
import { SqlPane } from "./SqlPane";
import { Summary } from "./Summary";
import { isSaved, type ReviewState, reduceReview, startReview } from "./state";
import type { Suggestion } from "./suggestion";
import { useDraft } from "./useDraft";
import { useServerWork } from "./useServerWork";
import { waitsOf } from "./waits";

interface Props {
  readonly context: HandoffContext;
  readonly handoffId?: string | undefined;
  readonly suggestion: Suggestion;
  readonly draft: Draft | undefined;
  readonly draftKey: string;
  readonly server: ServerState;
}

/** Milliseconds without a key stroke after which the rest of the page follows the plan. */
const typingPause = 150;

function start({ suggestion, draft, draftKey }: Props): ReviewState {
  if (!draft) return startReview({ plan: suggestion.plan, suggestion });
  const history = readHistory(sessionStore(), draftKey, draft);
  return startReview({
    plan: draft.plan,
    suggestion,
    settled: draft.settled,
    base: draft.base,
    ...(history && { history }),
  });
}

/** From a context to a deployed plan: everything of it that can be done in the page is done in the page. */
export function Review(props: Props) {
  const { context, handoffId, draftKey, server } = props;
  const [state, dispatch] = useReducer(reduceReview, props, start);
  const { suggestion } = state;
  // With a draft the review begins at once, and its suggestion comes when it comes.
  useEffect(() => dispatch({ type: "suggested", suggestion: props.suggestion }), [props.suggestion]);
  const announce = useAnnounce();
  const me = useMe();
  const up = server.kind === "up";
  const plan = state.history.present;
  const checked = useMemo(() => checkPlan(plan, context.genie_session_id), [plan, context.genie_session_id]);
  // The explanation and all statements come when the typing has stopped, and at once after anything else.
  const settledCheck = useSettled(checked, state.history.open ? typingPause : 0);
  const details = useMemo(() => detailsOf(settledCheck), [settledCheck]);
  const questions = useMemo(
    () => questionsOf(plan, checked.report.issues, suggestion, state.settled),
    [plan, checked, suggestion, state.settled],
  );
  const kept = useDraft(draftKey, state, dispatch, announce);
  const work = useServerWork(state, dispatch, up, handoffId);
  useNews(state);

  const tables = useMemo(() => tablesOf(context), [context]);
  const source = tableAt(plan, "/source");
  const editing = useMemo<Editing>(
    () => ({
      plan,
      issues: checked.report.issues,
      tables,
      columns: tables.get(source) ?? [],
      dispatch,
    }),
    [plan, checked, tables, source],
  );
  const waits = waitsOf(state, {
    up,
    valid: checked.report.valid,
    answers: questions.filter(({ kind }) => kind === "answer" || kind === "wrong").length,
    author: mayAct(me, "author"),
    deployer: mayAct(me, "deployer"),
  });
  const choose = (pattern: PatternType) =>
    dispatch({ type: "pattern", pattern, label: review.pattern.words[pattern][0].toLowerCase() });
  const lastStep = state.history.past.at(-1)?.value;
  const baselines = useMemo(
    () => ({
      last: lastStep,
      suggested: suggestion.kind === "plain" ? undefined : suggestion.plan,
      saved: state.saved?.record.plan,
    }),
    [lastStep, suggestion, state.saved],
  );

  return (
    <div
      className="review"
      data-testid="review"
      data-valid={checked.report.valid}
      data-saved={isSaved(state)}
      data-plan={textAt(plan, "/plan_metadata/plan_id")}
    >
      {state.conflict && <Conflict theirs={state.conflict} mine={plan} dispatch={dispatch} />}
      <Summary checked={settledCheck} details={details} />
      <Questions questions={questions} onSettle={(question) => dispatch({ type: "settle", ...question })} />
      <div className="review-columns">
        <div className="review-plan">
          <PatternCard plan={plan} suggestion={suggestion} onChoose={choose} />
          <section className="card" data-testid="editor" id={controlId("")} tabIndex={-1}>
            <Editor state={state} suggestion={suggestion} kept={kept} dispatch={dispatch} editing={editing} />
          </section>
        </div>
        <SqlPane checked={checked} details={details} baselines={baselines} />
      </div>
      <Permissions context={context} plan={plan} details={details} up={up} />
      <Counts state={state} plan={plan} waits={waits.count} onCount={work.count} />
      <Deploy
        state={state}
        checked={checked}
        details={details}
        dispatch={dispatch}
        waits={waits}
        onSave={work.save}
        onDeploy={work.deploy}
        onRun={work.run}
      />
    </div>
  );
}

/** Says aloud what the server did. */
function useNews(state: ReviewState): void {
  const announce = useAnnounce();
  const { saved, deployment, work } = state;
  const version = saved?.record.version;
  const deployed = deployment?.version;
  useEffect(() => {
    if (version !== undefined) announce(review.deploy.savedAs(version));
  }, [version, announce]);
  useEffect(() => {
    if (deployed !== undefined) announce(review.deploy.done(deployed));
  }, [deployed, announce]);
  const step =
    work.kind === "saving" || work.kind === "deploying" || work.kind === "starting" ? work.kind : undefined;
  useEffect(() => {
    if (step) announce(review.deploy[step]);
  }, [step, announce]);
}

/** The tables of a context with the columns that it names. */
function tablesOf(context: HandoffContext): ReadonlyMap<string, readonly string[]> {
  const names = new Set([...context.validated_tables, ...Object.keys(context.validated_columns)]);
  return new Map(
    [...names].map((name) => {
      const columns: unknown = Object.hasOwn(context.validated_columns, name)
        ? context.validated_columns[name]
        : [];
      return [name, Array.isArray(columns) ? columns.filter((column) => typeof column === "string") : []];
    }),
  );
}
