import { useReactFlow } from "@xyflow/react";
import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from "react";
import type { GenieSpace } from "../api";
import type { Session } from "../conversations/Messages";
import { blockTitle } from "../genie/blockTitle";
import { PipelineDialog } from "../pipeline/PipelineDialog";
import { Header } from "../shell/Header";
import { ServerBanner } from "../shell/ServerBanner";
import { localStore, sessionStore } from "../shell/stores";
import { useHealth } from "../shell/useHealth";
import { useWorkspaceOrigin } from "../shell/useWorkspaceOrigin";
import { ServerReturns, WorkspaceOrigin } from "../shell/workspace";
import { strings } from "../strings";
import { canvasWords } from "../strings/canvas";
import { useAnnounce } from "../ui/Announcer";
import { readAddress } from "./address";
import { BlockList } from "./BlockList";
import { CanvasSurface } from "./CanvasSurface";
import { type BlockName, BlockNamesProvider, CanvasActionsProvider } from "./context";
import { EmptyState } from "./EmptyState";
import { newId } from "./ids";
import { clearCanvas, openCanvas } from "./keep";
import { AddressNotice, ConflictNotice, UnreadNotice } from "./Notices";
import { Palette } from "./Palette";
import { ShortcutsDialog } from "./ShortcutsDialog";
import { type PageState, reducePage, startPage } from "./state";
import { stepWords, Toolbar } from "./Toolbar";
import { useAddBlock } from "./useAddBlock";
import { useAutosave } from "./useAutosave";
import { useShortcuts } from "./useShortcuts";
import { useSingleKeys } from "./useSingleKeys";
import { fitAll, ZoomControls } from "./ZoomControls";

/** The canvas page. */
export function CanvasPage() {
  const [opened, setOpened] = useState(() => openCanvas(localStore(), sessionStore(), () => new Date()));
  const [unreadShown, setUnreadShown] = useState(opened.unread !== undefined);
  const [state, dispatch] = useReducer(reducePage, opened.history, startPage);
  const save = useAutosave({ state, dispatch, opened, local: localStore(), session: sessionStore(), newId });
  const { server, check: checkServer, returns } = useHealth();
  const [tokenOpen, setTokenOpen] = useState(false);
  const [listOpen, setListOpen] = useState(() => window.matchMedia("(min-width: 1100px)").matches);
  const [address] = useState(() => readAddress(window.location.search));
  const [addressShown, setAddressShown] = useState(address.invalid === true);
  const [pipeline, setPipeline] = useState<{
    block: string;
    space: GenieSpace;
    title: string;
    session?: Session;
  }>();
  const announce = useAnnounce();
  const commands = useCommands(state, dispatch);
  const { history, facts } = state;
  const { blocks } = history.present;
  const add = useAddBlock(history.present, dispatch, address.spaceId);

  const actions = useMemo(
    () => ({
      dispatch,
      askForToken: () => setTokenOpen(true),
      createPipeline: (block: string, space: GenieSpace, title: string, session?: Session) =>
        setPipeline({ block, space, title, ...(session && { session }) }),
      doubtServer: checkServer,
    }),
    [checkServer],
  );
  const names = useNames(state);
  const live = server.kind === "up" && server.health.databricks === "live";
  const anyReady = Object.values(facts).some((fact) => fact.state === "ready");
  const origin = useWorkspaceOrigin(live && anyReady);
  const refused = Object.values(facts).some((fact) => fact.refused);
  useEffect(() => {
    if (returns > 0) announce(strings.server.backUp);
  }, [returns, announce]);
  useAdoptedAnnouncement(history.past.at(-1)?.label === "adopt", history.past.length);

  const resolve = (take: "mine" | "theirs") => {
    dispatch({ type: "resolve", take });
    announce(take === "mine" ? canvasWords.conflict.kept : canvasWords.conflict.taken);
  };
  const dismissUnread = () => {
    setUnreadShown(false);
    if (opened.unread?.keptAs !== undefined) return;
    clearCanvas(localStore());
    setOpened({ history: opened.history });
  };

  return (
    <WorkspaceOrigin value={origin}>
      <ServerReturns value={returns}>
        <CanvasActionsProvider value={actions}>
          <div className="page">
            <a className="skip-link" href="#canvas">
              {canvasWords.skipToCanvas}
            </a>
            <Header server={server} refused={refused} tokenOpen={tokenOpen} onTokenOpen={setTokenOpen} />
            <div className="notices">
              <ServerBanner server={server} about={strings.server.downAbout} onCheck={checkServer} />
              {state.conflict && <ConflictNotice onResolve={resolve} />}
              {unreadShown && opened.unread && (
                <UnreadNotice unread={opened.unread} onDismiss={dismissUnread} />
              )}
              {addressShown && <AddressNotice onDismiss={() => setAddressShown(false)} />}
            </div>
            <Palette add={add} />
            <main className="stage" id="canvas" tabIndex={-1}>
              <h1 className="visually-hidden">{canvasWords.canvas.label}</h1>
              <Toolbar
                state={state}
                dispatch={dispatch}
                save={save}
                onUndo={commands.undo}
                onRedo={commands.redo}
                onDelete={() => commands.remove(undefined)}
                onShortcuts={commands.help}
                listOpen={listOpen}
                onList={() => setListOpen(!listOpen)}
              />
              <BlockNamesProvider value={names}>
                <CanvasSurface state={state} dispatch={dispatch} />
              </BlockNamesProvider>
              {blocks.length === 0 && <EmptyState onAdd={() => add.inView("genie")} />}
              <ZoomControls />
            </main>
            {listOpen && (
              <BlockList
                state={state}
                dispatch={dispatch}
                onDelete={commands.removeAll}
                onClose={() => setListOpen(false)}
              />
            )}
            {pipeline && (
              <PipelineDialog
                {...pipeline}
                onMade={(link) => dispatch({ type: "made", from: pipeline.block, link })}
                onClose={() => setPipeline(undefined)}
                onToken={() => {
                  setPipeline(undefined);
                  setTokenOpen(true);
                }}
              />
            )}
            <ShortcutsDialog
              open={commands.helpOpen}
              onClose={() => commands.setHelpOpen(false)}
              singleKeys={commands.singleKeys}
              onSingleKeys={commands.setSingleKeys}
            />
          </div>
        </CanvasActionsProvider>
      </ServerReturns>
    </WorkspaceOrigin>
  );
}

