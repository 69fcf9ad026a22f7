//! One entry for each decoder of outside bytes.
//!
//! Owns: which decoders there are and what must hold when one accepts its input. The fuzz targets in `fuzz/` call an
//! entry with what the fuzzer invents; a test replays the kept inputs in `fuzz/corpus`, and mutations of them, on
//! every run. An entry panics when a rule is broken and returns nothing otherwise.

mod account;
mod backup;
mod config;
mod file;
mod message;
mod nearby;
mod onion;
mod storage;

/// A decoder's entry.
pub type Entry = fn(&[u8]);

/// Every entry under the name of its fuzz target and of its folder in the corpus.
pub const ENTRIES: &[(&str, Entry)] = &[
    ("account_id", account::account_id),
    ("recovery_phrase", account::recovery_phrase),
    ("content", message::content),
    ("payload", message::payload),
    ("sealed_box", message::sealed_box),
    ("padding", message::padding),
    ("bencode", storage::bencode),
    ("storage_request", storage::request),
    ("storage_command", storage::command),
    ("storage_reply", storage::reply),
    ("storage_push", storage::push),
    ("storage_monitor", storage::monitor),
    ("node_list", storage::node_list),
    ("onion_body", onion::body),
    ("onion_layer", onion::layer),
    ("onion_reply", onion::reply),
    ("onion_peer", onion::peer),
    ("onion_server_list", onion::server_list),
    ("onion_error", onion::error),
    ("attachment_legacy", file::attachment_legacy),
    ("attachment_stream", file::attachment_stream),
    ("attachment_pointer", file::pointer),
    ("profile_picture", file::profile_picture),
    ("file_url", file::url),
    ("file_request", file::request),
    ("file_answer", file::answer),
    ("file_quic_command", file::quic_command),
    ("backup_file", backup::file),
    ("backup_records", backup::records),
    ("nearby_announcement", nearby::announcement),
    ("nearby_first", nearby::first),
    ("nearby_frame", nearby::frame),
    ("config_message", config::message),
    ("config_stored", config::stored),
    ("config_dump", config::dump),
    ("community_url", config::community_url),
];

/// The entry of a name.
pub fn entry(name: &str) -> Option<Entry> {
    ENTRIES
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, entry)| *entry)
}
