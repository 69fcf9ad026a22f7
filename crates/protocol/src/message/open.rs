//! From a stored payload to a message that may be believed.

use super::content::{Content, ContentError};
use super::envelope::{EnvelopeError, UnopenedMessage};
use super::incoming::{Body, Conversation, Disappearing, interpret};
use super::padding::unpad;
use super::sent_time::{Carrier, times_agree};
use super::signed_box::{self, OpenedBox, SignedBoxError};
use crate::TimestampMs;
use crate::account::{AccountId, AccountKeys};

/// A message whose author is proven, whose times agree and which obeys the rules of its kind.
///
/// There is no way to make one but [`UnopenedMessage::open`]. Spec: messages §6.
#[derive(Clone, Debug, PartialEq)]
pub struct VerifiedMessage {
    /// Who wrote it: taken from the signature, from nowhere else.
    pub author: AccountId,
    /// The author's Ed25519 key, 32 bytes.
    pub author_ed25519: [u8; 32],
    /// When it was sent, in network time; with the author it names the message.
    pub sent_at: TimestampMs,
    /// Where it belongs.
    pub conversation: Conversation,
    /// When it disappears, if it does.
    pub disappearing: Option<Disappearing>,
    /// What it says.
    pub body: Body,
    /// The content's bytes without padding, as signed: what is kept of a message that this version cannot show.
    pub content_bytes: Vec<u8>,
}

/// Why a payload leads to no message. All of it is ordinary input from others: drop, count, remember the hash.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The outer layers are wrong.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The box does not open, or its signature does not hold.
    #[error(transparent)]
    SignedBox(#[from] SignedBoxError),
    /// The content is not of the schema.
    #[error(transparent)]
    Content(#[from] ContentError),
    /// Envelope and content name different sent times.
    #[error("the sent times of envelope and content differ")]
    TimestampMismatch,
    /// Somebody else's message says where one's own copies belong.
    #[error("a sync target in a message of somebody else")]
    ForeignSyncTarget,
    /// The sync target is no id of an account or group.
    #[error("the sync target is not an id")]
    SyncTarget,
    /// A typing message carries another time than its envelope.
    #[error("the time of a typing message differs")]
    TypingTimestamp,
    /// An unsend request for a message of somebody else.
    #[error("an unsend request by somebody who is not the author")]
    UnsendByStranger,
    /// More than 32 attachments.
    #[error("too many attachments")]
    TooManyAttachments,
    /// A reaction without an emoji or with an author that is no id.
    #[error("a reaction without an emoji or author")]
    Reaction,
    /// There is nothing in it.
    #[error("an empty message")]
    Empty,
    /// A kind of message that is not acted upon: delivery receipts, refusals, copies of one's own that nobody needs.
    #[error("a message that is not acted upon")]
    NotActedUpon,
}

impl UnopenedMessage {
    /// Opens the box, verifies the author and applies the rules of the message's kind. Spec: messages §4 to §6.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(&self, keys: &AccountKeys) -> Result<VerifiedMessage, OpenError> {
        let OpenedBox {
            author,
            author_ed25519,
            content: padded,
        } = signed_box::open(keys, &self.sealed)?;
        let bytes = unpad(&padded);
        let content = Content::parse(bytes)?;
        if !times_agree(self.timestamp, content.sig_timestamp, Carrier::Envelope) {
            return Err(OpenError::TimestampMismatch);
        }
        let (conversation, disappearing, body) =
            interpret(keys.account_id(), author, self.timestamp, content, bytes.len())?;
        Ok(VerifiedMessage {
            author,
            author_ed25519,
            sent_at: self.timestamp,
            conversation,
            disappearing,
            body,
            content_bytes: bytes.to_vec(),
        })
    }
}

impl VerifiedMessage {
    /// Parses and opens a stored payload (after base64).
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(keys: &AccountKeys, payload: &[u8]) -> Result<Self, OpenError> {
        UnopenedMessage::parse(payload)?.open(keys)
    }

    /// Whether the account's own other device sent it.
    pub fn is_mine(&self) -> bool {
        matches!(
            self.conversation,
            Conversation::NoteToSelf | Conversation::SentTo(_)
        )
    }
}

#[cfg(test)]
#[path = "open/open_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "open/mutation_tests.rs"]
mod mutation_tests;
