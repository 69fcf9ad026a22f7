//! What requests are answered, in memory.

use protocol::account::{AccountKeys, Seed};
use protocol::onion::{
    Cipher, Destination, Hop, Layer, Protocol, ServerDestination, build, open_layer, parse_outer,
};
use serde_json::{Value, json};

use super::*;
use crate::random;

const NOW: TimestampMs = TimestampMs(1_775_000_000_000);
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn server() -> FileServer {
    let identity = Arc::new(NodeIdentity::generate(&mut random::rng()));
    FileServer::in_memory(identity, FileLimits::default()).unwrap()
}

fn request(method: &str, endpoint: &str) -> ServerRequest {
    ServerRequest {
        method: method.into(),
        endpoint: endpoint.into(),
        headers: [("content-type".into(), "application/octet-stream".into())].into(),
        body: None,
    }
}

fn upload(body: &[u8]) -> ServerRequest {
    ServerRequest {
        body: Some(body.to_vec()),
        ..request("POST", "/file")
    }
}

fn with_ttl(mut request: ServerRequest, ttl: &str) -> ServerRequest {
    request.headers.insert("X-FS-TTL".into(), ttl.into());
    request
}

#[track_caller]
fn body(reply: &ServerReply) -> Value {
    assert_eq!(reply.headers["content-type"], "application/json");
    serde_json::from_slice(&reply.body).unwrap()
}

#[track_caller]
fn assert_status(reply: &ServerReply, status: u16) {
    assert_eq!(
        (reply.code, body(reply)),
        (status, json!({ "status_code": status }))
    );
}

#[test]
fn fil_11_an_upload_is_answered_with_its_id_and_times_and_comes_back() {
    let server = server();
    let reply = server.handle(NOW, upload(b"hello"));
    let expected = json!({
        "id": "tKO2VVg1JPHwgZuvqK_7bDHJeSr4UJ_8i13ETlwAn0jB",
        "uploaded": 1_775_000_000.0,
        "expires": 1_776_209_600.0,
    });
    assert_eq!((reply.code, body(&reply)), (200, expected));
    let reply = server.handle(
        NOW,
        request("GET", "/file/tKO2VVg1JPHwgZuvqK_7bDHJeSr4UJ_8i13ETlwAn0jB"),
    );
    assert_eq!((reply.code, reply.body.as_slice()), (200, &b"hello"[..]));
    let headers = [
        ("content-type".to_owned(), "application/octet-stream".to_owned()),
        ("expires".to_owned(), "Tue, 14 Apr 2026 23:33:20 GMT".to_owned()),
    ];
    assert_eq!(reply.headers, headers.into());
}

#[test]
fn fil_13_info_and_extend_tell_size_and_times() {
    let server = server();
    let file = "/file/tKO2VVg1JPHwgZuvqK_7bDHJeSr4UJ_8i13ETlwAn0jB";
    for (method, what) in [("GET", "info"), ("POST", "extend")] {
        assert_status(
            &server.handle(NOW, request(method, &format!("{file}/{what}"))),
            404,
        );
    }
    server.handle(NOW, with_ttl(upload(b"hello"), "60"));
    let info = |expires: f64| json!({ "size": 5, "uploaded": 1_775_000_000.0, "expires": expires });
    let reply = server.handle(NOW, request("GET", &format!("{file}/info")));
    assert_eq!(body(&reply), info(1_775_000_060.0));
    let extend = request("POST", &format!("{file}/extend"));
    let reply = server.handle(NOW, with_ttl(extend.clone(), "30"));
    assert_eq!(body(&reply), info(1_775_000_060.0), "never shorter");
    let reply = server.handle(NOW.plus_ms(59_999), extend.clone());
    assert_eq!(body(&reply), info(1_776_209_659.999), "the default");
    assert_status(&server.handle(NOW.plus_ms(15 * DAY_MS), extend), 404);
    for id in ["2478430809375318", "%2e%2e", "", "..", &"A".repeat(44)] {
        assert_status(
            &server.handle(NOW, request("POST", &format!("/file/{id}/extend"))),
            404,
        );
    }
}

#[test]
fn fil_12_lifetimes_are_whole_seconds_up_to_the_longest() {
    let server = server();
    for (ttl, status) in [
        ("0", 200),
        ("1209600", 200),
        ("1209601", 400),
        ("-1", 400),
        ("abc", 400),
        ("1.5", 400),
        ("99999999999999999999", 400),
    ] {
        let reply = server.handle(NOW, with_ttl(upload(b"hello"), ttl));
        assert_eq!(reply.code, status, "{ttl}");
    }
    let file = "/file/tKO2VVg1JPHwgZuvqK_7bDHJeSr4UJ_8i13ETlwAn0jB/extend";
    assert_status(
        &server.handle(NOW, with_ttl(request("POST", file), "1209601")),
        400,
    );
    let mut lower_case = upload(b"other");
    lower_case.headers.insert("x-fs-ttl".into(), "1".into());
    assert_eq!(body(&server.handle(NOW, lower_case))["expires"], 1_775_000_001.0);
}

