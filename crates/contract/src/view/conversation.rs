//! Conversations: rows of the home list and the head of an open one.

use serde::{Deserialize, Serialize};

use crate::{
    AccountId, AttachmentKind, AttachmentView, ConversationId, Disappearing, MessageStatus, PictureId,
    TimestampMs,
};

/// What kind of conversation it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConversationKind {
    /// One person.
    Direct,
    /// Oneself.
    NoteToSelf,
}

/// How far two people have accepted each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approval {
    /// Both sides accepted; files and voice notes may be sent.
    Accepted,
    /// I wrote; they have not answered yet.
    Pending,
    /// They wrote; I have not accepted yet: a message request.
    Request,
}

/// One row of the home list or of the requests list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationRow {
    /// Names the conversation.
    pub id: ConversationId,
    /// Its kind.
    pub kind: ConversationKind,
    /// Nickname, their name, or the shortened Account ID. Empty for Note to Self: the shell words it.
    pub name: String,
    /// Newest activity; `None` when nothing was written yet.
    pub last_activity_ms: Option<TimestampMs>,
    /// The newest message in one line.
    pub snippet: Option<Snippet>,
    /// Unread messages.
    pub unread: u32,
    /// Pinned to the top.
    pub pinned: bool,
    /// Unsent text.
    pub draft: Option<String>,
    /// Does not notify now.
    #[serde(default)]
    pub muted: bool,
    /// Marked as unread by hand.
    #[serde(default)]
    pub marked_unread: bool,
    /// They are typing now.
    #[serde(default)]
    pub typing: bool,
    /// My messages here disappear.
    #[serde(default)]
    pub disappearing: bool,
    /// The other side's picture, when it is here.
    #[serde(default)]
    pub picture: Option<PictureId>,
}

/// How long a conversation does not notify.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "snake_case")]
pub enum Mute {
    /// Until it is let notify again.
    Ever,
    /// For so many seconds from now.
    Seconds {
        /// Above zero.
        seconds: u32,
    },
}

/// A conversation's muting as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "until", rename_all = "snake_case")]
pub enum Muted {
    /// Until it is let notify again.
    Ever,
    /// Until then.
    Time {
        /// That time.
        at_ms: TimestampMs,
    },
}

/// The newest message of a conversation in one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snippet {
    /// What it says or is.
    pub body: MessageBody,
    /// Written by me.
    pub mine: bool,
    /// Its state when it is mine.
    pub status: Option<MessageStatus>,
    /// Kind and name of its first file; named where there is no text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment: Option<SnippetAttachment>,
}

/// The file that a snippet names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnippetAttachment {
    /// What it is shown as.
    pub kind: AttachmentKind,
    /// Its name; may be empty.
    pub file_name: String,
}

/// What a message is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum MessageBody {
    /// Text.
    Text {
        /// The text, Unicode, at most 2,000 code points when ours.
        text: String,
    },
    /// I accepted their request.
    RequestAcceptedByMe,
    /// They accepted my request.
    RequestAcceptedByThem,
    /// Deleted by who wrote it, for everyone.
    Deleted,
    /// Whoever wrote the row set how their messages disappear.
    DisappearingSet {
        /// `None`: turned off.
        setting: Option<Disappearing>,
    },
    /// They saved media that I sent.
    MediaSaved,
    /// They took a screenshot.
    ScreenshotTaken,
    /// They called.
    MissedCall,
    /// Something this version cannot show; its bytes are kept.
    Unsupported,
}

/// Answer to `list_conversations` and `list_requests`: a window of rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationPage {
    /// Rows in all.
    pub total: u32,
    /// Index of the first row of this window.
    pub offset: u32,
    /// The window.
    pub rows: Vec<ConversationRow>,
    /// Unread message requests (for the row above the home list).
    pub unread_requests: u32,
    /// Message requests in all.
    pub requests: u32,
}

/// Answer to `open_conversation`: the head of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationView {
    /// Names the conversation.
    pub id: ConversationId,
    /// Its kind.
    pub kind: ConversationKind,
    /// The other side (oneself for Note to Self).
    pub account_id: AccountId,
    /// As in [`ConversationRow::name`].
    pub name: String,
    /// How far both accepted each other.
    pub approval: Approval,
    /// I blocked them.
    pub blocked: bool,
    /// Unread messages when it was opened.
    pub unread: u32,
    /// Unsent text.
    pub draft: String,
    /// The name I gave them; empty if none.
    #[serde(default)]
    pub nickname: String,
    /// Pinned to the top of the home list.
    #[serde(default)]
    pub pinned: bool,
    /// Taken off the home list (Note to Self).
    #[serde(default)]
    pub hidden: bool,
    /// Does not notify.
    #[serde(default)]
    pub muted: Option<Muted>,
    /// Marked as unread by hand.
    #[serde(default)]
    pub marked_unread: bool,
    /// How my messages disappear.
    #[serde(default)]
    pub disappearing: Option<Disappearing>,
    /// They changed how theirs disappear, to something else than mine, and I have not answered that yet: offered to be
    /// used for mine, too.
    #[serde(default)]
    pub offered_disappearing: Option<Disappearing>,
    /// They are typing now.
    #[serde(default)]
    pub typing: bool,
    /// The other side's picture, when it is here.
    #[serde(default)]
    pub picture: Option<PictureId>,
    /// Their files are fetched without asking.
    #[serde(default)]
    pub auto_download: bool,
    /// A voice message that was recorded and not sent.
    #[serde(default)]
    pub voice_draft: Option<AttachmentView>,
}
