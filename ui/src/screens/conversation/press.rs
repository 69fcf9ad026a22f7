//! What fingers do on a bubble: a long press, a swipe.

use leptos::prelude::*;

use crate::browser;

/// How long a press must last.
const LONG_MS: i32 = 500;
/// How far a swipe must go along the line, in CSS pixels, and how far it may go astray.
const SWIPE: f64 = 56.0;
const ASTRAY: f64 = 40.0;

/// A press that does something when it lasts.
#[derive(Clone, Copy)]
pub(crate) struct LongPress {
    number: StoredValue<u64>,
    long: StoredValue<bool>,
    act: StoredValue<Callback<()>>,
}

impl LongPress {
    pub(crate) fn new(act: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            number: StoredValue::new(0),
            long: StoredValue::new(false),
            act: StoredValue::new(Callback::new(move |()| act())),
        }
    }

    /// A finger was put down.
    pub(crate) fn begin(self) {
        let number = self.number.get_value() + 1;
        self.number.set_value(number);
        self.long.set_value(false);
        browser::after(LONG_MS, move || {
            if self.number.try_get_value() == Some(number) {
                self.long.set_value(true);
                self.act.with_value(|act| act.run(()));
            }
        });
    }

    /// It was lifted, or moved.
    pub(crate) fn end(self) {
        self.number.update_value(|number| *number += 1);
    }

    /// Whether the press that just ended was a long one; the tap that follows it means nothing.
    pub(crate) fn was_long(self) -> bool {
        self.long.try_update_value(std::mem::take).unwrap_or(false)
    }
}

/// Whether a finger has gone far enough towards the edge at which lines begin.
pub(crate) fn is_swipe_to_start((right, down): (f64, f64), right_to_left: bool) -> bool {
    let towards_start = if right_to_left { right } else { -right };
    towards_start >= SWIPE && down.abs() <= ASTRAY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swipe_goes_along_the_line_to_where_it_begins() {
        assert!(is_swipe_to_start((-60.0, 10.0), false));
        assert!(is_swipe_to_start((60.0, -10.0), true));
        for (way, right_to_left) in [
            ((60.0, 0.0), false),
            ((-60.0, 0.0), true),
            ((-60.0, 90.0), false),
            ((-20.0, 0.0), false),
        ] {
            assert!(!is_swipe_to_start(way, right_to_left), "{way:?}");
        }
    }
}
