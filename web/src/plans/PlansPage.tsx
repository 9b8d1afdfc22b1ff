import { useEffect, useState } from "react";
import { listPlans } from "../api/plans";
import { Frame } from "../shell/Frame";
import { useToken } from "../shell/useToken";
import { plansWords as words } from "../strings/plans";
import { useAnnounce } from "../ui/Announcer";
import { MoreIcon } from "../ui/MoreIcon";
import { Problem } from "../ui/Problem";
import type { Params } from "../ui/useAddress";
import { usePages } from "../ui/usePages";
import { Waiting } from "../ui/Waiting";
import { ImportLink } from "./ImportLink";
import { PlanFilters } from "./PlanFilters";
import { PlanTable } from "./PlanTable";

interface Props {
  readonly params: Params;
  readonly go: (params: Params, replace?: boolean) => void;
}

/** All plans, with search and filters that live in the address. */
export function PlansPage({ params, go }: Props) {
  const [importing, setImporting] = useState(false);
  const announce = useAnnounce();
  const token = useToken();
  const { q, state, pattern } = params;
  const query = { q, state, pattern };
  const list = usePages(
    JSON.stringify([query, token]),
    (next, signal) => listPlans({ query, next, signal }),
    (plan) => plan.plan_id,
  );
  const filtered = Boolean(q || state || pattern);
  const shown = list.items.length;
  const waiting = list.since !== undefined;
  useEffect(() => {
    if (list.ready && !waiting) announce(words.loaded(shown));
  }, [list.ready, waiting, shown, announce]);

  return (
    <Frame
      skip={words.skip}
      serverDown={words.serverDown}
      testId="plans"
      refused={list.error?.status === 401}
      onReturn={list.reload}
    >
      <div className="sheet-head">
        <h1>{words.title}</h1>
        <button
          type="button"
          className="button primary"
          data-testid="import"
          aria-expanded={importing}
          onClick={() => setImporting(!importing)}
        >
          <MoreIcon name="link" size={18} />
          {words.import.button}
        </button>
      </div>
      {importing && <ImportLink onClose={() => setImporting(false)} />}
      <PlanFilters query={query} onChange={(next) => go({ ...next }, true)} />
      {list.error && <Problem error={list.error} onRetry={list.reload} />}
      {shown > 0 && <PlanTable plans={list.items} />}
      {list.ready && shown === 0 && !waiting && <Nothing filtered={filtered} onClear={() => go({}, true)} />}
      {waiting && (
        <Waiting step={list.ready ? words.loadingMore : words.loading} since={list.since ?? Date.now()} />
      )}
      {list.ready && shown > 0 && !waiting && (
        <div className="row list-end">
          <span className="quiet" data-testid="plans-count">
            {words.count(shown, list.next !== undefined)}
          </span>
          {list.next !== undefined && (
            <button type="button" className="button" data-testid="plans-more" onClick={list.more}>
              {words.more}
            </button>
          )}
        </div>
      )}
    </Frame>
  );
}

function Nothing({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }) {
  if (filtered) {
    return (
      <div className="card" data-testid="plans-none">
        <h2>{words.noneFound.title}</h2>
        <p>{words.noneFound.about}</p>
        <div className="row">
          <button type="button" className="button" onClick={onClear}>
            {words.clear}
          </button>
        </div>
      </div>
    );
  }
  return (
    <div className="card" data-testid="plans-empty">
      <h2>{words.empty.title}</h2>
      <p>{words.empty.about}</p>
      <div className="row">
        <a className="button" href="/">
          {words.empty.canvas}
        </a>
      </div>
    </div>
  );
}
