//! Settings > Devices > Move history: to or from another device of the account that is open, too.

mod begin;
mod stages;

use contract::{CancelHistory, Event, GetHistory, HistoryRole, HistoryStage, HistoryView};
use leptos::prelude::*;

use self::begin::Begin;
use self::stages::{Compare, Done, Failed, Moving, Waiting};
use crate::app::{Route, ui};
use crate::components::top_bar::TopBar;
use crate::locale::t;

/// The screen. Who leaves it while the devices look for each other or compare codes ends the move; one that has begun goes
/// on.
#[component]
pub(crate) fn MoveHistory() -> impl IntoView {
    let ui = ui();
    let history = follow_history();
    on_cleanup(move || {
        let stays = ui.nav.current() == Route::History;
        let passes = history.try_with_untracked(|history| {
            let stage = history.as_ref().map(|history| &history.stage);
            matches!(
                stage,
                Some(HistoryStage::Moving { .. } | HistoryStage::Storing { .. })
            )
        });
        if !stays && passes == Some(false) {
            ui.order(CancelHistory {});
        }
    });
    // Drawn anew when it is another stage, not with each percent or answer.
    let kind = Memo::new(move |_| history.with(|history| history.as_ref().map(Kind::of)));
    let role = move || history.with_untracked(|history| history.as_ref().and_then(|history| history.role));
    let stage = Signal::derive(move || {
        history.with(|history| {
            history
                .as_ref()
                .map_or(HistoryStage::Idle, |history| history.stage.clone())
        })
    });
    view! {
        <TopBar title=t!("move-title")/>
        <main class="page" data-testid="move">
            <div class="move" aria-live="polite">
                {move || kind.get().map(|kind| {
                    let sends = role() != Some(HistoryRole::Receive);
                    match kind {
                        Kind::Idle => view! { <Begin/> }.into_any(),
                        Kind::Waiting => view! { <Waiting sends stage/> }.into_any(),
                        Kind::Code => view! { <Compare stage/> }.into_any(),
                        Kind::Moving => view! { <Moving sends stage/> }.into_any(),
                        Kind::Done => view! { <Done sends stage/> }.into_any(),
                        Kind::Failed => view! { <Failed stage/> }.into_any(),
                    }
                })}
            </div>
        </main>
    }
}

/// What is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Idle,
    Waiting,
    Code,
    /// On the way, or being put in its place.
    Moving,
    Done,
    Failed,
}

impl Kind {
    fn of(history: &HistoryView) -> Self {
        match history.stage {
            HistoryStage::Idle => Self::Idle,
            HistoryStage::Waiting { .. } => Self::Waiting,
            HistoryStage::Code { .. } => Self::Code,
            HistoryStage::Moving { .. } | HistoryStage::Storing { .. } => Self::Moving,
            HistoryStage::Done { .. } => Self::Done,
            HistoryStage::Failed { .. } => Self::Failed,
        }
    }
}

/// What is known of the move, kept up to date for as long as the surrounding component is there.
fn follow_history() -> RwSignal<Option<HistoryView>> {
    // How far something is put in its place comes with the news of data.
    ui().follow(GetHistory {}, |event| {
        matches!(event, Event::HistoryChanged | Event::DataChanged | Event::Lagged)
    })
}
