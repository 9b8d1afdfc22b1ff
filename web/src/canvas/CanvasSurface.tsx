import {
  applyNodeChanges,
  Background,
  BackgroundVariant,
  type Connection,
  type Edge,
  type NodeChange,
  type NodeTypes,
  ReactFlow,
  type Viewport,
} from "@xyflow/react";
import {
  type Dispatch,
  type KeyboardEvent,
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { GenieBlockNode } from "../genie/GenieBlockNode";
import { PilotBlockNode } from "../pilot/PilotBlockNode";
import { sessionStore } from "../shell/stores";
import { canvasWords } from "../strings/canvas";
import type { Point } from "./document";
import { type BlockFlowNode, toEdges, toNodes } from "./nodes";
import { grid } from "./placement";
import type { PageAction, PageState } from "./state";
import { useFocusRequests } from "./useFocusRequests";

// One object for the life of the page: another one makes React Flow mount every block anew.
const nodeTypes: NodeTypes = { genie: GenieBlockNode, pilot: PilotBlockNode };
const snapGrid: [number, number] = [grid, grid];
const fitViewOptions = { padding: 0.15, maxZoom: 1, minZoom: 0.5 };
const ariaLabels = {
  "node.a11yDescription.default": canvasWords.flow.nodeDefault,
  "node.a11yDescription.keyboardDisabled": canvasWords.flow.nodeKeyboardOff,
  "node.a11yDescription.ariaLiveMessage": ({
    direction,
    x,
    y,
  }: {
    direction: string;
    x: number;
    y: number;
  }) => canvasWords.flow.nodeMoved(direction, x, y),
  "edge.a11yDescription.default": canvasWords.flow.edge,
};

interface Props {
  readonly state: PageState;
  readonly dispatch: Dispatch<PageAction>;
}

/** The canvas itself. React Flow moves blocks on the screen; the page's state learns where they came to rest. */
export function CanvasSurface({ state, dispatch }: Props) {
  const [nodes, setNodes] = useState<BlockFlowNode[]>(() => toNodes([], state));
  // Fitting an empty canvas would wait for the first block and then move it under the pointer.
  const [start] = useState(() => {
    const view = readView();
    if (view) return { defaultViewport: view };
    return nodes.length > 0 ? { fitView: true, fitViewOptions } : {};
  });
  const dragged = useRef(false);

  useLayoutEffect(() => setNodes((before) => toNodes(before, state)), [state]);
  useFocusRequests(state.focus, nodes);

  const onNodesChange = useCallback(
    (changes: NodeChange<BlockFlowNode>[]) => {
      setNodes((before) => applyNodeChanges(changes, before));
      const rest = restingPlaces(changes, dragged);
      if (rest) {
        const merge = rest.byDrag
          ? undefined
          : { key: `move ${Object.keys(rest.to).join(" ")}`, at: Date.now() };
        dispatch({ type: "edit", edit: { type: "move", to: rest.to }, ...(merge && { merge }) });
      }
      const ids = selectionAfter(changes, state.selected);
      if (ids) dispatch({ type: "select", ids });
    },
    [dispatch, state.selected],
  );

  const { present } = state.history;
  const edges = useMemo(() => toEdges(present), [present]);
  const { blocks } = present;
  const fits = useCallback(
    ({ source, target }: Connection | Edge) =>
      blocks.some(({ id, kind }) => id === source && kind === "genie") &&
      blocks.some(({ id, kind }) => id === target && kind === "pilot"),
    [blocks],
  );
  const onConnect = ({ source, target }: Connection) =>
    dispatch({ type: "edit", edit: { type: "connect", id: target, from: source } });

  const onKeyDown = (event: KeyboardEvent) => {
    const block = event.target instanceof HTMLElement ? event.target.closest(".react-flow__node") : null;
    if (!(block instanceof HTMLElement) || event.target !== block) return;
    const id = block.dataset.id;
    if (id === undefined) return;
    if (event.key === "F2") dispatch({ type: "renaming", id });
    // React Flow would also take the focus away, and with it the place on the page.
    else if (event.key === "Escape") dispatch({ type: "select", ids: [] });
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <ReactFlow<BlockFlowNode, Edge>
      className="surface"
      aria-label={canvasWords.canvas.label}
      data-testid="canvas"
      nodes={nodes}
      nodeTypes={nodeTypes}
      onNodesChange={onNodesChange}
      onKeyDownCapture={onKeyDown}
      onMoveEnd={(_event, viewport) => writeView(viewport)}
      {...start}
      minZoom={0.25}
      maxZoom={2}
      snapToGrid
      snapGrid={snapGrid}
      edges={edges}
      onConnect={onConnect}
      isValidConnection={fits}
      connectionRadius={32}
      // Deleting is one intent with one place for the focus afterwards: see `useShortcuts`.
      deleteKeyCode={null}
      selectionKeyCode={null}
      panActivationKeyCode={null}
      zoomOnDoubleClick={false}
      ariaLabelConfig={ariaLabels}
    >
      <Background variant={BackgroundVariant.Dots} gap={24} size={1.5} />
    </ReactFlow>
  );
}

/** Where blocks came to rest, by the pointer or by an arrow key; nothing while they still move. */
function restingPlaces(changes: NodeChange<BlockFlowNode>[], dragged: { current: boolean }) {
  const to: Record<string, Point> = {};
  for (const change of changes) {
    if (change.type !== "position") continue;
    if (change.dragging) dragged.current = true;
    else if (change.position) to[change.id] = { x: change.position.x, y: change.position.y };
  }
  if (Object.keys(to).length === 0) return undefined;
  const byDrag = dragged.current;
  dragged.current = false;
  return { to, byDrag };
}

function selectionAfter(
  changes: NodeChange<BlockFlowNode>[],
  selected: readonly string[],
): string[] | undefined {
  const ids = new Set(selected);
  let changed = false;
  for (const change of changes) {
    if (change.type !== "select") continue;
    changed = true;
    if (change.selected) ids.add(change.id);
    else ids.delete(change.id);
  }
  return changed ? [...ids] : undefined;
}

const viewKey = "genie-handoff.canvas.view";

/** The part of the canvas that this tab looked at before a reload. */
function readView(): Viewport | undefined {
  try {
    const value: unknown = JSON.parse(sessionStore()?.getItem(viewKey) ?? "null");
    if (!Array.isArray(value)) return undefined;
    const [x, y, zoom] = value.map(Number);
    if (x === undefined || y === undefined || zoom === undefined) return undefined;
    return [x, y, zoom].every(Number.isFinite) && zoom >= 0.25 && zoom <= 2 ? { x, y, zoom } : undefined;
  } catch {
    return undefined;
  }
}

function writeView({ x, y, zoom }: Viewport): void {
  try {
    sessionStore()?.setItem(viewKey, JSON.stringify([x, y, zoom]));
  } catch {
    // The next reload shows all blocks instead.
  }
}
