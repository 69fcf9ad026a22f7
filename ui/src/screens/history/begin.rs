//! What this device is to do.

use contract::{HistoryView, ReceiveHistory, Request, SendHistory};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::{Route, Ui, ui};
use crate::components::icon::{BOX, DOWN, FORWARD, Glyph, Icon, SEND};
use crate::locale::t;

/// Begins a move, or says why it cannot begin.
pub(super) fn begin(ui: Ui, request: impl Request<Reply = HistoryView> + 'static) {
    spawn_local(async move {
        if let Err(failure) = ui.core.ask(request).await {
            ui.show_failure(&failure);
        }
    });
}

/// Send, receive, or through a file.
#[component]
pub(super) fn Begin() -> impl IntoView {
    let ui = ui();
    view! {
        <p class="lead">{t!("move-body")}</p>
        <ul class="settings" aria-label=t!("move-title")>
            {row(SEND, t!("move-send"), t!("move-send-help"), "mv-send", move || begin(ui, SendHistory {}))}
            {row(DOWN, t!("move-receive"), t!("move-receive-help"), "mv-receive", move || begin(ui, ReceiveHistory { address: None }))}
        </ul>
        <ThroughFile/>
    }
}

/// A backup here and a restore there.
#[component]
pub(super) fn ThroughFile() -> impl IntoView {
    let ui = ui();
    view! {
        <ul class="settings" aria-label=t!("move-file")>
            {row(BOX, t!("move-file"), t!("move-file-help"), "mv-file", move || ui.nav.open(Route::Data))}
        </ul>
    }
}

fn row(
    icon: Icon,
    name: String,
    help: String,
    testid: &'static str,
    act: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <li>
            <button class="setting" data-testid=testid on:click=move |_| act()>
                <Glyph icon/>
                <span class="switch-text">
                    <span class="setting-name">{name}</span>
                    <span class="hint">{help}</span>
                </span>
                <Glyph icon=FORWARD/>
            </button>
        </li>
    }
}
