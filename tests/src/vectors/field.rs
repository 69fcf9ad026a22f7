//! Reading the fields of a case.

use std::fmt::Debug;

use data_encoding::HEXLOWER_PERMISSIVE;
use protocol::account::{AccountKeys, Seed};
use serde_json::Value;

/// What a check of one case gives: nothing, or what differed.
pub(crate) type Check = Result<(), String>;

/// A field that must be text.
pub(crate) fn text<'a>(case: &'a Value, name: &str) -> Result<&'a str, String> {
    case[name].as_str().ok_or_else(|| format!("{name} is no text"))
}

/// A field that must be hex.
pub(crate) fn hex(case: &Value, name: &str) -> Result<Vec<u8>, String> {
    HEXLOWER_PERMISSIVE
        .decode(text(case, name)?.as_bytes())
        .map_err(|error| format!("{name}: {error}"))
}

/// A field that must be hex of a known number of bytes.
pub(crate) fn hex_array<const N: usize>(case: &Value, name: &str) -> Result<[u8; N], String> {
    hex(case, name)?
        .try_into()
        .map_err(|bytes: Vec<u8>| format!("{name} has {} bytes, not {N}", bytes.len()))
}

/// A field that must be a whole number.
pub(crate) fn number(case: &Value, name: &str) -> Result<i64, String> {
    case[name].as_i64().ok_or_else(|| format!("{name} is no number"))
}

/// A field that must be a number of bytes.
pub(crate) fn length(case: &Value, name: &str) -> Result<usize, String> {
    usize::try_from(number(case, name)?).map_err(|error| format!("{name}: {error}"))
}

/// Data that a case describes by a rule: as many bytes as it says, each seven more than the one before.
pub(crate) fn counted_data(len: usize) -> Vec<u8> {
    (0..=u8::MAX)
        .map(|step| step.wrapping_mul(7))
        .cycle()
        .take(len)
        .collect()
}

/// The keys of a seed given as hex, 16 or 32 bytes.
pub(crate) fn keys(case: &Value, name: &str) -> Result<AccountKeys, String> {
    let seed = Seed::from_hex(text(case, name)?).map_err(|error| format!("{name}: {error}"))?;
    Ok(AccountKeys::from_seed(&seed))
}

/// Fails, naming what, unless both are equal.
pub(crate) fn equal<T: PartialEq + Debug>(what: &str, ours: T, theirs: T) -> Check {
    if ours == theirs {
        Ok(())
    } else {
        Err(format!("{what}: ours {ours:?}, expected {theirs:?}"))
    }
}
