import type { ReactNode } from "react";
import type { GenieSpace, HandoffError, Inspection } from "../api";
import type { Session } from "../conversations/Messages";
import { conversations } from "../strings/conversations";
import { linkWords } from "../strings/link";
import { pipelineWords } from "../strings/pipeline";
import { groupFindings } from "../ui/findings";
import { Icon, type IconName } from "../ui/Icon";
import { SafeText } from "../ui/SafeText";
import { struckOut } from "./struck";

interface Props {
  readonly space: GenieSpace;
  /** The part of a conversation that it comes from. */
  readonly session?: Session | undefined;
  /** Absent until the code that looks at it is there. */
  readonly seen: Inspection | undefined;
  readonly unseen: HandoffError | undefined;
}

/** What goes into the link, what does not, and what is missing. */
export function Travels({ space, session, seen, unseen }: Props) {
  const words = pipelineWords;
  const tables = space.table_identifiers;
  const gaps = groupFindings(seen?.readiness.issues ?? []).filter(({ code }) => code !== "intent_missing");
  return (
    <>
      <div className="travels">
        <section>
          <h3>{words.travels}</h3>
          <ul className="ticks">
            <Point>{words.travelsIntent}</Point>
            <Point>
              {tables.length === 0 ? (
                words.travelsNoTables
              ) : (
                <details>
                  <summary>{words.travelsTables(tables.length)}</summary>
                  <ul className="table-names">
                    {tables.map((table) => (
                      <li key={table}>
                        <code>
                          <SafeText text={table} />
                        </code>
                      </li>
                    ))}
                  </ul>
                </details>
              )}
            </Point>
            <Point>
              {words.travelsSpace} <code>{space.space_id}</code>
            </Point>
            {space.warehouse_id && (
              <Point>
                {words.travelsWarehouse} <code>{space.warehouse_id}</code>
              </Point>
            )}
            {session && (
              <Point>
                {conversations.travels.conversation} <code>{session.conversationId}</code>
              </Point>
            )}
            {session && session.queries.length > 0 && (
              <Point>
                <StruckQueries session={session} seen={seen} />
              </Point>
            )}
            <Point>{words.travelsTime}</Point>
          </ul>
        </section>
        <section>
          <h3>{words.staysHere}</h3>
          <ul className="ticks">
            {words.stays.map((line) => (
              <Point key={line} icon="close">
                {line}
              </Point>
            ))}
          </ul>
        </section>
      </div>
      {gaps.length > 0 && (
        <section className="gaps" data-testid="pipeline-missing">
          <h3>{words.gapsTitle}</h3>
          <ul className="ticks">
            {gaps.map(({ code, message }) => (
              <Point key={`${code} ${message}`} icon="info">
                <span data-code={code}>{words.gaps.get(code) ?? message}</span>
              </Point>
            ))}
          </ul>
        </section>
      )}
      {unseen && <p className="field-error">{`${words.notLooked} ${unseen.message} ${unseen.help ?? ""}`}</p>}
    </>
  );
}

/** The queries as they travel, with what stays here struck out. */
function StruckQueries({
  session,
  seen,
}: {
  readonly session: Session;
  readonly seen: Inspection | undefined;
}) {
  const words = conversations.travels;
  const after = seen?.context.exploration_queries;
  return (
    <details data-testid="travels-queries">
      <summary>{words.queries(linkWords.queries(session.queries.length))}</summary>
      <p className="quiet">{after ? words.struck : words.looking}</p>
      <ol className="struck-queries">
        {(after ? session.queries : []).map((query, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes, and the same query may stand in it twice
          <li key={index}>
            <code dir="ltr">
              {struckOut(query, after?.[index]?.query ?? "").map(({ text, at, struck }) =>
                struck ? (
                  <del key={at}>
                    <SafeText text={text} lines />
                  </del>
                ) : (
                  <SafeText key={at} text={text} lines />
                ),
              )}
            </code>
          </li>
        ))}
      </ol>
    </details>
  );
}

interface PointProps {
  readonly children: ReactNode;
  readonly icon?: IconName;
}

function Point({ children, icon = "check" }: PointProps) {
  return (
    <li>
      <Icon name={icon} size={16} />
      <div>{children}</div>
    </li>
  );
}
