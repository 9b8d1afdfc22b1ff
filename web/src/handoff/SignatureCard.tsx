import type { HandoffSignature } from "../api";
import { handoffWords } from "../strings/handoff";
import { Icon, type IconName } from "../ui/Icon";
import { SafeText } from "../ui/SafeText";
import { dayAndTime, utc } from "../ui/time";
import type { Trust } from "./state";

interface Props {
  readonly signature: HandoffSignature;
  readonly trust: Trust;
  readonly onCheckAgain: () => void;
}

/** Who made the link, as far as this page can tell. Words first; the colour only repeats them. */
export function SignatureCard({ signature, trust, onCheckAgain }: Props) {
  const words = handoffWords.signature;
  const { title, about, icon, mood } = describe(trust, signature.audience ?? "");
  const expires = signature.expires === undefined ? undefined : signature.expires * 1000;
  return (
    <section className="card signature" data-testid="signature" data-trust={trust} data-mood={mood}>
      <Icon name={icon} />
      <div>
        <h2>
          <SafeText text={title} />
        </h2>
        <p>
          <SafeText text={about} />
        </p>
        {signature.keyId && (
          <p className="quiet">
            {words.key} <code>{signature.keyId}</code>
            {expires !== undefined && expires < 8.64e15 && (
              <>
                {" · "}
                {words.until}{" "}
                <time dateTime={utc(expires)} title={utc(expires)}>
                  {dayAndTime(expires)}
                </time>
              </>
            )}
          </p>
        )}
      </div>
      {trust === "unreachable" && (
        <button type="button" className="button" data-testid="check-again" onClick={onCheckAgain}>
          {words.checkAgain}
        </button>
      )}
    </section>
  );
}

interface Described {
  readonly title: string;
  readonly about: string;
  readonly icon: IconName;
  readonly mood: "good" | "care";
}

function describe(trust: Trust, host: string): Described {
  const words = handoffWords.signature;
  const care = (title: string, about: string) => ({ title, about, icon: "warning", mood: "care" }) as const;
  switch (trust) {
    case "valid":
      return { title: words.valid(host), about: words.validAbout, icon: "check", mood: "good" };
    case "unsigned":
      return care(words.unsigned, words.unsignedAbout);
    case "expired":
      return care(words.expired, words.expiredAbout(host));
    case "wrong_audience":
      return care(words.wrong_audience, words.wrong_audienceAbout(host));
    case "unknown_key":
      return care(words.unknown_key, words.unknown_keyAbout(host));
    case "no_keys":
      return care(words.unknown_key, words.no_keysAbout(host));
    case "not_checked":
      return care(words.not_checked, words.not_checkedAbout);
    case "unreachable":
      return care(words.not_checked, words.unreachableAbout);
  }
}
