//! Failures of relays: who failed when, and on whose word.
//!
//! What this device saw itself is certain. What a path's relays say of a node may be a lie of any of them, and a path that
//! fails may fail by any of its relays, so such a strike carries the path. A node is put out for long only by strikes of
//! which two have no relay in common. Spec: network §2 (NET-07)

#![deny(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::collections::BTreeMap;
use std::time::Duration;

use protocol::TimestampMs;
use serde::{Deserialize, Serialize};

use super::millis;
use crate::profile::text::keys;

/// With so many strikes within [`STRIKE_LIFE`] a relay is passed over.
const STRUCK_OUT: usize = 3;
pub(super) const STRIKE_LIFE: Duration = Duration::from_secs(48 * 3600);
/// Strikes remembered for one relay.
const KEPT: usize = 8;
/// Strikes on the same word within this time are one: what fails, fails for many requests at once.
const ONE_EVENT: Duration = Duration::from_secs(60);
/// Strikes this young are taken back when it turns out that the device was offline.
const OFFLINE_GRACE: Duration = Duration::from_secs(120);

/// One failure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Strike {
    at_ms: TimestampMs,
    /// The other relays of the path that failed or told of it; none where this device saw it itself.
    #[serde(with = "keys")]
    path: Vec<[u8; 32]>,
}

/// All relays' failures.
#[derive(Debug, Default)]
pub(super) struct Strikes(BTreeMap<[u8; 32], Vec<Strike>>);

/// A relay's failures as they are kept over a restart.
#[derive(Serialize, Deserialize)]
pub(super) struct SavedStrikes {
    #[serde(with = "crate::profile::text::key")]
    relay: [u8; 32],
    strikes: Vec<Strike>,
}

impl Strikes {
    /// Notes a failure on the word of a path; of none, where this device saw it itself.
    pub(super) fn note(&mut self, key: [u8; 32], path: &[[u8; 32]], now: TimestampMs) {
        let mut path: Vec<_> = path.iter().filter(|relay| **relay != key).copied().collect();
        path.sort_unstable();
        let strikes = self.0.entry(key).or_default();
        let same = |strike: &&mut Strike| strike.path == path && is_within(strike, now, ONE_EVENT);
        match strikes.iter_mut().find(same) {
            Some(strike) => strike.at_ms = now,
            None => strikes.push(Strike { at_ms: now, path }),
        }
        let excess = strikes.len().saturating_sub(KEPT);
        strikes.drain(..excess);
    }

    /// Whether a relay failed so often, and on the word of paths so different, that it is passed over.
    pub(super) fn is_out(&self, key: &[u8; 32], now: TimestampMs) -> bool {
        let Some(strikes) = self.0.get(key) else {
            return false;
        };
        let live: Vec<&Strike> = strikes
            .iter()
            .filter(|strike| is_within(strike, now, STRIKE_LIFE))
            .collect();
        let confirmed = |(at, one): (usize, &&Strike)| {
            let others = live.iter().enumerate().filter(|(other, _)| *other != at);
            others.into_iter().any(|(_, other)| is_disjoint(one, other))
        };
        live.len() >= STRUCK_OUT && live.iter().enumerate().any(confirmed)
    }

    /// Relays with a failure within a time.
    pub(super) fn recent(&self, now: TimestampMs, within: Duration) -> Vec<[u8; 32]> {
        let recent = |strike: &Strike| is_within(strike, now, within);
        let relays = self.0.iter().filter(|(_, strikes)| strikes.iter().any(recent));
        relays.map(|(relay, _)| *relay).collect()
    }

    /// Takes the failures of a relay back that just worked.
    pub(super) fn clear(&mut self, key: &[u8; 32]) {
        self.0.remove(key);
    }

    /// Takes all failures back.
    pub(super) fn clear_all(&mut self) {
        self.0.clear();
    }

    /// Takes recent failures back: the device was offline, nobody else failed.
    pub(super) fn forgive_recent(&mut self, now: TimestampMs) {
        for strikes in self.0.values_mut() {
            strikes.retain(|strike| now.0.saturating_sub(strike.at_ms.0) > millis(OFFLINE_GRACE));
        }
    }

