//! Network time: the device clock plus an offset learnt from relays.
//!
//! Nodes refuse signed requests that are more than a minute off, and a device's clock often is. The offset is the median
//! of what three random nodes say, so that one of them may lie. Spec: network §5 (NET-20 to NET-22)

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use protocol::TimestampMs;
use tokio::time::Instant;

/// How many nodes are asked.
pub(crate) const SAMPLES: usize = 3;
/// An offset this old is learnt anew.
pub(crate) const MAX_AGE: Duration = Duration::from_secs(600);
/// An offset this young is not learnt anew even when a node says that the clock is wrong.
const MIN_AGE: Duration = Duration::from_secs(2);
/// An offset that differs by more from the one known is taken only when the next look says the same.
const JUMP_MS: u64 = 3_600_000;
/// The same for the first offset: a device may be hours off, in another time zone perhaps, but rarely more than a day.
const FAR_MS: u64 = 24 * 3_600_000;
/// Two looks say the same when they are no further apart.
const SAME_MS: u64 = 60_000;

/// The device's clock.
pub trait WallClock: Send + Sync + 'static {
    /// Unix time in milliseconds, as the device believes it to be.
    fn now(&self) -> TimestampMs;
}

/// The operating system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemWallClock;

impl WallClock for SystemWallClock {
    fn now(&self) -> TimestampMs {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        TimestampMs(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// What is known of the difference between the device's clock and the network's.
#[derive(Debug, Default)]
pub(crate) struct ClockOffset(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    offset_ms: i64,
    learnt: Option<Instant>,
    /// What the last look said, if that was too far from `offset_ms` to be believed at once.
    doubted: Option<i64>,
}

/// What became of samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Learnt {
    /// They gave the offset.
    Taken,
    /// They say something so unlikely that another look has to say the same.
    Doubted,
    /// They are too few.
    Useless,
}

impl ClockOffset {
    /// Network minus device, in milliseconds.
    pub(crate) fn offset_ms(&self) -> i64 {
        self.lock().offset_ms
    }

    /// Network time at a device time.
    pub(crate) fn network_time(&self, device: TimestampMs) -> TimestampMs {
        TimestampMs(device.0.saturating_add(self.offset_ms()))
    }

    /// Whether an offset was ever learnt.
    pub(crate) fn is_known(&self) -> bool {
        self.lock().learnt.is_some()
    }

    /// Whether it is time to learn the offset anew.
    pub(crate) fn is_due(&self) -> bool {
        self.lock()
            .learnt
            .is_none_or(|learnt| learnt.elapsed() >= MAX_AGE)
    }

    /// Whether the offset was learnt a moment ago, so that learning it again would tell nothing.
    pub(crate) fn is_fresh(&self) -> bool {
        self.lock()
            .learnt
            .is_some_and(|learnt| learnt.elapsed() < MIN_AGE)
    }

    /// Learns from samples.
    ///
    /// Fewer than three count only as long as nothing better is known. Two liars among three happen now and then; that they
    /// are met twice in a row hardly ever does, so a jump has to be seen twice. Spec: network §5 (NET-22)
    pub(crate) fn learn(&self, samples_ms: &[i64]) -> Learnt {
        let mut state = self.lock();
        let Some(median) = median(samples_ms) else {
            return Learnt::Useless;
        };
        if samples_ms.len() < SAMPLES && state.learnt.is_some() {
            return Learnt::Useless;
        }
        let far = if state.learnt.is_some() { JUMP_MS } else { FAR_MS };
        let confirmed = state
            .doubted
            .is_some_and(|doubted| median.abs_diff(doubted) <= SAME_MS);
        if median.abs_diff(state.offset_ms) > far && !confirmed {
            state.doubted = Some(median);
            return Learnt::Doubted;
        }
        *state = State {
            offset_ms: median,
            learnt: Some(Instant::now()),
            doubted: None,
        };
        Learnt::Taken
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What one answer says: the node's time in the middle of the exchange minus the device's time at its end, corrected for
/// half the way.
pub(crate) fn sample(node: TimestampMs, device_after: TimestampMs, round_trip: Duration) -> i64 {
    let half = i64::try_from(round_trip.as_millis() / 2).unwrap_or(0);
    node.0.saturating_add(half).saturating_sub(device_after.0)
}

/// The middle one; of an even number the one nearer to zero.
fn median(samples: &[i64]) -> Option<i64> {
    let mut sorted = samples.to_vec();
    sorted.sort_unstable();
    let upper = sorted.get(sorted.len() / 2).copied()?;
    let lower = sorted.get(sorted.len().saturating_sub(1) / 2).copied()?;
    Some(if upper.unsigned_abs() < lower.unsigned_abs() {
        upper
    } else {
        lower
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(clock: &ClockOffset, samples_ms: &[i64]) -> bool {
        clock.learn(samples_ms) == Learnt::Taken
    }

    #[test]
    fn net_20_one_of_three_may_lie() {
        let clock = ClockOffset::default();
        assert!(taken(&clock, &[1_000, 9_999_999, 1_040]));
        assert_eq!(clock.offset_ms(), 1_040);
        assert_eq!(clock.network_time(TimestampMs(5)), TimestampMs(1_045));
        let other = ClockOffset::default();
        assert!(taken(&other, &[-500, -9_999_999, -480]));
        assert_eq!(other.offset_ms(), -500);
    }

    #[test]
    fn net_20_fewer_samples_count_only_at_first() {
        let clock = ClockOffset::default();
        assert!(!taken(&clock, &[]));
        assert!(taken(&clock, &[70_000, 10]));
        assert_eq!(clock.offset_ms(), 10, "the smaller correction of two");
        assert!(!taken(&clock, &[5, 6]));
        assert_eq!(clock.offset_ms(), 10);
    }

    #[test]
    fn net_22_a_jump_has_to_be_seen_twice() {
        let clock = ClockOffset::default();
        let year = 365 * 24 * 3_600_000;
        assert!(taken(&clock, &[10, 20, 30]));
        assert!(!taken(&clock, &[20, year, year]), "two liars, once");
        assert!(taken(&clock, &[10, 20, 30]));
        assert!(!taken(&clock, &[20, year, year]), "and again later");
        assert!(!taken(&clock, &[20, -year, -year]), "others do not confirm them");
        assert_eq!(clock.offset_ms(), 20);
        // The device's clock was set.
        assert!(!taken(&clock, &[7_200_000, 7_200_010, 7_200_020]));
        assert!(taken(&clock, &[7_200_500, 7_200_510, 7_200_520]));
        assert_eq!(clock.offset_ms(), 7_200_510);
    }

    #[test]
    fn net_23_a_first_offset_of_more_than_a_day_has_to_be_seen_twice() {
        let day = 24 * 3_600_000;
        for far in [day + 1, -day - 1, 20_000 * day] {
            let clock = ClockOffset::default();
            assert_eq!(clock.learn(&[far, far, far]), Learnt::Doubted);
            assert!(!clock.is_known() && clock.offset_ms() == 0);
            let other = 2 * far;
            assert_eq!(
                clock.learn(&[other, other, other]),
                Learnt::Doubted,
                "not the same"
            );
            assert_eq!(clock.learn(&[other, other + 9, other + 60_000]), Learnt::Taken);
            assert_eq!(clock.offset_ms(), other + 9);
        }
        let clock = ClockOffset::default();
        assert_eq!(clock.learn(&[day * 9]), Learnt::Doubted);
        assert_eq!(clock.learn(&[10, 20, 30]), Learnt::Taken);
        assert!(taken(&ClockOffset::default(), &[day, day, day]));
    }

    #[test]
    fn net_20_half_the_round_trip_is_added() {
        let sample = sample(
            TimestampMs(10_000),
            TimestampMs(9_000),
            Duration::from_millis(200),
        );
        assert_eq!(sample, 1_100);
    }

    #[tokio::test(start_paused = true)]
    async fn net_21_an_offset_ages() {
        let clock = ClockOffset::default();
        assert!(clock.is_due() && !clock.is_known() && !clock.is_fresh());
        clock.learn(&[1, 2, 3]);
        assert!(!clock.is_due() && clock.is_known() && clock.is_fresh());
        tokio::time::advance(MIN_AGE).await;
        assert!(!clock.is_fresh());
        tokio::time::advance(MAX_AGE).await;
        assert!(clock.is_due());
    }
}
