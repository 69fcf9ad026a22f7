//! Pictures and films as bytes: what they are, small enough, and without what they tell of their maker.
//!
//! Owns: decoding of pictures under limits, shrinking, encoding them anew, reading codes in them, and taking out of films
//! and sounds what holds places, devices and dates. Pure: bytes in, bytes out. Never: files, sockets, or a decoder that is
//! not memory-safe: what a stranger sends is decoded here before anything else looks at it.

#![deny(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

mod animation;
mod code;
mod cursor;
mod picture;
mod sniff;
mod sound;
mod strip;

pub use animation::strip_gif;
pub use code::qr_texts;
pub use picture::{
    Encoded, Fidelity, LONGEST_SIDE, MOST_PIXELS, Picture, PictureError, Shrink, decode, decode_within,
    encode, is_within,
};
pub use sniff::{Kind, sniff};
pub use sound::sound_duration_ms;
pub use strip::{StripError, strip};
