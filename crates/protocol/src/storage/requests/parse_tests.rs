//! The texts of refusals, which every node says alike.

use serde_json::{Value as Json, json};

use super::*;

pub(super) const ID: &str = "053986911f01f03dea5da7f8a271e6eaf00d6276e897e1d77824cc338804511169";
const GROUP: &str = "03908edd2b4212228a53371cc7c3ce1bbebd06d356afea3bf6c6c2831e4b7563be";
pub(super) const HASH: &str = "KEcML4y0JV8gdlGZGi1gAley51Ar7wMCKQPK+ZvgXOM";
pub(super) const NOW: i64 = 1_700_000_000_123;

pub(super) fn signature() -> String {
    "A".repeat(86)
}

#[track_caller]
fn refused(body: &str) -> String {
    Request::parse(body.as_bytes()).unwrap_err().to_string()
}

/// The text without "invalid request: ".
#[track_caller]
pub(super) fn wrong(method: &str, params: &Json) -> String {
    let text = refused(&json!({ "method": method, "params": params }).to_string());
    text.strip_prefix("invalid request: ").unwrap().to_owned()
}

#[track_caller]
pub(super) fn accepted(method: &str, params: &Json) -> Request {
    Request::parse(
        json!({ "method": method, "params": params })
            .to_string()
            .as_bytes(),
    )
    .unwrap()
}

/// Parameters with some of them changed; null takes one away.
pub(super) fn with(base: &Json, changes: &Json) -> Json {
    let mut params = base.as_object().unwrap().clone();
    for (key, value) in changes.as_object().unwrap() {
        if value.is_null() {
            params.remove(key);
        } else {
            params.insert(key.clone(), value.clone());
        }
    }
    Json::Object(params)
}

fn store() -> Json {
    json!({ "pubkey": ID, "data": "eA==", "timestamp": NOW, "ttl": 86_400_000 })
}

pub(super) fn signed() -> Json {
    json!({ "pubkey": ID, "signature": signature(), "timestamp": NOW })
}

#[test]
fn sto_40_the_body_is_an_object_of_method_and_params() {
    assert_eq!(refused(""), "invalid json");
    assert_eq!(refused("{"), "invalid json");
    assert_eq!(refused("{\"method\":\"info\",\"params\":{}} x"), "invalid json");
    assert_eq!(refused("[]"), "invalid json: no `method` field");
    assert_eq!(refused("7"), "invalid json: no `method` field");
    assert_eq!(
        refused("{\"method\":3,\"params\":{}}"),
        "invalid json: no `method` field"
    );
    assert_eq!(
        refused("{\"method\":\"info\"}"),
        "invalid json: no `params` field"
    );
    assert_eq!(
        refused("{\"method\":\"info\",\"params\":null}"),
        "invalid json: no `params` field"
    );
    assert_eq!(
        refused("{\"method\":\"info\",\"params\":[]}"),
        "invalid json: no `params` field"
    );
    assert_eq!(refused("{\"method\":\"nope\",\"params\":{}}"), "no method nope");
    assert_eq!(
        refused("{\"method\":\"monitor\",\"params\":{}}"),
        "no method monitor"
    );
    assert_eq!(accepted("info", &json!({ "x": 1 })), Request::Info);
}

#[test]
fn sto_42_bare_commands_may_be_empty() {
    assert_eq!(Request::parse_command("info", b""), Ok(Request::Info));
    assert_eq!(Request::parse_command("info", b"{}"), Ok(Request::Info));
    assert_eq!(Request::parse_command("info", b"de"), Ok(Request::Info));
    for body in [&b"x"[..], b"d", b"dd", b"d1:a", b"{} 1"] {
        assert_eq!(Request::parse_command("info", body), Err(ParseError::Body));
    }
}

#[test]
fn sto_41_types_are_checked_before_anything_else() {
    let wrong = |changes: Json| wrong("store", &with(&store(), &changes));
    assert_eq!(
        wrong(json!({ "data": 1, "pubkey": null })),
        "Invalid value given for 'data': expected string"
    );
    let text = "Invalid value given for 'namespace': expected 16-bit integer";
    for namespace in [json!("0"), json!("all"), json!(1.0), json!(true), json!([0])] {
        assert_eq!(wrong(json!({ "namespace": namespace })), text);
    }
    assert_eq!(
        wrong(json!({ "namespace": 32768 })),
        "Invalid value given for 'namespace': value out of range"
    );
    assert_eq!(
        wrong(json!({ "namespace": -32769 })),
        "Invalid value given for 'namespace': value out of range"
    );
    let text = "Invalid value given for 'expiry': expected integer timestamp (in milliseconds)";
    for expiry in [json!("1700000000123"), json!(-1), json!(1.5)] {
        assert_eq!(wrong(json!({ "expiry": expiry, "ttl": null })), text);
    }
    let text = "Invalid timestamp for 'expiry': timestamp must be in milliseconds";
    assert_eq!(wrong(json!({ "expiry": 999_999_999, "ttl": null })), text);
    assert_eq!(
        wrong(json!({ "ttl": 1.5 })),
        "Invalid value given for 'ttl': expected positive integer"
    );
    assert_eq!(
        wrong(json!({ "ttl": -1 })),
        "Invalid value given for 'ttl': expected positive integer"
    );
    assert_eq!(
        wrong(json!({ "ttl": "-1" })),
        "Invalid value given for 'ttl': \"-1\""
    );
    assert_eq!(
        wrong(json!({ "ttl": "+1" })),
        "Invalid value given for 'ttl': \"+1\""
    );
    assert_eq!(
        wrong(json!({ "ttl": "1\n" })),
        "Invalid value given for 'ttl': \"1\\n\""
    );
    assert_eq!(
        wrong(json!({ "timestamp": 1.5 })),
        "Invalid value given for 'timestamp': expected integer"
    );
    assert_eq!(
        wrong(json!({ "timestamp": "" })),
        "Invalid value given for 'timestamp': \"\""
    );
}

