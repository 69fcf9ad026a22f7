//! Making a backup: the words, a look whether they were written down, and where it goes.

use contract::{BackUp, BackupEvery, NewBackupPassphrase, NewBackupSchedule, SetBackupSchedule};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Told;
use crate::app::ui;
use crate::components::dialog::{Modal, Place};
use crate::components::switch::Switch;
use crate::core::PlaceKind;
use crate::locale::{failure_text, t};

/// Words that are asked for, counted from 1.
const CHECKED: [usize; 2] = [2, 5];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Words,
    Check,
    Where,
}

/// The dialog; the backup goes on behind it.
#[component]
pub(super) fn MakeBackup(
    /// By themselves from now on; without it one now.
    every: Option<BackupEvery>,
    /// Says how it went.
    told: RwSignal<Option<Told>>,
    on_close: Callback<()>,
) -> impl IntoView {
    let ui = ui();
    let words = RwSignal::new(Vec::<String>::new());
    let step = RwSignal::new(Step::Words);
    ui.ask(NewBackupPassphrase {}, move |made| {
        let exposed = made.words.into_iter().map(contract::SecretText::into_exposed);
        let _ = words.try_set(exposed.collect());
    });
    let finish = Callback::new(move |include_account: bool| {
        let passphrase = words.get_untracked().join(" ");
        on_close.run(());
        match every {
            None => {
                let order = BackUp {
                    to: String::new(),
                    passphrase: passphrase.into(),
                    include_account,
                };
                spawn_local(async move {
                    let ended = match ui.core.ask_at_place(order, &t!("data-make")).await {
                        Ok(report) => Some(Told::made(&report)),
                        Err(failure) => Told::failed(ui, t!("data-made-not"), &failure),
                    };
                    let _ = told.try_set(ended);
                });
            }
            Some(every) => {
                let schedule = NewBackupSchedule {
                    every,
                    folder: String::new(),
                    passphrase: passphrase.into(),
                    include_account,
                };
                let order = SetBackupSchedule {
                    schedule: Some(schedule),
                };
                spawn_local(async move {
                    if let Err(failure) = ui.core.ask_at_place(order, &t!("data-make")).await {
                        ui.show_failure(&failure);
                    }
                });
            }
        }
    });
    view! {
        <Modal title=t!("data-words-title") testid="bk-make" place=Place::Foot on_close>
            {move || match step.get() {
                Step::Words => view! { <Words words on_next=Callback::new(move |()| step.set(Step::Check)) on_close/> }.into_any(),
                Step::Check => {
                    let next = Callback::new(move |()| step.set(Step::Where));
                    view! { <Check words on_next=next on_back=Callback::new(move |()| step.set(Step::Words))/> }.into_any()
                }
                Step::Where => view! { <Where every finish on_close/> }.into_any(),
            }}
        </Modal>
    }
}

#[component]
fn Words(words: RwSignal<Vec<String>>, on_next: Callback<()>, on_close: Callback<()>) -> impl IntoView {
    view! {
        <p class="modal-text" data-testid="dlg-body">{t!("data-words-body")}</p>
        <ol class="typed-words data-words" dir="ltr" lang="en" translate="no" data-testid="bk-words" aria-label=t!("data-words-title")>
            {move || words.get().into_iter().map(|word| view! { <li class="typed-word">{word}</li> }).collect_view()}
        </ol>
        <div class="modal-buttons">
            <button class="button primary" data-testid="dlg-ok" disabled=move || words.with(Vec::is_empty) on:click=move |_| on_next.run(())>
                {t!("data-words-done")}
            </button>
            <button class="button plain" data-testid="dlg-cancel" on:click=move |_| on_close.run(())>{t!("common-cancel")}</button>
        </div>
    }
}

#[component]
fn Check(words: RwSignal<Vec<String>>, on_next: Callback<()>, on_back: Callback<()>) -> impl IntoView {
    let typed = CHECKED.map(|_| RwSignal::new(String::new()));
    let wrong = RwSignal::new(None::<usize>);
    let look = move |_| {
        let missed = CHECKED.into_iter().zip(typed).find(|(number, typed)| {
            let typed = typed.get_untracked().trim().to_lowercase();
            words.with_untracked(|words| words.get(number.saturating_sub(1)) != Some(&typed))
        });
        match missed {
            Some((number, _)) => wrong.set(Some(number)),
            None => on_next.run(()),
        }
    };
    let field = move |number: usize, typed: RwSignal<String>| {
        let id = format!("bk-word-{number}");
        view! {
            <label class="field-label" for=id.clone()>{t!("data-check-word", n = number)}</label>
            <input
                id=id.clone()
                class="input"
                data-testid=id
                dir="ltr"
                lang="en"
                autocapitalize="none"
                autocomplete="off"
                spellcheck="false"
                aria-describedby="bk-check-error"
                prop:value=move || typed.get()
                on:input=move |event| {
                    typed.set(event_target_value(&event));
                    wrong.set(None);
                }
            />
        }
    };
    view! {
        <p class="modal-text" data-testid="dlg-body">{t!("data-check-body")}</p>
        {CHECKED.into_iter().zip(typed).map(|(number, typed)| field(number, typed)).collect_view()}
        <p id="bk-check-error" class="error" role="status" aria-live="polite" data-testid="bk-check-error">
            {move || wrong.get().map(|number| {
                let failure = contract::Failure::new(contract::ErrorCode::PhraseQuiz).with("k", number);
                failure_text(&failure)
            })}
        </p>
        <div class="modal-buttons">
            <button class="button primary" data-testid="dlg-ok" on:click=look>{t!("common-continue")}</button>
            <button class="button plain" data-testid="dlg-alt" on:click=move |_| on_back.run(())>{t!("data-check-again")}</button>
        </div>
    }
}

#[component]
fn Where(every: Option<BackupEvery>, finish: Callback<bool>, on_close: Callback<()>) -> impl IntoView {
    let ui = ui();
    let folder = RwSignal::new(None::<String>);
    let with_account = RwSignal::new(false);
    let hidden = untrack(|| ui.phrase_hidden());
    let choose = move |_| {
        spawn_local(async move {
            match ui.core.choose_place(PlaceKind::Folder).await {
                Ok(Some(name)) => drop(folder.try_set(Some(name))),
                Ok(None) => {}
                Err(failure) => ui.show_failure(&failure),
            }
        });
    };
    let ok = match every {
        None => t!("data-make"),
        Some(_) => t!("data-every-make"),
    };
    view! {
        <p class="modal-text" data-testid="dlg-body">{t!("data-where-body")}</p>
        <button class="button soft" data-testid="bk-folder" on:click=choose>
            {move || folder.get().unwrap_or_else(|| t!("data-where-choose"))}
        </button>
        // Whoever has hidden the phrase here gets it out of no backup either.
        {(!hidden).then(|| view! {
            <Switch
                name=t!("data-with-account")
                help=t!("data-with-account-help")
                testid="bk-account"
                on=with_account.into()
                on_change=Callback::new(move |on| with_account.set(on))
            />
        })}
        <div class="modal-buttons">
            <button
                class="button primary"
                data-testid="dlg-ok"
                disabled=move || folder.with(Option::is_none)
                on:click=move |_| finish.run(with_account.get_untracked())
            >
                {ok}
            </button>
            <button class="button plain" data-testid="dlg-cancel" on:click=move |_| on_close.run(())>{t!("common-cancel")}</button>
        </div>
    }
}
