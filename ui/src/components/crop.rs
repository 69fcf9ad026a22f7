//! Choosing the square of a picture that is used: by dragging, with a slider, or with the keyboard.

use contract::{AttachmentId, Crop};
use leptos::html;
use leptos::prelude::*;

use crate::browser;
use crate::locale::t;

/// Side of the picture that is moved about, in device pixels at most.
const SHOWN_SIDE: u32 = 1_280;

/// The smallest square that can be chosen, in pixels of the picture.
const SMALLEST: f64 = 96.0;

/// How much larger than at first a picture is shown at most.
const MOST_ZOOM: f64 = 5.0;

/// What an arrow key moves, in parts of the square.
const STEP: f64 = 0.05;

/// A picture and the square of it that is chosen, in its pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Frame {
    width: f64,
    height: f64,
    x: f64,
    y: f64,
    side: f64,
}

impl Frame {
    /// The largest square in the middle.
    pub(crate) fn of(width: u32, height: u32) -> Self {
        let (width, height) = (f64::from(width.max(1)), f64::from(height.max(1)));
        let side = width.min(height);
        Self {
            width,
            height,
            x: (width - side) / 2.0,
            y: (height - side) / 2.0,
            side,
        }
    }

    /// The chosen square.
    pub(crate) fn crop(self) -> Crop {
        // Within the picture, so neither negative nor too large.
        Crop {
            x: self.x.round() as u32,
            y: self.y.round() as u32,
            side: self.side.round().max(1.0) as u32,
        }
    }

    /// How much larger than at first it can be shown.
    fn most_zoom(self) -> f64 {
        (self.shorter() / SMALLEST).clamp(1.0, MOST_ZOOM)
    }

    fn zoom(self) -> f64 {
        self.shorter() / self.side
    }

    fn shorter(self) -> f64 {
        self.width.min(self.height)
    }

    /// Another zoom around the same middle.
    fn zoomed(self, zoom: f64) -> Self {
        let side = self.shorter() / zoom.clamp(1.0, self.most_zoom());
        let half = (self.side - side) / 2.0;
        Self { side, ..self }.moved(half, half)
    }

    /// Moves the square by pixels of the picture, as far as the picture goes.
    fn moved(self, by_x: f64, by_y: f64) -> Self {
        Self {
            x: (self.x + by_x).clamp(0.0, (self.width - self.side).max(0.0)),
            y: (self.y + by_y).clamp(0.0, (self.height - self.side).max(0.0)),
            ..self
        }
    }

    /// Where a length of the picture is, in percent of what is seen.
    fn percent(self, length: f64) -> String {
        format!("{:.3}%", length / self.side * 100.0)
    }
}

/// The square with the picture behind it.
#[component]
pub(crate) fn CropPicture(
    /// The staged picture.
    picture: AttachmentId,
    /// What of it is chosen.
    frame: RwSignal<Frame>,
) -> impl IntoView {
    let area = NodeRef::<html::Div>::new();
    let grabbed = StoredValue::new(None::<(f64, f64)>);
    let place = |event: &web_sys::PointerEvent| (f64::from(event.client_x()), f64::from(event.client_y()));
    let grab = move |event: web_sys::PointerEvent| {
        if let Some(area) = area.get_untracked() {
            let _ = area.set_pointer_capture(event.pointer_id());
        }
        grabbed.set_value(Some(place(&event)));
    };
    let drag = move |event: web_sys::PointerEvent| {
        let (Some((from_x, from_y)), Some(area)) = (grabbed.get_value(), area.get_untracked()) else {
            return;
        };
        let (x, y) = place(&event);
        let seen = f64::from(area.client_width()).max(1.0);
        frame.update(|frame| {
            let scale = frame.side / seen;
            *frame = frame.moved((from_x - x) * scale, (from_y - y) * scale);
        });
        grabbed.set_value(Some((x, y)));
    };
    let press = move |event: web_sys::KeyboardEvent| {
        let step = frame.get_untracked().side * STEP;
        let (x, y) = match event.key().as_str() {
            "ArrowLeft" => (-step, 0.0),
            "ArrowRight" => (step, 0.0),
            "ArrowUp" => (0.0, -step),
            "ArrowDown" => (0.0, step),
            _ => return,
        };
        event.prevent_default();
        frame.update(|frame| *frame = frame.moved(x, y));
    };
    let most = frame.get_untracked().most_zoom();
    let src = format!("{}/{}?side={SHOWN_SIDE}", browser::media_origin(), picture.0);
    view! {
        <div
            class="crop"
            tabindex="0"
            role="group"
            aria-label=t!("crop-area")
            data-testid="profile-crop"
            node_ref=area
            on:pointerdown=grab
            on:pointermove=drag
            on:pointerup=move |_| grabbed.set_value(None)
            on:pointercancel=move |_| grabbed.set_value(None)
            on:keydown=press
        >
            <img
                class="crop-picture"
                alt=""
                draggable="false"
                src=src
                style:inline-size=move || frame.with(|frame| frame.percent(frame.width))
                style:left=move || frame.with(|frame| frame.percent(-frame.x))
                style:top=move || frame.with(|frame| frame.percent(-frame.y))
            />
        </div>
        {(most > 1.0).then(|| view! {
            <label class="crop-zoom">
                <span>{t!("crop-zoom")}</span>
                <input
                    type="range"
                    min="100"
                    max=(most * 100.0).round().to_string()
                    data-testid="profile-zoom"
                    prop:value=move || (frame.with(|frame| frame.zoom()) * 100.0).round().to_string()
                    on:input=move |event| {
                        if let Some(percent) = browser::number(&event_target_value(&event)) {
                            frame.update(|frame| *frame = frame.zoomed(percent / 100.0));
                        }
                    }
                />
            </label>
        })}
        <p class="hint centred">{t!("crop-hint")}</p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_first_it_is_the_largest_square_in_the_middle() {
        let crop = |width, height| {
            let Crop { x, y, side } = Frame::of(width, height).crop();
            (x, y, side)
        };
        assert_eq!(crop(1_000, 600), (200, 0, 600));
        assert_eq!(crop(600, 1_001), (0, 201, 600));
        assert_eq!(crop(0, 0), (0, 0, 1));
    }

    #[test]
    fn it_never_leaves_the_picture() {
        let frame = Frame::of(1_000, 600);
        let moved = |x, y| {
            let Crop { x, y, .. } = frame.moved(x, y).crop();
            (x, y)
        };
        assert_eq!(moved(50.0, 50.0), (250, 0));
        assert_eq!(moved(-9_999.0, -9_999.0), (0, 0));
        assert_eq!(moved(9_999.0, 9_999.0), (400, 0));
        let corner = frame.zoomed(3.0).moved(9_999.0, 9_999.0);
        let Crop { x, y, side } = corner.crop();
        assert_eq!((x, y, side), (800, 400, 200));
        // Zooming out at a corner moves it back inside.
        assert_eq!(
            corner.zoomed(1.0).crop(),
            Crop {
                x: 400,
                y: 0,
                side: 600
            }
        );
    }

    #[test]
    fn zooming_keeps_the_middle_and_ends_before_pixels_show() {
        let frame = Frame::of(1_000, 600).zoomed(2.0);
        assert_eq!(
            frame.crop(),
            Crop {
                x: 350,
                y: 150,
                side: 300
            }
        );
        assert_eq!(Frame::of(1_000, 600).zoomed(99.0).crop().side, 120);
        assert_eq!(Frame::of(90, 60).zoomed(99.0).crop().side, 60);
        assert_eq!(Frame::of(90, 60).most_zoom(), 1.0);
    }
}
