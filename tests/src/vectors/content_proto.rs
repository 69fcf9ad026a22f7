//! `content_proto.json`: contents as JSON, by protobuf's rules, and as bytes.

mod json;

use protocol::message::content::Content;
use serde_json::Value;

use self::json::FromJson;
use super::field::{Check, equal, hex};
use super::{CaseResult, each_case};

/// Runs the file.
pub(super) fn run(file: &Value) -> Vec<CaseResult> {
    each_case(file, content)
}

fn content(case: &Value) -> Check {
    let written = Content::from_json(&case["content"])?;
    let bytes = hex(case, "content_hex")?;
    equal("bytes", written.to_bytes(), bytes.clone())?;
    let parsed = Content::parse(&bytes).map_err(|error| error.to_string())?;
    equal("parsed", parsed, written)
}
