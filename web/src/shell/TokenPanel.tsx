import { useSyncExternalStore } from "react";
import { strings } from "../strings";
import { Icon } from "../ui/Icon";
import { TokenForm } from "./opened";
import { sessionToken } from "./token";

interface Props {
  /** Whether the server lets nobody in without a token. */
  readonly wanted: boolean;
  /** Whether a call was refused. */
  readonly refused: boolean;
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
}

/** The access token of this tab. Not shown where none is needed, in use or asked for. */
export function TokenPanel({ wanted, refused, open, onOpen }: Props) {
  const token = useSyncExternalStore(sessionToken.subscribe, sessionToken.read);
  const inUse = token !== undefined;
  if (!wanted && !refused && !inUse && !open) return null;
  const urgent = refused || (wanted && !inUse);
  return (
    <div className="disclosure">
      <button
        type="button"
        className={urgent ? "pill token-pill" : "icon-button"}
        data-testid="token-button"
        aria-expanded={open}
        aria-label={strings.token.button}
        title={strings.token.button}
        {...TokenForm.ahead}
        onClick={() => onOpen(!open)}
      >
        <Icon name="key" size={18} />
        {urgent && <span className="token-word">{strings.token.button}</span>}
      </button>
      {open && <TokenForm inUse={inUse} refused={refused} onClose={() => onOpen(false)} />}
    </div>
  );
}
