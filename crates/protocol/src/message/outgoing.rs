//! Contents that this account sends, and the one call that turns them into what a swarm stores.

mod interaction;
mod link;

use rand_core::CryptoRng;

use super::content::{
    CallMessage, Content, DataMessage, ExpirationType, MessageRequestResponse, Profile, TypingMessage,
};
use super::incoming::{Disappearing, DisappearingMode};
use super::sealed_box::SealedBoxError;
use super::{envelope, padding, signed_box};
use crate::TimestampMs;
use crate::account::{AccountId, AccountKeys};
use crate::attachment::ProfilePicture;

pub use link::stands_in;

pub use interaction::{answering, is_emoji, reaction, reaction_to_note, unsend};

mod notices;

pub use notices::{copy_ttl_ms, own_timer_update, read_receipt, timer_update, typing};

/// Longest text, in Unicode code points and in UTF-16 units. Spec: messages §7 (SND-02).
pub const LONGEST_TEXT: usize = 2_000;

/// Largest payload that a swarm stores, in bytes before base64. Spec: messages §7 (SND-03).
pub const LARGEST_PAYLOAD: usize = 76_800;

/// How long a swarm keeps a message that does not disappear: 14 days. Spec: messages §7 (SND-06).
pub const TTL_MS: u64 = 14 * 24 * 60 * 60 * 1_000;

/// Swarms keep nothing for less: they refuse what asks for it. Spec: messages §7 (SND-06).
pub const SHORTEST_TTL_MS: u64 = 10_000;

const TYPING_TTL_MS: u64 = 20_000;
const CALL_TTL_MS: u64 = 300_000;

/// The sender's name and picture, as others get to see them. Spec: messages §7 (SND-05).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SenderProfile {
    /// Display name, at most 100 bytes.
    pub display_name: String,
    /// When name or picture last changed, in seconds of network time; 0 if never.
    pub updated_s: u64,
    /// Where the picture is, if there is one.
    pub picture: Option<ProfilePicture>,
}

/// Why a content cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The recipient's key is weak: no such account exists.
    #[error("the recipient's key is weak")]
    WeakKey,
    /// The payload would be larger than a swarm takes.
    #[error("{0} bytes are more than a swarm takes")]
    TooLarge(usize),
    /// The recipient is not an account.
    #[error("the recipient is not an account")]
    NotAnAccount,
    /// The sent time lies before 1970.
    #[error("the sent time is out of range")]
    SentAt,
}

/// How many characters a text is too long, or `None` when it fits. Both counts of other clients must fit, so the larger
/// excess is given. Spec: messages §7 (SND-02).
pub fn excess_characters(text: &str) -> Option<usize> {
    let longest = text.chars().count().max(text.encode_utf16().count());
    longest.checked_sub(LONGEST_TEXT).filter(|excess| *excess > 0)
}

/// A text to somebody else. Spec: messages §7 (SND-04, SND-05).
pub fn text(
    body: &str,
    profile: &SenderProfile,
    disappearing: Option<Disappearing>,
    sent_at: TimestampMs,
) -> Content {
    let data = DataMessage {
        body: Some(body.to_owned()),
        profile_key: profile.wire_key(),
        profile: Some(profile.to_wire()),
        ..DataMessage::default()
    };
    visible(data, disappearing, sent_at)
}

/// A text to oneself. Spec: messages §7 (SND-08).
pub fn note_to_self(
    own: AccountId,
    body: &str,
    disappearing: Option<Disappearing>,
    sent_at: TimestampMs,
) -> Content {
    let data = DataMessage {
        body: Some(body.to_owned()),
        sync_target: Some(own.to_hex()),
        ..DataMessage::default()
    };
    visible(data, disappearing, sent_at)
}

/// Tells somebody that their message request was accepted. Spec: messages §7 (SND-09).
pub fn request_accepted(profile: &SenderProfile, sent_at: TimestampMs) -> Content {
    let response = MessageRequestResponse {
        is_approved: Some(true),
        profile_key: profile.wire_key(),
        profile: Some(profile.to_wire()),
    };
    Content {
        message_request_response: Some(response),
        sig_timestamp: sent_at.to_wire(),
        ..Content::default()
    }
}

