//! `tern messages` and `tern conversations`: what the store holds.

use contract::{
    AccountId, ConversationId, ConversationKind, ConversationRow, ListMessages, MessageBody, MessageId,
    MessageRow, MessageStatus, MessageWindow, ResolveRecipient, SnippetAttachment, TimestampMs,
};
use serde::Serialize;

use crate::exit::Stop;
use crate::feed::all_conversations;
use crate::files::{self, FileLine};
use crate::output::{Output, below, local_time, plain};
use crate::session::Session;

/// The most rows that the contract gives at once.
const PAGE: u32 = 200;

#[derive(Serialize)]
struct MessageLine<'a> {
    message_id: MessageId,
    conversation: &'a ConversationId,
    from: &'a AccountId,
    mine: bool,
    kind: &'static str,
    text: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<FileLine<'a>>,
    sent_at_ms: TimestampMs,
    received_at_ms: TimestampMs,
    status: Option<MessageStatus>,
    error: Option<&'static str>,
    read: bool,
}

#[derive(Serialize)]
struct ConversationLine<'a> {
    conversation: &'a ConversationId,
    kind: ConversationKind,
    name: &'a str,
    request: bool,
    unread: u32,
    pinned: bool,
    last_activity_ms: Option<TimestampMs>,
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attachment: Option<&'a SnippetAttachment>,
}

pub(crate) async fn messages(with: &str, limit: u32, session: &Session, output: &Output) -> Result<(), Stop> {
    let conversation = session
        .call(ResolveRecipient {
            text: with.to_owned(),
        })
        .await?
        .id;
    for row in newest(&conversation, limit, session).await? {
        print_message(&conversation, &row, output)?;
    }
    Ok(())
}

/// The newest rows, oldest first, in as many pages as they need.
async fn newest(
    conversation: &ConversationId,
    limit: u32,
    session: &Session,
) -> Result<Vec<MessageRow>, Stop> {
    let mut rows: Vec<MessageRow> = Vec::new();
    let mut window = MessageWindow::Newest;
    loop {
        let wanted = limit
            .saturating_sub(u32::try_from(rows.len()).unwrap_or(limit))
            .min(PAGE);
        if wanted == 0 {
            return Ok(rows);
        }
        let list = ListMessages {
            conversation: conversation.clone(),
            window,
            limit: wanted,
        };
        let mut page = session.call(list).await?;
        let Some(first) = page.rows.first() else {
            return Ok(rows);
        };
        window = MessageWindow::Before { message: first.id };
        page.rows.append(&mut rows);
        rows = page.rows;
        if !page.more_before {
            return Ok(rows);
        }
    }
}

fn print_message(conversation: &ConversationId, row: &MessageRow, output: &Output) -> Result<(), Stop> {
    let (kind, text) = kind_and_text(&row.body);
    let line = MessageLine {
        message_id: row.id,
        conversation,
        from: &row.author,
        mine: row.mine,
        kind,
        text,
        attachments: files::lines(&row.attachments),
        sent_at_ms: row.sent_at_ms,
        received_at_ms: row.received_at_ms,
        status: row.status,
        error: row.failure.as_ref().map(|failure| failure.code.as_str()),
        read: row.read,
    };
    output.print(&line, || {
        let author = if row.mine { "You" } else { &row.author.0 };
        let state = row
            .status
            .map(|status| format!("  [{}]", state_words(status)))
            .unwrap_or_default();
        let shown = match text.is_empty() && line.attachments.is_empty() {
            true => format!("\n    ({kind})"),
            false => format!("{}{}", below(text), files::words(&line.attachments)),
        };
        format!("{}  {author}{state}{shown}", local_time(row.sent_at_ms))
    })
}

pub(crate) async fn list(session: &Session, output: &Output) -> Result<(), Stop> {
    for (row, request) in all_conversations(session).await? {
        print_conversation(&row, request, output)?;
    }
    Ok(())
}

fn print_conversation(row: &ConversationRow, request: bool, output: &Output) -> Result<(), Stop> {
    let line = ConversationLine {
        conversation: &row.id,
        kind: row.kind,
        name: &row.name,
        request,
        unread: row.unread,
        pinned: row.pinned,
        last_activity_ms: row.last_activity_ms,
        text: row.snippet.as_ref().map(|snippet| kind_and_text(&snippet.body).1),
        attachment: row
            .snippet
            .as_ref()
            .and_then(|snippet| snippet.attachment.as_ref()),
    };
    output.print(&line, || {
        let name = match row.kind {
            ConversationKind::NoteToSelf => "Note to Self".to_owned(),
            ConversationKind::Direct => plain(&row.name),
        };
        let time = row.last_activity_ms.map(local_time).unwrap_or_default();
        let request = if request { "  (message request)" } else { "" };
        format!("{name}  {} unread  {time}{request}\n    {}", row.unread, row.id)
    })
}

fn kind_and_text(body: &MessageBody) -> (&'static str, &str) {
    match body {
        MessageBody::Text { text } => ("text", text),
        MessageBody::RequestAcceptedByMe => ("request_accepted_by_me", ""),
        MessageBody::RequestAcceptedByThem => ("request_accepted_by_them", ""),
        // Kinds of a later contract cannot be shown either.
        _ => ("unsupported", ""),
    }
}

fn state_words(status: MessageStatus) -> &'static str {
    match status {
        MessageStatus::Queued => "waiting for network",
        MessageStatus::Sending => "sending",
        MessageStatus::Sent => "sent",
        MessageStatus::Read => "read",
        MessageStatus::Failed => "not sent",
        MessageStatus::SyncFailed => "sent, not yet on your other devices",
        // States of a later contract.
        _ => "unknown",
    }
}
