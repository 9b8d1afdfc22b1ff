import { strings } from "../strings";
import { Icon } from "../ui/Icon";
import type { ServerState } from "./useHealth";

interface Props {
  readonly server: ServerState;
  /** What it means for the work at hand. */
  readonly about: string;
  readonly onCheck: () => void;
}

/** The server is away: what that means for the work at hand, and the way to ask again. */
export function ServerBanner({ server, about, onCheck }: Props) {
  if (server.kind !== "down") return null;
  const words = strings.server;
  return (
    <div className="notice danger" role="alert" data-testid="server-banner">
      <Icon name="warning" />
      <div>
        <p className="strong">{words.downTitle}</p>
        <p>{about}</p>
      </div>
      <div className="row">
        <button
          type="button"
          className="button"
          data-testid="server-retry"
          aria-disabled={server.checking || undefined}
          onClick={onCheck}
        >
          {server.checking ? words.downChecking : words.retry}
        </button>
      </div>
    </div>
  );
}
