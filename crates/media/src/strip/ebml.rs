//! WebM (Matroska, RFC 9559), emptied in place. Elements are a number, a length and content; titles, dates, programs, tags
//! and attached files become elements that say nothing.

use super::StripError;

const SEGMENT: u32 = 0x1853_8067;
const EBML: u32 = 0x1a45_dfa3;
const INFO: u32 = 0x1549_a966;
const TRACKS: u32 = 0x1654_ae6b;
const TRACK: u32 = 0xae;
const CLUSTER: u32 = 0x1f43_b675;
const TRACK_TYPE: u32 = 0x83;
const NOTHING: u32 = 0xec;
const VOID: u8 = 0xec;

/// What playing needs beside blocks: of the segment, and of its information.
const KEPT: [u32; 3] = [0x114d_9b74, 0x1c53_bb6b, CLUSTER];
const KEPT_INFO: [u32; 2] = [0x002a_d7b1, 0x4489];

/// Texts that must be there, but need not say anything: the programs that wrote it.
const BLANKED: [u32; 2] = [0x4d80, 0x5741];

/// Of a track: its name, the name of its coding and where to get it, and checksums of what was changed.
const DROPPED_OF_TRACK: [u32; 5] = [0x536e, 0x0025_8688, 0x003b_4040, 0x0026_b240, 0xbf];

/// Kinds of track that are seen, heard or read.
const SHOWN: [u8; 3] = [1, 2, 0x11];

/// One element.
struct Element {
    id: u32,
    /// Bytes of number and length.
    header: usize,
    /// Bytes of content; `None` when not said.
    len: Option<usize>,
}

/// Empties what tells of the maker.
pub(super) fn strip(bytes: &mut [u8]) -> Result<(), StripError> {
    let mut rest = bytes;
    while !rest.is_empty() {
        let element = element(rest)?;
        let (content, after) = split(&element, rest)?;
        match element.id {
            EBML | NOTHING => {}
            SEGMENT => strip_segment(content)?,
            _ => return Err(StripError::Unknown),
        }
        rest = after;
    }
    Ok(())
}

fn strip_segment(mut rest: &mut [u8]) -> Result<(), StripError> {
    while !rest.is_empty() {
        let found = element(rest)?;
        if found.id == CLUSTER && found.len.is_none() {
            // Its elements follow, until one comes that belongs to the segment.
            let skipped = found
                .header
                .saturating_add(blocks(rest.get(found.header..).unwrap_or_default())?);
            rest = rest.get_mut(skipped..).ok_or(StripError::Damaged)?;
            continue;
        }
        let whole = found.len.and_then(|len| found.header.checked_add(len));
        let (this, after) = rest
            .split_at_mut_checked(whole.ok_or(StripError::Damaged)?)
            .ok_or(StripError::Damaged)?;
        let content = |this| split(&found, this).map(|(content, _)| content);
        match found.id {
            INFO => strip_info(content(this)?)?,
            TRACKS => strip_tracks(content(this)?)?,
            id if KEPT.contains(&id) => {}
            _ => empty(this)?,
        }
        rest = after;
    }
    Ok(())
}

/// Bytes of the elements of a cluster that does not say how long it is.
fn blocks(bytes: &[u8]) -> Result<usize, StripError> {
    /// Elements of a segment have numbers of four bytes, those of a cluster shorter ones.
    const SHORTEST_OF_SEGMENT: u32 = 0x1000_0000;
    let mut at = 0_usize;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let found = element(rest)?;
        if found.id >= SHORTEST_OF_SEGMENT {
            break;
        }
        let len = found.len.and_then(|len| found.header.checked_add(len));
        at = len
            .and_then(|len| at.checked_add(len))
            .ok_or(StripError::Damaged)?;
        if at > bytes.len() {
            return Err(StripError::Damaged);
        }
    }
    Ok(at)
}

fn strip_info(content: &mut [u8]) -> Result<(), StripError> {
    each(content, |id, this| match id {
        id if KEPT_INFO.contains(&id) => Ok(()),
        id if BLANKED.contains(&id) => {
            let element = element(this)?;
            split(&element, this)?.0.fill(0);
            Ok(())
        }
        _ => empty(this),
    })
}

