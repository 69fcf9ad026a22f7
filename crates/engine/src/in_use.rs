//! Whether somebody uses the messenger: then what others did is looked for more often.

use std::sync::atomic::{AtomicI64, Ordering};

use protocol::TimestampMs;

/// So long after a command somebody is taken to be there still.
const HOLDS_MS: i64 = 60_000;

/// When a shell last asked for something, by the device's clock.
#[derive(Debug)]
pub(crate) struct InUse(AtomicI64);

impl InUse {
    /// Nobody has asked for anything yet.
    pub(crate) fn new() -> Self {
        Self(AtomicI64::new(i64::MIN))
    }

    /// A shell asks for something.
    pub(crate) fn note(&self, now: TimestampMs) {
        self.0.store(now.0, Ordering::Relaxed);
    }

    /// Whether a shell has asked for something within the last minute.
    pub(crate) fn holds(&self, now: TimestampMs) -> bool {
        let since_ms = now.since_ms(TimestampMs(self.0.load(Ordering::Relaxed)));
        // Whoever was here ages ahead of a clock that was set back is not here.
        since_ms.saturating_abs() < HOLDS_MS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_for_a_minute() {
        let used = InUse::new();
        let now = TimestampMs(1_775_000_000_000);
        assert!(!used.holds(now));
        used.note(now);
        assert!(used.holds(now));
        assert!(used.holds(now.plus_ms(59_999)));
        assert!(!used.holds(now.plus_ms(60_000)));
        assert!(used.holds(now.plus_ms(-59_999)));
        assert!(!used.holds(now.plus_ms(-60_000)));
    }
}
