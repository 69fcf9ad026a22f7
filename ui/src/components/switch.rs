//! A switch with its name and what it does.

use leptos::prelude::*;

/// Something that is on or off.
#[component]
pub(crate) fn Switch(
    /// What it is called.
    name: String,
    /// What it does.
    help: String,
    /// The test id.
    testid: &'static str,
    /// Whether it is on.
    on: Signal<bool>,
    /// Called with what it is to be.
    on_change: Callback<bool>,
) -> impl IntoView {
    let help_id = format!("{testid}-help");
    view! {
        <label class="switch">
            <span class="switch-text">
                <span class="setting-name">{name}</span>
                <span class="hint" id=help_id.clone()>{help}</span>
            </span>
            <input
                type="checkbox"
                role="switch"
                data-testid=testid
                aria-describedby=help_id
                prop:checked=move || on.get()
                on:change=move |event| on_change.run(event_target_checked(&event))
            />
        </label>
    }
}
