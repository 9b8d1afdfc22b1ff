import type { GenieSpace, HandoffError, Inspection } from "../api";
import { strings } from "../strings";
import { FindingList } from "../ui/FindingList";
import { Icon } from "../ui/Icon";
import { SafeText } from "../ui/SafeText";

interface Props {
  readonly space: GenieSpace;
  /** Absent until the code that looks at it is there. */
  readonly seen: Inspection | undefined;
  readonly unseen: HandoffError | undefined;
}

/** What goes into the link, what does not, and what is missing. */
export function Travels({ space, seen, unseen }: Props) {
  const words = strings.pipeline;
  const tables = space.table_identifiers;
  const missing = seen?.readiness.issues.filter(({ code }) => code !== "intent_missing") ?? [];
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
            <Point>{words.travelsTime}</Point>
          </ul>
        </section>
        <section>
          <h3>{words.staysHere}</h3>
          <ul className="ticks">
            {words.stays.map((line) => (
              <Point key={line} no>
                {line}
              </Point>
            ))}
          </ul>
        </section>
      </div>
      {missing.length > 0 && seen && (
        <details className="missing" data-testid="pipeline-missing">
          <summary>{words.missing(missing.length)}</summary>
          <p className="quiet">{words.missingAbout}</p>
          <FindingList findings={missing} document={seen.context} />
        </details>
      )}
      {unseen && <p className="field-error">{`${words.notLooked} ${unseen.message} ${unseen.help ?? ""}`}</p>}
    </>
  );
}

function Point({ children, no = false }: { readonly children: React.ReactNode; readonly no?: boolean }) {
  return (
    <li>
      <Icon name={no ? "close" : "check"} size={16} />
      <div>{children}</div>
    </li>
  );
}
