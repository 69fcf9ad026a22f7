//! When disappearing messages disappear.
//!
//! All times are network time. A timer runs from its start for the message's own seconds; what starts it depends on the
//! message's mode and on who wrote it. The account's own swarm is what its devices agree by: a message is kept there
//! until it disappears, so that a device that comes later learns from the swarm's expiry when the timer began.
//! Spec: messages §12 (DIS-03 to DIS-08).

use super::incoming::{Disappearing, DisappearingMode};
use super::outgoing::TTL_MS;
use crate::TimestampMs;

/// Clocks of nodes and senders agree within this.
const SLACK_MS: i64 = 120_000;

/// Whether a timer runs, and what the account's own swarm has to do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// It starts when the message is read.
    Waits,
    /// The message disappears then; the swarm knows, or need not know.
    Runs(TimestampMs),
    /// As [`Timer::Runs`], and the swarm is to be told: it keeps the message for longer.
    RunsUntold(TimestampMs),
}

/// What is known of a message when it is taken off the account's own swarm.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    /// The account wrote it, on another device.
    pub mine: bool,
    /// It counts as read already.
    pub read: bool,
    /// When it was sent.
    pub sent_at: TimestampMs,
    /// When the swarm drops it, as one of its members says.
    pub swarm_expires_at: TimestampMs,
    /// The time.
    pub now: TimestampMs,
}

impl Disappearing {
    /// How long the timer runs, in milliseconds.
    pub fn duration_ms(&self) -> i64 {
        i64::from(self.seconds).saturating_mul(1_000)
    }
}

/// When a message of this device disappears: its timer starts when the recipient's swarm has stored it, whatever the mode,
/// since its author has read it. Spec: messages §12 (DIS-03).
pub fn after_storing(setting: Disappearing, stored_at: TimestampMs) -> TimestampMs {
    stored_at.plus_ms(setting.duration_ms())
}

/// When a message of somebody else disappears whose timer starts by being read here and now. Spec: messages §12 (DIS-05).
pub fn after_reading(setting: Disappearing, now: TimestampMs) -> TimestampMs {
    now.plus_ms(setting.duration_ms())
}

/// The timer of a message that has just been taken off the swarm. Spec: messages §12 (DIS-04, DIS-06, DIS-07).
pub fn on_arrival(setting: Disappearing, arrival: &Arrival) -> Timer {
    match setting.mode {
        DisappearingMode::AfterSend => {
            Timer::Runs(after_sending(setting, arrival.swarm_expires_at, arrival.now))
        }
        DisappearingMode::AfterRead if arrival.mine => {
            let latest = after_storing(setting, arrival.sent_at.min(arrival.now));
            Timer::Runs(latest.min(arrival.swarm_expires_at))
        }
        DisappearingMode::AfterRead if arrival.read => {
            read_elsewhere(setting, arrival.swarm_expires_at, arrival.now)
        }
        DisappearingMode::AfterRead if was_shortened(arrival) => {
            Timer::Runs(after_reading(setting, arrival.now).min(arrival.swarm_expires_at))
        }
        DisappearingMode::AfterRead => Timer::Waits,
    }
}

/// Whether a swarm drops a message sooner than its sender asked for, which is the longest time in this mode: only another
/// device of the account can have had that done, when it read the message. Spec: messages §12 (DIS-06).
fn was_shortened(arrival: &Arrival) -> bool {
    let longest = i64::try_from(TTL_MS).unwrap_or(i64::MAX);
    let kept = arrival.sent_at.plus_ms(longest).plus_ms(-SLACK_MS);
    arrival.swarm_expires_at < kept
}

/// The timer of a message that another device may have read first: if the swarm drops it within the timer's time, that
/// device has told the swarm, and its start holds. Spec: messages §12 (DIS-06).
pub fn read_elsewhere(setting: Disappearing, swarm_expires_at: TimestampMs, now: TimestampMs) -> Timer {
    let latest = after_reading(setting, now);
    match swarm_expires_at <= latest {
        true => Timer::Runs(swarm_expires_at),
        false => Timer::RunsUntold(latest),
    }
}

