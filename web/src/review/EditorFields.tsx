/** The fields behind each line of the editor. */
import { memo } from "react";
import { ConfigFields } from "./ConfigFields";
import { useEditing } from "./context";
import type { GroupName } from "./digest";
import { ColumnsField } from "./fields/ColumnsField";
import { PairsField } from "./fields/ItemsField";
import { AreaField, ChoiceField, FlagField, NumberField, TextField } from "./fields/simple";
import { shapeOf } from "./patterns";
import { valueAt } from "./pointer";
import { ScheduleRuns } from "./ScheduleRuns";
import { TablePicker } from "./TablePicker";

/** The fields of a part of the plan. */
export function EditorFields({ group }: { readonly group: GroupName }) {
  switch (group) {
    case "source":
      return (
        <>
          <TablePicker part="/source" />
          <ColumnsField name="columns" path="/source/columns" />
          <AreaField name="filter" path="/source/filter" code />
        </>
      );
    case "target":
      return <TargetFields />;
    case "config":
      return <ConfigFields />;
    case "schedule":
      return <ScheduleFields />;
    case "execution":
      return (
        <>
          <TextField name="warehouse_id" path="/execution_config/warehouse_id" code />
          <NumberField name="timeout_seconds" path="/execution_config/timeout_seconds" />
          <NumberField name="max_retries" path="/execution_config/max_retries" />
          <NumberField name="retry_delay_seconds" path="/execution_config/retry_delay_seconds" />
        </>
      );
    case "rules":
      return (
        <>
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
        </>
      );
    case "about":
      return (
        <>
          <TextField name="plan_name" path="/plan_metadata/plan_name" code />
          <TextField name="owner" path="/plan_metadata/owner" />
          <AreaField name="description" path="/plan_metadata/description" />
          <PairsField name="tags" path="/plan_metadata/tags" />
        </>
      );
  }
}

function TargetFields() {
  const { plan } = useEditing();
  const shape = shapeOf(plan);
  return (
    <>
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
    </>
  );
}

function ScheduleFields() {
  const { plan } = useEditing();
  return (
    <>
      <ChoiceField
        name="schedule_type"
        path="/schedule/type"
        options={["manual", "cron", "event"]}
        fallback="manual"
      />
      {valueAt(plan, "/schedule/type") === "cron" && (
        <>
          <TextField name="cron_expression" path="/schedule/cron_expression" code />
          <TextField name="timezone" path="/schedule/timezone" code list="time-zones" />
          <FlagField name="enabled" path="/schedule/enabled" fallback={true} />
          <ScheduleRuns />
          <TimeZones />
        </>
      )}
    </>
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
