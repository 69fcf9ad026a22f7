//! People in lists.

use contract::PersonRow;
use store::Person;

pub(crate) fn row(person: Person) -> PersonRow {
    let shown = [person.nickname, person.name]
        .into_iter()
        .find(|name| !name.is_empty());
    PersonRow {
        id: super::conversation_id(person.account_id),
        account_id: super::account_id(person.account_id),
        name: shown.unwrap_or_else(|| super::shortened(person.account_id)),
        letter: person.letter.map(String::from).unwrap_or_default(),
        picture: person.picture.map(super::picture_id),
    }
}
