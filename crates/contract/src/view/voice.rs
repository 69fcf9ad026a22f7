//! The recording of a voice message, as shells with a window speak of it. Its bytes never pass here: they are handed over as a
//! staged file.

use serde::{Deserialize, Serialize};

/// The longest voice message, in milliseconds. A recording that gets there stops and is kept.
pub const LONGEST_VOICE_MS: u32 = 5 * 60 * 1_000;

/// Who records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VoiceSource {
    /// The shell: the microphone is open.
    Shell,
    /// The page, by what its web view has.
    Page,
}

/// What happens while the shell records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum VoiceProgress {
    /// So much was heard.
    Heard {
        /// In milliseconds.
        ms: u32,
    },
    /// The longest was reached: the microphone is closed and the recording kept.
    Full,
    /// The microphone is gone. What it heard before is kept.
    Gone,
}