/** What buttons and keys do alike, with what is said aloud about it. */
function useCommands(
  state: ReturnType<typeof startPage>,
  dispatch: (action: Parameters<typeof reducePage>[1]) => void,
) {
  const flow = useReactFlow();
  const announce = useAnnounce();
  const [helpOpen, setHelpOpen] = useState(false);
  const [singleKeys, setSingleKeys] = useSingleKeys();
  const { history, selected } = state;

  const removeAll = useCallback(
    (ids: readonly string[]) => {
      if (ids.length === 0) return;
      dispatch({ type: "edit", edit: { type: "remove", ids } });
      announce(canvasWords.canvas.removed(ids.length));
    },
    [dispatch, announce],
  );

  const keys = useMemo(() => {
    const back = history.past.at(-1)?.label;
    const forth = history.future[0]?.label;
    return {
      undo: () => {
        if (back === undefined) return;
        dispatch({ type: "undo" });
        announce(canvasWords.canvas.undone(stepWords(back)));
      },
      redo: () => {
        if (forth === undefined) return;
        dispatch({ type: "redo" });
        announce(canvasWords.canvas.redone(stepWords(forth)));
      },
      // A focused block is meant alone, unless it belongs to the selection.
      remove: (id: string | undefined) =>
        removeAll(id === undefined || selected.includes(id) ? selected : [id]),
      help: () => setHelpOpen(true),
      zoomIn: () => void flow.zoomIn(),
      zoomOut: () => void flow.zoomOut(),
      zoomReset: () => void flow.zoomTo(1),
      fit: () => void flow.fitView(fitAll()),
    };
  }, [history, selected, dispatch, announce, removeAll, flow]);
  useShortcuts(keys, singleKeys);

  return { ...keys, removeAll, helpOpen, setHelpOpen, singleKeys, setSingleKeys };
}

/** A canvas that changes by itself says so. */
function useAdoptedAnnouncement(adopted: boolean, steps: number): void {
  const announce = useAnnounce();
  const before = useRef(steps);
  useEffect(() => {
    if (adopted && steps > before.current) announce(canvasWords.adopted);
    before.current = steps;
  }, [adopted, steps, announce]);
}

/** What each block is called; the same value as long as the names are. */
function useNames({ history, facts }: PageState): readonly BlockName[] {
  const kept = useRef<readonly BlockName[]>([]);
  return useMemo(() => {
    const names = history.present.blocks.map((block) => ({
      id: block.id,
      kind: block.kind,
      title: blockTitle(block, facts[block.id]?.displayName),
    }));
    const same =
      names.length === kept.current.length &&
      names.every(({ id, title }, i) => id === kept.current[i]?.id && title === kept.current[i]?.title);
    if (!same) kept.current = names;
    return kept.current;
  }, [history.present.blocks, facts]);
}
