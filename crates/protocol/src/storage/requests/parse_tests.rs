//! The texts of refusals, which every node says alike.

use serde_json::{Value as Json, json};

use super::*;

const ID: &str = "053986911f01f03dea5da7f8a271e6eaf00d6276e897e1d77824cc338804511169";
const GROUP: &str = "03908edd2b4212228a53371cc7c3ce1bbebd06d356afea3bf6c6c2831e4b7563be";
const HASH: &str = "KEcML4y0JV8gdlGZGi1gAley51Ar7wMCKQPK+ZvgXOM";
const NOW: i64 = 1_700_000_000_123;

fn signature() -> String {
    "A".repeat(86)
}

#[track_caller]
fn refused(body: &str) -> String {
    Request::parse(body.as_bytes()).unwrap_err().to_string()
}

/// The text without "invalid request: ".
#[track_caller]
fn wrong(method: &str, params: &Json) -> String {
    let text = refused(&json!({ "method": method, "params": params }).to_string());
    text.strip_prefix("invalid request: ").unwrap().to_owned()
}

#[track_caller]
fn accepted(method: &str, params: &Json) -> Request {
    Request::parse(
        json!({ "method": method, "params": params })
            .to_string()
            .as_bytes(),
    )
    .unwrap()
}

/// Parameters with some of them changed; null takes one away.
fn with(base: &Json, changes: &Json) -> Json {
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

fn signed() -> Json {
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

#[test]
fn sto_52_retrieve_needs_all_of_a_proof_or_nothing() {
    let wrong = |params: Json| wrong("retrieve", &params);
    let missing = "Required field 'signature' missing";
    assert_eq!(wrong(json!({ "pubkey": ID, "namespace": 0 })), missing);
    assert_eq!(wrong(json!({ "pubkey": ID, "timestamp": NOW })), missing);
    assert_eq!(
        wrong(json!({ "pubkey": ID, "namespace": -10, "pubkey_ed25519": "00" })),
        missing
    );
    assert_eq!(
        wrong(json!({ "pubkey": ID, "signature": signature() })),
        "Required field 'timestamp' missing"
    );
    for params in [
        json!({ "pubkey": ID }),
        json!({ "pubkey": ID, "namespace": null }),
        json!({ "pubKey": ID, "namespace": -21 }),
    ] {
        let Request::Retrieve(retrieve) = accepted("retrieve", &params) else {
            panic!()
        };
        assert_eq!(retrieve.proof, None);
    }
    let base = json!({ "pubkey": ID, "namespace": -10 });
    let wrong = |changes: Json| super::parse_tests::wrong("retrieve", &with(&base, &changes));
    assert_eq!(
        wrong(json!({ "last_hash": "", "lastHash": "" })),
        "Cannot specify both 'last_hash' and 'lastHash'"
    );
    assert_eq!(
        wrong(json!({ "last_hash": "x" })),
        "Invalid last_hash: expected base64 (43 chars)"
    );
    assert_eq!(
        wrong(json!({ "lastHash": "_".repeat(43) })),
        "Invalid last_hash: not base64"
    );
    assert_eq!(
        wrong(json!({ "max_count": "1" })),
        "Invalid value given for 'max_count': expected integer"
    );
}

#[test]
fn sto_56_expire_is_checked_in_order() {
    let base = json!({ "pubkey": ID, "signature": signature(), "expiry": NOW, "messages": [HASH] });
    let wrong = |changes: Json| wrong("expire", &with(&base, &changes));
    assert_eq!(
        wrong(json!({ "shorten": 1 })),
        "Invalid value given for 'shorten': expected boolean"
    );
    assert_eq!(
        wrong(json!({ "expiry": "x" })),
        "Invalid value given for 'expiry': expected timestamp array"
    );
    assert_eq!(
        wrong(json!({ "expiry": [NOW, -1] })),
        "Invalid value given for 'expiry': expected timestamp array"
    );
    assert_eq!(
        wrong(json!({ "messages": [1] })),
        "Invalid value given for 'messages': expected string array"
    );
    assert_eq!(
        wrong(json!({ "expiry": [] })),
        "'expiry' does not contain any expiration timestamps"
    );
    assert_eq!(
        wrong(json!({ "expiry": null })),
        "Required field 'expiry' missing"
    );
    let both = json!({ "shorten": true, "extend": true, "messages": null });
    assert_eq!(wrong(both), "cannot specify both 'shorten' and 'extend'");
    assert_eq!(
        wrong(json!({ "messages": null })),
        "Required field 'messages' missing"
    );
    assert_eq!(
        wrong(json!({ "messages": [] })),
        "messages does not contain any message hashes"
    );
    let text = "'expiry' must be a single expiry, or the same length as 'messages'";
    assert_eq!(wrong(json!({ "expiry": [NOW, NOW] })), text);
    assert_eq!(wrong(json!({ "messages": ["x"] })), "invalid message hash: x");
    // One value where a list is meant; a time before 10^9 is not refused here.
    let Request::Expire(signed) = accepted("expire", &with(&base, &json!({ "messages": HASH, "expiry": 5 })))
    else {
        panic!()
    };
    assert_eq!(
        (signed.params.messages.len(), signed.params.expiry),
        (1, vec![TimestampMs(5)])
    );
}

#[test]
fn sto_57_other_methods_have_their_own_texts() {
    let missing = |method: &str, params: Json| wrong(method, &params);
    assert_eq!(
        missing("delete_before", signed()),
        "Required field 'before' missing"
    );
    assert_eq!(missing("expire_all", signed()), "Required field 'expiry' missing");
    assert_eq!(
        missing("delete_all", with(&signed(), &json!({ "timestamp": null }))),
        "Required field 'timestamp' missing"
    );
    let all = "Invalid value given for 'namespace': expected integer or \"all\"";
    for namespace in [json!("none"), json!(1.5), json!([])] {
        assert_eq!(
            missing("delete_all", with(&signed(), &json!({ "namespace": namespace }))),
            all
        );
    }
    assert_eq!(
        missing("revoke_subaccount", signed()),
        "Required field 'revoke' missing"
    );
    let revoke = "invalid revoke: expected base64 or hex-encoded subaccount tag";
    assert_eq!(
        missing("revoke_subaccount", with(&signed(), &json!({ "revoke": "x" }))),
        revoke
    );
    let many = json!({ "revoke": vec!["x"; 51] });
    let text = "invalid revoke: cannot revoke more than 50 subaccounts at once";
    assert_eq!(missing("revoke_subaccount", with(&signed(), &many)), text);
    let unrevoke = "invalid unrevoke: expected base64 or hex-encoded subaccount tag";
    assert_eq!(
        missing(
            "unrevoke_subaccount",
            with(&signed(), &json!({ "unrevoke": ["x"] }))
        ),
        unrevoke
    );
    assert_eq!(missing("get_swarm", json!({})), "Required field 'pubkey' missing");
    assert_eq!(
        missing("get_swarm", json!({ "pubkey": "05" })),
        "Pubkey must be 66 hex digits/33 bytes long"
    );
    assert_eq!(
        missing("oxend_request", json!({})),
        "Required field 'endpoint' missing"
    );
    assert_eq!(
        missing("oxend_request", json!({ "endpoint": "x" })),
        "Invalid oxend endpoint 'x'"
    );
    assert_eq!(
        missing("get_expiries", signed()),
        "Required field 'messages' missing"
    );
    // Texts that are no hashes name no message.
    accepted("get_expiries", &with(&signed(), &json!({ "messages": "all" })));
}

#[test]
fn sto_58_batches_are_checked_whole() {
    let info = json!({ "method": "info", "params": {} });
    let batch = |requests: Json| wrong("batch", &json!({ "requests": requests }));
    let none = "Invalid batch request: no valid \"requests\" field";
    assert_eq!(batch(json!([])), none);
    assert_eq!(batch(json!({})), none);
    assert_eq!(
        batch(json!(vec![info.clone(); 21])),
        "Invalid batch request: subrequest limit exceeded"
    );
    assert_eq!(
        batch(json!([1])),
        "Invalid batch request: requests must be objects"
    );
    let keys = "Invalid batch request: subrequests must have method/params keys";
    assert_eq!(batch(json!([{ "method": "info" }])), keys);
    assert_eq!(batch(json!([{ "method": "info", "params": null }])), keys);
    assert_eq!(
        batch(json!([{ "method": "x", "params": {} }])),
        "Invalid batch subrequest: invalid method \"x\""
    );
    let nested = json!([{ "method": "sequence", "params": { "requests": [info] } }]);
    assert_eq!(
        batch(nested),
        "Invalid batch subrequest: subrequests may not contain meta-requests"
    );
    // A nested batch that is malformed itself is refused for that.
    assert_eq!(batch(json!([{ "method": "batch", "params": {} }])), none);
}

#[test]
fn sto_59_conditions_and_branches_are_checked_whole() {
    let info = json!({ "method": "info", "params": {} });
    let base = json!({ "if": { "hf_at_least": [19] }, "then": info });
    let wrong = |changes: Json| wrong("ifelse", &with(&base, &changes));
    let condition = "Invalid ifelse request: no valid \"if\" field";
    assert_eq!(wrong(json!({ "if": 1 })), condition);
    assert_eq!(wrong(json!({ "if": null })), condition);
    let least = "Invalid ifelse request: must specify at least one \"if\" condition";
    assert_eq!(wrong(json!({ "if": {} })), least);
    assert_eq!(wrong(json!({ "if": { "v_before": [] } })), least);
    let text = "Invalid value given for 'v_before': expected integer array";
    assert_eq!(wrong(json!({ "if": { "v_before": "2" } })), text);
    let none = "Invalid ifelse request: at least one of \"then\"/\"else\" required";
    assert_eq!(wrong(json!({ "then": null })), none);
    assert_eq!(
        wrong(json!({ "else": 1 })),
        "Invalid ifelse request: else must be an object"
    );
    assert_eq!(
        wrong(json!({ "then": {} })),
        "Invalid ifelse request: then must have method/params keys"
    );
    let unknown = json!({ "then": { "method": "x", "params": {} } });
    assert_eq!(wrong(unknown), "Invalid ifelse request method \"then\"");
    let Request::IfElse(request) = accepted("ifelse", &base) else {
        panic!()
    };
    let facts = |hf, version| NodeFacts {
        height: 5,
        hf,
        version,
    };
    assert!(request.condition.holds(&facts([19, 0], [2, 8, 0])));
    assert!(!request.condition.holds(&facts([18, 9], [2, 8, 0])));
    let number = with(
        &base,
        &json!({ "if": { "hf_at_least": 19, "v_before": [2, 9, 0, 7], "height_before": 6 } }),
    );
    let Request::IfElse(request) = accepted("ifelse", &number) else {
        panic!()
    };
    assert!(request.condition.holds(&facts([19, 4], [2, 8, 9])));
    assert!(!request.condition.holds(&facts([19, 4], [2, 9, 0])));
}
