//! A field for a passphrase.

use leptos::html;
use leptos::prelude::*;

use super::Asking;
use crate::browser;

/// The field with its label. What is wrong with it stands in the element `unlock-error`.
#[component]
pub(super) fn PassphraseField(
    /// What it asks for.
    label: String,
    /// The element's id and test id.
    id: &'static str,
    /// Whether a password manager should offer a new one.
    asking: Asking,
    /// What is typed.
    text: RwSignal<String>,
    /// The field, for the focus.
    node: NodeRef<html::Input>,
    /// Whether it has to be changed.
    wrong: Memo<bool>,
    /// Whether it is being tried.
    busy: RwSignal<bool>,
    /// Every keystroke.
    on_change: Callback<()>,
    /// The keyboard's "done".
    on_done: Callback<()>,
) -> impl IntoView {
    node.on_load(|element| browser::no_autocorrect(&element));
    let autocomplete = match asking {
        Asking::Choose => "new-password",
        Asking::Type => "current-password",
    };
    view! {
        <label class="field-label" for=id>
            {label}
        </label>
        <input
            id=id
            class="input"
            class:input-wrong=move || wrong.get()
            data-testid=id
            type="password"
            dir="auto"
            autocapitalize="none"
            autocomplete=autocomplete
            spellcheck="false"
            enterkeyhint="done"
            aria-describedby="unlock-error"
            aria-invalid=move || wrong.get().to_string()
            readonly=move || busy.get()
            node_ref=node
            prop:value=move || text.get()
            on:input=move |event| {
                text.set(event_target_value(&event));
                on_change.run(());
            }
            on:keydown=move |event| {
                if event.key() == "Enter" && !event.is_composing() {
                    event.prevent_default();
                    on_done.run(());
                }
            }
        />
    }
}
