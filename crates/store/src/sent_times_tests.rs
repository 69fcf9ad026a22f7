//! Sent times rise, are never used twice, and find back from a clock that was wrong (ENG-02, ENG-03).

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::Store;
use crate::story::*;

const MINUTE: i64 = 60_000;
const YEAR: i64 = 365 * DAY;

fn next(store: &Store, now: i64) -> i64 {
    store.write(|w| w.next_sent_at(TimestampMs(now))).unwrap().0
}

fn raise(store: &Store, seen: i64) {
    store.write(|w| w.raise_sent_at(TimestampMs(seen))).unwrap();
}

/// Settles, and answers whether there was something to do.
fn settle(store: &Store, now: i64) -> bool {
    let now = TimestampMs(now);
    let ahead = store
        .read::<_, StoreError>(|r| r.sent_times_are_ahead(now))
        .unwrap();
    store.write(|w| w.settle_sent_times(now)).unwrap();
    ahead
}

#[test]
fn eng_02_sent_times_strictly_increase_even_when_the_clock_goes_back() {
    let store = store();
    assert_eq!(
        [100, 100, 50, 200].map(|now| next(&store, now)),
        [100, 101, 102, 200]
    );
    raise(&store, 500);
    raise(&store, 300);
    assert_eq!(next(&store, 201), 501);
}

#[test]
fn eng_03_a_clock_that_was_a_year_ahead_does_not_stay_in_later_messages() {
    let store = store();
    let now = NOW.0;
    assert_eq!(next(&store, now), now);
    assert_eq!(next(&store, now + YEAR), now + YEAR);
    assert_eq!(next(&store, now + YEAR), now + YEAR + 1);
    // Until the network has confirmed the time, the line goes on.
    assert_eq!(next(&store, now + MINUTE), now + YEAR + 2);
    assert!(settle(&store, now + MINUTE));
    assert!(!settle(&store, now + MINUTE));
    assert_eq!(next(&store, now + MINUTE), now + MINUTE);
    // A year later what was used then is passed over.
    assert_eq!(next(&store, now + YEAR - 1), now + YEAR - 1);
    assert_eq!(next(&store, now + YEAR - 1), now + YEAR + 3);
}

#[test]
fn eng_03_a_small_lead_is_no_reason_to_go_back() {
    let store = store();
    let now = NOW.0;
    next(&store, now + 10 * MINUTE);
    assert!(!settle(&store, now));
    assert_eq!(next(&store, now), now + 10 * MINUTE + 1);
}

#[test]
fn eng_03_another_devices_wrong_clock_counts_as_well() {
    let store = store();
    let now = NOW.0;
    next(&store, now);
    raise(&store, now + DAY);
    assert!(settle(&store, now));
    assert_eq!(next(&store, now), now + 1);
    assert_eq!(next(&store, now + DAY), now + DAY + 1);
}

#[test]
fn without_an_account_there_is_nothing_to_settle() {
    let store = Store::in_memory().unwrap();
    assert!(
        !store
            .read::<_, StoreError>(|r| r.sent_times_are_ahead(NOW))
            .unwrap()
    );
    assert!(matches!(
        store.write(|w| w.next_sent_at(NOW)),
        Err(StoreError::NotFound)
    ));
}

#[test]
fn another_account_begins_anew() {
    let store = store();
    next(&store, NOW.0 + YEAR);
    store.write(|w| w.delete_account()).unwrap();
    store.write(|w| w.create_account(&new_account())).unwrap();
    assert_eq!(next(&store, NOW.0), NOW.0);
    assert_eq!(next(&store, NOW.0 + YEAR), NOW.0 + YEAR);
}

#[derive(Clone, Copy, Debug)]
enum Step {
    /// The clock shows so much more, or less.
    Clock(i64),
    Send,
    Raise(i64),
    Settle,
}

fn step() -> impl Strategy<Value = Step> {
    let jump = prop_oneof![
        -20_i64..20,
        -2 * MINUTE..20 * MINUTE,
        Just(YEAR),
        Just(-YEAR),
        Just(DAY)
    ];
    prop_oneof![
        2 => jump.clone().prop_map(Step::Clock),
        4 => Just(Step::Send),
        1 => jump.prop_map(Step::Raise),
        1 => Just(Step::Settle),
    ]
}

proptest! {
    #[test]
    fn eng_02_no_time_is_ever_used_twice(steps in proptest::collection::vec(step(), 1..200)) {
        let mut used = Used::default();
        let mut given = BTreeSet::new();
        let mut now = NOW.0;
        for step in steps {
            match step {
                Step::Clock(by) => now += by,
                Step::Send => {
                    let (line, time) = (used.line, used.next(now));
                    prop_assert!(time >= now && time > line);
                    prop_assert!(given.insert(time), "{time} twice");
                    used.take(time);
                }
                Step::Raise(by) if now + by > used.line => {
                    given.insert(now + by);
                    used.take(now + by);
                }
                Step::Raise(_) => {}
                Step::Settle => {
                    let line = used.line;
                    prop_assert_eq!(used.settle(now), used.line < line);
                }
            }
            prop_assert!(used.runs.len() <= MOST_RUNS);
            prop_assert!(used.runs.is_sorted_by(|one, other| one.last < other.first));
        }
    }
}