/// The sender asked its swarm to keep the message as long as its timer, or as long as swarms keep anything. A member that
/// names a later time than possible does not make the message stay. Spec: messages §12 (DIS-04).
fn after_sending(setting: Disappearing, swarm_expires_at: TimestampMs, now: TimestampMs) -> TimestampMs {
    let longest = i64::try_from(TTL_MS).unwrap_or(i64::MAX);
    let kept = setting.duration_ms().min(longest);
    let start = swarm_expires_at.plus_ms(kept.saturating_neg()).min(now);
    start.plus_ms(setting.duration_ms())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: TimestampMs = TimestampMs(1_775_000_000_000);
    const HOUR: i64 = 3_600_000;
    const DAY: i64 = 24 * HOUR;

    fn setting(mode: DisappearingMode, seconds: u32) -> Disappearing {
        Disappearing { mode, seconds }
    }

    fn arrival(swarm_expires_in_ms: i64) -> Arrival {
        Arrival {
            mine: false,
            read: false,
            sent_at: NOW.plus_ms(-HOUR),
            swarm_expires_at: NOW.plus_ms(swarm_expires_in_ms),
            now: NOW,
        }
    }

    #[test]
    fn dis_03_mine_run_from_the_time_of_storing_in_both_modes() {
        for mode in [DisappearingMode::AfterRead, DisappearingMode::AfterSend] {
            assert_eq!(after_storing(setting(mode, 60), NOW), NOW.plus_ms(60_000));
        }
    }

    #[test]
    fn dis_04_after_sending_the_swarm_says_when() {
        let hour = setting(DisappearingMode::AfterSend, 3_600);
        let half = on_arrival(hour, &arrival(HOUR / 2));
        assert_eq!(half, Timer::Runs(NOW.plus_ms(HOUR / 2)));
        let copy = Arrival {
            mine: true,
            read: true,
            ..arrival(HOUR / 2)
        };
        assert_eq!(on_arrival(hour, &copy), half, "copies of mine as well");
        assert_eq!(on_arrival(hour, &arrival(-1)), Timer::Runs(NOW.plus_ms(-1)));
    }

    #[test]
    fn dis_04_no_member_makes_a_message_stay_longer_than_its_timer() {
        let hour = setting(DisappearingMode::AfterSend, 3_600);
        assert_eq!(
            on_arrival(hour, &arrival(14 * DAY)),
            Timer::Runs(NOW.plus_ms(HOUR))
        );
    }

    #[test]
    fn dis_04_a_timer_longer_than_swarms_keep_anything_runs_to_its_end() {
        let month = setting(DisappearingMode::AfterSend, 30 * 24 * 3_600);
        assert_eq!(
            on_arrival(month, &arrival(13 * DAY)),
            Timer::Runs(NOW.plus_ms(29 * DAY))
        );
    }

    #[test]
    fn dis_05_unread_ones_wait() {
        let hour = setting(DisappearingMode::AfterRead, 3_600);
        assert_eq!(on_arrival(hour, &arrival(14 * DAY)), Timer::Waits);
        assert_eq!(after_reading(hour, NOW), NOW.plus_ms(HOUR));
    }

    #[test]
    fn dis_06_a_swarm_that_drops_it_early_tells_that_it_was_read() {
        let hour = setting(DisappearingMode::AfterRead, 3_600);
        assert_eq!(
            on_arrival(hour, &arrival(HOUR / 2)),
            Timer::Runs(NOW.plus_ms(HOUR / 2))
        );
        assert_eq!(
            on_arrival(hour, &arrival(13 * DAY)),
            Timer::Runs(NOW.plus_ms(HOUR))
        );
        assert_eq!(
            on_arrival(hour, &arrival(14 * DAY - HOUR)),
            Timer::Waits,
            "sent an hour ago"
        );
    }

    #[test]
    fn dis_06_what_another_device_has_read_keeps_its_start() {
        let day = setting(DisappearingMode::AfterRead, 86_400);
        let read = |swarm| {
            on_arrival(
                day,
                &Arrival {
                    read: true,
                    ..arrival(swarm)
                },
            )
        };
        assert_eq!(read(4 * HOUR), Timer::Runs(NOW.plus_ms(4 * HOUR)));
        assert_eq!(read(DAY), Timer::Runs(NOW.plus_ms(DAY)));
        assert_eq!(read(DAY + 1), Timer::RunsUntold(NOW.plus_ms(DAY)));
    }

    #[test]
    fn dis_07_copies_of_mine_count_as_read_when_sent() {
        let two_hours = setting(DisappearingMode::AfterRead, 7_200);
        let copy = |swarm| {
            on_arrival(
                two_hours,
                &Arrival {
                    mine: true,
                    read: true,
                    ..arrival(swarm)
                },
            )
        };
        assert_eq!(copy(14 * DAY), Timer::Runs(NOW.plus_ms(HOUR)), "sent an hour ago");
        assert_eq!(
            copy(HOUR / 2),
            Timer::Runs(NOW.plus_ms(HOUR / 2)),
            "another device has shortened it"
        );
    }

    #[test]
    fn times_at_the_end_of_the_range_do_not_wrap() {
        let longest = setting(DisappearingMode::AfterSend, u32::MAX);
        let end = Arrival {
            swarm_expires_at: TimestampMs(i64::MAX),
            now: TimestampMs(i64::MAX),
            ..arrival(0)
        };
        assert_eq!(on_arrival(longest, &end), Timer::Runs(TimestampMs(i64::MAX)));
        let begin = Arrival {
            swarm_expires_at: TimestampMs(i64::MIN),
            ..arrival(0)
        };
        assert!(matches!(on_arrival(longest, &begin), Timer::Runs(time) if time < NOW));
    }
}
