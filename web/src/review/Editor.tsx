import { memo, type ReactNode } from "react";
import { review } from "../strings/review";
import { SafeText } from "../ui/SafeText";
import { ConfigFields } from "./ConfigFields";
import { controlId, useEditing } from "./context";
import { digestOf, type GroupName, groupPaths } from "./digest";
import { ColumnsField } from "./fields/ColumnsField";
import { FieldIssues } from "./fields/Field";
import { PairsField } from "./fields/ItemsField";
import { AreaField, ChoiceField, FlagField, NumberField, TextField } from "./fields/simple";
import { shapeOf } from "./patterns";
import { isWithin, valueAt } from "./pointer";
import { ScheduleRuns } from "./ScheduleRuns";
import { TablePicker } from "./TablePicker";

/** Every part of the plan. A group that is closed says in a line what is in it. */
export function Editor() {
  const { plan } = useEditing();
  const shape = shapeOf(plan);
  const scheduled = valueAt(plan, "/schedule/type") === "cron";
  return (
    <div className="plan-groups">
      <Group name="source">
        <TablePicker part="/source" />
        <ColumnsField name="columns" path="/source/columns" />
        <AreaField name="filter" path="/source/filter" code />
      </Group>
      <Group name="target">
        <TablePicker part="/target" />
        {(shape === undefined || shape.writeModes.length > 1) && (
          <ChoiceField
            name="write_mode"
            path="/target/write_mode"
            options={shape?.writeModes ?? ["append", "overwrite", "merge"]}
          />
        )}
        <ColumnsField name="partition_by" path="/target/partition_by" />
        <ColumnsField name="cluster_by" path="/target/cluster_by" />
      </Group>
      <Group name="config">
        <ConfigFields />
      </Group>
      <Group name="schedule">
        <ChoiceField
          name="schedule_type"
          path="/schedule/type"
          options={["manual", "cron", "event"]}
          fallback="manual"
        />
        {scheduled && (
          <>
            <TextField name="cron_expression" path="/schedule/cron_expression" code />
            <TextField name="timezone" path="/schedule/timezone" code list="time-zones" />
            <FlagField name="enabled" path="/schedule/enabled" fallback={true} />
            <ScheduleRuns />
          </>
        )}
        <TimeZones />
      </Group>
      <Group name="execution">
        <TextField name="warehouse_id" path="/execution_config/warehouse_id" code />
        <NumberField name="timeout_seconds" path="/execution_config/timeout_seconds" />
        <NumberField name="max_retries" path="/execution_config/max_retries" />
        <NumberField name="retry_delay_seconds" path="/execution_config/retry_delay_seconds" />
      </Group>
      <Group name="rules">
        <FlagField
          name="check_source_not_empty"
          path="/validation_rules/check_source_not_empty"
          fallback={true}
        />
        <FlagField
          name="check_schema_compatibility"
          path="/validation_rules/check_schema_compatibility"
          fallback={true}
        />
        <NumberField name="max_rows_to_process" path="/validation_rules/max_rows_to_process" />
      </Group>
      <Group name="about">
        <TextField name="plan_name" path="/plan_metadata/plan_name" code />
        <TextField name="owner" path="/plan_metadata/owner" />
        <AreaField name="description" path="/plan_metadata/description" />
        <PairsField name="tags" path="/plan_metadata/tags" />
      </Group>
    </div>
  );
}

/** A part of the plan: a line to read, and the fields behind it. */
function Group({ name, children }: { readonly name: GroupName; readonly children: ReactNode }) {
  const { plan, issues } = useEditing();
  const paths = groupPaths[name];
  const own = issues.filter(({ path }) => paths.some((part) => isWithin(path, part)));
  const errors = own.filter(({ severity }) => severity === "error").length;
  // What is wrong with the part as a whole has no field of its own.
  const whole = own.filter(({ path }) => paths.includes(path));
  return (
    <details className="plan-group" data-group={name} data-testid={`group-${name}`}>
      <summary id={controlId(paths[0] ?? "")}>
        <span className="strong">{review.groups[name]}</span>
        <span className="plan-digest quiet">
          <SafeText text={digestOf(name, plan)} />
        </span>
        {errors > 0 && <span className="problem-count">{review.editor.problems(errors)}</span>}
      </summary>
      <div className="plan-fields">
        <FieldIssues issues={whole} id={`${controlId(paths[0] ?? "")}-whole`} />
        {children}
      </div>
    </details>
  );
}

/** The zones that this browser knows, to choose from while typing. */
const TimeZones = memo(function TimeZones() {
  const zones = typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : [];
  return (
    <datalist id="time-zones">
      {["UTC", ...zones].map((zone) => (
        <option key={zone} value={zone} />
      ))}
    </datalist>
  );
});
