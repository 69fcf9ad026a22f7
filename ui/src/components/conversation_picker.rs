//! Choosing a conversation: the newest ones, or whoever has such a name.

use contract::{
    ConversationId, ConversationKind, ConversationRow, Failure, ListConversations, PersonRow, Search,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::contact_list::Contact;
use super::icon::{Glyph, SEARCH};
use crate::app::{Ui, ui};
use crate::browser;
use crate::locale::t;

/// Conversations that are shown before anything is typed.
const RECENT: u32 = 30;
/// Typing goes on for so long before anything is asked.
const DEBOUNCE_MS: i32 = 150;
/// Characters of a query that count.
const LONGEST: usize = 200;

/// A field to type a name, and the conversations.
#[component]
pub(crate) fn ConversationPicker(
    /// One was chosen.
    on_pick: Callback<PersonRow>,
) -> impl IntoView {
    let ui = ui();
    let typed = RwSignal::new(String::new());
    let people = RwSignal::new(None::<Vec<PersonRow>>);
    let look = move || {
        let query = typed.get_untracked().trim().to_owned();
        spawn_local(async move {
            let found = find(ui, query.clone()).await;
            if typed.try_get_untracked().is_some_and(|now| now.trim() == query) {
                match found {
                    Ok(found) => people.set(Some(found)),
                    Err(failure) => ui.show_failure(&failure),
                }
            }
        });
    };
    look();
    let on_input = move |event| {
        typed.set(event_target_value(&event));
        let now = typed.get_untracked();
        browser::after(DEBOUNCE_MS, move || {
            if typed.try_get_untracked() == Some(now) {
                look();
            }
        });
    };
    let pick = Callback::new(move |id: ConversationId| {
        let chosen = people.with_untracked(|people| {
            let mut people = people.iter().flatten();
            people.find(|person| person.id == id).cloned()
        });
        if let Some(chosen) = chosen {
            on_pick.run(chosen);
        }
    });
    let nobody = move || people.with(|people| people.as_ref().is_some_and(Vec::is_empty));
    view! {
        <label class="search-field">
            <Glyph icon=SEARCH/>
            <input
                class="search-input"
                data-testid="picker-search"
                type="search"
                enterkeyhint="search"
                autocomplete="off"
                maxlength=LONGEST.to_string()
                aria-label=t!("picker-search")
                placeholder=t!("picker-search")
                prop:value=move || typed.get()
                on:input=on_input
            />
        </label>
        <ul class="people" data-testid="picker-list" aria-label=t!("picker-list")>
            {move || {
                people
                    .get()
                    .unwrap_or_default()
                    .into_iter()
                    .map(|person| view! { <Contact person on_pick=pick/> })
                    .collect_view()
            }}
        </ul>
        <Show when=nobody>
            <p class="hint centred" role="status" data-testid="picker-nobody">{t!("picker-nobody")}</p>
        </Show>
    }
}

/// The conversations with the newest activity, or whoever has such a name.
async fn find(ui: Ui, query: String) -> Result<Vec<PersonRow>, Failure> {
    if query.is_empty() {
        let recent = ListConversations {
            offset: 0,
            limit: RECENT,
        };
        let page = ui.core.ask(recent).await?;
        return Ok(page.rows.into_iter().map(to_person).collect());
    }
    let looking = Search {
        text: query.chars().take(LONGEST).collect(),
        conversation: None,
        before: None,
        limit: 1,
    };
    Ok(ui.core.ask(looking).await?.people)
}

fn to_person(row: ConversationRow) -> PersonRow {
    let name = match row.kind {
        ConversationKind::NoteToSelf => t!("common-note-to-self"),
        ConversationKind::Direct => row.name,
    };
    PersonRow {
        account_id: contract::AccountId(row.id.0.clone()),
        id: row.id,
        letter: String::new(),
        name,
        picture: row.picture,
    }
}
