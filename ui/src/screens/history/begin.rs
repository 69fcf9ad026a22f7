//! What this device is to do.

use contract::{HistoryView, ReceiveHistory, Request, SendHistory};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::{Route, Ui, ui};
use crate::components::icon::{BOX, DOWN, SEND};
use crate::locale::t;
use crate::screens::data::row;

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
            {row(SEND, t!("move-send"), t!("move-send-help"), "mv-send", false.into(), move || begin(ui, SendHistory {}))}
            {row(DOWN, t!("move-receive"), t!("move-receive-help"), "mv-receive", false.into(), move || begin(ui, ReceiveHistory { address: None }))}
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
            {row(BOX, t!("move-file"), t!("move-file-help"), "mv-file", false.into(), move || ui.nav.open(Route::Data))}
        </ul>
    }
}
