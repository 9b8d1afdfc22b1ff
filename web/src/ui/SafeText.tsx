import { strings } from "../strings";
import { splitHidden } from "./unsafeText";

interface Props {
  readonly text: string;
  /** Whether line breaks and tabs belong to the text. */
  readonly lines?: boolean;
}

/** A text from elsewhere: isolated in its direction, with hidden characters named instead of obeyed. */
export function SafeText({ text, lines = false }: Props) {
  return (
    <bdi>
      {splitHidden(text, lines).map((part) =>
        part.hidden ? (
          <span key={part.at} className="hidden-char" title={strings.hiddenCharacter}>
            {part.text}
          </span>
        ) : (
          part.text
        ),
      )}
    </bdi>
  );
}
