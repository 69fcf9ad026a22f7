//! Messages: rows of an open conversation and their states.

use serde::{Deserialize, Serialize};

use crate::{
    AccountId, AttachmentView, ConversationId, Expiry, Failure, LinkPreview, MessageBody, MessageId,
    ReactionCount, TimestampMs,
};

/// State of a message of mine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MessageStatus {
    /// Stored here; goes by itself, also after a restart.
    Queued,
    /// The request is under way.
    Sending,
    /// The recipient's swarm confirmed it.
    Sent,
    /// The recipient read it.
    Read,
    /// Given up after the automatic tries, or refused for good.
    Failed,
    /// Delivered; the copy for my other devices is pending.
    SyncFailed,
}

/// One message as a row of the conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageRow {
    /// Names the row.
    pub id: MessageId,
    /// Who wrote it.
    pub author: AccountId,
    /// Written by me (on any of my devices).
    pub mine: bool,
    /// What it is.
    pub body: MessageBody,
    /// The sent time carried in the message; orders the rows (with the id as tie-break).
    pub sent_at_ms: TimestampMs,
    /// When it was stored here.
    pub received_at_ms: TimestampMs,
    /// Its state when it is mine.
    pub status: Option<MessageStatus>,
    /// Why it failed, or why it waits.
    pub failure: Option<Failure>,
    /// Read by me.
    pub read: bool,
    /// The message that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<Quote>,
    /// Reactions, in the order in which each emoji was first given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<ReactionCount>,
    /// How it disappears.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<Expiry>,
    /// What it shows of a link in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview: Option<LinkPreview>,
    /// Its files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachmentView>,
}

/// The message that another one answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Who wrote it.
    pub author: AccountId,
    /// Their name; empty when it is mine: the shell words it.
    pub name: String,
    /// It is mine.
    pub mine: bool,
    /// Its row and what it says; `None` when it is not available here.
    pub original: Option<QuotedMessage>,
}

/// What is shown of a quoted message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotedMessage {
    /// Its row.
    pub message: MessageId,
    /// What it says; a text is cut after 200 characters.
    pub body: MessageBody,
    /// Its first file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<AttachmentView>,
}

/// Answer to `get_message_info`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageInfo {
    /// The row.
    pub row: MessageRow,
    /// Name of who wrote it; empty when it is mine: the shell words it.
    pub author_name: String,
    /// Tries to send it so far, when it is mine and still waits.
    pub attempts: u32,
    /// When it is tried again, in device time.
    pub next_try_ms: Option<TimestampMs>,
}

/// Which rows `list_messages` is to give, oldest first within the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum MessageWindow {
    /// The newest rows.
    Newest,
    /// The oldest rows.
    Oldest,
    /// Rows around the first unread one, or the newest when all is read.
    FirstUnread,
    /// Rows around one row.
    Around {
        /// That row.
        message: MessageId,
    },
    /// Rows before one row, that one left out.
    Before {
        /// That row.
        message: MessageId,
    },
    /// Rows after one row, that one left out.
    After {
        /// That row.
        message: MessageId,
    },
}

/// Answer to `list_messages`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessagePage {
    /// Rows, oldest first.
    pub rows: Vec<MessageRow>,
    /// There are older rows.
    pub more_before: bool,
    /// There are newer rows.
    pub more_after: bool,
    /// The first unread row of the conversation, if any.
    pub first_unread: Option<MessageId>,
    /// Unread rows of the conversation.
    pub unread: u32,
}

/// Answer to `send_text`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentMessage {
    /// The queued row.
    pub message_id: MessageId,
    /// Where it went.
    pub conversation: ConversationId,
    /// Its sent time.
    pub sent_at_ms: TimestampMs,
}
