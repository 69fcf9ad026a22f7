//! MP3 (ISO/IEC 11172-3 and 13818-3) and AAC in ADTS (ISO/IEC 13818-7): frames one behind the other.

use super::{Cursor, Ticks};

/// Kilobits a second of layer III: of MPEG-1, and of the lower rates of MPEG-2 and 2.5. Index 0 is free, 15 forbidden.
const KILOBITS_1: [u32; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const KILOBITS_2: [u32; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
/// Samples a second of MPEG-1; MPEG-2 has half of it and MPEG-2.5 a quarter.
const RATES: [u32; 3] = [44_100, 48_000, 32_000];
/// Samples a second of AAC.
const AAC_RATES: [u32; 13] = [
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
];
/// Samples of one block of AAC.
const AAC_SAMPLES: u64 = 1_024;

/// One frame: its bytes, and what it plays.
#[derive(Clone, Copy)]
struct Frame {
    len: usize,
    samples: u64,
    rate: u32,
}

/// All frames of an MP3 file. A tag before and after them is no sound.
pub(super) fn layer_3(bytes: &[u8]) -> Option<Ticks> {
    walk(without_tags(bytes), layer_3_frame)
}

/// All frames of an ADTS stream.
pub(super) fn adts(bytes: &[u8]) -> Option<Ticks> {
    walk(bytes, adts_frame)
}

/// Frame by frame, as far as they follow each other: two make a sound, and the last may be cut off. Programs put tags of
/// many kinds behind the frames.
fn walk(bytes: &[u8], measure: fn(Cursor<'_>) -> Option<Frame>) -> Option<Ticks> {
    let mut rest = Cursor(bytes);
    let first = measure(rest)?;
    let (mut ticks, mut frames) = (0_u64, 0_u32);
    while let Some(frame) = measure(rest).filter(|frame| frame.rate == first.rate) {
        if rest.take(frame.len).is_none() {
            break;
        }
        ticks = ticks.checked_add(frame.samples)?;
        frames = frames.saturating_add(1);
    }
    (frames >= 2).then_some(Ticks {
        ticks,
        per_second: first.rate,
    })
}

/// Without ID3v2 in front (10 bytes of header, the last 4 its length in 7 bits each) and ID3v1 (128 bytes) behind.
fn without_tags(bytes: &[u8]) -> &[u8] {
    let mut rest = Cursor(bytes);
    let tag = rest.array::<10>().filter(|header| header.starts_with(b"ID3"));
    let bytes = match tag {
        Some([.., a, b, c, d]) => {
            let len = [a, b, c, d]
                .iter()
                .fold(0_usize, |len, byte| (len << 7) | usize::from(byte & 0x7f));
            match rest.take(len) {
                Some(_) => rest.0,
                None => &[],
            }
        }
        None => bytes,
    };
    match bytes
        .len()
        .checked_sub(128)
        .and_then(|at| bytes.split_at_checked(at))
    {
        Some((sound, tag)) if tag.starts_with(b"TAG") => sound,
        _ => bytes,
    }
}

/// 4 bytes: 11 ones, version, layer, protection; bit rate, sample rate, padding; channels and more.
fn layer_3_frame(mut at: Cursor<'_>) -> Option<Frame> {
    let [sync, version, rates, _] = at.array()?;
    if sync != 0xff || version & 0xe6 != 0xe2 {
        return None;
    }
    let full = *RATES.get(usize::from(rates >> 2 & 3))?;
    let (rate, kilobits, samples) = match version >> 3 & 3 {
        3 => (full, KILOBITS_1, 1_152),
        2 => (full / 2, KILOBITS_2, 576),
        0 => (full / 4, KILOBITS_2, 576),
        _ => return None,
    };
    let kilobits = *kilobits
        .get(usize::from(rates >> 4))
        .filter(|kilobits| **kilobits > 0)?;
    let padding = u32::from(rates >> 1 & 1);
    // `samples` / 8 bits at so many bits a sample.
    let len = (samples / 8_u32)
        .checked_mul(kilobits)?
        .checked_mul(1_000)?
        .checked_div(rate)?
        .checked_add(padding)?;
    Some(Frame {
        len: usize::try_from(len).ok()?,
        samples: u64::from(samples),
        rate,
    })
}

/// 7 bytes: 12 ones, version, layer 0, protection; profile, rate, channels; 13 bits of length from bit 30 on; the last 2
/// bits are the number of further blocks.
fn adts_frame(mut at: Cursor<'_>) -> Option<Frame> {
    let [sync, version, rate, b3, b4, b5, b6] = at.array()?;
    if sync != 0xff || version & 0xf6 != 0xf0 {
        return None;
    }
    let rate = *AAC_RATES.get(usize::from(rate >> 2 & 15))?;
    let len = usize::from(b3 & 3) << 11 | usize::from(b4) << 3 | usize::from(b5 >> 5);
    let blocks = u64::from(b6 & 3).saturating_add(1);
    (len >= 7).then_some(Frame {
        len,
        samples: blocks.saturating_mul(AAC_SAMPLES),
        rate,
    })
}
