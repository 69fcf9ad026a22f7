//! Requests as clients send them and as nodes pass them on.

use serde_json::{Map, Value as Json, json};

use super::meta::{Condition, IfElse};
use super::{ExpireRule, Request, RevokeSubaccount, UnrevokeSubaccount};
use crate::TimestampMs;
use crate::account::AccountId;
use crate::bencode::Value;
use crate::storage::{Authorization, MessageHash, Namespace, NamespaceScope, SubaccountToken, base64};

impl Request {
    /// The JSON that clients send: `{"method": text, "params": {...}}`. Spec: storage §10 (STO-40).
    pub fn to_json(&self) -> Json {
        json!({ "method": self.method(), "params": self.params() })
    }

    /// The JSON parameters alone.
    pub fn params(&self) -> Map<String, Json> {
        match self {
            Self::Store(store) => {
                let mut params = of_account(store.account);
                put_namespace(&mut params, store.namespace);
                put(&mut params, "data", base64::encode(&store.data));
                put(&mut params, "timestamp", store.timestamp.0);
                match store.expiry.since_ms(store.timestamp) {
                    // A node reads an expiry before the timestamp, and refuses it later; a negative ttl it cannot read.
                    ttl_ms if ttl_ms < 0 => put(&mut params, "expiry", store.expiry.0),
                    ttl_ms => put(&mut params, "ttl", ttl_ms),
                }
                if let Some(proof) = &store.proof {
                    put(&mut params, "sig_timestamp", proof.timestamp.0);
                    put_authorization(&mut params, &proof.authorization);
                }
                params
            }
            Self::Retrieve(retrieve) => {
                let mut params = of_account(retrieve.account);
                put_namespace(&mut params, retrieve.namespace);
                put_some(
                    &mut params,
                    "last_hash",
                    retrieve.last_hash.map(|hash| hash.to_string()),
                );
                put_some(&mut params, "max_count", retrieve.max_count);
                put_some(&mut params, "max_size", retrieve.max_size);
                if let Some(proof) = &retrieve.proof {
                    put(&mut params, "timestamp", proof.timestamp.0);
                    put_authorization(&mut params, &proof.authorization);
                }
                params
            }
            Self::Delete(signed) => {
                let mut params = of_signed(signed.params.account, &signed.authorization);
                put(&mut params, "messages", hash_texts(&signed.params.messages));
                if signed.params.required {
                    put(&mut params, "required", true);
                }
                params
            }
            Self::DeleteAll(signed) => {
                let mut params = of_signed(signed.params.account, &signed.authorization);
                put_scope(&mut params, signed.params.scope);
                put(&mut params, "timestamp", signed.params.timestamp.0);
                params
            }
            Self::DeleteBefore(signed) => {
                let mut params = of_signed(signed.params.account, &signed.authorization);
                put_scope(&mut params, signed.params.scope);
                put(&mut params, "before", signed.params.before.0);
                params
            }
            Self::Expire(signed) => {
                let mut params = of_signed(signed.params.account, &signed.authorization);
                put(&mut params, "messages", hash_texts(&signed.params.messages));
                match signed.params.expiry.as_slice() {
                    [one] => put(&mut params, "expiry", one.0),
                    each => put(
                        &mut params,
                        "expiry",
                        each.iter().map(|time| time.0).collect::<Vec<_>>(),
                    ),
                }
                match signed.params.rule {
                    ExpireRule::Set => {}
                    ExpireRule::Shorten => put(&mut params, "shorten", true),
                    ExpireRule::Extend => put(&mut params, "extend", true),
                }
                params
            }
            Self::ExpireAll(signed) => {
                let mut params = of_signed(signed.params.account, &signed.authorization);
                put_scope(&mut params, signed.params.scope);
                put(&mut params, "expiry", signed.params.expiry.0);
                params
            }
            Self::GetExpiries(signed) => {
                let mut params = of_signed(signed.params.account, &signed.authorization);
                let messages: Vec<_> = signed
                    .params
                    .messages
                    .iter()
                    .map(|text| String::from_utf8_lossy(text))
                    .collect();
                put(&mut params, "messages", json!(messages));
                put(&mut params, "timestamp", signed.params.timestamp.0);
                params
            }
            Self::RevokeSubaccount(signed) => {
                let RevokeSubaccount {
                    account,
                    tokens,
                    timestamp,
                } = &signed.params;
                of_tokens(*account, &signed.authorization, "revoke", tokens, *timestamp)
            }
            Self::UnrevokeSubaccount(signed) => {
                let UnrevokeSubaccount {
                    account,
                    tokens,
                    timestamp,
                } = &signed.params;
                of_tokens(*account, &signed.authorization, "unrevoke", tokens, *timestamp)
            }
            Self::RevokedSubaccounts(signed) => {
                let mut params = of_signed(signed.params.account, &signed.authorization);
                put(&mut params, "timestamp", signed.params.timestamp.0);
                params
            }
            Self::GetSwarm(account) => of_account(*account),
            Self::Info | Self::ActiveNodes => Map::new(),
            Self::OxendRequest(request) => {
                let mut params = Map::new();
                put(&mut params, "endpoint", request.endpoint.name());
                put_some(&mut params, "params", request.params.clone());
                params
            }
            Self::Batch(requests) | Self::Sequence(requests) => {
                let mut params = Map::new();
                put(
                    &mut params,
                    "requests",
                    requests.iter().map(Self::to_json).collect::<Vec<_>>(),
                );
                params
            }
            Self::IfElse(request) => if_else_params(request),
        }
    }

