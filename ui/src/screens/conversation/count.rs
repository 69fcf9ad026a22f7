//! How long a message may be: some clients count code points, some UTF-16 units, so both are held to the limit.

/// Code points, and UTF-16 units, a message may have.
pub(crate) const LIMIT: i64 = 2_000;
/// With this many left or fewer, the composer says so.
const TOLD: i64 = 200;

/// Characters left by the stricter count; negative when there are too many.
pub(crate) fn left(text: &str) -> i64 {
    let units = i64::try_from(text.encode_utf16().count()).unwrap_or(i64::MAX);
    let points = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    LIMIT - units.max(points)
}

/// What the composer shows of the count.
pub(crate) fn shown(text: &str) -> Option<i64> {
    Some(left(text)).filter(|left| *left <= TOLD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_counts_are_held_to_2000() {
        assert_eq!(left(&"a".repeat(2_000)), 0);
        assert_eq!(left(&"é".repeat(2_001)), -1);
        // One code point, two UTF-16 units.
        assert_eq!(left(&"😀".repeat(1_000)), 0);
        assert_eq!(left(&"😀".repeat(1_001)), -2);
    }

    #[test]
    fn the_count_shows_from_200_left() {
        assert_eq!(shown(&"a".repeat(1_799)), None);
        assert_eq!(shown(&"a".repeat(1_800)), Some(200));
        assert_eq!(shown(&"a".repeat(2_010)), Some(-10));
    }
}
