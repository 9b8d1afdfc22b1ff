//! Conversations that can change: new messages, comments, feedback, results that expire.

use std::collections::HashMap;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::access::Principal;
use crate::failure::Failure;
use crate::fixtures::{self, Conversation, ResultSet};

/// What an asked message goes through; every read of it is one step.
const STEPS: [&str; 4] = ["SUBMITTED", "FETCHING_METADATA", "ASKING_AI", "COMPLETED"];

/// The path of a message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At<'a> {
    pub(crate) space: &'a str,
    pub(crate) conversation: &'a str,
    pub(crate) message: &'a str,
}

/// All conversations.
#[derive(Debug)]
pub(crate) struct Genie {
    spaces: HashMap<String, Vec<Conversation>>,
    results: HashMap<String, ResultSet>,
    /// By message id, oldest first.
    comments: HashMap<String, Vec<Value>>,
    /// Messages that are being answered, and their step.
    answering: HashMap<String, usize>,
}

impl Default for Genie {
    fn default() -> Self {
        let (conversations, results) = fixtures::conversations();
        let mut spaces: HashMap<String, Vec<Conversation>> = HashMap::new();
        for (space, conversation) in conversations {
            spaces.entry(space.to_owned()).or_default().push(conversation);
        }
        Self {
            spaces,
            results: results.into_iter().collect(),
            comments: HashMap::new(),
            answering: HashMap::new(),
        }
    }
}

impl Genie {
    /// Conversations of a space, newest first; without `all` only the caller's own.
    pub(crate) fn list(&self, space: &str, caller: &Principal, all: bool) -> Vec<Value> {
        let mut list: Vec<&Conversation> =
            self.spaces.get(space).into_iter().flatten().filter(|c| all || c.user_id == caller.id).collect();
        list.sort_by_key(|conversation| std::cmp::Reverse(conversation.created_ms));
        list.into_iter().map(summary).collect()
    }

    /// The conversation, if the caller asked in it or manages the space.
    pub(crate) fn conversation(
        &self,
        space: &str,
        id: &str,
        caller: &Principal,
    ) -> Result<&Conversation, Failure> {
        let found = self.spaces.get(space).into_iter().flatten().find(|conversation| conversation.id == id);
        let conversation = found.ok_or_else(|| no_conversation(id))?;
        allowed(conversation, caller)?;
        Ok(conversation)
    }

    fn conversation_mut(
        &mut self,
        space: &str,
        id: &str,
        caller: &Principal,
    ) -> Result<&mut Conversation, Failure> {
        let found =
            self.spaces.get_mut(space).into_iter().flatten().find(|conversation| conversation.id == id);
        let conversation = found.ok_or_else(|| no_conversation(id))?;
        allowed(conversation, caller)?;
        Ok(conversation)
    }

    fn message_mut(&mut self, at: At<'_>, caller: &Principal) -> Result<&mut Value, Failure> {
        let conversation = self.conversation_mut(at.space, at.conversation, caller)?;
        conversation
            .messages
            .iter_mut()
            .find(|message| id_of(message) == at.message)
            .ok_or_else(|| no_message(at.message))
    }

    /// The messages, newest first. The service promises no order; this one makes readers sort.
    pub(crate) fn messages(&self, space: &str, id: &str, caller: &Principal) -> Result<Vec<Value>, Failure> {
        Ok(self.conversation(space, id, caller)?.messages.iter().rev().cloned().collect())
    }

    /// One message. A message that is being answered moves on one step with every read.
    pub(crate) fn read(&mut self, at: At<'_>, caller: &Principal, now_ms: i64) -> Result<Value, Failure> {
        let step = self.answering.get(at.message).copied();
        let message = self.message_mut(at, caller)?;
        let Some(step) = step else { return Ok(message.clone()) };
        let next = (step + 1).min(STEPS.len() - 1);
        if let (Value::Object(fields), Some(status)) = (&mut *message, STEPS.get(next)) {
            fields.insert("status".to_owned(), json!(status));
            fields.insert("last_updated_timestamp".to_owned(), json!(now_ms));
            if *status == "COMPLETED" {
                let text =
                    "This is the emulator: it keeps conversations, but there is no model that answers.";
                let answer =
                    json!([{ "text": { "content": text, "purpose": "TEXT_ATTACHMENT_PURPOSE_ANSWER" } }]);
                fields.insert("attachments".to_owned(), answer);
            }
        }
        let message = message.clone();
        if next + 1 == STEPS.len() {
            self.answering.remove(at.message);
        } else {
            self.answering.insert(at.message.to_owned(), next);
        }
        Ok(message)
    }

