//! Generated spaces for benchmarks: any id, always the same work.

use bytes::{BufMut, Bytes, BytesMut};
use serde_json::json;

/// Stands where the id goes.
const HOLE: &str = "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@";

/// A space of about 3.9 KB in both shapes, cut at the places of its id.
#[derive(Debug)]
pub(crate) struct Template {
    room: Vec<Bytes>,
    public: Vec<Bytes>,
}

impl Template {
    /// Builds both shapes.
    pub(crate) fn new() -> Self {
        let tables: Vec<String> =
            (1..=36).map(|n| format!("bench_catalog.schema_{:02}.table_number_{n:03}", n % 7)).collect();
        let questions: Vec<String> = (1..=18)
            .map(|n| format!("How did figure number {n} of the business develop over the last weeks?"))
            .collect();
        let description = "A generated space. ".repeat(34);
        let room = json!({
            "space_id": HOLE, "id": HOLE, "display_name": "Generated space", "description": description.trim_end(),
            "warehouse_id": "4b9b953939869799", "table_identifiers": tables, "run_as_type": "VIEWER",
            "created_timestamp": 1_791_270_000_000_i64, "last_updated_timestamp": 1_795_167_312_004_i64,
            "user_id": "5511969577895513", "folder_node_internal_name": "tree/978236875178153",
            "sample_questions": questions,
        });
        let public = json!({
            "space_id": HOLE, "title": "Generated space", "description": description.trim_end(),
            "warehouse_id": "4b9b953939869799", "parent_path": "/Workspace/Shared/Genie",
            "create_time": "2026-10-06T07:00:00Z", "update_time": "2026-11-20T09:35:12.004Z", "etag": "00000001",
        });
        Self { room: pieces(&room.to_string()), public: pieces(&public.to_string()) }
    }

    /// The space in the shape of data-rooms, if `id` is well-formed.
    pub(crate) fn room(&self, id: &str) -> Option<Bytes> {
        fill(&self.room, id)
    }

    /// The space in the shape of the public API, if `id` is well-formed.
    pub(crate) fn public(&self, id: &str) -> Option<Bytes> {
        fill(&self.public, id)
    }
}

fn pieces(text: &str) -> Vec<Bytes> {
    text.split(HOLE).map(|piece| Bytes::from(piece.to_owned())).collect()
}

fn fill(pieces: &[Bytes], id: &str) -> Option<Bytes> {
    let formed = id.len() == 32 && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if !formed {
        return None;
    }
    let mut body = BytesMut::with_capacity(pieces.iter().map(|piece| piece.len() + id.len()).sum());
    for (n, piece) in pieces.iter().enumerate() {
        if n > 0 {
            body.put_slice(id.as_bytes());
        }
        body.put_slice(piece);
    }
    Some(body.freeze())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_spaces_carry_the_id_and_have_the_size_of_the_benchmark() {
        let id = "00000000000000000000000000000abc";
        let room = Template::new().room(id).unwrap();
        let value: serde_json::Value = serde_json::from_slice(&room).unwrap();
        assert_eq!((&value["space_id"], &value["id"]), (&json!(id), &json!(id)));
        assert!((3_800..4_000).contains(&room.len()), "{}", room.len());
        assert!(Template::new().room("ABC").is_none());
    }
}
