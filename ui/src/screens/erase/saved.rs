//! The recovery phrase that was never opened, shown before it is gone.

use leptos::prelude::*;

use crate::app::ui;
use crate::components::dialog::{Modal, Place};
use crate::components::phrase_words::{PhraseWords, load_phrase};
use crate::locale::t;

/// The words, and the word that they are saved.
#[component]
pub(super) fn SavedFirst(
    /// The user has them.
    on_saved: Callback<()>,
    /// Nothing is cleared.
    on_close: Callback<()>,
) -> impl IntoView {
    let ui = ui();
    let phrase = load_phrase(ui);
    let shown = RwSignal::new(false);
    // Once opened they count as seen, also when the page hides them again.
    let opened = Memo::new(move |before| before.copied().unwrap_or(false) || shown.get());
    view! {
        <Modal title=t!("phrase-title") testid="clear-phrase" place=Place::Foot on_close>
            <p class="modal-text">{t!("phrase-body")}</p>
            {move || phrase.get().map(|phrase| view! { <PhraseWords phrase shown qr_testid="phrase-qr"/> })}
            <div class="modal-buttons">
                <button class="button primary" data-testid="phrase-done" disabled=move || !opened.get() on:click=move |_| on_saved.run(())>
                    {t!("phrase-done")}
                </button>
                <button class="button plain" data-testid="dlg-cancel" on:click=move |_| on_close.run(())>
                    {t!("common-cancel")}
                </button>
            </div>
        </Modal>
    }
}
