//! Films and sound of the MPEG-4 family (ISO/IEC 14496-12), emptied in place: no byte of sound or picture moves.
//!
//! They are a tree of boxes: 4 bytes of length, 4 of type, then content. Places, devices and titles stand in `udta` and
//! `meta` boxes below `moov`, and in `uuid` boxes; dates in `mvhd`, `tkhd` and `mdhd`; names of makers in `hdlr` and in
//! the descriptions of pictures. Cameras also write a track of places beside the pictures: see [`tracks`].

mod tracks;

use super::StripError;

/// Depth to which boxes are followed.
const DEEPEST: usize = 8;

/// Boxes that hold boxes.
const FOLLOWED: [&[u8; 4]; 9] = [
    b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"moof", b"mvex", b"traf",
];

/// Boxes that playing needs. Whatever is not named here is emptied: cameras put places into boxes of their own.
const KEPT: [&[u8; 4]; 41] = [
    b"ftyp", b"styp", b"sidx", b"ssix", b"mdat", b"mfra", b"iods", b"tref", b"tapt", b"elst", b"vmhd",
    b"smhd", b"nmhd", b"gmhd", b"sthd", b"dinf", b"mfhd", b"mehd", b"trex", b"tfhd", b"tfdt", b"trun",
    b"prft", b"stts", b"ctts", b"cslg", b"stsc", b"stsz", b"stz2", b"stco", b"co64", b"stss", b"stsh",
    b"padb", b"stdp", b"sdtp", b"sbgp", b"sgpd", b"subs", b"saiz", b"saio",
];

/// Descriptions of pictures that name who encoded them: 82 bytes, of which 4 from the 20th on and the last 32 do.
const DESCRIBED: [&[u8; 4]; 16] = [
    b"avc1", b"avc3", b"hvc1", b"hev1", b"dvh1", b"dvhe", b"mp4v", b"vp08", b"vp09", b"av01", b"s263",
    b"jpeg", b"apcn", b"apch", b"apcs", b"apco",
];

/// Boxes that begin with two dates.
const DATED: [&[u8; 4]; 3] = [b"mvhd", b"tkhd", b"mdhd"];

/// Empties what tells of the maker.
pub(super) fn strip(bytes: &mut [u8]) -> Result<(), StripError> {
    tracks::hide(bytes)?;
    strip_boxes(bytes, 0)
}

fn strip_boxes(mut boxes: &mut [u8], depth: usize) -> Result<(), StripError> {
    while !boxes.is_empty() {
        let (header, length) = measure(boxes)?;
        let (this, rest) = boxes.split_at_mut_checked(length).ok_or(StripError::Damaged)?;
        let kind: [u8; 4] = this
            .get(4..8)
            .and_then(|kind| kind.try_into().ok())
            .ok_or(StripError::Damaged)?;
        let (head, content) = this.split_at_mut_checked(header).ok_or(StripError::Damaged)?;
        if DATED.contains(&&kind) {
            undate(content)?;
        } else if FOLLOWED.contains(&&kind) {
            if depth >= DEEPEST {
                return Err(StripError::Damaged);
            }
            strip_boxes(content, depth.saturating_add(1))?;
        } else if &kind == b"hdlr" {
            // Version, flags, 4 bytes and the kind of the track; then who made it, and its name.
            content.get_mut(12..).ok_or(StripError::Damaged)?.fill(0);
        } else if &kind == b"stsd" {
            describe(content.get_mut(8..).ok_or(StripError::Damaged)?)?;
        } else if !KEPT.contains(&&kind) {
            empty(head, content);
        }
        boxes = rest;
    }
    Ok(())
}

/// Makes a box one that says nothing.
fn empty(head: &mut [u8], content: &mut [u8]) {
    content.fill(0);
    if let Some(kind) = head.get_mut(4..8) {
        kind.copy_from_slice(b"free");
    }
}

/// Takes names out of the descriptions of pictures.
fn describe(mut entries: &mut [u8]) -> Result<(), StripError> {
    while !entries.is_empty() {
        let (_, length) = measure(entries)?;
        let (entry, rest) = entries.split_at_mut_checked(length).ok_or(StripError::Damaged)?;
        if DESCRIBED
            .iter()
            .any(|kind| entry.get(4..8) == Some(kind.as_slice()))
        {
            for names in [20..24, 50..82] {
                entry.get_mut(names).ok_or(StripError::Damaged)?.fill(0);
            }
        }
        entries = rest;
    }
    Ok(())
}

/// Length of the first box's header and of the whole box. Length 1: 8 more bytes tell it; length 0: to the end.
fn measure(boxes: &[u8]) -> Result<(usize, usize), StripError> {
    let number = |from: usize, to: usize| {
        let bytes = boxes.get(from..to).ok_or(StripError::Damaged)?;
        let number = bytes
            .iter()
            .fold(0_u64, |number, byte| number.wrapping_shl(8) | u64::from(*byte));
        usize::try_from(number).map_err(|_| StripError::Damaged)
    };
    let (header, length) = match number(0, 4)? {
        0 => (8, boxes.len()),
        1 => (16, number(8, 16)?),
        length => (8, length),
    };
    match length < header || length > boxes.len() {
        true => Err(StripError::Damaged),
        false => Ok((header, length)),
    }
}

/// Two dates of 4 bytes follow version 0 and three flags, of 8 bytes version 1.
fn undate(content: &mut [u8]) -> Result<(), StripError> {
    let dates = match content.first() {
        Some(0) => content.get_mut(4..12),
        Some(1) => content.get_mut(4..20),
        _ => None,
    };
    dates.ok_or(StripError::Damaged)?.fill(0);
    Ok(())
}

#[cfg(test)]
#[path = "mpeg4_tests.rs"]
mod tests;
