//! Looking for people and messages, everywhere or in one conversation.

mod results;

use contract::{ConversationId, ResolveRecipient, Search as Looking, SearchResults};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use self::results::{Results, Start};
use crate::app::{Route, ui};
use crate::browser;
use crate::components::avatar::Avatar;
use crate::components::contact_list::ContactList;
use crate::components::icon::{Glyph, SEARCH};
use crate::locale::{isolate, t};

/// Typing goes on for so long before anything is asked.
const DEBOUNCE_MS: i32 = 150;
/// Messages of one answer.
const PAGE: u32 = 50;
/// Characters of a query that count.
const LONGEST: usize = 200;

/// What was found for what.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) query: String,
    pub(super) results: SearchResults,
}

/// The search screen.
#[component]
pub(crate) fn Search(
    /// Only in this conversation.
    within: Option<ConversationId>,
) -> impl IntoView {
    let ui = ui();
    // Coming back from a hit, the search is as it was left.
    let earlier = ui
        .search
        .with_value(|(place, text)| (*place == within).then(|| text.clone()));
    let typed = RwSignal::new(earlier.unwrap_or_default());
    let found = RwSignal::new(None::<Found>);
    let asked = StoredValue::new(0_u64);
    let place = StoredValue::new(within.clone());
    let look = move |query: String, before: Option<contract::MessageId>| {
        let number = asked.try_update_value(|n| {
            *n += 1;
            *n
        });
        let looking = Looking {
            text: query.chars().take(LONGEST).collect(),
            conversation: place.get_value(),
            before,
            limit: PAGE,
        };
        spawn_local(async move {
            let answer = ui.core.ask(looking).await;
            if asked.try_get_value() != number {
                return;
            }
            match answer {
                Ok(results) if before.is_none() => found.set(Some(Found { query, results })),
                Ok(page) => found.update(|found| {
                    if let Some(found) = found {
                        found.results.messages.extend(page.messages);
                        found.results.more = page.more;
                    }
                }),
                Err(failure) => ui.show_failure(&failure),
            }
        });
    };
    let query_changed = move || {
        let query = typed.get_untracked().trim().to_owned();
        ui.search.set_value((place.get_value(), typed.get_untracked()));
        if query.is_empty() {
            asked.update_value(|n| *n += 1);
            found.set(None);
        } else {
            look(query, None);
        }
    };
    query_changed();
    let on_input = move |event| {
        typed.set(event_target_value(&event));
        let now = typed.get_untracked();
        browser::after(DEBOUNCE_MS, move || {
            if typed.try_get_untracked() == Some(now) {
                query_changed();
            }
        });
    };
    let more = Callback::new(move |()| {
        let next = found.with_untracked(|found| {
            let found = found.as_ref()?;
            Some((found.query.clone(), found.results.messages.last()?.message))
        });
        if let Some((query, last)) = next {
            look(query, Some(last));
        }
    });
    let input = NodeRef::<html::Input>::new();
    input.on_load(|element| {
        browser::no_autocorrect(&element);
        browser::before_paint(move || browser::focus(&element));
    });
    let cancel = move |_| {
        ui.search.set_value((None, String::new()));
        ui.nav.back();
    };
    let everywhere = within.is_none();
    let title = if everywhere {
        t!("search-title")
    } else {
        t!("search-title-here")
    };
    let count = move || {
        found.with(|found| {
            let found = found.as_ref()?;
            let people = found.results.people.len() + usize::from(found.results.note_to_self);
            Some(t!("search-count", n = people + found.results.messages.len()))
        })
    };
    view! {
        <header class="bar search-bar">
            <h1 class="visually-hidden">{title.clone()}</h1>
            <label class="search-field">
                <Glyph icon=SEARCH/>
                <input
                    class="search-input"
                    data-testid="search-input"
                    type="search"
                    enterkeyhint="search"
                    autocomplete="off"
                    maxlength=LONGEST.to_string()
                    aria-label=title.clone()
                    placeholder=title
                    node_ref=input
                    prop:value=move || typed.get()
                    on:input=on_input
                />
            </label>
            <button class="button plain small" data-testid="search-cancel" on:click=cancel>
                {t!("common-cancel")}
            </button>
        </header>
        <main class="scroller search-main" data-testid="search">
            <p class="visually-hidden" role="status">{count}</p>
            {everywhere.then(|| view! { <Start typed/> })}
            {move || match found.get() {
                Some(found) if nothing(&found) => {
                    let query = isolate(&found.query);
                    view! { <p class="search-none" data-testid="search-none">{t!("search-none", query = query)}</p> }.into_any()
                }
                Some(found) => view! { <Results found more/> }.into_any(),
                None if everywhere && typed.with(|typed| typed.trim().is_empty()) => view! { <Everybody/> }.into_any(),
                None => ().into_any(),
            }}
        </main>
    }
}

fn nothing(found: &Found) -> bool {
    let results = &found.results;
    results.people.is_empty()
        && results.messages.is_empty()
        && !results.note_to_self
        && !results::is_note_to_self(&found.query)
        && !is_account_id(&found.query)
}

/// Before anything is typed: Note to Self, and everybody by name.
#[component]
fn Everybody() -> impl IntoView {
    let ui = ui();
    let open = Callback::new(move |id| ui.nav.open(Route::Conversation(id)));
    view! {
        <section class="search-group">
            <ul class="people"><NoteToSelf/></ul>
            <ContactList on_pick=open/>
        </section>
    }
}

/// The row of Note to Self.
#[component]
pub(super) fn NoteToSelf() -> impl IntoView {
    let ui = ui();
    let open = move |_| ui.nav.open(Route::Conversation(ConversationId(ui.account_id())));
    view! {
        <li>
            <button class="person" data-testid="search-note" on:click=open>
                {move || view! { <Avatar id=ui.account_id() name=Signal::stored(String::new()) note=Signal::stored(true)/> }}
                <span class="person-name">{t!("common-note-to-self")}</span>
            </button>
        </li>
    }
}

/// Whether a text is a whole Account ID of a person.
pub(super) fn is_account_id(text: &str) -> bool {
    let text = text.trim();
    text.len() == 66 && text.starts_with("05") && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Opens the conversation with an Account ID, or says what is wrong with it.
pub(super) fn write_to(text: String) {
    let ui = ui();
    ui.ask(ResolveRecipient { text }, move |found| {
        ui.nav.open(Route::Conversation(found.id))
    });
}
