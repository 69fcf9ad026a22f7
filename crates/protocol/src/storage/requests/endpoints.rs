//! Parameters of each method, from JSON or bencode to types.
//!
//! Nodes check fields in one order: first the type of every field by name, then which are there, then their content.
//! A request with several faults is answered with the text of the first, so each function keeps that order. STO-43.

mod subaccounts;

pub(super) use subaccounts::{revoke_subaccount, revoked_subaccounts, unrevoke_subaccount};

use super::authorization::{AuthorizationFields, Common, account, account_or_error, either, require};
use super::params::{ParamError, Params};
use super::{
    Delete, DeleteAll, DeleteBefore, Expire, ExpireAll, ExpireRule, GetExpiries, OxendEndpoint, OxendRequest,
    Request, Retrieve, Store,
};
use crate::storage::{MessageHash, Namespace, NamespaceScope, Proof, Signed, base64};

pub(super) fn store(params: Params<'_>) -> Result<Request, ParamError> {
    let data = params.text("data")?;
    let expiry = params.timestamp("expiry")?;
    let namespace = params.namespace("namespace")?.unwrap_or_default();
    let alias = params.text("pubKey")?;
    let pubkey = params.text("pubkey")?;
    let pubkey_ed25519 = params.text("pubkey_ed25519")?;
    let sig_timestamp = params.timestamp("sig_timestamp")?;
    let signature = params.text("signature")?;
    let subaccount = params.text("subaccount")?;
    let subaccount_sig = params.text("subaccount_sig")?;
    let timestamp = params.message_time("timestamp")?;
    let ttl_ms = params.duration_ms("ttl")?;

    let timestamp = require("timestamp", timestamp)?;
    let expiry = match (expiry, ttl_ms) {
        (Some(_), Some(_)) => return Err(ParamError::Both("expiry", "ttl")),
        (Some(expiry), None) => expiry,
        (None, Some(ttl_ms)) => timestamp.plus_ms(ttl_ms),
        (None, None) => return Err(ParamError::MissingEither("expiry", "ttl")),
    };
    let account = account_or_error(either("pubkey", pubkey, "pubKey", alias)?)?;
    let fields = AuthorizationFields {
        params,
        pubkey_ed25519,
        signature,
        subaccount,
        subaccount_sig,
    };
    let proof = match signature {
        Some(_) => {
            let authorization = fields.load(account)?;
            Some(Proof {
                timestamp: sig_timestamp.unwrap_or(timestamp),
                authorization,
            })
        }
        None => None,
    };
    let data = message_data(params, require("data", data)?)?;
    Ok(Request::Store(Store {
        account,
        namespace,
        data,
        timestamp,
        expiry,
        proof,
    }))
}

fn message_data(params: Params<'_>, data: &[u8]) -> Result<Vec<u8>, ParamError> {
    let too_long = ParamError::DataTooLong(Store::MAX_DATA_LEN);
    if params.is_binary() {
        return if data.len() > Store::MAX_DATA_LEN {
            Err(too_long)
        } else {
            Ok(data.to_vec())
        };
    }
    let decoded =
        base64::decode(data).ok_or(ParamError::Other("Invalid 'data' value: not base64 encoded"))?;
    if decoded.len() > Store::MAX_DATA_LEN {
        Err(too_long)
    } else {
        Ok(decoded)
    }
}

