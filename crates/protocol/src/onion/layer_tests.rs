//! What a node refuses, and the form between nodes.

use super::*;

fn frame(part: &[u8], json: &str) -> Vec<u8> {
    let len = u32::try_from(part.len()).unwrap().to_le_bytes();
    [len.as_slice(), part, json.as_bytes()].concat()
}

const KEY: &str = "1111111111111111111111111111111111111111111111111111111111111111";

#[test]
fn oni_08_parse_outer_reads_the_defaults() {
    let body = frame(b"cipher", &format!(r#"{{"ephemeral_key":"{KEY}"}}"#));
    let outer = parse_outer(&body).unwrap();
    assert_eq!(
        outer,
        Outer {
            ciphertext: b"cipher",
            ephemeral_key: [0x11; 32],
            enc_type: EncType::AesGcm,
            hop_no: 0
        }
    );
}

#[test]
fn oni_08_parse_outer_reads_a_count_below_zero_as_zero() {
    let body = frame(b"", &format!(r#"{{"ephemeral_key":"{KEY}","hop_no":-3}}"#));
    assert_eq!(parse_outer(&body).unwrap().hop_no, 0);
}

#[test]
fn oni_08_parse_outer_rejects_each_malformed_field() {
    let field = |json: String| parse_outer(&frame(b"c", &json)).unwrap_err();
    assert_eq!(
        parse_outer(b"\x01\0").unwrap_err(),
        OuterError::Frame(FrameError::TooShort)
    );
    assert_eq!(
        parse_outer(b"\x09\0\0\0c{}").unwrap_err(),
        OuterError::Frame(FrameError::LengthTooLarge)
    );
    assert_eq!(field(String::new()), OuterError::NotJson);
    assert_eq!(field("[]".into()), OuterError::NotJson);
    assert_eq!(field("{} x".into()), OuterError::NotJson);
    assert_eq!(field("{}".into()), OuterError::Field("ephemeral_key"));
    assert_eq!(
        field(r#"{"ephemeral_key":"11"}"#.into()),
        OuterError::Field("ephemeral_key")
    );
    assert_eq!(
        field(r#"{"ephemeral_key":7}"#.into()),
        OuterError::Field("ephemeral_key")
    );
    for enc_type in ["null", "\"GCM\"", "\"rot13\"", "1"] {
        let json = format!(r#"{{"ephemeral_key":"{KEY}","enc_type":{enc_type}}}"#);
        assert_eq!(field(json), OuterError::Field("enc_type"));
    }
    let json = format!(r#"{{"ephemeral_key":"{KEY}","hop_no":"1"}}"#);
    assert_eq!(field(json), OuterError::Field("hop_no"));
}

#[test]
fn oni_09_headers_win_over_host_and_host_over_destination() {
    let both = frame(b"b", r#"{"headers":null,"host":"h","target":"/oxen/v4/lsrpc"}"#);
    assert!(matches!(Layer::parse(&both), Ok(Layer::Final { body: b"b", .. })));
    let json = format!(r#"{{"host":"h","target":"t","destination":"{KEY}","ephemeral_key":"{KEY}"}}"#);
    assert!(matches!(
        Layer::parse(&frame(b"b", &json)),
        Ok(Layer::Server { port: 443, .. })
    ));
}

#[test]
fn oni_09_parse_rejects_each_malformed_layer() {
    let cases = [
        String::new(),
        "[]".into(),
        "{}".into(),
        r#"{"headers":"","json":1}"#.into(),
        r#"{"headers":"","base64":"no"}"#.into(),
        r#"{"host":"h"}"#.into(),
        r#"{"host":1,"target":"t"}"#.into(),
        r#"{"host":"h","target":"t","port":"443"}"#.into(),
        r#"{"host":"h","target":"t","port":65536}"#.into(),
        r#"{"host":"h","target":"t","protocol":null}"#.into(),
        format!(r#"{{"destination":"{KEY}"}}"#),
        format!(r#"{{"ephemeral_key":"{KEY}"}}"#),
        format!(r#"{{"destination":"{KEY}00","ephemeral_key":"{KEY}"}}"#),
        format!(r#"{{"destination":"{KEY}","ephemeral_key":"{KEY}","enc_type":null}}"#),
    ];
    for json in cases {
        assert_eq!(
            Layer::parse(&frame(b"b", &json)),
            Err(LayerError::InvalidJson),
            "{json}"
        );
    }
    assert_eq!(Layer::parse(b"\x05\0\0\0b{}"), Err(LayerError::InvalidJson));
}

#[test]
fn oni_10_a_refused_target_or_protocol_makes_no_url() {
    let url = |target: &str, protocol: &str| {
        let json = format!(r#"{{"host":"h","target":"{target}","port":80,"protocol":"{protocol}"}}"#);
        Layer::parse(&frame(b"", &json)).unwrap().server_url()
    };
    assert_eq!(
        url("/oxen/v4/lsrpc", "http"),
        Ok("http://h:80/oxen/v4/lsrpc".into())
    );
    for (target, protocol) in [
        ("/oxen/v4/lsrpc?x=/lsrpc", "http"),
        ("/admin/lsrpc", "http"),
        ("/oxen/v4", "http"),
        ("/oxen/v4/lsrpc", "ftp"),
        ("/oxen/v4/lsrpc", "HTTPS"),
    ] {
        assert_eq!(
            url(target, protocol),
            Err(LayerError::InvalidUrl),
            "{target} {protocol}"
        );
    }
}

#[test]
fn oni_11_a_request_through_too_many_relays_is_refused() {
    let at = |hop_no| PeerRequest::forward(b"c", [1; 32], EncType::AesGcm, hop_no).encode();
    assert_eq!(PeerRequest::parse(&at(HOP_LIMIT - 1)).unwrap().hop_no, HOP_LIMIT);
    assert_eq!(
        PeerRequest::parse(&at(HOP_LIMIT)),
        Err(PeerRequestError::TooManyHops)
    );
    assert_eq!(
        PeerRequest::parse(&at(u32::MAX)),
        Err(PeerRequestError::TooManyHops)
    );
}

#[test]
fn oni_11_twelve_is_the_highest_start_that_passes_three_relays() {
    let passes = |start: u32| {
        let mut hop_no = start;
        for _ in 0..3 {
            let next = PeerRequest::forward(b"", [1; 32], EncType::AesGcm, hop_no).encode();
            match PeerRequest::parse(&next) {
                Ok(request) => hop_no = request.hop_no,
                Err(_) => return false,
            }
        }
        true
    };
    assert!(passes(12));
    assert!(!passes(13));
}

#[test]
fn oni_12_peer_requests_have_defaults_and_limits() {
    let head = |rest: &str| [b"d4:data1:c", rest.as_bytes(), b"e"].concat();
    let key = format!("13:ephemeral_key32:{}", "k".repeat(32));
    let plain = PeerRequest::parse(&head(&key)).unwrap();
    assert_eq!((plain.enc_type, plain.hop_no), (EncType::AesGcm, 1));
    assert_eq!(
        PeerRequest::parse(&head(&format!("{key}6:hop_noi-9e")))
            .unwrap()
            .hop_no,
        1
    );
    for rest in [
        String::new(),
        "13:ephemeral_key3:kkk".into(),
        format!("8:enc_type3:rot{key}"),
        format!("{key}6:hop_no1:1"),
    ] {
        assert_eq!(
            PeerRequest::parse(&head(&rest)),
            Err(PeerRequestError::Malformed),
            "{rest}"
        );
    }
}

#[test]
fn oni_17_unknown_statuses_become_500() {
    for status in [
        200, 400, 401, 403, 404, 406, 410, 413, 421, 429, 500, 502, 503, 504,
    ] {
        assert_eq!(passable_status(status), status);
    }
    for status in [100, 201, 204, 301, 409, 422, 501, 599] {
        assert_eq!(passable_status(status), 500);
    }
}
