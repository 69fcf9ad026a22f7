//! Onboarding: saving the recovery phrase, with a small check that it was.

mod quiz;

use contract::Failure;
use leptos::prelude::*;

use self::quiz::{Question, Quiz};
use crate::app::{Route, ui};
use crate::browser;
use crate::components::phrase_words::{PhraseWords, load_phrase};
use crate::components::steps::Steps;
use crate::components::top_bar::{BackButton, Heading};
use crate::locale::{failure_text, t};

/// Shows the words and asks for one of them.
#[component]
pub(crate) fn SavePhrase() -> impl IntoView {
    let ui = ui();
    let phrase = load_phrase(ui);
    let shown = RwSignal::new(false);
    let error = RwSignal::new(None::<Failure>);
    let question = RwSignal::new(None::<Question>);
    ui.nav
        .on_back(Callback::new(move |()| ui.nav.start_over(Route::Notifications)));
    let done = move |_| {
        error.set(None);
        let seed = browser::now_ms().unsigned_abs();
        question.set(
            phrase.with_untracked(|phrase| phrase.as_ref().and_then(|p| Question::choose(&p.words, seed))),
        );
    };
    let on_pick = Callback::new(move |(answer,): (Result<(), Failure>,)| {
        question.set(None);
        match answer {
            Ok(()) => ui.finish_onboarding(),
            Err(failure) => error.set(Some(failure)),
        }
    });
    let close = move || question.set(None);
    view! {
        <header class="bar">
            <BackButton/>
            <Steps at=3 of=3/>
        </header>
        <main class="onboarding">
            <Heading text=t!("phrase-title")/>
            <p class="lead">{t!("phrase-body")}</p>
            {move || phrase.get().map(|phrase| view! { <PhraseWords phrase shown qr_testid="phrase-qr"/> })}
            <p class="error" role="status" aria-live="polite" data-testid="phrase-error">
                {move || error.get().map(|failure| failure_text(&failure))}
            </p>
            <div class="actions">
                <button class="button primary" data-testid="phrase-done" disabled=move || !shown.get() on:click=done>
                    {t!("phrase-done")}
                </button>
                <button class="button plain" data-testid="phrase-later" on:click=move |_| ui.finish_onboarding()>
                    {t!("phrase-later")}
                </button>
            </div>
        </main>
        {move || question.get().map(|question| {
            view! { <Quiz question on_pick on_close=Callback::new(move |()| close())/> }
        })}
    }
}
