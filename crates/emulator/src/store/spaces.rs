//! Genie spaces, serialised once: reading one is what benchmarks do all day.

use std::collections::HashMap;

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::access::Principal;
use crate::clock::rfc3339;
use crate::fixtures::{SPACES, Sight, SpaceSpec, TABLES, parse_columns};
use crate::ids::{derived, hash};

/// One space in the shapes of both APIs.
#[derive(Debug)]
pub(crate) struct Space {
    pub(crate) spec: &'static SpaceSpec,
    /// `GET /api/2.0/data-rooms/{id}`
    pub(crate) room: Bytes,
    /// `GET /api/2.0/genie/spaces/{id}`
    pub(crate) public: Bytes,
    /// The same with `serialized_space`.
    pub(crate) public_full: Bytes,
    /// An entry of the list of data-rooms.
    pub(crate) room_entry: Value,
    /// An entry of the list of spaces.
    pub(crate) public_entry: Value,
}

impl Space {
    /// Whether `caller` may see that it exists.
    pub(crate) fn visible_to(&self, caller: &Principal) -> bool {
        self.spec.sight != Sight::Hidden && (caller.manages_spaces || self.spec.open_to_viewers)
    }

    /// Whether `caller` may edit it, and so read `serialized_space`.
    pub(crate) fn editable_by(&self, caller: &Principal) -> bool {
        matches!(self.spec.sight, Sight::Full | Sight::PublicOnly) && caller.manages_spaces
    }
}

/// All spaces, in the order of the lists.
#[derive(Debug)]
pub(crate) struct Spaces {
    ordered: Vec<Space>,
    index: HashMap<&'static str, usize>,
}

impl Spaces {
    /// Builds them from the fixtures.
    ///
    /// # Errors
    /// A fixture that contradicts itself.
    pub(crate) fn new() -> Result<Self, String> {
        let ordered: Vec<Space> = SPACES.iter().map(build).collect::<Result<_, _>>()?;
        let index = ordered.iter().enumerate().map(|(at, space)| (space.spec.id, at)).collect();
        Ok(Self { ordered, index })
    }

    /// The space of this id.
    pub(crate) fn get(&self, id: &str) -> Option<&Space> {
        self.index.get(id).and_then(|at| self.ordered.get(*at))
    }

    /// All of them, newest change first.
    pub(crate) fn all(&self) -> &[Space] {
        &self.ordered
    }
}

fn build(spec: &'static SpaceSpec) -> Result<Space, String> {
    let mut tables: Vec<&str> = spec.tables.to_vec();
    tables.extend(spec.metric_views);
    let mut room_entry = Map::new();
    room_entry.insert("space_id".to_owned(), json!(spec.id));
    room_entry.insert("id".to_owned(), json!(spec.id));
    room_entry.insert("display_name".to_owned(), json!(spec.title));
    room_entry.insert("description".to_owned(), json!(spec.description));
    insert(&mut room_entry, "warehouse_id", spec.warehouse_id);
    room_entry.insert("created_timestamp".to_owned(), json!(spec.created_ms));
    room_entry.insert("last_updated_timestamp".to_owned(), json!(spec.updated_ms));
    let mut room = room_entry.clone();
    room.insert("table_identifiers".to_owned(), json!(tables));
    room.insert("run_as_type".to_owned(), json!(spec.run_as_type));
    room.insert("user_id".to_owned(), json!(spec.owner_id.to_string()));
    room.insert("folder_node_internal_name".to_owned(), json!(spec.folder));
    let questions = (!spec.sample_questions.is_empty()).then_some(spec.sample_questions);
    room.insert("sample_questions".to_owned(), json!(questions));

    let mut public_entry = Map::new();
    public_entry.insert("space_id".to_owned(), json!(spec.id));
    public_entry.insert("title".to_owned(), json!(spec.title));
    insert(&mut public_entry, "description", spec.description);
    insert(&mut public_entry, "warehouse_id", spec.warehouse_id);
    insert(&mut public_entry, "parent_path", spec.parent_path);
    public_entry.insert("create_time".to_owned(), json!(rfc3339(spec.created_ms)));
    public_entry.insert("update_time".to_owned(), json!(rfc3339(spec.updated_ms)));
    let mut public = public_entry.clone();
    let updated = spec.updated_ms.to_string();
    let [a, b, c, d, ..] = hash(&[spec.id, &updated]).to_be_bytes();
    public.insert("etag".to_owned(), json!(format!("{:08x}", u32::from_be_bytes([a, b, c, d]))));
    let mut full = public.clone();
    full.insert("serialized_space".to_owned(), json!(serialized(spec)?.to_string()));

    Ok(Space {
        spec,
        room: Bytes::from(Value::Object(room).to_string()),
        public: Bytes::from(Value::Object(public).to_string()),
        public_full: Bytes::from(Value::Object(full).to_string()),
        room_entry: Value::Object(room_entry),
        public_entry: Value::Object(public_entry),
    })
}

fn insert(object: &mut Map<String, Value>, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        object.insert(name.to_owned(), json!(value));
    }
}

