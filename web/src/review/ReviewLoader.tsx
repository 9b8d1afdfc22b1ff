import { useEffect, useState } from "react";
import type { HandoffContext } from "../api";
import { localStore } from "../shell/stores";
import type { ServerState } from "../shell/useHealth";
import { review } from "../strings/review";
import { Waiting } from "../ui/Waiting";
import { draftKey, readDraft } from "./keep";
import { textAt } from "./pointer";
import { Review } from "./Review";
import { suggestFor } from "./suggest";
import type { Suggestion } from "./suggestion";

interface Props {
  readonly context: HandoffContext;
  readonly handoffId?: string | undefined;
  readonly server: ServerState;
}

/** Gets a suggestion and the draft of this browser, and begins the review. */
export function ReviewLoader({ context, handoffId, server }: Props) {
  const [suggestion, setSuggestion] = useState<Suggestion>();
  const [since] = useState(() => Date.now());
  const key = draftKey(context);
  const [draft] = useState(() => readDraft(localStore(), key));

  useEffect(() => {
    let current = true;
    // A draft keeps the id of its plan: the server knows the plan by it.
    const planId = textAt(draft?.plan, "/plan_metadata/plan_id") || crypto.randomUUID();
    void suggestFor(context, { now: new Date(), planId }).then((found) => {
      if (current) setSuggestion(found);
    });
    return () => {
      current = false;
    };
  }, [context, draft]);

  if (!suggestion) return <Waiting step={review.suggesting} since={since} />;
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
