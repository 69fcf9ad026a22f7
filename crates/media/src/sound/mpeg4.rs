//! Sound in the MPEG-4 family (ISO/IEC 14496-12), also in fragments as web views record it.

use super::{Cursor, Ticks};

/// Boxes that hold boxes, on the way to what is looked for.
const FOLLOWED: [&[u8; 4]; 6] = [b"moov", b"trak", b"mdia", b"mvex", b"moof", b"traf"];
/// Depth to which boxes are followed.
const DEEPEST: usize = 4;

/// What is known of the tracks on the way through the boxes.
#[derive(Default)]
struct Found {
    /// The track whose boxes are read.
    track: u32,
    /// Its time.
    time: Option<Ticks>,
    /// The first track of sound, and its time.
    sound: Option<(u32, Ticks)>,
    /// How long a sample lasts where nothing else is said: of the track, and of the fragment.
    usual: u64,
    usual_here: u64,
    /// What the fragments of the track of sound add up to.
    fragments: u64,
}

/// The time of the first track of sound: as its header says, or what its fragments add up to.
pub(super) fn sound(bytes: &[u8]) -> Option<Ticks> {
    let mut found = Found::default();
    found.read(Cursor(bytes), 0)?;
    let (_, time) = found.sound?;
    Some(Ticks {
        ticks: time.ticks.max(found.fragments),
        ..time
    })
}

impl Found {
    fn read(&mut self, mut boxes: Cursor<'_>, depth: usize) -> Option<()> {
        while !boxes.0.is_empty() {
            let (kind, content) = next(&mut boxes)?;
            match &kind {
                kind if FOLLOWED.contains(&kind) => {
                    if depth >= DEEPEST {
                        return None;
                    }
                    self.read(content, depth.saturating_add(1))?;
                }
                b"tkhd" => self.track = track_header(content)?,
                b"mdhd" => self.time = Some(media_header(content)?),
                b"hdlr" => self.handler(content)?,
                b"trex" => self.usual = usual(content)?,
                b"tfhd" => self.fragment_header(content)?,
                b"trun" => self.run(content)?,
                _ => {}
            }
        }
        Some(())
    }

    /// Version and flags, 4 bytes, the kind of the track.
    fn handler(&mut self, mut content: Cursor<'_>) -> Option<()> {
        content.take(8)?;
        if content.take(4)? == b"soun" && self.sound.is_none() {
            self.sound = Some((self.track, self.time?));
        }
        Some(())
    }

    /// Flags, the track, and those optional numbers that the flags name; the third is what a sample usually lasts.
    fn fragment_header(&mut self, mut content: Cursor<'_>) -> Option<()> {
        let flags = content.u32_be()?;
        self.track = content.u32_be()?;
        if flags & 1 != 0 {
            content.take(8)?;
        }
        if flags & 2 != 0 {
            content.take(4)?;
        }
        self.usual_here = match flags & 8 {
            0 => self.usual,
            _ => u64::from(content.u32_be()?),
        };
        Some(())
    }

    /// Flags, number of samples, optional numbers, and for each sample those that the flags name.
    fn run(&mut self, mut content: Cursor<'_>) -> Option<()> {
        let flags = content.u32_be()?;
        let count = content.u32_be()?;
        content.take(if flags & 1 != 0 { 4 } else { 0 })?;
        content.take(if flags & 4 != 0 { 4 } else { 0 })?;
        if self.sound.is_none_or(|(track, _)| track != self.track) {
            return Some(());
        }
        let lasts = match flags & 0x100 {
            0 => self.usual_here.checked_mul(u64::from(count))?,
            _ => {
                let others = (flags & 0xe00).count_ones();
                let others = usize::try_from(others).ok()?.checked_mul(4)?;
                let mut sum = 0_u64;
                for _ in 0..count {
                    sum = sum.checked_add(u64::from(content.u32_be()?))?;
                    content.take(others)?;
                }
                sum
            }
        };
        self.fragments = self.fragments.checked_add(lasts)?;
        Some(())
    }
}

/// The next box: 4 bytes of length, 4 of kind; length 1: 8 more bytes tell it; length 0: to the end.
fn next<'a>(boxes: &mut Cursor<'a>) -> Option<([u8; 4], Cursor<'a>)> {
    let len = boxes.u32_be()?;
    let kind = boxes.array()?;
    let content = match len {
        0 => boxes.0.len(),
        1 => usize::try_from(boxes.u64_be()?).ok()?.checked_sub(16)?,
        len => usize::try_from(len).ok()?.checked_sub(8)?,
    };
    Some((kind, Cursor(boxes.take(content)?)))
}

/// Flags; two dates of 4 bytes in version 0 and of 8 in version 1; the track.
fn track_header(mut content: Cursor<'_>) -> Option<u32> {
    dates(&mut content)?;
    content.u32_be()
}

/// As a track's header, then ticks a second and ticks, the latter as long as a date.
fn media_header(mut content: Cursor<'_>) -> Option<Ticks> {
    let long = dates(&mut content)?;
    let per_second = content.u32_be()?;
    let ticks = match long {
        true => content.u64_be()?,
        false => u64::from(content.u32_be()?),
    };
    // All ones: not known.
    let unknown = ticks == u64::MAX || (!long && ticks == u64::from(u32::MAX));
    Some(Ticks {
        ticks: if unknown { 0 } else { ticks },
        per_second,
    })
}

/// Skips version, flags and dates; answers whether numbers are long.
fn dates(content: &mut Cursor<'_>) -> Option<bool> {
    let [version, ..] = content.array::<4>()?;
    let long = version == 1;
    content.take(if long { 16 } else { 8 })?;
    Some(long)
}

/// Flags, track, description, and what a sample usually lasts.
fn usual(mut content: Cursor<'_>) -> Option<u64> {
    content.take(12)?;
    content.u32_be().map(u64::from)
}
