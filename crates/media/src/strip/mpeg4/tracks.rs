//! Tracks that are neither sound nor picture nor text: cameras write places and movements into them, second by second.
//!
//! Such a track's box is emptied, and so are its samples: `stsc` says how many samples each chunk has, `stsz` how long they
//! are, `stco` or `co64` where each chunk begins in the file.

use std::ops::Range;

use super::super::StripError;
use super::{empty, measure};
use crate::cursor::Cursor;

/// What people see, hear and read.
const SHOWN: [&[u8; 4]; 6] = [b"vide", b"soun", b"text", b"sbtl", b"subt", b"clcp"];

/// Empties tracks that nobody sees.
pub(super) fn hide(bytes: &mut [u8]) -> Result<(), StripError> {
    let top = children(bytes, 0..bytes.len())?;
    let of_kind = |kind: &'static [u8; 4]| top.iter().filter(move |one| one.kind == *kind);
    let mut tracks = Vec::new();
    for movie in of_kind(b"moov") {
        tracks.extend(
            children(bytes, movie.content.clone())?
                .into_iter()
                .filter(|one| one.kind == *b"trak"),
        );
    }
    let mut samples = Vec::new();
    let mut hidden = Vec::new();
    for track in tracks {
        if !is_shown(bytes, &track)? {
            samples.extend(chunks(bytes, &track)?);
            hidden.push(track);
        }
    }
    if !hidden.is_empty() && of_kind(b"moof").next().is_some() {
        return Err(StripError::HiddenTrack);
    }
    let data: Vec<_> = of_kind(b"mdat").map(|one| one.content.clone()).collect();
    let is_data = |range: &Range<usize>| {
        data.iter()
            .any(|data| data.start <= range.start && range.end <= data.end)
    };
    if !samples.iter().all(is_data) {
        return Err(StripError::Damaged);
    }
    for range in samples {
        bytes.get_mut(range).ok_or(StripError::Damaged)?.fill(0);
    }
    for track in hidden {
        let whole = bytes
            .get_mut(track.start..track.content.end)
            .ok_or(StripError::Damaged)?;
        let header = track.content.start.saturating_sub(track.start);
        let (head, content) = whole.split_at_mut_checked(header).ok_or(StripError::Damaged)?;
        empty(head, content);
    }
    Ok(())
}

/// One box: where it begins in the file, and where its content is.
struct Found {
    kind: [u8; 4],
    start: usize,
    content: Range<usize>,
}

fn children(bytes: &[u8], within: Range<usize>) -> Result<Vec<Found>, StripError> {
    let mut found = Vec::new();
    let mut start = within.start;
    while start < within.end {
        let boxes = bytes.get(start..within.end).ok_or(StripError::Damaged)?;
        let (header, length) = measure(boxes)?;
        let end = start.checked_add(length).ok_or(StripError::Damaged)?;
        let kind = boxes.get(4..8).and_then(|kind| kind.try_into().ok());
        found.push(Found {
            kind: kind.ok_or(StripError::Damaged)?,
            start,
            content: start.saturating_add(header)..end,
        });
        start = end;
    }
    Ok(found)
}

/// The content of the box at the end of a way of boxes.
fn content<'a>(bytes: &'a [u8], from: &Found, way: &[&[u8; 4]]) -> Result<Option<&'a [u8]>, StripError> {
    let mut range = from.content.clone();
    for kind in way {
        let next = children(bytes, range)?.into_iter().find(|one| one.kind == **kind);
        match next {
            Some(next) => range = next.content,
            None => return Ok(None),
        }
    }
    Ok(bytes.get(range))
}

fn is_shown(bytes: &[u8], track: &Found) -> Result<bool, StripError> {
    let handler = content(bytes, track, &[b"mdia", b"hdlr"])?;
    let kind = handler
        .and_then(|handler| handler.get(8..12))
        .ok_or(StripError::Damaged)?;
    Ok(SHOWN.iter().any(|shown| shown.as_slice() == kind))
}

