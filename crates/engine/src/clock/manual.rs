//! A clock that stands still until it is told to move.

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use protocol::TimestampMs;
use tokio::sync::watch;

use super::Clock;

/// A clock for tests; clones show the same time.
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<watch::Sender<i64>>);

impl ManualClock {
    /// Starts at a time.
    pub fn new(start: TimestampMs) -> Self {
        Self(Arc::new(watch::Sender::new(start.0)))
    }

    /// Moves forward and wakes whoever waited for a time passed.
    pub fn advance(&self, ms: i64) {
        self.0.send_modify(|now| *now = now.saturating_add(ms));
    }

    /// How many waits are under way.
    pub fn waiting(&self) -> usize {
        self.0.receiver_count()
    }
}

impl Clock for ManualClock {
    fn now(&self) -> TimestampMs {
        TimestampMs(*self.0.borrow())
    }

    fn sleep_until(&self, deadline: TimestampMs) -> BoxFuture<'static, ()> {
        let mut shown = self.0.subscribe();
        async move {
            if shown.wait_for(|now| *now >= deadline.0).await.is_err() {
                // The clock is gone: its time never comes.
                std::future::pending::<()>().await;
            }
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_wait_ends_when_its_time_is_shown() {
        let clock = ManualClock::new(TimestampMs(1_000));
        let mut wait = clock.sleep_until(TimestampMs(1_500));
        assert_eq!((&mut wait).now_or_never(), None);
        clock.advance(499);
        assert_eq!((&mut wait).now_or_never(), None);
        clock.advance(1);
        wait.await;
        assert_eq!(clock.now(), TimestampMs(1_500));
    }
}
