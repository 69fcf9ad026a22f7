//! One of several ways, of which one is chosen.

use leptos::prelude::*;

/// A card with a radio button, a name and a line of help. Stands in a `.choices` with the role `radiogroup`.
#[component]
pub(crate) fn Choice(
    /// The same for all that exclude each other.
    group: &'static str,
    /// How tests find it.
    #[prop(into)]
    testid: String,
    /// What it is called.
    name: String,
    /// What it means.
    #[prop(optional_no_strip)]
    help: Option<String>,
    /// A word that stands out beside the name.
    #[prop(optional_no_strip)]
    badge: Option<String>,
    /// It cannot be chosen here.
    #[prop(optional)]
    off: bool,
    /// Whether it is the chosen one.
    #[prop(into)]
    chosen: Signal<bool>,
    /// Chooses it.
    #[prop(into)]
    on_choose: Callback<()>,
) -> impl IntoView {
    view! {
        <label class="choice" class:choice-off=off>
            <input
                type="radio"
                name=group
                data-testid=testid
                disabled=off
                prop:checked=move || chosen.get()
                on:change=move |_| on_choose.run(())
            />
            <span class="choice-head">
                <span class="choice-name">{name}</span>
                {badge.map(|badge| view! { <span class="pill">{badge}</span> })}
            </span>
            {help.map(|help| view! { <span class="choice-text">{help}</span> })}
        </label>
    }
}
