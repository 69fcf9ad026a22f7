//! The texts of refusals of each method, which every node says alike.

use serde_json::{Value as Json, json};

use super::parse_tests::{HASH, ID, NOW, accepted, signature, signed, with, wrong};
use super::*;

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
