//! Findings about an input.

use crate::json::{Crosses, Json};

/// A place in a text, in UTF-16 code units, as JavaScript counts.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct TextSpan {
    /// First unit of the place.
    pub start: usize,
    /// First unit behind the place.
    pub end: usize,
}

impl Crosses for TextSpan {
    fn write(&self, out: &mut Json) {
        out.raw("{");
        out.name("start");
        self.start.write(out);
        out.name("end");
        self.end.write(out);
        out.raw("}");
    }
}

/// One finding about an input.
#[derive(Debug)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Finding<'a> {
    /// How much it matters.
    #[cfg_attr(feature = "ts", ts(type = "\"error\" | \"warning\" | \"info\""))]
    pub severity: &'static str,
    /// A stable name for programs.
    pub code: &'static str,
    /// JSON Pointer into what was checked; empty for the whole.
    pub path: &'a str,
    /// What is wrong, for people.
    #[cfg_attr(feature = "ts", ts(as = "String"))]
    pub message: Sentence<'a>,
    /// What to do next, for people.
    pub help: &'a str,
    /// Where in the text at `path`, if it is about a part of it.
    #[cfg_attr(feature = "ts", ts(optional))]
    pub span: Option<TextSpan>,
}

impl Crosses for Finding<'_> {
    fn write(&self, out: &mut Json) {
        out.raw("{");
        out.name("severity");
        self.severity.write(out);
        out.name("code");
        self.code.write(out);
        out.name("path");
        self.path.write(out);
        out.name("message");
        self.message.write(out);
        out.name("help");
        self.help.write(out);
        if let Some(span) = &self.span {
            out.name("span");
            span.write(out);
        }
        out.raw("}");
    }
}

/// Domain errors begin small and end without a full stop, as Rust does it; people read sentences. They begin with an
/// ASCII letter: the tables for all others would be a fifth of the module.
#[derive(Debug, Clone, Copy)]
pub struct Sentence<'a>(pub &'a str);

impl Crosses for Sentence<'_> {
    #[inline(never)]
    fn write(&self, out: &mut Json) {
        let mut text = self.0.to_owned();
        if let Some(first) = text.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        if !text.ends_with(['.', '!', '?']) {
            text.push('.');
        }
        text.write(out);
    }
}

/// Writes a finding about a context.
pub fn finding(issue: &handoff::Issue, out: &mut Json) {
    Finding {
        severity: issue.severity.as_str(),
        code: issue.code,
        path: &issue.path,
        message: Sentence(&issue.message),
        help: issue.help,
        span: issue.span.map(|span| TextSpan { start: span.start, end: span.end }),
    }
    .write(out);
}

/// Writes a finding about a plan.
pub fn plan_finding(issue: &plan::Issue, out: &mut Json) {
    Finding {
        severity: issue.severity.as_str(),
        code: issue.code,
        path: &issue.path,
        message: Sentence(&issue.message),
        help: &issue.help,
        span: None,
    }
    .write(out);
}

#[cfg(test)]
mod tests {
    use super::Sentence;
    use crate::json::Json;

    #[test]
    fn messages_are_sentences() {
        let written = |text| Json::of(&Sentence(text));
        assert_eq!(written("no space was given"), "\"No space was given.\"");
        assert_eq!(written("über"), "\"über.\"");
        assert_eq!(written("Done."), "\"Done.\"");
        assert_eq!(written(""), "\".\"");
    }
}
