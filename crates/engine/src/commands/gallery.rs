//! The files and links of a whole conversation.

use contract::{
    ErrorCode, GalleryItem, GalleryPage, GetNeighbours, LinkItem, LinkPage, ListGallery, ListLinks,
    Neighbours,
};
use store::{Attachment, AttachmentId, Looking, MessageId, Reading};

use crate::core::Core;
use crate::failure::Stopped;
use crate::view;

/// What every web link begins with; the index of all words finds it.
const LINK_WORD: &str = "http";

pub(super) async fn list_gallery(core: &Core, params: ListGallery) -> Result<GalleryPage, Stopped> {
    let with = view::parse_conversation(&params.conversation)?;
    let limit = view::window_length(params.limit);
    let before = params.before.map(|id| AttachmentId(id.0));
    let mut items = core
        .read(move |reading| {
            let files = reading.gallery(&with, params.media, before, limit.saturating_add(1))?;
            files
                .into_iter()
                .map(|file| item(reading, file))
                .collect::<Result<Vec<_>, _>>()
        })
        .await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = items.len() > limit;
    items.truncate(limit);
    for item in &mut items {
        core.transfers.show(std::slice::from_mut(&mut item.attachment));
    }
    Ok(GalleryPage { items, more })
}

pub(super) async fn get_neighbours(core: &Core, params: GetNeighbours) -> Result<Neighbours, Stopped> {
    let id = AttachmentId(params.attachment.0);
    core.read(move |reading| {
        let (older, newer) = reading.media_beside(id)?;
        let beside = |id: Option<AttachmentId>| match id {
            Some(id) => item(reading, reading.attachment(id)?).map(Some),
            None => Ok(None),
        };
        Ok(Neighbours {
            this: item(reading, reading.attachment(id)?)?,
            older: beside(older)?,
            newer: beside(newer)?,
        })
    })
    .await
}

pub(super) async fn list_links(core: &Core, params: ListLinks) -> Result<LinkPage, Stopped> {
    let with = view::parse_conversation(&params.conversation)?;
    let limit = view::window_length(params.limit);
    let before = params.before.map(|message| MessageId(message.0));
    core.read(move |reading| {
        let hits = reading.search_messages(&Looking {
            text: LINK_WORD,
            with: Some(&with),
            before,
            limit,
        })?;
        let last = hits.rows.last().map(|hit| view::message::id(hit.message));
        let mut items = Vec::new();
        for hit in hits.rows {
            let text = reading.message(hit.message)?.body;
            if has_link(&text) {
                items.push(LinkItem {
                    message: view::message::id(hit.message),
                    text,
                    sent_at_ms: view::time(hit.sent_at),
                });
            }
        }
        Ok(LinkPage {
            items,
            next: last.filter(|_| hits.more),
        })
    })
    .await
}

fn has_link(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["https://", "http://"].iter().any(|scheme| text.contains(scheme))
}

fn item(reading: &Reading<'_>, file: Attachment) -> Result<GalleryItem, Stopped> {
    let message = reading.message(file.message.ok_or(ErrorCode::NotFound)?)?;
    Ok(GalleryItem {
        attachment: view::attachment::view(file),
        message: view::message::id(message.id),
        conversation: view::conversation_id(message.conversation),
        sent_at_ms: view::time(message.sent_at),
    })
}
