import { editor } from "../strings/editor";
import { review } from "../strings/review";
import { useEditing } from "./context";
import { ColumnField, ColumnsField } from "./fields/ColumnsField";
import { Field } from "./fields/Field";
import { ItemPart, ItemsField, PairsField } from "./fields/ItemsField";
import { AreaField, ChoiceField, NumberField, TextField } from "./fields/simple";
import { shapeOf } from "./patterns";
import { valueAt } from "./pointer";

const at = (key: string): string => `/pattern_config/${key}`;

/** What the chosen pattern has to know. */
export function ConfigFields() {
  const { plan } = useEditing();
  const shape = shapeOf(plan);
  if (!shape) return <p className="quiet">{review.pattern.noneAbout}</p>;
  const merging = valueAt(plan, "/target/write_mode") === "merge";
  return (
    <>
      {[...shape.keys, ...shape.newKeys]
        .filter((key) => key !== "match_columns" || merging)
        .map((key) => (
          <ConfigField key={key} name={key} closes={shape.type === "SCD2"} />
        ))}
    </>
  );
}

function ConfigField({ name, closes }: { readonly name: string; readonly closes: boolean }) {
  switch (name) {
    case "watermark_column":
    case "snapshot_date_column":
    case "effective_date_column":
    case "end_date_column":
    case "current_flag_column":
    case "surrogate_key_column":
      return <ColumnField name={name} path={at(name)} />;
    case "match_columns":
    case "merge_keys":
    case "business_keys":
    case "compare_columns":
    case "group_by":
    case "key_columns":
    case "partition_columns":
    case "cluster_columns":
      return <ColumnsField name={name} path={at(name)} />;
    case "update_columns":
      return <ColumnsField name={name} path={at(name)} emptyMeans />;
    case "watermark_type":
      return <ChoiceField name={name} path={at(name)} options={["timestamp", "date", "numeric"]} />;
    case "refresh_mode":
      return <ChoiceField name={name} path={at(name)} options={["direct", "staging"]} fallback="direct" />;
    case "table_format":
      return <ChoiceField name={name} path={at(name)} options={["delta", "iceberg"]} fallback="delta" />;
    case "hard_deletes":
      return (
        <ChoiceField
          name={name}
          path={at(name)}
          options={["ignore", closes ? "close" : "delete"]}
          fallback="ignore"
        />
      );
    case "duplicate_keys":
      return <ChoiceField name={name} path={at(name)} options={["pick", "fail"]} fallback="pick" />;
    case "key_method":
      return <ChoiceField name={name} path={at(name)} options={["sequence", "hash"]} fallback="sequence" />;
    case "watermark_initial_value":
    case "end_date_default":
      return <TextField name={name} path={at(name)} code />;
    case "filter_condition":
      return <AreaField name={name} path={at(name)} code />;
    case "refresh_days":
      return <NumberField name={name} path={at(name)} />;
    case "table_properties":
      return <PairsField name={name} path={at(name)} />;
    case "order_by":
      return (
        <ItemsField
          name={name}
          path={at(name)}
          fresh={{ column: "" }}
          parts={[
            { key: "column", label: editor.list.column, columns: true },
            { key: "direction", label: editor.list.direction, options: ["desc", "asc"] },
          ]}
        />
      );
    case "aggregates":
      return (
        <ItemsField
          name={name}
          path={at(name)}
          fresh={{ function: "sum" }}
          parts={[
            {
              key: "function",
              label: editor.list.function,
              options: ["count", "count_distinct", "sum", "min", "max", "avg"],
            },
            { key: "column", label: editor.list.column, columns: true },
            { key: "as", label: editor.list.as },
          ]}
        />
      );
    case "time_bucket":
      return <TimeBucket />;
    default:
      return null;
  }
}

const grains = ["hour", "day", "week", "month", "quarter", "year"];

function TimeBucket() {
  const { dispatch } = useEditing();
  const label = review.fields.time_bucket;
  const change = (path: string, value: unknown) =>
    dispatch({ type: "edit", path, value, label: editor.tools.edited(label.toLowerCase()), at: Date.now() });
  const parts = [
    { key: "column", label: editor.list.column, columns: true },
    { key: "grain", label: editor.list.grain, options: grains },
    { key: "as", label: editor.list.as },
  ];
  return (
    <Field name="time_bucket" path={at("time_bucket")} group>
      {() => (
        <div className="row">
          {parts.map((part) => (
            <ItemPart
              key={part.key}
              part={part}
              path={at(`time_bucket/${part.key}`)}
              label={`${label}: ${part.label}`}
              onChange={change}
            />
          ))}
        </div>
      )}
    </Field>
  );
}