fn strip_tracks(content: &mut [u8]) -> Result<(), StripError> {
    each(content, |id, this| {
        if id != TRACK {
            return empty(this);
        }
        let element = element(this)?;
        each(split(&element, this)?.0, |id, this| {
            if id == TRACK_TYPE {
                let kind = this.last().ok_or(StripError::Damaged)?;
                return if SHOWN.contains(kind) {
                    Ok(())
                } else {
                    Err(StripError::HiddenTrack)
                };
            }
            if DROPPED_OF_TRACK.contains(&id) {
                empty(this)
            } else {
                Ok(())
            }
        })
    })
}

/// Goes through elements that all say how long they are.
fn each(
    mut rest: &mut [u8],
    mut act: impl FnMut(u32, &mut [u8]) -> Result<(), StripError>,
) -> Result<(), StripError> {
    while !rest.is_empty() {
        let found = element(rest)?;
        let whole = found.len.and_then(|len| found.header.checked_add(len));
        let (this, after) = rest
            .split_at_mut_checked(whole.ok_or(StripError::Damaged)?)
            .ok_or(StripError::Damaged)?;
        act(found.id, this)?;
        rest = after;
    }
    Ok(())
}

/// Content and what follows; without a length the content goes to the end.
fn split<'a>(element: &Element, bytes: &'a mut [u8]) -> Result<(&'a mut [u8], &'a mut [u8]), StripError> {
    let content = bytes.get_mut(element.header..).ok_or(StripError::Damaged)?;
    let len = element.len.unwrap_or(content.len());
    content.split_at_mut_checked(len).ok_or(StripError::Damaged)
}

/// Makes an element one that says nothing, of the same length.
fn empty(this: &mut [u8]) -> Result<(), StripError> {
    let len = this.len();
    this.fill(0);
    let width = if len < 10 { 1_usize } else { 8 };
    let content = len
        .checked_sub(1)
        .and_then(|len| len.checked_sub(width))
        .ok_or(StripError::Damaged)?;
    // A length of eight bytes begins with a one behind seven zeros.
    let length = u64::try_from(content).map_err(|_| StripError::Damaged)? | 1 << 56;
    if let Some(kind) = this.first_mut() {
        *kind = VOID;
    }
    let space = this.get_mut(1..=width).ok_or(StripError::Damaged)?;
    if width == 1 {
        space.fill(0x80 | u8::try_from(content).map_err(|_| StripError::Damaged)?);
    } else {
        space.copy_from_slice(&length.to_be_bytes());
    }
    Ok(())
}

fn element(bytes: &[u8]) -> Result<Element, StripError> {
    parse(bytes).ok_or(StripError::Damaged)
}

/// A number of 1 to 4 bytes and a length of 1 to 8; the zeros in front of each tell how many follow. A length of all ones
/// is not known.
fn parse(bytes: &[u8]) -> Option<Element> {
    let first = bytes.first()?;
    let id_len = usize::try_from(first.leading_zeros()).ok()?.checked_add(1)?;
    let id = bytes.get(..id_len).filter(|_| id_len <= 4)?;
    let id = id.iter().fold(0, |id, byte| id << 8 | u32::from(*byte));
    let first = bytes.get(id_len)?;
    let len_len = usize::try_from(first.leading_zeros()).ok()?.checked_add(1)?;
    let header = id_len.checked_add(len_len)?;
    let len = bytes.get(id_len..header).filter(|_| len_len <= 8)?;
    let mask = 1_u64
        .checked_shl(u32::try_from(len_len).ok()?.checked_mul(7)?)?
        .checked_sub(1)?;
    let len = len.iter().fold(0_u64, |len, byte| len << 8 | u64::from(*byte)) & mask;
    Some(Element {
        id,
        header,
        len: if len == mask {
            None
        } else {
            Some(usize::try_from(len).ok()?)
        },
    })
}

#[cfg(test)]
#[path = "ebml_tests.rs"]
mod tests;
