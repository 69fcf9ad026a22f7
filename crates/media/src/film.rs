//! Emptying the parts of films that tell of their maker, in place: no byte of sound or picture moves.
//!
//! MPEG-4 (ISO/IEC 14496-12) is a tree of boxes: 4 bytes of length, 4 of type, then content. Places, devices and titles
//! stand in `udta` and `meta` boxes below `moov`, and in `uuid` boxes; dates in `mvhd`, `tkhd` and `mdhd`.

/// Depth to which boxes are followed.
const DEEPEST: usize = 8;

/// Boxes that hold boxes.
const FOLLOWED: [&[u8; 4]; 8] = [
    b"moov", b"trak", b"mdia", b"minf", b"edts", b"moof", b"mvex", b"traf",
];

/// Boxes that playing needs. Whatever is not named here is emptied: cameras put places into boxes of their own.
const KEPT: [&[u8; 4]; 25] = [
    b"ftyp", b"styp", b"sidx", b"ssix", b"mdat", b"mfra", b"iods", b"tref", b"tapt", b"elst", b"hdlr",
    b"vmhd", b"smhd", b"nmhd", b"gmhd", b"sthd", b"dinf", b"stbl", b"mfhd", b"mehd", b"trex", b"tfhd",
    b"tfdt", b"trun", b"prft",
];

/// Boxes that begin with two dates.
const DATED: [&[u8; 4]; 3] = [b"mvhd", b"tkhd", b"mdhd"];

/// Why a film cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FilmError {
    /// Not of the MPEG-4 family: what it hides cannot be removed.
    #[error("not a film of a known kind")]
    Unknown,
    /// Its boxes do not fit into each other.
    #[error("the film is damaged")]
    Damaged,
}

/// Empties what tells of the film's maker.
///
/// # Errors
/// [`FilmError`]
pub fn strip_film(bytes: &mut [u8]) -> Result<(), FilmError> {
    if bytes.get(4..8) != Some(b"ftyp") {
        return Err(FilmError::Unknown);
    }
    strip(bytes, 0)
}

fn strip(mut boxes: &mut [u8], depth: usize) -> Result<(), FilmError> {
    while !boxes.is_empty() {
        let (header, length) = measure(boxes)?;
        let (this, rest) = boxes.split_at_mut_checked(length).ok_or(FilmError::Damaged)?;
        let kind: [u8; 4] = this
            .get(4..8)
            .and_then(|kind| kind.try_into().ok())
            .ok_or(FilmError::Damaged)?;
        let (head, content) = this.split_at_mut_checked(header).ok_or(FilmError::Damaged)?;
        if DATED.contains(&&kind) {
            undate(content)?;
        } else if FOLLOWED.contains(&&kind) {
            if depth >= DEEPEST {
                return Err(FilmError::Damaged);
            }
            strip(content, depth.saturating_add(1))?;
        } else if !KEPT.contains(&&kind) {
            content.fill(0);
            if let Some(kind) = head.get_mut(4..8) {
                kind.copy_from_slice(b"free");
            }
        }
        boxes = rest;
    }
    Ok(())
}

/// Length of the first box's header and of the whole box. Length 1: 8 more bytes tell it; length 0: to the end.
fn measure(boxes: &[u8]) -> Result<(usize, usize), FilmError> {
    let number = |from: usize, to: usize| {
        let bytes = boxes.get(from..to).ok_or(FilmError::Damaged)?;
        let number = bytes
            .iter()
            .fold(0_u64, |number, byte| number.wrapping_shl(8) | u64::from(*byte));
        usize::try_from(number).map_err(|_| FilmError::Damaged)
    };
    let (header, length) = match number(0, 4)? {
        0 => (8, boxes.len()),
        1 => (16, number(8, 16)?),
        length => (8, length),
    };
    match length < header || length > boxes.len() {
        true => Err(FilmError::Damaged),
        false => Ok((header, length)),
    }
}

/// Two dates of 4 bytes follow version 0 and three flags, of 8 bytes version 1.
fn undate(content: &mut [u8]) -> Result<(), FilmError> {
    let dates = match content.first() {
        Some(0) => content.get_mut(4..12),
        Some(1) => content.get_mut(4..20),
        _ => None,
    };
    dates.ok_or(FilmError::Damaged)?.fill(0);
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn a_box(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len() + 8).unwrap();
        [&length.to_be_bytes(), kind.as_slice(), content].concat()
    }

    fn film() -> Vec<u8> {
        let mvhd = a_box(b"mvhd", &[&[0; 4][..], b"DATEDATE", &[7; 20]].concat());
        let udta = a_box(b"udta", b"+52.5163+013.3777/");
        let mdhd = a_box(b"mdhd", &[&[1, 0, 0, 0][..], &[9; 16], &[7; 8]].concat());
        let trak = a_box(
            b"trak",
            &a_box(b"mdia", &[mdhd, a_box(b"meta", b"MyPhone 9")].concat()),
        );
        let moov = a_box(b"moov", &[mvhd, udta, trak].concat());
        [
            a_box(b"ftyp", b"isom\0\0\0\0"),
            moov,
            a_box(b"mdat", b"pictures and sound"),
        ]
        .concat()
    }

    fn contains(bytes: &[u8], part: &[u8]) -> bool {
        bytes.windows(part.len()).any(|window| window == part)
    }

    #[test]
    fn places_devices_and_dates_go_and_nothing_moves() {
        let mut stripped = film();
        strip_film(&mut stripped).unwrap();
        assert_eq!(stripped.len(), film().len());
        for secret in [&b"+52.5163"[..], b"MyPhone", b"DATE", &[9; 16], b"udta", b"meta"] {
            assert!(contains(&film(), secret) && !contains(&stripped, secret));
        }
        assert!(stripped.ends_with(b"pictures and sound"));
        let mut twice = stripped.clone();
        strip_film(&mut twice).unwrap();
        assert_eq!(twice, stripped);
    }

    #[test]
    fn what_is_no_film_or_a_damaged_one_is_refused() {
        assert_eq!(strip_film(&mut []), Err(FilmError::Unknown));
        assert_eq!(
            strip_film(&mut b"\x1a\x45\xdf\xa3webm".to_vec()),
            Err(FilmError::Unknown)
        );
        let mut cut = film();
        cut.truncate(cut.len() - 1);
        assert_eq!(strip_film(&mut cut), Err(FilmError::Damaged));
        let mut deep = a_box(b"moov", b"");
        for _ in 0..20 {
            deep = a_box(b"moov", &deep);
        }
        let mut deep = [a_box(b"ftyp", b"isom"), deep].concat();
        assert_eq!(strip_film(&mut deep), Err(FilmError::Damaged));
    }

    proptest! {
        #[test]
        fn no_mutation_panics(at: prop::sample::Index, byte: u8) {
            let mut bytes = film();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            let _ = strip_film(&mut bytes);
        }
    }
}
