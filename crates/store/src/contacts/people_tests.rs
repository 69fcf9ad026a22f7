//! The lists of people.

use crate::story::*;
use crate::*;

fn named(store: &Store, number: u32, name: &str, nickname: &str) {
    let mut hello = text(person(number), person(number), "hello", i64::from(number));
    hello.profile = Some(Profile {
        name: name.to_owned(),
        updated_s: 1,
        picture: crate::SaidPicture::Keep,
    });
    receive_all(store, vec![hello]);
    store
        .write(|w| w.set_nickname(&person(number), nickname, NOW))
        .unwrap();
    store.write(|w| w.approve(&person(number), NOW)).unwrap();
}

fn people(store: &Store, list: People) -> Vec<(String, Option<char>)> {
    let page = store.read::<_, StoreError>(|r| r.people(list, 0, 100)).unwrap();
    assert_eq!(page.total as usize, page.rows.len());
    let shown = |row: &Person| match row.nickname.is_empty() {
        true => row.name.clone(),
        false => row.nickname.clone(),
    };
    page.rows.iter().map(|row| (shown(row), row.letter)).collect()
}

fn entry(name: &str, letter: Option<char>) -> (String, Option<char>) {
    (name.to_owned(), letter)
}

#[test]
fn contacts_are_sorted_by_the_shown_name_whatever_its_case_and_accents() {
    let store = store();
    named(&store, 1, "zoe", "");
    named(&store, 2, "Émile", "");
    named(&store, 3, "eve", "");
    named(&store, 4, "Zacharias", "Élan");
    named(&store, 5, "", "");
    named(&store, 6, "007", "");
    receive(&store, person(7), "a stranger", 9);
    assert_eq!(
        people(&store, People::Contacts),
        [
            entry("Élan", Some('E')),
            entry("Émile", Some('E')),
            entry("eve", Some('E')),
            entry("zoe", Some('Z')),
            entry("", None),
            entry("007", None),
        ]
    );
    store.write(|w| w.set_nickname(&person(4), "", NOW)).unwrap();
    assert_eq!(people(&store, People::Contacts)[2], entry("Zacharias", Some('Z')));
}

#[test]
fn whom_i_blocked_is_in_a_list_of_their_own() {
    let store = store();
    named(&store, 1, "Ann", "");
    named(&store, 2, "Bea", "");
    receive(&store, person(3), "a stranger", 9);
    for who in [person(2), person(3)] {
        store.write(|w| w.block(&who, NOW)).unwrap();
    }
    assert_eq!(people(&store, People::Contacts), [entry("Ann", Some('A'))]);
    assert_eq!(
        people(&store, People::Blocked),
        [entry("Bea", Some('B')), entry("", None)]
    );
    store.write(|w| w.unblock(&person(2), NOW)).unwrap();
    assert_eq!(people(&store, People::Contacts).len(), 2);
}

#[test]
fn a_window_of_people_is_a_part_of_the_list() {
    let store = store();
    for number in 1..=5 {
        named(&store, number, &format!("Ann {number}"), "");
    }
    let page = store
        .read::<_, StoreError>(|r| r.people(People::Contacts, 1, 2))
        .unwrap();
    let names: Vec<_> = page.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!((page.total, names), (5, vec!["Ann 2", "Ann 3"]));
}
