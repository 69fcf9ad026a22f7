//! Onboarding: how new messages reach the phone.

use contract::{DiscardAccount, NotificationMode, Origin, SetNotificationMode};
use leptos::prelude::*;

use crate::app::{Route, ui};
use crate::components::choice::Choice;
use crate::components::dialog::{Confirm, Weight};
use crate::components::steps::Steps;
use crate::components::top_bar::{BackButton, Heading};
use crate::locale::t;

/// Fast or Slow mode.
#[component]
pub(crate) fn Notifications() -> impl IntoView {
    let ui = ui();
    let provider = ui
        .startup
        .with_untracked(|startup| startup.as_ref().and_then(|s| s.push_provider.clone()));
    let has_push = provider.is_some();
    let (restoring, known) = ui.account.with_untracked(|account| {
        let account = account.as_ref();
        (
            account.is_some_and(|a| a.origin == Origin::Restored),
            account.and_then(|a| a.notification_mode),
        )
    });
    let first = if has_push {
        NotificationMode::Fast
    } else {
        NotificationMode::Slow
    };
    let mode = RwSignal::new(if has_push { known.unwrap_or(first) } else { first });
    let leaving = RwSignal::new(false);
    ui.nav.on_back(Callback::new(move |()| {
        if restoring {
            leaving.set(true);
        } else {
            ui.nav.start_over(Route::Name);
        }
    }));
    let go_on = move |_| {
        let mode = mode.get_untracked();
        ui.ask(SetNotificationMode { mode }, move |account| {
            ui.account.set(Some(account));
            ui.nav.open(if restoring {
                Route::Loading
            } else {
                Route::SavePhrase
            });
        });
    };
    let stop = Callback::new(move |()| {
        ui.ask(DiscardAccount {}, move |_| {
            ui.account.set(None);
            ui.nav.start_over(Route::Landing);
        });
    });
    let fast_text = provider.map_or_else(
        || t!("notif-fast-none"),
        |provider| t!("notif-fast-text", provider = provider),
    );
    view! {
        <header class="bar">
            <BackButton/>
            <Steps at=2 of=3/>
        </header>
        <main class="onboarding">
            <Heading text=t!("notif-title")/>
            <div class="choices" role="radiogroup" aria-label=t!("notif-title")>
                <Choice
                    group="mode"
                    testid="notif-fast"
                    name=t!("notif-fast")
                    help=Some(fast_text)
                    badge=has_push.then(|| t!("notif-fast-badge"))
                    off=!has_push
                    chosen=Signal::derive(move || mode.get() == NotificationMode::Fast)
                    on_choose=move |()| mode.set(NotificationMode::Fast)
                />
                <Choice
                    group="mode"
                    testid="notif-slow"
                    name=t!("notif-slow")
                    help=Some(t!("notif-slow-text"))
                    chosen=Signal::derive(move || mode.get() == NotificationMode::Slow)
                    on_choose=move |()| mode.set(NotificationMode::Slow)
                />
            </div>
            <div class="actions">
                <button class="button primary" data-testid="notif-continue" on:click=go_on>
                    {t!("common-continue")}
                </button>
            </div>
        </main>
        <Show when=move || leaving.get()>
            <Confirm
                title=t!("notif-stop-title")
                body=t!("notif-stop-body")
                ok=t!("notif-stop-leave")
                cancel=t!("notif-stop-stay")
                weight=Weight::Danger
                on_ok=stop
                on_close=Callback::new(move |()| leaving.set(false))
            />
        </Show>
    }
}
