//! `message_hash.json` and `namespaces.json`: the names of messages and the rules of boxes.

use data_encoding::BASE64;
use protocol::account::AccountId;
use protocol::storage::{MessageHash, Namespace, compute_hash};
use serde_json::Value;

use super::field::{Check, equal, number, text};

/// Runs one case of a group of `message_hash.json`.
pub(super) fn run(group: &str, case: &Value) -> Option<Check> {
    (group == "hash").then(|| hash(case))
}

/// Runs one case of a group of `namespaces.json`.
pub(super) fn run_namespaces(group: &str, case: &Value) -> Option<Check> {
    (group == "rules").then(|| rules(case))
}

fn namespace(case: &Value) -> Result<Namespace, String> {
    i16::try_from(number(case, "namespace")?)
        .map(Namespace)
        .map_err(|error| error.to_string())
}

fn hash(case: &Value) -> Check {
    let account: AccountId = text(case, "pubkey")?
        .parse()
        .map_err(|error| format!("pubkey: {error}"))?;
    let data = BASE64
        .decode(text(case, "data_base64")?.as_bytes())
        .map_err(|error| error.to_string())?;
    let expected = text(case, "hash")?;
    let ours = compute_hash(account, namespace(case)?, &data);
    equal("hash", ours.as_str(), expected)?;
    equal("parsed", MessageHash::parse(expected.as_bytes()), Some(ours))
}

fn rules(case: &Value) -> Check {
    let namespace = namespace(case)?;
    let flag = |name: &str, ours: bool| equal(name, Some(ours), case[name].as_bool());
    flag("public_store", namespace.is_public_inbox())?;
    flag("public_outbox", namespace.is_public_outbox())?;
    flag("public_retrieve", namespace.is_public_to_read())?;
    flag("revoked_may_retrieve", namespace.is_readable_when_revoked())?;
    flag("reserved_testing", namespace.is_reserved_for_testing())?;
    equal("max_ttl_ms", namespace.max_ttl_ms(), number(case, "max_ttl_ms")?)
}