/// Where the track's samples are, chunk by chunk. A track without samples has none.
fn chunks(bytes: &[u8], track: &Found) -> Result<Vec<Range<usize>>, StripError> {
    let table = |kind: &'static [u8; 4]| content(bytes, track, &[b"mdia", b"minf", b"stbl", kind]);
    let offsets = match (table(b"stco")?, table(b"co64")?) {
        (Some(offsets), _) => numbers(offsets, 4),
        (None, Some(offsets)) => numbers(offsets, 8),
        (None, None) => return Ok(Vec::new()),
    };
    let offsets = offsets.ok_or(StripError::Damaged)?;
    if offsets.is_empty() {
        return Ok(Vec::new());
    }
    let runs = table(b"stsc")?
        .and_then(|runs| runs_of(Cursor(runs)))
        .ok_or(StripError::Damaged)?;
    let sizes = match (table(b"stsz")?, table(b"stz2")?) {
        (Some(sizes), _) => Sizes::read(Cursor(sizes)),
        (None, Some(sizes)) => Sizes::read_compact(Cursor(sizes)),
        (None, None) => None,
    };
    place(&offsets, &runs, sizes.ok_or(StripError::Damaged)?).ok_or(StripError::Damaged)
}

fn place(offsets: &[u64], runs: &[(u64, u64)], mut sizes: Sizes) -> Option<Vec<Range<usize>>> {
    let mut runs = runs.iter().peekable();
    let mut samples = 0;
    let mut placed = Vec::with_capacity(offsets.len());
    for (number, offset) in (1_u64..).zip(offsets) {
        while let Some((_, of_run)) = runs.next_if(|(first, _)| *first <= number) {
            samples = *of_run;
        }
        let start = usize::try_from(*offset).ok()?;
        let end = start.checked_add(usize::try_from(sizes.take(samples)?).ok()?)?;
        placed.push(start..end);
    }
    Some(placed)
}

/// Flags, a count, and as many numbers of `width` bytes.
fn numbers(table: &[u8], width: usize) -> Option<Vec<u64>> {
    let mut table = Cursor(table);
    table.take(4)?;
    let count = usize::try_from(table.u32_be()?).ok()?;
    let numbers = table.take(count.checked_mul(width)?)?;
    Some(numbers.chunks_exact(width).map(number).collect())
}

fn number(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Flags, a count, and as many runs of chunks: the first one, samples in each, and how they are described.
fn runs_of(mut table: Cursor<'_>) -> Option<Vec<(u64, u64)>> {
    table.take(4)?;
    let count = usize::try_from(table.u32_be()?).ok()?;
    let runs = table.take(count.checked_mul(12)?)?;
    let run = |run: &[u8]| Some((number(run.get(..4)?), number(run.get(4..8)?)));
    runs.chunks_exact(12).map(run).collect()
}

/// How long the samples are, in order.
enum Sizes {
    /// All of one length.
    Equal(u64),
    /// Each its own.
    Each(std::vec::IntoIter<u64>),
}

impl Sizes {
    /// Flags, the length of all samples or 0, a count, and as many lengths of 4 bytes.
    fn read(mut table: Cursor<'_>) -> Option<Self> {
        table.take(4)?;
        let equal = table.u32_be()?;
        if equal != 0 {
            return Some(Self::Equal(u64::from(equal)));
        }
        let count = usize::try_from(table.u32_be()?).ok()?;
        let sizes = table.take(count.checked_mul(4)?)?;
        Some(Self::Each(
            sizes.chunks_exact(4).map(number).collect::<Vec<_>>().into_iter(),
        ))
    }

    /// Flags, 3 bytes, the bits of a length (4, 8 or 16), a count, and as many lengths.
    fn read_compact(mut table: Cursor<'_>) -> Option<Self> {
        table.take(7)?;
        let bits = usize::from(table.byte()?);
        let count = usize::try_from(table.u32_be()?).ok()?;
        let sizes = table.take(count.checked_mul(bits)?.div_ceil(8))?;
        let sizes: Vec<u64> = match bits {
            4 => sizes
                .iter()
                .flat_map(|byte| [byte >> 4, byte & 15])
                .map(u64::from)
                .take(count)
                .collect(),
            8 | 16 => sizes.chunks_exact(bits / 8).map(number).collect(),
            _ => return None,
        };
        Some(Self::Each(sizes.into_iter()))
    }

    /// The length of the next samples together.
    fn take(&mut self, count: u64) -> Option<u64> {
        match self {
            Self::Equal(size) => size.checked_mul(count),
            Self::Each(sizes) => (0..count).try_fold(0_u64, |sum, _| sum.checked_add(sizes.next()?)),
        }
    }
}
