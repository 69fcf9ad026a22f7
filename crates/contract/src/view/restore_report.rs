//! What came back with a restored account.

use serde::{Deserialize, Serialize};

/// Answer to `get_restore_report`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreReport {
    /// People I accepted.
    pub contacts: u32,
    /// Groups that the account's settings name.
    pub groups: u32,
    /// Communities that they name.
    pub communities: u32,
    /// Messages that came.
    pub messages: u32,
    /// What became of each part, in the order in which they are shown.
    pub parts: Vec<RestoredPart>,
}

/// What became of one part of a restored account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoredPart {
    /// Which one.
    pub part: RestorePart,
    /// What became of it.
    pub found: Found,
}

/// A part of what a restore looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RestorePart {
    /// Name and picture.
    Profile,
    /// People.
    Contacts,
    /// What was read.
    Conversations,
    /// Private groups.
    Groups,
    /// Communities.
    Communities,
    /// Messages of the last 14 days.
    Messages,
}

/// What became of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// It is here.
    Found,
    /// The network has nothing of it.
    Empty,
    /// It has not been read as yet.
    Looking,
}
