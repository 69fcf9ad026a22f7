//! The way out when the messages cannot be opened: begin anew with the recovery phrase.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::{Route, ui};
use crate::components::dialog::{Confirm, Weight};
use crate::locale::t;

/// How far the user was asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// Whether they know what is lost.
    Loss,
    /// Whether they have the phrase.
    Phrase,
}

/// Erases the store that does not open, after two questions, and goes on with the recovery phrase.
#[component]
pub(crate) fn StartOver() -> impl IntoView {
    let ui = ui();
    let asked = RwSignal::new(None::<Asked>);
    let busy = RwSignal::new(false);
    let close = Callback::new(move |()| asked.set(None));
    let erase = Callback::new(move |()| {
        asked.set(None);
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let erased = ui.core.erase_unopened().await;
            let _ = busy.try_set(false);
            match erased {
                Ok(()) => ui.start_at(Route::Restore),
                Err(failure) => ui.show_failure(&failure),
            }
        });
    });
    view! {
        <button class="button soft-danger" data-testid="start-over" disabled=move || busy.get() on:click=move |_| asked.set(Some(Asked::Loss))>
            {t!("start-over")}
        </button>
        {move || asked.get().map(|step| {
            let (title, body, ok, on_ok) = match step {
                Asked::Loss => {
                    let go_on = Callback::new(move |()| asked.set(Some(Asked::Phrase)));
                    (t!("start-over-title"), t!("start-over-body"), t!("common-continue"), go_on)
                }
                Asked::Phrase => (t!("start-over-sure"), t!("start-over-phrase"), t!("start-over-yes"), erase),
            };
            view! { <Confirm title body ok weight=Weight::Danger on_ok on_close=close/> }
        })}
    }
}