    /// The parameters that one member of a swarm passes on to another, in bencode; `None` for requests that are not
    /// passed on. Spec: storage §12 (STO-60).
    pub fn to_forwarded(&self) -> Option<Vec<u8>> {
        let value = match self {
            Self::Store(store) => {
                let mut value = Value::dict().with("pubkey", store.account.to_bytes().to_vec());
                if store.namespace != Namespace::MESSAGES {
                    value = value.with("namespace", store.namespace.0);
                }
                value = value
                    .with("data", store.data.as_slice())
                    .with("timestamp", store.timestamp.0)
                    .with("expiry", store.expiry.0);
                match &store.proof {
                    Some(proof) => with_authorization(value, &proof.authorization)
                        .with("sig_timestamp", proof.timestamp.0),
                    None => value,
                }
            }
            Self::Delete(signed) => forwarded(signed.params.account, &signed.authorization)
                .with("messages", hash_values(&signed.params.messages)),
            Self::DeleteAll(signed) => forwarded(signed.params.account, &signed.authorization)
                .with("namespace", scope_value(signed.params.scope))
                .with("timestamp", signed.params.timestamp.0),
            Self::DeleteBefore(signed) => forwarded(signed.params.account, &signed.authorization)
                .with("namespace", scope_value(signed.params.scope))
                .with("before", signed.params.before.0),
            Self::Expire(signed) => {
                let value = forwarded(signed.params.account, &signed.authorization)
                    .with("messages", hash_values(&signed.params.messages))
                    .with("expiry", expiry_value(&signed.params.expiry));
                match signed.params.rule {
                    ExpireRule::Set => value,
                    ExpireRule::Shorten => value.with("shorten", true),
                    ExpireRule::Extend => value.with("extend", true),
                }
            }
            Self::ExpireAll(signed) => forwarded(signed.params.account, &signed.authorization)
                .with("namespace", scope_value(signed.params.scope))
                .with("expiry", signed.params.expiry.0),
            Self::RevokeSubaccount(signed) => forwarded(signed.params.account, &signed.authorization)
                .with("revoke", token_values(&signed.params.tokens))
                .with("timestamp", signed.params.timestamp.0),
            Self::UnrevokeSubaccount(signed) => forwarded(signed.params.account, &signed.authorization)
                .with("unrevoke", token_values(&signed.params.tokens))
                .with("timestamp", signed.params.timestamp.0),
            Self::Retrieve(_)
            | Self::GetExpiries(_)
            | Self::RevokedSubaccounts(_)
            | Self::GetSwarm(_)
            | Self::Info
            | Self::OxendRequest(_)
            | Self::ActiveNodes
            | Self::Batch(_)
            | Self::Sequence(_)
            | Self::IfElse(_) => return None,
        };
        Some(value.to_bytes())
    }
}

fn put(params: &mut Map<String, Json>, key: &str, value: impl Into<Json>) {
    params.insert(key.to_owned(), value.into());
}

fn put_some(params: &mut Map<String, Json>, key: &str, value: Option<impl Into<Json>>) {
    if let Some(value) = value {
        put(params, key, value);
    }
}

fn of_account(account: AccountId) -> Map<String, Json> {
    let mut params = Map::new();
    put(&mut params, "pubkey", account.to_hex());
    params
}

