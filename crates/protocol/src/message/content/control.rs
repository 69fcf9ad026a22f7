//! Messages that are not shown as messages: receipts, typing, extraction notices, unsend requests, acceptances.

use prost::Message;

use super::data::Profile;

/// Messages were read.
#[derive(Clone, PartialEq, Message)]
pub struct ReceiptMessage {
    /// 1, required: [`ReceiptType`].
    #[prost(enumeration = "ReceiptType", optional, tag = "1")]
    pub r#type: Option<i32>,
    /// 2: sent times of the messages, milliseconds.
    #[prost(uint64, repeated, packed = "false", tag = "2")]
    pub timestamp: Vec<u64>,
}

/// What a receipt says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, prost::Enumeration)]
#[repr(i32)]
pub enum ReceiptType {
    /// Not used.
    Delivery = 0,
    /// They were read.
    Read = 1,
}

/// Somebody types, or stopped.
#[derive(Clone, PartialEq, Message)]
pub struct TypingMessage {
    /// 1, required: equals the envelope's time.
    #[prost(uint64, optional, tag = "1")]
    pub timestamp: Option<u64>,
    /// 2, required: [`TypingAction`].
    #[prost(enumeration = "TypingAction", optional, tag = "2")]
    pub action: Option<i32>,
}

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, prost::Enumeration)]
#[repr(i32)]
pub enum TypingAction {
    /// Typing began or goes on.
    Started = 0,
    /// It stopped.
    Stopped = 1,
}

/// Media was saved or a screenshot taken.
#[derive(Clone, PartialEq, Message)]
pub struct DataExtractionNotification {
    /// 1, required: [`ExtractionType`].
    #[prost(enumeration = "ExtractionType", optional, tag = "1")]
    pub r#type: Option<i32>,
    /// 2: sent time of the message whose media was saved; not looked at.
    #[prost(uint64, optional, tag = "2")]
    pub timestamp: Option<u64>,
}

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, prost::Enumeration)]
#[repr(i32)]
pub enum ExtractionType {
    /// A screenshot.
    Screenshot = 1,
    /// A saved file.
    MediaSaved = 2,
}

/// Deletes a message for everyone.
#[derive(Clone, PartialEq, Message)]
pub struct UnsendRequest {
    /// 1, required: its sent time, milliseconds.
    #[prost(uint64, optional, tag = "1")]
    pub timestamp: Option<u64>,
    /// 2, required: its author's id.
    #[prost(string, optional, tag = "2")]
    pub author: Option<String>,
}

/// A message request was accepted.
#[derive(Clone, PartialEq, Message)]
pub struct MessageRequestResponse {
    /// 1, required: always true.
    #[prost(bool, optional, tag = "1")]
    pub is_approved: Option<bool>,
    /// 2: key of the sender's picture, 32 bytes.
    #[prost(bytes = "vec", optional, tag = "2")]
    pub profile_key: Option<Vec<u8>>,
    /// 3: the sender's name and picture.
    #[prost(message, optional, tag = "3")]
    pub profile: Option<Profile>,
}

/// A key pair of old groups; never sent.
#[derive(Clone, PartialEq, Message)]
pub struct KeyPair {
    /// 1, required.
    #[prost(bytes = "vec", optional, tag = "1")]
    pub public_key: Option<Vec<u8>>,
    /// 2, required.
    #[prost(bytes = "vec", optional, tag = "2")]
    pub private_key: Option<Vec<u8>>,
}

/// Old carrier of config messages; never sent.
#[derive(Clone, PartialEq, Message)]
pub struct SharedConfigMessage {
    /// 1, required: [`ConfigKind`].
    #[prost(enumeration = "ConfigKind", optional, tag = "1")]
    pub kind: Option<i32>,
    /// 2, required.
    #[prost(int64, optional, tag = "2")]
    pub seqno: Option<i64>,
    /// 3, required.
    #[prost(bytes = "vec", optional, tag = "3")]
    pub data: Option<Vec<u8>>,
}

/// Which config a [`SharedConfigMessage`] carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, prost::Enumeration)]
#[repr(i32)]
pub enum ConfigKind {
    /// One's own profile.
    UserProfile = 1,
    /// Contacts.
    Contacts = 2,
    /// Read positions.
    ConvoInfoVolatile = 3,
    /// Groups and communities.
    UserGroups = 4,
}
