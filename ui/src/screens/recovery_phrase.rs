//! Settings > Recovery phrase.

use contract::HidePhrase;
use leptos::prelude::*;

use crate::app::ui;
use crate::components::dialog::{Confirm, Modal, Place, Weight};
use crate::components::icon::{EYE_OFF, Glyph};
use crate::components::phrase_words::{PhraseWords, load_phrase};
use crate::components::top_bar::TopBar;
use crate::locale::t;

/// What is asked before the words are hidden for good.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Hide,
    Certain,
}

/// The words again, blurred at first.
#[component]
pub(crate) fn RecoveryPhrase() -> impl IntoView {
    let ui = ui();
    let phrase = load_phrase(ui);
    let shown = RwSignal::new(false);
    let asked = RwSignal::new(None::<Asked>);
    let close = Callback::new(move |()| asked.set(None));
    let hide = move |_| {
        asked.set(None);
        ui.ask(HidePhrase {}, move |account| {
            ui.account.set(Some(account));
            ui.nav.leave();
        });
    };
    view! {
        <TopBar title=t!("recovery-title")/>
        <main class="page">
            <p class="lead">{t!("phrase-body")}</p>
            // Together: a button that the words push down is missed by who is about to touch it.
            {move || phrase.get().map(|phrase| view! {
                <PhraseWords phrase shown qr_testid="rec-qr"/>
                <button class="button plain" data-testid="rec-hide" on:click=move |_| asked.set(Some(Asked::Hide))>
                    <Glyph icon=EYE_OFF/>
                    {t!("rec-hide")}
                </button>
            })}
        </main>
        {move || asked.get().map(|question| match question {
            Asked::Hide => {
                let go_on = Callback::new(move |()| asked.set(Some(Asked::Certain)));
                view! {
                    <Confirm title=t!("rec-hide-title") body=t!("rec-hide-body") ok=t!("rec-hide-ok") weight=Weight::Danger on_ok=go_on on_close=close/>
                }
                    .into_any()
            }
            Asked::Certain => view! {
                <Modal title=t!("rec-certain") testid="dialog" place=Place::Middle on_close=close>
                    <div class="modal-buttons">
                        <button class="button danger" data-testid="rec-hide-yes" on:click=hide>{t!("rec-hide-ok")}</button>
                        <button class="button plain" data-testid="dlg-cancel" autofocus=true on:click=move |_| close.run(())>
                            {t!("common-cancel")}
                        </button>
                    </div>
                </Modal>
            }
                .into_any(),
        })}
    }
}
