//! Plans to SQL on the command line, for tests and for looking.
//!
//! `render [PART] [--run-time T] [--snapshot-date D] [--parameters] [--target-columns JSON] [--cluster-by] [--by-name]`
//! reads a plan from standard input and writes one part: `load` (the default), `setup`, `checks`, `staging`, `after`,
//! `previews`, `explain`, `explanation`, `validate`, `all`. Parts with several statements come as JSON.
//! `render --serve` reads lines of JSON, `{"plan": ..., "args": [...]}`, and answers each with a line.

use std::io::{BufRead as _, Read as _, Write as _};
use std::process::ExitCode;

use plan::{ColumnName, Date, Timestamp};
use serde_json::{Value, json};
use sql::{Derivation, RenderOptions, Rendered, RunTime, Statement};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args.first().is_some_and(|a| a == "--serve") {
        return serve();
    }
    let mut text = String::new();
    if let Err(error) = std::io::stdin().read_to_string(&mut text) {
        eprintln!("{error}");
        return ExitCode::from(2);
    }
    let answer = match plan::parse_document(&text) {
        Ok(document) => answer(&document, &args),
        Err(error) => {
            Err((1, json!({"code": error.code(), "message": error.to_string(), "help": error.help()})))
        }
    };
    match answer {
        Ok(Value::String(text)) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Ok(value) => {
            println!("{value:#}");
            ExitCode::SUCCESS
        }
        Err((status, problem)) => {
            eprintln!("{problem:#}");
            ExitCode::from(status)
        }
    }
}

fn serve() -> ExitCode {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let Ok(line) = line else { return ExitCode::FAILURE };
        let reply = match serde_json::from_str::<Value>(&line) {
            Ok(request) => {
                let args: Vec<String> = request
                    .get("args")
                    .and_then(Value::as_array)
                    .map(|a| a.iter().filter_map(Value::as_str).map(str::to_owned).collect())
                    .unwrap_or_default();
                match answer(request.get("plan").unwrap_or(&Value::Null), &args) {
                    Ok(value) => json!({"ok": value}),
                    Err((_, problem)) => json!({"error": problem}),
                }
            }
            Err(error) => json!({"error": {"code": "request", "message": error.to_string()}}),
        };
        if writeln!(out, "{reply}").and_then(|()| out.flush()).is_err() {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn usage(message: &str) -> (u8, Value) {
    (2, json!({"code": "usage", "message": message}))
}

fn answer(document: &impl plan::AsDocument, args: &[String]) -> Result<Value, (u8, Value)> {
    let mut part = "load";
    let mut options = RenderOptions::default();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| usage(&format!("{arg} needs a value")));
        match arg.as_str() {
            "--run-time" => {
                let time = Timestamp::parse(value()?).ok_or_else(|| usage("--run-time is no time"))?;
                options.run_time = RunTime::At(time);
            }
            "--snapshot-date" => {
                options.snapshot_date =
                    Some(Date::parse(value()?).ok_or_else(|| usage("--snapshot-date is no date"))?);
            }
            "--parameters" => options.run_time = RunTime::Parameter,
            "--cluster-by" => options.runtime.cluster_by = true,
            "--by-name" => options.runtime.replace_where_by_name = true,
            "--target-columns" => {
                let names: Vec<String> =
                    serde_json::from_str(value()?).map_err(|_| usage("--target-columns is no JSON list"))?;
                let columns: Option<Vec<ColumnName>> =
                    names.iter().map(|n| ColumnName::parse(n).ok()).collect();
                options.target_columns =
                    Some(columns.ok_or_else(|| usage("--target-columns has a bad name"))?);
            }
            name if !name.starts_with('-') => part = name,
            other => return Err(usage(&format!("unknown option {other}"))),
        }
    }
    let report = sql::validate(document);
    let issues: Vec<Value> = report
        .issues
        .iter()
        .map(|i| json!({"severity": i.severity.as_str(), "code": i.code, "path": i.path, "message": i.message, "help": i.help}))
        .collect();
    if part == "validate" {
        return Ok(json!({"valid": report.valid(), "issues": issues, "hash": report.hash.as_str()}));
    }
    let Some(plan) = report.plan else { return Err((1, json!({"code": "plan_invalid", "issues": issues}))) };
    let problem =
        |e: sql::SqlError| (1, json!({"code": e.code(), "message": e.to_string(), "help": e.help()}));
    if part == "load" {
        return sql::render_load(&plan, &options).map(Value::String).map_err(problem);
    }
    let rendered = sql::render(&plan, &options).map_err(problem)?;
    show(part, &rendered).ok_or_else(|| usage(&format!("unknown part {part}")))
}

fn show(part: &str, rendered: &Rendered) -> Option<Value> {
    let list = |statements: &[Statement]| -> Value {
        statements.iter().map(|s| json!({"name": s.name, "purpose": s.purpose, "sql": s.sql})).collect()
    };
    let statements = &rendered.statements;
    let explanation = &rendered.explanation;
    Some(match part {
        "setup" => list(&statements.setup),
        "checks" => list(&statements.checks),
        "staging" => list(&statements.staging),
        "after" => list(&statements.after),
        "previews" => list(&statements.previews),
        "explain" => Value::String(statements.explain.clone()),
        "explanation" => json!({
            "summary": explanation.summary,
            "effects": explanation.effects.iter().map(|(e, t)| json!([e.as_str(), t])).collect::<Vec<_>>(),
            "notes": explanation.notes,
        }),
        "all" => json!({
            "load": rendered.sql,
            "setup": list(&statements.setup),
            "checks": list(&statements.checks),
            "staging": list(&statements.staging),
            "after": list(&statements.after),
            "previews": list(&statements.previews),
            "explain": statements.explain,
            "warnings": rendered.warnings.iter().map(|w| w.code).collect::<Vec<_>>(),
            "privileges": rendered.privileges.iter().map(|p| format!("{} on {}", p.name, p.on_name())).collect::<Vec<_>>(),
            "lineage": rendered.lineage.iter().map(|l| json!([l.target_column, l.source_columns, match l.derivation {
                Derivation::Identity => "identity",
                Derivation::Computed(how) => how,
            }])).collect::<Vec<_>>(),
        }),
        _ => return None,
    })
}
