//! Voice messages: recording one, and playing those of a conversation.

mod bar;
mod capture;
mod gesture;
mod microphone;
mod page_recorder;
mod player;
mod recorder;
mod sound;

pub(super) use bar::VoiceBar;
pub(super) use microphone::Microphone;
pub(super) use player::{Audio, Player};
pub(super) use recorder::Recorder;
pub(super) use sound::Sound;

/// Minutes and seconds.
pub(super) fn clock(seconds: f64) -> String {
    let seconds = if seconds.is_finite() {
        seconds.max(0.0) as u64
    } else {
        0
    };
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_minutes_and_seconds() {
        assert_eq!(clock(0.9), "0:00");
        assert_eq!(clock(65.0), "1:05");
        assert_eq!(clock(300.0), "5:00");
        assert_eq!(clock(-1.0), "0:00");
        assert_eq!(clock(f64::NAN), "0:00");
    }
}
