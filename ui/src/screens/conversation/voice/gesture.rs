//! What a finger on the microphone means.

/// How far it slides towards the start of the line to cancel, and up to lock, in CSS pixels.
const CANCEL: f64 = 96.0;
const LOCK: f64 = 72.0;

/// What a finger asks for by where it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// Go on.
    Hold,
    /// Forget it.
    Cancel,
    /// Go on without the finger.
    Lock,
}

/// Reads the way from where the finger was put down: to the right and down.
pub(super) fn wish((right, down): (f64, f64), right_to_left: bool) -> Wish {
    let to_start = if right_to_left { right } else { -right };
    if to_start >= CANCEL && to_start >= down.abs() {
        Wish::Cancel
    } else if -down >= LOCK {
        Wish::Lock
    } else {
        Wish::Hold
    }
}

/// How far the way to cancelling was gone, of 1.
pub(super) fn cancelled(right: f64, right_to_left: bool) -> f64 {
    let to_start = if right_to_left { right } else { -right };
    (to_start / CANCEL).clamp(0.0, 1.0)
}

/// A press by assistive technology, which cannot hold: it has no size and no pressure.
pub(super) fn is_virtual(event: &web_sys::PointerEvent) -> bool {
    let (width, height, pressure) = (event.width(), event.height(), event.pressure());
    (width == 0 && height == 0) || (width <= 1 && height <= 1 && pressure == 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn towards_the_start_cancels_and_up_locks() {
        for (way, right_to_left, meant) in [
            ((0.0, 0.0), false, Wish::Hold),
            ((-60.0, 0.0), false, Wish::Hold),
            ((-100.0, 10.0), false, Wish::Cancel),
            ((100.0, 10.0), false, Wish::Hold),
            ((100.0, 10.0), true, Wish::Cancel),
            ((-10.0, -80.0), false, Wish::Lock),
            ((-100.0, -160.0), false, Wish::Lock),
            ((0.0, 80.0), false, Wish::Hold),
        ] {
            assert_eq!(wish(way, right_to_left), meant, "{way:?}");
        }
    }

    #[test]
    fn the_way_to_cancelling_is_between_none_and_all() {
        assert_eq!(cancelled(-48.0, false), 0.5);
        assert_eq!(cancelled(48.0, false), 0.0);
        assert_eq!(cancelled(500.0, true), 1.0);
    }
}
