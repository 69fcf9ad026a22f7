//! Runs test vectors: JSON files of cases that independent implementations made.
//!
//! A file `NAME.json` is run by the family of the same name. A family runs every kind of case it finds and reports a
//! kind that it does not know as a failure, so that nothing is passed over in silence.

mod attachment_legacy;
mod attachment_stream;
mod config;
mod content_proto;
mod field;
mod file_url;
mod fileserver;
mod identity;
mod message_hash;
mod message_v1;
mod mnemonic;
mod node_wire;
mod onion;
mod scripted;
mod storage_cases;
mod storage_signatures;
mod swarm;
mod timers;

use serde_json::Value;

/// What became of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseResult {
    /// The case's id.
    pub name: String,
    /// Nothing, or what differed.
    pub outcome: Result<(), String>,
}

/// Runs all cases of a file's content.
pub type Family = fn(&Value) -> Vec<CaseResult>;

/// The family that runs a file, by the file's name without `.json`; `None` when it is not covered.
pub fn family(file_stem: &str) -> Option<Family> {
    Some(match file_stem {
        "identity" => identity::run,
        "mnemonic" => mnemonic::run,
        "mnemonic_wordlist_english" => mnemonic::run_wordlist,
        "content_proto" => content_proto::run,
        "message_v1" => message_v1::run,
        "attachment_legacy" => attachment_legacy::run,
        "attachment_stream" => attachment_stream::run,
        "file_url" => file_url::run,
        "timers" => timers::run,
        "fileserver" => |file| each_group_case(file, fileserver::run),
        "onion" => |file| each_group_case(file, onion::run),
        "swarm" => |file| each_group_case(file, swarm::run),
        "message_hash" => |file| each_group_case(file, message_hash::run),
        "namespaces" => |file| each_group_case(file, message_hash::run_namespaces),
        "storage_signatures" => |file| each_group_case(file, storage_signatures::run),
        "node_wire" => |file| each_group_case(file, node_wire::run),
        "storage_cases" => |file| each_group_case(file, storage_cases::run),
        other => return config::family(other),
    })
}

/// What became of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileResult {
    /// Its cases were run.
    Cases(Vec<CaseResult>),
    /// No family covers it.
    NotCovered,
}

/// Runs one file, given its name without `.json` and its text.
pub fn run_file(file_stem: &str, text: &str) -> FileResult {
    let Some(family) = family(file_stem) else {
        return FileResult::NotCovered;
    };
    match serde_json::from_str(text) {
        Ok(file) => FileResult::Cases(family(&file)),
        Err(error) => FileResult::Cases(vec![CaseResult {
            name: file_stem.to_owned(),
            outcome: Err(error.to_string()),
        }]),
    }
}

/// Runs a check over each case of each of `file["groups"]`, named by its group and its name, id or number. A group that the
/// check does not know fails.
fn each_group_case(file: &Value, check: fn(&str, &Value) -> Option<Result<(), String>>) -> Vec<CaseResult> {
    let mut results = Vec::new();
    for (group, content) in file["groups"].as_object().into_iter().flatten() {
        let cases = content["cases"].as_array().map(Vec::as_slice).unwrap_or_default();
        for (index, case) in cases.iter().enumerate() {
            let name = [&case["name"], &case["id"]].into_iter().find_map(Value::as_str);
            let name = name.map_or_else(|| index.to_string(), str::to_owned);
            let outcome = check(group, case).unwrap_or_else(|| Err("unknown group".to_owned()));
            results.push(CaseResult {
                name: format!("{group}: {name}"),
                outcome,
            });
        }
    }
    results
}

/// Runs a check over each entry of `file["cases"]`, naming it by its `id`.
fn each_case(file: &Value, check: impl Fn(&Value) -> Result<(), String>) -> Vec<CaseResult> {
    let cases = file["cases"].as_array().map(Vec::as_slice).unwrap_or_default();
    let run = |(index, case): (usize, &Value)| CaseResult {
        name: case["id"]
            .as_str()
            .map_or_else(|| format!("case {index}"), str::to_owned),
        outcome: check(case),
    };
    cases.iter().enumerate().map(run).collect()
}
