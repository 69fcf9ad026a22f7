//! What people do with whole conversations and with people, and the lists of people. Spec: messages §15.

use contract::{
    ClearMessages, ClearRequests, ConversationId, DeleteContact, DeleteConversation, Done, ErrorCode,
    Failure, GetContactQr, HideNoteToSelf, ListBlocked, ListContacts, MarkAllRead, MarkUnread, Mute,
    MuteConversation, PersonPage, PinConversation, QrView, SetNickname,
};
use protocol::TimestampMs;
use protocol::account::AccountId;
use store::{People, StoreError, Writing};

use super::requests::somebody_else;
use crate::core::Core;
use crate::failure::Stopped;
use crate::view;

/// Longest nickname in bytes of UTF-8.
const LONGEST_NICKNAME: usize = 100;

pub(super) async fn get_contact_qr(_: &Core, params: GetContactQr) -> Result<QrView, Stopped> {
    let whom = view::parse_conversation(&params.conversation)?;
    Ok(view::qr::draw(&whom.to_hex())?)
}

pub(super) async fn pin_conversation(core: &Core, params: PinConversation) -> Result<Done, Stopped> {
    let pinned = params.pinned;
    change(
        core,
        &params.conversation,
        move |writing, with, now| match pinned {
            true => writing.pin(with, now),
            false => writing.unpin(with),
        },
    )
    .await
}

pub(super) async fn mute_conversation(core: &Core, params: MuteConversation) -> Result<Done, Stopped> {
    let now = core.device_now();
    let mute = match params.mute {
        None => None,
        Some(Mute::Ever) => Some(store::Mute::Ever),
        Some(Mute::Seconds { seconds: 0 }) => {
            return Err(Failure::new(ErrorCode::BadCommand)
                .with("reason", "seconds")
                .into());
        }
        Some(Mute::Seconds { seconds }) => {
            let ms = i64::from(seconds).saturating_mul(1_000);
            Some(store::Mute::Until(now.plus_ms(ms)))
        }
    };
    somebody_else(core, &params.conversation)?;
    let done = change(core, &params.conversation, move |writing, with, now| {
        writing.mute(with, mute, now)
    })
    .await?;
    core.mute_wake.notify_one();
    Ok(done)
}

pub(super) async fn mark_unread(core: &Core, params: MarkUnread) -> Result<Done, Stopped> {
    change(core, &params.conversation, |writing, with, _| {
        writing.mark_unread(with)
    })
    .await
}

pub(super) async fn mark_all_read(core: &Core, params: MarkAllRead) -> Result<Done, Stopped> {
    let with = view::parse_conversation(&params.conversation)?;
    let now = core.network_now();
    let changed = core
        .write(move |writing| Ok(writing.mark_all_read(&with, now)?))
        .await?;
    if changed {
        core.tell_conversation(with);
    }
    Ok(Done {})
}

pub(super) async fn set_nickname(core: &Core, params: SetNickname) -> Result<Done, Stopped> {
    let nickname = params.nickname.trim().to_owned();
    if nickname.len() > LONGEST_NICKNAME {
        return Err(ErrorCode::NickLong.into());
    }
    somebody_else(core, &params.conversation)?;
    change(core, &params.conversation, move |writing, whom, now| {
        writing.set_nickname(whom, &nickname, now)
    })
    .await
}

pub(super) async fn hide_note_to_self(core: &Core, params: HideNoteToSelf) -> Result<Done, Stopped> {
    let own = ConversationId(core.own_id()?.to_hex());
    change(core, &own, move |writing, own, now| match params.hidden {
        true => writing.hide_conversation(own, now),
        false => writing.show_conversation(own, now),
    })
    .await
}

pub(super) async fn delete_conversation(core: &Core, params: DeleteConversation) -> Result<Done, Stopped> {
    change(core, &params.conversation, |writing, with, now| {
        writing.delete_conversation(with, now)
    })
    .await
}

pub(super) async fn delete_contact(core: &Core, params: DeleteContact) -> Result<Done, Stopped> {
    somebody_else(core, &params.conversation)?;
    change(core, &params.conversation, |writing, whom, now| {
        writing.delete_contact(whom, now)
    })
    .await
}

pub(super) async fn clear_messages(core: &Core, params: ClearMessages) -> Result<Done, Stopped> {
    change(core, &params.conversation, |writing, with, _| {
        writing.clear_messages(with)
    })
    .await
}

pub(super) async fn clear_requests(core: &Core, _: ClearRequests) -> Result<Done, Stopped> {
    core.keys()?;
    let people = core.write(|writing| Ok(writing.delete_requests()?)).await?;
    core.transfer_wake.notify_one();
    for person in people {
        core.tell_conversation(person);
    }
    Ok(Done {})
}

pub(super) async fn list_contacts(core: &Core, params: ListContacts) -> Result<PersonPage, Stopped> {
    people(core, People::Contacts, params.offset, params.limit).await
}

pub(super) async fn list_blocked(core: &Core, params: ListBlocked) -> Result<PersonPage, Stopped> {
    people(core, People::Blocked, params.offset, params.limit).await
}

async fn people(core: &Core, list: People, offset: u32, limit: u32) -> Result<PersonPage, Stopped> {
    core.read(move |reading| {
        let page = reading.people(list, offset, view::window_length(limit))?;
        Ok(PersonPage {
            total: page.total,
            offset,
            rows: page.rows.into_iter().map(view::person::row).collect(),
        })
    })
    .await
}

/// Changes one conversation in one transaction and tells shells.
async fn change(
    core: &Core,
    conversation: &ConversationId,
    work: impl FnOnce(&Writing<'_>, &AccountId, TimestampMs) -> Result<(), StoreError> + Send + 'static,
) -> Result<Done, Stopped> {
    let with = view::parse_conversation(conversation)?;
    core.keys()?;
    let now = core.network_now();
    core.write(move |writing| Ok(work(writing, &with, now)?)).await?;
    // Messages may be gone, and their files with them.
    core.transfer_wake.notify_one();
    core.tell_conversation(with);
    Ok(Done {})
}
