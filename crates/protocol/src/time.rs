//! Points in time as the network counts them.

use serde::{Deserialize, Serialize};

/// A point in time: whole milliseconds since the Unix epoch, 1970-01-01T00:00:00Z.
///
/// On the wire it is always *network time*: the device's clock plus the offset learnt from relays. The type does not
/// know which clock a value came from; names do (`sent_at`, `device_now`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TimestampMs(pub i64);

impl TimestampMs {
    /// The time `ms` milliseconds later (earlier when negative), held at the ends of the range.
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to `self`; negative when `earlier` is the later one. Held at the ends of the range.
    pub const fn since_ms(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The value as protobuf carries it, or `None` before the epoch.
    pub fn to_wire(self) -> Option<u64> {
        u64::try_from(self.0).ok()
    }

    /// Reads a protobuf value; `None` when it is beyond the range of this type.
    pub fn from_wire(ms: u64) -> Option<Self> {
        i64::try_from(ms).ok().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_stays_in_range() {
        assert_eq!(TimestampMs(i64::MAX).plus_ms(1), TimestampMs(i64::MAX));
        assert_eq!(TimestampMs(i64::MIN).since_ms(TimestampMs(1)), i64::MIN);
    }

    #[test]
    fn wire_form_has_no_sign() {
        assert_eq!(TimestampMs(-1).to_wire(), None);
        assert_eq!(TimestampMs::from_wire(u64::MAX), None);
        assert_eq!(
            TimestampMs::from_wire(1_754_971_101_000),
            Some(TimestampMs(1_754_971_101_000))
        );
    }
}
