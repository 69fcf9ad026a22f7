//! Settings > Appearance: the theme.

use contract::{GetPreferences, Preferences, SetPreferences, Theme};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::ui;
use crate::components::top_bar::TopBar;
use crate::locale::t;
use crate::theme;

/// Chooses the theme; the choice shows at once.
#[component]
pub(crate) fn Appearance() -> impl IntoView {
    let ui = ui();
    let preferences = RwSignal::new(None::<Preferences>);
    spawn_local(async move {
        if let Ok(known) = ui.core.ask(GetPreferences {}).await {
            let _ = preferences.try_set(Some(known));
        }
    });
    let chosen = Memo::new(move |_| preferences.with(|known| known.map(|known| known.theme)));
    let choose = move |theme: Theme| {
        let Some(known) = preferences.get_untracked() else {
            return;
        };
        let preferences_now = Preferences { theme, ..known };
        preferences.set(Some(preferences_now));
        theme::apply(theme);
        ui.order(SetPreferences {
            preferences: preferences_now,
        });
    };
    let choice = move |theme: Theme, name: String, help: Option<String>, testid: &'static str| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="theme"
                    data-testid=testid
                    prop:checked=move || chosen.get() == Some(theme)
                    on:change=move |_| choose(theme)
                />
                <span class="choice-head"><span class="choice-name">{name}</span></span>
                {help.map(|help| view! { <span class="choice-text">{help}</span> })}
            </label>
        }
    };
    view! {
        <TopBar title=t!("look-title")/>
        <main class="page">
            <h2 class="card-label">{t!("look-theme")}</h2>
            <div class="choices" role="radiogroup" aria-label=t!("look-theme")>
                {choice(Theme::System, t!("look-system"), Some(t!("look-system-help")), "theme-system")}
                {choice(Theme::Light, t!("look-light"), None, "theme-light")}
                {choice(Theme::Dark, t!("look-dark"), None, "theme-dark")}
            </div>
        </main>
    }
}