#[test]
fn fil_10_empty_and_huge_files_are_refused() {
    let server = server();
    assert_status(&server.handle(NOW, upload(b"")), 413);
    assert_status(&server.handle(NOW, request("POST", "/file")), 413);
    let mut form = upload(b"hello");
    form.headers.insert(
        "content-type".into(),
        "application/x-www-form-urlencoded; charset=utf-8".into(),
    );
    assert_status(&server.handle(NOW, form), 413);
    for (len, accepted) in [
        (10_000_000, true),
        (10_000_001, true),
        (10_223_616, true),
        (10_223_617, false),
    ] {
        let reply = server.handle(NOW, upload(&vec![1; len]));
        if accepted {
            assert_eq!(
                (reply.code, &body(&reply)["expires"]),
                (200, &json!(1_776_209_600.0))
            );
        } else {
            assert_status(&reply, 413);
        }
    }
}

#[test]
fn fil_17_what_is_no_route_is_told_and_no_path_leads_anywhere_else() {
    let server = server();
    server.handle(NOW, upload(b"hello"));
    let id = "tKO2VVg1JPHwgZuvqK_7bDHJeSr4UJ_8i13ETlwAn0jB";
    for (method, endpoint, status) in [
        ("GET", "/".to_owned(), 404),
        ("GET", "/file/".to_owned(), 404),
        ("GET", format!("/file/{id}/"), 404),
        ("GET", format!("/file/{id}="), 404),
        ("GET", format!("/file/{}", id.to_lowercase()), 404),
        ("GET", "/file/../index.db".to_owned(), 404),
        ("GET", "/file/..%2f..%2findex.db".to_owned(), 404),
        ("GET", "/file/%00".to_owned(), 404),
        ("GET", format!("/file//{id}"), 404),
        ("GET", "/file/\u{fffd}é".to_owned(), 404),
        ("PUT", format!("/file/{id}"), 405),
        ("DELETE", format!("/file/{id}"), 405),
        ("HEAD", format!("/file/{id}"), 405),
        ("GET", format!("/file/{id}/extend"), 405),
        ("POST", "/oxen/v4/lsrpc".to_owned(), 404),
    ] {
        assert_status(&server.handle(NOW, request(method, &endpoint)), status);
    }
    let reply = server.handle(NOW, request("GET", &format!("/file/{id}?x=/y")));
    assert_eq!(reply.body, b"hello", "a query is passed over");
}

#[test]
fn fil_15_old_clients_send_and_get_base64() {
    let server = server();
    let post = |value: Value| ServerRequest {
        body: Some(value.to_string().into_bytes()),
        ..request("POST", "/files")
    };
    let reply = server.handle(NOW, post(json!({ "file": "aGVsbG8=" })));
    let id = "tKO2VVg1JPHwgZuvqK_7bDHJeSr4UJ_8i13ETlwAn0jB";
    assert_eq!(body(&reply), json!({ "status_code": 200, "result": id }));
    let reply = server.handle(NOW, request("GET", &format!("/files/{id}")));
    assert_eq!(body(&reply), json!({ "status_code": 200, "result": "aGVsbG8=" }));
    for wrong in [json!({}), json!([]), json!({ "file": 1 }), json!({ "file": "*" })] {
        assert_status(&server.handle(NOW, post(wrong)), 400);
    }
    assert_status(&server.handle(NOW, request("POST", "/files")), 400);
    assert_status(&server.handle(NOW, post(json!({ "file": "" }))), 413);
}

#[test]
fn fil_21_a_full_server_says_so() {
    let identity = Arc::new(NodeIdentity::generate(&mut random::rng()));
    let limits = FileLimits {
        max_total_len: 4096,
        ..FileLimits::default()
    };
    let server = FileServer::in_memory(identity, limits).unwrap();
    assert_eq!(server.handle(NOW, upload(b"hello")).code, 200);
    assert_status(&server.handle(NOW, upload(b"other")), 507);
    assert_eq!(
        server.handle(NOW, upload(b"hello")).code,
        200,
        "it takes no further room"
    );
    server.clean_up(NOW.plus_ms(14 * DAY_MS)).unwrap();
    assert_eq!(server.handle(NOW, upload(b"other")).code, 200);
}

