//! The files and links of a whole conversation.

use serde::{Deserialize, Serialize};

use crate::{AttachmentView, ConversationId, MessageId, TimestampMs};

/// One file of a conversation's gallery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GalleryItem {
    /// The file.
    pub attachment: AttachmentView,
    /// The message it belongs to.
    pub message: MessageId,
    /// That message's conversation.
    pub conversation: ConversationId,
    /// That message's sent time.
    pub sent_at_ms: TimestampMs,
}

/// Answer to `list_gallery`: newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GalleryPage {
    /// The window.
    pub items: Vec<GalleryItem>,
    /// There are older ones.
    pub more: bool,
}

/// Answer to `get_neighbours`: a file, and which pictures and films are before and after it, of those that are whole here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Neighbours {
    /// The file itself.
    pub this: GalleryItem,
    /// The next older one.
    pub older: Option<GalleryItem>,
    /// The next newer one.
    pub newer: Option<GalleryItem>,
}

/// A message with links.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkItem {
    /// The message.
    pub message: MessageId,
    /// Its whole text, which the links are part of.
    pub text: String,
    /// Its sent time.
    pub sent_at_ms: TimestampMs,
}

/// Answer to `list_links`: newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkPage {
    /// The window; there may be fewer than asked for also where there are older ones.
    pub items: Vec<LinkItem>,
    /// From where to go on; `None` when there are no older ones.
    pub next: Option<MessageId>,
}
