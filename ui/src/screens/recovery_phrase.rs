//! Settings > Recovery phrase.

use contract::{GetRecoveryPhrase, RecoveryPhraseView};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::ui;
use crate::components::phrase_words::PhraseWords;
use crate::components::top_bar::TopBar;
use crate::locale::t;

/// The words again, blurred at first.
#[component]
pub(crate) fn RecoveryPhrase() -> impl IntoView {
    let ui = ui();
    let phrase = RwSignal::new(None::<RecoveryPhraseView>);
    let shown = RwSignal::new(false);
    spawn_local(async move {
        match ui.core.ask(GetRecoveryPhrase {}).await {
            Ok(view) => {
                let _ = phrase.try_set(Some(view));
            }
            Err(failure) => ui.show_failure(&failure),
        }
    });
    view! {
        <TopBar title=t!("recovery-title")/>
        <main class="page">
            <p class="lead">{t!("phrase-body")}</p>
            {move || phrase.get().map(|phrase| view! { <PhraseWords phrase shown qr_testid="rec-qr"/> })}
        </main>
    }
}
