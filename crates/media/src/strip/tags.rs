//! Sounds whose tags stand before, behind or between: MP3, AAC, FLAC and WAV, written anew without them.

use super::StripError;
use crate::cursor::Cursor;

/// MP3 and AAC: frames of sound, with tags in front (ID3v2) and behind (ID3v1, APE).
pub(super) fn strip_frames(bytes: Vec<u8>) -> Result<Vec<u8>, StripError> {
    let mut sound = bytes.as_slice();
    while let Some(len) = id3_len(sound) {
        sound = sound.get(len..).ok_or(StripError::Damaged)?;
    }
    loop {
        let before = sound.len();
        sound = without_id3_v1(sound);
        sound = without_ape(sound)?;
        if sound.len() == before {
            break;
        }
    }
    // Frames begin with eleven ones. What does not is a tag of a kind that is not known.
    match sound {
        [0xff, second, ..] if second & 0xe0 == 0xe0 => Ok(sound.to_vec()),
        _ => Err(StripError::Unknown),
    }
}

/// `ID3`, 2 bytes of version, flags, 4 times 7 bits of length; a flag says that 10 more bytes follow at the end.
fn id3_len(bytes: &[u8]) -> Option<usize> {
    let mut tag = Cursor(bytes.strip_prefix(b"ID3")?);
    tag.take(2)?;
    let footer = if tag.byte()? & 0x10 == 0 { 10 } else { 20 };
    let len = tag
        .array::<4>()?
        .iter()
        .fold(0_usize, |len, byte| len << 7 | usize::from(byte & 0x7f));
    len.checked_add(footer)
}

/// 128 bytes that begin with `TAG`, and 227 before them that begin with `TAG+`.
fn without_id3_v1(sound: &[u8]) -> &[u8] {
    let without = |sound, len, mark: &[u8]| match <[u8]>::len(sound).checked_sub(len) {
        Some(start) if sound.get(start..).is_some_and(|tag| tag.starts_with(mark)) => {
            sound.get(..start).unwrap_or_default()
        }
        _ => sound,
    };
    let shorter: &[u8] = without(sound, 128, b"TAG");
    if shorter.len() == sound.len() {
        return sound;
    }
    without(shorter, 227, b"TAG+")
}

/// 32 bytes at the end: `APETAGEX`, version, length of the items and of these bytes, count, flags; a flag says that as many
/// stand in front.
fn without_ape(sound: &[u8]) -> Result<&[u8], StripError> {
    let Some((rest, footer)) = sound.split_last_chunk::<32>() else {
        return Ok(sound);
    };
    let mut footer = Cursor(footer);
    if footer.take(8) != Some(b"APETAGEX") {
        return Ok(sound);
    }
    footer.take(4);
    let (Some(len), Some(_), Some(flags)) = (footer.u32_le(), footer.u32_le(), footer.u32_le()) else {
        return Ok(sound);
    };
    let header = if flags & 0x8000_0000 == 0 { 0 } else { 32 };
    let items = usize::try_from(len)
        .ok()
        .and_then(|len| len.checked_sub(32)?.checked_add(header));
    let start = items
        .and_then(|items| rest.len().checked_sub(items))
        .ok_or(StripError::Damaged)?;
    rest.get(..start).ok_or(StripError::Damaged)
}

/// FLAC (RFC 9639): of its blocks only the first, which players need, and the table for seeking are kept.
pub(super) fn strip_flac(bytes: &[u8]) -> Result<Vec<u8>, StripError> {
    const STREAM_INFO: u8 = 0;
    const SEEK_TABLE: u8 = 3;
    const LAST: u8 = 0x80;
    let mut rest = Cursor(bytes);
    rest.take(4);
    let mut kept: Vec<(u8, [u8; 3], &[u8])> = Vec::new();
    loop {
        let [head, len @ ..] = rest.array::<4>().ok_or(StripError::Damaged)?;
        let content_len = len
            .iter()
            .fold(0_usize, |len, byte| len << 8 | usize::from(*byte));
        let content = rest.take(content_len).ok_or(StripError::Damaged)?;
        let kind = head & !LAST;
        if [STREAM_INFO, SEEK_TABLE].contains(&kind) {
            kept.push((kind, len, content));
        }
        if head & LAST != 0 {
            break;
        }
    }
    let mut out = b"fLaC".to_vec();
    let count = kept.len();
    for (number, (kind, len, content)) in (1..).zip(kept) {
        out.push(if number == count { kind | LAST } else { kind });
        out.extend_from_slice(&len);
        out.extend_from_slice(content);
    }
    if out.len() == 4 {
        return Err(StripError::Damaged);
    }
    out.extend_from_slice(without_id3_v1(rest.0));
    Ok(out)
}

/// WAV: of its chunks only the sound and what describes it.
pub(super) fn strip_wav(bytes: &[u8]) -> Result<Vec<u8>, StripError> {
    let mut rest = Cursor(bytes);
    rest.take(12);
    let mut out = b"RIFF\0\0\0\0WAVE".to_vec();
    while let Some(name) = rest.array::<4>() {
        let len = rest.u32_le().ok_or(StripError::Damaged)?;
        let whole = usize::try_from(len).map_err(|_| StripError::Damaged)?;
        // A recorder that was ended says more than there is.
        let whole = if &name == b"data" {
            whole.min(rest.0.len())
        } else {
            whole
        };
        let content = rest.take(whole).ok_or(StripError::Damaged)?;
        rest.take(whole % 2);
        if [b"fmt ", b"fact", b"data"].contains(&&name) {
            out.extend_from_slice(&name);
            out.extend_from_slice(
                &u32::try_from(whole)
                    .map_err(|_| StripError::Damaged)?
                    .to_le_bytes(),
            );
            out.extend_from_slice(content);
            out.resize(out.len().saturating_add(whole % 2), 0);
        }
    }
    let len = u32::try_from(out.len().saturating_sub(8)).map_err(|_| StripError::Damaged)?;
    if let Some(space) = out.get_mut(4..8) {
        space.copy_from_slice(&len.to_le_bytes());
    }
    Ok(out)
}

#[cfg(test)]
#[path = "tags_tests.rs"]
mod tests;
