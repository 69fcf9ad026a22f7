//! Each rule finds what it is for.

use super::*;

#[track_caller]
fn finds(path: &str, text: &str, part: &str) {
    let found = problems(&[(path.to_owned(), text.to_owned())]);
    let exemptions = long_files().len();
    let mine: Vec<_> = found.iter().filter(|problem| problem.starts_with(path)).collect();
    assert_eq!(found.len(), mine.len() + exemptions, "{found:?}");
    assert!(mine.len() == 1 && mine[0].contains(part), "{mine:?}");
}

#[track_caller]
fn accepts(path: &str, text: &str) {
    let found = problems(&[(path.to_owned(), text.to_owned())]);
    assert!(
        !found.iter().any(|problem| problem.starts_with(path)),
        "{found:?}"
    );
}

#[test]
fn a_long_file_needs_a_reason() {
    let long = format!("//! Doc.\n{}", "\n".repeat(MAX_LINES));
    finds("crates/a/src/long.rs", &long, "401 lines");
    accepts("docs/long.md", &long);
    accepts(
        "crates/a/src/short.rs",
        &format!("//! Doc.\n{}", "\n".repeat(MAX_LINES - 1)),
    );
}

#[test]
fn an_exemption_without_need_is_found() {
    assert_eq!(problems(&[]).len(), long_files().len());
}

#[test]
fn a_module_needs_a_doc() {
    finds("crates/a/src/b.rs", "use std::fs;\n", "no module doc");
    accepts("crates/a/src/b.rs", "//! Doc.\nuse std::fs;\n");
}

#[test]
fn a_file_name_says_what_is_inside() {
    finds("crates/a/src/utils.rs", "//! Doc.\n", "says nothing");
    finds("crates/a/src/b/mod.rs", "//! Doc.\n", "says nothing");
}

#[test]
fn paths_of_a_machine_are_found() {
    finds(
        "docs/a.md",
        concat!("see /", "home/me/x"),
        "a path of one machine",
    );
}

#[test]
fn a_compromise_names_its_topic() {
    finds("a.rs", concat!("//! TO", "DO: later"), "without a topic");
    accepts("a.rs", concat!("//! TO", "DO(quic): what would remove it"));
}

#[test]
fn tests_neither_sleep_nor_hide() {
    let sleep = concat!("thread::sl", "eep(x);");
    finds("a.rs", &format!("//! Doc.\n#[cfg(test)]\n{sleep}\n"), "sleeps");
    finds("a_tests.rs", &format!("//! Doc.\n{sleep}\n"), "sleeps");
    finds("crates/a/tests/b.rs", &format!("//! Doc.\n{sleep}\n"), "sleeps");
    finds("tests/app/tests/b.rs", &format!("//! Doc.\n{sleep}\n"), "sleeps");
    accepts("tests/app/src/b.rs", &format!("//! Doc.\n{sleep}\n"));
    accepts("crates/a/src/b.rs", &format!("//! Doc.\n{sleep}\n"));
    accepts(
        "a_tests.rs",
        &format!("//! Doc.\n#[tokio::test(start_paused = true)]\n{sleep}\n"),
    );
    finds("a.rs", concat!("//! Doc.\n#[ign", "ore]\n"), "never runs");
}
