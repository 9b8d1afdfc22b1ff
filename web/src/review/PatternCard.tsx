import type { PatternType, Plan } from "../api";
import { review } from "../strings/review";
import { useAnnounce } from "../ui/Announcer";
import { SafeText } from "../ui/SafeText";
import { controlId } from "./context";
import { placeOf } from "./digest";
import { patterns, shapeOf } from "./patterns";
import type { Suggestion } from "./suggestion";

interface Props {
  readonly plan: Plan;
  readonly suggestion: Suggestion;
  readonly onChoose: (pattern: PatternType) => void;
}

/** The chosen pattern with its reasons, and the others, best first. */
export function PatternCard({ plan, suggestion, onChoose }: Props) {
  const words = review.pattern;
  const announce = useAnnounce();
  const current = shapeOf(plan)?.type;
  const suggested = suggestion.pattern;
  const known = suggestion.alternatives;
  // Best first: the suggested one, its alternatives, then those that nothing speaks for.
  const rank = (type: PatternType) => {
    const at = known.findIndex(({ pattern }) => pattern === type);
    return type === suggested ? -1 : at < 0 ? known.length : at;
  };
  const others = patterns
    .map(({ type }) => type)
    .filter((type) => type !== current)
    .sort((a, b) => rank(a) - rank(b));
  const choose = (type: PatternType) => {
    onChoose(type);
    announce(words.used(words.words[type][0]));
    document.getElementById("pattern")?.focus();
  };
  return (
    <section
      className="card pattern"
      data-testid="pattern"
      data-pattern={current ?? ""}
      data-suggestion={suggestion.kind}
      id="pattern"
      tabIndex={-1}
    >
      <h2>{words.title}</h2>
      {current === undefined ? (
        <p>
          <span className="strong">{words.none}</span> <span className="quiet">{words.noneAbout}</span>
        </p>
      ) : (
        <p className="pattern-current">
          <span className="strong">{words.words[current][0]}</span>{" "}
          {current === suggested && (
            <span className="tag">
              {words.suggested}, {words.sure(suggestion.score)}
            </span>
          )}{" "}
          <span className="quiet">{words.words[current][1]}</span>
        </p>
      )}
      {suggestion.kind !== "suggested" && (
        <p className="quiet">{suggestion.kind === "plain" ? words.noSuggestion : review.suggesting}</p>
      )}
      <Reasons suggestion={suggestion} />
      <details open={current === undefined}>
        <summary id={controlId("/pattern/type")}>{words.others}</summary>
        <ul className="pattern-others">
          {others.map((type) => {
            const [name, about] = words.words[type];
            const why = known.find(({ pattern }) => pattern === type);
            return (
              <li key={type} data-pattern={type}>
                <div>
                  <p>
                    <span className="strong">{name}</span>{" "}
                    {type === suggested && <span className="tag">{words.suggested}</span>}{" "}
                    <span className="quiet">{about}</span>
                  </p>
                  {why && why.score > 0 && (
                    <p className="quiet">
                      <SafeText text={why.whyNot} />
                    </p>
                  )}
                </div>
                <button
                  type="button"
                  className="button"
                  aria-label={words.chooseNamed(name)}
                  onClick={() => choose(type)}
                >
                  {words.use}
                </button>
              </li>
            );
          })}
        </ul>
      </details>
    </section>
  );
}

function Reasons({ suggestion }: { readonly suggestion: Suggestion }) {
  const words = review.pattern;
  if (suggestion.reasons.length === 0) return null;
  return (
    <details data-testid="reasons">
      <summary>
        {words.why} ({words.reasons(suggestion.reasons.length)})
      </summary>
      <ul className="reasons">
        {suggestion.reasons.map(({ code, path, text, evidence }) => (
          <li key={`${code} ${path} ${text}`}>
            <p>
              <span className="quiet">{placeOf(path) || words.title}:</span> <SafeText text={text} />
            </p>
            {evidence.length > 0 && (
              <p className="places quiet">
                {evidence.slice(0, 4).map(({ where, quote }) => (
                  <span key={`${where} ${quote}`}>
                    {words.from(where)}
                    {quote !== "" && (
                      <>
                        {" "}
                        <code>
                          <SafeText text={quote} />
                        </code>
                      </>
                    )}
                  </span>
                ))}
              </p>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
