//! Restoring an account from its recovery phrase.

use contract::{AccountView, CheckPhrase, ErrorCode, Failure, PhraseCheck, PhraseWord, RestoreAccount};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::{Route, Ui, ui};
use crate::browser;
use crate::components::dialog::Notice;
use crate::components::scan::{Look, ScanCode};
use crate::components::tabs::Tabs;
use crate::components::top_bar::{BackButton, Heading};
use crate::locale::{failure_text, t};
use crate::screens::data::{RestoreBackup, Told};

/// Typing the words; what is known of them is shown while typing.
#[component]
pub(crate) fn Restore() -> impl IntoView {
    let tab = RwSignal::new(0);
    let opening = RwSignal::new(false);
    let told = RwSignal::new(None::<Told>);
    view! {
        <header class="bar">
            <BackButton/>
        </header>
        <main class="onboarding">
            <Heading text=t!("restore-title")/>
            <p class="lead">{t!("restore-help")}</p>
            <Tabs
                label=t!("restore-tabs")
                tabs=vec![(t!("restore-tab-type"), "restore-tab-type"), (t!("restore-tab-scan"), "restore-tab-scan")]
                chosen=tab
            />
            <div id="tab-panel" role="tabpanel" class="tab-panel">
                {move || {
                    if tab.get() == 0 {
                        view! { <TypeWords/> }.into_any()
                    } else {
                        view! { <ScanPhrase/> }.into_any()
                    }
                }}
            </div>
            <button class="button plain" data-testid="restore-backup" on:click=move |_| opening.set(true)>
                {t!("restore-backup")}
            </button>
        </main>
        {move || opening.get().then(|| {
            let close = Callback::new(move |()| opening.set(false));
            let done = Callback::new(move |message| {
                opening.set(false);
                told.set(Some(message));
            });
            view! { <RestoreBackup on_done=done on_close=close/> }
        })}
        {move || told.get().map(|message| {
            // The next step of onboarding, if the account is here; else nothing has changed.
            let close = Callback::new(move |()| {
                told.set(None);
                ui().start();
            });
            view! { <Notice title=message.title body=message.body on_close=close/> }
        })}
    }
}

/// Goes on with the account that was found.
fn enter(ui: Ui, account: AccountView) {
    ui.account.set(Some(account));
    ui.nav.open(Route::Notifications);
}

/// The phrase as a code.
#[component]
fn ScanPhrase() -> impl IntoView {
    let ui = ui();
    let look = Look::new(move |(picture,)| {
        Box::pin(async move {
            let found = ui.core.scan_phrase(picture).await?;
            Ok(found.map(|account| Callback::new(move |()| enter(ui, account.clone()))))
        })
    });
    view! {
        <ScanCode look missing=ErrorCode::QrNotPhrase help=t!("scan-picture") testid="restore-scan"/>
    }
}

