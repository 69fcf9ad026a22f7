//! How long sound lasts, measured from its bytes: no decoder runs and no sender is believed.
//!
//! Each container is walked once from its first byte to its last, so that the work is bounded by the length of the file.
//! Bytes whose parts do not fit into each other have no duration, and are never handed to a player.

mod flac;
mod mpeg;
mod mpeg4;
mod ogg;
mod wav;
mod webm;

use crate::cursor::Cursor;
use crate::sniff;

/// How long a sound lasts in milliseconds, rounded; `None` for what is no sound, a damaged one, or lasts no time.
pub fn sound_duration_ms(bytes: &[u8]) -> Option<u32> {
    let (_, content_type) = sniff(bytes);
    let duration = match content_type {
        "audio/mpeg" => mpeg::layer_3(bytes),
        "audio/aac" => mpeg::adts(bytes),
        "audio/mp4" | "video/mp4" => mpeg4::sound(bytes),
        "audio/ogg" => ogg::sound(bytes),
        "audio/wav" => wav::sound(bytes),
        "audio/webm" | "video/webm" => webm::sound(bytes),
        "audio/flac" => flac::sound(bytes),
        _ => None,
    };
    duration?.to_ms()
}

/// A length of time as containers count it: `ticks` of which `per_second` make a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ticks {
    ticks: u64,
    per_second: u32,
}

impl Ticks {
    fn to_ms(self) -> Option<u32> {
        let per_second = u128::from(self.per_second);
        let halves = u128::from(self.ticks)
            .checked_mul(1_000)?
            .checked_add(per_second / 2)?;
        let ms = u32::try_from(halves.checked_div(per_second)?).ok()?;
        (ms > 0).then_some(ms)
    }
}
