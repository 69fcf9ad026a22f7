//! What went on since the app was started: read first, then saved; and what offers it when something went wrong.

use contract::Failure;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::dialog::{Modal, Place};
use crate::app::ui;
use crate::locale::{failure_text, t};

/// The log, as it would be saved.
#[component]
pub(crate) fn Logs(
    /// Closes it.
    on_close: Callback<()>,
) -> impl IntoView {
    let ui = ui();
    let text = RwSignal::new(None::<String>);
    spawn_local(async move {
        match ui.core.logs().await {
            Ok(logs) => drop(text.try_set(Some(logs))),
            Err(failure) => ui.show_failure(&failure),
        }
    });
    let save = move |_| {
        spawn_local(async move {
            match ui.core.save_logs().await {
                Ok(name) => {
                    ui.show_toast(t!("att-saved", name = name));
                    on_close.run(());
                }
                Err(failure) => ui.show_failure(&failure),
            }
        });
    };
    view! {
        <Modal title=t!("logs-title") testid="logs" place=Place::Foot on_close>
            <p class="modal-text">{t!("logs-body")}</p>
            <pre class="logs" tabindex="0" dir="ltr" data-testid="logs-text">{move || text.get()}</pre>
            <div class="modal-buttons">
                <button class="button primary" data-testid="logs-save" disabled=move || text.with(Option::is_none) on:click=save>
                    {t!("logs-save")}
                </button>
                <button class="button plain" data-testid="dlg-cancel" autofocus=true on:click=move |_| on_close.run(())>
                    {t!("common-cancel")}
                </button>
            </div>
        </Modal>
    }
}

/// A button that opens the log.
#[component]
pub(crate) fn LogsButton(
    /// How tests find it.
    testid: &'static str,
) -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <button class="button plain" data-testid=testid on:click=move |_| open.set(true)>
            {t!("logs-save")}
        </button>
        <Show when=move || open.get()>
            <Logs on_close=Callback::new(move |()| open.set(false))/>
        </Show>
    }
}

/// Something went wrong that has no name: said so, with the log to hand on.
#[component]
pub(crate) fn Unnamed(
    /// What went wrong; `None` when nothing did.
    failure: RwSignal<Option<Failure>>,
) -> impl IntoView {
    let close = Callback::new(move |()| failure.set(None));
    move || {
        failure.get().map(|failed| view! {
            <Modal title=t!("unnamed-title") testid="unnamed" place=Place::Middle on_close=close>
                <p class="modal-text" data-testid="dlg-body" data-code=failed.code.as_str()>{failure_text(&failed)}</p>
                <div class="modal-buttons">
                    <button class="button primary" data-testid="dlg-ok" autofocus=true on:click=move |_| close.run(())>
                        {t!("common-close")}
                    </button>
                    <LogsButton testid="unnamed-logs"/>
                </div>
            </Modal>
        })
    }
}
