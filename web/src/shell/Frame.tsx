import { type ReactNode, useEffect, useRef, useState } from "react";
import { strings } from "../strings";
import { useAnnounce } from "../ui/Announcer";
import { Header } from "./Header";
import { askMe } from "./me";
import { ServerBanner } from "./ServerBanner";
import { useHealth } from "./useHealth";

interface Props {
  /** For the link that goes past the header. */
  readonly skip: string;
  /** What it means for this page that the server is away. */
  readonly serverDown: string;
  readonly testId: string;
  /** Whether a call was refused for want of a credential. */
  readonly refused?: boolean;
  /** Called when the server is back after it was away. */
  readonly onReturn?: () => void;
  readonly children: ReactNode;
}

/** The frame of a page that is read from top to bottom. */
export function Frame({ skip, serverDown, testId, refused = false, onReturn, children }: Props) {
  const { server, check, returns } = useHealth();
  const [tokenOpen, setTokenOpen] = useState(false);
  const announce = useAnnounce();
  const back = useRef(onReturn);
  back.current = onReturn;
  useEffect(() => {
    if (returns === 0) return;
    announce(strings.server.backUp);
    askMe();
    back.current?.();
  }, [returns, announce]);
  return (
    <div className="sheet-page">
      <a className="skip-link" href="#main">
        {skip}
      </a>
      <Header server={server} refused={refused} tokenOpen={tokenOpen} onTokenOpen={setTokenOpen} />
      <div className="notices">
        <ServerBanner server={server} about={serverDown} onCheck={check} />
      </div>
      <main id="main" tabIndex={-1} className="sheet wide-sheet" data-testid={testId}>
        {children}
      </main>
    </div>
  );
}
