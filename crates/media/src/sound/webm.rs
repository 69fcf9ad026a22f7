//! Sound in WebM (Matroska, RFC 9559), also as web views record it: without a duration and with parts of unknown length.

use super::{Cursor, Ticks};

const SEGMENT: u32 = 0x1853_8067;
const INFO: u32 = 0x1549_a966;
const CLUSTER: u32 = 0x1f43_b675;
const BLOCK_GROUP: u32 = 0xa0;
const SCALE: u32 = 0x002a_d7b1;
const DURATION: u32 = 0x4489;
const CLUSTER_TIME: u32 = 0xe7;
const BLOCK: u32 = 0xa1;
const SIMPLE_BLOCK: u32 = 0xa3;

/// Nanoseconds of a tick where nothing else is said.
const USUAL_SCALE: u64 = 1_000_000;
const SECOND_NS: u64 = 1_000_000_000;

/// The duration that is named, or else the time of the last block.
pub(super) fn sound(bytes: &[u8]) -> Option<Ticks> {
    let mut rest = Cursor(bytes);
    let (mut scale, mut named, mut cluster, mut last) = (USUAL_SCALE, None, 0_u64, None);
    while !rest.0.is_empty() {
        let id = id(&mut rest)?;
        let len = len(&mut rest)?;
        // What holds other elements is entered: they follow right behind its length.
        if matches!(id, SEGMENT | INFO | CLUSTER | BLOCK_GROUP) {
            continue;
        }
        let Some(content) = rest.take(len?) else {
            // The last block may be cut off.
            break;
        };
        match id {
            SCALE => scale = number(content)?,
            DURATION => named = Some(float(content)?),
            CLUSTER_TIME => cluster = number(content)?,
            BLOCK | SIMPLE_BLOCK => {
                let time = cluster.saturating_add_signed(block_time(Cursor(content))?);
                last = last.max(Some(time));
            }
            _ => {}
        }
    }
    // Without a block nothing plays.
    let last = last?;
    let ticks = named.filter(|ticks| *ticks > 0).unwrap_or(last);
    let per_second = SECOND_NS.checked_div(scale)?;
    Some(Ticks {
        ticks,
        per_second: u32::try_from(per_second).ok()?,
    })
}

/// 1 to 4 bytes; the zeros in front of the first one tell how many follow.
fn id(rest: &mut Cursor<'_>) -> Option<u32> {
    let first = *rest.0.first()?;
    let count = usize::try_from(first.leading_zeros()).ok()?.checked_add(1)?;
    let bytes = rest.take(count).filter(|_| count <= 4)?;
    Some(bytes.iter().fold(0, |id, byte| id << 8 | u32::from(*byte)))
}

/// 1 to 8 bytes, told in the same way, without the bit that tells it. `Some(None)`: not known.
fn len(rest: &mut Cursor<'_>) -> Option<Option<usize>> {
    let first = *rest.0.first()?;
    let zeros = first.leading_zeros();
    let count = usize::try_from(zeros).ok()?.checked_add(1)?;
    let bytes = rest.take(count).filter(|_| count <= 8)?;
    let bits = u32::try_from(count).ok()?.checked_mul(7)?;
    let mask = 1_u64.checked_shl(bits)?.checked_sub(1)?;
    let len = bytes.iter().fold(0_u64, |len, byte| len << 8 | u64::from(*byte)) & mask;
    match len == mask {
        true => Some(None),
        false => Some(Some(usize::try_from(len).ok()?)),
    }
}

fn number(bytes: &[u8]) -> Option<u64> {
    (bytes.len() <= 8).then(|| {
        bytes
            .iter()
            .fold(0, |number, byte| number << 8 | u64::from(*byte))
    })
}

fn float(bytes: &[u8]) -> Option<u64> {
    let ticks = match bytes.len() {
        4 => f64::from(f32::from_be_bytes(bytes.try_into().ok()?)),
        8 => f64::from_be_bytes(bytes.try_into().ok()?),
        _ => return None,
    };
    // Saturates, and nothing is no number.
    ticks.is_finite().then_some(ticks as u64)
}

/// The number of the track, then 2 bytes of time from the cluster's on.
fn block_time(mut block: Cursor<'_>) -> Option<i64> {
    len(&mut block)?;
    block.array().map(i16::from_be_bytes).map(i64::from)
}
