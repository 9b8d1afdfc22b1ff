import { useState } from "react";
import { draftKey } from "../review/keep";
import { ReviewLoader } from "../review/ReviewLoader";
import type { ServerState } from "../shell/useHealth";
import { useWorkspaceLink } from "../shell/workspace";
import { strings } from "../strings";
import { handoffWords } from "../strings/handoff";
import { download } from "../ui/download";
import { Icon } from "../ui/Icon";
import { SafeText } from "../ui/SafeText";
import { dayAndTime, toMillis, utc } from "../ui/time";
import { LinkContent } from "./parts";
import { SignatureCard } from "./SignatureCard";
import { type OpenHandoff, strippedValues } from "./state";

interface Props {
  readonly handoff: OpenHandoff;
  readonly server: ServerState;
  readonly onCheckAgain: () => void;
  readonly onForget: () => void;
}

/** What a link holds: who vouches for it, what is wanted, the plan that comes of it, and what came with it. */
export function Content({ handoff, server, onCheckAgain, onForget }: Props) {
  const words = handoffWords;
  const { context, decoded, inspection } = handoff;
  const intent = context.user_intent.trim();
  const stripped = strippedValues(handoff);
  const [opened, setOpened] = useState(false);
  return (
    <>
      <SignatureCard signature={decoded.signature} trust={handoff.trust} onCheckAgain={onCheckAgain} />
      <section className="card intent">
        <h2>{words.intent}</h2>
        {intent === "" ? (
          <p className="quiet">{words.noIntent}</p>
        ) : (
          <blockquote data-testid="intent" dir="auto">
            <SafeText text={intent} lines />
          </blockquote>
        )}
        <Origin handoff={handoff} />
      </section>
      {stripped > 0 && (
        <p className="card note" data-testid="stripped">
          <Icon name="warning" size={18} />
          <span>{words.stripped(stripped)}</span>
        </p>
      )}
      <ReviewLoader
        key={draftKey(context)}
        context={context}
        handoffId={handoff.stored?.id}
        server={server}
      />
      <details
        className="link-content"
        data-testid="link-content"
        onToggle={({ currentTarget }) => currentTarget.open && setOpened(true)}
      >
        <summary {...LinkContent.ahead}>
          <span className="strong">{words.content}</span> <span className="quiet">{words.contentAbout}</span>
        </summary>
        {opened && <LinkContent handoff={handoff} />}
      </details>
      <div className="row sheet-actions">
        <button
          type="button"
          className="button"
          data-testid="download"
          onClick={() =>
            download(
              `${JSON.stringify(inspection.context, null, 2)}\n`,
              words.fileName(safeName(context.space_id)),
            )
          }
        >
          <Icon name="down" size={18} />
          {words.download}
        </button>
        <button type="button" className="button" data-testid="forget" onClick={onForget}>
          {words.forget}
        </button>
      </div>
    </>
  );
}

/** When it was made, by whom, and where it comes from, in one line. */
function Origin({ handoff: { context, stored } }: { readonly handoff: OpenHandoff }) {
  const words = handoffWords;
  const created = toMillis(context.created_at);
  const isSpace = /^[0-9a-f]{32}$/.test(context.space_id);
  const link = useWorkspaceLink(isSpace ? context.space_id : undefined);
  return (
    <p className="row quiet origin">
      <span>
        {words.created}:{" "}
        {created === undefined ? (
          words.createdUnknown
        ) : (
          <time data-testid="created" dateTime={utc(created)} title={utc(created)}>
            {dayAndTime(created)}
          </time>
        )}
      </span>
      {stored?.by && (
        <span>
          {words.by}: <SafeText text={stored.by} />
        </span>
      )}
      {context.genie_session_id !== "" && (
        <span>
          {words.session}:{" "}
          <code>
            <SafeText text={context.genie_session_id} />
          </code>
        </span>
      )}
      {link && (
        <a className="text-button" href={link} target="_blank" rel="noreferrer">
          {strings.common.openInDatabricks}
          <span className="visually-hidden"> {strings.common.opensNewTab}</span>
          <Icon name="external" size={16} />
        </a>
      )}
    </p>
  );
}

function safeName(text: string): string {
  return text.replace(/[^0-9A-Za-z-]/g, "");
}
