//! `config_*.json`: config messages, from bencode to recorded runs of devices that disagree.

mod formats;
mod layouts;
mod recorded;
mod stories;

use std::sync::Arc;

use protocol::bencode;
use protocol::config::{Dict, Scalar, Value as ConfigValue};
use serde_json::Value;

use super::field::{Check, equal, hex};
use super::{CaseResult, Family};

/// The family that runs a file of this area.
pub(super) fn family(file_stem: &str) -> Option<Family> {
    Some(match file_stem {
        "config_btencode" => |file| each_named_case(file, formats::bencode),
        "config_compression" => |file| each_named_case(file, formats::compression),
        "config_encrypt" => |file| each_named_case(file, formats::encryption),
        "config_signature" => |file| each_named_case(file, formats::signature),
        "config_multipart" => |file| each_named_case(file, formats::parts),
        "config_community_url" => |file| each_named_case(file, formats::community_url),
        "config_message" => formats::messages,
        "config_merge" => |file| each_named_case(file, formats::merging),
        "config_base_merge" => |file| each_named_case(file, stories::base_merge),
        "config_userprofile" => |file| each_named_case(file, stories::user_profile),
        "config_contacts" => stories::contacts,
        "config_convo_volatile" => |file| each_named_case(file, layouts::convo_info_volatile),
        "config_user_groups" => |file| each_named_case(file, layouts::user_groups),
        "config_real" => |file| each_named_case(file, recorded::run),
        _ => return None,
    })
}

/// Runs a check over each entry of `file["cases"]`, naming it by its `name`, or by what else names it.
fn each_named_case(file: &Value, check: impl Fn(&Value) -> Check) -> Vec<CaseResult> {
    let cases = file["cases"].as_array().map(Vec::as_slice).unwrap_or_default();
    let run = |(index, case): (usize, &Value)| CaseResult {
        name: case_name(case, index),
        outcome: check(case),
    };
    cases.iter().enumerate().map(run).collect()
}

fn case_name(case: &Value, index: usize) -> String {
    let name = case["name"].as_str();
    name.map_or_else(|| format!("case {index}"), str::to_owned)
}

/// The message and the state within a dump.
fn message_in(dump: &[u8]) -> Result<(Vec<u8>, Option<i128>), String> {
    let dump = bencode::parse(dump, bencode::Limits::default()).map_err(|error| error.to_string())?;
    let message = dump.get("$").and_then(bencode::Value::as_bytes);
    let state = dump.get("!").and_then(bencode::Value::as_int);
    Ok((message.ok_or("no message")?.to_vec(), state))
}

/// Typed data of these files: a number, text, or an object that says what it is.
fn typed(value: &Value) -> Result<ConfigValue, String> {
    if let Some(set) = value["set"].as_array() {
        let scalars: Result<_, String> = set.iter().map(scalar).collect();
        return Ok(ConfigValue::Set(scalars?));
    }
    if value["dict"].is_array() {
        return typed_dict(value).map(|dict| ConfigValue::Dict(Arc::new(dict)));
    }
    scalar(value).map(ConfigValue::Scalar)
}

fn typed_dict(value: &Value) -> Result<Dict, String> {
    let pairs = value["dict"].as_array().ok_or("no dictionary")?;
    pairs
        .iter()
        .map(|pair| match scalar(&pair[0])? {
            Scalar::Bytes(key) => Ok((key, typed(&pair[1])?)),
            Scalar::Int(_) => Err("a key is no text".to_owned()),
        })
        .collect()
}

fn scalar(value: &Value) -> Result<Scalar, String> {
    if let Some(number) = value.as_i64() {
        return Ok(Scalar::Int(number));
    }
    if let Some(text) = value.as_str() {
        return Ok(Scalar::Bytes(text.as_bytes().to_vec()));
    }
    hex(value, "hex").map(Scalar::Bytes)
}

/// Fails, naming what, unless both are the same bytes.
fn same_bytes(what: &str, ours: &[u8], theirs: &[u8]) -> Check {
    let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    equal(what, shown(ours), shown(theirs))?;
    equal(what, ours, theirs)
}
