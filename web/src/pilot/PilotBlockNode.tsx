import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { memo, useEffect } from "react";
import { useCanvasActions } from "../canvas/context";
import type { PilotBlock } from "../canvas/document";
import type { BlockState } from "../canvas/state";
import { BlockHeader } from "../genie/BlockHeader";
import type { HandoffState } from "../handoff/state";
import { canvasWords } from "../strings/canvas";
import { refusedWords } from "../strings/refused";
import { useAnnounce } from "../ui/Announcer";
import { MoreIcon, PilotIcon } from "../ui/MoreIcon";
import { SafeText } from "../ui/SafeText";
import { Waiting } from "../ui/Waiting";
import { titleOf } from "./link";
import { Opened } from "./Opened";
import { Connection, PasteInto } from "./Source";
import { usePilotLink, usePlanName } from "./usePilotLink";

/** A SQLPilot block as React Flow holds it. */
export type PilotFlowNode = Node<{ readonly block: PilotBlock; readonly renaming: boolean }, "pilot">;

/** A SQLPilot block: a link, and the way to the review of its plan. It looks the same wherever it stands. */
export const PilotBlockNode = memo(
  PilotNode,
  (before, now) => before.data === now.data && before.selected === now.selected,
);

const words = canvasWords.pilot;

function PilotNode({ data, selected }: NodeProps<PilotFlowNode>) {
  const { block } = data;
  const { dispatch } = useCanvasActions();
  const announce = useAnnounce();
  const opened = usePilotLink(block.link);
  const state = stateOf(opened);
  const handoff = opened.kind === "open" ? opened.handoff : undefined;
  const plan = usePlanName(handoff);
  const name = plan ?? (handoff && titleOf(handoff.context.user_intent));
  const title = block.name ?? (name || words.untitled);

  useEffect(() => {
    dispatch({ type: "facts", id: block.id, facts: { state, ...(name && { displayName: name }) } });
  }, [dispatch, block.id, state, name]);
  useEffect(() => {
    if (state === "linked") announce(words.opened(name || words.untitled));
  }, [state, name, announce]);

  const rename = (typed: string) => {
    const wanted = typed.trim();
    if (wanted === (block.name ?? "")) return;
    dispatch({ type: "edit", edit: { type: "rename", id: block.id, name: wanted } });
    announce(wanted ? canvasWords.block.renamed(wanted) : words.renameAbout);
  };

  return (
    <div
      className="genie-block pilot-block"
      data-testid="pilot-block"
      data-block-id={block.id}
      data-state={state}
      data-selected={selected || undefined}
    >
      <Handle type="target" position={Position.Left} title={words.handleTo} />
      <BlockHeader
        title={title}
        name={block.name}
        subtitle={block.name && name ? name : words.kind}
        mark={<PilotIcon size={22} />}
        renameAbout={words.renameAbout}
        renaming={data.renaming}
        onRenaming={(on) => dispatch({ type: "renaming", id: on ? block.id : undefined })}
        onRename={rename}
        onRemove={() => dispatch({ type: "edit", edit: { type: "remove", ids: [block.id] } })}
      />
      <Connection block={block} title={title} />
      <Body block={block} opened={opened} plan={plan} />
      {block.link !== undefined && (
        <div className="block-footer nodrag nopan">
          <button
            type="button"
            className="text-button"
            data-testid="pilot-another"
            onClick={() => {
              dispatch({ type: "edit", edit: { type: "link", ids: [block.id], link: undefined } });
              // The button goes with the link; the block keeps the place.
              dispatch({ type: "focus", id: block.id });
            }}
          >
            <MoreIcon name="swap" size={16} />
            {words.another}
          </button>
        </div>
      )}
    </div>
  );
}

interface BodyProps {
  readonly block: PilotBlock;
  readonly opened: ReturnType<typeof usePilotLink>;
  readonly plan: string | undefined;
}

function Body({ block, opened, plan }: BodyProps) {
  switch (opened.kind) {
    case "empty":
      return <PasteInto block={block} />;
    case "reading":
    case "checking":
      return (
        <div className="block-section">
          <Waiting step={words[opened.kind]} since={opened.since} />
        </div>
      );
    case "open":
      return <Opened link={opened.link} handoff={opened.handoff} plan={plan} />;
    case "tampered":
      return <Failed title={words.tampered} about={words.tamperedAbout} code="tampered" />;
    case "refused": {
      const { message, help, code } = opened.error;
      const [title, why] = refusedWords.codes.get(code) ?? [words.refused];
      return <Failed title={title} about={why ?? `${message} ${help ?? ""}`} code={code} />;
    }
    case "no-code":
    case "unread":
      return (
        <Failed
          title={words.refused}
          about={opened.error.message}
          code={opened.error.code}
          onRetry={opened.retry}
        />
      );
  }
}

interface FailedProps {
  readonly title: string;
  readonly about: string;
  readonly code: string;
  readonly onRetry?: () => void;
}

function Failed({ title, about, code, onRetry }: FailedProps) {
  return (
    <div className="block-section failure is-error" role="alert" data-testid="pilot-refused" data-code={code}>
      <p className="failure-title">
        <MoreIcon name="warning" size={18} />
        <span>{title}</span>
      </p>
      <p>
        <SafeText text={about} />
      </p>
      {onRetry && (
        <button type="button" className="button nodrag nopan" data-testid="pilot-retry" onClick={onRetry}>
          {words.retry}
        </button>
      )}
    </div>
  );
}

function stateOf({ kind }: HandoffState): BlockState {
  switch (kind) {
    case "empty":
      return "unlinked";
    case "reading":
    case "checking":
      return "opening";
    case "open":
      return "linked";
    default:
      return "error";
  }
}
