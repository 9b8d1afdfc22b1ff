import { type FormEvent, useId, useState } from "react";
import { auditWords as words } from "../strings/audit";
import { type AuditFilter, noFilter } from "./filters";

interface Props {
  readonly filter: AuditFilter;
  readonly onChange: (filter: AuditFilter) => void;
}

const texts = ["plan", "caller", "action"] as const;
const days = ["from", "until"] as const;

/** Filters that are asked for with a button: each question to the audit is meant. */
export function AuditFilters({ filter, onChange }: Props) {
  const [draft, setDraft] = useState(filter);
  const id = useId();
  const set = (key: keyof AuditFilter, value: string) => setDraft({ ...draft, [key]: value });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChange(draft);
  };
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return (
    <search>
      <form className="filters" aria-label={words.filters} onSubmit={submit}>
        {texts.map((key) => (
          <div key={key} className="field grow">
            <label htmlFor={`${id}-${key}`}>{words[key]}</label>
            <input
              id={`${id}-${key}`}
              type="text"
              autoComplete="off"
              spellCheck={false}
              maxLength={200}
              data-testid={`audit-${key}`}
              placeholder={key === "action" ? words.actionAbout : undefined}
              value={draft[key]}
              onChange={(event) => set(key, event.target.value)}
            />
          </div>
        ))}
        <div className="field">
          <label htmlFor={`${id}-outcome`}>{words.outcome}</label>
          <select
            id={`${id}-outcome`}
            data-testid="audit-outcome"
            value={draft.outcome}
            onChange={(event) => set("outcome", event.target.value)}
          >
            <option value="">{words.anyOutcome}</option>
            {Object.entries(words.outcomes).map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </div>
        {days.map((key) => (
          <div key={key} className="field">
            <label htmlFor={`${id}-${key}`}>{words[key]}</label>
            <input
              id={`${id}-${key}`}
              type="date"
              data-testid={`audit-${key}`}
              aria-describedby={`${id}-zone`}
              value={draft[key]}
              onChange={(event) => set(key, event.target.value)}
            />
          </div>
        ))}
        <div className="row filter-buttons">
          <button type="submit" className="button primary" data-testid="audit-apply">
            {words.apply}
          </button>
          <button type="button" className="text-button" onClick={() => onChange(noFilter)}>
            {words.clear}
          </button>
          <span className="quiet" id={`${id}-zone`}>
            {words.zone(timeZone)}
          </span>
        </div>
      </form>
    </search>
  );
}
