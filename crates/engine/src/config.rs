//! What a shell decides before an engine starts.

use std::time::Duration;

use contract::KeyCustody;
use network::NetworkProfile;

/// What an engine is told about its surroundings.
#[derive(Clone, Debug)]
pub struct Config {
    /// The network in use; named on screens, its services listed there.
    pub profile: NetworkProfile,
    /// What keeps the key of the store.
    pub key_custody: KeyCustody,
    /// The name of this device's push service, if it has one.
    pub push_provider: Option<String>,
    /// How far other devices of the account are looked for when history is moved.
    pub nearby: nearby::Reach,
    /// Whether the engine works by itself.
    pub mode: Mode,
    /// So long after the opening begins what can wait for a moment: what the user sees first comes sooner without it.
    pub head_start: Duration,
}

/// Whether an engine works by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It sends and looks for messages all the time.
    Active,
    /// It does so only within [`Engine::poll_once`](crate::Engine::poll_once) and `poll_now`: for short visits in the
    /// background, beside no other engine on the same store.
    OnDemand,
}
