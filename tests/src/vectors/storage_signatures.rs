//! `storage_signatures.json`: what is signed, by whom, and what tokens allow.

use protocol::account::{AccountId, AccountKeys, verify_signature};
use protocol::storage::entries::SignedEntry;
use protocol::storage::monitor::Monitor;
use protocol::storage::{
    Access, Authorization, Request, Retrieve, SignedParams, SignedSubaccount, Store, SubaccountToken,
};
use serde_json::{Value, json};

use super::field::{Check, equal, hex, hex_array, keys, number, text};

/// Runs one case of a group.
pub(super) fn run(group: &str, case: &Value) -> Option<Check> {
    Some(match group {
        "request" => request(case),
        "monitor" => monitor(case),
        "subaccount_token" => subaccount_token(case),
        "node_entry" => node_entry(case),
        _ => return None,
    })
}

/// Account, authorization and signed bytes of a request that carries them.
pub(super) fn proof_of(request: &Request) -> Option<(AccountId, &Authorization, Vec<u8>)> {
    fn of<T: SignedParams>(signed: &protocol::storage::Signed<T>) -> (AccountId, &Authorization, Vec<u8>) {
        (
            signed.params.account(),
            &signed.authorization,
            signed.params.signed_bytes(),
        )
    }
    Some(match request {
        Request::Store(store) => {
            let proof = store.proof.as_ref()?;
            (
                store.account,
                &proof.authorization,
                Store::signed_bytes(store.namespace, proof.timestamp),
            )
        }
        Request::Retrieve(retrieve) => {
            let proof = retrieve.proof.as_ref()?;
            (
                retrieve.account,
                &proof.authorization,
                Retrieve::signed_bytes(retrieve.namespace, proof.timestamp),
            )
        }
        Request::Delete(signed) => of(signed),
        Request::DeleteAll(signed) => of(signed),
        Request::DeleteBefore(signed) => of(signed),
        Request::Expire(signed) => of(signed),
        Request::ExpireAll(signed) => of(signed),
        Request::GetExpiries(signed) => of(signed),
        Request::RevokeSubaccount(signed) => of(signed),
        Request::UnrevokeSubaccount(signed) => of(signed),
        Request::RevokedSubaccounts(signed) => of(signed),
        _ => return None,
    })
}

fn parse(case: &Value) -> Result<Request, String> {
    let body = json!({ "method": case["method"], "params": case["params"] });
    Request::parse(body.to_string().as_bytes()).map_err(|error| error.to_string())
}

fn request(case: &Value) -> Check {
    let request = parse(case)?;
    let signer = keys(case, "signer_ed25519_seed")?;
    let (account, authorization, signed_bytes) = proof_of(&request).ok_or("has no signature")?;
    equal("signed bytes", &signed_bytes, &hex(case, "signed_bytes_hex")?)?;
    if let Some(signed_text) = case["signed_text"].as_str() {
        equal(
            "signed text",
            String::from_utf8_lossy(&signed_bytes).into_owned(),
            signed_text.to_owned(),
        )?;
    }
    equal(
        "signature",
        signer.sign(&signed_bytes),
        hex_array(case, "signature_hex")?,
    )?;
    equal(
        "signature sent",
        authorization.signature,
        hex_array(case, "signature_hex")?,
    )?;
    let verified = authorization.verify(account, Access::NONE, &signed_bytes, |_| false);
    equal("verified", verified, true)?;
    let mut changed = authorization.clone();
    changed.signature[0] ^= 1;
    equal(
        "changed signature",
        changed.verify(account, Access::NONE, &signed_bytes, |_| false),
        false,
    )?;
    sends_the_same(&request)
}

/// What we build from a request is read as the same request, in JSON and in the form that nodes pass on.
pub(super) fn sends_the_same(request: &Request) -> Check {
    let again = Request::parse(request.to_json().to_string().as_bytes());
    equal("JSON", again.as_ref(), Ok(request))?;
    let Some(forwarded) = request.to_forwarded() else {
        return Ok(());
    };
    let again = Request::parse_forwarded(request.method(), &forwarded);
    let mut expected = request.clone();
    if let Request::Delete(signed) = &mut expected {
        // Whether anything had to be there is for the node that the client asked.
        signed.params.required = false;
    }
    equal("forwarded", again, Ok(expected))
}

