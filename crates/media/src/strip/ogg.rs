//! Ogg (RFC 3533) with Opus (RFC 7845) or Vorbis: the second packet of each stream holds comments. It is emptied in place,
//! and the checksums of its pages are made anew.

use std::collections::BTreeMap;

use super::StripError;

const CHECKSUM: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::Algorithm {
    width: 32,
    poly: 0x04c1_1db7,
    init: 0,
    refin: false,
    refout: false,
    xorout: 0,
    check: 0x89a1_897f,
    residue: 0,
});

/// What a stream begins with, and what its comments begin with.
const CODINGS: [(&[u8], &[u8]); 2] = [(b"OpusHead", b"OpusTags"), (b"\x01vorbis", b"\x03vorbis")];

/// Empties the comments.
pub(super) fn strip(bytes: &mut [u8]) -> Result<(), StripError> {
    let mut streams: BTreeMap<u32, Stream> = BTreeMap::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let page = Page::parse(rest).ok_or(StripError::Damaged)?;
        let (this, after) = rest.split_at_mut_checked(page.len).ok_or(StripError::Damaged)?;
        if page.begins {
            let (_, comments) = CODINGS
                .iter()
                .find(|(head, _)| {
                    this.get(page.content..)
                        .is_some_and(|content| content.starts_with(head))
                })
                .ok_or(StripError::Unknown)?;
            streams.insert(
                page.stream,
                Stream {
                    packet: 0,
                    at: 0,
                    comments,
                },
            );
        }
        let stream = streams.get_mut(&page.stream).ok_or(StripError::Damaged)?;
        if stream.packet < 2 {
            stream.empty(&page, this)?;
            seal(this);
        }
        rest = after;
    }
    if streams.values().any(|stream| stream.packet < 2) {
        return Err(StripError::Damaged);
    }
    Ok(())
}

/// How far a stream was read.
struct Stream {
    /// Packets that ended.
    packet: usize,
    /// Bytes of the packet that came on earlier pages.
    at: usize,
    /// What the comments begin with.
    comments: &'static [u8],
}

impl Stream {
    /// Empties what the page holds of the comments: their mark stays, and behind it nobody and nothing is named. Vorbis
    /// wants a last bit.
    fn empty(&mut self, page: &Page, bytes: &mut [u8]) -> Result<(), StripError> {
        let mut at = page.content;
        for segment in page.segments.clone() {
            let len = bytes.get(segment).copied().ok_or(StripError::Damaged)?;
            let end = at.saturating_add(usize::from(len));
            let content = bytes.get_mut(at..end).ok_or(StripError::Damaged)?;
            for byte in content.iter_mut().filter(|_| self.packet == 1) {
                let framing = self.comments.len().saturating_add(8);
                match self.comments.get(self.at) {
                    Some(mark) if mark == byte => {}
                    Some(_) => return Err(StripError::Damaged),
                    None => *byte = u8::from(self.at == framing),
                }
                self.at = self.at.saturating_add(1);
            }
            if len < 255 {
                self.packet = self.packet.saturating_add(1);
                self.at = 0;
            }
            at = end;
        }
        Ok(())
    }
}

/// One page: `OggS`, version, flags, 8 bytes of position, 4 of stream, 4 of number, 4 of checksum, the number of segments,
/// the length of each, content.
struct Page {
    stream: u32,
    begins: bool,
    segments: std::ops::Range<usize>,
    content: usize,
    len: usize,
}

impl Page {
    fn parse(bytes: &[u8]) -> Option<Self> {
        if !bytes.starts_with(b"OggS") {
            return None;
        }
        let count = usize::from(*bytes.get(26)?);
        let content = count.checked_add(27)?;
        let len = bytes
            .get(27..content)?
            .iter()
            .fold(content, |len, segment| len.saturating_add(usize::from(*segment)));
        Some(Self {
            stream: u32::from_le_bytes(bytes.get(14..18)?.try_into().ok()?),
            begins: bytes.get(5)? & 2 != 0,
            segments: 27..content,
            content,
            len,
        })
    }
}

/// Makes a page's checksum anew: over the page with zeros in its place.
fn seal(page: &mut [u8]) {
    if let Some(space) = page.get_mut(22..26) {
        space.fill(0);
    }
    let sum = CHECKSUM.checksum(page);
    if let Some(space) = page.get_mut(22..26) {
        space.copy_from_slice(&sum.to_le_bytes());
    }
}

#[cfg(test)]
#[path = "ogg_tests.rs"]
mod tests;
