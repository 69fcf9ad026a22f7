//! Pictures of people.

use serde::{Deserialize, Serialize};

/// Names a person's picture on this device: 32 hex digits. Never reused; another picture has another name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PictureId(pub String);

/// The square of a picture that is used, in its own pixels. What lies outside of the picture is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crop {
    /// From the left edge.
    pub x: u32,
    /// From the upper edge.
    pub y: u32,
    /// Length of its sides, above zero.
    pub side: u32,
}

/// How far one's own picture has come; it is saved here in each case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PictureSaving {
    /// On the network; or there is none, and nobody is told of one.
    #[default]
    Done,
    /// Being brought there.
    OnItsWay,
    /// It could not be brought there yet, and is tried again by itself.
    Waits,
}
