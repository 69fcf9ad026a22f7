//! Files of messages.

use serde::{Deserialize, Serialize};

use crate::Failure;

/// Names a file on this device. Never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AttachmentId(pub i64);

/// What a file is shown as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentKind {
    /// A picture.
    Image,
    /// A film.
    Video,
    /// A voice message.
    Voice,
    /// Other sound.
    Audio,
    /// Anything else.
    File,
}

/// How far a file has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum AttachmentState {
    /// Chosen here, not sent yet.
    Staged,
    /// Theirs; waits until the user wants it.
    Offered,
    /// Goes or comes by itself, also after a restart.
    Waiting,
    /// On its way to the server.
    Uploading {
        /// Of 100.
        percent: u8,
    },
    /// On its way here.
    Downloading {
        /// Of 100.
        percent: u8,
    },
    /// Whole.
    Done,
    /// Given up; can be tried again.
    Failed {
        /// Why.
        failure: Failure,
    },
    /// No longer on the server.
    Gone,
}

impl AttachmentState {
    /// Its name in JSON.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Staged => "staged",
            Self::Offered => "offered",
            Self::Waiting => "waiting",
            Self::Uploading { .. } => "uploading",
            Self::Downloading { .. } => "downloading",
            Self::Done => "done",
            Self::Failed { .. } => "failed",
            Self::Gone => "gone",
        }
    }
}

/// One file of a message, or one that is to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentView {
    /// Names it.
    pub id: AttachmentId,
    /// What it is shown as.
    pub kind: AttachmentKind,
    /// Its name, fit to be shown; may be empty.
    pub file_name: String,
    /// Its media type.
    pub content_type: String,
    /// Its length in bytes, as far as is known.
    pub size: u64,
    /// In pixels, of pictures and films, where it is known.
    pub width: Option<u32>,
    /// In pixels.
    pub height: Option<u32>,
    /// How long a sound lasts in milliseconds, measured from its bytes; `None` for sound that is not here yet or cannot be
    /// played, and for everything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u32>,
    /// How far it has come.
    pub state: AttachmentState,
    /// All of it is on this device: it can be shown, saved and sent on.
    #[serde(default)]
    pub here: bool,
}
