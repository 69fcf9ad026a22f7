//! Entries of members: round trips, signatures, and what becomes of damaged ones.

use ed25519_dalek::{Signer as _, SigningKey};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::bencode::{self, Limits};
use crate::storage::compute_hash;
use crate::storage::replies::MemberReplies;
use crate::storage::requests::samples::recursive;

fn node() -> SigningKey {
    SigningKey::from_bytes(&[4; 32])
}

fn hashes(count: u8) -> Vec<MessageHash> {
    let mut hashes: Vec<_> = (0..count)
        .map(|n| compute_hash(AccountId::from_bytes([5; 33]), Namespace(0), &[n]))
        .collect();
    hashes.sort_unstable();
    hashes
}

/// An entry that answers the request.
fn entry(request: &Request, count: u8, flag: bool) -> Entry {
    let touched = hashes(count);
    let all = || {
        let boxes = touched
            .iter()
            .enumerate()
            .map(|(n, hash)| (Namespace(n as i16 - 1), vec![*hash]));
        Affected::All(boxes.collect())
    };
    let affected = || {
        if flag {
            all()
        } else {
            Affected::One(touched.clone())
        }
    };
    match request {
        Request::Store(_) => Entry::Stored {
            hash: hashes(1)[0],
            expiry: TimestampMs(7),
            already: flag,
        },
        Request::Delete(_) => Entry::Deleted(Affected::One(touched)),
        Request::DeleteAll(_) | Request::DeleteBefore(_) => Entry::Deleted(affected()),
        Request::ExpireAll(_) => Entry::ExpiredAll(affected()),
        Request::Expire(_) => Entry::Expired {
            expiry: if flag {
                AppliedExpiry::One(TimestampMs(9))
            } else {
                AppliedExpiry::Each(touched.iter().map(|_| TimestampMs(9)).collect())
            },
            unchanged: flag.then(|| touched.iter().map(|hash| (*hash, TimestampMs(8))).collect()),
            updated: touched,
        },
        Request::RevokeSubaccount(_) => Entry::Revoked,
        _ => Entry::Unrevoked {
            count: u64::from(count),
        },
    }
}

fn signed(request: &Request, count: u8, flag: bool) -> SignedEntry {
    SignedEntry::sign(entry(request, count, flag), request, |bytes| {
        node().sign(bytes).to_bytes()
    })
    .unwrap()
}

proptest! {
    #[test]
    fn sto_70_entries_survive_both_forms(request in recursive(), count in 0..4_u8, flag: bool) {
        let signed = signed(&request, count, flag);
        let json = json!(signed);
        // Without any hash, one box and all boxes look alike only in neither form.
        prop_assert_eq!(SignedEntry::parse_json(&json, &request), Ok(signed.clone()));
        // A value has its keys in order.
        prop_assert_eq!(serde_json::to_string(&signed).unwrap(), json.to_string());
        let bytes = signed.to_bencode().to_bytes();
        let value = bencode::parse(&bytes, Limits::default()).unwrap();
        prop_assert_eq!(SignedEntry::parse_bencode(&value, &request), Ok(signed));
    }

    #[test]
    fn sto_72_an_entry_is_its_nodes_only_as_it_was_signed(request in recursive(), count in 0..4_u8, flag: bool) {
        let mut signed = signed(&request, count, flag);
        let key = node().verifying_key().to_bytes();
        prop_assert!(signed.verify(&request, &key));
        prop_assert!(!signed.verify(&request, &SigningKey::from_bytes(&[5; 32]).verifying_key().to_bytes()));
        signed.signature[7] ^= 1;
        prop_assert!(!signed.verify(&request, &key));
    }

    #[test]
    fn any_json_is_judged(request in recursive(), text in "[\\[\\]{}\",:a-z0-9]{0,40}") {
        let value: Json = serde_json::from_str(&text).unwrap_or(Json::String(text));
        prop_assert!(SignedEntry::parse_json(&value, &request).is_err());
        prop_assert!(MemberReplies::parse(&value, &request).is_err());
    }
}

