use super::*;

const FILE: &str = r#"
-app = Tern
name = { -app } here
quoted = You:{" "}{ $text }
files = { $messages ->
    [0] No message
    [one] { $messages } message
   *[other] { $messages } messages
} and { $files ->
    [one] a file
   *[other] { $files } files
}.
lines = one
    two
call = { NUMBER($n) }
broken = { $
after = there
"#;

#[track_caller]
fn reads(key: &str, values: &[(&str, Value)], expected: &str) {
    assert_eq!(
        Wordings::read(FILE).format(key, values).as_deref(),
        Some(expected)
    );
}

#[test]
fn text_terms_quotes_and_values_are_put_together() {
    reads("name", &[], "Tern here");
    reads("quoted", &[("text", "hi".into())], "You: hi");
    reads("lines", &[], "one\ntwo");
}

#[test]
fn a_choice_is_made_by_the_exact_number_then_by_its_plural() {
    let counts = |messages: i64, files: i64| [("messages", messages.into()), ("files", files.into())];
    reads("files", &counts(0, 1), "No message and a file.");
    reads("files", &counts(1, 0), "1 message and 0 files.");
    reads("files", &counts(21, 2), "21 messages and 2 files.");
    reads(
        "files",
        &[("messages", "some".into()), ("files", "7".into())],
        "some messages and 7 files.",
    );
}

#[test]
fn what_is_missing_or_not_understood_stands_in_braces() {
    reads("quoted", &[], "You: {text}");
    reads("call", &[("n", 1.into())], "{?}");
    reads("after", &[], "there");
    assert_eq!(Wordings::read(FILE).format("nothing", &[]), None);
}
