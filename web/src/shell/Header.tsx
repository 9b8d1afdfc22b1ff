import { strings } from "../strings";
import { Disclosure } from "../ui/Disclosure";
import { Icon, LampIcon } from "../ui/Icon";
import { MeMenu } from "./MeMenu";
import { Nav } from "./Nav";
import { EmulatorAbout, OpenAbout, ThemeChoices } from "./opened";
import { TokenPanel } from "./TokenPanel";
import { useTheme } from "./theme";
import type { ServerState } from "./useHealth";

interface Props {
  readonly server: ServerState;
  /** Whether a call was refused for want of a token. */
  readonly refused: boolean;
  readonly tokenOpen: boolean;
  readonly onTokenOpen: (open: boolean) => void;
}

/** The head of every page: the product, the other pages, who is looking, and what is true of the server behind it. */
export function Header({ server, refused, tokenOpen, onTokenOpen }: Props) {
  const health = server.kind === "checking" ? undefined : server.health;
  return (
    <header className="header">
      <p className="brand">
        <span className="brand-mark">
          <LampIcon size={22} />
        </span>
        <span className="brand-name">{strings.product}</span>
      </p>
      <Nav />
      <div className="header-end">
        <ServerPill server={server} />
        {health?.databricks === "emulator" && <EmulatorBadge />}
        {health?.auth === "open" && <OpenMode />}
        <TokenPanel
          wanted={health?.auth === "required"}
          refused={refused}
          open={tokenOpen}
          onOpen={onTokenOpen}
        />
        {server.kind === "up" && <MeMenu signIn={server.health.sign_in === true} />}
        <ThemeSwitch />
      </div>
    </header>
  );
}

/** Quiet while all is well: only a live workspace, a wait and a failure have a word here. */
function ServerPill({ server }: { readonly server: ServerState }) {
  if (server.kind === "checking") return <span className="pill quiet-pill">{strings.server.checking}</span>;
  if (server.kind === "down") {
    return (
      <span className="pill danger-pill" data-testid="server-down">
        {strings.server.down}
      </span>
    );
  }
  if (server.health.databricks !== "live") return null;
  return (
    <span className="pill quiet-pill" title={strings.server.liveAbout} data-testid="server-live">
      <span className="dot" aria-hidden="true" />
      {strings.server.live}
    </span>
  );
}

function EmulatorBadge() {
  const words = strings.server;
  return (
    <Disclosure
      className="pill emulator-pill"
      face={words.emulator}
      testId="emulator-badge"
      ahead={EmulatorAbout.ahead}
    >
      <EmulatorAbout />
    </Disclosure>
  );
}

function OpenMode() {
  const words = strings.server;
  return (
    <Disclosure
      className="pill open-pill"
      testId="open-mode"
      ahead={OpenAbout.ahead}
      face={
        <>
          <span className="wide-only">{words.openSentence}</span>
          <span className="narrow-only">{words.open}</span>
        </>
      }
    >
      <OpenAbout />
    </Disclosure>
  );
}

function ThemeSwitch() {
  const [theme, setTheme] = useTheme();
  return (
    <Disclosure
      className="icon-button"
      face={<Icon name="sun" />}
      label={strings.theme.button}
      testId="theme"
      ahead={ThemeChoices.ahead}
    >
      <ThemeChoices theme={theme} onChoose={setTheme} />
    </Disclosure>
  );
}
