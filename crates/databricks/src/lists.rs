//! Lists of spaces, conversations and messages, as callers of this product see them.
//!
//! Two things change on the way: a space's `title` is its `display_name`, as in the single answer, and numeric ids
//! become texts, because Databricks ids exceed the 53 bits that JavaScript numbers hold.

use serde_json::{Map, Value};
use thiserror::Error;

/// Which list an answer holds; the key is the same upstream and in our answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// `GET /api/2.0/genie/spaces`.
    Spaces,
    /// `GET /api/2.0/genie/spaces/{id}/conversations`.
    Conversations,
    /// `GET /api/2.0/genie/spaces/{id}/conversations/{id}/messages`.
    Messages,
}

/// The answer is not the list that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the answer is not a list of {}", .0.key())]
pub struct ListError(pub List);

impl List {
    /// The member that holds the items.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Spaces => "spaces",
            Self::Conversations => "conversations",
            Self::Messages => "messages",
        }
    }

    /// Reads one page and writes it as `{<key>: [...], next_page_token?}`.
    ///
    /// The service omits empty lists and ends with an absent or empty token; here the list is always there and an
    /// empty token never.
    ///
    /// # Errors
    /// [`ListError`] when the bytes are no JSON object, or the member is there and is no list of objects.
    pub fn page(self, bytes: &[u8]) -> Result<String, ListError> {
        let Ok(Value::Object(mut page)) = serde_json::from_slice::<Value>(bytes) else {
            return Err(ListError(self));
        };
        let items = match page.remove(self.key()) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => items,
            Some(_) => return Err(ListError(self)),
        };
        let mut out = Vec::with_capacity(items.len());
        for item in items {
            let Value::Object(mut item) = item else {
                return Err(ListError(self));
            };
            if self == Self::Spaces {
                name_space(&mut item);
            }
            ids_as_text(&mut item);
            out.push(Value::Object(item));
        }
        let mut answer = Map::new();
        answer.insert(self.key().to_owned(), Value::Array(out));
        if let Some(Value::String(token)) = page.remove("next_page_token")
            && !token.is_empty()
        {
            answer.insert("next_page_token".to_owned(), Value::String(token));
        }
        Ok(Value::Object(answer).to_string())
    }
}

fn name_space(item: &mut Map<String, Value>) {
    if !item.contains_key("display_name") {
        let title = item.remove("title").unwrap_or(Value::Null);
        item.insert("display_name".to_owned(), title);
    }
    item.remove("serialized_space");
}

/// Turns numbers under `id`, `user_id` and other `*_id` keys into texts, at any depth that matters here.
fn ids_as_text(item: &mut Map<String, Value>) {
    for (key, value) in item.iter_mut() {
        match value {
            Value::Number(number) if key == "id" || key.ends_with("_id") => {
                *value = Value::String(number.to_string());
            }
            Value::Object(inner) => ids_as_text(inner),
            Value::Array(list) => list.iter_mut().filter_map(Value::as_object_mut).for_each(ids_as_text),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(list: List, body: &str) -> Value {
        serde_json::from_str(&list.page(body.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn names_spaces_as_the_single_answer_does() {
        let answer = page(
            List::Spaces,
            r#"{"spaces":[{"space_id":"a","title":"T","serialized_space":"{}"}],"next_page_token":"n"}"#,
        );
        assert_eq!(
            answer,
            serde_json::json!({"spaces":[{"space_id":"a","display_name":"T"}],"next_page_token":"n"})
        );
    }

    #[test]
    fn an_empty_page_is_a_list() {
        assert_eq!(page(List::Messages, "{}"), serde_json::json!({"messages":[]}));
        assert_eq!(
            page(List::Conversations, r#"{"conversations":null,"next_page_token":""}"#),
            serde_json::json!({"conversations":[]})
        );
    }

    #[test]
    fn large_ids_keep_every_digit() {
        let answer = page(
            List::Messages,
            r#"{"messages":[{"user_id":9007199254740993,"attachments":[{"query":{"id":9223372036854775807}}]}]}"#,
        );
        assert_eq!(answer["messages"][0]["user_id"], "9007199254740993");
        assert_eq!(answer["messages"][0]["attachments"][0]["query"]["id"], "9223372036854775807");
    }

    #[test]
    fn nonsense_is_named() {
        for body in ["", "[]", "null", r#"{"spaces":{}}"#, r#"{"spaces":[1]}"#] {
            assert_eq!(List::Spaces.page(body.as_bytes()), Err(ListError(List::Spaces)));
        }
    }
}
