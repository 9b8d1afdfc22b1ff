import { Fragment } from "react";
import { strings } from "../strings";
import { splitHidden } from "./unsafeText";

interface Props {
  readonly text: string;
  /** Whether line breaks and tabs belong to the text. */
  readonly lines?: boolean;
  /** Whether the text is a name that may break before its words, after dots and underscores, where there is little room. */
  readonly name?: boolean;
}

/** A text from elsewhere: isolated in its direction, with hidden characters named instead of obeyed. */
export function SafeText({ text, lines = false, name = false }: Props) {
  return (
    <bdi>
      {splitHidden(text, lines).map((part) =>
        part.hidden ? (
          <span key={part.at} className="hidden-char" title={strings.hiddenCharacter}>
            {part.text}
          </span>
        ) : name ? (
          <Breakable key={part.at} text={part.text} />
        ) : (
          part.text
        ),
      )}
    </bdi>
  );
}

function Breakable({ text }: { readonly text: string }) {
  let at = 0;
  return text.split(/(?<=[._])(?=\p{L})/u).map((piece) => {
    at += piece.length;
    return (
      <Fragment key={at}>
        {piece}
        <wbr />
      </Fragment>
    );
  });
}
