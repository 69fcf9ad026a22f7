//! Ogg (RFC 3533) with Opus (RFC 7845) or Vorbis: pages that name the position of their last sample.

use super::{Cursor, Ticks};

/// Opus counts at this rate, whatever was recorded.
const OPUS_RATE: u32 = 48_000;
/// The position of a page on which no packet ends.
const NOWHERE: u64 = u64::MAX;

/// One page: its stream, its position, its content.
struct Page<'a> {
    stream: u32,
    position: u64,
    content: &'a [u8],
}

/// The last position of the first stream, less what Opus skips at the beginning.
pub(super) fn sound(bytes: &[u8]) -> Option<Ticks> {
    let mut rest = Cursor(bytes);
    let first = page(&mut rest)?;
    let (rate, skipped) = head(first.content)?;
    let mut last = 0;
    while !rest.0.is_empty() {
        let page = match page(&mut rest) {
            Some(page) => page,
            // The last page may be cut off; anything else is no Ogg.
            None if rest.0.starts_with(b"OggS") => break,
            None => return None,
        };
        if page.stream == first.stream && page.position != NOWHERE {
            last = page.position;
        }
    }
    Some(Ticks {
        ticks: last.saturating_sub(skipped),
        per_second: rate,
    })
}

/// Samples a second, and samples that are not played.
fn head(content: &[u8]) -> Option<(u32, u64)> {
    let mut head = Cursor(content);
    if content.starts_with(b"OpusHead") {
        // Its name, version and channels.
        head.take(10)?;
        return Some((OPUS_RATE, u64::from(u16::from_le_bytes(head.array()?))));
    }
    if content.starts_with(b"\x01vorbis") {
        // Its name, version and channels.
        head.take(12)?;
        return Some((head.u32_le()?, 0));
    }
    None
}

/// `OggS`, version, flags, 8 bytes of position, 4 of stream, 4 of number, 4 of checksum, the number of segments, and the
/// length of each; all in little-endian order. What is no whole page is not taken.
fn page<'a>(rest: &mut Cursor<'a>) -> Option<Page<'a>> {
    let mut at = *rest;
    if at.take(4)? != b"OggS" {
        return None;
    }
    at.take(2)?;
    let position = u64::from_le_bytes(at.array()?);
    let stream = at.u32_le()?;
    at.take(8)?;
    let segments = usize::from(at.byte()?);
    let len = at.take(segments)?.iter().map(|len| usize::from(*len)).sum();
    let content = at.take(len)?;
    *rest = at;
    Some(Page {
        stream,
        position,
        content,
    })
}
