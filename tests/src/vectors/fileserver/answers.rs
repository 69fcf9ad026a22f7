//! The group `http_answers`, as a client reads it: every answer means what the status and body say.

use protocol::file_server::{FileInfo, FileServerError, Uploaded, VersionReply, downloaded};
use protocol::onion::ServerReply;
use serde_json::{Map, Value, json};

use crate::vectors::field::{Check, equal, number, text};

/// Runs one case.
pub(super) fn check(case: &Value) -> Check {
    let code = u16::try_from(number(case, "status")?).map_err(|error| error.to_string())?;
    let reply = ServerReply {
        code,
        headers: [].into(),
        body: body(&case["answer"])?,
    };
    let outcome = match (text(case, "method")?, text(case, "path")?.split('?').next()) {
        ("POST", Some("/file")) => Uploaded::parse(&reply).map(|_| ()),
        ("GET", Some("/file/ID")) => downloaded(reply).map(|_| ()),
        ("GET", Some("/file/ID/info" | "/file/abc/info")) => FileInfo::parse(&reply).map(|_| ()),
        ("GET", Some("/session_version")) => VersionReply::parse(&reply).map(|_| ()),
        // No client of ours asks in the old form; what it would read is the status.
        ("POST", Some("/files")) => FileServerError::of_status(reply.code).map_or(Ok(()), Err),
        other => return Err(format!("unknown request {other:?}")),
    };
    let expected = match code {
        200 => Ok(()),
        404 => Err(FileServerError::NotFound),
        413 => Err(FileServerError::Size),
        other => Err(FileServerError::Refused(other)),
    };
    equal("meaning", outcome, expected)
}

/// A body of the form that the case describes.
fn body(answer: &Value) -> Result<Vec<u8>, String> {
    if let Some(keys) = answer["json_keys"].as_array() {
        let value_of = |key: &str| match key {
            "id" | "result" => json!("2478430809375318"),
            "size" => json!(4096),
            "status_code" => json!(200),
            _ => json!(1_775_000_000.25),
        };
        let keys = keys.iter().filter_map(Value::as_str);
        let object: Map<_, _> = keys.map(|key| (key.to_owned(), value_of(key))).collect();
        return Ok(Value::Object(object).to_string().into_bytes());
    }
    match answer {
        _ if answer["bytes"] == true => Ok(vec![0x53; 4_096]),
        _ if answer["json"].is_object() => Ok(answer["json"].to_string().into_bytes()),
        _ => Ok(text(answer, "text")?.as_bytes().to_vec()),
    }
}
