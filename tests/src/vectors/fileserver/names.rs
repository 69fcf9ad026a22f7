//! The group `ons`: registered names of accounts.

use protocol::account::AccountName;
use serde_json::Value;

use crate::vectors::field::{Check, equal, hex, text};

/// Runs one case. The key in it follows from the name and shows in what opens.
pub(super) fn check(case: &Value) -> Check {
    let name = AccountName::parse(text(case, "name")?).map_err(|error| error.to_string())?;
    equal(
        "hash",
        name.to_lookup_hash().as_str(),
        text(case, "name_hash_base64")?,
    )?;
    let id = name
        .open(&hex(case, "encrypted_value")?, &hex(case, "nonce")?)
        .map_err(|error| error.to_string())?;
    equal("id", id.to_hex().as_str(), text(case, "session_id")?)
}
