//! Lines good and bad.

use contract::{ErrorCode, GetAccount, SetDisplayName};

use super::*;

#[track_caller]
fn call(line: &str) -> (Option<Value>, Command) {
    match parse(line.as_bytes()) {
        Line::Single(Incoming::Call { id, command }) => (id, *command),
        other => panic!("{other:?}"),
    }
}

/// The id and the code of the error that a line is answered with.
#[track_caller]
fn error_of(line: &str) -> (Value, i64) {
    match parse(line.as_bytes()) {
        Line::Single(Incoming::Refused(Some(answer))) => {
            assert_eq!(answer["jsonrpc"], "2.0");
            (answer["id"].clone(), answer["error"]["code"].as_i64().unwrap())
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn calls_name_a_command_and_its_parameters() {
    let line = r#"{"jsonrpc":"2.0","id":1,"method":"set_display_name","params":{"name":"Alice"}}"#;
    let command = Command::SetDisplayName(SetDisplayName {
        name: "Alice".to_owned(),
    });
    assert_eq!(call(line), (Some(json!(1)), command));
    for params in ["", r#","params":{}"#, r#","params":[]"#] {
        let line = format!(r#"{{"jsonrpc":"2.0","id":"a","method":"get_account"{params}}}"#);
        assert_eq!(
            call(&line),
            (Some(json!("a")), Command::GetAccount(GetAccount {}))
        );
    }
}

#[test]
fn a_call_without_id_is_a_notification_and_null_is_an_id() {
    assert_eq!(call(r#"{"jsonrpc":"2.0","method":"poll_now"}"#).0, None);
    assert_eq!(
        call(r#"{"jsonrpc":"2.0","id":null,"method":"poll_now"}"#).0,
        Some(Value::Null)
    );
}

#[test]
fn malformed_lines_are_told_apart() {
    assert_eq!(error_of("{\"jsonrpc\""), (Value::Null, PARSE_ERROR));
    assert_eq!(error_of(""), (Value::Null, PARSE_ERROR));
    assert_eq!(error_of("[]"), (Value::Null, INVALID_REQUEST));
    assert_eq!(error_of("7"), (Value::Null, INVALID_REQUEST));
    assert_eq!(
        error_of(r#"{"jsonrpc":"1.0","id":2,"method":"poll_now"}"#),
        (json!(2), INVALID_REQUEST)
    );
    assert_eq!(
        error_of(r#"{"jsonrpc":"2.0","id":2}"#),
        (json!(2), INVALID_REQUEST)
    );
    assert_eq!(
        error_of(r#"{"jsonrpc":"2.0","id":2,"method":5}"#),
        (json!(2), INVALID_REQUEST)
    );
    assert_eq!(
        error_of(r#"{"jsonrpc":"2.0","id":{},"method":"poll_now"}"#),
        (Value::Null, INVALID_REQUEST)
    );
    assert_eq!(
        error_of(r#"{"jsonrpc":"2.0","id":2,"method":"fly"}"#),
        (json!(2), METHOD_NOT_FOUND)
    );
}

#[test]
fn wrong_parameters_are_invalid_params() {
    for params in [
        "{}",
        r#"{"name":5}"#,
        r#"{"name":"A","extra":1}"#,
        r#"["A"]"#,
        "3",
    ] {
        let line = format!(r#"{{"jsonrpc":"2.0","id":3,"method":"set_display_name","params":{params}}}"#);
        assert_eq!(error_of(&line), (json!(3), INVALID_PARAMS), "{params}");
    }
}

#[test]
fn notifications_are_never_answered() {
    for rest in [r#""method":"fly""#, r#""method":"set_display_name","params":{}"#] {
        let line = format!(r#"{{"jsonrpc":"2.0",{rest}}}"#);
        assert_eq!(parse(line.as_bytes()), Line::Single(Incoming::Refused(None)));
    }
}

#[test]
fn a_batch_keeps_its_order_and_its_bad_members() {
    let line =
        r#"[{"jsonrpc":"2.0","id":1,"method":"get_account"}, 5, {"jsonrpc":"2.0","method":"poll_now"}]"#;
    let Line::Batch(messages) = parse(line.as_bytes()) else {
        panic!("not a batch")
    };
    assert!(matches!(&messages[0], Incoming::Call { id: Some(id), .. } if *id == json!(1)));
    assert!(matches!(&messages[1], Incoming::Refused(Some(_))));
    assert!(matches!(&messages[2], Incoming::Call { id: None, .. }));
    assert_eq!(messages.len(), 3);
}

#[test]
fn every_command_of_the_contract_is_a_method() {
    for name in Command::NAMES {
        let line = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{name}","params":{{}}}}"#);
        match parse(line.as_bytes()) {
            Line::Single(Incoming::Call { command, .. }) => assert_eq!(command.name(), *name),
            Line::Single(Incoming::Refused(Some(answer))) => {
                assert_eq!(answer["error"]["code"], INVALID_PARAMS)
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn failures_carry_their_code_in_the_data() {
    let refused = failure(json!(9), &Failure::new(ErrorCode::TextLong).with("n", 12));
    assert_eq!(
        refused,
        json!({"jsonrpc": "2.0", "id": 9, "error": {
            "code": -32000,
            "message": "The text is 12 characters too long.",
            "data": {"code": "E-TEXT-LONG", "values": {"n": "12"}},
        }})
    );
}

#[test]
fn events_are_notifications() {
    assert_eq!(
        event(&Event::ConversationsChanged).to_string(),
        json!({"jsonrpc": "2.0", "method": "event", "params": {"event": "conversations_changed"}})
            .to_string()
    );
}

#[test]
fn no_bytes_make_it_panic() {
    use proptest::prelude::*;
    proptest!(|(bytes in prop::collection::vec(any::<u8>(), 0..200))| {
        parse(&bytes);
    });
    proptest!(|(text in r#"[\[\]{}",:a-z0-9 ]{0,80}"#)| {
        parse(text.as_bytes());
    });
}
