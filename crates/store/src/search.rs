//! Finding messages and people by words.
//!
//! Two functions are made known to SQLite, so that triggers keep what is searched in step with every write:
//! `contact_names(nickname, name)` and `search_text(body)`. What they answer is stored: another answer for the same text
//! needs a migration that builds it anew.

mod backlog;
mod bulk;
mod excerpt;
#[macro_use]
mod find;
mod fold;
mod newest;
mod query;

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

pub use excerpt::ExcerptPart;
pub use find::{Hit, Hits, Looking, name_matches};

/// Makes the functions known that the schema uses; before anything else is done with a connection that writes.
pub(crate) fn register_functions(conn: &Connection) -> rusqlite::Result<()> {
    // Triggers may use only what is declared harmless, as the schema is not trusted.
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    conn.create_scalar_function("contact_names", 2, flags, |values| {
        let (nickname, name): (String, String) = (values.get(0)?, values.get(1)?);
        Ok(contact_names(&nickname, &name))
    })?;
    conn.create_scalar_function("search_text", 1, flags, |values| {
        Ok(fold::folded(values.get_raw(0).as_str().unwrap_or_default()))
    })
}

/// What people are sorted and found by; its form is told beside the column `contacts.names`.
fn contact_names(nickname: &str, name: &str) -> String {
    let (shown, other) = match nickname.is_empty() {
        true => (name, ""),
        false => (nickname, name),
    };
    let shown_words = fold::folded(shown);
    let letter = shown_words.chars().next().is_some_and(char::is_alphabetic);
    let mut names = String::from(if letter { "0" } else { "1" });
    let other_words = fold::folded(other);
    let slash = if other_words.is_empty() { "" } else { "/" };
    for words in [shown_words.as_str(), slash, other_words.as_str()] {
        if !words.is_empty() {
            names.push(' ');
            names.push_str(words);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_begin_with_the_shown_one() {
        for (nickname, name, expected) in [
            ("", "Élodie Martin", "0 elodie martin"),
            ("Lodi", "Élodie Martin", "0 lodi / elodie martin"),
            ("", "007", "1 007"),
            ("", "", "1"),
            ("", "🎂", "1 🎂"),
            ("王小明", "Ming", "0 王 小 明 / ming"),
        ] {
            assert_eq!(contact_names(nickname, name), expected);
        }
    }
}
