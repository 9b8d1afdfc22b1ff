//! Whole links: a base address, a place and a payload.

use std::collections::BTreeSet;

use crate::codec::{EncodeOptions, encode};
use crate::context::{Context, key};
use crate::digits::digits;
use crate::error::HandoffError;
use crate::issue::{Issue, pointer};
use crate::limits::{LINK_STEP_LONG, LINK_STEP_MEDIUM, LINK_STEP_SHORT};
use crate::name::fold;

/// Where in a link the payload stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Place {
    /// Behind `#`: reaches no server log and no `Referer`.
    #[default]
    Fragment,
    /// Behind `?`: survives a login redirect that drops fragments, and stands in every log on the way.
    Query,
}

/// How far a link of its length travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// At most 2,000 characters: everywhere.
    Short,
    /// At most 4,000: through common application servers.
    Medium,
    /// At most 8,000: what the standards promise.
    Long,
    /// More: only as a fragment, and mail and chat may cut it.
    TooLong,
}

/// A link and what is to know about its length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The link.
    pub url: String,
    /// Its characters, all ASCII.
    pub length: usize,
    /// How far it travels.
    pub step: Step,
}

/// Part of a link in front of the payload.
const PATH: &str = "handoff";
const PARAMETER: &str = "context";

/// Puts a link together: `BASE/handoff#context=PAYLOAD`.
///
/// # Errors
/// [`HandoffError::Base`] if `base` is not an http or https address without query and fragment.
pub fn link(base: &str, payload: &str, place: Place) -> Result<Link, HandoffError> {
    let host =
        base.strip_prefix("https://").or_else(|| base.strip_prefix("http://")).ok_or(HandoffError::Base)?;
    let fine =
        |b: u8| b.is_ascii_graphic() && !matches!(b, b'?' | b'#' | b'"' | b'<' | b'>' | b'\\' | b'@' | b'`');
    if host.trim_matches('/').is_empty() || !host.bytes().all(fine) {
        return Err(HandoffError::Base);
    }
    let mark = match place {
        Place::Fragment => "#",
        Place::Query => "?",
    };
    let url = [base.trim_end_matches('/'), "/", PATH, mark, PARAMETER, "=", payload].concat();
    let length = url.len();
    Ok(Link { step: Step::of(length), length, url })
}

impl Step {
    /// The step of a link with so many characters.
    #[must_use]
    pub fn of(length: usize) -> Self {
        match length {
            n if n <= LINK_STEP_SHORT => Self::Short,
            n if n <= LINK_STEP_MEDIUM => Self::Medium,
            n if n <= LINK_STEP_LONG => Self::Long,
            _ => Self::TooLong,
        }
    }

    /// `2000`, `4000`, `8000` or `over`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Short => "2000",
            Self::Medium => "4000",
            Self::Long => "8000",
            Self::TooLong => "over",
        }
    }
}

/// What stands behind `context=` in the fragment or, failing that, in the query of a link; the text itself if it is
/// no link.
pub(crate) fn payload_of(text: &str) -> &str {
    // JSON may hold anything, a link start is one only at the start.
    if !(text.starts_with("https://") || text.starts_with("http://") || text.starts_with(['/', '#', '?'])) {
        let payload = text.strip_prefix("context=").unwrap_or(text);
        // The end of a link, taken with what names its handoff. No payload but JSON has this sign.
        return if payload.starts_with('{') {
            payload
        } else {
            payload.split('&').next().unwrap_or_default()
        };
    }
    let (head, fragment) = text.split_once('#').unwrap_or((text, ""));
    let query = head.split_once('?').map_or("", |(_, q)| q);
    [fragment, query]
        .into_iter()
        .flat_map(|part| part.split('&'))
        .find_map(|pair| pair.strip_prefix("context="))
        .unwrap_or("")
}

/// Something that could be left out of a context to make its link shorter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shorter {
    /// What would go: `drop_summaries`, `drop_queries` or `drop_columns`. Each includes the ones before.
    pub issue: Issue,
    /// The context without it.
    pub context: Context,
    /// Characters of its payload.
    pub payload_length: usize,
}

