//! How near a picture is looked at: by two fingers, a double tap, keys or buttons.

use leptos::prelude::*;

/// As large as the window, and the most.
const WHOLE: f64 = 1.0;
const NEAREST: f64 = 5.0;
/// What one step of a button or key does, and a double tap.
const STEP: f64 = 1.5;
const NEAR: f64 = 2.5;
/// How far a swipe must go along the line, in CSS pixels; it must go farther than across.
const SWIPE: f64 = 56.0;

/// A multiple of the window's width.
#[derive(Clone, Copy)]
pub(crate) struct Zoom {
    scale: RwSignal<f64>,
    /// Distance of two fingers, and the scale when they were put down.
    pinch: StoredValue<Option<(f64, f64)>>,
}

impl Zoom {
    pub(crate) fn new() -> Self {
        Self {
            scale: RwSignal::new(WHOLE),
            pinch: StoredValue::new(None),
        }
    }

    /// All of the picture.
    pub(crate) fn reset(self) {
        self.set(WHOLE);
    }

    pub(crate) fn is_whole(self) -> bool {
        self.scale.get() <= WHOLE
    }

    pub(crate) fn is_nearest(self) -> bool {
        self.scale.get() >= NEAREST
    }

    pub(crate) fn nearer(self) {
        self.set(self.scale.get_untracked() * STEP);
    }

    pub(crate) fn farther(self) {
        self.set(self.scale.get_untracked() / STEP);
    }

    /// Near, or all of it.
    pub(crate) fn toggle(self) {
        self.set(match untrack(|| self.is_whole()) {
            true => NEAR,
            false => WHOLE,
        });
    }

    /// The picture's width as a style; empty where the window decides.
    pub(crate) fn width(self) -> String {
        match self.scale.get() {
            scale if scale <= WHOLE => String::new(),
            scale => format!("{:.0}%", scale * 100.0),
        }
    }

    /// Where a single finger was put down; two begin to pinch.
    pub(crate) fn fingers_down(self, touches: &web_sys::TouchList) -> Option<(f64, f64)> {
        let pinch = distance(touches).map(|distance| (distance, self.scale.get_untracked()));
        self.pinch.set_value(pinch);
        match touches.length() {
            1 => place(touches),
            _ => None,
        }
    }

    /// Answers whether the fingers pinch.
    pub(crate) fn fingers_moved(self, touches: &web_sys::TouchList) -> bool {
        let Some(((begun, scale), now)) = self.pinch.get_value().zip(distance(touches)) else {
            return false;
        };
        if begun > 0.0 {
            self.set(scale * now / begun);
        }
        true
    }

    fn set(self, scale: f64) {
        self.scale.set(bounded(scale));
    }
}

/// Whether a finger was swiped to the left, or to the right; `None` for neither.
pub(crate) fn swiped(from: (f64, f64), lifted: &web_sys::TouchList) -> Option<bool> {
    let to = place(lifted)?;
    way((to.0 - from.0, to.1 - from.1))
}

fn way((along, across): (f64, f64)) -> Option<bool> {
    (along.abs() >= SWIPE && along.abs() > 2.0 * across.abs()).then_some(along < 0.0)
}

fn bounded(scale: f64) -> f64 {
    // Near enough to the whole is the whole.
    match scale.clamp(WHOLE, NEAREST) {
        scale if scale < 1.05 => WHOLE,
        scale => scale,
    }
}

fn place(touches: &web_sys::TouchList) -> Option<(f64, f64)> {
    let touch = touches.get(0)?;
    Some((f64::from(touch.client_x()), f64::from(touch.client_y())))
}

fn distance(touches: &web_sys::TouchList) -> Option<f64> {
    let (one, other) = touches.get(0).zip(touches.get(1))?;
    let along = f64::from(one.client_x() - other.client_x());
    let across = f64::from(one.client_y() - other.client_y());
    Some(along.hypot(across))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_never_smaller_than_the_window_nor_too_near() {
        assert_eq!(bounded(0.2), 1.0);
        assert_eq!(bounded(1.04), 1.0);
        assert_eq!(bounded(2.0), 2.0);
        assert_eq!(bounded(40.0), 5.0);
    }

    #[test]
    fn a_swipe_goes_along_the_line() {
        assert_eq!(way((-80.0, 10.0)), Some(true));
        assert_eq!(way((80.0, -10.0)), Some(false));
        assert_eq!(way((30.0, 0.0)), None);
        assert_eq!(way((80.0, 60.0)), None);
    }
}
