import { useEffect, useId, useRef, useState } from "react";
import { plansWords as words } from "../strings/plans";

export interface PlanQuery {
  readonly q: string | undefined;
  readonly state: string | undefined;
  readonly pattern: string | undefined;
}

interface Props {
  readonly query: PlanQuery;
  readonly onChange: (query: PlanQuery) => void;
}

/** Quiet time after the last key before the server is asked, in milliseconds. */
const searchAfter = 250;

/** Search and filters. Typing searches by itself; Enter does so at once. */
export function PlanFilters({ query, onChange }: Props) {
  const [text, setText] = useState(query.q ?? "");
  const search = useId();
  const state = useId();
  const pattern = useId();
  const latest = useRef({ query, onChange });
  latest.current = { query, onChange };

  useEffect(() => {
    if (text === (query.q ?? "")) return;
    const timer = setTimeout(() => {
      latest.current.onChange({ ...latest.current.query, q: text });
    }, searchAfter);
    return () => clearTimeout(timer);
  }, [text, query.q]);
  // The address can change without this field: by the Back button, or by clearing the filters.
  useEffect(() => setText(query.q ?? ""), [query.q]);

  return (
    <search>
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault();
          onChange({ ...query, q: text });
        }}
      >
        <div className="field grow">
          <label htmlFor={search}>{words.search}</label>
          <input
            id={search}
            type="search"
            data-testid="plans-search"
            placeholder={words.searchAbout}
            value={text}
            maxLength={200}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor={state}>{words.stateFilter}</label>
          <select
            id={state}
            data-testid="plans-state"
            value={query.state ?? ""}
            onChange={(event) => onChange({ ...query, state: event.target.value })}
          >
            <option value="">{words.anyState}</option>
            {Object.entries(words.states).map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
            <option value="all">{words.allStates}</option>
          </select>
        </div>
        <div className="field">
          <label htmlFor={pattern}>{words.patternFilter}</label>
          <select
            id={pattern}
            data-testid="plans-pattern"
            value={query.pattern ?? ""}
            onChange={(event) => onChange({ ...query, pattern: event.target.value })}
          >
            <option value="">{words.anyPattern}</option>
            {Object.entries(words.patterns).map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </div>
      </form>
    </search>
  );
}