/// What could be left out of `context`, the least loss first: result summaries, then all queries, then columns that
/// no query names. For links beyond a length budget; encodes the context up to three times.
///
/// # Errors
/// As [`encode`].
pub fn shorter(context: &Context, options: &EncodeOptions) -> Result<Vec<Shorter>, HandoffError> {
    let words: BTreeSet<String> = context
        .exploration_queries()
        .flat_map(|q| q.query.split(|c: char| !(c.is_alphanumeric() || c == '_')))
        .map(fold)
        .collect();
    let mut context = context.clone();
    let mut out = Vec::new();
    let mut offer = |changed: bool, context: &Context, code, at, what: &str| -> Result<(), HandoffError> {
        if changed {
            let payload_length = encode(context, options)?.payload.len();
            let issue = Issue::warning(
                code,
                pointer("", at),
                ["without ", what, " the payload has ", &digits(payload_length), " characters"].concat(),
                "Leave it out, or let the worker keep the context and send a short link.",
            );
            out.push(Shorter { issue, context: context.clone(), payload_length });
        }
        Ok(())
    };
    let changed = context.clear_summaries();
    offer(changed, &context, "drop_summaries", key::EXPLORATION_QUERIES, "result summaries")?;
    let changed = context.clear_queries();
    offer(changed, &context, "drop_queries", key::EXPLORATION_QUERIES, "the exploration queries")?;
    let changed = !words.is_empty() && context.retain_columns(|name| words.contains(&fold(name)));
    offer(changed, &context, "drop_columns", key::VALIDATED_COLUMNS, "columns that no query names")?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_carry_the_payload() {
        let made = link("https://handoff.example.com/", "bXYZ", Place::Fragment).unwrap();
        assert_eq!(made.url, "https://handoff.example.com/handoff#context=bXYZ");
        assert_eq!((made.length, made.step), (made.url.len(), Step::Short));
        assert_eq!(payload_of(&made.url), "bXYZ");
        let made = link("http://127.0.0.1:8787/app", "bXYZ", Place::Query).unwrap();
        assert_eq!(made.url, "http://127.0.0.1:8787/app/handoff?context=bXYZ");
        assert_eq!(payload_of(&made.url), "bXYZ");
    }

    #[test]
    fn finds_the_payload_wherever_it_stands() {
        for (text, payload) in [
            ("https://h/handoff?a=1&context=bQ&b=2#x", "bQ"),
            ("https://h/handoff?context=bQ#context=bF", "bF"),
            ("/handoff#a&context=bF", "bF"),
            ("?context=bQ", "bQ"),
            ("context=bQ", "bQ"),
            ("bQ", "bQ"),
            ("https://h/handoff#context=bQ&handoff=abc", "bQ"),
            ("bQ&handoff=abc", "bQ"),
            ("context=bQ&handoff=abc", "bQ"),
            ("{\"a\":\"x&y\"}", "{\"a\":\"x&y\"}"),
            ("https://h/handoff", ""),
            ("https://h/handoff?mycontext=1", ""),
            ("{\"a\":\"https://h?context=x\"}", "{\"a\":\"https://h?context=x\"}"),
        ] {
            assert_eq!(payload_of(text), payload, "{text}");
        }
    }

    #[test]
    fn refuses_bases_that_cannot_carry_a_link() {
        for base in [
            "",
            "example.com",
            "javascript:alert(1)//",
            "https://",
            "https:///",
            "https://h?x",
            "https://h#x",
            "https://h h",
            "https://u@h",
        ] {
            assert_eq!(link(base, "b", Place::Fragment), Err(HandoffError::Base), "{base}");
        }
    }

    #[test]
    fn says_what_could_be_left_out() {
        let context = crate::ContextBuilder::new("", "")
            .columns("a.b.c", ["used", "idle_column", "another_idle_column"])
            .query("SELECT USED FROM a.b.c", Some("3 rows; used"))
            .build()
            .unwrap();
        let offers = shorter(&context, &EncodeOptions::default()).unwrap();
        let codes: Vec<_> = offers.iter().map(|o| o.issue.code).collect();
        assert_eq!(codes, ["drop_summaries", "drop_queries", "drop_columns"]);
        assert!(offers.windows(2).all(|pair| pair[0].payload_length > pair[1].payload_length));
        assert_eq!(offers[2].context.columns_of("a.b.c").unwrap().collect::<Vec<_>>(), ["used"]);
        let empty = crate::ContextBuilder::new("", "").build().unwrap();
        assert_eq!(shorter(&empty, &EncodeOptions::default()).unwrap(), []);
    }

    #[test]
    fn steps() {
        assert_eq!(
            [2_000, 2_001, 4_001, 8_000, 8_001].map(Step::of),
            [Step::Short, Step::Medium, Step::Long, Step::Long, Step::TooLong]
        );
    }
}
