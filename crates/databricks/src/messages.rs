//! Messages of a Genie conversation, <https://docs.databricks.com/api/workspace/genie/listconversationmessages>.

use serde_json::{Map, Value};

use crate::read::{AnswerError, id, inner, integer, list, next_page, object, text};

/// How far a message is. The names are the vendor's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MessageStatus {
    /// `COMPLETED`: answered.
    Completed,
    /// `QUERY_RESULT_EXPIRED`: answered; the rows are gone, the SQL is there.
    ResultExpired,
    /// `FAILED`: no answer.
    Failed,
    /// `CANCELLED`: somebody stopped it.
    Cancelled,
    /// Any other status, known or not: there is no answer yet.
    Running,
}

impl MessageStatus {
    fn parse(text: &str) -> Self {
        match text {
            "COMPLETED" => Self::Completed,
            "QUERY_RESULT_EXPIRED" => Self::ResultExpired,
            "FAILED" => Self::Failed,
            "CANCELLED" => Self::Cancelled,
            _ => Self::Running,
        }
    }

    /// Whether the queries of the message ran to their end.
    #[must_use]
    pub fn is_answered(self) -> bool {
        matches!(self, Self::Completed | Self::ResultExpired)
    }
}

/// A query that Genie wrote for a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryAttachment {
    /// Id of the attachment; some have none.
    pub attachment_id: Option<String>,
    /// The SQL text. Holds literals: it never leaves without redaction.
    pub sql: String,
    /// Rows of the result, if the service says so.
    pub row_count: Option<u64>,
    /// Whether the result was cut off.
    pub truncated: bool,
}

/// One message: a question and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// 32 hexadecimal digits.
    pub id: String,
    /// What the person wrote.
    pub content: String,
    /// How far it is.
    pub status: MessageStatus,
    /// When it was asked, in milliseconds since 1970; 0 if the service does not say.
    pub created_ms: i64,
    /// Queries among its attachments, in their order.
    pub queries: Vec<QueryAttachment>,
    /// Attachments of a kind that is not known here.
    pub unknown_attachments: usize,
}

/// One page of messages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MessagePage {
    /// In the order of the answer, which is not promised: sort by time.
    pub messages: Vec<Message>,
    /// Items that are no messages, or have no id.
    pub unreadable: usize,
    /// Asks for the next page.
    pub next_page_token: Option<String>,
}

impl MessagePage {
    /// Reads one page.
    ///
    /// # Errors
    /// When the bytes are no JSON object, or `messages` is there and is no list.
    pub fn parse(bytes: &[u8]) -> Result<Self, AnswerError> {
        const WHAT: AnswerError = AnswerError("a page of messages");
        let members = object(bytes, WHAT.0)?;
        if members.get("messages").is_some_and(|messages| !(messages.is_array() || messages.is_null())) {
            return Err(WHAT);
        }
        let mut page = Self { next_page_token: next_page(&members), ..Self::default() };
        for item in list(&members, "messages") {
            match item.as_object().and_then(message) {
                Some(message) => page.messages.push(message),
                None => page.unreadable += 1,
            }
        }
        Ok(page)
    }
}

fn message(members: &Map<String, Value>) -> Option<Message> {
    let mut queries = Vec::new();
    let mut unknown_attachments = 0;
    for attachment in list(members, "attachments") {
        let Some(attachment) = attachment.as_object() else {
            unknown_attachments += 1;
            continue;
        };
        if let Some(query) = inner(attachment, "query") {
            // A query without text is one that Genie has not finished.
            if let Some(sql) = text(query, "query") {
                let metadata = inner(query, "query_result_metadata");
                let count = metadata.and_then(|metadata| integer(metadata, "row_count"));
                let truncated = metadata.and_then(|metadata| metadata.get("is_truncated"));
                queries.push(QueryAttachment {
                    attachment_id: text(attachment, "attachment_id").or_else(|| text(query, "id")),
                    sql,
                    row_count: count.and_then(|count| u64::try_from(count).ok()),
                    truncated: truncated == Some(&Value::Bool(true)),
                });
            }
        } else if !["text", "suggested_questions", "viz"].iter().any(|kind| attachment.contains_key(*kind)) {
            unknown_attachments += 1;
        }
    }
    Some(Message {
        id: id(members, "message_id").or_else(|| id(members, "id"))?,
        content: text(members, "content").unwrap_or_default(),
        status: MessageStatus::parse(&text(members, "status").unwrap_or_default()),
        created_ms: integer(members, "created_timestamp").unwrap_or_default(),
        queries,
        unknown_attachments,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"{"messages":[
      {"id":"01f1c2a3","message_id":"01f1c2a3","conversation_id":"c","space_id":"s","content":"how many?","status":"COMPLETED",
       "user_id":5511969577895513,"created_timestamp":1791414074921,"attachments":[
        {"attachment_id":"01f1a","query":{"description":"Counts","statement_id":"01f1-00be","query":"SELECT COUNT(*) AS `n`\nFROM `c`.`s`.`t`",
         "query_result_metadata":{"row_count":1}}},
        {"attachment_id":"q","suggested_questions":{"questions":["more?"]}},
        {"text":{"content":"There are **7**"}},
        {"viz":{"query_attachment_id":"01f1a"}},
        {"hologram":{}}, 7]},
      {"message_id":"b","content":"x","status":"QUERY_RESULT_EXPIRED","attachments":[{"query":{"query":"SELECT 1","query_result_metadata":{"is_truncated":true}}}]},
      {"message_id":"d","status":"REASONING_ABOUT_IT","attachments":[{"query":{"title":"later"}}]},
      {"content":"no id"}, 3],
      "next_page_token":"n"}"#;

    #[test]
    fn a_page_as_the_service_sends_it() {
        let page = MessagePage::parse(PAGE.as_bytes()).unwrap();
        assert_eq!(
            (page.messages.len(), page.unreadable, page.next_page_token.as_deref()),
            (3, 2, Some("n"))
        );
        let [first, second, third] = page.messages.as_slice() else { panic!() };
        assert_eq!(
            (first.id.as_str(), first.created_ms, first.unknown_attachments),
            ("01f1c2a3", 1_791_414_074_921, 2)
        );
        assert_eq!(first.queries.len(), 1);
        assert_eq!((first.queries[0].row_count, first.queries[0].truncated), (Some(1), false));
        assert_eq!(
            (second.status, second.queries[0].row_count, second.queries[0].truncated),
            (MessageStatus::ResultExpired, None, true)
        );
        assert!(second.status.is_answered());
        assert_eq!((third.status, third.queries.len()), (MessageStatus::Running, 0));
    }

    #[test]
    fn only_two_statuses_are_answers() {
        for (text, answered) in [
            ("COMPLETED", true),
            ("QUERY_RESULT_EXPIRED", true),
            ("EXECUTING_QUERY", false),
            ("FAILED", false),
            ("CANCELLED", false),
            ("SUBMITTED", false),
            ("IN_PROGRESS", false),
            ("", false),
            ("completed", false),
        ] {
            assert_eq!(MessageStatus::parse(text).is_answered(), answered, "{text}");
        }
    }

    #[test]
    fn an_end_and_nonsense() {
        assert_eq!(MessagePage::parse(b"{}").unwrap(), MessagePage::default());
        assert_eq!(
            MessagePage::parse(br#"{"messages":null,"next_page_token":""}"#).unwrap(),
            MessagePage::default()
        );
        for body in ["", "[]", "null", r#"{"messages":{}}"#, r#"{"messages":7}"#] {
            assert!(MessagePage::parse(body.as_bytes()).is_err(), "{body}");
        }
    }
}
