//! Whether the time inside a message agrees with the one outside.

use crate::TimestampMs;

/// Servers of communities tolerate clocks that are this far off: 6 hours.
const COMMUNITY_TOLERANCE_MS: u64 = 6 * 60 * 60 * 1_000;

/// What carried a message, and with it the outer time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// An envelope, whose time its author wrote too.
    Envelope,
    /// A community's server, which wrote its own time.
    Community,
}

/// Whether a content with `sig_timestamp` may come with an outer time of `outer`.
///
/// Very old clients leave the inner time out or write 0; otherwise both are equal, and in communities at most 6 h apart.
/// Spec: messages §6 (RCV-02)
pub fn times_agree(outer: TimestampMs, sig_timestamp: Option<u64>, carrier: Carrier) -> bool {
    let Some(inner) = sig_timestamp.filter(|time| *time != 0) else {
        return true;
    };
    match (TimestampMs::from_wire(inner), carrier) {
        (None, _) => false,
        (Some(inner), Carrier::Envelope) => inner == outer,
        (Some(inner), Carrier::Community) => outer.since_ms(inner).unsigned_abs() <= COMMUNITY_TOLERANCE_MS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTER: TimestampMs = TimestampMs(1_775_000_000_000);
    const HOURS_6: u64 = 21_600_000;

    #[test]
    fn rcv_02_in_an_envelope_both_times_are_equal() {
        let agree = |inner| times_agree(OUTER, inner, Carrier::Envelope);
        assert!(agree(Some(1_775_000_000_000)));
        assert!(agree(None));
        assert!(agree(Some(0)));
        for wrong in [1_775_000_000_001, 1_774_999_999_999, 1, u64::MAX] {
            assert!(!agree(Some(wrong)), "{wrong}");
        }
    }

    #[test]
    fn rcv_02_in_a_community_six_hours_are_tolerated() {
        let agree = |inner| times_agree(OUTER, Some(inner), Carrier::Community);
        let outer = 1_775_000_000_000;
        assert!(agree(outer - HOURS_6));
        assert!(agree(outer + HOURS_6));
        assert!(!agree(outer - HOURS_6 - 1));
        assert!(!agree(outer + HOURS_6 + 1));
        assert!(!agree(u64::MAX));
        assert!(!times_agree(TimestampMs(i64::MIN), Some(1), Carrier::Community));
    }
}
