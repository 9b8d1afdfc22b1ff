//! A dbt model for dbt-databricks: the model, its `schema.yml`, and for most patterns a materialisation.
//!
//! FULL_REPLACE is what dbt calls a table, and becomes one. For the other patterns dbt's own strategies would not do what
//! was reviewed: its merge wants a source without duplicate keys, has no watermark, and its snapshots add columns of their
//! own. So the reviewed statement is run as it is, by a materialisation of a few lines that comes with the export
//! (<https://docs.getdbt.com/guides/create-new-materializations>). dbt still knows source and target, so lineage,
//! selection and scheduling work.

use std::fmt::Write as _;

use plan::{FullReplace, Pattern, Plan, TableFormat, TableName};
use sql::{Ident, RenderOptions, Rendered};

use crate::error::ExportError;
use crate::file::{About, Export, ExportFile};
use crate::jinja::{inert, literal};
use crate::sql_file::{self, name_of};
use crate::yaml::Yaml;

/// The name of the materialisation.
const LOAD: &str = "genie_handoff_load";

/// Runs the model's text as one statement, between the hooks.
const MACRO: &str = "\
{# Runs a reviewed load as it is: the model's text is the whole statement. Made by genie-handoff. #}
{% materialization genie_handoff_load, adapter='databricks' %}
  {%- set target_relation = this.incorporate(type='table') -%}
  {{ run_hooks(pre_hooks) }}
  {%- call statement('main') -%}
    {{ sql }}
  {%- endcall -%}
  {{ run_hooks(post_hooks) }}
  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
";

pub(crate) fn export(plan: &Plan, about: &About) -> Result<Export, ExportError> {
    for (path, table) in [("/source", &plan.source.table), ("/target", &plan.target.table)] {
        for part in [&table.catalog, &table.schema, &table.table] {
            if part.as_str().contains('`') {
                return Err(ExportError::Name { path, name: part.as_str().to_owned() });
            }
        }
    }
    let rendered = sql::render(plan, &RenderOptions::default())?;
    let name = name_of(plan);
    let mut notes = vec![
        "dbt puts the schema of your profile before `schema` unless your project has a macro generate_schema_name of its own."
            .to_owned(),
    ];
    let native = match &plan.pattern {
        Pattern::FullReplace(pattern) if pattern.table_format == TableFormat::Delta => Some(pattern),
        _ => None,
    };
    let (text, needs_macro) = match native {
        Some(pattern) => (table(plan, pattern, &rendered), false),
        None => (load(plan, &rendered), true),
    };
    if needs_macro {
        notes.push(format!(
            "The statement writes to {} wherever dbt is run, also from a development profile.",
            plan.target.table
        ));
    }
    // dbt clusters a table of its own by itself.
    let apart = |issue: &&plan::Issue| needs_macro || issue.code != "sql_cluster_by_apart";
    notes.extend(rendered.warnings.iter().filter(apart).map(sql_file::note));
    let mut files = vec![
        ExportFile::new(format!("models/{name}.sql"), with_origin(&text, about)),
        ExportFile::new(format!("models/{name}.yml"), properties(plan).document()),
    ];
    if needs_macro {
        files.push(ExportFile::new(format!("macros/{LOAD}.sql"), MACRO.to_owned()));
    }
    Ok(Export { files, notes })
}

/// Who and when, as a comment that dbt throws away.
fn with_origin(text: &str, about: &About) -> String {
    let parts: Vec<String> =
        [about.by.as_deref().map(|by| format!("by {by}")), about.at.as_deref().map(|at| format!("at {at}"))]
            .into_iter()
            .flatten()
            .collect();
    if parts.is_empty() {
        return text.to_owned();
    }
    let origin: String = parts
        .join(" ")
        .chars()
        .map(|c| if c == ' ' || (c.is_ascii_graphic() && !"{}#%".contains(c)) { c } else { '?' })
        .collect();
    format!("{{# Exported {origin} #}}\n{text}")
}

/// The head of every model: where it writes, and the statements before and after it.
fn config(plan: &Plan, materialized: &str, rendered: &Rendered, more: &str) -> String {
    let target = &plan.target.table;
    let mut out = format!(
        "{{{{ config(\n    materialized={},\n    database={},\n    schema={},\n    alias={},\n",
        literal(materialized),
        literal(target.catalog.as_str()),
        literal(target.schema.as_str()),
        literal(target.table.as_str()),
    );
    out.push_str(more);
    let statements = &rendered.statements;
    let hooks = |list: Vec<&sql::Statement>| -> Vec<String> {
        // A hook is a template once more.
        list.into_iter().map(|statement| literal(&inert(&statement.sql))).collect()
    };
    let before = hooks(statements.setup.iter().chain(&statements.checks).collect());
    // A table of dbt's own is clustered by its setting.
    let after = if materialized == LOAD { hooks(statements.after.iter().collect()) } else { Vec::new() };
    for (key, list) in [("pre_hook", before), ("post_hook", after)] {
        if !list.is_empty() {
            let _ = writeln!(out, "    {key}=[\n        {},\n    ],", list.join(",\n        "));
        }
    }
    out.push_str(") }}\n");
    out
}

