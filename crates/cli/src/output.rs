//! What is printed: JSON for programs, sentences for people.

use std::io::{self, Write};

use contract::TimestampMs;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::exit::Stop;

/// Where results go, and in which form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    json: bool,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Prints one result: the object on one line, or the words.
    ///
    /// # Errors
    /// [`Stop::OutputClosed`] when nobody reads any more.
    pub(crate) fn print(&self, object: &impl Serialize, words: impl FnOnce() -> String) -> Result<(), Stop> {
        let line = self.line(object, words);
        let mut stdout = io::stdout().lock();
        writeln!(stdout, "{line}")
            .and_then(|()| stdout.flush())
            .map_err(|_| Stop::OutputClosed)
    }

    /// Prints a problem on standard error; that nobody reads it changes nothing.
    pub(crate) fn problem(&self, object: &impl Serialize, words: impl FnOnce() -> String) {
        let line = self.line(object, words);
        let _ = writeln!(io::stderr().lock(), "{line}");
    }

    fn line(&self, object: &impl Serialize, words: impl FnOnce() -> String) -> String {
        match self.json {
            true => {
                serde_json::to_string(object).expect("our own types have no maps with keys other than text")
            }
            false => words(),
        }
    }
}

/// Text of others, safe to print on a terminal: what could move the cursor, change colours or reorder what stands around
/// it is replaced, marks of direction that show nothing are left out, and further lines are indented.
pub(crate) fn plain(text: &str) -> String {
    let safe = |character: char| match character {
        '\t' | '\n' => Some(character),
        '\u{61c}' | '\u{200e}' | '\u{200f}' => None,
        '\u{2028}' | '\u{2029}' => Some('\n'),
        _ if character.is_control() || reorders(character) => Some(char::REPLACEMENT_CHARACTER),
        _ => Some(character),
    };
    text.chars()
        .filter_map(safe)
        .collect::<String>()
        .replace('\n', "\n    ")
}

/// Text of others on a line of its own; nothing for an empty one.
pub(crate) fn below(text: &str) -> String {
    match text.is_empty() {
        true => String::new(),
        false => format!("\n    {}", plain(text)),
    }
}

/// Embeddings, overrides and isolates, which reach beyond the text that they stand in.
fn reorders(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}')
}

/// A time in this device's zone.
pub(crate) fn local_time(time: TimestampMs) -> String {
    match Timestamp::from_millisecond(time.0) {
        Ok(time) => time
            .to_zoned(TimeZone::system())
            .strftime("%Y-%m-%d %H:%M:%S")
            .to_string(),
        Err(_) => "?".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_others_cannot_drive_the_terminal() {
        assert_eq!(
            plain("a\u{1b}[2Jb\rc\u{9b}d\ne"),
            "a\u{fffd}[2Jb\u{fffd}c\u{fffd}d\n    e"
        );
    }

    #[test]
    fn text_of_others_cannot_reorder_what_stands_around_it() {
        assert_eq!(
            plain("\u{202e}evil\u{202c} \u{2067}x\u{2069}"),
            "\u{fffd}evil\u{fffd} \u{fffd}x\u{fffd}"
        );
        assert_eq!(
            plain("\u{5d0}\u{200f}! a\u{2028}b"),
            "\u{5d0}! a\n    b",
            "marks are left out, lines indented"
        );
        assert_eq!(plain("\u{1f469}\u{200d}\u{1f680}"), "\u{1f469}\u{200d}\u{1f680}");
    }

    #[test]
    fn only_words_for_people_are_made_plain() {
        let object = serde_json::json!({ "text": "\u{202e}a" });
        let words = || plain("\u{202e}a");
        assert_eq!(Output::new(true).line(&object, words), "{\"text\":\"\u{202e}a\"}");
        assert_eq!(Output::new(false).line(&object, words), "\u{fffd}a");
    }

    #[test]
    fn impossible_times_are_no_panic() {
        assert_eq!(local_time(TimestampMs(i64::MAX)), "?");
    }
}