    /// Keeps the failures of these relays only.
    pub(super) fn retain(&mut self, keep: impl Fn(&[u8; 32]) -> bool) {
        self.0.retain(|relay, _| keep(relay));
    }

    pub(super) fn to_save(&self) -> Vec<SavedStrikes> {
        let save = |(relay, strikes): (&[u8; 32], &Vec<Strike>)| SavedStrikes {
            relay: *relay,
            strikes: strikes.clone(),
        };
        self.0.iter().map(save).collect()
    }

    pub(super) fn restore(saved: Vec<SavedStrikes>) -> Self {
        let restore = |mut saved: SavedStrikes| {
            saved.strikes.truncate(KEPT);
            (saved.relay, saved.strikes)
        };
        Self(saved.into_iter().map(restore).collect())
    }
}

fn is_within(strike: &Strike, now: TimestampMs, time: Duration) -> bool {
    now.0.saturating_sub(strike.at_ms.0) < millis(time)
}

fn is_disjoint(one: &Strike, other: &Strike) -> bool {
    one.path.iter().all(|relay| !other.path.contains(relay))
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
mod tests {
    use super::*;

    const NOW: TimestampMs = TimestampMs(1_700_000_000_000);
    const ACCUSED: [u8; 32] = [1; 32];

    fn path(numbers: [u8; 3]) -> [[u8; 32]; 3] {
        numbers.map(|number| [number; 32])
    }

    fn after_minutes(minutes: i64) -> TimestampMs {
        TimestampMs(NOW.0 + minutes * 60_000)
    }

    #[test]
    fn net_07_one_path_cannot_put_a_relay_out() {
        let mut strikes = Strikes::default();
        for minute in 0..20 {
            strikes.note(ACCUSED, &path([2, 3, 4]), after_minutes(minute));
        }
        assert!(!strikes.is_out(&ACCUSED, after_minutes(20)));
        assert_eq!(
            strikes.recent(after_minutes(20), Duration::from_secs(120)),
            [ACCUSED]
        );
        strikes.note(ACCUSED, &path([5, 6, 7]), after_minutes(20));
        assert!(
            strikes.is_out(&ACCUSED, after_minutes(20)),
            "another path says so too"
        );
    }

    #[test]
    fn net_07_a_relay_that_is_on_all_accusing_paths_cannot_either() {
        let mut strikes = Strikes::default();
        for (minute, others) in (0..).zip([[2, 3], [4, 5], [6, 7], [8, 9]]) {
            let [one, two] = others;
            strikes.note(ACCUSED, &path([one, 99, two]), after_minutes(minute));
        }
        assert!(!strikes.is_out(&ACCUSED, after_minutes(9)));
    }

    #[test]
    fn net_07_the_accused_on_every_failing_path_is_found_out() {
        let mut strikes = Strikes::default();
        for (minute, others) in (0..).zip([[2, 3], [4, 5], [6, 7]]) {
            let [one, two] = others;
            strikes.note(ACCUSED, &path([one, 1, two]), after_minutes(minute));
            strikes.note([one; 32], &path([one, 1, two]), after_minutes(minute));
        }
        assert!(strikes.is_out(&ACCUSED, after_minutes(9)));
        assert!(!strikes.is_out(&[2; 32], after_minutes(9)));
    }

    #[test]
    fn net_07_what_happens_within_a_minute_happens_once() {
        let mut strikes = Strikes::default();
        for second in 0..50 {
            strikes.note(ACCUSED, &[], TimestampMs(NOW.0 + second * 1_000));
        }
        assert!(!strikes.is_out(&ACCUSED, after_minutes(1)));
        strikes.note(ACCUSED, &[], after_minutes(5));
        strikes.note(ACCUSED, &[], after_minutes(10));
        assert!(
            strikes.is_out(&ACCUSED, after_minutes(10)),
            "seen three times by this device"
        );
        assert!(!strikes.is_out(&ACCUSED, after_minutes(49 * 60)));
    }

    #[test]
    fn net_07_what_is_remembered_of_a_relay_is_bounded() {
        let mut strikes = Strikes::default();
        for minute in 0..100 {
            strikes.note(ACCUSED, &[], after_minutes(2 * minute));
        }
        assert_eq!(strikes.to_save()[0].strikes.len(), KEPT);
    }
}