/// `serialized_space`, version 2, sorted as the service wants it on writes.
fn serialized(spec: &SpaceSpec) -> Result<Value, String> {
    let mut questions: Vec<Value> = spec
        .sample_questions
        .iter()
        .map(|question| json!({ "id": derived(&[spec.id, question]), "question": [question] }))
        .collect();
    sort_by(&mut questions, "id");
    let mut tables: Vec<Value> =
        spec.tables.iter().map(|name| source(spec, name)).collect::<Result<_, _>>()?;
    sort_by(&mut tables, "identifier");
    let mut sources = json!({ "tables": tables });
    if let (false, Value::Object(sources)) = (spec.metric_views.is_empty(), &mut sources) {
        let mut views: Vec<Value> =
            spec.metric_views.iter().map(|name| source(spec, name)).collect::<Result<_, _>>()?;
        sort_by(&mut views, "identifier");
        sources.insert("metric_views".to_owned(), Value::Array(views));
    }
    let mut instructions = Map::new();
    if !spec.instructions.is_empty() {
        let text = json!([{ "id": derived(&[spec.id, "instructions"]), "content": spec.instructions }]);
        instructions.insert("text_instructions".to_owned(), text);
    }
    if !spec.examples.is_empty() {
        let mut examples: Vec<Value> = spec
            .examples
            .iter()
            .map(|(question, sql)| {
                let lines: Vec<&str> = sql.split_inclusive('\n').collect();
                json!({ "id": derived(&[spec.id, "example", question]), "question": [question], "sql": lines })
            })
            .collect();
        sort_by(&mut examples, "id");
        instructions.insert("example_question_sqls".to_owned(), Value::Array(examples));
    }
    if !spec.joins.is_empty() {
        let mut joins: Vec<Value> = spec.joins.iter().map(|join| join_spec(spec, join)).collect();
        sort_by(&mut joins, "id");
        instructions.insert("join_specs".to_owned(), Value::Array(joins));
    }
    let mut space = json!({ "version": 2, "data_sources": sources });
    if let Value::Object(space) = &mut space {
        if !questions.is_empty() {
            space.insert("config".to_owned(), json!({ "sample_questions": questions }));
        }
        if !instructions.is_empty() {
            space.insert("instructions".to_owned(), Value::Object(instructions));
        }
    }
    Ok(space)
}

fn source(spec: &SpaceSpec, name: &str) -> Result<Value, String> {
    let table = TABLES
        .iter()
        .find(|table| table.name == name)
        .ok_or_else(|| format!("space {} names the table {name}, which does not exist", spec.title))?;
    let mut columns: Vec<Value> = parse_columns(table.columns)?
        .into_iter()
        .map(|column| match column.comment {
            Some(comment) => json!({ "column_name": column.name, "description": [comment] }),
            None => json!({ "column_name": column.name, "enable_format_assistance": true }),
        })
        .collect();
    sort_by(&mut columns, "column_name");
    let mut source = json!({ "identifier": table.name, "column_configs": columns });
    if let (Some(comment), Value::Object(source)) = (table.comment, &mut source) {
        source.insert("description".to_owned(), json!([comment]));
    }
    Ok(source)
}

fn join_spec(spec: &SpaceSpec, (left, right, condition): &(&str, &str, &str)) -> Value {
    let alias = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
    json!({
        "id": derived(&[spec.id, "join", left, right]),
        "left": { "identifier": left, "alias": alias(left) },
        "right": { "identifier": right, "alias": alias(right) },
        "sql": [condition, "--rt=FROM_RELATIONSHIP_TYPE_MANY_TO_ONE--"],
    })
}

fn sort_by(values: &mut [Value], key: &str) {
    values.sort_by(|a, b| {
        let text = |value: &Value| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        text(a).cmp(&text(b))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::known;

    #[test]
    fn the_fixtures_hold_together() {
        let spaces = Spaces::new().unwrap();
        assert!(spaces.all().len() >= 7);
        for space in spaces.all() {
            assert!(space.spec.id.len() == 32 && space.spec.id.bytes().all(|b| b.is_ascii_hexdigit()));
        }
        assert_eq!(spaces.get(known::TELECOM).unwrap().spec.tables.len(), 30);
    }

    #[test]
    fn serialized_space_is_text_with_sorted_lists() {
        let spaces = Spaces::new().unwrap();
        let full: Value = serde_json::from_slice(&spaces.get(known::RETAIL).unwrap().public_full).unwrap();
        let inner: Value = serde_json::from_str(full["serialized_space"].as_str().unwrap()).unwrap();
        assert_eq!(inner["version"], 2);
        let names: Vec<&str> = inner["data_sources"]["tables"]
            .as_array()
            .unwrap()
            .iter()
            .map(|table| table["identifier"].as_str().unwrap())
            .collect();
        assert!(names.is_sorted() && names.len() == 5, "{names:?}");
        assert_eq!(
            inner["data_sources"]["metric_views"][0]["identifier"],
            "retail-emea.sales.revenue_metrics"
        );
    }
}
