//! Settings > Data: backups now and by themselves, bringing one back, and taking a conversation out of the app.

mod export;
mod make;
mod restore;
mod work;

use contract::{
    BackupEvery, CancelData, DataView, DataWork, DataWorkKind, Event, GetData, SetBackupSchedule,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use self::export::Export;
pub(crate) use self::export::ExportOne;
use self::make::MakeBackup;
pub(crate) use self::restore::RestoreBackup;
pub(crate) use self::work::Told;
use crate::app::ui;
use crate::components::dialog::Notice;
use crate::components::icon::{COPY, DOWN, FORWARD, Glyph, KEY};
use crate::components::top_bar::TopBar;
use crate::locale::{failure_text, t};

/// Which dialog is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// A backup now, or by themselves from now on.
    BackUp(Option<BackupEvery>),
    /// A backup is to be brought back.
    Restore,
    /// A conversation is to be taken out.
    Export,
}

/// What is known of backups, kept up to date for as long as the surrounding component is there.
pub(crate) fn follow_data() -> RwSignal<Option<DataView>> {
    ui().follow(GetData {}, |event| {
        matches!(event, Event::DataChanged | Event::Lagged)
    })
}

/// The screen.
#[component]
pub(crate) fn Data() -> impl IntoView {
    let ui = ui();
    let data = follow_data();
    let asked = RwSignal::new(None::<Asked>);
    let told = RwSignal::new(None::<Told>);
    let close = Callback::new(move |()| asked.set(None));
    let running = Memo::new(move |_| data.with(|data| data.as_ref().and_then(|data| data.running)));
    let busy = Signal::derive(move || running.get().is_some());
    view! {
        <TopBar title=t!("data-title")/>
        <main class="page" data-testid="data">
            {move || running.get().map(|work| view! { <Progress work/> })}
            <ul class="settings" aria-label=t!("data-backup")>
                {row(KEY, t!("data-now"), t!("data-now-help"), "bk-now", busy, move || asked.set(Some(Asked::BackUp(None))))}
                {row(DOWN, t!("data-restore"), t!("data-restore-help"), "bk-restore", busy, move || asked.set(Some(Asked::Restore)))}
            </ul>
            <Schedule data asked/>
            <ul class="settings" aria-label=t!("data-export")>
                {row(COPY, t!("data-export"), t!("data-export-help"), "bk-export", busy, move || asked.set(Some(Asked::Export)))}
            </ul>
        </main>
        {move || asked.get().map(|what| match what {
            Asked::BackUp(every) => view! { <MakeBackup every told on_close=close/> }.into_any(),
            Asked::Restore => {
                let done = Callback::new(move |message| {
                    asked.set(None);
                    told.set(Some(message));
                    ui.home.refresh();
                });
                view! { <RestoreBackup on_done=done on_close=close/> }.into_any()
            }
            Asked::Export => view! { <Export told on_close=close/> }.into_any(),
        })}
        {move || told.get().map(|message| {
            let close = Callback::new(move |()| told.set(None));
            view! { <Notice title=message.title body=message.body on_close=close/> }
        })}
    }
}

/// How far something is, and a way to end it.
#[component]
pub(crate) fn Progress(
    /// What is under way.
    work: DataWork,
) -> impl IntoView {
    let ui = ui();
    let name = match work.kind {
        DataWorkKind::BackUp => t!("data-running-backup"),
        DataWorkKind::Restore => t!("data-running-restore"),
        DataWorkKind::Export => t!("data-running-export"),
    };
    view! {
        <section class="card" data-testid="bk-progress">
            <p role="status">{name.clone()}</p>
            <progress class="data-progress" max="100" value=work.percent.to_string() aria-label=name></progress>
            <div class="actions">
                <button class="button plain" data-testid="bk-cancel" on:click=move |_| ui.order(CancelData {})>
                    {t!("common-cancel")}
                </button>
            </div>
        </section>
    }
}

/// Never, daily or weekly; and why the last one failed.
#[component]
fn Schedule(data: RwSignal<Option<DataView>>, asked: RwSignal<Option<Asked>>) -> impl IntoView {
    let ui = ui();
    let schedule = move || data.with(|data| data.as_ref().and_then(|data| data.schedule.clone()));
    let every = Memo::new(move |_| schedule().map(|schedule| schedule.every));
    let choose = move |chosen: Option<BackupEvery>| {
        // Drawn anew from what holds: nothing has changed yet.
        data.update(|_| {});
        if every.get_untracked() == chosen {
            return;
        }
        match chosen {
            None => spawn_local(async move {
                if let Err(failure) = ui.core.ask(SetBackupSchedule { schedule: None }).await {
                    ui.show_failure(&failure);
                }
            }),
            Some(_) => asked.set(Some(Asked::BackUp(chosen))),
        }
    };
    let option = move |name: String, testid: &'static str, value: Option<BackupEvery>| {
        let is_chosen = move || {
            data.track();
            every.get() == value
        };
        view! {
            <label class="switch">
                <span class="setting-name">{name}</span>
                <input type="radio" name="bk-every" data-testid=testid prop:checked=is_chosen on:change=move |_| choose(value)/>
            </label>
        }
    };
    view! {
        <fieldset class="settings data-every">
            <legend class="hint">{t!("data-every")}</legend>
            {option(t!("data-every-never"), "bk-every-never", None)}
            {option(t!("data-every-day"), "bk-every-day", Some(BackupEvery::Day))}
            {option(t!("data-every-week"), "bk-every-week", Some(BackupEvery::Week))}
            {move || schedule().map(|schedule| view! {
                <p class="hint" data-testid="bk-folder-now">{t!("data-every-folder", folder = schedule.folder)}</p>
                {schedule.failure.map(|failure| {
                    let text = t!("data-every-failed", reason = failure_text(&failure));
                    view! { <p class="error" role="status" data-testid="bk-failed">{text}</p> }
                })}
            })}
        </fieldset>
    }
}

/// One thing that can be done, with what it does.
pub(crate) fn row(
    icon: crate::components::icon::Icon,
    name: String,
    help: String,
    testid: &'static str,
    busy: Signal<bool>,
    act: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <li>
            <button class="setting" data-testid=testid disabled=move || busy.get() on:click=move |_| act()>
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
