import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import { Header } from "../shell/Header";
import { ServerBanner } from "../shell/ServerBanner";
import { sessionStore } from "../shell/stores";
import { useHealth } from "../shell/useHealth";
import { useWorkspaceOrigin } from "../shell/useWorkspaceOrigin";
import { WorkspaceOrigin } from "../shell/workspace";
import { handoffWords } from "../strings/handoff";
import { useAnnounce } from "../ui/Announcer";
import { Icon } from "../ui/Icon";
import { Waiting } from "../ui/Waiting";
import { keepLink, keptLink, storedId, takeLink } from "./address";
import { Content } from "./Content";
import { NoCode } from "./NoCode";
import { openHandoff } from "./open";
import { PasteLink } from "./PasteLink";
import { Refused, Tampered, Unread } from "./parts";
import { reduceHandoff, startHandoff } from "./state";

/** The page at `/handoff`. */
export function HandoffPage() {
  const words = handoffWords;
  const [state, dispatch] = useReducer(reduceHandoff, undefined, () =>
    startHandoff(
      storedId(window.location.pathname) === undefined ? keptLink(sessionStore()) : window.location.pathname,
      Date.now(),
    ),
  );
  const { server, check: checkServer } = useHealth();
  const [tokenOpen, setTokenOpen] = useState(false);
  const skip = useRef<AbortController>(undefined);
  const main = useRef<HTMLElement>(null);
  const announce = useAnnounce();

  const opening = state.kind === "reading" || state.kind === "checking" ? state.link : undefined;
  useEffect(() => {
    if (opening === undefined) return;
    const controller = new AbortController();
    const skipping = new AbortController();
    skip.current = skipping;
    void openHandoff(opening, dispatch, controller.signal, skipping.signal);
    return () => controller.abort();
  }, [opening]);

  const open = useCallback((link: string) => {
    keepLink(link, sessionStore());
    leaveStored();
    dispatch({ type: "open", link, at: Date.now() });
    main.current?.focus();
  }, []);
  // A link to this page that is opened in this very tab changes the fragment alone, and nothing is loaded anew.
  useEffect(() => {
    const taken = () => {
      if (!takeLink({ location: window.location, history: window.history, store: sessionStore() })) return;
      const link = keptLink(sessionStore());
      if (link !== undefined) open(link);
    };
    window.addEventListener("hashchange", taken);
    return () => window.removeEventListener("hashchange", taken);
  }, [open]);

  const tables = state.kind === "open" ? state.handoff.context.validated_tables.length : undefined;
  useEffect(() => {
    if (tables !== undefined) announce(handoffWords.opened(tables));
  }, [tables, announce]);

  const again = (link: string) => dispatch({ type: "open", link, at: Date.now() });
  const forget = () => {
    keepLink(undefined, sessionStore());
    leaveStored();
    dispatch({ type: "forget" });
    announce(words.forgotten);
    main.current?.focus();
  };
  const live = server.kind === "up" && server.health.databricks === "live";
  const origin = useWorkspaceOrigin(live && state.kind === "open");

  return (
    <WorkspaceOrigin value={origin}>
      <div className="sheet-page">
        <a className="skip-link" href="#handoff">
          {words.skip}
        </a>
        <Header server={server} refused={false} tokenOpen={tokenOpen} onTokenOpen={setTokenOpen} />
        <div className="notices">
          <ServerBanner server={server} about={words.serverDown} onCheck={checkServer} />
        </div>
        <main
          ref={main}
          id="handoff"
          tabIndex={-1}
          className={state.kind === "open" ? "sheet wide" : "sheet"}
          data-testid="handoff"
          data-state={state.kind}
        >
          <div className="sheet-head">
            <h1>{words.title}</h1>
            <a className="text-button" href="/">
              <Icon name="left" size={18} />
              {words.toCanvas}
            </a>
          </div>
          {state.kind === "empty" && (
            <div className="card">
              <h2>{words.empty.title}</h2>
              <p>{words.empty.about}</p>
            </div>
          )}
          {state.kind === "reading" && <Waiting step={words.reading} since={state.since} />}
          {state.kind === "checking" && (
            <Waiting step={words.checking} since={state.since} onStop={() => skip.current?.abort()} />
          )}
          {state.kind === "refused" && <Refused error={state.error} />}
          {state.kind === "tampered" && <Tampered host={state.host} />}
          {state.kind === "no-code" && <NoCode error={state.error} onRetry={() => again(state.link)} />}
          {state.kind === "unread" && <Unread error={state.error} onRetry={() => again(state.link)} />}
          {state.kind === "open" && (
            <Content
              handoff={state.handoff}
              server={server}
              onCheckAgain={() => again(state.link)}
              onForget={forget}
            />
          )}
          <PasteLink onOpen={open} />
        </main>
      </div>
    </WorkspaceOrigin>
  );
}

/** An address that names a kept handoff must not name it any more once another link is open. */
function leaveStored(): void {
  if (storedId(window.location.pathname) !== undefined) window.history.replaceState(null, "", "/handoff");
}
