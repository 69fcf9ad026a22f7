//! Restoring: looking up the account's settings on the network, and asking for a name where none were found.

use contract::{Event, GetRestoreProgress, RestoreProgressView, SetDisplayName, SkipRestoreWait};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::{Route, ui};
use crate::browser;
use crate::components::account_id::{FullAccountId, shortened};
use crate::components::icon::{CHECK, Glyph};
use crate::components::name_field::{NameField, check_name};
use crate::components::top_bar::Heading;
use crate::locale::{failure_text, t};

const SLOW_MS: i32 = 15_000;

/// Three steps that tick one after another.
#[component]
pub(crate) fn Loading() -> impl IntoView {
    let ui = ui();
    let progress = RwSignal::new(None::<RestoreProgressView>);
    let slow = RwSignal::new(false);
    let slow_later = move || {
        browser::after(SLOW_MS, move || {
            let _ = slow.try_set(true);
        });
    };
    slow_later();
    let refresh = move || {
        spawn_local(async move {
            let Ok(view) = ui.core.ask(GetRestoreProgress {}).await else {
                return;
            };
            let (settings, fetched) = (view.settings_found, view.messages_fetched);
            if progress.try_set(Some(view)).is_some() {
                // The screen was left meanwhile.
                return;
            }
            match settings {
                Some(true) if fetched => ui.finish_onboarding(),
                Some(false) => ui.nav.start_over(Route::RestoreName),
                Some(true) | None => {}
            }
        });
    };
    refresh();
    ui.core.on_event(move |event| {
        if matches!(event, Event::RestoreProgress | Event::Lagged) {
            refresh();
        }
    });
    // Back must not lead to steps that are done.
    ui.nav.on_back(Callback::new(|()| {}));
    let skip = move |_| {
        ui.ask(SkipRestoreWait {}, move |_| ui.nav.start_over(Route::RestoreName));
    };
    let done =
        move |step: usize| progress.with(|view| view.as_ref().is_some_and(|view| steps_done(view) > step));
    let count = Memo::new(move |_| progress.with(|view| view.as_ref().map_or(0, steps_done)));
    let wording = || [t!("load-swarm"), t!("load-settings"), t!("load-messages")];
    let spoken = move || {
        count.get().checked_sub(1).and_then(|step| {
            wording()
                .get(step)
                .map(|text| t!("load-done", step = text.as_str()))
        })
    };
    view! {
        <main class="onboarding">
            <Heading text=t!("load-title")/>
            <FullAccountId id=Signal::derive(move || ui.account_id()) testid="load-id"/>
            <progress class="progress" data-testid="load-progress" max="3" prop:value=move || count.get() as f64 aria-label=t!("load-progress")></progress>
            <ul class="load-steps">
                {wording()
                    .into_iter()
                    .enumerate()
                    .map(|(step, text)| {
                        view! {
                            <li class="load-step" class:load-step-done=move || done(step)>
                                <span class="load-tick"><Glyph icon=CHECK/></span>
                                {text}
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
            <p class="visually-hidden" aria-live="polite">
                {spoken}
            </p>
            {move || {
                let failure = progress.get()?.failure?;
                Some(view! { <p class="banner" role="status" data-testid="load-failure">{failure_text(&failure)}</p> })
            }}
            <Show when=move || slow.get()>
                <div class="actions">
                    <p class="lead" role="status">{t!("load-slow")}</p>
                    <button class="button primary" data-testid="load-wait" on:click=move |_| { slow.set(false); slow_later(); }>
                        {t!("load-wait")}
                    </button>
                    <button class="button plain" data-testid="load-skip" on:click=skip>
                        {t!("load-skip")}
                    </button>
                </div>
            </Show>
        </main>
    }
}

fn steps_done(view: &RestoreProgressView) -> usize {
    match (
        view.swarm_found,
        view.settings_found.is_some(),
        view.messages_fetched,
    ) {
        (false, ..) => 0,
        (true, false, _) => 1,
        (true, true, false) => 2,
        (true, true, true) => 3,
    }
}

/// A name for a restored account whose settings were not found.
#[component]
pub(crate) fn RestoreName() -> impl IntoView {
    let ui = ui();
    let name = RwSignal::new(String::new());
    let error = RwSignal::new(None);
    let go_on = Callback::new(move |()| match check_name(&name.get_untracked()) {
        Err(failure) => error.set(Some(failure)),
        Ok(name) => spawn_local(async move {
            match ui.core.ask(SetDisplayName { name }).await {
                Ok(account) => {
                    ui.account.set(Some(account));
                    ui.finish_onboarding();
                }
                Err(failure) => error.set(Some(failure)),
            }
        }),
    });
    let redo = move |_| {
        spawn_local(async move {
            match ui.core.ask(contract::DiscardAccount {}).await {
                Ok(_) => {
                    ui.account.set(None);
                    ui.nav.start_over(Route::Landing);
                    ui.nav.open(Route::Restore);
                }
                Err(failure) => ui.show_failure(&failure),
            }
        });
    };
    view! {
        <main class="onboarding">
            <Heading text=t!("load-name-title")/>
            <p class="lead">{move || t!("load-name-body", id = shortened(&ui.account_id()))}</p>
            <div class="field">
                <NameField name error on_done=go_on/>
            </div>
            <div class="actions">
                <button class="button primary" data-testid="name-continue" on:click=move |_| go_on.run(())>
                    {t!("common-continue")}
                </button>
                <button class="button plain" data-testid="load-redo" on:click=redo>
                    {t!("load-redo")}
                </button>
            </div>
        </main>
    }
}
