//! The microphone of a computer: from what it hears to a voice message in MP3.
//!
//! Owns: opening the microphone, one channel of what it hears, its encoding while it is heard, and the longest that a voice
//! message may be. Never: files (what was heard lies in memory until it is handed over), the network, or what is sent to
//! whom. Phones record in their web view, which asks for permission; nothing of this is compiled for them.
//!
//! MP3, because every client of the network plays it on every system, and because it is complete at any moment: a
//! recording that ends early is a shorter one. What comes out holds frames and nothing else: no tag, no date, no name.

mod encoder;
mod microphone;
mod recording;

pub use recording::{Clip, LONGEST, Progress, Recording};

/// Why nothing was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VoiceError {
    /// There is no microphone, or it may not be used.
    #[error("no microphone may be used")]
    NoMicrophone,
    /// The microphone or the encoder failed.
    #[error("the recording failed")]
    Failed,
}
