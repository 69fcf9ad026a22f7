//! Swiping a row with a finger: from its start to mark it as read or unread, from its end to bring its actions up.

use leptos::prelude::*;

/// A finger that moves less than this, in CSS pixels, taps.
const SLACK: f64 = 12.0;
/// A swipe that goes at least this far does something.
const FAR: f64 = 72.0;

/// What a swipe does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Swipe {
    /// From the start side towards the end.
    FromStart,
    /// From the end side towards the start.
    FromEnd,
}

/// A finger on a row.
#[derive(Clone, Copy)]
pub(crate) struct Swiping {
    began: StoredValue<Option<(f64, f64)>>,
    /// How far the row is moved, in CSS pixels, to the right.
    pub(crate) moved: RwSignal<f64>,
}

impl Swiping {
    pub(crate) fn new() -> Self {
        Self {
            began: StoredValue::new(None),
            moved: RwSignal::new(0.0),
        }
    }

    pub(crate) fn begin(self, event: &web_sys::TouchEvent) {
        self.began.set_value(place(event));
    }

    pub(crate) fn go_on(self, event: &web_sys::TouchEvent) {
        let (Some(began), Some(now)) = (self.began.get_value(), place(event)) else {
            return;
        };
        match distance(began, now) {
            Some(moved) => self.moved.set(moved),
            None if self.moved.get_untracked() == 0.0 => {}
            None => self.moved.set(0.0),
        }
    }

    /// What the finger has done when it leaves.
    pub(crate) fn end(self) -> Option<Swipe> {
        let moved = self.moved.get_untracked();
        self.began.set_value(None);
        self.moved.set(0.0);
        swipe(moved, crate::browser::is_right_to_left())
    }
}

/// How far a row follows a finger that moves sideways rather than up or down.
fn distance(began: (f64, f64), now: (f64, f64)) -> Option<f64> {
    let (across, along) = (now.0 - began.0, now.1 - began.1);
    (across.abs() > SLACK && across.abs() > along.abs() * 1.5).then_some(across.clamp(-FAR * 1.5, FAR * 1.5))
}

fn swipe(moved: f64, right_to_left: bool) -> Option<Swipe> {
    if moved.abs() < FAR {
        None
    } else if (moved > 0.0) != right_to_left {
        Some(Swipe::FromStart)
    } else {
        Some(Swipe::FromEnd)
    }
}

fn place(event: &web_sys::TouchEvent) -> Option<(f64, f64)> {
    let touches = event.touches();
    // A second finger is no swipe.
    let touch = (touches.length() == 1).then(|| touches.get(0)).flatten()?;
    Some((f64::from(touch.client_x()), f64::from(touch.client_y())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_finger_that_moves_sideways_swipes() {
        assert_eq!(distance((100.0, 100.0), (150.0, 110.0)), Some(50.0));
        assert_eq!(distance((100.0, 100.0), (150.0, 140.0)), None);
        assert_eq!(distance((100.0, 100.0), (108.0, 100.0)), None);
        assert_eq!(distance((300.0, 100.0), (0.0, 100.0)), Some(-108.0));
    }

    #[test]
    fn directions_follow_the_text() {
        assert_eq!(swipe(80.0, false), Some(Swipe::FromStart));
        assert_eq!(swipe(-80.0, false), Some(Swipe::FromEnd));
        assert_eq!(swipe(80.0, true), Some(Swipe::FromEnd));
        assert_eq!(swipe(-80.0, true), Some(Swipe::FromStart));
        assert_eq!(swipe(40.0, false), None);
    }
}
