//! The conversation list.

mod list;
mod notices;
mod restored;
mod row;
mod row_actions;
mod row_menu;
mod swipe;
mod window;

pub(crate) use list::{HomeList, RowSource};
pub(crate) use window::RowWindow;

use contract::Origin;
use leptos::prelude::*;

use self::notices::Notices;
use self::restored::Restored;
use crate::app::{Route, ui};
use crate::components::avatar::Avatar;
use crate::components::connection::{ConnectionDot, connection_word};
use crate::components::icon::{Glyph, Mark, PLUS, SEARCH};
use crate::components::top_bar::Heading;
use crate::locale::t;
use crate::screens::new_conversation::NewConversation;

/// Top bar, notices, list and the way to a new conversation.
#[component]
pub(crate) fn Home() -> impl IntoView {
    let ui = ui();
    let new_open = RwSignal::new(false);
    let connection = Signal::derive(move || ui.connection());
    let name = Signal::derive(move || {
        ui.account
            .with(|a| a.as_ref().map(|a| a.display_name.clone()).unwrap_or_default())
    });
    view! {
        <div class="home">
            <header class="bar home-bar">
                <button
                    class="avatar-button"
                    data-testid="home-avatar"
                    aria-label=move || t!("home-settings", state = connection_word(connection.get()))
                    on:click=move |_| ui.nav.open(Route::Settings)
                >
                    {move || view! { <Avatar id=ui.account_id() name picture=Signal::derive(move || ui.picture())/> }}
                    <ConnectionDot connection testid="home-dot"/>
                </button>
                <Heading text=t!("app-name")/>
                <button
                    class="icon-button"
                    data-testid="home-search"
                    aria-label=t!("search-title")
                    on:click=move |_| {
                        ui.search.set_value((None, String::new()));
                        ui.nav.open(Route::Search(None));
                    }
                >
                    <Glyph icon=SEARCH/>
                </button>
            </header>
            <main class="home-main">
                <RowWindow list=ui.home testid="home-list" label=t!("home-list") above=move || view! { <Notices/><Restored/> } empty=|| view! { <Empty/> }/>
            </main>
            <button class="fab" data-testid="home-new" aria-label=t!("home-new") on:click=move |_| new_open.set(true)>
                <Glyph icon=PLUS/>
            </button>
            <Show when=move || new_open.get()>
                <NewConversation on_close=Callback::new(move |()| new_open.set(false))/>
            </Show>
        </div>
    }
}

#[component]
fn Empty() -> impl IntoView {
    let ui = ui();
    let restored = move || {
        ui.account
            .with(|a| a.as_ref().is_some_and(|a| a.origin == Origin::Restored))
    };
    view! {
        <section class="empty" data-testid=move || if restored() { "home-empty-restored" } else { "home-empty-new" }>
            <Show when=move || !restored()>
                <Mark/>
            </Show>
            <h2 class="empty-title">
                {move || if restored() { t!("home-empty-restored-title") } else { t!("home-empty-new-title") }}
            </h2>
            <p>{t!("home-empty-hint")}</p>
        </section>
    }
}
