import { review } from "../strings/review";
import { Icon } from "../ui/Icon";
import { SafeText } from "../ui/SafeText";
import type { Checked, Details } from "./check";
import { scheduleDigest } from "./digest";
import { tableAt, textAt, valueAt } from "./pointer";
import { useSecondModule } from "./second";
import type { ReviewState } from "./state";

export interface EffectProps {
  readonly state: ReviewState;
  readonly checked: Checked;
  readonly details: Details;
}

/** Exactly what deploying creates or changes, what loses rows first. */
export function Effects({ state, checked, details }: EffectProps) {
  useSecondModule();
  const words = review.deploy;
  const { plan } = checked;
  const { deployment } = state;
  const known = deployment !== undefined && deployment.state !== "undeployed" && deployment.job_id !== null;
  const destructive = details.explanation.effects.filter((effect) => effect.destructive);
  const scheduled =
    valueAt(plan, "/schedule/type") === "cron" && valueAt(plan, "/schedule/enabled") !== false;
  const creates = details.rendered.statements.setup.length > 0;
  return (
    <div className="deploy-effects" data-testid="deploy-effects">
      <h3>{words.willTitle}</h3>
      <ul>
        {destructive.map(({ text }) => (
          <li key={text} data-destructive="true">
            <Icon name="warning" size={18} />
            <strong>
              <SafeText text={words.destroys(text)} />
            </strong>
          </li>
        ))}
        <li>
          <Icon name={known ? "pencil" : "plus"} size={18} />
          <SafeText text={words.job(textAt(plan, "/plan_metadata/plan_name"), known)} />
        </li>
        <li>
          <Icon name={known ? "pencil" : "plus"} size={18} />
          <span>{words.file(known)}</span>
        </li>
        {creates && (
          <li>
            <Icon name="table" size={18} />
            <SafeText text={words.table(tableAt(plan, "/target"))} />
          </li>
        )}
        <li>
          <Icon name="clock" size={18} />
          <SafeText text={scheduled ? words.schedule(scheduleDigest(plan)) : words.noSchedule} />
        </li>
      </ul>
    </div>
  );
}
