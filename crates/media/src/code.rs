//! QR codes in pictures. Whoever made a picture may mean harm: looking for codes ends after a bounded amount of work.

mod work;

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::picture::{Picture, Shrink};
use work::{Counted, Work};

/// Longest sides, in pixels, at which codes are looked for: small first, which is quick and evens out what a camera adds;
/// larger for a code that is a small part of its picture.
const SIDES: [u32; 2] = [900, 2_400];

/// Text of a longer code is not read: a phrase is far shorter.
const LONGEST_TEXT_BYTES: usize = 1_024;

/// Codes of one picture that are looked at.
const MOST_CODES: usize = 16;

/// The texts of the QR codes in a picture; none where there are none that can be read, or none that can be found with
/// a bounded amount of work.
///
/// # Security
/// They may be secrets: the caller erases them.
pub fn qr_texts(picture: &Picture) -> Vec<String> {
    for side in SIDES {
        let Ok(smaller) = picture.shrink(Shrink::Fit(side)) else {
            continue;
        };
        let grey = smaller.0.to_luma8();
        let work = Work::on(&grey);
        let found = texts(Counted::new(grey, &work));
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// The texts at one size. The reader asserts what the geometry of a hostile picture may break, and is ended by unwinding
/// when it has worked enough: both cost what this size would have given, and nothing else, since all it has is its own.
fn texts(picture: Counted) -> Vec<String> {
    catch_unwind(AssertUnwindSafe(|| read(picture))).unwrap_or_default()
}

fn read(picture: Counted) -> Vec<String> {
    let mut prepared = rqrr::PreparedImage::prepare(picture);
    let grids = prepared.detect_grids();
    let decoded = grids
        .iter()
        .take(MOST_CODES)
        .filter_map(|grid| grid.decode().ok());
    decoded
        .map(|(_, text)| text)
        .filter(|text| text.len() <= LONGEST_TEXT_BYTES)
        .collect()
}

#[cfg(test)]
#[path = "code_tests.rs"]
mod tests;
