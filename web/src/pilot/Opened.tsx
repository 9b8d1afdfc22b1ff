import type { OpenHandoff } from "../handoff/state";
import { strings } from "../strings";
import { canvasWords } from "../strings/canvas";
import { Icon } from "../ui/Icon";
import { SafeText } from "../ui/SafeText";
import { reviewAddress } from "./link";

const words = canvasWords.pilot;

interface Props {
  readonly link: string;
  readonly handoff: OpenHandoff;
  /** What the plan is called, if there is one yet. */
  readonly plan: string | undefined;
}

/** A link that could be opened: what it asks for, who vouches for it, and the way on. */
export function Opened({ link, handoff, plan }: Props) {
  const { context, decoded, trust, stored } = handoff;
  const host = decoded.signature.audience ?? "";
  const said = stored ? words.trust.stored : words.trust[trust];
  const good = trust === "valid" || stored !== undefined;
  return (
    <div className="block-section">
      <p
        className="pilot-trust"
        data-testid="pilot-trust"
        data-trust={stored ? "stored" : trust}
        data-mood={good ? "good" : "care"}
      >
        <Icon name={good ? "check" : "warning"} size={18} />
        <SafeText text={typeof said === "function" ? said(host) : said} />
      </p>
      <dl className="pilot-facts">
        <dt>{words.intent}</dt>
        <dd dir="auto" data-testid="pilot-intent">
          <SafeText text={context.user_intent.trim() || words.noIntent} lines />
        </dd>
        <dt>{words.plan}</dt>
        <dd data-testid="pilot-plan">
          <SafeText text={plan ?? words.noPlan} />
        </dd>
        {typeof context.target_table === "string" && (
          <>
            <dt>{words.target}</dt>
            <dd>
              <SafeText text={context.target_table} />
            </dd>
          </>
        )}
        <dt>{words.tables}</dt>
        <dd>{canvasWords.block.tables(context.validated_tables.length)}</dd>
      </dl>
      <a
        className="button primary nodrag nopan"
        href={reviewAddress(link)}
        target="_blank"
        rel="noreferrer"
        data-testid="pilot-review"
      >
        {words.open}
        <span className="visually-hidden"> {strings.common.opensNewTab}</span>
        <Icon name="external" size={18} />
      </a>
    </div>
  );
}
