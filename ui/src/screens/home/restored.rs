//! The first time on the home screen after a restore: what came back, and what did not.

use contract::{
    DismissRestoreReport, Event, Found, GetRestoreReport, RestorePart, RestoreReport, RestoredPart,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::ui;
use crate::components::dialog::{Modal, Place};
use crate::components::icon::{CHECK, CLOCK, CLOSE, Glyph, MINUS};
use crate::locale::t;

/// The report, until it is dismissed for good.
#[component]
pub(super) fn Restored() -> impl IntoView {
    let ui = ui();
    let report = RwSignal::new(None::<RestoreReport>);
    let listed = RwSignal::new(false);
    let refresh = move || {
        spawn_local(async move {
            if let Ok(found) = ui.core.ask(GetRestoreReport {}).await {
                let _ = report.try_set(found);
            }
        });
    };
    refresh();
    ui.core.on_event(move |event| {
        let counted = matches!(
            event,
            Event::AccountChanged | Event::ConversationsChanged | Event::RestoreProgress | Event::Lagged
        );
        // Accounts that were made here and reports that were read cost nothing more.
        if counted && report.with_untracked(Option::is_some) {
            refresh();
        }
    });
    let dismiss = move |_| {
        report.set(None);
        ui.order(DismissRestoreReport {});
    };
    let due = Memo::new(move |_| report.with(Option::is_some));
    let count = move |of: fn(&RestoreReport) -> u32| report.with(|report| report.as_ref().map_or(0, of));
    view! {
        <Show when=move || due.get()>
            <section class="card restored" data-testid="restore-report" aria-label=t!("restored-title")>
                <div class="restored-text">
                    <p>
                        {move || t!(
                            "restored-counts",
                            contacts = count(|report| report.contacts),
                            groups = count(|report| report.groups),
                            communities = count(|report| report.communities)
                        )}
                    </p>
                    <p class="hint" data-testid="restore-report-messages">{move || t!("restored-messages", n = count(|report| report.messages))}</p>
                    <p class="hint">{t!("restored-older")}</p>
                    <button class="button soft small" data-testid="restore-report-more" on:click=move |_| listed.set(true)>
                        {t!("restored-what")}
                    </button>
                </div>
                <button class="icon-button" data-testid="restore-report-close" aria-label=t!("restored-dismiss") on:click=dismiss>
                    <Glyph icon=CLOSE/>
                </button>
            </section>
            <Show when=move || listed.get()>
                <Modal title=t!("restored-what") testid="restore-report-sheet" place=Place::Foot on_close=Callback::new(move |()| listed.set(false))>
                    <ul class="restored-parts">
                        {move || report.get().map(|report| report.parts).unwrap_or_default().into_iter().map(part_line).collect_view()}
                    </ul>
                    <button class="button plain" data-testid="dlg-ok" autofocus=true on:click=move |_| listed.set(false)>
                        {t!("common-close")}
                    </button>
                </Modal>
            </Show>
        </Show>
    }
}

fn part_line(part: RestoredPart) -> impl IntoView {
    let name = match part.part {
        RestorePart::Profile => t!("part-profile"),
        RestorePart::Contacts => t!("part-contacts"),
        RestorePart::Conversations => t!("part-read-marks"),
        RestorePart::Groups => t!("part-groups-only"),
        RestorePart::Communities => t!("part-communities"),
        RestorePart::Messages => t!("part-messages"),
    };
    let (icon, state) = match part.found {
        Found::Found => (CHECK, t!("restored-found")),
        Found::Empty => (MINUS, t!("restored-empty")),
        Found::Looking => (CLOCK, t!("restored-looking")),
    };
    view! {
        <li class="restored-part" data-testid="restore-part">
            <Glyph icon/>
            <span class="setting-name">{name}</span>
            <span class="hint">{state}</span>
        </li>
    }
}
