/** What stands beside the name of each part of a plan. Pure. */
import type { Plan } from "../api";
import { editor } from "../strings/editor";
import { review } from "../strings/review";
import { type GroupName, scheduleDigest } from "./digest";
import { shapeOf } from "./patterns";
import { tableAt, textAt, textsAt, valueAt } from "./pointer";

/** A part of a plan in one line. */
export function digestOf(group: GroupName, plan: Plan): string {
  const words = editor.digest;
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

function writeMode(value: string): string {
  return editor.choices.values.get(value) ?? value;
}
