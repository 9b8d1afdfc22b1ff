import { canvasWords } from "../strings/canvas";
import { download } from "../ui/download";
import { Icon } from "../ui/Icon";
import type { Unread } from "./keep";

/** Two tabs changed the canvas: which version is it to be? */
export function ConflictNotice({ onResolve }: { readonly onResolve: (take: "mine" | "theirs") => void }) {
  const words = canvasWords.conflict;
  return (
    <div className="notice" role="alert" data-testid="conflict">
      <Icon name="warning" />
      <div>
        <p className="strong">{words.title}</p>
        <p>{words.about}</p>
      </div>
      <div className="row">
        <button
          type="button"
          className="button"
          data-testid="conflict-mine"
          onClick={() => onResolve("mine")}
        >
          {words.mine}
        </button>
        <button
          type="button"
          className="button"
          data-testid="conflict-theirs"
          onClick={() => onResolve("theirs")}
        >
          {words.theirs}
        </button>
      </div>
    </div>
  );
}

interface UnreadProps {
  readonly unread: Unread;
  readonly onDismiss: () => void;
}

/** A saved canvas that this version cannot read: where it is, and how to get at it. */
export function UnreadNotice({ unread, onDismiss }: UnreadProps) {
  const words = canvasWords.unread;
  const kept = unread.keptAs !== undefined;
  return (
    <div className="notice" role="alert" data-testid="unread">
      <Icon name="warning" />
      <div>
        <p className="strong">{words[unread.why]}</p>
        <p>{kept ? words.kept : words.notKept}</p>
      </div>
      <div className="row">
        <button type="button" className="button" onClick={() => download(unread.text, words.fileName)}>
          {words.download}
        </button>
        <button type="button" className="button" data-testid="unread-dismiss" onClick={onDismiss}>
          {kept ? words.dismiss : words.replace}
        </button>
      </div>
    </div>
  );
}

/** `?space=` in the page's address names no space. */
export function AddressNotice({ onDismiss }: { readonly onDismiss: () => void }) {
  return (
    <div className="notice" role="alert" data-testid="address-notice">
      <Icon name="warning" />
      <div>
        <p className="strong">{canvasWords.address.title}</p>
        <p>{canvasWords.address.about}</p>
      </div>
      <div className="row">
        <button type="button" className="button" onClick={onDismiss}>
          {canvasWords.unread.dismiss}
        </button>
      </div>
    </div>
  );
}
