//! Wording: every key that is used exists, every key that exists is used, and errors read as decided.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use contract::ErrorCode;

use super::*;

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the sources are there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs")
            && !path.to_string_lossy().ends_with("_tests.rs")
        {
            found.push(path);
        }
    }
}

/// Keys written out in `t!("…")`.
fn used_keys() -> BTreeSet<String> {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let mut keys = BTreeSet::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a source");
        let code = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect::<Vec<_>>()
            .join("\n");
        for (at, start) in code.match_indices("t!(") {
            let word_before = code[..at]
                .chars()
                .next_back()
                .is_some_and(|c| c.is_alphanumeric() || c == '_');
            let argument = code[at + start.len()..].trim_start();
            if let Some(key) = argument.strip_prefix('"').filter(|_| !word_before) {
                keys.insert(key[..key.find('"').expect("an end")].to_owned());
            }
        }
    }
    keys
}

fn known_keys() -> BTreeSet<String> {
    let is_key = |line: &&str| line.chars().next().is_some_and(|c| c.is_ascii_lowercase());
    file()
        .lines()
        .filter(is_key)
        .filter_map(|line| line.split_once(" ="))
        .map(|(key, _)| key.to_owned())
        .collect()
}

/// Keys that are put together at run time, and those of the script that starts the UI.
fn composed_keys() -> BTreeSet<String> {
    let weekdays = (0..7).map(|n| format!("date-weekday-{n}"));
    let months = (1..=12).map(|n| format!("date-month-{n}"));
    let gallery = (1..=12).map(|n| format!("gallery-month-{n}"));
    let errors = ErrorCode::ALL.iter().map(|code| code.as_str().to_lowercase());
    let start = include_str!("../public/start.js").split('"');
    let broken = start
        .filter(|text| text.starts_with("broken-"))
        .map(str::to_owned);
    weekdays
        .chain(months)
        .chain(gallery)
        .chain(errors)
        .chain(broken)
        .collect()
}

#[test]
fn english_is_well_formed_and_says_nothing_twice() {
    let read = fluent_syntax::parser::parse(file()).map_err(|(_, errors)| errors);
    assert!(read.is_ok(), "{:?}", read.err());
    let lines = file()
        .lines()
        .filter(|l| l.starts_with(|c: char| c.is_ascii_lowercase()))
        .count();
    assert_eq!(lines, known_keys().len(), "a key stands twice");
}

#[test]
fn every_key_that_is_used_has_a_wording() {
    let mut used = used_keys();
    assert!(used.len() > 150, "the sources were read");
    used.extend(composed_keys());
    let missing: Vec<_> = used.difference(&known_keys()).cloned().collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_wording_is_used() {
    let mut used = used_keys();
    used.extend(composed_keys());
    let unused: Vec<_> = known_keys().difference(&used).cloned().collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn no_wording_is_empty_or_lacks_a_value() {
    let mut values = Vec::new();
    for name in [
        "app", "provider", "word", "guess", "reason", "code", "id", "name", "text", "time", "day", "month",
        "year", "step", "state", "url", "version", "build", "emoji", "kind", "query", "folder", "path",
        "size",
    ] {
        values.push((name, Value::from("x")));
    }
    for name in [
        "n",
        "m",
        "k",
        "percent",
        "messages",
        "files",
        "times",
        "contacts",
        "groups",
        "communities",
    ] {
        values.push((name, Value::from(2)));
    }
    for key in known_keys() {
        let text = text(&key, &values);
        assert!(!text.trim().is_empty() && !text.contains('{'), "{key}: {text}");
    }
}

#[test]
fn errors_fill_their_placeholders() {
    let cases = [
        (
            Failure::new(ErrorCode::PhraseShort).with("n", 12),
            "A recovery phrase has 13 words. You entered 12.",
        ),
        (
            Failure::new(ErrorCode::PhraseWord)
                .with("word", "zork")
                .with("guess", "zones"),
            "“zork” is not a recovery word. Did you mean “zones”?",
        ),
        (
            Failure::new(ErrorCode::PhraseQuiz).with("k", 4),
            "That is not word 4. Have another look.",
        ),
        (
            Failure::new(ErrorCode::TextLong).with("n", 1),
            "Shorten it by 1 character.",
        ),
        (
            Failure::new(ErrorCode::TextLong).with("n", 20),
            "Shorten it by 20 characters.",
        ),
        (
            Failure::new(ErrorCode::SendSwarm),
            "Not sent: the recipient's storage group did not answer.",
        ),
        (
            Failure::new(ErrorCode::Clock).with("n", 5),
            "The phone's clock is wrong by 5 minutes. Messages may fail until it is corrected.",
        ),
        (
            Failure::new(ErrorCode::Unknown).with("code", "x7"),
            "Something went wrong (x7).",
        ),
    ];
    for (failure, text) in cases {
        assert_eq!(failure_text(&failure), text);
    }
}

#[test]
fn names_cannot_turn_a_sentence_around() {
    assert_eq!(isolate("Mira"), "Mira");
    assert_eq!(isolate("رضا"), "\u{2068}رضا\u{2069}");
    assert_eq!(isolate("a\u{202e}b\u{2069}"), "ab");
}
