//! How long everything may take.

use std::time::Duration;

/// How long things may take and how often they are done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timing {
    /// A request with all its tries.
    pub(crate) request: Duration,
    /// One try.
    pub(crate) exchange: Duration,
    /// Silence after which another member is asked as well. Spec: network §6 (NET-36)
    pub(crate) hedge: Duration,
    /// TCP and TLS to a guard.
    pub(crate) connect: Duration,
    /// Nothing moves in a large request to a server: every relay on the way takes it whole before it hands it on.
    pub(crate) quiet: Duration,
    /// Testing a new path.
    pub(crate) path_test: Duration,
    /// Between two looks whether relays can be reached at all.
    pub(crate) probe_every: Duration,
    /// One such look; two of them and the pause must stay below five seconds.
    pub(crate) probe: Duration,
    /// After which the middle and exit of a path are replaced.
    pub(crate) rotate: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            request: Duration::from_secs(50),
            exchange: Duration::from_secs(10),
            hedge: Duration::from_millis(2500),
            connect: Duration::from_secs(3),
            quiet: Duration::from_secs(30),
            path_test: Duration::from_secs(5),
            probe_every: Duration::from_secs(2),
            probe: Duration::from_millis(1200),
            rotate: Duration::from_secs(600),
        }
    }
}
