//! A short text at the foot of the window: four seconds, longer while it is touched or focused.

use leptos::html;
use leptos::prelude::*;

use crate::app::ui;
use crate::browser;

const SHOWN_MS: i32 = 4_000;

/// Shows what [`crate::app::Ui::show_toast`] was given.
#[component]
pub(crate) fn Toast() -> impl IntoView {
    let ui = ui();
    let held = RwSignal::new(false);
    let current = move || {
        ui.toast
            .get()
            .map(|(number, text)| view! { <Shown number text held/> })
    };
    view! { <div class="toasts" role="status" aria-live="polite">{current}</div> }
}

#[component]
fn Shown(number: u64, text: String, held: RwSignal<bool>) -> impl IntoView {
    wait(number, held, ui().toast);
    let toast = NodeRef::<html::P>::new();
    toast.on_load(|element| browser::before_paint(move || browser::show_above_dialogs(&element)));
    view! {
        <p
            class="toast"
            node_ref=toast
            data-testid="toast"
            tabindex="0"
            on:pointerenter=move |_| held.set(true)
            on:pointerleave=move |_| held.set(false)
            on:focus=move |_| held.set(true)
            on:blur=move |_| held.set(false)
        >
            {text}
        </p>
    }
}

fn wait(number: u64, held: RwSignal<bool>, toast: RwSignal<Option<(u64, String)>>) {
    browser::after(SHOWN_MS, move || {
        if toast.with_untracked(|shown| shown.as_ref().map(|shown| shown.0)) != Some(number) {
            return;
        }
        if held.get_untracked() {
            wait(number, held, toast);
        } else {
            toast.set(None);
        }
    });
}
