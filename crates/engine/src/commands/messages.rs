//! Reading, writing and removing messages.

use contract::{
    Done, ErrorCode, Failure, GetMessage, ListMessages, MarkRead, MessagePage, MessageRow, RetryMessage,
    SendText, SentMessage,
};
use protocol::message::outgoing;
use store::{MessageId, MessageStatus, StoreError};

use crate::core::Core;
use crate::failure::Stopped;
use crate::{outbox, previews, view};

pub(super) async fn list_messages(core: &Core, params: ListMessages) -> Result<MessagePage, Stopped> {
    let with = view::parse_conversation(&params.conversation)?;
    let window = view::message::window(params.window);
    let mut page = core
        .read(move |reading| {
            let page = reading.messages(&with, window, view::window_length(params.limit))?;
            view::message::page(reading, page)
        })
        .await?;
    for row in &mut page.rows {
        show_transfers(core, row);
    }
    Ok(page)
}

pub(super) async fn get_message(core: &Core, params: GetMessage) -> Result<MessageRow, Stopped> {
    let id = MessageId(params.message.0);
    let mut row = core
        .read(move |reading| view::message::row(reading, reading.message(id)?))
        .await?;
    show_transfers(core, &mut row);
    Ok(row)
}

/// Adds how far files are that are moving.
pub(super) fn show_transfers(core: &Core, row: &mut MessageRow) {
    core.transfers.show(&mut row.attachments);
    let picture = row.preview.as_mut().and_then(|preview| preview.picture.as_mut());
    if let Some(picture) = picture {
        core.transfers.show(std::slice::from_mut(picture));
    }
}

pub(super) async fn send_text(core: &Core, params: SendText) -> Result<SentMessage, Stopped> {
    let to = view::parse_conversation(&params.conversation)?;
    if params.text.trim().is_empty() {
        return Err(ErrorCode::TextEmpty.into());
    }
    if let Some(excess) = outgoing::excess_characters(&params.text) {
        return Err(Failure::new(ErrorCode::TextLong).with("n", excess).into());
    }
    let preview = params
        .preview
        .and_then(|preview| previews::accepted(preview, &params.text));
    let has_picture = preview.as_ref().is_some_and(|preview| preview.picture.is_some());
    let draft = outbox::Draft {
        to,
        body: params.text,
        reply_to: params.reply_to.map(|id| MessageId(id.0)),
        files: Vec::new(),
        preview,
    };
    let (message, sent_at) = outbox::queue_message(core, draft).await?;
    if has_picture {
        core.transfer_wake.notify_one();
    }
    Ok(SentMessage {
        message_id: view::message::id(message),
        conversation: view::conversation_id(to),
        sent_at_ms: view::time(sent_at),
    })
}

pub(super) async fn retry_message(core: &Core, params: RetryMessage) -> Result<Done, Stopped> {
    let id = MessageId(params.message.0);
    let now = core.device_now();
    let (conversation, queued) = core
        .write(move |writing| {
            let message = writing.message(id)?;
            let queued = writing.retry_uploads(id, now)?
                || match writing.retry(id, now) {
                    // What came from a backup was never queued here.
                    Err(StoreError::NotFound) if message.status == Some(MessageStatus::Failed) => false,
                    retried => {
                        retried?;
                        true
                    }
                };
            Ok((message.conversation, queued))
        })
        .await?;
    if !queued {
        outbox::queue_when_uploaded(core, id, |_| Ok(true)).await?;
    }
    outbox::tell_message(core, conversation, id);
    core.outbox_wake.notify_one();
    core.transfer_wake.notify_one();
    Ok(Done {})
}

pub(super) async fn mark_read(core: &Core, params: MarkRead) -> Result<Done, Stopped> {
    let with = view::parse_conversation(&params.conversation)?;
    let up_to = MessageId(params.up_to.0);
    let now = core.network_now();
    let changed = core
        .write(move |writing| {
            if writing.message(up_to)?.conversation != with {
                return Err(ErrorCode::NotFound.into());
            }
            let newest = writing.message(up_to)?.sent_at;
            writing.owe_receipts(&with, newest)?;
            let unmarked = writing.take_unread_mark(&with)?;
            Ok(writing.mark_read(up_to, now)? > 0 || unmarked)
        })
        .await?;
    core.timers_changed();
    core.receipts_wake.notify_one();
    // A shell that marks what it shows is not told again and again to show it anew.
    if changed {
        core.tell_conversation(with);
    }
    Ok(Done {})
}
