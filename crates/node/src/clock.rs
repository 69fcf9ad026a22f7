//! The node's clock: the system's.

use std::time::{SystemTime, UNIX_EPOCH};

use protocol::TimestampMs;

/// The time; the epoch where the system's clock stands before it.
pub(crate) fn now() -> TimestampMs {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    TimestampMs(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