fn monitor(case: &Value) -> Check {
    let encoded = hex(case, "request_bencoded_hex")?;
    let request = Monitor::parse(&encoded).map_err(|error| error.to_string())?;
    let signed_text = text(case, "signed_text")?;
    equal(
        "signed text",
        String::from_utf8_lossy(&request.signed_bytes()).into_owned(),
        signed_text.to_owned(),
    )?;
    equal(
        "signature sent",
        request.authorization.signature,
        hex_array(case, "signature_hex")?,
    )?;
    let signer = keys(case, "signer_ed25519_seed")?;
    equal(
        "signature",
        signer.sign(signed_text.as_bytes()),
        hex_array(case, "signature_hex")?,
    )?;
    equal("verified", request.verify(request.timestamp_s), Ok(()))?;
    equal("encoded", request.encode(), encoded)
}

fn subaccount_token(case: &Value) -> Check {
    let token = SubaccountToken::from_bytes(hex_array(case, "token_hex")?);
    let owner: AccountKeys = keys(case, "owner_ed25519_seed")?;
    let signature = hex_array(case, "owner_signature_hex")?;
    equal("signature", owner.sign(token.as_bytes()), signature)?;
    let prefix = u8::try_from(number(case, "account_prefix")?).map_err(|error| error.to_string())?;
    let bits = u8::try_from(number(case, "required_bits")?).map_err(|error| error.to_string())?;
    let mut account = [prefix; 33];
    account[1..].copy_from_slice(&owner.ed25519_public());
    let subaccount = SignedSubaccount { token, signature };
    let allowed = subaccount.verify(
        AccountId::from_bytes(account),
        Access(bits),
        &owner.ed25519_public(),
    );
    equal("allowed", Some(allowed.is_ok()), case["allowed"].as_bool())
}

/// The request of an entry, completed with fields that do not enter its signature. The method follows from the fields
/// that the entry and its request have.
fn entry_request(case: &Value) -> Result<Request, String> {
    let entry = &case["entry"];
    let given = entry["request"].as_object().cloned().unwrap_or_default();
    let has = |name: &str| given.contains_key(name);
    let method = if has("revoke") {
        "revoke_subaccount"
    } else if has("unrevoke") {
        "unrevoke_subaccount"
    } else if has("before") {
        "delete_before"
    } else if has("expiry") && has("messages") {
        "expire"
    } else if has("expiry") {
        "expire_all"
    } else if has("messages") {
        "delete"
    } else if has("timestamp") {
        "delete_all"
    } else {
        "store"
    };
    let mut params = given;
    params.insert("signature".to_owned(), "A".repeat(86).into());
    if method == "store" {
        params.insert("pubkey".to_owned(), "05".repeat(33).into());
        params.insert("data".to_owned(), "".into());
        params.insert("timestamp".to_owned(), 1_700_000_000_000_i64.into());
        params.insert("ttl".to_owned(), 86_400_000.into());
    }
    Request::parse_params(method, &params).map_err(|error| format!("{method}: {error}"))
}

fn node_entry(case: &Value) -> Check {
    let request = entry_request(case)?;
    let node = keys(case, "node_ed25519_seed")?;
    equal(
        "node",
        node.ed25519_public(),
        hex_array(case, "node_pubkey_ed25519")?,
    )?;
    let signed = SignedEntry::parse_json(&case["entry"], &request).map_err(|error| error.to_string())?;
    let signed_bytes = signed.entry.signed_bytes(&request).ok_or("no signed bytes")?;
    equal("signed bytes", &signed_bytes, &hex(case, "signed_bytes_hex")?)?;
    equal("verified", signed.verify(&request, &node.ed25519_public()), true)?;
    equal(
        "plain check",
        verify_signature(&node.ed25519_public(), &signed_bytes, &signed.signature),
        true,
    )?;
    let ours = SignedEntry::sign(signed.entry.clone(), &request, |bytes| node.sign(bytes));
    equal("signed by us", ours.as_ref(), Ok(&signed))?;
    let mut expected = case["entry"].clone();
    if let Some(entry) = expected.as_object_mut() {
        entry.remove("request");
    }
    equal("JSON", json!(signed), expected)?;
    equal(
        "bencode",
        SignedEntry::parse_bencode(&signed.to_bencode(), &request),
        Ok(signed.clone()),
    )
}
