import { type RefObject, useId } from "react";
import type { Finding } from "../api";
import { pipelineWords } from "../strings/pipeline";
import { Icon } from "../ui/Icon";
import { splitHidden } from "../ui/unsafeText";
import { markText } from "./marks";

interface Props {
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly intent: string;
  readonly missing: boolean;
  /** About the trimmed intent. */
  readonly findings: readonly Finding[];
  readonly onChange: (intent: string) => void;
}

/** The question that only a person can answer, with what should not travel marked in it. */
export function IntentField({ field, intent, missing, findings, onChange }: Props) {
  const id = useId();
  const words = pipelineWords;
  const text = intent.trim();
  const offset = intent.length - intent.trimStart().length;

  const show = ({ span }: Finding) => {
    if (!span) return;
    field.current?.focus();
    field.current?.setSelectionRange(offset + span.start, offset + span.end);
  };

  return (
    <div className="pipeline-intent">
      <label htmlFor={id}>{words.intentLabel}</label>
      <textarea
        ref={field}
        id={id}
        data-testid="pipeline-intent"
        rows={4}
        dir="auto"
        value={intent}
        placeholder={words.intentExample}
        aria-describedby={`${id}-about`}
        aria-invalid={missing || undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      <p className="quiet" id={`${id}-about`}>
        {missing && (
          <span className="field-error" data-testid="intent-missing">
            {words.intentMissing}{" "}
          </span>
        )}
        {words.intentAbout}
      </p>
      {findings.length > 0 && (
        <div className="findings-box" role="status" data-testid="intent-findings">
          <p className="findings-title">
            <Icon name="warning" size={18} />
            {words.look}
          </p>
          <p className="marked-text" dir="auto">
            {markText(text, findings).map((part) => {
              const shown = splitHidden(part.text, true)
                .map((piece) => piece.text)
                .join("");
              return part.marked ? <mark key={part.at}>{shown}</mark> : shown;
            })}
          </p>
          <ul>
            {findings.map((finding) => (
              <li key={`${finding.code} ${finding.span?.start}`}>
                <span>{finding.message}</span>
                {finding.span && (
                  <button type="button" className="text-button" onClick={() => show(finding)}>
                    {words.showPlace}
                    <span className="visually-hidden">
                      {" "}
                      {text.slice(finding.span.start, finding.span.end)}
                    </span>
                  </button>
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
