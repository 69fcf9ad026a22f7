//! Unlocking the store on a device without a keychain: choosing a passphrase, later typing it.

mod field;

use contract::{ErrorCode, Failure};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use self::field::PassphraseField;
use crate::app::ui;
use crate::browser;
use crate::components::top_bar::Heading;
use crate::locale::{failure_text, t};
use crate::screens::launch::{StartOver, Updating, updating};

/// Characters a new passphrase has at least.
const LEAST_CHARACTERS: usize = 8;

/// What the screen asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asking {
    /// A new passphrase: none protects the messages yet.
    Choose,
    /// The passphrase that was chosen.
    Type,
}

impl Asking {
    /// What a start asks for that failed like this; `None` when a passphrase would not help.
    pub(crate) fn of(failure: &Failure) -> Option<Self> {
        match failure.code {
            ErrorCode::PassphraseNeeded if failure.values.contains_key("first") => Some(Self::Choose),
            ErrorCode::PassphraseNeeded | ErrorCode::PassphraseWrong => Some(Self::Type),
            _ => None,
        }
    }
}

/// What is wrong with what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Wrong {
    /// Nothing was typed.
    Empty,
    /// Too short for a new one.
    Short,
    /// The second one is not the first.
    Different,
    /// It does not open the store.
    Refused(Failure),
}

impl Wrong {
    fn text(&self) -> String {
        match self {
            Self::Empty => t!("unlock-empty"),
            Self::Short => t!("unlock-short", n = LEAST_CHARACTERS),
            Self::Different => t!("unlock-different"),
            Self::Refused(failure) => failure_text(failure),
        }
    }

    /// Whether it is the second field that has to be changed.
    fn is_about_the_second(&self) -> bool {
        *self == Self::Different
    }
}

/// Whether what was typed can be tried.
fn check(asking: Asking, passphrase: &str, again: &str) -> Result<(), Wrong> {
    if passphrase.is_empty() {
        return Err(Wrong::Empty);
    }
    match asking {
        Asking::Choose if passphrase.chars().count() < LEAST_CHARACTERS => Err(Wrong::Short),
        Asking::Choose if passphrase != again => Err(Wrong::Different),
        Asking::Choose | Asking::Type => Ok(()),
    }
}

/// Asks for the passphrase and opens the store with it.
#[component]
pub(crate) fn Unlock(
    /// What to ask for.
    asking: Asking,
    /// Why the start failed.
    failure: Failure,
) -> impl IntoView {
    let ui = ui();
    let passphrase = RwSignal::new(String::new());
    let again = RwSignal::new(String::new());
    let refused = failure.code == ErrorCode::PassphraseWrong;
    let wrong = RwSignal::new(refused.then_some(Wrong::Refused(failure)));
    let busy = RwSignal::new(false);
    let (updating, is_updating) = updating();
    let (first, second) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let reject = move |reason: Wrong| {
        let field = if reason.is_about_the_second() {
            second
        } else {
            first
        };
        wrong.set(Some(reason));
        if let Some(field) = field.get_untracked() {
            browser::focus(&field);
        }
    };
    let go_on = Callback::new(move |()| {
        if busy.get_untracked() {
            return;
        }
        let typed = passphrase.get_untracked();
        if let Err(reason) = again.with_untracked(|again| check(asking, &typed, again)) {
            return reject(reason);
        }
        wrong.set(None);
        busy.set(true);
        spawn_local(async move {
            match ui.core.unlock(typed).await {
                Ok(()) => ui.start(),
                Err(failure) if Asking::of(&failure).is_some() => {
                    busy.set(false);
                    reject(Wrong::Refused(failure));
                }
                Err(failure) => ui.start_failure.set(Some(failure)),
            }
        });
    });
    let first_wrong =
        Memo::new(move |_| wrong.with(|w| w.as_ref().is_some_and(|w| !w.is_about_the_second())));
    let second_wrong = Memo::new(move |_| wrong.with(|w| w.as_ref().is_some_and(Wrong::is_about_the_second)));
    let changed = Callback::new(move |()| wrong.set(None));
    let (title, body) = match asking {
        Asking::Choose => (t!("unlock-choose-title"), t!("unlock-choose-body")),
        Asking::Type => (t!("unlock-type-title"), t!("unlock-type-body")),
    };
    view! {
        <main class="onboarding unlock" data-testid="unlock" aria-busy=move || busy.get().to_string()>
            <Heading text=title/>
            <p class="lead">{body}</p>
            <div class="field">
                <PassphraseField
                    label=t!("unlock-label") id="unlock-input" asking text=passphrase node=first
                    wrong=first_wrong busy on_change=changed on_done=go_on
                />
                {(asking == Asking::Choose).then(|| view! {
                    <PassphraseField
                        label=t!("unlock-again-label") id="unlock-again" asking text=again node=second
                        wrong=second_wrong busy on_change=changed on_done=go_on
                    />
                })}
                <div class="field-foot">
                    <p id="unlock-error" class="error" role="status" aria-live="polite" data-testid="unlock-error">
                        {move || wrong.get().map(|wrong| wrong.text())}
                    </p>
                </div>
            </div>
            {(asking == Asking::Choose).then(|| view! { <p class="card unlock-warning">{t!("unlock-warning")}</p> })}
            <div class="actions">
                <p class="hint unlock-status" role="status" data-testid="unlock-status">
                    {move || (busy.get() && !is_updating.get()).then(|| t!("unlock-busy"))}
                </p>
                <Show when=move || is_updating.get()>
                    <Updating steps=updating/>
                </Show>
                <button
                    class="button primary"
                    data-testid="unlock-continue"
                    aria-disabled=move || busy.get().to_string()
                    on:click=move |_| go_on.run(())
                >
                    {t!("common-continue")}
                </button>
                {(asking == Asking::Type).then(|| view! { <StartOver/> })}
            </div>
        </main>
    }
}

#[cfg(test)]
#[path = "unlock_tests.rs"]
mod tests;
