//! Requests for tests: one of each kind, and strategies that make any.

use proptest::prelude::*;

use super::*;
use crate::storage::{Authorization, SignedSubaccount};

pub(crate) fn authorization() -> BoxedStrategy<Authorization> {
    let bytes64 = || proptest::collection::vec(any::<u8>(), 64).prop_map(|bytes| bytes.try_into().unwrap());
    let token = proptest::collection::vec(any::<u8>(), 36)
        .prop_map(|bytes| SubaccountToken::from_bytes(bytes.try_into().unwrap()));
    let subaccount = (token, bytes64()).prop_map(|(token, signature)| SignedSubaccount { token, signature });
    (
        proptest::option::of(any::<[u8; 32]>()),
        bytes64(),
        proptest::option::of(subaccount),
    )
        .prop_map(|(pubkey_ed25519, signature, subaccount)| Authorization {
            pubkey_ed25519,
            signature,
            subaccount,
        })
        .boxed()
}

/// Of a `05` account when the owner's key is given, as only such may have one.
fn account(authorization: &Authorization, key: [u8; 32]) -> AccountId {
    let prefix = if authorization.pubkey_ed25519.is_some() {
        5
    } else {
        3
    };
    let mut bytes = [prefix; 33];
    bytes[1..].copy_from_slice(&key);
    AccountId::from_bytes(bytes)
}

fn time() -> impl Strategy<Value = TimestampMs> {
    (1_000_000_000..4_000_000_000_000_i64).prop_map(TimestampMs)
}

fn hash() -> impl Strategy<Value = MessageHash> {
    any::<u64>().prop_map(|n| {
        crate::storage::compute_hash(AccountId::from_bytes([5; 33]), Namespace(0), &n.to_be_bytes())
    })
}

fn scope() -> impl Strategy<Value = NamespaceScope> {
    prop_oneof![
        Just(NamespaceScope::All),
        any::<i16>().prop_map(|n| NamespaceScope::One(Namespace(n)))
    ]
}

fn signed<T: std::fmt::Debug + 'static, S: Strategy<Value = T> + 'static>(
    params: impl Fn(AccountId) -> S + 'static,
) -> BoxedStrategy<Signed<T>> {
    (authorization(), any::<[u8; 32]>())
        .prop_flat_map(move |(authorization, key)| {
            params(account(&authorization, key)).prop_map(move |params| Signed {
                params,
                authorization: authorization.clone(),
            })
        })
        .boxed()
}

fn store() -> BoxedStrategy<Request> {
    let data = proptest::collection::vec(any::<u8>(), 0..80);
    let proof = proptest::option::of((time(), authorization()));
    (
        any::<[u8; 32]>(),
        any::<i16>(),
        data,
        time(),
        0..2_592_000_000_i64,
        proof,
    )
        .prop_map(|(key, namespace, data, timestamp, ttl_ms, proof)| {
            let proof = proof.map(|(timestamp, authorization)| Proof {
                timestamp,
                authorization,
            });
            let account = match &proof {
                Some(proof) => account(&proof.authorization, key),
                None => AccountId::account(key),
            };
            let expiry = timestamp.plus_ms(ttl_ms);
            Request::Store(Store {
                account,
                namespace: Namespace(namespace),
                data,
                timestamp,
                expiry,
                proof,
            })
        })
        .boxed()
}

fn retrieve() -> BoxedStrategy<Request> {
    let limits = (
        proptest::option::of(any::<i32>()),
        proptest::option::of(any::<i32>()),
    );
    (
        any::<[u8; 32]>(),
        any::<i16>(),
        proptest::option::of(hash()),
        limits,
        time(),
        authorization(),
    )
        .prop_map(
            |(key, namespace, last_hash, (max_count, max_size), timestamp, authorization)| {
                let account = account(&authorization, key);
                let proof = Some(Proof {
                    timestamp,
                    authorization,
                });
                Request::Retrieve(Retrieve {
                    account,
                    namespace: Namespace(namespace),
                    last_hash,
                    max_count,
                    max_size,
                    proof,
                })
            },
        )
        .boxed()
}

