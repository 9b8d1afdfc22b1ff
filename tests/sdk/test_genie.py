"""Genie spaces, conversations, messages."""

from __future__ import annotations

import json

from databricks.sdk import WorkspaceClient
from databricks.sdk.service.dashboards import GenieFeedbackRating, MessageStatus

from conftest import CONVERSATION, INTENT, SPACE, WAREHOUSE, Emulator, by_token

RETAIL = "01f0b7e21c9a1f3d8e5470a6c2d91b34"
FINANCE = "01f0a95c42d718be83f16b0d9e52c7a1"


def all_conversations(workspace: WorkspaceClient, space: str, **query):
    token = None
    while True:
        page = workspace.genie.list_conversations(space, page_token=token, **query)
        yield from page.conversations or []
        token = page.next_page_token
        if not token:
            return


def all_messages(workspace: WorkspaceClient, space: str, conversation: str, **query):
    token = None
    while True:
        page = workspace.genie.list_conversation_messages(space, conversation, page_token=token, **query)
        yield from page.messages or []
        token = page.next_page_token
        if not token:
            return


def test_a_space_with_its_tables(workspace: WorkspaceClient):
    space = workspace.genie.get_space(SPACE, include_serialized_space=True)
    assert (space.space_id, space.title, space.warehouse_id) == (SPACE, "Customer Events", WAREHOUSE)
    assert space.create_time is not None and space.update_time is not None and space.etag
    tables = json.loads(space.serialized_space)["data_sources"]["tables"]
    assert [table["identifier"] for table in tables] == [
        "prod_catalog.curated.customer_daily",
        "prod_catalog.raw.customer_events",
    ]


def test_a_space_that_may_not_be_edited(workspace: WorkspaceClient):
    space = workspace.genie.get_space(FINANCE, include_serialized_space=True)
    assert space.title == "General ledger" and space.serialized_space is None


def test_all_spaces(workspace: WorkspaceClient):
    titles, token = [], None
    while True:
        page = workspace.genie.list_spaces(page_size=3, page_token=token)
        titles += [space.title for space in page.spaces]
        assert all(space.serialized_space is None for space in page.spaces)
        token = page.next_page_token
        if not token:
            break
    assert len(titles) == len(set(titles)) == 7
    assert {"Customer Events", "Lagerbestände München", "Group data warehouse"} <= set(titles)


def test_data_rooms_as_genie_get_reads_it(workspace: WorkspaceClient):
    room = workspace.api_client.do("GET", f"/api/2.0/data-rooms/{SPACE}")
    assert room["id"] == room["space_id"] == SPACE
    assert "prod_catalog.raw.customer_events" in room["table_identifiers"]


def test_conversations_in_pages(workspace: WorkspaceClient):
    found = list(all_conversations(workspace, RETAIL, include_all=True, page_size=50))
    assert len(found) == len({conversation.conversation_id for conversation in found}) == 131
    assert all(conversation.title and conversation.created_timestamp for conversation in found)


def test_messages_of_the_walkthrough(workspace: WorkspaceClient):
    messages = sorted(all_messages(workspace, SPACE, CONVERSATION, page_size=5), key=lambda m: m.created_timestamp)
    assert messages[-1].content == INTENT
    statuses = {message.status for message in messages}
    assert {
        MessageStatus.COMPLETED,
        MessageStatus.FAILED,
        MessageStatus.CANCELLED,
        MessageStatus.QUERY_RESULT_EXPIRED,
    } <= statuses
    failed = next(message for message in messages if message.status is MessageStatus.FAILED)
    assert failed.error.type.value == "INVALID_SQL_UNKNOWN_TABLE_EXCEPTION"
    queries = [a.query.query for m in messages for a in m.attachments or [] if a.query]
    assert len(queries) >= 9 and all("SELECT" in query for query in queries)
    parameters = [p for m in messages for a in m.attachments or [] if a.query for p in a.query.parameters or []]
    assert [(p.keyword, p.value) for p in parameters] == [("country", "DE"), ("days", "30")]


def test_a_message_and_its_rows(workspace: WorkspaceClient):
    messages = all_messages(workspace, SPACE, CONVERSATION)
    counted = next(m for m in messages if m.content.startswith("How many events"))
    again = workspace.genie.get_message(SPACE, CONVERSATION, counted.message_id)
    assert again.as_dict() == counted.as_dict()
    attachment = next(a for a in again.attachments if a.query)
    result = workspace.genie.get_message_attachment_query_result(
        SPACE, CONVERSATION, again.message_id, attachment.attachment_id
    )
    assert result.statement_response.result.data_array[0] == ["2026-11-17", "1204418"]
    assert attachment.query.query_result_metadata.row_count == 14


def test_every_status_is_one_the_sdk_knows(workspace: WorkspaceClient):
    conversations = all_conversations(workspace, SPACE, include_all=True)
    messages = [m for c in conversations for m in all_messages(workspace, SPACE, c.conversation_id)]
    assert None not in {message.status for message in messages}
    assert {message.status for message in messages} == set(MessageStatus)


def test_comments_and_feedback(workspace: WorkspaceClient):
    message = next(m for m in all_messages(workspace, SPACE, CONVERSATION) if m.content == INTENT).message_id
    comment = workspace.genie.create_message_comment(SPACE, CONVERSATION, message, "Loaded 42 rows.")
    listed = workspace.genie.list_message_comments(SPACE, CONVERSATION, message)
    assert [c.message_comment_id for c in listed.comments] == [comment.message_comment_id]
    workspace.genie.send_message_feedback(SPACE, CONVERSATION, message, GenieFeedbackRating.POSITIVE)
    rated = workspace.genie.get_message(SPACE, CONVERSATION, message)
    assert rated.feedback.rating is GenieFeedbackRating.POSITIVE


def test_the_sdks_own_waiter_ends(emulator: Emulator):
    # Once is enough: the waiter's pauses are the SDK's own.
    answered = by_token(emulator).genie.start_conversation_and_wait(SPACE, "How many events today?")
    assert answered.status is MessageStatus.COMPLETED
    assert answered.attachments[0].text.content
