//! The log tells what happened and not to whom.

use super::*;

const TIME: &str = "2026-04-01T10:20:30.123456Z";

fn told(event: &str) -> String {
    let start = format!("{TIME}  WARN store::file: ");
    let line = format!("{start}{event}");
    let told = redacted(&line).into_owned();
    told.strip_prefix(&start).expect("time and place stay").to_owned()
}

#[test]
fn ids_keys_addresses_and_paths_are_taken_out() {
    let id = format!("05{}", "ab12".repeat(16));
    for (event, left) in [
        (format!("to {id}: no answer"), "to <id>: no answer"),
        ("key=q83vEjRWeJCrze8SNFZ4kA==".to_owned(), "key=<id>"),
        ("hash mGPQmnAyDKKVPrGEqOtbMSkcHnYWGBLf".to_owned(), "hash <id>"),
        (
            "GET http://10.1.2.3:80/file/abc?x=1 failed".to_owned(),
            "GET <address> failed",
        ),
        (
            "connect 192.168.1.77:22021: refused".to_owned(),
            "connect <address>: refused",
        ),
        (
            "connect [2001:db8::8a2e:370:7334]:443".to_owned(),
            "connect [<address>]:443",
        ),
        ("peer fe80::1 left".to_owned(), "peer <address> left"),
        ("open /srv/anna/tern/db: denied".to_owned(), "open <path>: denied"),
        (
            r"open C:\Users\John Smith\tern.db: failed".to_owned(),
            "open <path>: failed",
        ),
        (
            r"open \\host\share\tern.db: failed".to_owned(),
            "open <path>: failed",
        ),
        (r#"path="/data/user/0/app""#.to_owned(), r#"path="<path>""#),
    ] {
        assert_eq!(told(&event), left, "{event}");
    }
}

#[test]
fn what_helps_to_understand_stays() {
    for event in [
        "not delivered yet code=\"E-SEND-OFFLINE\" tries=3",
        "a path was lost hops=3 after_ms=10443",
        "stopped kind=ConnectionRefused",
        "opened in 12.5ms, 12/20 pages",
        "a_name_of_a_function_that_is_long, and-one-with-dashes-in-it",
    ] {
        assert_eq!(told(event), event);
    }
}

#[test]
fn of_libraries_only_who_complains_is_kept() {
    let line = format!("{TIME}  WARN hyper::client: no way to chat.example.org");
    assert_eq!(redacted(&line), format!("{TIME} WARN hyper::client:"));
    assert_eq!(redacted("a second line of something"), "a second line");
}

#[test]
fn the_last_lines_are_kept_and_long_ones_cut() {
    let mut journal = Journal::default();
    for number in 0..MOST_LINES + 5 {
        let event = format!("{TIME} DEBUG engine: line {number}\n");
        journal.write_all(event.as_bytes()).unwrap();
    }
    journal.write_all("ä".repeat(MOST_LINE_BYTES).as_bytes()).unwrap();
    let text = journal.text();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 1 + MOST_LINES);
    assert!(lines[0].starts_with("Tern "), "{}", lines[0]);
    assert_eq!(
        lines[1],
        format!("{TIME} DEBUG engine: line 6"),
        "the oldest are gone"
    );
    assert!(text.len() < MOST_LINES * 60, "the long one was cut");
}

#[test]
fn each_saved_log_is_a_file_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(write(folder.path(), "one").unwrap(), "tern-log.txt");
    assert_eq!(write(folder.path(), "two").unwrap(), "tern-log (2).txt");
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(
        (read("tern-log.txt"), read("tern-log (2).txt")),
        ("one".to_owned(), "two".to_owned())
    );
    assert!(write(&folder.path().join("gone"), "three").is_err());
}
