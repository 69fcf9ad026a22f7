//! How another device joins: a short guide, and the recovery phrase as a code.

use contract::{GetRecoveryPhrase, RecoveryPhraseView};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::ui;
use crate::browser;
use crate::components::dialog::{Modal, Place};
use crate::components::phrase_words::{QR_MS, mark_seen};
use crate::components::qr::QrCode;
use crate::components::screen_shield::ScreenShield;
use crate::locale::t;

/// The guide with the code, which hides itself after a while.
#[component]
pub(super) fn LinkDevice(
    /// Closes it.
    on_close: Callback<()>,
) -> impl IntoView {
    let ui = ui();
    // Here only while its code shows.
    let phrase = RwSignal::new(None::<RecoveryPhraseView>);
    let hidden = untrack(|| ui.phrase_hidden());
    let show = move |_| {
        browser::after(QR_MS, move || drop(phrase.try_set(None)));
        spawn_local(async move {
            match ui.core.ask(GetRecoveryPhrase {}).await {
                Ok(view) => {
                    let _ = phrase.try_set(Some(view));
                    mark_seen(ui).await;
                }
                Err(failure) => ui.show_failure(&failure),
            }
        });
    };
    view! {
        <Modal title=t!("dev-link") testid="dev-link-sheet" place=Place::Foot on_close>
            <ol class="guide">
                <li>{t!("dev-link-1")}</li>
                <li>{t!("dev-link-2")}</li>
                <li>{if hidden { t!("dev-link-written") } else { t!("dev-link-3") }}</li>
            </ol>
            {(!hidden).then(|| view! {
                <p class="modal-text">{t!("phrase-qr-warning")}</p>
                {move || match phrase.get().map(|phrase| phrase.qr) {
                    Some(code) => view! {
                        <ScreenShield on_away=Callback::new(move |()| phrase.set(None))/>
                        <QrCode code label=t!("common-qr") testid="dev-link-code"/>
                    }
                        .into_any(),
                    None => view! {
                        <button class="button primary" data-testid="dev-link-show" on:click=show>{t!("phrase-qr")}</button>
                    }
                        .into_any(),
                }}
            })}
            <button class="button plain" data-testid="dlg-cancel" on:click=move |_| on_close.run(())>
                {t!("common-close")}
            </button>
        </Modal>
    }
}
