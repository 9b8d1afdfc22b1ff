import { useEffect, useRef, useState } from "react";
import { strings } from "../strings";
import { pipelineWords } from "../strings/pipeline";
import { useAnnounce } from "../ui/Announcer";
import { copyText } from "../ui/CopyButton";
import { groupFindings } from "../ui/findings";
import { Icon } from "../ui/Icon";
import type { MadeLink } from "./make";

interface Props {
  readonly link: MadeLink;
  readonly onEdit: () => void;
}

/** The link, how far it travels, who vouches for it, and the two things people do with it. */
export function LinkMade({ link, onEdit }: Props) {
  const words = pipelineWords;
  const announce = useAnnounce();
  const copyButton = useRef<HTMLButtonElement>(null);
  const address = useRef<HTMLTextAreaElement>(null);
  const [copied, setCopied] = useState<boolean>();
  useEffect(() => copyButton.current?.focus(), []);

  const copy = async () => {
    // Inside a modal dialog nothing outside of it can be selected, so the field itself is.
    const done = await copyText(link.url, address.current ?? undefined);
    setCopied(done);
    if (!done) {
      address.current?.focus();
      address.current?.select();
    }
    announce(done ? strings.copy.done : words.copyByHand);
  };

  return (
    <div className="pipeline-form" data-testid="pipeline-link" data-unsigned={link.unsigned}>
      <textarea
        ref={address}
        className="made-link"
        data-testid="pipeline-url"
        aria-label={words.linkLabel}
        readOnly
        rows={3}
        value={link.url}
        onFocus={(event) => event.target.select()}
      />
      <div className="row">
        <button
          ref={copyButton}
          type="button"
          className="button primary"
          data-testid="pipeline-copy"
          onClick={copy}
        >
          <Icon name={copied ? "check" : "copy"} size={18} />
          {copied ? strings.copy.done : words.copy}
        </button>
        <a className="button" href={link.url} target="_blank" rel="noreferrer" data-testid="pipeline-open">
          {words.open}
          <span className="visually-hidden"> {strings.common.opensNewTab}</span>
          <Icon name="external" size={18} />
        </a>
      </div>
      {copied === false && <p className="field-error">{words.copyByHand}</p>}
      <dl className="link-facts">
        <dt>{words.length}</dt>
        <dd>{words.steps[link.step](link.length)}</dd>
        <dt>{words.signature}</dt>
        <dd>{link.unsigned ? words.unsigned[link.unsigned] : words.signed}</dd>
        <dt>{words.who}</dt>
        <dd>{words.whoever}</dd>
      </dl>
      {link.findings.length > 0 && (
        <p className="quiet">{words.flagged(groupFindings(link.findings).length)}</p>
      )}
      <div className="row end">
        <button type="button" className="button" onClick={onEdit}>
          {words.edit}
        </button>
      </div>
    </div>
  );
}
