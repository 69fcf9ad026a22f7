//! Messages.

use contract::{
    AttachmentView, ErrorCode, Expiry, Failure, MessagePage, MessageRow, MessageWindow, Quote, QuotedMessage,
};
use store::{Message, MessageId, MessageKind, MessageStatus, Reading, Window};

use super::conversation::body;
use super::disappearing::disappearing;
use crate::failure::Stopped;

pub(crate) fn row(reading: &Reading<'_>, message: Message) -> Result<MessageRow, Stopped> {
    let reactions = reading.reaction_counts(message.id)?;
    let quote = match reading.quote(message.id)? {
        Some(quote) => Some(quoted(reading, quote)?),
        None => None,
    };
    let failure = message.failure.as_deref().map(parse_failure);
    // Of what was taken back only that matters.
    let failure = match message.kind {
        MessageKind::Deleted => failure.map(|_| ErrorCode::DeleteFailed.into()),
        _ => failure,
    };
    let attachments = reading.attachments_of(message.id)?;
    let attachments = attachments.into_iter().map(super::attachment::view).collect();
    let preview = reading.link_preview(message.id)?.map(super::preview::view);
    Ok(MessageRow {
        id: id(message.id),
        author: super::account_id(message.author),
        mine: message.mine,
        body: body(message.kind, message.body),
        sent_at_ms: super::time(message.sent_at),
        received_at_ms: super::time(message.received_at),
        status: message.status.map(status),
        failure,
        read: message.read,
        quote,
        reactions: reactions.into_iter().map(reaction_count).collect(),
        expiry: message.disappearing.map(|setting| Expiry {
            setting: disappearing(setting),
            at_ms: message.expires_at.map(super::time),
        }),
        preview,
        attachments,
    })
}

pub(crate) fn page(reading: &Reading<'_>, page: store::MessagePage) -> Result<MessagePage, Stopped> {
    let rows = page.rows.into_iter().map(|message| row(reading, message));
    Ok(MessagePage {
        rows: rows.collect::<Result<_, _>>()?,
        more_before: page.more_before,
        more_after: page.more_after,
        first_unread: page.first_unread.map(id),
        unread: page.unread,
    })
}

fn quoted(reading: &Reading<'_>, quote: store::Quote) -> Result<Quote, Stopped> {
    let own = reading.account()?.map(|account| account.account_id);
    let mine = own == Some(quote.author);
    let name = match mine {
        true => String::new(),
        false => super::conversation::name(quote.author, reading.contact(&quote.author)?.as_ref()),
    };
    Ok(Quote {
        author: super::account_id(quote.author),
        name,
        mine,
        original: match quote.original {
            Some(original) => Some(QuotedMessage {
                message: id(original.id),
                body: body(original.kind, original.body),
                file: first_file(reading, original.id)?,
            }),
            None => None,
        },
    })
}

fn first_file(reading: &Reading<'_>, message: MessageId) -> Result<Option<AttachmentView>, Stopped> {
    let files = reading.attachments_of(message)?;
    Ok(files.into_iter().next().map(super::attachment::view))
}

fn reaction_count(count: store::ReactionCount) -> contract::ReactionCount {
    contract::ReactionCount {
        emoji: count.emoji,
        count: count.count,
        mine: count.mine,
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

pub(crate) fn parse_failure(text: &str) -> Failure {
    serde_json::from_str(text).unwrap_or_else(|_| Failure::new(ErrorCode::Unknown).with("code", "failure"))
}
