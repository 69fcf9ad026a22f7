//! The JSON of commands, replies, failures and events: bots and scripts rely on it.

use contract::*;
use serde_json::json;

#[test]
fn a_command_is_its_snake_case_name_and_its_params() {
    let command = SendText {
        conversation: ConversationId("05ab".into()),
        text: "hello".into(),
        reply_to: None,
        preview: None,
    }
    .into_command();
    let json = serde_json::to_value(&command).unwrap();
    assert_eq!(
        json,
        json!({"method": "send_text", "params": {"conversation": "05ab", "text": "hello"}})
    );
    assert_eq!(serde_json::from_value::<Command>(json).unwrap(), command);
    assert_eq!(command.name(), SendText::NAME);
}

#[test]
fn every_command_without_fields_is_made_from_empty_params() {
    for name in ["get_startup", "create_account", "list_services", "poll_now"] {
        let command: Command = serde_json::from_value(json!({"method": name, "params": {}})).unwrap();
        assert_eq!(command.name(), name);
    }
}

#[test]
fn an_unknown_method_an_unknown_field_or_a_missing_one_is_refused() {
    for bad in [
        json!({"method": "make_tea", "params": {}}),
        json!({"method": "get_startup", "params": {"extra": 1}}),
        json!({"method": "send_text", "params": {"conversation": "05ab"}}),
        json!({"method": "send_text"}),
    ] {
        assert!(serde_json::from_value::<Command>(bad.clone()).is_err(), "{bad}");
    }
}

#[test]
fn a_reply_is_its_content_without_a_wrapper() {
    let sent = SentMessage {
        message_id: MessageId(7),
        conversation: ConversationId("05ab".into()),
        sent_at_ms: TimestampMs(1_700_000_000_123),
    };
    assert_eq!(
        serde_json::to_value(Reply::SendText(sent)).unwrap(),
        json!({"message_id": 7, "conversation": "05ab", "sent_at_ms": 1_700_000_000_123_i64})
    );
    assert_eq!(serde_json::to_value(Reply::PollNow(Done {})).unwrap(), json!({}));
}

#[test]
fn error_codes_are_distinct_and_survive_json() {
    let mut texts: Vec<&str> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    for code in ErrorCode::ALL {
        let json = serde_json::to_value(code).unwrap();
        assert_eq!(json, json!(code.as_str()));
        assert_eq!(serde_json::from_value::<ErrorCode>(json).unwrap(), *code);
    }
    let count = texts.len();
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts.len(), count);
}

#[test]
fn a_failure_carries_the_values_its_wording_needs() {
    let failure = Failure::new(ErrorCode::PhraseShort).with("n", 12);
    assert_eq!(
        serde_json::to_value(&failure).unwrap(),
        json!({"code": "E-PHRASE-SHORT", "values": {"n": "12"}})
    );
    assert_eq!(failure.to_string(), "E-PHRASE-SHORT n=12");
}

#[test]
fn events_name_what_changed_and_carry_no_content() {
    let event = Event::MessageReceived {
        conversation: ConversationId("05ab".into()),
        message: MessageId(3),
    };
    assert_eq!(
        serde_json::to_value(event).unwrap(),
        json!({"event": "message_received", "conversation": "05ab", "message": 3})
    );
}

#[test]
fn a_recovery_phrase_is_not_printed_by_debug() {
    let view = RecoveryPhraseView {
        words: vec!["abbey".into()],
        qr: QrView {
            size: 1,
            rows: vec!["1".into()],
        },
    };
    assert!(!format!("{view:?}").contains("abbey"));
}

#[test]
fn preferences_are_plain_fields_and_others_learn_nothing_at_first() {
    let first = Preferences::default();
    let json = json!({
        "theme": "system", "accent": "sea", "text_scale_percent": 100, "reduce_motion": null,
        "send_with_enter": true, "autoplay_voice": false, "read_receipts": false,
        "typing_indicators": false, "link_previews": false, "link_previews_asked": false,
        "auto_download": false, "community_requests": false,
    });
    assert_eq!(serde_json::to_value(first).unwrap(), json);
    assert_eq!(serde_json::from_value::<Preferences>(json).unwrap(), first);
    assert_eq!(
        serde_json::to_value(Theme::HighContrast).unwrap(),
        json!("high_contrast")
    );
}

#[test]
fn secrets_are_plain_in_json_and_hidden_in_logs() {
    let words = "tulip tulip tulip";
    let commands = [
        RestoreAccount { phrase: words.into() }.into_command(),
        CheckPhrase { text: words.into() }.into_command(),
    ];
    for command in commands {
        assert!(serde_json::to_string(&command).unwrap().contains(words));
        assert!(!format!("{command:?}").contains("tulip"), "{command:?}");
    }
    let word = PhraseWord {
        typed: "tulip".into(),
        word: Some("tulips".into()),
    };
    let qr = QrView {
        size: 1,
        rows: vec!["1011".into()],
    };
    let replies = [
        Reply::CheckPhrase(PhraseCheck {
            words: vec![word.clone()],
            failure: Some(Failure::new(ErrorCode::PhraseWord).with("word", "tulip")),
        }),
        Reply::GetRecoveryPhrase(RecoveryPhraseView {
            words: vec!["tulip".into()],
            qr,
        }),
    ];
    for reply in replies {
        let shown = format!("{reply:?} {word:?}");
        assert!(!shown.contains("tulip") && !shown.contains("1011"), "{shown}");
    }
}
