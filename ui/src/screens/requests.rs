//! Message requests: people who wrote and are not accepted yet.

use contract::Event;
use leptos::prelude::*;

use crate::app::ui;
use crate::components::top_bar::TopBar;
use crate::locale::t;
use crate::screens::home::{HomeList, RowSource, RowWindow};

/// The list of requests.
#[component]
pub(crate) fn Requests() -> impl IntoView {
    let ui = ui();
    let list = HomeList::of(ui.core, RowSource::Requests);
    list.refresh();
    ui.core.on_event(move |event| {
        if matches!(event, Event::ConversationsChanged | Event::Lagged) {
            list.refresh();
        }
    });
    view! {
        <TopBar title=t!("requests-title")/>
        <main class="home-main" data-testid="requests">
            <RowWindow
                list
                testid="requests-list"
                label=t!("requests-title")
                above=|| view! { <p class="list-note">{t!("requests-help")}</p> }
                empty=|| view! { <section class="empty" data-testid="req-empty"><h2 class="empty-title">{t!("requests-empty")}</h2></section> }
            />
        </main>
    }
}
