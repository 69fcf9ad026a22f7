//! Two or more choices of which one panel shows.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// One tab: its wording and test id.
pub(crate) type Tab = (String, &'static str);

/// A row of tabs, moved along with the arrow keys. The panel under it has the id `tab-panel`.
#[component]
pub(crate) fn Tabs(
    /// What they choose between.
    label: String,
    /// The tabs.
    tabs: Vec<Tab>,
    /// Which one is chosen.
    chosen: RwSignal<usize>,
) -> impl IntoView {
    let count = tabs.len();
    let on_key = move |event: web_sys::KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowRight" | "ArrowDown" => 1,
            "ArrowLeft" | "ArrowUp" => count.saturating_sub(1),
            _ => return,
        };
        event.prevent_default();
        chosen.update(|index| *index = (*index + step) % count.max(1));
        let row = event
            .current_target()
            .and_then(|row| row.dyn_into::<web_sys::Element>().ok());
        let next = row.and_then(|row| row.children().item(chosen.get_untracked() as u32));
        if let Some(next) = next.and_then(|next| next.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = next.focus();
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label=label on:keydown=on_key>
            {tabs
                .into_iter()
                .enumerate()
                .map(|(index, (text, testid))| {
                    view! {
                        <button
                            class="tab"
                            role="tab"
                            data-testid=testid
                            aria-controls="tab-panel"
                            aria-selected=move || (chosen.get() == index).to_string()
                            tabindex=move || if chosen.get() == index { "0" } else { "-1" }
                            on:click=move |_| chosen.set(index)
                        >
                            {text}
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}