pub(super) fn retrieve(params: Params<'_>) -> Result<Request, ParamError> {
    let last_hash_alias = params.text("lastHash")?;
    let last_hash = params.text("last_hash")?;
    let max_count = params.integer("max_count")?;
    let max_size = params.integer("max_size")?;
    let namespace = params.namespace("namespace")?;
    let alias = params.text("pubKey")?;
    let pubkey = params.text("pubkey")?;
    let pubkey_ed25519 = params.text("pubkey_ed25519")?;
    let signature = params.text("signature")?;
    let subaccount = params.text("subaccount")?;
    let subaccount_sig = params.text("subaccount_sig")?;
    let timestamp = params.timestamp("timestamp")?;

    let account = account_or_error(either("pubkey", pubkey, "pubKey", alias)?)?;
    let fields = AuthorizationFields {
        params,
        pubkey_ed25519,
        signature,
        subaccount,
        subaccount_sig,
    };
    let is_protected = namespace.is_some_and(|namespace| !namespace.is_public_to_read());
    let needs_proof = pubkey_ed25519.is_some() || signature.is_some() || timestamp.is_some() || is_protected;
    let proof = if needs_proof {
        let authorization = fields.load(account)?;
        Some(Proof {
            timestamp: require("timestamp", timestamp)?,
            authorization,
        })
    } else {
        None
    };
    let last_hash = match (last_hash, last_hash_alias) {
        (Some(_), Some(_)) => return Err(ParamError::Both("last_hash", "lastHash")),
        (last_hash, alias) => last_hash.or(alias).filter(|hash| !hash.is_empty()),
    };
    let last_hash = last_hash.map(parse_last_hash).transpose()?;
    let namespace = namespace.unwrap_or_default();
    Ok(Request::Retrieve(Retrieve {
        account,
        namespace,
        last_hash,
        max_count,
        max_size,
        proof,
    }))
}

fn parse_last_hash(text: &[u8]) -> Result<MessageHash, ParamError> {
    MessageHash::parse(text).ok_or(ParamError::Other(if text.len() == 43 {
        "Invalid last_hash: not base64"
    } else {
        "Invalid last_hash: expected base64 (43 chars)"
    }))
}

fn hashes(texts: &[&[u8]]) -> Result<Vec<MessageHash>, ParamError> {
    let wrong = |text: &[u8]| ParamError::MessageHash(String::from_utf8_lossy(text).into_owned());
    texts
        .iter()
        .map(|text| MessageHash::parse(text).ok_or_else(|| wrong(text)))
        .collect()
}

fn some_hashes(messages: Option<Vec<&[u8]>>) -> Result<Vec<&[u8]>, ParamError> {
    let messages = require("messages", messages)?;
    if messages.is_empty() {
        return Err(ParamError::Other("messages does not contain any message hashes"));
    }
    Ok(messages)
}

pub(super) fn delete(params: Params<'_>) -> Result<Request, ParamError> {
    let messages = params.texts("messages")?;
    let pubkey = params.text("pubkey")?;
    let pubkey_ed25519 = params.text("pubkey_ed25519")?;
    let required = params.flag("required")?.unwrap_or(false);
    let signature = params.text("signature")?;
    let subaccount = params.text("subaccount")?;
    let subaccount_sig = params.text("subaccount_sig")?;

    let authorization = AuthorizationFields {
        params,
        pubkey_ed25519,
        signature,
        subaccount,
        subaccount_sig,
    };
    let (account, authorization) = Common {
        pubkey,
        authorization,
    }
    .load()?;
    let messages = hashes(&some_hashes(messages)?)?;
    Ok(Request::Delete(Signed {
        params: Delete {
            account,
            messages,
            required,
        },
        authorization,
    }))
}

pub(super) fn delete_all(params: Params<'_>) -> Result<Request, ParamError> {
    let scope = params
        .scope("namespace")?
        .unwrap_or(NamespaceScope::One(Namespace::MESSAGES));
    let common = Common::read(params)?;
    let timestamp = params.timestamp("timestamp")?;

    let (account, authorization) = common.load()?;
    let timestamp = require("timestamp", timestamp)?;
    Ok(Request::DeleteAll(Signed {
        params: DeleteAll {
            account,
            scope,
            timestamp,
        },
        authorization,
    }))
}

pub(super) fn delete_before(params: Params<'_>) -> Result<Request, ParamError> {
    let before = params.timestamp("before")?;
    let scope = params
        .scope("namespace")?
        .unwrap_or(NamespaceScope::One(Namespace::MESSAGES));
    let (account, authorization) = Common::read(params)?.load()?;
    let before = require("before", before)?;
    Ok(Request::DeleteBefore(Signed {
        params: DeleteBefore {
            account,
            scope,
            before,
        },
        authorization,
    }))
}

