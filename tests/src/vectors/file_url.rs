//! `file_url.json`: where a file is and whose key its server has.

use protocol::file_server::{FileEncryption, FileUrl, UnknownServer};
use serde_json::Value;

use super::field::{Check, equal, hex_array, text};
use super::{CaseResult, each_case};

/// Runs the file.
pub(super) fn run(file: &Value) -> Vec<CaseResult> {
    each_case(file, check)
}

fn check(case: &Value) -> Check {
    let url = FileUrl::parse(text(case, "url")?).map_err(|error| error.to_string())?;
    if !case["error"].is_null() {
        return equal("server", url.server(), Err(UnknownServer::NoKey));
    }
    equal("id", url.id().as_str(), text(case, "file_id")?)?;
    let stream = url.encryption() == FileEncryption::Stream;
    equal("stream", Some(stream), case["deterministic"].as_bool())?;
    let expected: [u8; 32] = hex_array(case, "server_ed25519_pk_hex")?;
    if case["id"] == "url-p-only" {
        // The case's key is not a point of the curve: read, but nothing can be sent to it.
        equal("key", url.server_key(), Some(&expected))?;
        return equal("usable", matches!(url.server(), Err(UnknownServer::Key(_))), true);
    }
    let server = url.server().map_err(|error| error.to_string())?;
    equal("key", server.ed25519(), &expected)
}
