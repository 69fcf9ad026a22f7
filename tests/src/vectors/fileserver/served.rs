//! The group `http_answers`, as our server gives them: asked the same, it answers the same.
//!
//! The server that was asked for the cases kept files of at most 6,000,000 bytes for 21 days and knew no wish for a
//! lifetime; ours is set up alike. What ours says in addition is when a file was uploaded and when it expires, which
//! later servers say as well.

use std::sync::Arc;
use std::time::Duration;

use node::{FileLimits, FileServer, NodeIdentity};
use protocol::TimestampMs;
use protocol::account::{AccountKeys, Seed};
use protocol::file_server::{FileId, FileRequest, VersionAuth};
use protocol::onion::{ServerReply, ServerRequest};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use serde_json::{Value, json};

use crate::vectors::field::{Check, equal, number, text};

const NOW: TimestampMs = TimestampMs(1_775_000_000_000);
/// What newer servers add to the answers of older ones.
const ADDED: [&str; 3] = ["expires", "uploaded", "size"];

/// Runs one case.
pub(super) fn check(case: &Value) -> Check {
    let server = server()?;
    let file = vec![0x53; 4_096];
    let known = server.handle(NOW, upload(&file));
    equal("a file before the case", known.code, 200)?;
    let id = FileId::of_content(&file);
    let mut request = ServerRequest {
        method: text(case, "method")?.to_owned(),
        endpoint: text(case, "path")?.replace("ID", id.as_str()),
        headers: [].into(),
        body: None,
    };
    give(&mut request, &case["given"])?;
    let twice = case["given"]
        .as_str()
        .is_some_and(|given| given.contains("twice"));
    if twice {
        equal(
            "the first answer",
            server.handle(NOW, request.clone()).code,
            expected_code(case)?,
        )?;
    }
    let reply = server.handle(NOW, request);
    equal("status", reply.code, expected_code(case)?)?;
    compare(&reply, &case["answer"], &file)
}

fn expected_code(case: &Value) -> Result<u16, String> {
    u16::try_from(number(case, "status")?).map_err(|error| error.to_string())
}

fn server() -> Result<FileServer, String> {
    let identity = Arc::new(NodeIdentity::generate(&mut ChaCha20Rng::from_seed([7; 32])));
    let limits = FileLimits {
        max_file_len: 6_000_000,
        lifetime: Duration::from_secs(21 * 24 * 60 * 60),
        max_lifetime: None,
        ..FileLimits::default()
    };
    FileServer::in_memory(identity, limits).map_err(|error| error.to_string())
}

fn upload(file: &[u8]) -> ServerRequest {
    let file = file.to_vec();
    FileRequest::Upload { file, ttl_s: None }.into_server_request()
}

/// Gives the request the body or the circumstance of the case.
fn give(request: &mut ServerRequest, given: &Value) -> Check {
    let Some(words) = given.as_str() else {
        let file = json!({ "file": "aGVsbG8=" });
        let body = if given["file"].is_string() { &file } else { given };
        request.body = Some(body.to_string().into_bytes());
        return Ok(());
    };
    if request.endpoint == "/file" {
        let (size, header) = match words.split_once(" bytes") {
            Some((count, "")) => (count.replace(',', "").parse().map_err(|_| words)?, None),
            _ if words == "empty" => (0, None),
            _ if words.ends_with("same bytes twice") => (100, None),
            _ => {
                let header = words.split_once(": ").or_else(|| words.split_once(' '));
                (100, Some(header.ok_or(words)?))
            }
        };
        *request = upload(&vec![1; size]);
        if let Some((name, value)) = header {
            request.headers.insert(name.to_owned(), value.to_owned());
        }
        return Ok(());
    }
    match words {
        "exists" | "unknown" | "no platform" | "unknown platform" => Ok(()),
        _ if request.endpoint.starts_with("/session_version") => sign(request, words),
        _ => Err(format!("unknown circumstance {words}")),
    }
}

fn sign(request: &mut ServerRequest, words: &str) -> Check {
    let keys = AccountKeys::from_seed(&Seed::from_bytes(&[3; 32]).map_err(|error| error.to_string())?);
    let now_s = NOW.0.unsigned_abs() / 1000;
    let timestamp_s = match words {
        "timestamp 25 h old" => now_s - 25 * 60 * 60,
        _ => now_s,
    };
    let signed = format!("{timestamp_s}{}{}", request.method, request.endpoint);
    let auth = VersionAuth {
        key: keys.ed25519_public(),
        timestamp_s,
        signature: keys.sign(signed.as_bytes()),
    };
    request.headers = auth.to_headers();
    match words {
        "timestamp 25 h old" | "same signed headers twice" => {}
        "05 in X-FS-Pubkey" => {
            let key = request.headers.get_mut("X-FS-Pubkey").ok_or("no key")?;
            key.replace_range(..2, "05");
        }
        _ => match words.strip_suffix(" left out") {
            Some(name) => {
                request.headers.remove(name).ok_or("no such header")?;
            }
            None => return Err(format!("unknown circumstance {words}")),
        },
    }
    Ok(())
}

fn compare(reply: &ServerReply, answer: &Value, file: &[u8]) -> Check {
    let kind = reply.headers.get("content-type").map(String::as_str);
    if answer["bytes"] == true {
        equal("content type", kind, answer["content_type"].as_str())?;
        return equal("the file", reply.body == file, true);
    }
    if let Some(expected) = answer["text"].as_str() {
        return equal("text", String::from_utf8_lossy(&reply.body).as_ref(), expected);
    }
    equal("content type", kind, Some("application/json"))?;
    let body: Value = serde_json::from_slice(&reply.body).map_err(|error| error.to_string())?;
    if !answer["json"].is_null() {
        return equal("body", &body, &answer["json"]);
    }
    let expected = answer["json_keys"].as_array().ok_or("no answer")?;
    let expected: Vec<&str> = expected.iter().filter_map(Value::as_str).collect();
    let object = body.as_object().ok_or("no object")?;
    for key in &expected {
        equal(key, object.contains_key(*key), true)?;
    }
    let more = object
        .keys()
        .find(|key| !expected.contains(&key.as_str()) && !ADDED.contains(&key.as_str()));
    equal("a further key", more, None)
}
