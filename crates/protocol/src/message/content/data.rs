//! [`DataMessage`] and its parts: what people write to each other.

use prost::Message;

use super::group::GroupUpdateMessage;

/// Bit of [`DataMessage::flags`]: the message changes the disappearing setting and has no body.
pub const EXPIRATION_TIMER_UPDATE: u32 = 2;
/// Bit of [`AttachmentPointer::flags`]: the file is a voice message.
pub const VOICE_MESSAGE: u32 = 1;

/// Text, attachments, a reaction, a timer change or a group update.
#[derive(Clone, PartialEq, Message)]
pub struct DataMessage {
    /// 1: the text.
    #[prost(string, optional, tag = "1")]
    pub body: Option<String>,
    /// 2: files, at most 32.
    #[prost(message, repeated, tag = "2")]
    pub attachments: Vec<AttachmentPointer>,
    /// 4: 0 or [`EXPIRATION_TIMER_UPDATE`].
    #[prost(uint32, optional, tag = "4")]
    pub flags: Option<u32>,
    /// 6: key of the sender's picture, 32 bytes.
    #[prost(bytes = "vec", optional, tag = "6")]
    pub profile_key: Option<Vec<u8>>,
    /// 7: not used; the envelope and the content carry the time.
    #[prost(uint64, optional, tag = "7")]
    pub timestamp: Option<u64>,
    /// 8: the message that this one answers.
    #[prost(message, optional, tag = "8")]
    pub quote: Option<Quote>,
    /// 10: a link's preview, at most one.
    #[prost(message, repeated, tag = "10")]
    pub preview: Vec<Preview>,
    /// 11: a reaction; the body is empty then.
    #[prost(message, optional, tag = "11")]
    pub reaction: Option<Reaction>,
    /// 101: the sender's name and picture.
    #[prost(message, optional, tag = "101")]
    pub profile: Option<Profile>,
    /// 102: an invitation to a community; the body is empty then.
    #[prost(message, optional, tag = "102")]
    pub open_group_invitation: Option<CommunityInvitation>,
    /// 105: in copies for one's own devices: the id of the conversation, 66 hex digits.
    #[prost(string, optional, tag = "105")]
    pub sync_target: Option<String>,
    /// 106: in communities: the sender takes no message requests from there.
    #[prost(bool, optional, tag = "106")]
    pub blocks_community_message_requests: Option<bool>,
    /// 120: something about a group.
    #[prost(message, optional, tag = "120")]
    pub group_update_message: Option<GroupUpdateMessage>,
}

/// A sender's name and picture.
#[derive(Clone, PartialEq, Message)]
pub struct Profile {
    /// 1: at most 100 bytes.
    #[prost(string, optional, tag = "1")]
    pub display_name: Option<String>,
    /// 2: URL of the encrypted picture.
    #[prost(string, optional, tag = "2")]
    pub profile_picture: Option<String>,
    /// 3: when the profile last changed, in **seconds** of network time.
    #[prost(uint64, optional, tag = "3")]
    pub last_update_seconds: Option<u64>,
}

/// Names the message that is answered.
#[derive(Clone, PartialEq, Message)]
pub struct Quote {
    /// 1, required: its sent time, milliseconds.
    #[prost(uint64, optional, tag = "1")]
    pub id: Option<u64>,
    /// 2, required: its author's id.
    #[prost(string, optional, tag = "2")]
    pub author: Option<String>,
    /// 3: not sent; the text is looked up.
    #[prost(string, optional, tag = "3")]
    pub text: Option<String>,
    /// 4: not sent.
    #[prost(message, repeated, tag = "4")]
    pub attachments: Vec<QuotedAttachment>,
}

/// A file of a quoted message; not sent by today's clients.
#[derive(Clone, PartialEq, Message)]
pub struct QuotedAttachment {
    /// 1: media type.
    #[prost(string, optional, tag = "1")]
    pub content_type: Option<String>,
    /// 2: name.
    #[prost(string, optional, tag = "2")]
    pub file_name: Option<String>,
    /// 3: a small picture.
    #[prost(message, optional, tag = "3")]
    pub thumbnail: Option<AttachmentPointer>,
    /// 4: flags.
    #[prost(uint32, optional, tag = "4")]
    pub flags: Option<u32>,
}

/// A preview of a link in the body.
#[derive(Clone, PartialEq, Message)]
pub struct Preview {
    /// 1, required: the link, as it stands in the body.
    #[prost(string, optional, tag = "1")]
    pub url: Option<String>,
    /// 2: the page's title.
    #[prost(string, optional, tag = "2")]
    pub title: Option<String>,
    /// 3: a picture.
    #[prost(message, optional, tag = "3")]
    pub image: Option<AttachmentPointer>,
}

/// An emoji put on a message, or taken away.
#[derive(Clone, PartialEq, Message)]
pub struct Reaction {
    /// 1, required: sent time of the message, milliseconds.
    #[prost(uint64, optional, tag = "1")]
    pub id: Option<u64>,
    /// 2, required: its author's id.
    #[prost(string, optional, tag = "2")]
    pub author: Option<String>,
    /// 3: the emoji.
    #[prost(string, optional, tag = "3")]
    pub emoji: Option<String>,
    /// 4, required: [`ReactionAction`].
    #[prost(enumeration = "ReactionAction", optional, tag = "4")]
    pub action: Option<i32>,
}

/// What happens to an emoji.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, prost::Enumeration)]
#[repr(i32)]
pub enum ReactionAction {
    /// It is added.
    React = 0,
    /// It is taken away.
    Remove = 1,
}

/// An invitation to a community.
#[derive(Clone, PartialEq, Message)]
pub struct CommunityInvitation {
    /// 1, required: `https://host/room?public_key=` and 64 hex digits.
    #[prost(string, optional, tag = "1")]
    pub url: Option<String>,
    /// 3, required: the room's name.
    #[prost(string, optional, tag = "3")]
    pub name: Option<String>,
}

/// Where a file is and how it is decrypted.
#[derive(Clone, PartialEq, Message)]
pub struct AttachmentPointer {
    /// 1, required, eight bytes little endian: an old file number.
    #[prost(fixed64, optional, tag = "1")]
    pub id: Option<u64>,
    /// 2: media type.
    #[prost(string, optional, tag = "2")]
    pub content_type: Option<String>,
    /// 3: key, 32 or 64 bytes.
    #[prost(bytes = "vec", optional, tag = "3")]
    pub key: Option<Vec<u8>>,
    /// 4: size of the file in bytes, before encryption.
    #[prost(uint32, optional, tag = "4")]
    pub size: Option<u32>,
    /// 5: not sent.
    #[prost(bytes = "vec", optional, tag = "5")]
    pub thumbnail: Option<Vec<u8>>,
    /// 6: SHA-256 of the encrypted file.
    #[prost(bytes = "vec", optional, tag = "6")]
    pub digest: Option<Vec<u8>>,
    /// 7: name.
    #[prost(string, optional, tag = "7")]
    pub file_name: Option<String>,
    /// 8: 0 or [`VOICE_MESSAGE`].
    #[prost(uint32, optional, tag = "8")]
    pub flags: Option<u32>,
    /// 9: pixels.
    #[prost(uint32, optional, tag = "9")]
    pub width: Option<u32>,
    /// 10: pixels.
    #[prost(uint32, optional, tag = "10")]
    pub height: Option<u32>,
    /// 11: not sent.
    #[prost(string, optional, tag = "11")]
    pub caption: Option<String>,
    /// 101: where the encrypted file is.
    #[prost(string, optional, tag = "101")]
    pub url: Option<String>,
}
