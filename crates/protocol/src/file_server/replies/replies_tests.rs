use super::*;

fn reply(code: u16, body: &str) -> ServerReply {
    ServerReply {
        code,
        headers: BTreeMap::new(),
        body: body.as_bytes().to_vec(),
    }
}

fn uploaded(body: &str) -> Result<Uploaded, FileServerError> {
    Uploaded::parse(&reply(200, body))
}

const TIME: TimestampMs = TimestampMs(1_775_000_000_123);

#[test]
fn att_16_an_upload_is_answered_with_an_id_and_perhaps_times() {
    let id = FileId::parse("1234567890").unwrap();
    let bare = Uploaded {
        id: id.clone(),
        uploaded: None,
        expires: None,
    };
    assert_eq!(uploaded(r#"{"id":"1234567890"}"#), Ok(bare.clone()));
    assert_eq!(uploaded(r#"{"id":1234567890,"size":4096}"#), Ok(bare.clone()));
    let timed = Uploaded {
        expires: Some(TIME),
        ..bare.clone()
    };
    assert_eq!(
        uploaded(r#"{"id":"1234567890","expires":1775000000.123}"#),
        Ok(timed)
    );
    for impossible in ["-1", "1e300", "null"] {
        let text = format!(r#"{{"id":"1234567890","expires":{impossible}}}"#);
        assert_eq!(uploaded(&text), Ok(bare.clone()), "{text}");
    }
}

#[test]
fn att_17_a_client_reads_what_a_server_writes() {
    let file = Uploaded {
        id: FileId::of_content(b"x"),
        uploaded: Some(TIME),
        expires: Some(TimestampMs(0)),
    };
    assert_eq!(Uploaded::parse(&file.to_reply()), Ok(file.clone()));
    let info = FileInfo {
        size: u64::MAX,
        uploaded: TIME,
        expires: TimestampMs(253_402_300_799_000),
    };
    assert_eq!(FileInfo::parse(&info.to_reply()), Ok(info));
    assert_eq!(downloaded(file_reply(vec![1, 2])), Ok(vec![1, 2]));
    let legacy: serde_json::Value = serde_json::from_slice(&file.to_legacy_reply().body).unwrap();
    assert_eq!(legacy["result"], file.id.as_str());
    assert_eq!(legacy["status_code"], 200);
    assert_eq!(
        legacy_file_reply(b"hi").body,
        br#"{"status_code":200,"result":"aGk="}"#
    );
}

#[test]
fn att_18_what_a_refusal_means() {
    let cases = [
        (404, FileServerError::NotFound, true),
        (413, FileServerError::Size, true),
        (400, FileServerError::Refused(400), true),
        (406, FileServerError::Refused(406), false),
        (429, FileServerError::Refused(429), false),
        (500, FileServerError::Refused(500), false),
        (304, FileServerError::Refused(304), false),
    ];
    for (status, error, is_final) in cases {
        assert_eq!(Uploaded::parse(&reply(status, "<html>")), Err(error));
        assert_eq!(FileInfo::parse(&refusal(status)), Err(error));
        assert_eq!(downloaded(refusal(status)), Err(error));
        assert_eq!(error.is_final(), is_final, "{status}");
    }
    assert!(!FileServerError::Malformed.is_final());
    assert_eq!(refusal(413).body, br#"{"status_code":413}"#);
}

#[test]
fn att_18_malformed_answers_are_refused() {
    for body in [
        "",
        "{}",
        "[]",
        "null",
        r#"{"id":""}"#,
        r#"{"id":"../x"}"#,
        r#"{"id":-1}"#,
        r#"{"id":null}"#,
        r#"{"id":"a"} x"#,
    ] {
        assert_eq!(uploaded(body), Err(FileServerError::Malformed), "{body}");
    }
    for body in [
        "{}",
        r#"{"size":1,"uploaded":1}"#,
        r#"{"size":-1,"uploaded":1,"expires":1}"#,
        r#"{"size":1,"uploaded":-1,"expires":1}"#,
        r#"{"size":1,"uploaded":1,"expires":1e18}"#,
        r#"{"size":1.5,"uploaded":1,"expires":1}"#,
    ] {
        let parsed = FileInfo::parse(&reply(200, body));
        assert_eq!(parsed, Err(FileServerError::Malformed), "{body}");
    }
}