/// The copy of a content for one's own other devices: with the conversation's id, without the profile. `None` for
/// contents that are not copied. Spec: messages §7 (SND-07).
pub fn sync_copy(content: &Content, recipient: AccountId) -> Option<Content> {
    if content.unsend_request.is_some() {
        return Some(content.clone());
    }
    let mut copy = content.clone();
    let data = copy
        .data_message
        .as_mut()
        .filter(|data| data.group_update_message.is_none())?;
    data.sync_target = Some(recipient.to_hex());
    data.profile = None;
    data.profile_key = None;
    Some(copy)
}

/// How long a swarm is to keep a content, in milliseconds. Spec: messages §7 (SND-06).
pub fn ttl_ms(content: &Content) -> u64 {
    match content {
        Content {
            typing_message: Some(TypingMessage { .. }),
            ..
        } => TYPING_TTL_MS,
        Content {
            call_message: Some(CallMessage { .. }),
            ..
        } => CALL_TTL_MS,
        Content {
            data_message: Some(_),
            expiration_timer: Some(seconds),
            expiration_type: Some(kind),
            ..
        } if *seconds > 0 && ExpirationType::try_from(*kind) == Ok(ExpirationType::DeleteAfterSend) => {
            u64::from(*seconds)
                .saturating_mul(1_000)
                .clamp(SHORTEST_TTL_MS, TTL_MS)
        }
        _ => TTL_MS,
    }
}

/// Pads, signs, seals and wraps a content: the bytes that go to the recipient's swarm (base64 is the request's affair).
/// Spec: messages §3 to §5, §7 (SND-01, SND-03).
///
/// # Errors
/// [`SealError`].
pub fn seal(
    rng: &mut impl CryptoRng,
    author: &AccountKeys,
    recipient: AccountId,
    sent_at: TimestampMs,
    content: &Content,
) -> Result<Vec<u8>, SealError> {
    if !recipient.is_account() {
        return Err(SealError::NotAnAccount);
    }
    sent_at.to_wire().ok_or(SealError::SentAt)?;
    let padded = padding::pad(content.to_bytes());
    let sealed = signed_box::seal(rng, author, recipient.key(), &padded).map_err(|error| match error {
        SealedBoxError::WeakKey | SealedBoxError::TooShort | SealedBoxError::TagMismatch => {
            SealError::WeakKey
        }
    })?;
    let payload = envelope::wrap(rng, sent_at, sealed);
    match payload.len() {
        length if length > LARGEST_PAYLOAD => Err(SealError::TooLarge(length)),
        _ => Ok(payload),
    }
}

fn visible(data: DataMessage, disappearing: Option<Disappearing>, sent_at: TimestampMs) -> Content {
    let kind = match disappearing.map(|setting| setting.mode) {
        None => ExpirationType::Unknown,
        Some(DisappearingMode::AfterRead) => ExpirationType::DeleteAfterRead,
        Some(DisappearingMode::AfterSend) => ExpirationType::DeleteAfterSend,
    };
    Content {
        data_message: Some(data),
        expiration_type: Some(kind.into()),
        expiration_timer: Some(disappearing.map_or(0, |setting| setting.seconds)),
        sig_timestamp: sent_at.to_wire(),
        ..Content::default()
    }
}

impl SenderProfile {
    fn to_wire(&self) -> Profile {
        Profile {
            display_name: Some(self.display_name.clone()),
            profile_picture: self.picture.as_ref().map(|picture| picture.url().to_string()),
            last_update_seconds: (self.updated_s > 0).then_some(self.updated_s),
        }
    }

    /// The picture's key, which stands beside the profile. Spec: attachments §7 (ATT-44)
    fn wire_key(&self) -> Option<Vec<u8>> {
        let key = |picture: &ProfilePicture| picture.key().expose_secret().to_vec();
        self.picture.as_ref().map(key)
    }
}

#[cfg(test)]
#[path = "outgoing/outgoing_tests.rs"]
mod tests;
