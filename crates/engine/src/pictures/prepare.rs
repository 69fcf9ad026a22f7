//! From the bytes of any picture to the small square that is kept.

use contract::Crop;
use media::{Encoded, Fidelity, Kind, Picture, PictureError, Shrink};

/// Side of my picture as others get it, in pixels. Spec: attachments §10 (ATT-80)
pub(super) const OWN_SIDE: u32 = 640;

/// Side of other people's pictures as they are kept, in pixels: more than any screen shows of them.
const SHOWN_SIDE: u32 = 320;

/// Other people's pictures with more pixels are refused before they are decoded: none that is meant well has as many, and
/// many come by themselves.
const MOST_PIXELS: u64 = 4_096 * 4_096;

/// Which part of a picture is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The largest square in its middle.
    Middle,
    /// As the user chose.
    Square(Crop),
}

/// My picture, from one that was staged.
pub(super) fn own(bytes: &[u8], part: Part) -> Result<Encoded, PictureError> {
    let picture = media::decode(bytes)?;
    let chosen = match part {
        Part::Middle => picture,
        Part::Square(Crop { x, y, side }) => picture.cut(x, y, side),
    };
    square(&chosen, OWN_SIDE)
}

/// Somebody else's picture; its bytes may be anything.
pub(super) fn theirs(bytes: &[u8]) -> Result<Encoded, PictureError> {
    fetched(bytes, SHOWN_SIDE)
}

/// My picture as another device of mine chose it: this one may have to upload it again.
pub(super) fn mine_from_elsewhere(bytes: &[u8]) -> Result<Encoded, PictureError> {
    fetched(bytes, OWN_SIDE)
}

fn fetched(bytes: &[u8], side: u32) -> Result<Encoded, PictureError> {
    match media::sniff(bytes) {
        (Kind::Picture, _) => square(&media::decode_within(bytes, MOST_PIXELS)?, side),
        _ => Err(PictureError::Unknown),
    }
}

fn square(picture: &Picture, side: u32) -> Result<Encoded, PictureError> {
    media::encode(&picture.shrink(Shrink::Square(side))?, Fidelity::Usual)
}
