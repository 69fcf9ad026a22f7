//! What was found, in groups.

use contract::MessageHit;
use leptos::prelude::*;

use super::{Found, NoteToSelf, is_account_id, write_to};
use crate::app::{Route, ui};
use crate::clock;
use crate::components::avatar::Avatar;
use crate::components::contact_list::Contact;
use crate::components::icon::{Glyph, MESSAGE};
use crate::locale::t;

/// Offers to write to an Account ID that was typed.
#[component]
pub(super) fn Start(typed: RwSignal<String>) -> impl IntoView {
    let whole = Memo::new(move |_| typed.with(|typed| is_account_id(typed)));
    view! {
        <Show when=move || whole.get()>
            <button class="person search-start" data-testid="search-start" on:click=move |_| write_to(typed.get_untracked())>
                <span class="requests-icon"><Glyph icon=MESSAGE/></span>
                <span class="person-name">{t!("search-start")}</span>
            </button>
        </Show>
    }
}

/// The groups.
#[component]
pub(super) fn Results(found: Found, more: Callback<()>) -> impl IntoView {
    let ui = ui();
    let open = Callback::new(move |id| ui.nav.open(Route::Conversation(id)));
    let note = found.results.note_to_self || is_note_to_self(&found.query);
    let people = found.results.people;
    let messages = found.results.messages;
    let has_more = found.results.more;
    view! {
        {(note || !people.is_empty()).then(|| view! {
            <section class="search-group" aria-labelledby="search-people">
                <h2 id="search-people" class="card-label">{t!("search-people")}</h2>
                <ul class="people" data-testid="search-people">
                    {note.then(|| view! { <NoteToSelf/> })}
                    {people.into_iter().map(|person| view! { <Contact person on_pick=open/> }).collect_view()}
                </ul>
            </section>
        })}
        {(!messages.is_empty()).then(|| view! {
            <section class="search-group" aria-labelledby="search-messages">
                <h2 id="search-messages" class="card-label">{t!("search-messages")}</h2>
                <ul class="people" data-testid="search-messages">
                    {messages.into_iter().map(|hit| view! { <Hit hit/> }).collect_view()}
                </ul>
            </section>
        })}
        {has_more.then(|| view! {
            <button class="button plain" data-testid="search-more" on:click=move |_| more.run(())>
                {t!("common-more")}
            </button>
        })}
    }
}

/// One message; opens its conversation at it.
#[component]
fn Hit(hit: MessageHit) -> impl IntoView {
    let ui = ui();
    let (conversation, message) = (hit.conversation.clone(), hit.message);
    let open = move |_| {
        ui.target.set_value(Some((conversation.clone(), message)));
        ui.nav.open(Route::Conversation(conversation.clone()));
    };
    let note = hit.name.is_empty();
    let name = if note { t!("common-note-to-self") } else { hit.name };
    let shown = name.clone();
    let parts = hit.excerpt.into_iter().map(|part| {
        if part.hit {
            view! { <mark>{part.text}</mark> }.into_any()
        } else {
            part.text.into_any()
        }
    });
    view! {
        <li>
            <button class="person hit" data-testid="search-hit" data-message=message.0.to_string() on:click=open>
                <Avatar id=hit.conversation.0 name=Signal::stored(name) note=Signal::stored(note) picture=Signal::stored(hit.picture)/>
                <span class="row-text">
                    <span class="row-top">
                        <bdi class="row-name">{shown}</bdi>
                        <time class="row-time">{clock::local(hit.sent_at_ms).in_list(clock::now())}</time>
                    </span>
                    <span class="hit-text" dir="auto">
                        {hit.mine.then(|| t!("search-mine"))}
                        {parts.collect_view()}
                    </span>
                </span>
            </button>
        </li>
    }
}

/// Whether the words of a query begin words of what Note to Self is called here.
pub(super) fn is_note_to_self(query: &str) -> bool {
    let name = t!("common-note-to-self").to_lowercase();
    let names: Vec<&str> = name.split_whitespace().collect();
    let mut words = query.split_whitespace().map(str::to_lowercase).peekable();
    words.peek().is_some() && words.all(|word| names.iter().any(|name| name.starts_with(&word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_found_by_what_they_are_called() {
        assert!(is_note_to_self("note"));
        assert!(is_note_to_self("Self no"));
        assert!(!is_note_to_self("elf"));
        assert!(!is_note_to_self(" "));
    }

    #[test]
    fn an_account_id_is_told_by_its_form() {
        let id = format!("05{}", "ab".repeat(32));
        assert!(is_account_id(&format!(" {id}\n")));
        assert!(!is_account_id(&id[..65]));
        assert!(!is_account_id(&id.replace('a', "g")));
    }
}
