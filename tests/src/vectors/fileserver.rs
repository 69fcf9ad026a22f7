//! `fileserver.json`: URLs, ids and commands of file servers, what they answer, and encrypted files.

use std::collections::BTreeMap;

use protocol::account::{Seed, x25519_from_ed25519};
use protocol::attachment::stream::{self, Use};
use protocol::file_server::{
    DEFAULT_SERVER_ED25519, FileEncryption, FileId, FileIdHasher, FileUrl, QuicCommand,
};
use protocol::onion::Protocol;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::field::{Check, counted_data, equal, hex, hex_array, length, text};

mod answers;
mod names;
mod served;

/// Runs one case of a group; `None` for a group it does not know.
pub(super) fn run(group: &str, case: &Value) -> Option<Check> {
    Some(match group {
        "file_id" => file_id(case),
        "download_url_parse" => url_parse(case),
        "download_url_make" => url_make(case),
        "server_keys" => server_key(case),
        "quic_commands" => quic_command(case),
        "deterministic_attachment" => encrypted(case),
        "encrypted_size" => encrypted_size(case),
        "http_answers" => answers::check(case).and_then(|()| served::check(case)),
        "ons" => names::check(case),
        _ => return None,
    })
}

fn file_id(case: &Value) -> Check {
    let data = hex(case, "data")?;
    equal("length", data.len(), length(case, "len")?)?;
    equal(
        "id",
        FileId::of_content(&data).as_str(),
        text(case, "id_http_salt_form")?,
    )?;
    let mut hasher = FileIdHasher::for_quic();
    hasher.update(&data);
    equal(
        "id over QUIC",
        hasher.finish().as_str(),
        text(case, "id_quic_key_form")?,
    )
}

fn url_parse(case: &Value) -> Check {
    let url = FileUrl::parse(text(case, "url")?).map_err(|error| error.to_string())?;
    equal("protocol", url.protocol().name(), text(case, "scheme")?)?;
    equal("host", url.host(), text(case, "host")?)?;
    let own_port = match url.protocol() {
        Protocol::Http => 80,
        Protocol::Https => 443,
    };
    let port = case["port"].as_u64().unwrap_or(own_port);
    equal("port", u64::from(url.port()), port)?;
    equal("id", url.id().as_str(), text(case, "file_id")?)?;
    let key = match case["pubkey"] {
        Value::Null => None,
        _ => Some(hex_array(case, "pubkey")?),
    };
    equal("key", url.server_key().copied(), key)?;
    let stream = url.encryption() == FileEncryption::Stream;
    equal("stream", Some(stream), case["stream"].as_bool())
}

/// Builds the URL by reading one that says everything, the default port and key included.
fn url_make(case: &Value) -> Check {
    let whole = format!(
        "{}://{}:{}/file/{}#p={}{}",
        text(case, "scheme")?,
        text(case, "host")?,
        length(case, "port")?,
        text(case, "file_id")?,
        text(case, "ed25519_pk")?,
        if case["stream"] == true { "&d" } else { "" },
    );
    let url = FileUrl::parse(&whole).map_err(|error| error.to_string())?;
    let key = Some(hex_array(case, "ed25519_pk")?).filter(|key| *key != DEFAULT_SERVER_ED25519);
    equal("key", url.server_key().copied(), key)?;
    equal("url", url.to_string().as_str(), text(case, "url")?)
}

fn server_key(case: &Value) -> Check {
    let key = x25519_from_ed25519(&hex_array(case, "ed25519_pk")?).map_err(|error| error.to_string())?;
    equal("X25519 key", key, hex_array(case, "x25519_pk")?)
}

fn quic_command(case: &Value) -> Check {
    let fields: BTreeMap<String, Value> =
        serde_json::from_value(case["command"].clone()).map_err(|error| error.to_string())?;
    let command = match fields.get("!").and_then(Value::as_str) {
        Some("PUT") => QuicCommand::Put {
            size: fields["s"].as_u64().ok_or("no size")?,
            ttl_s: fields.get("t").and_then(Value::as_u64),
        },
        Some("GET") => {
            let id = fields["#"].as_str().ok_or("no id")?;
            QuicCommand::Get(FileId::parse(id).map_err(|error| error.to_string())?)
        }
        other => return Err(format!("unknown command {other:?}")),
    };
    let written = command.encode();
    equal(
        "written",
        String::from_utf8_lossy(&written).as_ref(),
        text(case, "stream_prefix_utf8")?,
    )?;
    equal("read", QuicCommand::parse(&written), Ok((command, &[][..])))
}

fn encrypted(case: &Value) -> Check {
    equal("rule of the data", text(case, "data")?, "byte i = (7*i) mod 256")?;
    let data = counted_data(length(case, "len")?);
    let seed = Seed::from_hex(text(case, "seed")?).map_err(|error| error.to_string())?;
    let usage = match text(case, "domain")? {
        "ATTACHMENT" => Use::Attachment,
        "PROFILE_PIC" => Use::ProfilePicture,
        other => return Err(format!("unknown use {other}")),
    };
    equal(
        "padding",
        stream::padding_len(data.len()),
        length(case, "padding_len")?,
    )?;
    let (file, key) = stream::encrypt(&seed, usage, &data);
    equal("key", *key.expose_secret(), hex_array(case, "key")?)?;
    equal("header", file[1..25].to_vec(), hex(case, "header_nonce")?)?;
    equal("length", file.len(), length(case, "encrypted_len")?)?;
    equal("begin", file[..48].to_vec(), hex(case, "encrypted_first48")?)?;
    equal(
        "hash",
        Sha256::digest(&file).to_vec(),
        hex(case, "encrypted_sha256")?,
    )
}

fn encrypted_size(case: &Value) -> Check {
    let len = stream::encrypted_len(length(case, "plaintext_len")?);
    equal("length", len, length(case, "encrypted_len")?)
}
