//! Messages.

use contract::{ErrorCode, Failure, MessagePage, MessageRow, MessageWindow};
use store::{Message, MessageId, MessageStatus, Window};

use super::conversation::body;

pub(crate) fn row(message: Message) -> MessageRow {
    MessageRow {
        id: id(message.id),
        author: super::account_id(message.author),
        mine: message.mine,
        body: body(message.kind, message.body),
        sent_at_ms: super::time(message.sent_at),
        received_at_ms: super::time(message.received_at),
        status: message.status.map(status),
        failure: message.failure.as_deref().map(parse_failure),
        read: message.read,
        quote: None,
        reactions: Vec::new(),
        expiry: None,
        attachments: Vec::new(),
    }
}

pub(crate) fn page(page: store::MessagePage) -> MessagePage {
    MessagePage {
        rows: page.rows.into_iter().map(row).collect(),
        more_before: page.more_before,
        more_after: page.more_after,
        first_unread: page.first_unread.map(id),
        unread: page.unread,
    }
}

pub(crate) const fn id(id: MessageId) -> contract::MessageId {
    contract::MessageId(id.0)
}

pub(crate) const fn window(window: MessageWindow) -> Window {
    match window {
        MessageWindow::Newest => Window::Newest,
        MessageWindow::Oldest => Window::Oldest,
        MessageWindow::FirstUnread => Window::FirstUnread,
        MessageWindow::Around { message } => Window::Around(MessageId(message.0)),
        MessageWindow::Before { message } => Window::Before(MessageId(message.0)),
        MessageWindow::After { message } => Window::After(MessageId(message.0)),
    }
}

pub(crate) const fn status(status: MessageStatus) -> contract::MessageStatus {
    match status {
        MessageStatus::Queued => contract::MessageStatus::Queued,
        MessageStatus::Sending => contract::MessageStatus::Sending,
        MessageStatus::Sent => contract::MessageStatus::Sent,
        MessageStatus::Read => contract::MessageStatus::Read,
        MessageStatus::Failed => contract::MessageStatus::Failed,
        MessageStatus::SyncFailed => contract::MessageStatus::SyncFailed,
    }
}

/// A failure as the store keeps it beside a message: JSON.
pub(crate) fn failure_text(failure: &Failure) -> String {
    serde_json::to_string(failure).unwrap_or_default()
}

fn parse_failure(text: &str) -> Failure {
    serde_json::from_str(text).unwrap_or_else(|_| Failure::new(ErrorCode::Unknown).with("code", "failure"))
}
