import { draftKey } from "../review/keep";
import { ReviewLoader } from "../review/ReviewLoader";
import type { ServerState } from "../shell/useHealth";
import { useWorkspaceLink } from "../shell/workspace";
import { strings } from "../strings";
import { handoffWords } from "../strings/handoff";
import { review } from "../strings/review";
import { CopyButton } from "../ui/CopyButton";
import { download } from "../ui/download";
import { FindingList } from "../ui/FindingList";
import { Icon } from "../ui/Icon";
import { SafeText } from "../ui/SafeText";
import { dayAndTime, toMillis, utc } from "../ui/time";
import { Queries } from "./Queries";
import { SignatureCard } from "./SignatureCard";
import type { OpenHandoff } from "./state";
import { findingsOf, otherKeys, strippedValues } from "./summary";
import { Tables } from "./Tables";

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
  const others = otherKeys(context);
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
      <details className="link-content" data-testid="link-content">
        <summary>
          <span className="strong">{review.link.title}</span>{" "}
          <span className="quiet">{review.link.about}</span>
        </summary>
        <div className="sheet-inner">
          <Readiness handoff={handoff} />
          <Facts handoff={handoff} />
          <Tables context={context} />
          <Queries queries={context.exploration_queries ?? []} />
          {others.length > 0 && (
            <section className="card">
              <h2>{words.others}</h2>
              <p className="quiet">{words.othersAbout}</p>
              <p className="places">
                {others.slice(0, 50).map((key) => (
                  <code key={key}>
                    <SafeText text={key} />
                  </code>
                ))}
              </p>
            </section>
          )}
        </div>
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

function Readiness({ handoff }: { readonly handoff: OpenHandoff }) {
  const words = handoffWords;
  const { ready } = handoff.inspection.readiness;
  return (
    <section className="card" data-testid="readiness" data-ready={ready}>
      <h2>{words.readiness}</h2>
      <p className={ready ? "strong" : "field-error"}>{ready ? words.ready : words.notReady}</p>
      <FindingList findings={findingsOf(handoff)} document={handoff.context} />
    </section>
  );
}

function Facts({ handoff: { context, decoded } }: { readonly handoff: OpenHandoff }) {
  const words = handoffWords;
  const isSpace = /^[0-9a-f]{32}$/.test(context.space_id);
  const link = useWorkspaceLink(isSpace ? context.space_id : undefined);
  const { queries_run: queries, sample_data_reviewed: sample } = context.exploration_summary;
  return (
    <section className="card">
      <h2>{words.facts}</h2>
      <dl className="sheet-facts">
        <dt>{words.space}</dt>
        <dd>
          <Id text={context.space_id} label={strings.common.copySpaceId} />
          {link && (
            <a className="text-button" href={link} target="_blank" rel="noreferrer">
              {strings.common.openInDatabricks}
              <span className="visually-hidden"> {strings.common.opensNewTab}</span>
              <Icon name="external" size={16} />
            </a>
          )}
        </dd>
        <dt>{words.session}</dt>
        <dd>
          <Id text={context.genie_session_id} />
        </dd>
        <dt>{words.warehouse}</dt>
        <dd>
          <Id text={context.warehouse_id ?? ""} label={strings.common.copyWarehouse} />
        </dd>
        <dt>{words.target}</dt>
        <dd>
          <Id text={context.target_table ?? ""} />
        </dd>
        <dt>{words.explored}</dt>
        <dd>
          {words.exploredWords(
            typeof queries === "number" ? queries : undefined,
            typeof sample === "boolean" ? sample : undefined,
          )}
        </dd>
        <dt>{words.format}</dt>
        <dd data-testid="format">{words.formats[decoded.format]}</dd>
      </dl>
    </section>
  );
}

function Id({ text, label }: { readonly text: string; readonly label?: string }) {
  if (text === "") return <span className="quiet">{handoffWords.none}</span>;
  return (
    <>
      <code>
        <SafeText text={text} />
      </code>
      {label && <CopyButton text={text} label={label} />}
    </>
  );
}
