import { frame } from "../strings/frame";
import { Disclosure } from "../ui/Disclosure";
import { Icon } from "../ui/Icon";
import { useMe } from "./me";
import { Account } from "./opened";

interface Props {
  /** Whether the server lets people sign in. */
  readonly signIn: boolean;
}

/** Who I am here, what I may do, and the way in and out. Absent while the server does not say. */
export function MeMenu({ signIn }: Props) {
  const state = useMe();
  if (state.kind !== "known") {
    return signIn && state.kind === "unknown" && state.error.status === 401 ? <SignIn /> : null;
  }
  const { me } = state;
  return (
    <Disclosure
      className="icon-button"
      face={<Icon name="person" />}
      label={frame.me.button(me.name)}
      testId="me"
      ahead={Account.ahead}
    >
      <Account me={me} />
    </Disclosure>
  );
}

/** The way in. */
export function SignIn() {
  const here = `${window.location.pathname}${window.location.search}`;
  return (
    <a className="button" href={`/auth/login?return_to=${encodeURIComponent(here)}`} data-testid="sign-in">
      {frame.me.signIn}
    </a>
  );
}
