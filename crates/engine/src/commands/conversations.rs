//! Lists of conversations and the heads of open ones.

use contract::{
    ConversationPage, ConversationView, Done, ErrorCode, Event, ListConversations, ListRequests,
    OpenConversation, ResolveRecipient, SetDraft,
};
use protocol::account::AccountId;
use store::ConversationList;

use super::codes;
use crate::core::Core;
use crate::failure::Stopped;
use crate::view;

pub(super) async fn list_conversations(
    core: &Core,
    params: ListConversations,
) -> Result<ConversationPage, Stopped> {
    list(core, ConversationList::Home, params.offset, params.limit).await
}

pub(super) async fn list_requests(core: &Core, params: ListRequests) -> Result<ConversationPage, Stopped> {
    list(core, ConversationList::Requests, params.offset, params.limit).await
}

async fn list(
    core: &Core,
    list: ConversationList,
    offset: u32,
    limit: u32,
) -> Result<ConversationPage, Stopped> {
    let now = core.device_now();
    let mut page = core
        .read(move |reading| {
            let page = reading.conversations(list, offset, view::window_length(limit))?;
            Ok(ConversationPage {
                total: page.total,
                offset,
                rows: page
                    .rows
                    .into_iter()
                    .map(|row| view::conversation::row(row, now))
                    .collect(),
                unread_requests: reading.count_unread_conversations(ConversationList::Requests)?,
                requests: reading.count_conversations(ConversationList::Requests)?,
            })
        })
        .await?;
    for row in &mut page.rows {
        row.typing = core.shows_typing(&row.id);
    }
    Ok(page)
}

pub(super) async fn open_conversation(
    core: &Core,
    params: OpenConversation,
) -> Result<ConversationView, Stopped> {
    head(core, view::parse_conversation(&params.conversation)?).await
}

pub(super) async fn resolve_recipient(
    core: &Core,
    params: ResolveRecipient,
) -> Result<ConversationView, Stopped> {
    let with = AccountId::parse_typed(&params.text).map_err(|_| ErrorCode::IdInvalid)?;
    head(core, with).await
}

/// The conversation with whoever's Account ID a code in a picture holds; `None` when no code is in it.
pub(crate) async fn recipient_in_picture(
    core: &Core,
    picture: Vec<u8>,
) -> Result<Option<ConversationView>, Stopped> {
    let read = |text: &str| AccountId::parse_typed(text).ok();
    match codes::find(core, picture, ErrorCode::QrNotId, read).await? {
        Some(with) => head(core, with).await.map(Some),
        None => Ok(None),
    }
}

async fn head(core: &Core, with: AccountId) -> Result<ConversationView, Stopped> {
    let own = core.own_id()?;
    let now = core.device_now();
    let head = core
        .read(move |reading| {
            let contact = reading.contact(&with)?;
            let conversation = reading.conversation(&with)?;
            let head = view::conversation::head(own, with, contact.as_ref(), conversation.as_ref(), now);
            Ok(ConversationView {
                auto_download: with == own || reading.fetches_unasked(&with)?,
                voice_draft: reading.voice_draft(&with)?.map(view::attachment::view),
                ..head
            })
        })
        .await?;
    Ok(ConversationView {
        typing: core.with_typing(|typing| typing.shows(&with)),
        ..head
    })
}

pub(super) async fn set_draft(core: &Core, params: SetDraft) -> Result<Done, Stopped> {
    let with = view::parse_conversation(&params.conversation)?;
    core.keys()?;
    let now = core.network_now();
    core.write(move |writing| Ok(writing.set_draft(&with, &params.text, now)?))
        .await?;
    // The open conversation holds the text itself; only its row elsewhere changes.
    core.events.send(Event::ConversationsChanged);
    Ok(Done {})
}
