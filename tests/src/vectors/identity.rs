//! `identity.json`: from a seed to keys, Account ID and recovery phrase.

use data_encoding::HEXLOWER;
use protocol::account::{AccountId, AccountKeys, Seed, recovery_phrase, x25519_from_ed25519};
use serde_json::Value;

use super::field::{Check, equal, hex, hex_array, text};
use super::{CaseResult, each_case};

/// Runs the file.
pub(super) fn run(file: &Value) -> Vec<CaseResult> {
    each_case(file, identity)
}

fn identity(case: &Value) -> Check {
    let name = if case.get("seed16_hex").is_some() {
        "seed16_hex"
    } else {
        "seed32_hex"
    };
    let seed = Seed::from_bytes(&hex(case, name)?).map_err(|error| error.to_string())?;
    let keys = AccountKeys::from_seed(&seed);
    if case.get("seed32_hex").is_some() {
        equal(
            "seed32",
            HEXLOWER.encode(seed.expose_seed32()).as_str(),
            text(case, "seed32_hex")?,
        )?;
    }
    let public: [u8; 32] = hex_array(case, "ed25519_pk_hex")?;
    equal("ed25519 public key", keys.ed25519_public(), public)?;
    equal(
        "ed25519 secret key",
        *keys.expose_ed25519_secret(),
        hex_array(case, "ed25519_sk64_hex")?,
    )?;
    equal(
        "x25519 public key",
        *keys.x25519_public(),
        hex_array(case, "x25519_pk_hex")?,
    )?;
    equal(
        "x25519 secret key",
        *keys.expose_x25519_secret(),
        hex_array(case, "x25519_sk_hex")?,
    )?;
    equal(
        "mapped key",
        x25519_from_ed25519(&public),
        Ok(*keys.x25519_public()),
    )?;
    equal(
        "account id",
        keys.account_id().to_hex().as_str(),
        text(case, "account_id")?,
    )?;
    equal(
        "parsed account id",
        AccountId::parse(text(case, "account_id")?),
        Ok(keys.account_id()),
    )?;
    if let Some(phrase) = case["mnemonic"].as_str() {
        equal(
            "phrase",
            recovery_phrase::encode(&seed).join(" ").as_str(),
            phrase,
        )?;
        equal("seed of the phrase", recovery_phrase::decode(phrase), Ok(seed))?;
    }
    Ok(())
}
