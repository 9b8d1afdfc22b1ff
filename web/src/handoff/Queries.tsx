import { useState } from "react";
import type { HandoffContext } from "../api";
import { linkWords } from "../strings/link";
import { CopyButton } from "../ui/CopyButton";
import { SafeText } from "../ui/SafeText";

/** More than so many start folded. */
const foldQueries = 5;

/** The queries of the exploration: text to read, never to run. */
export function Queries({
  queries,
}: {
  readonly queries: NonNullable<HandoffContext["exploration_queries"]>;
}) {
  const words = linkWords;
  const [all, setAll] = useState(false);
  const shown = all ? queries : queries.slice(0, foldQueries);
  return (
    <section className="card" data-testid="queries">
      <h2>{words.queries(queries.length)}</h2>
      <p className="quiet">{queries.length === 0 ? words.noQueries : words.queriesAbout}</p>
      <ol className="sheet-queries">
        {shown.map(({ query, result_summary: result }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes, and the same query may stand in it twice
          <li key={index}>
            <div className="card-head">
              <h3>{words.query(index + 1)}</h3>
              <CopyButton text={query} label={words.copyQuery(index + 1)} />
            </div>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: whatever scrolls must be within reach of the keyboard */}
            <section className="sheet-sql" tabIndex={0} aria-label={words.query(index + 1)} dir="ltr">
              <pre>
                <code>
                  <SafeText text={query} lines />
                </code>
              </pre>
            </section>
            {result && (
              <p className="quiet">
                {words.result}: <SafeText text={result} lines />
              </p>
            )}
          </li>
        ))}
      </ol>
      {queries.length > shown.length && (
        <button type="button" className="text-button" onClick={() => setAll(true)}>
          {words.showAll(queries.length)}
        </button>
      )}
    </section>
  );
}
