use proptest::prelude::*;

use super::*;

const NOW: TimestampMs = TimestampMs(1_775_000_000_000);
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

fn setting(mode: DisappearingMode, seconds: u32) -> Disappearing {
    Disappearing { mode, seconds }
}

/// Somebody's message of an hour ago, of which a member says when the swarm drops it.
fn arrival(swarm_expires_in_ms: i64) -> Arrival {
    Arrival {
        mine: false,
        read: false,
        sent_at: NOW.plus_ms(-HOUR),
        swarm_expires_at: NOW.plus_ms(swarm_expires_in_ms),
        now: NOW,
    }
}

fn copy_of_mine(swarm_expires_in_ms: i64) -> Arrival {
    Arrival {
        mine: true,
        read: true,
        ..arrival(swarm_expires_in_ms)
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
    assert_eq!(
        on_arrival(hour, &copy_of_mine(HOUR / 2)),
        half,
        "copies of mine as well"
    );
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
fn dis_04_no_member_starts_a_timer_before_the_message_was_sent() {
    let two_hours = setting(DisappearingMode::AfterSend, 7_200);
    for lie in [HOUR / 2, 0, -DAY, i64::MIN] {
        assert_eq!(
            on_arrival(two_hours, &arrival(lie)),
            Timer::Runs(NOW.plus_ms(HOUR - LEAD_MS))
        );
    }
}

#[test]
fn dis_04_a_timer_longer_than_swarms_keep_anything_runs_to_its_end() {
    let month = setting(DisappearingMode::AfterSend, 30 * 24 * 3_600);
    let sent_before_the_day = Arrival {
        sent_at: NOW.plus_ms(-2 * DAY),
        ..arrival(13 * DAY)
    };
    assert_eq!(
        on_arrival(month, &sent_before_the_day),
        Timer::Runs(NOW.plus_ms(29 * DAY))
    );
}

#[test]
fn dis_04_swarms_keep_also_what_disappears_at_once_for_ten_seconds() {
    let second = setting(DisappearingMode::AfterSend, 1);
    let just_now = Arrival {
        sent_at: NOW.plus_ms(-500),
        ..arrival(9_600)
    };
    assert_eq!(
        on_arrival(second, &just_now),
        Timer::Runs(NOW.plus_ms(600)),
        "stored 0.4 s ago"
    );
}

#[test]
fn dis_05_unread_ones_wait() {
    let hour = setting(DisappearingMode::AfterRead, 3_600);
    assert_eq!(on_arrival(hour, &arrival(14 * DAY)), Timer::Waits);
    assert_eq!(on_arrival(hour, &arrival(14 * DAY - HOUR)), Timer::Waits);
    assert_eq!(after_reading(hour, NOW), NOW.plus_ms(HOUR));
}

#[test]
fn dis_06_one_member_alone_does_not_start_the_timer_of_what_waits_to_be_read() {
    let hour = setting(DisappearingMode::AfterRead, 3_600);
    for early in [13 * DAY, HOUR / 2, 0, -DAY] {
        assert_eq!(
            on_arrival(hour, &arrival(early)),
            Timer::WaitsUnproven,
            "{early} ms from now"
        );
    }
}

#[test]
fn dis_06_what_another_device_has_read_runs_at_the_latest_from_now() {
    let day = setting(DisappearingMode::AfterRead, 86_400);
    let read = Arrival {
        read: true,
        ..arrival(4 * HOUR)
    };
    assert_eq!(on_arrival(day, &read), Timer::RunsUnproven(NOW.plus_ms(DAY)));
}

#[test]
fn dis_06_what_a_swarm_proves_holds_within_the_timers_time() {
    let day = setting(DisappearingMode::AfterRead, 86_400);
    let sent_at = NOW.plus_ms(-HOUR);
    let proven = |in_ms| read_elsewhere(day, sent_at, NOW.plus_ms(in_ms), NOW);
    assert_eq!(proven(23 * HOUR + 1), Some(NOW.plus_ms(23 * HOUR + 1)));
    assert_eq!(proven(DAY), Some(NOW.plus_ms(DAY)));
    assert_eq!(
        proven(4 * HOUR),
        Some(NOW.plus_ms(23 * HOUR - LEAD_MS)),
        "nobody read it before it was sent"
    );
    assert_eq!(proven(DAY + 1), None);
}

#[test]
fn dis_07_copies_of_mine_run_from_when_they_were_stored() {
    let two_hours = setting(DisappearingMode::AfterRead, 7_200);
    let waited_offline = on_arrival(two_hours, &copy_of_mine(2 * HOUR - 60_000));
    assert_eq!(waited_offline, Timer::Runs(NOW.plus_ms(2 * HOUR - 60_000)));
    let long_offline = Arrival {
        sent_at: NOW.plus_ms(-5 * DAY),
        ..copy_of_mine(2 * HOUR)
    };
    assert_eq!(
        on_arrival(two_hours, &long_offline),
        Timer::Runs(NOW.plus_ms(2 * HOUR)),
        "stored just now"
    );
}

#[test]
fn dis_07_copies_that_the_swarm_keeps_for_longer_count_as_read_when_sent() {
    let two_hours = setting(DisappearingMode::AfterRead, 7_200);
    assert_eq!(
        on_arrival(two_hours, &copy_of_mine(14 * DAY)),
        Timer::Runs(NOW.plus_ms(HOUR)),
        "sent an hour ago"
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
}

proptest! {
    #[test]
    fn dis_04_whatever_a_member_says_timers_run_between_sending_and_now(
        after_read: bool,
        seconds in 1..4_000_000_u32,
        mine: bool,
        read: bool,
        sent_ms_ago in -DAY..60 * DAY,
        said in any::<i64>(),
    ) {
        let mode = match after_read {
            true => DisappearingMode::AfterRead,
            false => DisappearingMode::AfterSend,
        };
        let setting = setting(mode, seconds);
        let arrival = Arrival {
            mine,
            read: mine || read,
            sent_at: NOW.plus_ms(-sent_ms_ago),
            swarm_expires_at: TimestampMs(said),
            now: NOW,
        };
        let sent_at = sent_by(arrival.sent_at, NOW);
        let allowed = sent_at.plus_ms(setting.duration_ms())..=NOW.plus_ms(setting.duration_ms());
        match on_arrival(setting, &arrival) {
            Timer::Runs(expires_at) => {
                prop_assert!(allowed.contains(&expires_at));
                prop_assert!(mine || !after_read, "one member starts what waits to be read");
            }
            Timer::RunsUnproven(expires_at) => prop_assert_eq!(expires_at, *allowed.end()),
            Timer::Waits | Timer::WaitsUnproven => prop_assert!(after_read && !arrival.read),
        }
        if let Some(expires_at) = read_elsewhere(setting, arrival.sent_at, arrival.swarm_expires_at, NOW) {
            prop_assert!(allowed.contains(&expires_at));
        }
    }
}
