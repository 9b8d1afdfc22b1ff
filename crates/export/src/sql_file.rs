//! The `.sql` file: everything that one run does, one statement after the other.

use std::fmt::Write as _;

use plan::Plan;
use sql::{RenderOptions, Rendered, Statement};

use crate::error::ExportError;
use crate::file::{About, Export, ExportFile};

/// Digits of the plan's hash in the file's name.
const SHORT_HASH: usize = 8;

pub(crate) fn export(plan: &Plan, about: &About) -> Result<Export, ExportError> {
    let rendered = sql::render(plan, &RenderOptions::default())?;
    let hash: String = digits(plan).take(SHORT_HASH).collect();
    let name = format!("{}-{hash}.sql", name_of(plan));
    Ok(Export { files: vec![ExportFile::new(name, text(&rendered, about))], notes: notes(&rendered) })
}

/// The name of the plan, which is fit for files.
pub(crate) fn name_of(plan: &Plan) -> &str {
    plan.metadata.plan_name.as_deref().unwrap_or("plan")
}

fn digits(plan: &Plan) -> impl Iterator<Item = char> + '_ {
    let hash = plan.hash.as_str();
    hash.rsplit_once(':').map_or(hash, |(_, digits)| digits).chars()
}

/// The target is made if it is not there, the checks stop a run that should not write, then comes the load. Each
/// statement ends with a semicolon. The first line is a comment of the load's header and never one that would turn a
/// workspace file into a notebook.
pub(crate) fn text(rendered: &Rendered, about: &About) -> String {
    let mut text = header(&rendered.sql);
    for (label, value) in [("exported by: ", &about.by), ("exported at: ", &about.at)] {
        if let Some(value) = value {
            comment(&mut text, label, value);
        }
    }
    let statements = &rendered.statements;
    for statement in statements.setup.iter().chain(&statements.checks) {
        named(&mut text, statement);
    }
    text.push('\n');
    end(&mut text, body(&rendered.sql));
    for statement in &statements.after {
        named(&mut text, statement);
    }
    text
}

/// The comment above a load, as the renderer has made it safe.
fn header(load: &str) -> String {
    load.lines().take_while(|line| line.starts_with("-- ")).fold(String::new(), |mut all, line| {
        let _ = writeln!(all, "{line}");
        all
    })
}

/// A load without that comment.
pub(crate) fn body(load: &str) -> &str {
    let mut rest = load;
    while rest.starts_with("-- ") {
        rest = rest.split_once('\n').map_or("", |(_, after)| after);
    }
    rest
}

fn named(text: &mut String, statement: &Statement) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "\n-- {}: {}", statement.name, statement.purpose);
    end(text, &statement.sql);
}

fn end(text: &mut String, sql: &str) {
    let _ = writeln!(text, "{};", sql.trim_end());
}

/// A comment with a value in it. Only plain, visible ASCII stays, so that nothing ends the comment.
fn comment(text: &mut String, label: &str, value: &str) {
    let plain: String = value
        .chars()
        .take(120)
        .map(|c| if c == ' ' || (c.is_ascii_graphic() && c != '\\') { c } else { '?' })
        .collect();
    let _ = writeln!(text, "-- {label}{plain}");
}

/// What the renderer warns of.
pub(crate) fn notes(rendered: &Rendered) -> Vec<String> {
    rendered.warnings.iter().map(note).collect()
}

/// A warning as a sentence.
pub(crate) fn note(issue: &plan::Issue) -> String {
    format!("{}: {}", capital(&issue.message), issue.help)
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
