//! The words of the recovery phrase: blurred until asked for, numbered, to copy or to show as a code.

use contract::{GetRecoveryPhrase, MarkPhraseSeen, RecoveryPhraseView};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::dialog::{Modal, Place};
use super::icon::{COPY, EYE, Glyph, QR};
use super::qr::QrCode;
use super::screen_shield::ScreenShield;
use crate::app::{Ui, ui};
use crate::browser;
use crate::locale::t;

const CLIPBOARD_MS: i32 = 60_000;
/// How long the phrase stays on the screen as a code.
pub(crate) const QR_MS: i32 = 60_000;

/// The recovery phrase, once it is here; why it is not is shown.
pub(crate) fn load_phrase(ui: Ui) -> RwSignal<Option<RecoveryPhraseView>> {
    let phrase = RwSignal::new(None);
    ui.ask(GetRecoveryPhrase {}, move |view| drop(phrase.try_set(Some(view))));
    phrase
}

/// Notes that the words were seen.
pub(crate) async fn mark_seen(ui: Ui) {
    if let Ok(account) = ui.core.ask(MarkPhraseSeen {}).await {
        ui.account.set(Some(account));
    }
}

/// The box with the words.
#[component]
pub(crate) fn PhraseWords(
    /// The words.
    phrase: RecoveryPhraseView,
    /// Whether they can be read; set when they are.
    shown: RwSignal<bool>,
    /// Test id of the QR button.
    qr_testid: &'static str,
) -> impl IntoView {
    let ui = ui();
    let code_open = RwSignal::new(false);
    let phrase = StoredValue::new(phrase);
    let words = phrase.with_value(|phrase| phrase.words.clone());
    let rows_long = words.len() > 14;
    let show = move |_| {
        shown.set(true);
        spawn_local(mark_seen(ui));
    };
    let copy = move |_| {
        browser::copy(&phrase.with_value(|phrase| phrase.words.join(" ")));
        browser::after(CLIPBOARD_MS, || browser::copy(" "));
        ui.show_toast(t!("phrase-copied"));
    };
    let open_code = move |_| {
        code_open.set(true);
        browser::after(QR_MS, move || {
            let _ = code_open.try_set(false);
        });
    };
    let hide = Callback::new(move |()| {
        code_open.set(false);
        shown.set(false);
    });
    let close_code = Callback::new(move |()| code_open.set(false));
    view! {
        <div class="phrase card" data-testid="phrase-box" class:phrase-hidden=move || !shown.get()>
            <ol class="words" class:words-long=rows_long aria-label=t!("phrase-words") aria-hidden=move || (!shown.get()).to_string()>
                {words
                    .into_iter()
                    .enumerate()
                    .map(|(index, word)| {
                        view! {
                            <li>
                                <span class="word-number">{index + 1}</span>
                                <span class="word" translate="no" lang="en">
                                    {move || if shown.get() { word.clone() } else { "••••••".to_owned() }}
                                </span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ol>
            <Show when=move || shown.get()>
                <ScreenShield on_away=hide/>
            </Show>
            <Show when=move || !shown.get()>
                <button class="button primary phrase-show" data-testid="phrase-show" on:click=show>
                    <Glyph icon=EYE/>
                    {t!("phrase-show")}
                </button>
            </Show>
        </div>
        <p class="hint">{t!("phrase-note")}</p>
        <div class="pair">
            <button class="button plain" data-testid="phrase-copy" disabled=move || !shown.get() on:click=copy>
                <Glyph icon=COPY/>
                {t!("common-copy")}
            </button>
            <button class="button plain" data-testid=qr_testid disabled=move || !shown.get() on:click=open_code>
                <Glyph icon=QR/>
                {t!("phrase-qr")}
            </button>
        </div>
        <Show when=move || code_open.get()>
            <Modal title=t!("recovery-title") testid="phrase-qr-sheet" place=Place::Foot on_close=close_code>
                <p class="modal-text">{t!("phrase-qr-warning")}</p>
                <QrCode code=phrase.with_value(|phrase| phrase.qr.clone()) label=t!("common-qr") testid="phrase-qr-code"/>
                <button class="button plain" autofocus=true on:click=move |_| close_code.run(())>
                    {t!("common-close")}
                </button>
            </Modal>
        </Show>
    }
}
