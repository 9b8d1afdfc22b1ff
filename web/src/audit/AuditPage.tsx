import { useEffect } from "react";
import { listAudit } from "../api/audit";
import { Frame } from "../shell/Frame";
import { useToken } from "../shell/useToken";
import { auditWords as words } from "../strings/audit";
import { useAnnounce } from "../ui/Announcer";
import { Problem } from "../ui/Problem";
import { useAddress } from "../ui/useAddress";
import { usePages } from "../ui/usePages";
import { Waiting } from "../ui/Waiting";
import { AuditFilters } from "./AuditFilters";
import { AuditList } from "./AuditList";
import { ChainCard } from "./ChainCard";
import { noFilter, toFilter, toQuery } from "./filters";

/** The page at `/audit`. Its filters live in the address. */
export function AuditPage() {
  const { params, go } = useAddress();
  const filter = toFilter(params);
  const token = useToken();
  const announce = useAnnounce();
  const query = toQuery(filter);
  const list = usePages(
    JSON.stringify([query, token]),
    (next, signal) => listAudit({ query, next, signal }),
    (entry) => String(entry.seq),
  );
  const waiting = list.since !== undefined;
  const shown = list.items.length;
  useEffect(() => {
    if (list.ready && !waiting) announce(words.loaded(shown));
  }, [list.ready, waiting, shown, announce]);
  const filtered = JSON.stringify(filter) !== JSON.stringify(noFilter);

  return (
    <Frame
      skip={words.skip}
      serverDown={words.serverDown}
      testId="audit"
      refused={list.error?.status === 401}
      onReturn={list.reload}
    >
      <div className="sheet-head">
        <div>
          <h1>{words.title}</h1>
          <p className="quiet">{words.about}</p>
        </div>
      </div>
      <ChainCard key={token} />
      <AuditFilters key={JSON.stringify(filter)} filter={filter} onChange={(next) => go({ ...next })} />
      {list.error && <Problem error={list.error} onRetry={list.reload} />}
      {shown > 0 && <AuditList entries={list.items} />}
      {list.ready && shown === 0 && !waiting && (
        <p className="card quiet" data-testid="audit-none">
          {filtered ? words.none : words.empty}
        </p>
      )}
      {waiting && (
        <Waiting step={list.ready ? words.loadingMore : words.loading} since={list.since ?? Date.now()} />
      )}
      {list.next !== undefined && !waiting && (
        <div className="row list-end">
          <button type="button" className="button" data-testid="audit-more" onClick={list.more}>
            {words.more}
          </button>
        </div>
      )}
    </Frame>
  );
}