#[test]
fn sto_72_an_entry_of_another_request_is_refused() {
    let store = Request::parse(
        json!({ "method": "store", "params": {
            "pubkey": "05".repeat(33), "data": "", "timestamp": 1_700_000_000_000_i64, "ttl": 10_000 } })
        .to_string()
        .as_bytes(),
    )
    .unwrap();
    assert_eq!(
        SignedEntry::sign(Entry::Revoked, &store, |_| [0; 64]),
        Err(ReplyError::NotRecursive)
    );
    assert_eq!(
        SignedEntry::parse_json(&json!({ "signature": "A".repeat(86) }), &store),
        Err(ReplyError::Field("hash"))
    );
    assert_eq!(
        SignedEntry::parse_json(&json!({}), &store),
        Err(ReplyError::Field("signature"))
    );
    assert_eq!(
        MemberReplies::parse(&json!({ "swarm": {} }), &Request::Info),
        Err(ReplyError::NotRecursive)
    );
}

#[test]
fn sto_73_failures_are_told_apart() {
    let request = Request::parse(
        json!({ "method": "store", "params": {
            "pubkey": "05".repeat(33), "data": "", "timestamp": 1_700_000_000_000_i64, "ttl": 10_000 } })
        .to_string()
        .as_bytes(),
    )
    .unwrap();
    let failures = [
        MemberFailure::Timeout,
        MemberFailure::Refused {
            code: 401,
            reason: "no".to_owned(),
        },
        MemberFailure::BadResponse,
        MemberFailure::QueryFailure,
        MemberFailure::Unknown,
    ];
    for failure in failures {
        let reply = json!({ "swarm": { "00".repeat(32): failure, "x": {} } });
        let replies = MemberReplies::parse(&reply, &request).unwrap();
        assert_eq!(
            replies.members.into_iter().collect::<Vec<_>>(),
            [([0; 32], Err(failure))]
        );
    }
    // A number stands for true, text for a number; an entry without sense counts as a failure.
    let reply = json!({ "swarm": {
        "01".repeat(32): { "failed": 1, "code": "421", "reason": "x" },
        "02".repeat(32): { "hash": 3 },
    } });
    let members: Vec<_> = MemberReplies::parse(&reply, &request)
        .unwrap()
        .members
        .into_values()
        .collect();
    let refused = MemberFailure::Refused {
        code: 421,
        reason: "x".to_owned(),
    };
    assert_eq!(members, [Err(refused), Err(MemberFailure::BadResponse)]);
}

#[test]
fn sto_74_the_number_one_stands_for_true() {
    let request = Request::parse(
        json!({ "method": "store", "params": {
            "pubkey": "05".repeat(33), "data": "", "timestamp": 1_700_000_000_000_i64, "ttl": 10_000 } })
        .to_string()
        .as_bytes(),
    )
    .unwrap();
    let mut entry = json!(signed(&request, 0, true));
    entry["already"] = json!(1);
    assert_eq!(
        SignedEntry::parse_json(&entry, &request),
        Ok(signed(&request, 0, true))
    );
    entry["already"] = json!(0);
    assert_eq!(
        SignedEntry::parse_json(&entry, &request),
        Ok(signed(&request, 0, false))
    );
}

#[test]
fn ten_thousand_damaged_entries_are_read_or_refused() {
    let delete = json!({ "method": "expire", "params": {
        "pubkey": "03".repeat(33), "signature": "A".repeat(86), "expiry": 9, "extend": true,
        "messages": hashes(3) } });
    let request = Request::parse(delete.to_string().as_bytes()).unwrap();
    let signed = signed(&request, 3, true);
    let key = node().verifying_key().to_bytes();
    let bytes = signed.to_bencode().to_bytes();
    let (mut x, mut refused) = (1_u64, 0);
    for _ in 0..10_000 {
        let mut damaged = bytes.clone();
        x = x
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let at = (x >> 33) as usize % damaged.len();
        damaged[at] ^= 1 << (x >> 61);
        let Ok(value) = bencode::parse(&damaged, Limits::default()) else {
            refused += 1;
            continue;
        };
        match SignedEntry::parse_bencode(&value, &request) {
            // Only changes outside of what is signed can go unnoticed: keys that are not read.
            Ok(read) => assert!(read == signed || !read.verify(&request, &key)),
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 2000, "{refused}");
}
