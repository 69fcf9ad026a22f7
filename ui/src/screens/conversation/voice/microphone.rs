//! The microphone of the composer: held to record, tapped by keyboards and assistive technology to record hands-free.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::gesture::{Wish, is_virtual, wish};
use super::recorder::{Recorder, Stage};
use crate::browser;
use crate::components::denied::Denied;
use crate::components::icon::{Glyph, LOCK, MIC};
use crate::locale::t;

/// The button, and what is said when there is no microphone.
#[component]
pub(crate) fn Microphone(
    recorder: Recorder,
    /// They have accepted.
    allowed: Signal<bool>,
    /// Something else stands in its place.
    hidden: Signal<bool>,
) -> impl IntoView {
    // Where a finger was put down that still holds; and whether the tap that follows was a press already.
    let down = StoredValue::new(None::<(f64, f64)>);
    let pressed = StoredValue::new(false);
    let place = |event: &web_sys::PointerEvent| (f64::from(event.client_x()), f64::from(event.client_y()));
    let press = move |event: web_sys::PointerEvent| {
        pressed.set_value(false);
        if event.button() != 0 || !event.is_primary() || is_virtual(&event) || !allowed.get_untracked() {
            return;
        }
        pressed.set_value(true);
        if recorder.begin(false) {
            down.set_value(Some(place(&event)));
            // What the finger does elsewhere is told here, too.
            if let Some(button) = event
                .current_target()
                .and_then(|it| it.dyn_into::<web_sys::Element>().ok())
            {
                let _ = button.set_pointer_capture(event.pointer_id());
            }
        }
    };
    let slide = move |event: web_sys::PointerEvent| {
        let Some(from) = down.get_value() else { return };
        let to = place(&event);
        let way = (to.0 - from.0, to.1 - from.1);
        recorder.slid.set(way.0);
        match wish(way, browser::is_right_to_left()) {
            Wish::Hold => {}
            Wish::Cancel => {
                down.set_value(None);
                recorder.cancel();
            }
            Wish::Lock => {
                down.set_value(None);
                recorder.lock();
            }
        }
    };
    let lift = move |_| {
        if down.try_update_value(Option::take).flatten().is_some() {
            recorder.release();
        }
    };
    let lose = move |_| {
        if down.try_update_value(Option::take).flatten().is_some() {
            recorder.interrupt();
        }
    };
    let tap = move |_| {
        if !pressed.try_update_value(std::mem::take).unwrap_or(false) {
            recorder.begin(true);
        }
    };
    let held = move || matches!(recorder.stage.get(), Stage::Held | Stage::Opening);
    view! {
        <div class="microphone" class:voice-gone=move || hidden.get()>
            {move || (recorder.stage.get() == Stage::Held).then(|| view! {
                <span class="voice-lock" aria-hidden="true">
                    <Glyph icon=LOCK/>
                    <span>{t!("voice-slide-up")}</span>
                </span>
            })}
            <button
                class="send"
                class:voice-held=held
                type="button"
                data-testid="comp-mic"
                aria-label=t!("comp-mic")
                aria-disabled=move || (!allowed.get()).to_string()
                on:pointerdown=press
                on:pointermove=slide
                on:pointerup=lift
                on:pointercancel=lose
                on:contextmenu=move |event| event.prevent_default()
                on:click=tap
            >
                <Glyph icon=MIC/>
            </button>
        </div>
        {move || recorder.denied.get().then(|| view! {
            <Denied
                title=t!("voice-denied-title")
                code=contract::ErrorCode::MicDenied
                on_close=Callback::new(move |()| recorder.denied.set(false))
            />
        })}
    }
}
