//! This device among the account's others, and the clearing of it.

use serde::{Deserialize, Serialize};

use crate::{Origin, TimestampMs};

/// Answer to `get_device`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceView {
    /// The operating system, as Rust names it: `linux`, `macos`, `windows`, `android`, `ios`.
    pub system: String,
    /// Whether the account was made here or brought here.
    pub origin: Origin,
    /// Since when it is here.
    pub since_ms: TimestampMs,
    /// The parts of the settings, in the order in which they are shown.
    pub parts: Vec<SyncPartView>,
    /// Some settings have not reached the network for a while.
    pub delayed: bool,
}

/// One part of what all devices of an account share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncPartView {
    /// Which one.
    pub part: SyncPart,
    /// Changes of this device that are not on the network yet; zero when it is in step.
    pub waiting: u32,
    /// When the part was last in step with the network; `None` before the first time.
    pub synced_at_ms: Option<TimestampMs>,
}

/// A part of what all devices of an account share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncPart {
    /// Name and picture.
    Profile,
    /// People.
    Contacts,
    /// What was read.
    Conversations,
    /// Groups and communities.
    Groups,
}

/// What `clear_data` erases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClearScope {
    /// Everything on this device.
    Device,
    /// The same, after what the network keeps of the account.
    DeviceAndNetwork,
}
