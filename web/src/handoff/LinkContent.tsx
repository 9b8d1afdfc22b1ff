import "../styles/findings.css";
import "../styles/link.css";
import { useWorkspaceLink } from "../shell/workspace";
import { strings } from "../strings";
import { handoffWords } from "../strings/handoff";
import { linkWords } from "../strings/link";
import { CopyButton } from "../ui/CopyButton";
import { FindingList } from "../ui/FindingList";
import { Icon } from "../ui/Icon";
import { SafeText } from "../ui/SafeText";
import { Queries } from "./Queries";
import type { OpenHandoff } from "./state";
import { findingsOf, otherKeys } from "./summary";
import { Tables } from "./Tables";

/** Everything that came with the link, for whoever opens it up. */
export function LinkContent({ handoff }: { readonly handoff: OpenHandoff }) {
  const words = linkWords;
  const { context } = handoff;
  const others = otherKeys(context);
  return (
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
  );
}

function Readiness({ handoff }: { readonly handoff: OpenHandoff }) {
  const words = linkWords;
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
  const words = linkWords;
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
        <dt>{handoffWords.session}</dt>
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
  if (text === "") return <span className="quiet">{linkWords.none}</span>;
  return (
    <>
      <code>
        <SafeText text={text} />
      </code>
      {label && <CopyButton text={text} label={label} />}
    </>
  );
}
