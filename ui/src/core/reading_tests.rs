use std::collections::BTreeMap;

use contract::{ErrorCode, Event, Failure, HistoryStage, MessageId, NotificationMode};
use serde::Deserialize;

use super::*;

#[derive(Debug, PartialEq, Eq, Deserialize)]
struct Row {
    id: MessageId,
    size: u64,
    below: i32,
    name: Option<String>,
    #[serde(default)]
    is_new: bool,
    marks: Vec<u8>,
}

#[test]
fn an_object_is_read_by_its_names_in_any_order_past_what_is_not_known() {
    let json = r#"{"marks":[1,255],"below":-3,"later":{"a":[null]},"id":7,"name":"é\n","size":18446744073709551615}"#;
    let row = Row {
        id: MessageId(7),
        size: u64::MAX,
        below: -3,
        name: Some("é\n".to_owned()),
        is_new: false,
        marks: vec![1, 255],
    };
    assert_eq!(from_json::<Row>(json), Ok(row));
    let json = r#"{"id":-1,"size":0,"below":0,"name":null,"is_new":true,"marks":[]}"#;
    assert_eq!(
        from_json::<Row>(json).map(|row| (row.id, row.name, row.is_new)),
        Ok((MessageId(-1), None, true))
    );
}

#[test]
fn what_is_not_of_the_type_is_refused() {
    for json in [
        "",
        "{",
        "null",
        "7",
        r#"[7,0,0,null,false,[]]"#,
        r#"{"id":7,"size":0,"below":0}"#,
        r#"{"id":"7","size":0,"below":0,"marks":[]}"#,
        r#"{"id":7,"size":-1,"below":0,"marks":[]}"#,
        r#"{"id":7,"size":0,"below":0.5,"marks":[]}"#,
        r#"{"id":7,"size":0,"below":2147483648,"marks":[]}"#,
        r#"{"id":7,"size":0,"below":0,"marks":[256]}"#,
        r#"{"id":7,"size":0,"below":0,"marks":{}}"#,
        r#"{"id":7,"size":0,"below":0,"marks":[],"is_new":1}"#,
    ] {
        assert_eq!(from_json::<Row>(json), Err(Unreadable), "{json}");
    }
}

#[test]
fn a_choice_is_a_text_or_carries_its_name_inside() {
    assert_eq!(from_json(r#""fast""#), Ok(NotificationMode::Fast));
    assert_eq!(from_json::<NotificationMode>(r#""loud""#), Err(Unreadable));
    assert_eq!(from_json(r#"{"event":"lagged"}"#), Ok(Event::Lagged));
    let json = r#"{"confirmed":true,"code":"042 917","stage":"code"}"#;
    let code = HistoryStage::Code {
        code: "042 917".to_owned(),
        confirmed: true,
    };
    assert_eq!(from_json(json), Ok(code));
    let json = r#"{"stage":"failed","failure":{"code":"E-MOVE-SPACE","values":{"n":"12"}}}"#;
    let failure = Failure::new(ErrorCode::HistorySpace).with("n", 12);
    assert_eq!(from_json(json), Ok(HistoryStage::Failed { failure }));
    assert_eq!(
        from_json::<HistoryStage>(r#"{"stage":"elsewhere"}"#),
        Err(Unreadable)
    );
}

#[test]
fn lists_maps_and_nothing_are_read() {
    assert_eq!(from_json::<Option<Vec<String>>>("null"), Ok(None));
    assert_eq!(
        from_json(r#"["a","b"]"#),
        Ok(Some(vec!["a".to_owned(), "b".to_owned()]))
    );
    assert_eq!(
        from_json(r#"{"a":"b"}"#),
        Ok(BTreeMap::from([("a".to_owned(), "b".to_owned())]))
    );
    assert_eq!(from_json::<contract::Done>("{}"), Ok(contract::Done {}));
}