    /// Opens a conversation.
    pub(crate) fn start(
        &mut self,
        space: &str,
        id: String,
        title: &str,
        caller: &Principal,
        now_ms: i64,
    ) -> Value {
        let conversation = Conversation {
            id: id.clone(),
            title: title.to_owned(),
            created_ms: now_ms,
            user_id: caller.id,
            agent_type: None,
            messages: Vec::new(),
        };
        self.spaces.entry(space.to_owned()).or_default().push(conversation);
        json!({
            "id": id, "conversation_id": id, "space_id": space, "title": title, "user_id": caller.id,
            "created_timestamp": now_ms, "last_updated_timestamp": now_ms,
        })
    }

    /// Asks in a conversation.
    pub(crate) fn ask(
        &mut self,
        at: At<'_>,
        content: &str,
        caller: &Principal,
        now_ms: i64,
    ) -> Result<Value, Failure> {
        let message = json!({
            "id": at.message, "message_id": at.message, "conversation_id": at.conversation, "space_id": at.space,
            "user_id": caller.id, "content": content, "status": STEPS.first(),
            "created_timestamp": now_ms, "last_updated_timestamp": now_ms,
        });
        self.conversation_mut(at.space, at.conversation, caller)?.messages.push(message.clone());
        self.answering.insert(at.message.to_owned(), 0);
        Ok(message)
    }

    /// Deletes a conversation.
    pub(crate) fn delete(&mut self, space: &str, id: &str, caller: &Principal) -> Result<(), Failure> {
        self.conversation(space, id, caller)?;
        self.spaces.entry(space.to_owned()).or_default().retain(|conversation| conversation.id != id);
        Ok(())
    }

    /// Deletes a message.
    pub(crate) fn delete_message(&mut self, at: At<'_>, caller: &Principal) -> Result<(), Failure> {
        self.message_mut(at, caller)?;
        let conversation = self.conversation_mut(at.space, at.conversation, caller)?;
        conversation.messages.retain(|message| id_of(message) != at.message);
        self.comments.remove(at.message);
        Ok(())
    }

    /// Rates a message.
    pub(crate) fn rate(
        &mut self,
        at: At<'_>,
        rating: &str,
        comment: Option<&str>,
        caller: &Principal,
    ) -> Result<(), Failure> {
        if let Value::Object(message) = self.message_mut(at, caller)? {
            if rating == "NONE" {
                message.remove("feedback");
            } else {
                let mut feedback = json!({ "rating": rating });
                if let (Some(comment), Value::Object(feedback)) = (comment, &mut feedback) {
                    feedback.insert("comment".to_owned(), json!(comment));
                }
                message.insert("feedback".to_owned(), feedback);
            }
        }
        Ok(())
    }

    /// Comments on a message.
    pub(crate) fn comment(
        &mut self,
        at: At<'_>,
        id: &str,
        content: &str,
        caller: &Principal,
        now_ms: i64,
    ) -> Result<Value, Failure> {
        self.message_mut(at, caller)?;
        let comment = json!({
            "message_comment_id": id, "space_id": at.space, "conversation_id": at.conversation,
            "message_id": at.message, "content": content, "user_id": caller.id, "created_timestamp": now_ms,
        });
        self.comments.entry(at.message.to_owned()).or_default().push(comment.clone());
        Ok(comment)
    }

    /// Comments on a message, oldest first.
    pub(crate) fn comments(&mut self, at: At<'_>, caller: &Principal) -> Result<Vec<Value>, Failure> {
        self.message_mut(at, caller)?;
        Ok(self.comments.get(at.message).cloned().unwrap_or_default())
    }

    /// Comments on all messages of a conversation, in the order of the messages.
    pub(crate) fn all_comments(
        &self,
        space: &str,
        id: &str,
        caller: &Principal,
    ) -> Result<Vec<Value>, Failure> {
        let conversation = self.conversation(space, id, caller)?;
        let ids = conversation.messages.iter().map(id_of);
        Ok(ids.filter_map(|id| self.comments.get(id)).flatten().cloned().collect())
    }

    /// The rows behind a query attachment, in the shape of a statement.
    pub(crate) fn result(
        &mut self,
        at: At<'_>,
        attachment: &str,
        caller: &Principal,
    ) -> Result<Value, Failure> {
        let message = self.message_mut(at, caller)?;
        let status = message.get("status").and_then(Value::as_str).unwrap_or_default().to_owned();
        let statement = statement_of(message, attachment)?;
        if !matches!(status.as_str(), "COMPLETED" | "EXECUTING_QUERY") {
            return Err(Failure::new(
                StatusCode::BAD_REQUEST,
                "INVALID_STATE",
                format!("The query result is not available: the message is in status {status}."),
            ));
        }
        Ok(match (status.as_str(), self.results.get(attachment)) {
            ("EXECUTING_QUERY", _) => {
                json!({ "statement_response": { "statement_id": statement, "status": { "state": "RUNNING" } } })
            }
            (_, Some(set)) => json!({ "statement_response": succeeded(&statement, set) }),
            (_, None) => json!({ "statement_response": succeeded(&statement, &ResultSet::default()) }),
        })
    }

