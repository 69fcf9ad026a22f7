//! What is shown while history moves, and when that has ended.

use contract::{AnswerHistory, CancelHistory, ErrorCode, HistoryStage, ReceiveHistory};
use leptos::prelude::*;

use super::begin::{ThroughFile, begin};
use crate::app::ui;
use crate::components::icon::{CHECK, Glyph};
use crate::locale::{failure_text, t};

/// The other device is looked for.
#[component]
pub(super) fn Waiting(
    /// This device sends.
    sends: bool,
    stage: Signal<HistoryStage>,
) -> impl IntoView {
    let (title, body) = match sends {
        true => (t!("move-waiting"), t!("move-waiting-body")),
        false => (t!("move-looking"), t!("move-looking-body")),
    };
    view! {
        <section class="card" data-testid="mv-waiting" aria-busy="true">
            <h2 class="card-title">{title}</h2>
            <p class="hint">{body}</p>
            <progress class="data-progress" aria-hidden="true"></progress>
            <Cancel/>
        </section>
        <section class="card">
            {match sends {
                true => view! { <Addresses stage/> }.into_any(),
                false => view! { <TypeAddress/> }.into_any(),
            }}
        </section>
    }
}

/// Where this device is reached.
#[component]
fn Addresses(stage: Signal<HistoryStage>) -> impl IntoView {
    let addresses = move || match stage.get() {
        HistoryStage::Waiting { addresses } => addresses,
        _ => Vec::new(),
    };
    view! {
        <p class="hint">{t!("move-addresses")}</p>
        <ul class="addresses" aria-label=t!("move-addresses")>
            {move || addresses().into_iter().map(|address| view! {
                <li class="move-address" dir="ltr" data-testid="mv-address">{address}</li>
            }).collect_view()}
        </ul>
    }
}

/// For networks in which devices do not hear each other.
#[component]
fn TypeAddress() -> impl IntoView {
    let ui = ui();
    let typed = RwSignal::new(String::new());
    let connect = move || {
        let address = typed.get_untracked().trim().to_owned();
        if !address.is_empty() {
            begin(
                ui,
                ReceiveHistory {
                    address: Some(address),
                },
            );
        }
    };
    view! {
        <label class="field-label" for="mv-typed">{t!("move-typed")}</label>
        <input
            id="mv-typed"
            class="input"
            data-testid="mv-typed"
            type="text"
            dir="ltr"
            placeholder=t!("move-typed-example")
            autocapitalize="none"
            autocomplete="off"
            spellcheck="false"
            enterkeyhint="go"
            prop:value=move || typed.get()
            on:input=move |event| typed.set(event_target_value(&event))
            on:keydown=move |event| {
                if event.key() == "Enter" && !event.is_composing() {
                    event.prevent_default();
                    connect();
                }
            }
        />
        <div class="actions">
            <button
                class="button soft"
                data-testid="mv-connect"
                disabled=move || typed.with(|typed| typed.trim().is_empty())
                on:click=move |_| connect()
            >
                {t!("move-connect")}
            </button>
        </div>
    }
}

/// The code, and whether the other device shows it, too.
#[component]
pub(super) fn Compare(stage: Signal<HistoryStage>) -> impl IntoView {
    let ui = ui();
    let shown = Memo::new(move |_| match stage.get() {
        HistoryStage::Code { code, confirmed } => (code, confirmed),
        _ => (String::new(), false),
    });
    let answer = move |same: bool| ui.order(AnswerHistory { same });
    view! {
        <section class="card centred">
            <h2 class="card-title">{t!("move-compare")}</h2>
            <p class="move-code" dir="ltr" data-testid="mv-code">{move || shown.get().0}</p>
            {move || match shown.get().1 {
                false => view! {
                    <p class="hint">{t!("move-compare-body")}</p>
                    <div class="actions">
                        <button class="button primary" data-testid="mv-yes" on:click=move |_| answer(true)>{t!("move-same")}</button>
                        <button class="button plain" data-testid="mv-no" on:click=move |_| answer(false)>{t!("move-different")}</button>
                    </div>
                }.into_any(),
                true => view! {
                    <p class="hint" data-testid="mv-confirmed">{t!("move-confirmed")}</p>
                    <Cancel/>
                }.into_any(),
            }}
        </section>
    }
}

/// On the way, or being put in its place.
#[component]
pub(super) fn Moving(
    /// This device sends.
    sends: bool,
    stage: Signal<HistoryStage>,
) -> impl IntoView {
    let title = Memo::new(move |_| match (stage.get(), sends) {
        (HistoryStage::Storing { .. }, true) => t!("move-storing-there"),
        (HistoryStage::Storing { .. }, false) => t!("move-storing"),
        (_, true) => t!("move-sending"),
        (_, false) => t!("move-receiving"),
    });
    // Without a value the bar says that something is done and not how much.
    let percent = move || match stage.get() {
        HistoryStage::Moving { percent } => Some(percent.to_string()),
        HistoryStage::Storing { percent } => percent.map(|percent| percent.to_string()),
        _ => None,
    };
    view! {
        <section class="card" data-testid="mv-progress">
            <h2 class="card-title">{move || title.get()}</h2>
            <progress class="data-progress" max="100" value=percent aria-label=move || title.get()></progress>
            <p class="hint">{t!("move-stay")}</p>
            <Cancel/>
        </section>
    }
}

/// Everything is there.
#[component]
pub(super) fn Done(
    /// This device sent.
    sends: bool,
    stage: Signal<HistoryStage>,
) -> impl IntoView {
    let ui = ui();
    let text = move || match (stage.get(), sends) {
        (HistoryStage::Done { messages, files }, true) => {
            t!("move-sent", messages = messages, files = files)
        }
        (HistoryStage::Done { messages, files }, false) => {
            t!("move-received", messages = messages, files = files)
        }
        _ => String::new(),
    };
    let finish = move |_| {
        ui.home.refresh();
        ui.nav.leave();
    };
    view! {
        <section class="card" data-testid="mv-done">
            <h2 class="card-title move-done"><Glyph icon=CHECK/>{t!("move-done")}</h2>
            <p data-testid="mv-counts">{text}</p>
            {(!sends).then(|| view! { <p class="hint">{t!("move-received-body")}</p> })}
            <div class="actions">
                <button class="button primary" data-testid="mv-finish" on:click=finish>{t!("common-close")}</button>
            </div>
        </section>
    }
}

/// It came to nothing.
#[component]
pub(super) fn Failed(stage: Signal<HistoryStage>) -> impl IntoView {
    let ui = ui();
    let text = move || match stage.get() {
        HistoryStage::Failed { failure } => failure_text(&failure),
        _ => failure_text(&ErrorCode::HistoryBroken.into()),
    };
    view! {
        <section class="card">
            <h2 class="card-title">{t!("move-failed")}</h2>
            <p class="error" data-testid="mv-failed">{text}</p>
            <div class="actions">
                <button class="button primary" data-testid="mv-again" on:click=move |_| ui.order(CancelHistory {})>{t!("common-try-again")}</button>
            </div>
        </section>
        <ThroughFile/>
    }
}

#[component]
fn Cancel() -> impl IntoView {
    let ui = ui();
    view! {
        <div class="actions">
            <button class="button plain" data-testid="mv-cancel" on:click=move |_| ui.order(CancelHistory {})>{t!("common-cancel")}</button>
        </div>
    }
}
