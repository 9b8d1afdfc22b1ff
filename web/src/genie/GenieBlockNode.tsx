import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { memo, type ReactNode, useEffect, useRef, useState } from "react";
import type { GenieSpace } from "../api";
import { useCanvasActions } from "../canvas/context";
import type { GenieBlock } from "../canvas/document";
import type { BlockState } from "../canvas/state";
import { useReveal } from "../canvas/useReveal";
import type { Session } from "../conversations/Messages";
import { ConnectTo } from "../pilot/Connect";
import { useWorkspaceLink } from "../shell/workspace";
import { canvasWords } from "../strings/canvas";
import { useAnnounce } from "../ui/Announcer";
import { Failed, NoSpaces, Progress, Stopped } from "./BlockBody";
import { BlockHeader } from "./BlockHeader";
import { blockTitle } from "./blockTitle";
import { describeFailure } from "./failure";
import { SpaceChooser } from "./SpaceChooser";
import { SpaceDetails } from "./SpaceDetails";
import { type BlockView, useBlockSpace } from "./useBlockSpace";

/** A Genie block as React Flow holds it. */
export type GenieFlowNode = Node<{ readonly block: GenieBlock; readonly renaming: boolean }, "genie">;

/**
 * A Genie block: its space, or how far reading it has come.
 *
 * React Flow hands in the position too, anew on every frame of a drag. A block looks the same wherever it stands.
 */
export const GenieBlockNode = memo(
  Block,
  (before, now) => before.data === now.data && before.selected === now.selected,
);

function Block({ data, selected }: NodeProps<GenieFlowNode>) {
  const { block } = data;
  const { dispatch, askForToken, createPipeline } = useCanvasActions();
  const announce = useAnnounce();
  const view = useBlockSpace(block);
  const [choosing, setChoosing] = useState(false);
  const chooseButton = useRef<HTMLButtonElement>(null);

  const space = view.kind === "ready" || view.kind === "loading" ? view.space : undefined;
  const displayName = space?.display_name ?? undefined;
  const state = choosing ? "choosing" : stateOf(view);
  const title = blockTitle(block, displayName);
  const spaceId = block.space.kind === "space" ? block.space.spaceId : undefined;
  const link = useWorkspaceLink(space && spaceId);

  const refused = view.kind === "failed" && view.error.status === 401;
  useEffect(() => {
    const facts = {
      state,
      ...(displayName && { displayName }),
      ...(refused && ({ refused: true } as const)),
    };
    dispatch({ type: "facts", id: block.id, facts });
  }, [dispatch, block.id, state, displayName, refused]);
  useStateAnnouncement(view, title, announce);

  const reveal = useReveal();
  useEffect(() => {
    if (choosing) reveal(block.id);
  }, [choosing, reveal, block.id]);

  const stopChoosing = () => {
    setChoosing(false);
    chooseButton.current?.focus({ preventScroll: true });
  };
  const choose = (chosen: string) => {
    dispatch({ type: "edit", edit: { type: "point", id: block.id, spaceId: chosen } });
    stopChoosing();
  };
  const rename = (typed: string) => {
    const name = typed.trim();
    if (name === (block.name ?? "")) return;
    dispatch({ type: "edit", edit: { type: "rename", id: block.id, name } });
    announce(name ? canvasWords.block.renamed(name) : canvasWords.block.nameCleared);
  };

  return (
    <div
      className="genie-block"
      data-testid="genie-block"
      data-block-id={block.id}
      data-space-id={spaceId}
      data-state={state}
      data-selected={selected || undefined}
    >
      <BlockHeader
        title={title}
        name={block.name}
        subtitle={subtitle(block, displayName) ?? canvasWords.block.kind}
        renaming={data.renaming}
        onRenaming={(on) => dispatch({ type: "renaming", id: on ? block.id : undefined })}
        onRename={rename}
        onRemove={() => dispatch({ type: "edit", edit: { type: "remove", ids: [block.id] } })}
        choose={{ open: choosing, button: chooseButton, onPress: () => setChoosing(!choosing) }}
      />
      {choosing ? (
        <SpaceChooser current={spaceId} onChoose={choose} onCancel={stopChoosing} />
      ) : (
        <>
          <Origin block={block} onChoose={() => setChoosing(true)} />
          <Body
            view={view}
            link={link}
            onChoose={() => setChoosing(true)}
            onToken={askForToken}
            onPipeline={(ready, session) => createPipeline(block.id, ready, title, session)}
            connect={<ConnectTo genie={block.id} />}
          />
        </>
      )}
      <Handle type="source" position={Position.Right} title={canvasWords.pilot.handleFrom} />
    </div>
  );
}

interface BodyProps {
  readonly view: BlockView;
  readonly link: string | undefined;
  readonly onChoose: () => void;
  readonly onToken: () => void;
  readonly onPipeline: (space: GenieSpace, session?: Session) => void;
  readonly connect: ReactNode;
}

function Body({ view, link, onChoose, onToken, onPipeline, connect }: BodyProps) {
  switch (view.kind) {
    case "finding":
    case "loading":
      return (
        <>
          <Progress view={view} />
          {view.space && <SpaceDetails space={view.space} link={link} />}
        </>
      );
    case "none":
      return <NoSpaces onChoose={onChoose} />;
    case "stopped":
      return <Stopped view={view} onChoose={onChoose} />;
    case "failed":
      return <Failed view={view} onChoose={onChoose} onToken={onToken} />;
    case "ready":
      return (
        <SpaceDetails
          space={view.space}
          link={link}
          onReload={view.reload}
          onPipeline={(session) => onPipeline(view.space, session)}
          connect={connect}
        />
      );
  }
}

/** Says why a block shows a space that nobody picked for it, with the way to pick another. */
function Origin({ block, onChoose }: { readonly block: GenieBlock; readonly onChoose: () => void }) {
  if (block.space.kind !== "space" || block.space.origin === "chosen") return null;
  return (
    <p className="block-origin" data-testid="block-origin">
      <span>{canvasWords.block.origin[block.space.origin]}</span>
      <button type="button" className="text-button nodrag nopan" onClick={onChoose}>
        {canvasWords.block.chooseShort}
      </button>
    </p>
  );
}

/** Under a name given by hand stands the name of the space. */
function subtitle(block: GenieBlock, displayName: string | undefined): string | undefined {
  return block.name && displayName ? displayName : undefined;
}

function stateOf(view: BlockView): BlockState {
  switch (view.kind) {
    case "none":
      return "choosing";
    case "failed":
      return view.retryAt === undefined ? "error" : "waiting";
    default:
      return view.kind;
  }
}

/** Tells screen readers how reading ended. Nothing is said about an answer that was there from the start. */
function useStateAnnouncement(view: BlockView, title: string, announce: (text: string) => void): void {
  const said = useRef<BlockView["kind"]>(undefined);
  useEffect(() => {
    const before = said.current;
    said.current = view.kind;
    if (before === undefined || before === view.kind) return;
    if (view.kind === "ready") announce(canvasWords.block.ready(title, view.space.table_identifiers.length));
    if (view.kind === "failed") {
      announce(canvasWords.block.failed(title, describeFailure(view.error, view.subject).title));
    }
  }, [view, title, announce]);
}