/// The reviewed load, as it is.
fn load(plan: &Plan, rendered: &Rendered) -> String {
    let source = source_call(&plan.source.table);
    format!(
        "{}-- depends_on: {source}\n{}\n",
        config(plan, LOAD, rendered, ""),
        inert(rendered.sql.trim_end())
    )
}

/// A table of dbt's own.
fn table(plan: &Plan, pattern: &FullReplace, rendered: &Rendered) -> String {
    let mut more = String::from("    file_format=\"delta\",\n");
    let names = |columns: &[plan::ColumnName]| -> String {
        columns.iter().map(|column| literal(column.as_str())).collect::<Vec<_>>().join(", ")
    };
    if !pattern.partition_columns.is_empty() {
        let _ = writeln!(more, "    partition_by=[{}],", names(&pattern.partition_columns));
    }
    if !pattern.cluster_columns.is_empty() {
        let _ = writeln!(more, "    liquid_clustered_by=[{}],", names(&pattern.cluster_columns));
    }
    if !pattern.table_properties.is_empty() {
        let all: Vec<String> = pattern
            .table_properties
            .iter()
            .map(|(key, value)| format!("{}: {}", literal(key), literal(value)))
            .collect();
        let _ = writeln!(more, "    tblproperties={{{}}},", all.join(", "));
    }
    let mut out = config(plan, "table", rendered, &more);
    out.push_str("SELECT ");
    match &plan.source.columns {
        None => out.push('*'),
        Some(columns) => {
            let list: Vec<String> =
                columns.iter().map(|column| inert(&Ident::from(column).to_string())).collect();
            out.push_str(&list.join(", "));
        }
    }
    let _ = writeln!(out, "\nFROM {}", source_call(&plan.source.table));
    let predicates = [plan.source.filter.as_deref(), pattern.filter_condition.as_deref()];
    // `render` has read both, so each is a predicate and nothing else.
    for (at, predicate) in predicates.into_iter().flatten().enumerate() {
        let word = if at == 0 { "WHERE" } else { "  AND" };
        let _ = writeln!(out, "{word} ({})", inert(predicate));
    }
    out
}

fn source_call(table: &TableName) -> String {
    format!("{{{{ source({}, {}) }}}}", literal(&group(table)), literal(&slug(table.table.as_str())))
}

/// What dbt calls the source: catalogue and schema.
fn group(table: &TableName) -> String {
    format!("{}_{}", slug(table.catalog.as_str()), slug(table.schema.as_str()))
}

/// A name that is fit for dbt, from any other.
fn slug(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect()
}

/// `schema.yml`: the source with its real names, and the model.
fn properties(plan: &Plan) -> Yaml {
    let source = &plan.source.table;
    let text = |text: &str| Yaml::text(inert(text));
    let mut model = vec![("name".to_owned(), text(name_of(plan)))];
    if let Some(description) = plan.metadata.description.as_deref().filter(|text| !text.trim().is_empty()) {
        model.push(("description".to_owned(), text(description)));
    }
    if let Some(columns) = &plan.source.columns {
        let columns = columns.iter().map(|column| Yaml::map([("name", text(column.as_str()))])).collect();
        model.push(("columns".to_owned(), Yaml::List(columns)));
    }
    let quoting = ["database", "schema", "identifier"];
    Yaml::map([
        ("version", Yaml::Whole(2)),
        (
            "sources",
            Yaml::List(vec![Yaml::map([
                ("name", Yaml::text(group(source))),
                ("database", text(source.catalog.as_str())),
                ("schema", text(source.schema.as_str())),
                (
                    "quoting",
                    Yaml::Map(quoting.iter().map(|part| ((*part).to_owned(), Yaml::Flag(true))).collect()),
                ),
                (
                    "tables",
                    Yaml::List(vec![Yaml::map([
                        ("name", Yaml::text(slug(source.table.as_str()))),
                        ("identifier", text(source.table.as_str())),
                    ])]),
                ),
            ])]),
        ),
        ("models", Yaml::List(vec![Yaml::Map(model)])),
    ])
}
