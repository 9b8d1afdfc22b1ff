import { useCallback, useEffect, useState } from "react";
import type { GenieConversation } from "../api";
import { client } from "../api/genie";
import { conversations } from "../strings/conversations";
import { MoreIcon } from "../ui/MoreIcon";
import { SafeText } from "../ui/SafeText";
import { dayAndTime, toMillis, utc } from "../ui/time";
import { Waiting } from "../ui/Waiting";
import { Messages, type Produce } from "./Messages";
import { type Paged, usePages } from "./usePages";

interface Props {
  readonly spaceId: string;
  readonly onProduce: Produce;
}

/** The conversations of a space, read when somebody opens the list. */
export function Conversations({ spaceId, onProduce }: Props) {
  const words = conversations;
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState<GenieConversation>();
  const load = useCallback(
    async (pageToken: string | undefined, signal: AbortSignal) => {
      const page = await client.listConversations(spaceId, { signal, ...(pageToken && { pageToken }) });
      return { items: page.conversations, next: page.next_page_token };
    },
    [spaceId],
  );
  const list = usePages(load);
  const { read, state } = list;
  useEffect(() => {
    if (open && state === "idle") read();
  }, [open, state, read]);

  return (
    <div className="block-section conversations" data-testid="conversations" data-state={state}>
      <button
        type="button"
        className="text-button nodrag nopan"
        data-testid="conversations-toggle"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <MoreIcon name={open ? "down" : "right"} size={16} />
        {words.title}
      </button>
      {open && chosen && (
        <Messages
          spaceId={spaceId}
          conversation={chosen}
          onBack={() => setChosen(undefined)}
          onProduce={onProduce}
        />
      )}
      {open && !chosen && (
        <>
          <ul className="conversation-list nodrag nopan nowheel">
            {list.items.map((conversation) => (
              <li key={conversation.conversation_id}>
                <button
                  type="button"
                  className="conversation"
                  data-testid="conversation"
                  onClick={() => setChosen(conversation)}
                >
                  <span className="conversation-title">
                    <SafeText text={conversation.title || words.untitled} />
                  </span>
                  <At value={conversation.created_timestamp} />
                </button>
              </li>
            ))}
          </ul>
          <PagedState list={list} empty={words.none} />
        </>
      )}
    </div>
  );
}

/** How reading goes, with the ways on. */
export function PagedState<T>({ list, empty }: { readonly list: Paged<T>; readonly empty: string }) {
  const words = conversations;
  return (
    <div className="nodrag nopan">
      {list.state === "reading" && <Waiting step={words.reading} since={list.since} onStop={list.stop} />}
      {list.state === "done" && list.items.length === 0 && <p className="quiet">{empty}</p>}
      {list.state === "failed" && (
        <div className="row" role="alert">
          <p className="field-error">
            <SafeText text={list.error?.message ?? words.failed} />
          </p>
          <button type="button" className="button" onClick={list.read}>
            {words.retry}
          </button>
        </div>
      )}
      {list.state === "done" && list.more && (
        <button type="button" className="text-button" onClick={list.read}>
          {words.more}
        </button>
      )}
    </div>
  );
}

/** A time as Databricks gives it. */
export function At({ value }: { readonly value: unknown }) {
  const millis = toMillis(value);
  if (millis === undefined) return null;
  return (
    <time className="quiet" dateTime={utc(millis)} title={utc(millis)}>
      {dayAndTime(millis)}
    </time>
  );
}
