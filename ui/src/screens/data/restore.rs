//! Bringing a backup back: which file, and its passphrase.

use contract::{ErrorCode, Failure, RestoreBackup as Restore};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Progress, Told, follow_data};
use crate::app::ui;
use crate::browser;
use crate::components::dialog::{Modal, Place};
use crate::core::PlaceKind;
use crate::locale::{failure_text, t};

/// The dialog; it stays until the backup is there.
#[component]
pub(crate) fn RestoreBackup(
    /// It is there, or cannot be; with what is to be said.
    on_done: Callback<Told>,
    on_close: Callback<()>,
) -> impl IntoView {
    let ui = ui();
    let data = follow_data();
    let file = RwSignal::new(None::<String>);
    let typed = RwSignal::new(String::new());
    let error = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let input = NodeRef::<html::Input>::new();
    let choose = move |_| {
        spawn_local(async move {
            match ui.core.choose_place(PlaceKind::Backup).await {
                Ok(Some(name)) => {
                    let _ = file.try_set(Some(name));
                    let _ = error.try_set(None);
                }
                Ok(None) => {}
                Err(failure) => ui.show_failure(&failure),
            }
        });
    };
    let restore = move |_| {
        busy.set(true);
        let order = Restore {
            from: String::new(),
            passphrase: typed.get_untracked().into(),
        };
        spawn_local(async move {
            let answer = ui.core.ask_at_place(order, "").await;
            let _ = busy.try_set(false);
            match answer {
                Ok(report) => on_done.run(Told::brought(&report)),
                Err(failure) if failure.code == ErrorCode::BackupPassphrase => {
                    let _ = error.try_set(Some(failure));
                    if let Some(Some(input)) = input.try_get_untracked() {
                        browser::focus(&input);
                    }
                }
                Err(failure) => match Told::failed(ui, t!("data-brought-not"), &failure) {
                    Some(told) => on_done.run(told),
                    None => on_close.run(()),
                },
            }
        });
    };
    let running = move || data.with(|data| data.as_ref().and_then(|data| data.running));
    let ready =
        move || file.with(Option::is_some) && typed.with(|typed| !typed.trim().is_empty()) && !busy.get();
    view! {
        <Modal title=t!("data-restore") testid="bk-open" place=Place::Foot on_close>
            <p class="modal-text" data-testid="dlg-body">{t!("data-restore-body")}</p>
            <button class="button soft" data-testid="bk-file" on:click=choose>
                {move || file.get().unwrap_or_else(|| t!("data-restore-choose"))}
            </button>
            <label class="field-label" for="bk-pass">{t!("data-restore-pass")}</label>
            <input
                id="bk-pass"
                class="input"
                class:input-wrong=move || error.with(Option::is_some)
                data-testid="bk-pass"
                dir="ltr"
                lang="en"
                translate="no"
                autocapitalize="none"
                autocomplete="off"
                spellcheck="false"
                aria-describedby="bk-error"
                aria-invalid=move || error.with(Option::is_some).to_string()
                node_ref=input
                prop:value=move || typed.get()
                on:input=move |event| {
                    typed.set(event_target_value(&event));
                    error.set(None);
                }
            />
            <p id="bk-error" class="error" role="status" aria-live="polite" data-testid="bk-error">
                {move || error.get().map(|failure| failure_text(&failure))}
            </p>
            {move || running().filter(|_| busy.get()).map(|work| view! { <Progress work/> })}
            <div class="modal-buttons">
                <button class="button primary" data-testid="dlg-ok" disabled=move || !ready() on:click=restore>
                    {t!("data-restore-ok")}
                </button>
                <button class="button plain" data-testid="dlg-cancel" disabled=move || busy.get() on:click=move |_| on_close.run(())>
                    {t!("common-cancel")}
                </button>
            </div>
        </Modal>
    }
}
