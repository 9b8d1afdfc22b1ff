/** Each part of a plan in one line. Pure. */
import type { Plan } from "../api";
import { review } from "../strings/review";
import { scheduleWords } from "./check";
import { shapeOf } from "./patterns";
import { isWithin, tableAt, textAt, textsAt, valueAt } from "./pointer";

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

export function digestOf(group: GroupName, plan: Plan): string {
  const words = review.digest;
  const parts: string[] = [];
  switch (group) {
    case "source": {
      const columns = textsAt(plan, "/source/columns").length;
      parts.push(tableAt(plan, "/source"), columns > 0 ? words.columns(columns) : words.allColumns);
      if (textAt(plan, "/source/filter") !== "") parts.push(words.filtered);
      break;
    }
    case "target":
      parts.push(tableAt(plan, "/target"), writeMode(textAt(plan, "/target/write_mode")));
      break;
    case "config": {
      const shape = shapeOf(plan);
      if (!shape) break;
      const keys = shape.identity ? textsAt(plan, `/pattern_config/${shape.identity}`) : [];
      parts.push(review.pattern.words[shape.type][0]);
      if (keys.length > 0) parts.push(words.by(keys.join(", ")));
      parts.push(textAt(plan, "/pattern_config/watermark_column"));
      break;
    }
    case "schedule":
      parts.push(scheduleDigest(plan));
      break;
    case "execution": {
      const retries = valueAt(plan, "/execution_config/max_retries") ?? 3;
      parts.push(textAt(plan, "/execution_config/warehouse_id"));
      if (typeof retries === "number") parts.push(words.retries(retries));
      break;
    }
    case "rules": {
      const on = (key: string) => valueAt(plan, `/validation_rules/${key}`) !== false;
      if (on("check_source_not_empty")) parts.push(words.notEmpty);
      if (on("check_schema_compatibility")) parts.push(words.schema);
      const max = valueAt(plan, "/validation_rules/max_rows_to_process");
      if (typeof max === "number") parts.push(words.max(max));
      if (parts.length === 0) parts.push(words.noChecks);
      break;
    }
    case "about":
      parts.push(textAt(plan, "/plan_metadata/plan_name"), textAt(plan, "/plan_metadata/owner"));
      break;
  }
  return parts.filter((part) => part !== "").join(" · ") || words.none;
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

function writeMode(value: string): string {
  return review.writeModes.get(value) ?? value;
}
