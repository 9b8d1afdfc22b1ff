import { useCallback, useEffect, useRef } from "react";
import type { GenieConversation, GenieMessage } from "../api";
import { client } from "../api/genie";
import { conversations } from "../strings/conversations";
import { pipelineWords } from "../strings/pipeline";
import { CopyButton } from "../ui/CopyButton";
import { MoreIcon } from "../ui/MoreIcon";
import { SafeText } from "../ui/SafeText";
import { At, PagedState } from "./Conversations";
import { messageWords, queriesOf, statesIntent, takenAlong } from "./messages";
import { usePages } from "./usePages";

/** A part of a conversation that should become a pipeline. */
export interface Session {
  readonly conversationId: string;
  /** The message with the words, and those before it. */
  readonly messageIds: readonly string[];
  /** What was written in the message. */
  readonly intent: string;
  /** The queries of these messages, as Genie wrote them. */
  readonly queries: readonly string[];
}

/** Begins a handoff from a message. */
export type Produce = (session: Session) => void;

interface Props {
  readonly spaceId: string;
  readonly conversation: GenieConversation;
  readonly onBack: () => void;
  readonly onProduce: Produce;
}

/** The messages of a conversation, the oldest first, each with how it stands. */
export function Messages({ spaceId, conversation, onBack, onProduce }: Props) {
  const words = conversations;
  const back = useRef<HTMLButtonElement>(null);
  const { conversation_id: id } = conversation;
  const load = useCallback(
    async (pageToken: string | undefined, signal: AbortSignal) => {
      const page = await client.listMessages(spaceId, id, { signal, ...(pageToken && { pageToken }) });
      return { items: page.messages, next: page.next_page_token };
    },
    [spaceId, id],
  );
  const list = usePages(load);
  const { read, state } = list;
  useEffect(() => {
    if (state === "idle") read();
  }, [state, read]);
  useEffect(() => back.current?.focus({ preventScroll: true }), []);

  const messages = [...list.items].sort((a, b) => (a.created_timestamp ?? 0) - (b.created_timestamp ?? 0));
  const produce = (at: number) => {
    const upTo = messages.slice(0, at + 1);
    onProduce({
      conversationId: id,
      messageIds: upTo.map(({ message_id: message }) => message),
      intent: messages[at]?.content ?? "",
      queries: upTo.flatMap(queriesOf),
    });
  };

  return (
    <div data-testid="messages" data-state={state}>
      <button ref={back} type="button" className="text-button nodrag nopan" onClick={onBack}>
        <MoreIcon name="left" size={16} />
        {words.back}
      </button>
      <p className="strong">
        <SafeText text={conversation.title || words.untitled} />
      </p>
      <ol className="message-list nodrag nopan nowheel">
        {messages.map((message, index) => (
          <Message
            key={message.message_id}
            message={message}
            conversationId={id}
            spaceId={spaceId}
            onProduce={() => produce(index)}
          />
        ))}
      </ol>
      {state === "done" && messages.some((message) => messageWords(message).state === "working") && (
        <button
          type="button"
          className="button nodrag nopan"
          data-testid="messages-again"
          onClick={list.again}
        >
          <MoreIcon name="retry" size={16} />
          {words.again}
        </button>
      )}
      <PagedState list={list} empty={words.noMessages} />
    </div>
  );
}

interface MessageProps {
  readonly message: GenieMessage;
  readonly conversationId: string;
  readonly spaceId: string;
  readonly onProduce: () => void;
}

function Message({ message, conversationId, spaceId, onProduce }: MessageProps) {
  const words = conversations;
  const { text, state, take } = messageWords(message);
  const offered = statesIntent(message);
  return (
    <li data-testid="message" data-state={state} data-status={message.status} data-intent={offered}>
      <p className="message-text" dir="auto">
        <SafeText text={message.content || words.noText} lines />
      </p>
      <div className="message-state quiet">
        {state === "working" && <MoreIcon name="clock" size={16} />}
        {state === "ended" && <MoreIcon name="warning" size={16} />}
        {state === "answered" && <MoreIcon name="check" size={16} />}
        <p>
          <SafeText text={text} /> <At value={message.created_timestamp} />
        </p>
        {take && (
          <CopyButton
            text={takenAlong(message, take, conversationId, spaceId)}
            label={take === "request" ? words.copyRequest : words.copyDetails}
          />
        )}
      </div>
      {offered && (
        <button
          type="button"
          className="button"
          data-testid="message-pipeline"
          aria-haspopup="dialog"
          aria-label={words.produceNamed(message.content ?? "")}
          onClick={onProduce}
        >
          <MoreIcon name="link" size={16} />
          {pipelineWords.button}
        </button>
      )}
    </li>
  );
}