fn signed(endpoint: &str, timestamp: i64) -> ServerRequest {
    let keys = AccountKeys::from_seed(&Seed::from_bytes(&[3; 32]).unwrap());
    let signature = keys.sign(format!("{timestamp}GET{endpoint}").as_bytes());
    let mut request = request("GET", endpoint);
    request.headers = [
        (
            "X-FS-Pubkey",
            format!("07{}", data_encoding::HEXLOWER.encode(&keys.ed25519_public())),
        ),
        ("X-FS-Timestamp", timestamp.to_string()),
        ("X-FS-Signature", data_encoding::BASE64.encode(&signature)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    request
}

#[test]
fn fil_30_who_asks_for_releases_is_checked_and_none_is_known() {
    let server = server();
    let ask = |endpoint: &str| server.handle(NOW, request("GET", endpoint));
    assert_status(&ask("/session_version"), 404);
    assert_status(&ask("/session_version?platform=x"), 404);
    assert_status(&ask("/session_version?platform=ios"), 502);
    assert_status(&ask("/session_version?platform=ios&release_channel=nightly"), 404);
    let endpoint = "/session_version?platform=desktop&release_channel=alpha";
    let now = NOW.0 / 1000;
    for _ in 0..2 {
        assert_status(&server.handle(NOW, signed(endpoint, now)), 502);
    }
    let changed = |change: &dyn Fn(&mut ServerRequest)| {
        let mut request = signed(endpoint, now);
        change(&mut request);
        let reply = server.handle(NOW, request);
        assert_eq!(reply.headers["content-type"], "text/plain; charset=utf-8");
        reply.code
    };
    let header = |name: &'static str, value: &'static str| {
        move |request: &mut ServerRequest| {
            request.headers.insert(name.into(), value.into());
        }
    };
    assert_eq!(changed(&header("X-FS-Timestamp", "1774999999")), 401);
    assert_eq!(changed(&header("X-FS-Timestamp", "x")), 400);
    assert_eq!(changed(&header("X-FS-Signature", "AAAA")), 400);
    assert_eq!(changed(&header("X-FS-Pubkey", "07")), 400);
    assert_eq!(changed(&|request| request.body = Some(vec![1])), 401);
    assert_eq!(
        changed(&|request| request.endpoint = "/session_version?platform=ios".into()),
        401
    );
    for (off, status) in [(86_400, 502), (86_401, 425), (-86_400, 502), (-86_401, 425)] {
        assert_eq!(
            server.handle(NOW, signed(endpoint, now + off)).code,
            status,
            "{off} s"
        );
    }
}

/// An onion request as the exit relay posts it, and the key for its answer.
fn through_relay(
    server: &FileServer,
    payload: &[u8],
    cipher: Cipher,
) -> (Vec<u8>, protocol::onion::ReplyKey) {
    let relay = NodeIdentity::generate(&mut random::rng());
    let hop = Hop {
        ed25519: relay.ed25519(),
        x25519: *relay.x25519(),
    };
    let destination = Destination::Server(ServerDestination {
        host: "localhost".into(),
        protocol: Protocol::Http,
        port: 80,
        x25519: *server.identity().x25519(),
    });
    let (body, key) = build(&mut random::rng(), &[hop], &destination, payload, cipher).unwrap();
    let outer = parse_outer(&body).unwrap();
    let opened = open_layer(
        relay.layer_secret(),
        outer.enc_type,
        &outer.ephemeral_key,
        outer.ciphertext,
    );
    let plaintext = opened.unwrap().plaintext;
    assert!(matches!(Layer::parse(&plaintext), Ok(Layer::Server { .. })));
    (plaintext, key)
}

#[test]
fn fil_02_requests_through_relays_are_opened_and_answered_in_kind() {
    let server = server();
    for cipher in [Cipher::XChaCha20, Cipher::AesGcm] {
        let content = vec![9; 10_223_616];
        let (posted, key) = through_relay(&server, &upload(&content).encode(), cipher);
        let answer = server.handle_onion(NOW, &mut random::rng(), &posted);
        assert_eq!(answer.status, 200);
        let reply = key.open_server_reply(&answer.body).unwrap();
        let id = body(&reply)["id"].as_str().unwrap().to_owned();
        let (posted, key) = through_relay(&server, &request("GET", &format!("/file/{id}")).encode(), cipher);
        let answer = server.handle_onion(NOW, &mut random::rng(), &posted);
        let reply = key.open_server_reply(&answer.body).unwrap();
        assert_eq!((reply.code, reply.body == content), (200, true));
    }
}

#[test]
fn fil_03_what_cannot_be_opened_is_refused_in_plain_and_what_is_no_request_within_the_encryption() {
    let server = server();
    let plain = |body: &[u8]| {
        let answer = server.handle_onion(NOW, &mut random::rng(), body);
        (answer.status, String::from_utf8(answer.body).unwrap())
    };
    let refused = |text: &str| (400, text.to_owned());
    assert_eq!(plain(b""), refused("Invalid onion request"));
    assert_eq!(plain(b"\xff\xff\xff\xff{}"), refused("Invalid onion request"));
    assert_eq!(plain(b"\0\0\0\0{}"), refused("Invalid onion request"));
    let (mut posted, _) = through_relay(&server, &upload(b"hello").encode(), Cipher::XChaCha20);
    posted[40] ^= 1;
    assert_eq!(plain(&posted), refused("Invalid ciphertext"));
    for payload in [
        &b""[..],
        b"le",
        b"l2:{}e",
        b"li1ee",
        b"d1:a1:be",
        b"{}",
        b"l1:a1:b1:ce",
    ] {
        let (posted, key) = through_relay(&server, payload, Cipher::XChaCha20);
        let answer = server.handle_onion(NOW, &mut random::rng(), &posted);
        let reply = key.open_server_reply(&answer.body).unwrap();
        assert_eq!(
            (answer.status, reply.code, reply.body.as_slice()),
            (200, 400, &b"Invalid v4 onion request"[..])
        );
    }
}
