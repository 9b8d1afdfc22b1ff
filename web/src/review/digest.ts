/** What the parts and fields of a plan are called, and when it runs, in words. Pure. */
import type { Plan } from "../api";
import { review } from "../strings/review";
import { scheduleWords } from "./check";
import { isWithin, textAt, valueAt } from "./pointer";

export type GroupName = keyof typeof review.groups;

/** The parts of a plan that a group holds; the first gives the group its name in the page. */
export const groupPaths: Readonly<Record<GroupName, readonly string[]>> = {
  source: ["/source"],
  target: ["/target"],
  config: ["/pattern_config", "/pattern"],
  schedule: ["/schedule"],
  execution: ["/execution_config"],
  rules: ["/validation_rules"],
  about: ["/plan_metadata"],
};

/** The name of a place in the plan, as the editor calls it: "Target, Catalog". */
export function placeOf(path: string): string {
  const group = (Object.keys(groupPaths) as GroupName[]).find((name) =>
    groupPaths[name].some((part) => isWithin(path, part)),
  );
  return [group ? review.groups[group] : "", labelOf(path)].filter((part) => part !== "").join(", ");
}

/** The name of the field at a place; empty for a part that is no field. */
export function labelOf(path: string): string {
  const keys = path.split("/").slice(2);
  const name =
    path === "/schedule/type" ? "schedule_type" : keys.find((key) => Object.hasOwn(review.fields, key));
  return name === undefined ? "" : review.fields[name as keyof typeof review.fields];
}

/** When a plan runs, in words. */
export function scheduleDigest(plan: Plan): string {
  const kind = valueAt(plan, "/schedule/type") ?? "manual";
  if (kind === "event") return review.summary.event;
  if (kind !== "cron") return review.summary.manual;
  const cron = textAt(plan, "/schedule/cron_expression");
  const zone = textAt(plan, "/schedule/timezone") || "UTC";
  const said = scheduleWords(cron, zone, 0);
  const text =
    said.kind === "runs" ? review.schedule.words(said.description.words, zone) : cron || review.digest.none;
  return valueAt(plan, "/schedule/enabled") === false ? `${text} (${review.summary.paused})` : text;
}
