//! The display name's field with its rules: not empty, at most 100 bytes.

use contract::{ErrorCode, Failure};
use leptos::html;
use leptos::prelude::*;

use crate::browser;
use crate::locale::{failure_text, t};

/// Bytes of UTF-8 a display name may have.
pub(crate) const NAME_BYTES: usize = 100;
/// With fewer bytes left than this, the field says how many.
const COUNTED_BYTES: usize = 20;

/// The trimmed name, or what is wrong with it.
pub(crate) fn check_name(typed: &str) -> Result<String, Failure> {
    let name = typed.trim();
    if name.is_empty() {
        return Err(ErrorCode::NameEmpty.into());
    }
    if name.len() > NAME_BYTES {
        return Err(ErrorCode::NameLong.into());
    }
    Ok(name.to_owned())
}

/// The field, its count and its error.
#[component]
pub(crate) fn NameField(
    /// What is typed.
    name: RwSignal<String>,
    /// What is wrong; cleared by the next keystroke, focused when it comes.
    error: RwSignal<Option<Failure>>,
    /// The keyboard's "done".
    on_done: Callback<()>,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    input.on_load(|element| browser::no_autocorrect(&element));
    Effect::new(move |_| {
        if error.with(Option::is_some)
            && let Some(input) = input.get_untracked()
        {
            browser::focus(&input);
        }
    });
    let count = move || {
        let used = name.with(|name| name.trim().len());
        if used > NAME_BYTES {
            Some(t!("name-over", n = used - NAME_BYTES))
        } else if NAME_BYTES - used < COUNTED_BYTES {
            Some(t!("name-left", n = NAME_BYTES - used))
        } else {
            None
        }
    };
    view! {
        <label class="field-label" for="name-input">
            {t!("name-label")}
        </label>
        <input
            id="name-input"
            class="input"
            class:input-wrong=move || error.with(Option::is_some)
            data-testid="name-input"
            type="text"
            dir="auto"
            autocapitalize="words"
            autocomplete="off"
            spellcheck="false"
            enterkeyhint="done"
            aria-describedby="name-error"
            aria-invalid=move || error.with(Option::is_some).to_string()
            node_ref=input
            prop:value=move || name.get()
            on:input=move |event| {
                name.set(event_target_value(&event));
                error.set(None);
            }
            on:keydown=move |event| {
                if event.key() == "Enter" && !event.is_composing() {
                    event.prevent_default();
                    on_done.run(());
                }
            }
        />
        <div class="field-foot">
            <p id="name-error" class="error" role="status" aria-live="polite" data-testid="name-error">
                {move || error.get().map(|failure| failure_text(&failure))}
            </p>
            <p class="field-count">{count}</p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_and_has_1_to_100_bytes() {
        let code = |name: &str| check_name(name).map_err(|failure| failure.code);
        assert_eq!(code(""), Err(ErrorCode::NameEmpty));
        assert_eq!(code("   \n"), Err(ErrorCode::NameEmpty));
        assert_eq!(code(&"a".repeat(101)), Err(ErrorCode::NameLong));
        assert_eq!(code(&"€".repeat(34)), Err(ErrorCode::NameLong));
        assert_eq!(
            code(&format!(" {}a ", "€".repeat(33))),
            Ok(format!("{}a", "€".repeat(33)))
        );
    }
}