    /// Runs a query again whose rows are gone.
    pub(crate) fn execute(
        &mut self,
        at: At<'_>,
        attachment: &str,
        caller: &Principal,
    ) -> Result<Value, Failure> {
        let message = self.message_mut(at, caller)?;
        let statement = statement_of(message, attachment)?;
        if let Value::Object(fields) = message {
            fields.insert("status".to_owned(), json!("COMPLETED"));
        }
        let set = self.results.entry(attachment.to_owned()).or_default();
        Ok(json!({ "statement_response": succeeded(&statement, set) }))
    }

    /// Makes the rows of a message go away, as time does.
    pub(crate) fn expire(&mut self, message_id: &str) -> bool {
        let mut messages =
            self.spaces.values_mut().flatten().flat_map(|conversation| &mut conversation.messages);
        let Some(Value::Object(message)) = messages.find(|message| id_of(message) == message_id) else {
            return false;
        };
        message.insert("status".to_owned(), json!("QUERY_RESULT_EXPIRED"));
        true
    }
}

fn allowed(conversation: &Conversation, caller: &Principal) -> Result<(), Failure> {
    if conversation.user_id == caller.id || caller.manages_spaces {
        Ok(())
    } else {
        Err(Failure::denied(format!("User {} does not own conversation {}.", caller.id, conversation.id)))
    }
}

fn id_of(message: &Value) -> &str {
    message.get("id").and_then(Value::as_str).unwrap_or_default()
}

fn no_conversation(id: &str) -> Failure {
    Failure::missing(format!("Conversation with id {id} does not exist."))
}

fn no_message(id: &str) -> Failure {
    Failure::missing(format!("Message with id {id} does not exist."))
}

fn summary(conversation: &Conversation) -> Value {
    let mut value = json!({
        "conversation_id": conversation.id, "title": conversation.title,
        "created_timestamp": conversation.created_ms,
    });
    if let (Some(kind), Value::Object(fields)) = (conversation.agent_type, &mut value) {
        fields.insert("agent_type".to_owned(), json!(kind));
    }
    value
}

fn statement_of(message: &Value, attachment: &str) -> Result<String, Failure> {
    let attachments = message.get("attachments").and_then(Value::as_array);
    attachments
        .into_iter()
        .flatten()
        .find(|candidate| candidate.get("attachment_id").and_then(Value::as_str) == Some(attachment))
        .and_then(|found| found.pointer("/query/statement_id"))
        .and_then(Value::as_str)
        .map(str::to_owned)
        .ok_or_else(|| Failure::missing(format!("Query attachment with id {attachment} does not exist.")))
}

/// A statement that has succeeded, with all of its rows in one chunk.
pub(crate) fn succeeded(statement: &str, set: &ResultSet) -> Value {
    let columns: Vec<Value> =
        set.columns.iter().enumerate().map(|(position, (name, kind))| column(name, kind, position)).collect();
    let bytes: usize =
        set.rows.iter().flatten().map(|cell| cell.as_ref().map_or(4, |cell| cell.len() + 3)).sum();
    let chunk =
        json!({ "chunk_index": 0, "row_offset": 0, "row_count": set.rows.len(), "byte_count": bytes });
    json!({
        "statement_id": statement,
        "status": { "state": "SUCCEEDED" },
        "manifest": {
            "format": "JSON_ARRAY",
            "schema": { "column_count": columns.len(), "columns": columns },
            "total_row_count": set.rows.len(), "total_chunk_count": 1, "total_byte_count": bytes,
            "truncated": set.truncated, "chunks": [chunk],
        },
        "result": {
            "chunk_index": 0, "row_offset": 0, "row_count": set.rows.len(), "data_array": set.rows,
        },
    })
}

/// A column of a result: the enum name, and the SQL text in capitals.
pub(crate) fn column(name: &str, kind: &str, position: usize) -> Value {
    let kind = kind.to_ascii_uppercase();
    let type_name = match kind.split(['(', '<']).next().unwrap_or_default() {
        "BIGINT" => "LONG",
        "SMALLINT" => "SHORT",
        "TINYINT" => "BYTE",
        other => other,
    };
    json!({ "name": name, "position": position, "type_name": type_name, "type_text": kind })
}
