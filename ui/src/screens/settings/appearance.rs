//! Settings > Appearance: the theme.

use contract::Theme;
use leptos::prelude::*;

use crate::app::{Liked, ui};
use crate::components::top_bar::TopBar;
use crate::locale::t;
use crate::theme;

/// Chooses the theme; the choice shows at once.
#[component]
pub(crate) fn Appearance() -> impl IntoView {
    let liked = Liked::follow(ui());
    let chosen = Memo::new(move |_| liked.part(|known| known.theme));
    let choose = move |theme: Theme| {
        if liked.change(|known| known.theme = theme) {
            theme::apply(theme);
        }
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
