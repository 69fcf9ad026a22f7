//! Message requests: people who wrote and are not accepted yet.

use contract::{ConversationId, Event};
use leptos::prelude::*;

use crate::app::ui;
use crate::components::top_bar::TopBar;
use crate::locale::t;
use crate::screens::home::{HomeList, RowSource, RowWindow};
use crate::screens::questions::{Ask, Question};

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
    let asking = RwSignal::new(false);
    let has_some = move || {
        list.page
            .with(|page| page.as_ref().is_some_and(|page| page.total > 0))
    };
    view! {
        <TopBar title=t!("requests-title")/>
        <main class="home-main" data-testid="requests">
            <RowWindow
                list
                testid="requests-list"
                label=t!("requests-title")
                above=move || view! {
                    <p class="list-note">{t!("requests-help")}</p>
                    <Show when=has_some>
                        <div class="list-actions">
                            <button class="button plain small" data-testid="req-clear" on:click=move |_| asking.set(true)>
                                {t!("req-clear")}
                            </button>
                        </div>
                    </Show>
                }
                empty=|| view! { <section class="empty" data-testid="req-empty"><h2 class="empty-title">{t!("requests-empty")}</h2></section> }
            />
        </main>
        {move || asking.get().then(|| {
            let close = Callback::new(move |()| asking.set(false));
            let done = Callback::new(move |_| asking.set(false));
            view! {
                <Ask
                    question=Question::ClearRequests
                    conversation=ConversationId(String::new())
                    name=String::new()
                    on_done=done
                    on_close=close
                />
            }
        })}
    }
}
