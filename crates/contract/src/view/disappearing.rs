//! Disappearing messages.

use serde::{Deserialize, Serialize};

use crate::TimestampMs;

/// What starts the timer of a disappearing message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisappearingMode {
    /// Its being read.
    AfterRead,
    /// Its being sent.
    AfterSend,
}

/// How messages of one side of a conversation disappear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Disappearing {
    /// What starts the timer.
    pub mode: DisappearingMode,
    /// How long it runs, in seconds, above zero.
    pub seconds: u32,
}

/// When one message disappears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expiry {
    /// By which setting.
    pub setting: Disappearing,
    /// When; `None` while the timer has not started.
    pub at_ms: Option<TimestampMs>,
}
