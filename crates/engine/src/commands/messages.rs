//! Reading, writing and removing messages.

use contract::{
    DeleteMessageHere, Done, ErrorCode, Failure, GetMessage, ListMessages, MarkRead, MessagePage, MessageRow,
    RetryMessage, SendText, SentMessage,
};
use protocol::message::outgoing;
use store::MessageId;

use crate::core::Core;
use crate::failure::Stopped;
use crate::{outbox, view};

pub(super) async fn list_messages(core: &Core, params: ListMessages) -> Result<MessagePage, Stopped> {
    let with = view::parse_conversation(&params.conversation)?;
    let window = view::message::window(params.window);
    core.read(move |reading| {
        let page = reading.messages(&with, window, view::window_length(params.limit))?;
        Ok(view::message::page(page))
    })
    .await
}

pub(super) async fn get_message(core: &Core, params: GetMessage) -> Result<MessageRow, Stopped> {
    let id = MessageId(params.message.0);
    core.read(move |reading| Ok(view::message::row(reading.message(id)?)))
        .await
}

pub(super) async fn send_text(core: &Core, params: SendText) -> Result<SentMessage, Stopped> {
    let to = view::parse_conversation(&params.conversation)?;
    if params.text.trim().is_empty() {
        return Err(ErrorCode::TextEmpty.into());
    }
    if let Some(excess) = outgoing::excess_characters(&params.text) {
        return Err(Failure::new(ErrorCode::TextLong).with("n", excess).into());
    }
    let (message, sent_at) = outbox::queue_text(core, to, params.text).await?;
    Ok(SentMessage {
        message_id: view::message::id(message),
        conversation: view::conversation_id(to),
        sent_at_ms: view::time(sent_at),
    })
}

pub(super) async fn retry_message(core: &Core, params: RetryMessage) -> Result<Done, Stopped> {
    let id = MessageId(params.message.0);
    let now = core.device_now();
    let conversation = core
        .write(move |writing| {
            let conversation = writing.message(id)?.conversation;
            writing.retry(id, now)?;
            Ok(conversation)
        })
        .await?;
    outbox::tell_message(core, conversation, id);
    core.outbox_wake.notify_one();
    Ok(Done {})
}

pub(super) async fn delete_message_here(core: &Core, params: DeleteMessageHere) -> Result<Done, Stopped> {
    let id = MessageId(params.message.0);
    let conversation = core
        .write(move |writing| {
            let conversation = writing.message(id)?.conversation;
            writing.delete_message(id)?;
            Ok(conversation)
        })
        .await?;
    core.tell_conversation(conversation);
    Ok(Done {})
}

pub(super) async fn mark_read(core: &Core, params: MarkRead) -> Result<Done, Stopped> {
    let with = view::parse_conversation(&params.conversation)?;
    let up_to = MessageId(params.up_to.0);
    let newly_read = core
        .write(move |writing| {
            if writing.message(up_to)?.conversation != with {
                return Err(ErrorCode::NotFound.into());
            }
            Ok(writing.mark_read(up_to)?)
        })
        .await?;
    // A shell that marks what it shows is not told again and again to show it anew.
    if newly_read > 0 {
        core.tell_conversation(with);
    }
    Ok(Done {})
}
