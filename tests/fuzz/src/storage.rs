//! What clients, nodes and swarm members say to each other about stored messages.

use protocol::bencode::{self, Limits};
use protocol::storage::entries::SignedEntry;
use protocol::storage::monitor::Monitor;
use protocol::storage::peer::{Notification, encode_push, parse_push};
use protocol::storage::stream::StreamDecoder;
use protocol::storage::{MessageHash, Request, SubaccountToken, encode_node_list, parse_node_list, replies};
use serde_json::{Value as Json, json};

/// Methods with parameters of every shape.
const METHODS: &[&str] = &[
    "store",
    "retrieve",
    "delete",
    "delete_all",
    "delete_before",
    "expire",
    "expire_all",
    "get_expiries",
    "batch",
    "ifelse",
    "revoke_subaccount",
    "unrevoke_subaccount",
    "get_swarm",
];

pub(crate) fn bencode(data: &[u8]) {
    if let Ok(value) = bencode::parse(data, Limits::default()) {
        assert_eq!(value.to_bytes(), data, "there is one encoding of each value");
    }
}

pub(crate) fn request(data: &[u8]) {
    if let Ok(request) = Request::parse(data) {
        let again = Request::parse(request.to_json().to_string().as_bytes()).expect("a request parses again");
        assert_eq!(again.to_json(), request.to_json());
    }
}

/// The first byte chooses the method.
pub(crate) fn command(data: &[u8]) {
    let Some((choice, params)) = data.split_first() else {
        return;
    };
    let method = METHODS
        .iter()
        .cycle()
        .nth(usize::from(*choice))
        .copied()
        .unwrap_or("store");
    let _ = Request::parse_forwarded(method, params);
    if let Ok(request) = Request::parse_command(method, params) {
        assert_eq!(request.method(), method);
    }
}

pub(crate) fn reply(data: &[u8]) {
    let Ok(json) = serde_json::from_slice::<Json>(data) else {
        return;
    };
    let _ = replies::Retrieved::parse(&json);
    let _ = replies::SwarmInfo::parse(&json);
    let _ = replies::NodeInfo::parse(&json);
    let _ = replies::SubReply::parse_all(&json);
    let _ = replies::parse_expiries(&json);
    for request in asked() {
        let _ = SignedEntry::parse_json(&json, &request);
        if let Ok(members) = replies::MemberReplies::parse(&json, &request) {
            // A stored message's entry is signed over its hash alone; all others name account and request.
            let proven = members.proven(&request).count();
            assert!(
                proven == 0 || request.method() == "store",
                "nobody signed for these requests"
            );
        }
    }
}

pub(crate) fn push(data: &[u8]) {
    if let Ok(messages) = parse_push(data) {
        assert_eq!(parse_push(&encode_push(&messages)), Ok(messages));
    }
    let _ = Notification::parse(data);
    let _ = MessageHash::parse(data);
    let _ = SubaccountToken::parse(data);
}

pub(crate) fn monitor(data: &[u8]) {
    let _ = Monitor::parse(data);
    let mut stream = StreamDecoder::default();
    stream.handle_bytes(data);
    while let Ok(Some(message)) = stream.poll_message() {
        assert!(!message.encode().is_empty());
    }
}

pub(crate) fn node_list(data: &[u8]) {
    if let Ok(nodes) = parse_node_list(data) {
        assert_eq!(encode_node_list(&nodes), data);
    }
}

/// One request of each kind whose reply lists the swarm's members.
fn asked() -> Vec<Request> {
    let hash = "A".repeat(43);
    let signed = json!({
        "pubkey": format!("05{}", "11".repeat(32)),
        "pubkey_ed25519": "22".repeat(32),
        "signature": format!("{}==", "A".repeat(86)),
        "timestamp": 1_700_000_000_123_i64,
    });
    let of = |method: &str, more: Json| {
        let mut params = signed.as_object().cloned().unwrap_or_default();
        params.extend(more.as_object().cloned().unwrap_or_default());
        Request::parse_params(method, &params).expect("these parameters are in form")
    };
    vec![
        of("store", json!({"data": "eA==", "ttl": 60_000})),
        of("delete", json!({"messages": [hash]})),
        of("delete_all", json!({"namespace": "all"})),
        of(
            "expire",
            json!({"messages": [hash], "expiry": 1_700_000_100_000_i64}),
        ),
        of("expire_all", json!({"expiry": 1_700_000_100_000_i64})),
        of("unrevoke_subaccount", json!({"unrevoke": []})),
    ]
}
