//! Message requests and blocking.

use contract::{AcceptRequest, Block, ConversationId, DeleteRequest, Done, ErrorCode, Unblock};
use protocol::TimestampMs;
use protocol::account::AccountId;
use store::{StoreError, Writing};

use crate::core::Core;
use crate::failure::Stopped;
use crate::{outbox, reminder, view};

pub(super) async fn accept_request(core: &Core, params: AcceptRequest) -> Result<Done, Stopped> {
    let from = somebody_else(core, &params.conversation)?;
    outbox::accept(core, from).await?;
    core.tell_conversation(from);
    Ok(Done {})
}

pub(super) async fn delete_request(core: &Core, params: DeleteRequest) -> Result<Done, Stopped> {
    let from = somebody_else(core, &params.conversation)?;
    core.write(move |writing| match writing.contact(&from)? {
        Some(contact) if contact.approved => Err(ErrorCode::NotFound.into()),
        Some(_) => Ok(writing.delete_request(&from)?),
        None => Err(ErrorCode::NotFound.into()),
    })
    .await?;
    core.transfer_wake.notify_one();
    core.tell_conversation(from);
    Ok(Done {})
}

pub(super) async fn block(core: &Core, params: Block) -> Result<Done, Stopped> {
    let done = flag(core, &params.conversation, |writing, whom, now| {
        writing.block(whom, now)
    })
    .await?;
    core.stop_typing_silently(view::parse_conversation(&params.conversation)?);
    core.outbox_wake.notify_one();
    Ok(done)
}

pub(super) async fn unblock(core: &Core, params: Unblock) -> Result<Done, Stopped> {
    flag(core, &params.conversation, |writing, whom, now| {
        writing.unblock(whom, now)
    })
    .await
}

async fn flag(
    core: &Core,
    conversation: &ConversationId,
    set: fn(&Writing<'_>, &AccountId, TimestampMs) -> Result<(), StoreError>,
) -> Result<Done, Stopped> {
    let whom = somebody_else(core, conversation)?;
    let now = core.network_now();
    let reminded = core
        .write(move |writing| {
            set(writing, &whom, now)?;
            reminder::raise_if_due(writing)
        })
        .await?;
    if reminded {
        core.events.send(contract::Event::AccountChanged);
    }
    // What is being fetched of somebody who is blocked ends.
    core.transfer_wake.notify_one();
    core.picture_wake.notify_one();
    core.tell_conversation(whom);
    Ok(Done {})
}

/// Nobody requests from, accepts or blocks themselves.
pub(super) fn somebody_else(core: &Core, conversation: &ConversationId) -> Result<AccountId, Stopped> {
    let with = view::parse_conversation(conversation)?;
    match with == core.own_id()? {
        true => Err(ErrorCode::IdInvalid.into()),
        false => Ok(with),
    }
}
