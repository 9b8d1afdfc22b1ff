//! One shape for a Genie space, whichever of the two APIs answered.
//!
//! `GET /api/2.0/data-rooms/{id}` is internal and flat; `GET /api/2.0/genie/spaces/{id}` is public, calls the name
//! `title` and hides the tables inside `serialized_space`, a JSON text that only people with edit rights receive
//! (<https://docs.databricks.com/api/workspace/genie/getspace>). Callers of this product see the flat shape.

use std::borrow::Cow;

use serde::Deserialize;
use thiserror::Error;

use crate::SpaceId;
use crate::outline::Outline;

/// Keys that every answer has, in the order in which missing ones are added.
const KEYS: [&str; 7] =
    ["space_id", "id", "display_name", "description", "warehouse_id", "table_identifiers", "run_as_type"];

/// Why an answer about a space cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SpaceError {
    /// The body is no JSON object.
    #[error("the answer is not a JSON object")]
    NotAnObject,
    /// Neither `space_id` nor `id` is a text.
    #[error("the answer names no space")]
    NoId,
    /// The answer is about another space than the one asked for.
    #[error("the answer is about another space")]
    OtherSpace,
}

impl SpaceError {
    /// A stable name for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAnObject => "space_not_json",
            Self::NoId => "space_without_id",
            Self::OtherSpace => "space_mismatch",
        }
    }
}

/// What [`unify`] made of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unified {
    /// The answer already has the shape: send the bytes on as they came.
    Unchanged,
    /// The answer in the shape, as JSON.
    Rebuilt(Vec<u8>),
}

/// Brings the answer of either API into the shape that `genie_get` gives.
///
/// Keys that the shape does not know survive unchanged and in place. From the public API `title` becomes
/// `display_name`, tables and metric views are read from `serialized_space`, and RFC 3339 times stay beside what they
/// are. `serialized_space` itself does not leave: it is the editable source of the space and its examples hold SQL
/// literals. When it was withheld, `table_identifiers` is empty and `tables_unknown` is `true`.
///
/// # Errors
/// [`SpaceError`] when the bytes are no JSON object or speak of another space than `asked`.
pub fn unify(bytes: &[u8], asked: &SpaceId) -> Result<Unified, SpaceError> {
    let members = Members::read(bytes).ok_or(SpaceError::NotAnObject)?;
    let named = [members.text("space_id"), members.text("id")];
    if named.iter().all(Option::is_none) {
        return Err(SpaceError::NoId);
    }
    if named.iter().flatten().any(|id| **id != *asked.as_str().as_bytes()) {
        return Err(SpaceError::OtherSpace);
    }
    if KEYS.iter().all(|key| members.get(key).is_some()) {
        return Ok(Unified::Unchanged);
    }
    Ok(Unified::Rebuilt(rebuild(&members, asked)))
}

fn rebuild(members: &Members<'_>, asked: &SpaceId) -> Vec<u8> {
    let serialized =
        members.text("serialized_space").and_then(|text| serde_json::from_slice::<Serialized>(&text).ok());
    let tables = serialized.as_ref().map(Serialized::tables);
    let questions = serialized.as_ref().map(Serialized::questions);
    let mut out = Writer::default();
    for key in KEYS {
        match (key, members.get(key)) {
            (_, Some(raw)) => out.raw(key.as_bytes(), raw),
            ("space_id" | "id", None) => out.value(key, &asked.as_str()),
            ("display_name", None) => match members.get("title") {
                Some(raw) => out.raw(key.as_bytes(), raw),
                None => out.raw(key.as_bytes(), b"null"),
            },
            ("table_identifiers", None) => {
                out.value(key, tables.as_ref().unwrap_or(&Vec::new()));
                if tables.is_none() {
                    out.raw(b"tables_unknown", b"true");
                }
            }
            (_, None) => out.raw(key.as_bytes(), b"null"),
        }
    }
    if let (Some(questions), None) = (&questions, members.get("sample_questions")) {
        out.value("sample_questions", questions);
    }
    for (key, raw) in &members.0 {
        let known = KEYS.iter().any(|known| known.as_bytes() == &**key)
            || matches!(&**key, b"title" | b"serialized_space" | b"tables_unknown");
        if !known {
            out.raw(key, raw);
        }
    }
    out.finish()
}

/// The members of a JSON object, in order: names as they are meant, values as JSON.
struct Members<'a>(Vec<(Cow<'a, [u8]>, &'a [u8])>);

impl<'a> Members<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let outline = Outline::read(bytes)?;
        let members = outline.members().map(|(name, value)| Some((plain(name)?, value)));
        members.collect::<Option<Vec<_>>>().map(Self)
    }

    fn get(&self, key: &str) -> Option<&'a [u8]> {
        self.0.iter().find(|(name, _)| **name == *key.as_bytes()).map(|(_, json)| *json)
    }

    fn text(&self, key: &str) -> Option<Cow<'a, [u8]>> {
        self.get(key).and_then(plain)
    }
}

/// What a JSON text says, borrowed unless it has escapes; `None` when it is no text or no Unicode.
fn plain(json: &[u8]) -> Option<Cow<'_, [u8]>> {
    let inner = json.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    if inner.contains(&b'\\') {
        return serde_json::from_slice::<String>(json).ok().map(|text| Cow::Owned(text.into_bytes()));
    }
    Some(Cow::Borrowed(inner))
}

/// Builds a JSON object from parts that are JSON already.
#[derive(Default)]
struct Writer(Vec<u8>);

impl Writer {
    fn raw(&mut self, key: &[u8], json: &[u8]) {
        self.0.push(if self.0.is_empty() { b'{' } else { b',' });
        // A name was UTF-8 when it came, so nothing is replaced here.
        let key = serde_json::Value::from(std::str::from_utf8(key).unwrap_or_default());
        self.0.extend_from_slice(key.to_string().as_bytes());
        self.0.push(b':');
        self.0.extend_from_slice(json);
    }