fn of_signed(account: AccountId, authorization: &Authorization) -> Map<String, Json> {
    let mut params = of_account(account);
    put_authorization(&mut params, authorization);
    params
}

fn of_tokens(
    account: AccountId,
    authorization: &Authorization,
    field: &str,
    tokens: &[SubaccountToken],
    timestamp: TimestampMs,
) -> Map<String, Json> {
    let mut params = of_signed(account, authorization);
    put(
        &mut params,
        field,
        tokens.iter().map(SubaccountToken::to_base64).collect::<Vec<_>>(),
    );
    put(&mut params, "timestamp", timestamp.0);
    params
}

fn put_authorization(params: &mut Map<String, Json>, authorization: &Authorization) {
    put(params, "signature", base64::encode(&authorization.signature));
    let owner = authorization.pubkey_ed25519.as_ref();
    put_some(
        params,
        "pubkey_ed25519",
        owner.map(|key| data_encoding::HEXLOWER.encode(key)),
    );
    if let Some(subaccount) = &authorization.subaccount {
        put(params, "subaccount", subaccount.token.to_base64());
        put(params, "subaccount_sig", base64::encode(&subaccount.signature));
    }
}

/// The default box is left out, as official clients do.
fn put_namespace(params: &mut Map<String, Json>, namespace: Namespace) {
    if namespace != Namespace::MESSAGES {
        put(params, "namespace", namespace.0);
    }
}

fn put_scope(params: &mut Map<String, Json>, scope: NamespaceScope) {
    match scope {
        NamespaceScope::One(namespace) => put_namespace(params, namespace),
        NamespaceScope::All => put(params, "namespace", "all"),
    }
}

fn hash_texts(hashes: &[MessageHash]) -> Json {
    hashes.iter().map(MessageHash::as_str).collect()
}

fn if_else_params(request: &IfElse) -> Map<String, Json> {
    let Condition {
        height_at_least,
        height_before,
        hf_at_least,
        hf_before,
        v_at_least,
        v_before,
    } = request.condition;
    let mut condition = Map::new();
    put_some(&mut condition, "height_at_least", height_at_least);
    put_some(&mut condition, "height_before", height_before);
    put_some(
        &mut condition,
        "hf_at_least",
        hf_at_least.map(|version| json!(version)),
    );
    put_some(
        &mut condition,
        "hf_before",
        hf_before.map(|version| json!(version)),
    );
    put_some(
        &mut condition,
        "v_at_least",
        v_at_least.map(|version| json!(version)),
    );
    put_some(&mut condition, "v_before", v_before.map(|version| json!(version)));
    let mut params = Map::new();
    put(&mut params, "if", condition);
    put_some(&mut params, "then", request.then.as_ref().map(Request::to_json));
    put_some(
        &mut params,
        "else",
        request.otherwise.as_ref().map(Request::to_json),
    );
    params
}

fn forwarded(account: AccountId, authorization: &Authorization) -> Value<'_> {
    with_authorization(
        Value::dict().with("pubkey", account.to_bytes().to_vec()),
        authorization,
    )
}

fn with_authorization<'a>(value: Value<'a>, authorization: &'a Authorization) -> Value<'a> {
    let mut value = value.with("signature", &authorization.signature);
    if let Some(key) = &authorization.pubkey_ed25519 {
        value = value.with("pubkey_ed25519", key);
    }
    if let Some(subaccount) = &authorization.subaccount {
        value = value
            .with("subaccount", subaccount.token.as_bytes())
            .with("subaccount_sig", &subaccount.signature);
    }
    value
}

fn scope_value(scope: NamespaceScope) -> Value<'static> {
    match scope {
        NamespaceScope::One(namespace) => Value::from(namespace.0),
        NamespaceScope::All => Value::from("all"),
    }
}

fn expiry_value(expiry: &[TimestampMs]) -> Value<'static> {
    match expiry {
        [one] => Value::from(one.0),
        each => Value::List(each.iter().map(|time| Value::from(time.0)).collect()),
    }
}

fn hash_values(hashes: &[MessageHash]) -> Value<'_> {
    Value::List(hashes.iter().map(|hash| Value::from(hash.as_str())).collect())
}

fn token_values(tokens: &[SubaccountToken]) -> Value<'_> {
    Value::List(tokens.iter().map(|token| Value::from(token.as_bytes())).collect())
}