/// Any request that all members of a swarm run.
pub(crate) fn recursive() -> BoxedStrategy<Request> {
    let hashes = || proptest::collection::vec(hash(), 1..4);
    let tokens = || {
        let token = proptest::collection::vec(any::<u8>(), 36);
        proptest::collection::vec(
            token.prop_map(|bytes| SubaccountToken::from_bytes(bytes.try_into().unwrap())),
            0..4,
        )
    };
    let rule = prop_oneof![
        Just(ExpireRule::Set),
        Just(ExpireRule::Shorten),
        Just(ExpireRule::Extend)
    ];
    prop_oneof![
        store(),
        signed(move |account| hashes().prop_map(move |messages| Delete {
            account,
            messages,
            required: false
        }))
        .prop_map(Request::Delete),
        signed(
            |account| (scope(), time()).prop_map(move |(scope, timestamp)| DeleteAll {
                account,
                scope,
                timestamp
            })
        )
        .prop_map(Request::DeleteAll),
        signed(
            |account| (scope(), time()).prop_map(move |(scope, before)| DeleteBefore {
                account,
                scope,
                before
            })
        )
        .prop_map(Request::DeleteBefore),
        signed(
            |account| (scope(), time()).prop_map(move |(scope, expiry)| ExpireAll {
                account,
                scope,
                expiry
            })
        )
        .prop_map(Request::ExpireAll),
        signed(move |account| {
            let messages = proptest::collection::vec((hash(), time()), 1..4);
            (messages, any::<bool>(), rule.clone()).prop_map(move |(messages, one, rule)| {
                let (messages, mut expiry): (Vec<_>, Vec<_>) = messages.into_iter().unzip();
                if one {
                    expiry.truncate(1);
                }
                Expire {
                    account,
                    messages,
                    expiry,
                    rule,
                }
            })
        })
        .prop_map(Request::Expire),
        signed(move |account| {
            (tokens(), time()).prop_map(move |(tokens, timestamp)| RevokeSubaccount {
                account,
                tokens,
                timestamp,
            })
        })
        .prop_map(|mut signed| {
            signed.authorization.subaccount = None;
            Request::RevokeSubaccount(signed)
        }),
    ]
    .boxed()
}

/// Any request but batches and conditions.
pub(crate) fn single() -> BoxedStrategy<Request> {
    prop_oneof![
        4 => recursive(),
        2 => retrieve(),
        1 => signed(|account| (proptest::collection::vec("[a-z]{0,50}", 1..4), time())
            .prop_map(move |(messages, timestamp)| {
                let messages = messages.into_iter().map(String::into_bytes).collect();
                GetExpiries { account, messages, timestamp }
            })).prop_map(Request::GetExpiries),
        1 => any::<[u8; 32]>().prop_map(|key| Request::GetSwarm(AccountId::account(key))),
        1 => Just(Request::Info),
        1 => Just(Request::ActiveNodes),
        1 => Just(Request::OxendRequest(OxendRequest {
            endpoint: OxendEndpoint::GetServiceNodes,
            params: Some(serde_json::json!({ "limit": 3 })),
        })),
    ]
    .boxed()
}

/// Any request.
pub(crate) fn any_request() -> BoxedStrategy<Request> {
    let condition = Condition {
        hf_at_least: Some([19, 4]),
        height_before: Some(7),
        ..Condition::default()
    };
    prop_oneof![
        6 => single(),
        1 => proptest::collection::vec(single(), 1..5).prop_map(Request::Batch),
        1 => proptest::collection::vec(single(), 1..5).prop_map(Request::Sequence),
        1 => (single(), proptest::option::of(single())).prop_map(move |(then, otherwise)| {
            Request::IfElse(Box::new(IfElse { condition, then: Some(then), otherwise }))
        }),
    ]
    .boxed()
}
