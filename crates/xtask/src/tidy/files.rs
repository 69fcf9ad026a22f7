//! Rules for each source file: its length, its module doc, its name, and words that have no place in the tree.

use std::collections::BTreeMap;

/// Lines of a source file at most, unless `long_files.txt` gives a reason.
const MAX_LINES: usize = 400;
/// `path: reason`, one a line.
const LONG_FILES: &str = include_str!("long_files.txt");
const LONG_FILES_PATH: &str = "crates/xtask/src/tidy/long_files.txt";

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &[
    "mod", "utils", "util", "helpers", "helper", "common", "misc", "manager",
];

/// What the tree must not hold, and why. Split so that this file does not hold it either.
const FORBIDDEN: &[(&str, &str)] = &[
    (concat!("/", "work/"), "a path of one machine"),
    (concat!("/", "root/"), "a path of one machine"),
    (concat!("/", "home/"), "a path of one machine"),
    (concat!("FIX", "ME"), "use TODO(topic)"),
    (concat!("dbg", "!("), "left from debugging"),
];
const COMPROMISE: &str = concat!("TO", "DO");
const IGNORED_TEST: &str = concat!("#[ign", "ore");
const SLEEPS: &[&str] = &[concat!("thread::sl", "eep("), concat!("time::sl", "eep(")];

/// The problems of all files, given as path and text.
pub(super) fn problems(sources: &[(String, String)]) -> Vec<String> {
    let long_files = long_files();
    let mut problems = Vec::new();
    for (path, text) in sources {
        if !is_source(path) {
            continue;
        }
        length(path, text, &long_files, &mut problems);
        words(path, text, &mut problems);
        if path.ends_with(".rs") {
            rust(path, text, &mut problems);
        }
    }
    for path in long_files.keys() {
        if !sources
            .iter()
            .any(|(known, text)| known == path && text.lines().count() > MAX_LINES)
        {
            problems.push(format!("{LONG_FILES_PATH}: {path} needs no exemption"));
        }
    }
    problems
}

fn long_files() -> BTreeMap<&'static str, &'static str> {
    LONG_FILES
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(": "))
        .collect()
}

/// Written by people. Vectors, corpora, snapshots, pictures, the licence and lock files are not.
fn is_source(path: &str) -> bool {
    const KINDS: &[&str] = &[
        ".rs", ".css", ".js", ".html", ".ftl", ".sql", ".kt", ".swift", ".py", ".sh", ".toml", ".md", ".json",
    ];
    let generated = path.starts_with("tests/vectors/") || path.contains("/gen/") || path.contains("/corpus/");
    !generated && (KINDS.iter().any(|kind| path.ends_with(kind)) || path == ".ci/run")
}

fn length(path: &str, text: &str, exempt: &BTreeMap<&str, &str>, problems: &mut Vec<String>) {
    let lines = text.lines().count();
    let is_prose = path.ends_with(".md") || path.ends_with(".ftl") || path.ends_with(".json");
    if lines > MAX_LINES && !is_prose && !exempt.contains_key(path) {
        problems.push(format!(
            "{path}: {lines} lines; split it, or write a reason into {LONG_FILES_PATH}"
        ));
    }
}

fn words(path: &str, text: &str, problems: &mut Vec<String>) {
    for (number, line) in numbered(text) {
        for (word, why) in FORBIDDEN {
            if line.contains(word) {
                problems.push(format!("{path}:{number}: {word:?}: {why}"));
            }
        }
        let topic = line.split(COMPROMISE).skip(1).any(|rest| !rest.starts_with('('));
        if topic {
            problems.push(format!(
                "{path}:{number}: {COMPROMISE} without a topic in parentheses"
            ));
        }
    }
}

fn rust(path: &str, text: &str, problems: &mut Vec<String>) {
    let first = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    if !first.starts_with("//!") && !is_test_file(path) {
        problems.push(format!("{path}: no module doc (`//!`) at the top"));
    }
    let stem = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".rs");
    if EMPTY_NAMES.contains(&stem) {
        problems.push(format!("{path}: a file name that says nothing"));
    }
    // With tokio's paused clock a sleep is a step of virtual time.
    let virtual_time = text.contains("start_paused = true");
    let mut in_tests = is_test_file(path);
    for (number, line) in numbered(text) {
        in_tests |= line.starts_with("#[cfg(test)]");
        if line.trim_start().starts_with(IGNORED_TEST) {
            problems.push(format!("{path}:{number}: a test that never runs"));
        }
        if in_tests && !virtual_time && SLEEPS.iter().any(|sleep| line.contains(sleep)) {
            problems.push(format!("{path}:{number}: a test that sleeps"));
        }
    }
}

/// Tests proper. The harness of the app's flows is a library: its bounded waits look at the screen again and again.
fn is_test_file(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.ends_with("_tests.rs")
        || file == "tests.rs"
        || path.strip_prefix("tests/").unwrap_or(path).contains("tests/")
}

fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines())
}

#[cfg(test)]
#[path = "files_tests.rs"]
mod tests;
