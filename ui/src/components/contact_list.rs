//! Contacts by name, under their letters.

use contract::{ConversationId, Event, ListContacts, PersonRow};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::avatar::Avatar;
use crate::app::ui;
use crate::locale::t;

/// People asked for at a time.
const PAGE: u32 = 200;

/// The list; nothing where there is nobody.
#[component]
pub(crate) fn ContactList(
    /// Somebody was chosen.
    on_pick: Callback<ConversationId>,
) -> impl IntoView {
    let ui = ui();
    let people = RwSignal::new(Vec::<PersonRow>::new());
    let total = RwSignal::new(0_u32);
    let load = move |offset: u32| {
        spawn_local(async move {
            let Ok(page) = ui.core.ask(ListContacts { offset, limit: PAGE }).await else {
                return;
            };
            let _ = total.try_set(page.total);
            let _ = people.try_update(|people| {
                people.truncate(offset as usize);
                people.extend(page.rows);
            });
        });
    };
    load(0);
    ui.core.on_event(move |event| {
        let one_page = people.with_untracked(Vec::len) <= PAGE as usize;
        if matches!(event, Event::ConversationsChanged | Event::Lagged) && one_page {
            load(0);
        }
    });
    let more = move || (people.with(Vec::len) as u32) < total.get();
    view! {
        {move || (total.get() > 0).then(|| view! { <h3 class="card-label">{t!("contacts-title")}</h3> })}
        <ul class="people" data-testid="contacts" aria-label=t!("contacts-title")>
            {move || people.with(|people| sections(people).into_iter().map(|(letter, people)| view! {
                <li class="people-section">
                    <p class="people-letter" aria-hidden="true">{letter}</p>
                    <ul>
                        {people.into_iter().map(|person| view! { <Contact person on_pick/> }).collect_view()}
                    </ul>
                </li>
            }).collect_view())}
        </ul>
        <Show when=more>
            <button class="button plain" data-testid="contacts-more" on:click=move |_| load(people.with_untracked(Vec::len) as u32)>
                {t!("common-more")}
            </button>
        </Show>
    }
}

/// One person.
#[component]
pub(crate) fn Contact(
    /// Who.
    person: PersonRow,
    /// They were chosen.
    on_pick: Callback<ConversationId>,
) -> impl IntoView {
    let id = person.id.clone();
    let name = person.name.clone();
    view! {
        <li>
            <button class="person" data-testid="contact" data-conversation=person.id.0.clone() on:click=move |_| on_pick.run(id.clone())>
                <Avatar id=person.id.0.clone() name=Signal::stored(person.name) picture=Signal::stored(person.picture)/>
                <bdi class="person-name">{name}</bdi>
            </button>
        </li>
    }
}

/// Neighbours of the same letter together; "#" stands for names that begin with none.
fn sections(people: &[PersonRow]) -> Vec<(String, Vec<PersonRow>)> {
    people
        .chunk_by(|one, next| one.letter == next.letter)
        .filter_map(|chunk| {
            let letter = match chunk.first()?.letter.as_str() {
                "" => "#",
                letter => letter,
            };
            Some((letter.to_owned(), chunk.to_vec()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use contract::AccountId;

    use super::*;

    #[test]
    fn people_stand_under_their_letters() {
        let person = |name: &str, letter: &str| PersonRow {
            id: ConversationId(name.to_owned()),
            account_id: AccountId(name.to_owned()),
            name: name.to_owned(),
            letter: letter.to_owned(),
            picture: None,
        };
        let people = [
            person("Ann", "A"),
            person("Åsa", "A"),
            person("Bo", "B"),
            person("007", ""),
        ];
        let found: Vec<_> = sections(&people)
            .into_iter()
            .map(|(letter, people)| (letter, people.len()))
            .collect();
        assert_eq!(
            found,
            [("A".to_owned(), 2), ("B".to_owned(), 1), ("#".to_owned(), 1)]
        );
        assert!(sections(&[]).is_empty());
    }
}
