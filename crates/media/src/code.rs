//! QR codes in pictures.

use crate::picture::{Picture, Shrink};

/// Longest sides, in pixels, at which codes are looked for: small first, which is quick and evens out what a camera adds;
/// larger for a code that is a small part of its picture.
const SIDES: [u32; 2] = [900, 2_400];

/// Text of a longer code is not read: a phrase is far shorter.
const LONGEST_TEXT_BYTES: usize = 1_024;

/// Codes of one picture that are looked at.
const MOST_CODES: usize = 16;

/// The texts of the QR codes in a picture; none where there are none that can be read.
///
/// # Security
/// They may be secrets: the caller erases them.
pub fn qr_texts(picture: &Picture) -> Vec<String> {
    for side in SIDES {
        let Ok(smaller) = picture.shrink(Shrink::Fit(side)) else {
            continue;
        };
        let found = texts(&smaller);
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

fn texts(picture: &Picture) -> Vec<String> {
    let grey = picture.0.to_luma8();
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    let at = |x: usize, y: usize| {
        let index = y.saturating_mul(width).saturating_add(x);
        grey.as_raw().get(index).copied().unwrap_or(u8::MAX)
    };
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, at);
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
