//! When disappearing messages disappear.
//!
//! All times are network time. A timer runs from its start for the message's own seconds; what starts it depends on the
//! message's mode and on who wrote it. The account's own swarm is what its devices agree by: a message is kept there
//! until it disappears, so that a device that comes later learns from the swarm's expiry when the timer began. What one
//! member says of that is not signed: it only moves the start between what is proven, the sent time and the present, and
//! it never starts the timer of what waits to be read.
//! Spec: messages §12 (DIS-03 to DIS-08).

use super::incoming::{Disappearing, DisappearingMode};
use super::outgoing::{SHORTEST_TTL_MS, TTL_MS};
use crate::TimestampMs;

/// Clocks of nodes and senders agree within this.
const SLACK_MS: i64 = 120_000;

/// No two sent times are the same, so that they run a little ahead of the clock when many are given out at once.
const LEAD_MS: i64 = 1_000;

/// Whether a timer runs, and what the account's own swarm has to do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// It starts when the message is read.
    Waits,
    /// As [`Timer::Waits`]; another device may have read it, of which the swarm is to give proof.
    WaitsUnproven,
    /// The message disappears then; the swarm knows, or need not know.
    Runs(TimestampMs),
    /// As [`Timer::Runs`], at the latest: another device has read it, and since when the swarm is to prove, or to be told.
    RunsUnproven(TimestampMs),
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
    /// When the swarm drops it, as one of its members says without a signature.
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
        DisappearingMode::AfterSend => Timer::Runs(since_storing(setting, arrival)),
        DisappearingMode::AfterRead if arrival.mine => Timer::Runs(since_sending(setting, arrival)),
        DisappearingMode::AfterRead if arrival.read => {
            Timer::RunsUnproven(after_reading(setting, arrival.now))
        }
        DisappearingMode::AfterRead if was_shortened(arrival) => Timer::WaitsUnproven,
        DisappearingMode::AfterRead => Timer::Waits,
    }
}

/// When a message disappears that another device has read first: if the swarm drops it within the timer's time, that
/// device has told the swarm, and its start holds; `None` when the swarm knows of no reading. `swarm_expires_at` is
/// proven by enough members. Spec: messages §12 (DIS-06).
pub fn read_elsewhere(
    setting: Disappearing,
    sent_at: TimestampMs,
    swarm_expires_at: TimestampMs,
    now: TimestampMs,
) -> Option<TimestampMs> {
    let latest = after_reading(setting, now);
    let earliest = after_reading(setting, sent_by(sent_at, now));
    (swarm_expires_at <= latest).then(|| swarm_expires_at.max(earliest))
}

/// Whether a swarm is said to drop a message sooner than its sender asked for, which is the longest time in this mode: only
/// another device of the account can have had that done, when it read the message. Spec: messages §12 (DIS-06).
fn was_shortened(arrival: &Arrival) -> bool {
    let longest = i64::try_from(TTL_MS).unwrap_or(i64::MAX);
    let kept = arrival.sent_at.plus_ms(longest).plus_ms(-SLACK_MS);
    arrival.swarm_expires_at < kept
}

/// The sender asked its swarm to keep the message as long as its timer, or as long as swarms keep anything: that tells when
/// it was stored, which was neither before it was sent nor later than now. Spec: messages §12 (DIS-04).
fn since_storing(setting: Disappearing, arrival: &Arrival) -> TimestampMs {
    let stored_at = arrival
        .swarm_expires_at
        .plus_ms(kept_ms(setting).saturating_neg());
    after_storing(
        setting,
        stored_at.clamp(sent_by(arrival.sent_at, arrival.now), arrival.now),
    )
}

/// A copy of one's own that is read after all when it is sent. A swarm that keeps it no longer than its timer was asked to
/// by a device of ours, when it stored the message; another one does not know. Spec: messages §12 (DIS-07).
fn since_sending(setting: Disappearing, arrival: &Arrival) -> TimestampMs {
    match arrival.swarm_expires_at <= arrival.now.plus_ms(kept_ms(setting)) {
        true => since_storing(setting, arrival),
        false => after_storing(setting, arrival.sent_at.min(arrival.now)),
    }
}

/// No timer of a message started before this.
fn sent_by(sent_at: TimestampMs, now: TimestampMs) -> TimestampMs {
    sent_at.plus_ms(-LEAD_MS).min(now)
}

/// For how long a swarm is asked to keep what disappears some time after it was stored.
fn kept_ms(setting: Disappearing) -> i64 {
    let bound = |ttl_ms: u64| i64::try_from(ttl_ms).unwrap_or(i64::MAX);
    setting.duration_ms().clamp(bound(SHORTEST_TTL_MS), bound(TTL_MS))
}

#[cfg(test)]
#[path = "expiration_tests.rs"]
mod tests;
