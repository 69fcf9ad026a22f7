//! When a delivery is tried again, and when it is given up. Spec: messages §8 (OBX-04 to OBX-07).

use network::RequestError;
use protocol::TimestampMs;

/// A message shows as Sending for no longer than this.
pub(super) const LONGEST_TRY_MS: i64 = 60_000;

/// Waits after the first failed tries; the first retry is at once and takes another path.
const WAITS_MS: [i64; 5] = [0, 5_000, 15_000, 60_000, 300_000];

/// After that a delivery waits for the connection to return; this long at most, should it return unnoticed.
const LONGEST_WAIT_MS: i64 = 3_600_000;

/// Automatic tries end this long after queueing, or after the last retry by hand.
const GIVE_UP_AFTER_MS: i64 = 24 * 3_600_000;

/// What takes a message back is tried for as long as swarms keep that message. Spec: messages §11 (DEL-03).
const TAKE_BACK_FOR_MS: i64 = 14 * 24 * 3_600_000;

/// What follows a failed try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Another one.
    TryAt(TimestampMs),
    /// Nothing, until it is retried by hand.
    GiveUp,
}

/// Decides after a try has failed at `now`; `attempts` tries had failed before it, the first of them not before `since`.
pub(super) fn after_failure(
    error: &RequestError,
    attempts: u32,
    since: TimestampMs,
    now: TimestampMs,
) -> Next {
    let end = since.plus_ms(GIVE_UP_AFTER_MS);
    // One member of a swarm may lie; the retry, which is at once, most likely meets another one.
    if (is_final(error) && attempts > 0) || now >= end {
        return Next::GiveUp;
    }
    let wait = usize::try_from(attempts)
        .ok()
        .and_then(|attempts| WAITS_MS.get(attempts))
        .unwrap_or(&LONGEST_WAIT_MS);
    Next::TryAt(now.plus_ms(*wait).min(end))
}

/// Decides after a transfer of a file has failed. A file that came damaged is fetched three times in all.
pub(crate) fn after_transfer_failure(
    attempts: u32,
    since: TimestampMs,
    now: TimestampMs,
    damaged: bool,
) -> Next {
    const DAMAGED_TRIES: u32 = 3;
    if damaged && attempts.saturating_add(1) >= DAMAGED_TRIES {
        return Next::GiveUp;
    }
    after_failure(&RequestError::ServerSilent, attempts, since, now)
}

/// Decides after taking a message back has failed: whatever the reason, it is tried again until there is nothing left to
/// take back.
pub(super) fn after_failed_takeback(
    error: &RequestError,
    attempts: u32,
    since: TimestampMs,
    now: TimestampMs,
) -> Next {
    match after_failure(error, attempts, now, now) {
        _ if now.since_ms(since) >= TAKE_BACK_FOR_MS => Next::GiveUp,
        Next::GiveUp => Next::TryAt(now.plus_ms(LONGEST_WAIT_MS)),
        next => next,
    }
}

/// Refusals that say "not now" or "not here" pass; all others stay.
fn is_final(error: &RequestError) -> bool {
    match error {
        RequestError::Refused { status, .. } => !matches!(status, 406 | 408 | 421 | 425 | 429 | 500..=599),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: TimestampMs = TimestampMs(1_000_000);

    #[test]
    fn obx_04_waits_grow_and_the_first_retry_is_at_once() {
        let waits =
            (0..7).map(
                |attempts| match after_failure(&RequestError::SwarmSilent, attempts, START, START) {
                    Next::TryAt(next) => next.since_ms(START),
                    Next::GiveUp => panic!("given up"),
                },
            );
        assert_eq!(
            waits.collect::<Vec<_>>(),
            [0, 5_000, 15_000, 60_000, 300_000, 3_600_000, 3_600_000]
        );
    }

    #[test]
    fn obx_06_after_a_day_it_is_given_up_and_not_before() {
        let day = 24 * 3_600_000;
        let at = |now: i64| after_failure(&RequestError::Offline, 40, START, START.plus_ms(now));
        assert_eq!(at(day - 3_600_000), Next::TryAt(START.plus_ms(day)));
        assert_eq!(at(day - 1), Next::TryAt(START.plus_ms(day)));
        assert_eq!(at(day), Next::GiveUp);
    }

    #[test]
    fn del_03_taking_back_goes_on_for_two_weeks_whatever_the_swarm_says() {
        let refused = RequestError::Refused {
            status: 400,
            reason: String::new(),
        };
        let at = |now: TimestampMs| after_failed_takeback(&refused, 9, START, now);
        let day = 24 * 3_600_000;
        for now in [START.plus_ms(2 * day), START.plus_ms(14 * day - 1)] {
            assert_eq!(at(now), Next::TryAt(now.plus_ms(LONGEST_WAIT_MS)));
        }
        assert_eq!(at(START.plus_ms(14 * day)), Next::GiveUp);
        assert_eq!(
            after_failed_takeback(&RequestError::Offline, 0, START, START),
            Next::TryAt(START)
        );
    }

    #[test]
    fn obx_07_a_refusal_for_good_is_believed_the_second_time() {
        let refused = |status, attempts| {
            let error = RequestError::Refused {
                status,
                reason: String::new(),
            };
            after_failure(&error, attempts, START, START)
        };
        for status in [400, 401, 413] {
            assert_eq!(refused(status, 0), Next::TryAt(START), "another member is asked");
            assert_eq!(refused(status, 1), Next::GiveUp);
        }
        for passing in [406, 421, 429, 500, 503] {
            assert_eq!(refused(passing, 0), Next::TryAt(START));
            assert_eq!(refused(passing, 1), Next::TryAt(START.plus_ms(5_000)));
        }
    }
}
