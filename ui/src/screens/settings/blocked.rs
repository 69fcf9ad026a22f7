//! Settings > Conversations > Blocked contacts: several can be unblocked at once.

use std::collections::BTreeSet;

use contract::{ConversationId, Event, ListBlocked, PersonRow, Unblock};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::ui;
use crate::components::avatar::Avatar;
use crate::components::dialog::{Confirm, Weight};
use crate::components::top_bar::TopBar;
use crate::locale::{isolate, t};

/// People asked for; more are found by searching nowhere else, so the list grows by a button.
const PAGE: u32 = 200;

/// The list.
#[component]
pub(crate) fn Blocked() -> impl IntoView {
    let ui = ui();
    let people = RwSignal::new(None::<Vec<PersonRow>>);
    let total = RwSignal::new(0_u32);
    let chosen = RwSignal::new(BTreeSet::<ConversationId>::new());
    let asking = RwSignal::new(false);
    let load = move |offset: u32| {
        spawn_local(async move {
            let Ok(page) = ui.core.ask(ListBlocked { offset, limit: PAGE }).await else {
                return;
            };
            let _ = total.try_set(page.total);
            let _ = people.try_update(|people| {
                let people = people.get_or_insert_default();
                people.truncate(offset as usize);
                people.extend(page.rows);
            });
        });
    };
    load(0);
    ui.core.on_event(move |event| {
        if matches!(event, Event::ConversationsChanged | Event::Lagged) {
            load(0);
        }
    });
    let unblock = Callback::new(move |()| {
        for conversation in chosen.get_untracked() {
            ui.order(Unblock { conversation });
        }
        chosen.set(BTreeSet::new());
        asking.set(false);
    });
    let title = move || {
        let ids = chosen.get();
        let names: Vec<String> = people.with(|people| {
            let people = people.iter().flatten();
            people
                .filter(|person| ids.contains(&person.id))
                .map(|person| person.name.clone())
                .collect()
        });
        match names.as_slice() {
            [name] => t!("unblock-title", name = isolate(name)),
            _ => t!("unblock-many-title", n = ids.len()),
        }
    };
    let loaded = move || people.with(|people| people.as_ref().map_or(0, Vec::len) as u32);
    view! {
        <TopBar title=t!("blocked-title")/>
        <main class="page" data-testid="blocked">
            {move || people.with(|people| people.as_ref().is_some_and(Vec::is_empty)).then(|| view! {
                <p class="search-none" data-testid="blocked-empty">{t!("blocked-empty")}</p>
            })}
            <ul class="people" aria-label=t!("blocked-title")>
                <For each=move || people.get().unwrap_or_default() key=|person| person.id.clone() let:person>
                    <BlockedRow person chosen/>
                </For>
            </ul>
            {move || (loaded() < total.get()).then(|| view! {
                <button class="button plain" data-testid="blocked-more" on:click=move |_| load(loaded())>
                    {t!("common-more")}
                </button>
            })}
            {move || (total.get() > 0).then(|| view! {
                <div class="actions">
                    <button
                        class="button primary"
                        data-testid="blocked-unblock"
                        disabled=move || chosen.with(BTreeSet::is_empty)
                        on:click=move |_| asking.set(true)
                    >
                        {t!("unblock-ok")}
                    </button>
                </div>
            })}
        </main>
        {move || asking.get().then(|| {
            let close = Callback::new(move |()| asking.set(false));
            view! { <Confirm title=untrack(title) body=String::new() ok=t!("unblock-ok") weight=Weight::Plain on_ok=unblock on_close=close/> }
        })}
    }
}

#[component]
fn BlockedRow(person: PersonRow, chosen: RwSignal<BTreeSet<ConversationId>>) -> impl IntoView {
    let id = StoredValue::new(person.id.clone());
    let name = person.name.clone();
    let is_chosen = move || chosen.with(|chosen| id.with_value(|id| chosen.contains(id)));
    let toggle = move |_| {
        chosen.update(|chosen| {
            let id = id.get_value();
            if !chosen.remove(&id) {
                chosen.insert(id);
            }
        });
    };
    view! {
        <li>
            <label class="person">
                <Avatar id=person.id.0 name=Signal::stored(person.name) picture=Signal::stored(person.picture)/>
                <bdi class="person-name">{name}</bdi>
                <input class="tick" type="checkbox" data-testid="blocked-tick" prop:checked=is_chosen on:change=toggle/>
            </label>
        </li>
    }
}