#[test]
fn sto_51_store_asks_for_its_fields_in_order() {
    let wrong = |changes: Json| wrong("store", &with(&store(), &changes));
    assert_eq!(
        wrong(json!({ "timestamp": null, "ttl": null })),
        "Required field 'timestamp' missing"
    );
    assert_eq!(
        wrong(json!({ "ttl": null, "pubkey": null })),
        "Required field 'expiry' or 'ttl' missing"
    );
    assert_eq!(
        wrong(json!({ "expiry": NOW, "pubkey": null })),
        "Cannot specify both 'expiry' and 'ttl'"
    );
    assert_eq!(
        wrong(json!({ "pubkey": null, "data": null })),
        "Required field 'pubkey' missing"
    );
    assert_eq!(
        wrong(json!({ "pubKey": ID })),
        "Cannot specify both 'pubkey' and 'pubKey'"
    );
    assert_eq!(
        wrong(json!({ "pubkey": "05", "data": null })),
        "Pubkey must be 66 hex digits (33 bytes) long"
    );
    assert_eq!(
        wrong(json!({ "pubkey": ID.replace('3', "g") })),
        "Pubkey must be 66 hex digits (33 bytes) long"
    );
    assert_eq!(wrong(json!({ "data": null })), "Required field 'data' missing");
    for data in ["***", "e", "eA=", "e A=", "eA==eA==", "e_==", "eA\n="] {
        assert_eq!(
            wrong(json!({ "data": data })),
            "Invalid 'data' value: not base64 encoded",
            "{data:?}"
        );
    }
    let text = "Message body exceeds maximum allowed length of 76800 bytes";
    assert_eq!(wrong(json!({ "data": "A".repeat(102_402) })), text);
    for (data, len) in [
        ("A".repeat(102_400), 76_800),
        (String::new(), 0),
        ("eA".to_owned(), 1),
    ] {
        let Request::Store(store) = accepted("store", &with(&store(), &json!({ "data": data }))) else {
            panic!()
        };
        assert_eq!(store.data.len(), len);
    }
}

#[test]
fn sto_51_numbers_may_be_text() {
    let Request::Store(store) = accepted(
        "store",
        &with(
            &store(),
            &json!({ "timestamp": "-5", "ttl": "18446744073709551615" }),
        ),
    ) else {
        panic!()
    };
    assert_eq!(
        (store.timestamp, store.expiry),
        (TimestampMs(-5), TimestampMs(i64::MAX - 5))
    );
}

#[test]
fn sto_32_signatures_and_keys_have_one_form() {
    let wrong = |changes: Json| wrong("delete_all", &with(&signed(), &changes));
    assert_eq!(
        wrong(json!({ "signature": null })),
        "Required field 'signature' missing"
    );
    assert_eq!(
        wrong(json!({ "pubkey": null, "signature": null })),
        "Required field 'pubkey' missing"
    );
    let text = "invalid signature: expected base64 encoded Ed25519 signature";
    for signature in [
        "AAAA".to_owned(),
        "0".repeat(128),
        "A".repeat(87),
        "A".repeat(88),
        "A".repeat(85) + "=",
    ] {
        assert_eq!(wrong(json!({ "signature": signature })), text);
    }
    accepted(
        "delete_all",
        &with(&signed(), &json!({ "signature": "A".repeat(86) + "==" })),
    );
    let text = "pubkey_ed25519 is only permitted for 05[...] pubkeys";
    assert_eq!(wrong(json!({ "pubkey": GROUP, "pubkey_ed25519": "x" })), text);
    let text = "invalid pubkey_ed25519: value is not hex";
    assert_eq!(wrong(json!({ "pubkey_ed25519": "g".repeat(64) })), text);
    let text = "Invalid pubkey_ed25519: expected 64 hex char or 32 byte pubkey";
    assert_eq!(wrong(json!({ "pubkey_ed25519": "00" })), text);
    let text = "invalid subaccount: subaccount_sig is required when using subaccount";
    assert_eq!(wrong(json!({ "subaccount": "x" })), text);
    let text = "invalid subaccount: expected base64 or hex-encoded subaccount token";
    assert_eq!(wrong(json!({ "subaccount": "x", "subaccount_sig": "x" })), text);
    let text = "invalid subaccount signature: expected base64 encoded Ed25519 signature";
    assert_eq!(
        wrong(json!({ "subaccount": "A".repeat(48), "subaccount_sig": "x" })),
        text
    );
    // An empty token is none.
    accepted("delete_all", &with(&signed(), &json!({ "subaccount": "" })));
}
