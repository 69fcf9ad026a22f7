//! Connection, path and services.

use serde::{Deserialize, Serialize};

use crate::TimestampMs;

/// The connection in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Connection {
    /// A path of three relays works.
    Connected,
    /// A path is being built.
    Connecting,
    /// Relays can be reached but no path works.
    NotConnected,
    /// This device has no network.
    Offline,
}

/// One relay of the path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelayView {
    /// IP address as text.
    pub ip: String,
    /// ISO 3166-1 alpha-2 country code, if known.
    pub country: Option<String>,
}

/// Answer to `get_path`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathView {
    /// State in one word.
    pub connection: Connection,
    /// Entry, middle and exit relay; empty while there is no path.
    pub relays: Vec<RelayView>,
    /// Why there is none, in support's words (a code, never shown alone).
    pub reason: Option<String>,
    /// Difference of this device's clock to the network's, in milliseconds (positive: the network is ahead).
    pub clock_offset_ms: i64,
}

/// A network service the app relies on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ServiceKind {
    /// Gives the first list of relays.
    Seeds,
    /// Keeps attachments.
    FileServer,
    /// Wakes the phone.
    PushServer,
    /// Suggests communities.
    Communities,
    /// Resolves registered names.
    Names,
}

/// One card of the network services screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceView {
    /// Which service.
    pub kind: ServiceKind,
    /// Its addresses; empty when the profile names none.
    pub addresses: Vec<String>,
    /// When it last answered.
    pub last_answered_ms: Option<TimestampMs>,
    /// Since when it has not answered.
    pub silent_since_ms: Option<TimestampMs>,
}