    fn value<T: serde::Serialize>(&mut self, key: &str, value: &T) {
        // Texts and lists of texts always serialise; `null` stands in so that the object stays whole.
        let json = serde_json::to_vec(value).unwrap_or_else(|_| b"null".to_vec());
        self.raw(key.as_bytes(), &json);
    }

    fn finish(mut self) -> Vec<u8> {
        if self.0.is_empty() {
            self.0.push(b'{');
        }
        self.0.push(b'}');
        self.0
    }
}

/// The parts of `serialized_space` that the flat shape needs. Every key is optional on read.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Serialized {
    config: SerializedConfig,
    data_sources: DataSources,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct SerializedConfig {
    sample_questions: Vec<SampleQuestion>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct SampleQuestion {
    question: Lines,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct DataSources {
    tables: Vec<Source>,
    metric_views: Vec<Source>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Source {
    identifier: String,
}

/// A text, or a list of texts that carry their own line ends.
#[derive(Deserialize)]
#[serde(untagged)]
enum Lines {
    One(String),
    Many(Vec<String>),
}

impl Default for Lines {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl Serialized {
    fn tables(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for source in self.data_sources.tables.iter().chain(&self.data_sources.metric_views) {
            // Metric views may come back under `tables` after a write, so a name can stand in both lists.
            if !source.identifier.is_empty() && !names.contains(&source.identifier.as_str()) {
                names.push(&source.identifier);
            }
        }
        names
    }

    fn questions(&self) -> Vec<String> {
        self.config
            .sample_questions
            .iter()
            .map(|sample| match &sample.question {
                Lines::One(text) => text.clone(),
                Lines::Many(lines) => lines.concat(),
            })
            .filter(|text| !text.is_empty())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01f0eca3dc1b1cbc9b65fa58f94c18ad";

    fn check(body: &str) -> Result<Unified, SpaceError> {
        unify(body.as_bytes(), &SpaceId::parse(ID).unwrap())
    }

    fn rebuilt(body: &str) -> serde_json::Value {
        match check(body).unwrap() {
            Unified::Rebuilt(json) => serde_json::from_slice(&json).unwrap(),
            Unified::Unchanged => panic!("expected a rebuilt answer"),
        }
    }

    #[test]
    fn leaves_a_complete_data_room_alone() {
        let body = format!(
            r#"{{"space_id":"{ID}","id":"{ID}","display_name":"A","description":null,"warehouse_id":"w","table_identifiers":["c.s.t"],"run_as_type":"VIEWER","user_id":"9007199254740993","new_key":{{"a":1}}}}"#
        );
        assert_eq!(check(&body), Ok(Unified::Unchanged));
    }

    #[test]
    fn fills_what_a_data_room_left_out_and_keeps_the_rest() {
        let value = rebuilt(&format!(
            r#"{{"id":"{ID}","display_name":"A","created_timestamp":12345678901234567890}}"#
        ));
        assert_eq!(value["space_id"], ID);
        assert_eq!(value["description"], serde_json::Value::Null);
        assert_eq!(value["tables_unknown"], true);
        assert_eq!(value["created_timestamp"].to_string(), "12345678901234567890");
    }

    #[test]
    fn reads_tables_and_questions_out_of_a_public_space() {
        let inner = serde_json::json!({
            "version": 2,
            "config": {"sample_questions": [{"id": "1", "question": ["How ", "many?"]}]},
            "data_sources": {
                "tables": [{"identifier": "c.s.t"}, {"identifier": "c.s.mv"}],
                "metric_views": [{"identifier": "c.s.mv"}]
            },
            "instructions": {"example_question_sqls": [{"sql": ["SELECT 'secret'"]}]}
        });
        let body = serde_json::json!({
            "space_id": ID, "title": "Events", "warehouse_id": "w", "etag": "e", "serialized_space": inner.to_string()
        });
        let value = rebuilt(&body.to_string());
        assert_eq!(value["display_name"], "Events");
        assert_eq!(value["table_identifiers"], serde_json::json!(["c.s.t", "c.s.mv"]));
        assert_eq!(value["sample_questions"], serde_json::json!(["How many?"]));
        assert_eq!(value["etag"], "e");
        assert_eq!(value.get("tables_unknown"), None);
        assert!(!value.to_string().contains("secret"), "the source of the space stays behind");
    }

    #[test]
    fn says_so_when_the_tables_were_withheld() {
        for inner in ["", r#","serialized_space":"not json""#] {
            let value = rebuilt(&format!(r#"{{"space_id":"{ID}","title":"T"{inner}}}"#));
            assert_eq!(value["table_identifiers"], serde_json::json!([]));
            assert_eq!(value["tables_unknown"], true);
        }
    }

    #[test]
    fn refuses_what_is_not_this_space() {
        assert_eq!(check("[]"), Err(SpaceError::NotAnObject));
        assert_eq!(check("{\"id\":"), Err(SpaceError::NotAnObject));
        assert_eq!(check(""), Err(SpaceError::NotAnObject));
        assert_eq!(check("{}"), Err(SpaceError::NoId));
        assert_eq!(check(r#"{"id":7}"#), Err(SpaceError::NoId));
        let other = "00000000000000000000000000000000";
        assert_eq!(check(&format!(r#"{{"id":"{ID}","space_id":"{other}"}}"#)), Err(SpaceError::OtherSpace));
    }

    #[test]
    fn reads_an_escaped_id() {
        assert!(check(&format!(r#"{{"id":"\u0030{}"}}"#, ID.get(1..).unwrap())).is_ok());
    }
}