pub(super) fn expire_all(params: Params<'_>) -> Result<Request, ParamError> {
    let expiry = params.timestamp("expiry")?;
    let scope = params
        .scope("namespace")?
        .unwrap_or(NamespaceScope::One(Namespace::MESSAGES));
    let (account, authorization) = Common::read(params)?.load()?;
    let expiry = require("expiry", expiry)?;
    Ok(Request::ExpireAll(Signed {
        params: ExpireAll {
            account,
            scope,
            expiry,
        },
        authorization,
    }))
}

pub(super) fn expire(params: Params<'_>) -> Result<Request, ParamError> {
    let expiry = params.timestamps("expiry")?;
    let extend = params.flag("extend")?.unwrap_or(false);
    let messages = params.texts("messages")?;
    let pubkey = params.text("pubkey")?;
    let pubkey_ed25519 = params.text("pubkey_ed25519")?;
    let shorten = params.flag("shorten")?.unwrap_or(false);
    let signature = params.text("signature")?;
    let subaccount = params.text("subaccount")?;
    let subaccount_sig = params.text("subaccount_sig")?;

    let authorization = AuthorizationFields {
        params,
        pubkey_ed25519,
        signature,
        subaccount,
        subaccount_sig,
    };
    let (account, authorization) = Common {
        pubkey,
        authorization,
    }
    .load()?;
    let expiry = require("expiry", expiry)?;
    if expiry.is_empty() {
        return Err(ParamError::Other(
            "'expiry' does not contain any expiration timestamps",
        ));
    }
    let rule = match (shorten, extend) {
        (true, true) => return Err(ParamError::Other("cannot specify both 'shorten' and 'extend'")),
        (true, false) => ExpireRule::Shorten,
        (false, true) => ExpireRule::Extend,
        (false, false) => ExpireRule::Set,
    };
    let messages = some_hashes(messages)?;
    if expiry.len() > 1 && expiry.len() != messages.len() {
        let wrong = "'expiry' must be a single expiry, or the same length as 'messages'";
        return Err(ParamError::Other(wrong));
    }
    let messages = hashes(&messages)?;
    Ok(Request::Expire(Signed {
        params: Expire {
            account,
            messages,
            expiry,
            rule,
        },
        authorization,
    }))
}

pub(super) fn get_expiries(params: Params<'_>) -> Result<Request, ParamError> {
    let messages = params.texts("messages")?;
    let common = Common::read(params)?;
    let timestamp = params.timestamp("timestamp")?;

    let (account, authorization) = common.load()?;
    let timestamp = require("timestamp", timestamp)?;
    let messages = some_hashes(messages)?.into_iter().map(<[u8]>::to_vec).collect();
    Ok(Request::GetExpiries(Signed {
        params: GetExpiries {
            account,
            messages,
            timestamp,
        },
        authorization,
    }))
}

pub(super) fn get_swarm(params: Params<'_>) -> Result<Request, ParamError> {
    let alias = params.text("pubKey")?;
    let pubkey = params.text("pubkey")?;
    let text = either("pubkey", pubkey, "pubKey", alias)?;
    let wrong = "Pubkey must be 66 hex digits/33 bytes long";
    account(text)
        .map(Request::GetSwarm)
        .ok_or(ParamError::Other(wrong))
}

pub(super) fn oxend_request(params: Params<'_>) -> Result<Request, ParamError> {
    let endpoint = require("endpoint", params.text("endpoint")?)?;
    let endpoint = String::from_utf8_lossy(endpoint);
    let endpoint = match &*endpoint {
        "get_service_nodes" => OxendEndpoint::GetServiceNodes,
        "ons_resolve" => OxendEndpoint::OnsResolve,
        other => return Err(ParamError::OxendEndpoint(other.to_owned())),
    };
    Ok(Request::OxendRequest(OxendRequest {
        endpoint,
        params: params.any("params")?,
    }))
}
