//! FLAC (RFC 9639): `fLaC`, then blocks, the first of which names rate and number of samples, then frames.

use super::{Cursor, Ticks};

/// A block: one bit for the last, 7 of kind, 3 bytes of length, content. The first one is of kind 0: after 10 bytes of sizes
/// 20 bits of samples a second, 3 of channels, 5 of bits, 36 of samples.
pub(super) fn sound(bytes: &[u8]) -> Option<Ticks> {
    let mut rest = Cursor(bytes);
    rest.take(4)?;
    let mut named = None;
    loop {
        let [kind, len @ ..] = rest.array::<4>()?;
        let len = len
            .iter()
            .fold(0_usize, |len, byte| len << 8 | usize::from(*byte));
        let mut content = Cursor(rest.take(len)?);
        if named.is_none() {
            if kind & 0x7f != 0 {
                return None;
            }
            content.take(10)?;
            named = Some(content.u64_be()?);
        }
        if kind & 0x80 != 0 {
            break;
        }
    }
    // The first frame.
    let [0xff, second] = rest.array()? else {
        return None;
    };
    let packed = named.filter(|_| second & 0xfe == 0xf8)?;
    Some(Ticks {
        ticks: packed & 0x000f_ffff_ffff,
        per_second: u32::try_from(packed >> 44).ok()?,
    })
}