#[component]
fn TypeWords() -> impl IntoView {
    let ui = ui();
    let input = NodeRef::<html::Textarea>::new();
    input.on_load(|element| browser::no_autocorrect(&element));
    let typed = RwSignal::new(String::new());
    let check = RwSignal::new(None::<PhraseCheck>);
    let error = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);

    let on_input = move |event| {
        typed.set(event_target_value(&event));
        error.set(None);
        look_at(typed, check);
    };
    let fail = move |failure: Failure| {
        error.set(Some(failure));
        if let Some(input) = input.get_untracked() {
            browser::focus(&input);
        }
    };
    let go_on = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let phrase = typed.get_untracked();
        spawn_local(async move {
            match ui
                .core
                .ask(RestoreAccount {
                    phrase: phrase.into(),
                })
                .await
            {
                Ok(account) => enter(ui, account),
                Err(failure) => {
                    busy.set(false);
                    fail(failure);
                }
            }
        });
    };
    let words = move || check.get().map(|check| check.words).unwrap_or_default();
    let unknown = move || error.with(|error| error.as_ref().is_some_and(|e| e.code == ErrorCode::PhraseWord));
    let use_guess = move |word: String, guess: String| {
        typed.update(|text| *text = replace_word(text, &word, &guess));
        error.set(None);
        look_at(typed, check);
        if let Some(input) = input.get_untracked() {
            browser::focus(&input);
        }
    };
    let guess = move || {
        let failure = error.get().filter(|_| unknown())?;
        let word = failure.values.get("word")?.clone();
        let guess = failure
            .values
            .get("guess")
            .filter(|guess| !guess.is_empty())?
            .clone();
        let text = t!("restore-guess", guess = guess.clone());
        Some(view! {
            <button class="button soft small" data-testid="restore-guess" on:click=move |_| use_guess(word.clone(), guess.clone())>
                {text}
            </button>
        })
    };
    view! {
        <label class="field-label" for="restore-input">
            {t!("restore-label")}
        </label>
        <textarea
            id="restore-input"
            class="input phrase-input"
            class:input-wrong=move || error.with(Option::is_some)
            data-testid="restore-input"
            rows="4"
            dir="ltr"
            lang="en"
            translate="no"
            autocapitalize="none"
            autocomplete="off"
            spellcheck="false"
            aria-describedby="restore-error"
            aria-invalid=move || error.with(Option::is_some).to_string()
            node_ref=input
            prop:value=move || typed.get()
            on:input=on_input
        ></textarea>
        <div class="field-foot">
            <p id="restore-error" class="error" role="status" aria-live="polite" data-testid="restore-error">
                {move || error.get().map(|failure| failure_text(&failure))}
            </p>
            <p class="field-count" data-testid="restore-count">
                {move || t!("restore-count", n = words().len())}
            </p>
        </div>
        {guess}
        <Show when=move || !words().is_empty()>
            <ol class="typed-words" aria-label=t!("restore-words") dir="ltr" lang="en" translate="no">
                {move || words().into_iter().map(typed_word).collect_view()}
            </ol>
        </Show>
        <div class="actions">
            <button class="button primary" data-testid="restore-continue" aria-disabled=move || busy.get().to_string() on:click=go_on>
                {t!("common-continue")}
            </button>
        </div>
    }
}

fn typed_word(word: PhraseWord) -> impl IntoView {
    match word.word {
        Some(known) => view! { <li class="typed-word">{known}</li> }.into_any(),
        None => {
            let name = t!("restore-word-unknown", word = word.typed.clone());
            view! {
                <li class="typed-word typed-word-unknown" aria-label=name>
                    {word.typed}
                </li>
            }
            .into_any()
        }
    }
}

/// Asks what is known of the words, and keeps the answer unless more was typed since.
fn look_at(typed: RwSignal<String>, check: RwSignal<Option<PhraseCheck>>) {
    let core = ui().core;
    let text = typed.get_untracked();
    spawn_local(async move {
        let Ok(found) = core
            .ask(CheckPhrase {
                text: text.as_str().into(),
            })
            .await
        else {
            return;
        };
        if typed.try_with_untracked(|now| *now == text) == Some(true) {
            check.set(Some(found));
        }
    });
}

/// Puts `guess` in the place of the first word that reads `word` in any letter case.
fn replace_word(text: &str, word: &str, guess: &str) -> String {
    let mut done = false;
    let mut replaced = String::new();
    for piece in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let letters = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
        if !done && letters.to_lowercase() == word {
            replaced.push_str(guess);
            replaced.push_str(piece.strip_prefix(letters).unwrap_or_default());
            done = true;
        } else {
            replaced.push_str(piece);
        }
    }
    replaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_unknown_word_is_replaced() {
        assert_eq!(
            replace_word("lamp, ZORK river zork", "zork", "zones"),
            "lamp, zones river zork"
        );
        assert_eq!(replace_word("zork", "zork", "zones"), "zones");
        assert_eq!(replace_word("lamp", "zork", "zones"), "lamp");
    }
}
