//! WAV: `RIFF`, a length and `WAVE`, then chunks of a name, a length in little-endian order, and content of that length,
//! filled up to an even one.

use super::{Cursor, Ticks};

/// The bytes of `data` at the bytes a second of `fmt `.
pub(super) fn sound(bytes: &[u8]) -> Option<Ticks> {
    let mut rest = Cursor(bytes);
    rest.take(12)?;
    let mut bytes_a_second = None;
    while let Some(name) = rest.array::<4>() {
        let len = rest.u32_le()?;
        let whole = usize::try_from(len).ok()?;
        match &name {
            b"fmt " => {
                let mut format = Cursor(rest.take(whole)?);
                // Coding and channels, then samples a second.
                format.take(8)?;
                bytes_a_second = Some(format.u32_le()?);
            }
            // A recorder that was ended says more than there is.
            b"data" => {
                return Some(Ticks {
                    ticks: u64::try_from(whole.min(rest.0.len())).ok()?,
                    per_second: bytes_a_second?,
                });
            }
            _ => drop(rest.take(whole)?),
        }
        if len % 2 == 1 {
            rest.take(1)?;
        }
    }
    None
}
