//! Settings > Clear data: this phone only, or the network as well.

mod saved;

use contract::{ClearData, ClearScope, ErrorCode, Failure};
use leptos::prelude::*;
use leptos::task::spawn_local;

use self::saved::SavedFirst;
use crate::app::ui;
use crate::browser;
use crate::components::dialog::{Confirm, Modal, Place, Weight};
use crate::components::top_bar::TopBar;
use crate::locale::{failure_text, t};

/// How far the user is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// Choosing what goes.
    Choosing,
    /// Reading the recovery phrase, which was never opened.
    Saving,
    /// Being asked once more.
    Asked,
    /// Waiting.
    Clearing,
    /// The network did not confirm.
    Unconfirmed(Failure),
}

/// The screen.
#[component]
pub(crate) fn Erase() -> impl IntoView {
    let ui = ui();
    let scope = RwSignal::new(ClearScope::Device);
    let step = RwSignal::new(Step::Choosing);
    let hidden = move || ui.phrase_hidden();
    let go_on = move |_| {
        let seen = ui
            .account
            .with_untracked(|a| a.as_ref().is_some_and(|a| a.phrase_seen));
        step.set(match scope.get_untracked() {
            ClearScope::Device if !seen => Step::Saving,
            _ => Step::Asked,
        });
    };
    let close = Callback::new(move |()| step.set(Step::Choosing));
    let clear = move |scope: ClearScope| {
        step.set(Step::Clearing);
        spawn_local(async move {
            match ui.core.ask(ClearData { scope }).await {
                // Nothing of the account may be left in the page either.
                Ok(_) => browser::reload(),
                Err(failure) if matches!(failure.code, ErrorCode::ClearNetwork | ErrorCode::Offline) => {
                    let _ = step.try_set(Step::Unconfirmed(failure));
                }
                Err(failure) => {
                    let _ = step.try_set(Step::Choosing);
                    ui.show_failure(&failure);
                }
            }
        });
    };
    let choice = move |value: ClearScope, testid: &'static str, name: String, text: String| {
        view! {
            <label class="choice">
                <input type="radio" name="clear" data-testid=testid prop:checked=move || scope.get() == value on:change=move |_| scope.set(value)/>
                <span class="choice-head">
                    <span class="choice-name">{name}</span>
                </span>
                <span class="choice-text">{text}</span>
            </label>
        }
    };
    view! {
        <TopBar title=t!("erase-title")/>
        <main class="page" data-testid="clear">
            <div class="choices" role="radiogroup" aria-label=t!("erase-title")>
                {choice(ClearScope::Device, "clear-device", t!("erase-device"), t!("erase-device-body"))}
                {choice(ClearScope::DeviceAndNetwork, "clear-network", t!("erase-network"), t!("erase-network-body"))}
            </div>
            <Show when=hidden>
                <p class="banner banner-warn" data-testid="clear-phrase-hidden">{t!("erase-phrase-hidden")}</p>
            </Show>
            <div class="actions">
                <button class="button danger" data-testid="clear-go" on:click=go_on>{t!("erase-title")}</button>
            </div>
        </main>
        {move || match step.get() {
            Step::Choosing => ().into_any(),
            Step::Saving => view! { <SavedFirst on_saved=Callback::new(move |()| step.set(Step::Asked)) on_close=close/> }.into_any(),
            Step::Asked => {
                let of = scope.get_untracked();
                let (title, body) = match of {
                    ClearScope::Device => (t!("erase-device-title"), t!("erase-device-body")),
                    ClearScope::DeviceAndNetwork => (t!("erase-network-title"), t!("erase-network-body")),
                };
                let ok = Callback::new(move |()| clear(of));
                view! { <Confirm title body ok=t!("erase-ok") weight=Weight::Danger on_ok=ok on_close=close/> }.into_any()
            }
            Step::Clearing => {
                // It cannot be called back.
                view! {
                    <Modal title=t!("erase-clearing") testid="clear-progress" place=Place::Middle on_close=Callback::new(|()| {})>
                        <progress class="data-progress" aria-label=t!("erase-clearing")></progress>
                    </Modal>
                }
                    .into_any()
            }
            Step::Unconfirmed(failure) => view! {
                <Modal title=t!("erase-unconfirmed") testid="dialog" place=Place::Middle on_close=close>
                    <p class="modal-text" role="status" data-testid="dlg-body">{failure_text(&failure)}</p>
                    <div class="modal-buttons">
                        <button class="button primary" data-testid="dlg-ok" autofocus=true on:click=move |_| clear(ClearScope::DeviceAndNetwork)>
                            {t!("common-try-again")}
                        </button>
                        <button class="button danger" data-testid="dlg-alt" on:click=move |_| clear(ClearScope::Device)>
                            {t!("erase-anyway")}
                        </button>
                        <button class="button plain" data-testid="dlg-cancel" on:click=move |_| close.run(())>
                            {t!("common-cancel")}
                        </button>
                    </div>
                </Modal>
            }
                .into_any(),
        }}
    }
}
