//! What a search found.

use serde::{Deserialize, Serialize};

use crate::{ConversationId, MessageId, PersonRow, PictureId, TimestampMs};

/// Answer to `search`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchResults {
    /// Conversations and contacts whose name matches; none when only one conversation was searched.
    pub people: Vec<PersonRow>,
    /// Note to Self matches.
    pub note_to_self: bool,
    /// Messages, newest first.
    pub messages: Vec<MessageHit>,
    /// There are older hits.
    pub more: bool,
}

/// One message that a search found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageHit {
    /// Its row.
    pub message: MessageId,
    /// Where it is.
    pub conversation: ConversationId,
    /// The conversation's name; empty for Note to Self.
    pub name: String,
    /// Written by me.
    pub mine: bool,
    /// The other side's picture, when it is here.
    #[serde(default)]
    pub picture: Option<PictureId>,
    /// Its sent time.
    pub sent_at_ms: TimestampMs,
    /// The text around the first match, in parts.
    pub excerpt: Vec<ExcerptPart>,
}

/// A stretch of an excerpt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExcerptPart {
    /// The text.
    pub text: String,
    /// It is what was looked for.
    pub hit: bool,
}
