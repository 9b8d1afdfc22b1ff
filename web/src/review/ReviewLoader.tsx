import { useEffect, useState } from "react";
import type { HandoffContext } from "../api";
import { keepOffline } from "../handoff/offline";
import { localStore } from "../shell/stores";
import type { ServerState } from "../shell/useHealth";
import { review } from "../strings/review";
import { useAnnounce } from "../ui/Announcer";
import { Waiting } from "../ui/Waiting";
import { loadEditor } from "./Editor";
import { draftKey, readDraft } from "./keep";
import { textAt } from "./pointer";
import { Review } from "./Review";
import { suggestFor } from "./suggest";
import { plainPlan, type Suggestion } from "./suggestion";

interface Props {
  readonly context: HandoffContext;
  readonly handoffId?: string | undefined;
  readonly server: ServerState;
}

/** Gets a suggestion and the draft of this browser, and begins the review. */
export function ReviewLoader({ context, handoffId, server }: Props) {
  const announce = useAnnounce();
  const key = draftKey(context);
  const [draft] = useState(() => readDraft(localStore(), key));
  const [since] = useState(() => Date.now());
  // A draft keeps the id of its plan: the server knows the plan by it.
  const [around] = useState(() => ({
    now: new Date(),
    planId: textAt(draft?.plan, "/plan_metadata/plan_id") || crypto.randomUUID(),
  }));
  const [suggestion, setSuggestion] = useState<Suggestion | undefined>(() =>
    draft ? { ...plainPlan(context, around), kind: "waiting" } : undefined,
  );

  useEffect(() => {
    let current = true;
    // Asked for early, it is there when there is something to edit.
    loadEditor().catch(() => {});
    void suggestFor(context, around).then((found) => {
      // Somebody who went on without it has begun to work.
      if (current) setSuggestion((before) => (before?.kind === "plain" ? before : found));
      void keepOffline();
    });
    return () => {
      current = false;
    };
  }, [context, around]);
  const kind = suggestion?.kind;
  useEffect(() => {
    if (kind === "suggested") announce(review.suggested);
  }, [kind, announce]);

  if (!suggestion) {
    return (
      <Waiting
        step={review.suggesting}
        since={since}
        onStop={() => setSuggestion(plainPlan(context, around))}
      />
    );
  }
  return (
    <Review
      context={context}
      handoffId={handoffId}
      suggestion={suggestion}
      draft={draft}
      draftKey={key}
      server={server}
    />
  );
}
