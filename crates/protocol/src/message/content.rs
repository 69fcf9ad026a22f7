//! The protobuf schema (proto2) of what a message says.
//!
//! Every field is an `Option` or a list, also those that the schema calls required, so that presence survives parsing
//! and writing. [`Content::parse`] refuses a message in which a required field is missing, as every other client does;
//! [`Content::to_bytes`] writes fields in the order of their numbers. Unknown fields are skipped. Enumerations are kept
//! as numbers, so that values of newer clients survive. Spec: messages §2 (MSG-01 to MSG-05).

mod call;
mod control;
mod data;
mod group;
mod required;

pub use call::{CallMessage, CallType};
pub use control::{
    ConfigKind, DataExtractionNotification, ExtractionType, KeyPair, MessageRequestResponse, ReceiptMessage,
    ReceiptType, SharedConfigMessage, TypingAction, TypingMessage, UnsendRequest,
};
pub use data::{
    AttachmentPointer, CommunityInvitation, DataMessage, EXPIRATION_TIMER_UPDATE, Preview, Profile, Quote,
    QuotedAttachment, Reaction, ReactionAction, VOICE_MESSAGE,
};
pub use group::{
    GroupDeleteMemberContent, GroupInfoChange, GroupInfoChangeType, GroupInvite, GroupInviteResponse,
    GroupMemberChange, GroupMemberChangeType, GroupMemberLeft, GroupMemberLeftNotification, GroupPromote,
    GroupUpdateMessage,
};
use prost::Message;

/// What one message says: exactly one of its parts is set, plus fields that go with every part.
#[derive(Clone, PartialEq, Message)]
pub struct Content {
    /// 1: text, attachments, reactions, timer changes and group updates.
    #[prost(message, optional, tag = "1")]
    pub data_message: Option<DataMessage>,
    /// 3: signalling of a call.
    #[prost(message, optional, tag = "3")]
    pub call_message: Option<CallMessage>,
    /// 5: messages were read.
    #[prost(message, optional, tag = "5")]
    pub receipt_message: Option<ReceiptMessage>,
    /// 6: somebody types.
    #[prost(message, optional, tag = "6")]
    pub typing_message: Option<TypingMessage>,
    /// 8: media was saved or a screenshot taken.
    #[prost(message, optional, tag = "8")]
    pub data_extraction_notification: Option<DataExtractionNotification>,
    /// 9: a message is deleted for everyone.
    #[prost(message, optional, tag = "9")]
    pub unsend_request: Option<UnsendRequest>,
    /// 10: a message request was accepted.
    #[prost(message, optional, tag = "10")]
    pub message_request_response: Option<MessageRequestResponse>,
    /// 11: never sent; old clients carried config messages here.
    #[prost(message, optional, tag = "11")]
    pub shared_config_message: Option<SharedConfigMessage>,
    /// 12: when the message disappears ([`ExpirationType`]); written also when off.
    #[prost(enumeration = "ExpirationType", optional, tag = "12")]
    pub expiration_type: Option<i32>,
    /// 13: after how many **seconds** it disappears; 0 when off.
    #[prost(uint32, optional, tag = "13")]
    pub expiration_timer: Option<u32>,
    /// 15: sent time in network milliseconds; must equal the envelope's.
    #[prost(uint64, optional, tag = "15")]
    pub sig_timestamp: Option<u64>,
    /// 16: proof of a paid account; kept, never judged.
    #[prost(message, optional, tag = "16")]
    pub pro_message: Option<ProMessage>,
    /// 17: used in communities only.
    #[prost(bytes = "vec", optional, tag = "17")]
    pub pro_sig_for_community_message_only: Option<Vec<u8>>,
}

/// When a message disappears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, prost::Enumeration)]
#[repr(i32)]
pub enum ExpirationType {
    /// Not, or not said.
    Unknown = 0,
    /// Some time after it was read.
    DeleteAfterRead = 1,
    /// Some time after it was sent.
    DeleteAfterSend = 2,
}

/// Proof of a paid account.
#[derive(Clone, PartialEq, Message)]
pub struct ProMessage {
    /// 1: the proof.
    #[prost(message, optional, tag = "1")]
    pub proof: Option<ProProof>,
    /// 2: features of the profile.
    #[prost(uint64, optional, tag = "2")]
    pub profile_bitset: Option<u64>,
    /// 3: features of this message.
    #[prost(uint64, optional, tag = "3")]
    pub msg_bitset: Option<u64>,
}

/// The signed part of [`ProMessage`].
#[derive(Clone, PartialEq, Message)]
pub struct ProProof {
    /// 1: format version.
    #[prost(uint32, optional, tag = "1")]
    pub version: Option<u32>,
    /// 2: hash of the payment's generation.
    #[prost(bytes = "vec", optional, tag = "2")]
    pub gen_index_hash: Option<Vec<u8>>,
    /// 3: Ed25519 key that signs envelopes.
    #[prost(bytes = "vec", optional, tag = "3")]
    pub rotating_public_key: Option<Vec<u8>>,
    /// 4: end of validity, milliseconds.
    #[prost(uint64, optional, tag = "4")]
    pub expiry_unix_ts: Option<u64>,
    /// 5: signature of the service that sells it.
    #[prost(bytes = "vec", optional, tag = "5")]
    pub sig: Option<Vec<u8>>,
}

/// Why bytes are not a content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ContentError {
    /// Not protobuf, or a field has another type than the schema says.
    #[error("not a protobuf message of this schema")]
    Malformed,
    /// A field without which the message means nothing is missing; its name in the schema.
    #[error("required field {0} is missing")]
    MissingField(&'static str),
}

impl Content {
    /// Parses bytes without padding.
    ///
    /// # Errors
    /// [`ContentError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, ContentError> {
        let content = Self::decode(bytes).map_err(|_| ContentError::Malformed)?;
        content.check_required()?;
        Ok(content)
    }

    /// Writes the content without padding.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.encode_to_vec()
    }
}

#[cfg(test)]
#[path = "content/content_tests.rs"]
mod tests;
