//! Settings > Privacy: what others learn of me.

use contract::{Event, GetPreferences, Preferences, SetPreferences};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::{Ui, ui};
use crate::components::switch::Switch;
use crate::components::top_bar::TopBar;
use crate::locale::t;

/// The switches; each holds at once.
#[component]
pub(crate) fn Privacy() -> impl IntoView {
    let ui = ui();
    let preferences = RwSignal::new(None::<Preferences>);
    load(ui, preferences);
    ui.core.on_event(move |event| {
        if matches!(event, Event::PreferencesChanged | Event::Lagged) {
            load(ui, preferences);
        }
    });
    let is = move |part: fn(&Preferences) -> bool| {
        Signal::derive(move || preferences.with(|preferences| preferences.as_ref().is_some_and(part)))
    };
    let change = move |part: fn(&mut Preferences, bool)| {
        Callback::new(move |on: bool| {
            let Some(mut changed) = preferences.get_untracked() else {
                return;
            };
            part(&mut changed, on);
            preferences.set(Some(changed));
            spawn_local(async move {
                let request = SetPreferences { preferences: changed };
                if let Err(failure) = ui.core.ask(request).await {
                    ui.show_failure(&failure);
                    load(ui, preferences);
                }
            });
        })
    };
    view! {
        <TopBar title=t!("privacy-title")/>
        <main class="page" data-testid="privacy">
            <div class="settings">
                <Switch
                    name=t!("privacy-receipts")
                    help=t!("privacy-receipts-help")
                    testid="privacy-receipts"
                    on=is(|preferences| preferences.read_receipts)
                    on_change=change(|preferences, on| preferences.read_receipts = on)
                />
                <Switch
                    name=t!("privacy-typing")
                    help=t!("privacy-typing-help")
                    testid="privacy-typing"
                    on=is(|preferences| preferences.typing_indicators)
                    on_change=change(|preferences, on| preferences.typing_indicators = on)
                />
            </div>
        </main>
    }
}

fn load(ui: Ui, preferences: RwSignal<Option<Preferences>>) {
    spawn_local(async move {
        if let Ok(known) = ui.core.ask(GetPreferences {}).await {
            let _ = preferences.try_set(Some(known));
        }
    });
}
