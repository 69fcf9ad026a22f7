//! Before anything is known: the mark, then what takes so long, then why it failed or what opens the store.

mod start_over;

pub(crate) use start_over::StartOver;

use contract::{Event, Failure};
use leptos::prelude::*;

use crate::app::ui;
use crate::browser;
use crate::components::icon::Mark;
use crate::components::logs::LogsButton;
use crate::components::top_bar::Heading;
use crate::locale::{failure_text, t};
use crate::screens::unlock::{Asking, Unlock};

const SLOW_MS: i32 = 3_000;
const VERY_SLOW_MS: i32 = 20_000;

/// The first picture.
#[component]
pub(crate) fn Launch() -> impl IntoView {
    let ui = ui();
    view! {
        {move || match ui.start_failure.get() {
            Some(failure) => match Asking::of(&failure) {
                Some(asking) => view! { <Unlock asking failure/> }.into_any(),
                None => view! { <Failed failure/> }.into_any(),
            },
            None => view! { <Opening/> }.into_any(),
        }}
    }
}

#[component]
fn Opening() -> impl IntoView {
    let slow = RwSignal::new(false);
    let choices = RwSignal::new(false);
    let (updating, is_updating) = updating();
    let set_later = move |signal: RwSignal<bool>, ms| {
        browser::after(ms, move || {
            let _ = signal.try_set(true);
        });
    };
    set_later(slow, SLOW_MS);
    set_later(choices, VERY_SLOW_MS);
    let wait = move |_| {
        choices.set(false);
        set_later(choices, VERY_SLOW_MS);
    };
    view! {
        <main class="launch" aria-busy="true" aria-label=t!("launch-opening")>
            <Mark/>
            <div role="status" class="launch-status">
                {move || if is_updating.get() {
                    Some(view! { <Updating steps=updating/> }.into_any())
                } else {
                    slow.get().then(|| view! { <p data-testid="launch-slow">{t!("launch-slow")}</p> }.into_any())
                }}
            </div>
            <Show when=move || choices.get()>
                <button class="button primary" data-testid="launch-wait" on:click=wait>
                    {t!("launch-wait")}
                </button>
                <LogsButton testid="launch-logs"/>
                <button class="button plain" data-testid="launch-restart" on:click=|_| browser::reload()>
                    {t!("launch-restart")}
                </button>
            </Show>
        </main>
    }
}

/// How far a store of an earlier version is on its way to this one: steps taken, and all; `None` while nothing is heard of
/// that. And whether something is.
pub(crate) fn updating() -> (RwSignal<Option<(u32, u32)>>, Memo<bool>) {
    let steps = RwSignal::new(None);
    ui().core.on_event(move |event| {
        if let Event::StoreUpdating { done, of } = event {
            let _ = steps.try_set(Some((*done, *of)));
        }
    });
    (steps, Memo::new(move |_| steps.with(Option::is_some)))
}

/// Says that the store is brought up to date, and how far it is.
#[component]
pub(crate) fn Updating(
    /// As of [`updating`].
    steps: RwSignal<Option<(u32, u32)>>,
) -> impl IntoView {
    let done = move || steps.get().map(|(done, _)| done.to_string());
    let of = move || steps.get().map(|(_, of)| of.to_string());
    view! {
        <p id="launch-updating">{t!("launch-updating")}</p>
        <progress class="progress" data-testid="launch-migrate" max=of value=done aria-labelledby="launch-updating"></progress>
    }
}

#[component]
fn Failed(failure: Failure) -> impl IntoView {
    let ui = ui();
    let loses_messages = failure.values.contains_key("lost");
    view! {
        <main class="launch failed" data-testid="start-failed">
            <Mark/>
            <Heading text=t!("failed-title")/>
            <p class="lead" role="alert" data-testid="start-error" data-code=failure.code.as_str()>
                {failure_text(&failure)}
            </p>
            <p class="hint">{failure.code.as_str()}</p>
            <div class="actions">
                <button class="button primary" data-testid="start-again" on:click=move |_| ui.start()>
                    {t!("common-try-again")}
                </button>
                <LogsButton testid="start-logs"/>
                {loses_messages.then(|| view! { <StartOver/> })}
            </div>
        </main>
    }
}
