//! Single formats: bencode, compression, encryption, signatures, parts, addresses, revisions and their merges.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use ed25519_dalek::SigningKey;
use protocol::TimestampMs;
use protocol::account::{AccountId, AccountKeys};
use protocol::config::community_url::CommunityRoom;
use protocol::config::contacts::{Contact, contact, contacts, set_contact};
use protocol::config::{
    Authority, Config, ConfigType, Dict, Merged, Revision, compress, decompress, decrypt, encode_dict,
    encrypt, merge, padded_len, parse_dict,
};
use protocol::storage::compute_hash;
use serde_json::Value;

use super::super::CaseResult;
use super::super::field::{Check, equal, hex, hex_array, keys, length, number, text};
use super::{case_name, same_bytes, typed, typed_dict};

/// Values are tried as the only one of a dictionary: that is the form in which they travel.
pub(super) fn bencode(case: &Value) -> Check {
    if let Ok(message) = text(case, "config_message_ascii") {
        let parsed = Revision::parse(message.as_bytes(), &Authority::Unsigned);
        return match parsed {
            Err(_) if case["expect_error"].is_string() => Ok(()),
            other => Err(format!("parsed as {other:?}")),
        };
    }
    let value = typed(&case["data"])?;
    let encoded = hex(case, "encoded")?;
    same_bytes("text", &encoded, text(case, "ascii")?.as_bytes())?;
    let within = [b"d1:k".as_slice(), &encoded, b"e"].concat();
    let dict = Dict::from([(b"k".to_vec(), value)]);
    same_bytes("encoded", &encode_dict(&dict), &within)?;
    equal("parsed", parse_dict(&within), Ok(dict))
}

/// Only level 1 is written; what any level wrote is read.
pub(super) fn compression(case: &Value) -> Check {
    let (plain, result) = (hex(case, "plain")?, hex(case, "result")?);
    if number(case, "level")? == 1 {
        same_bytes("compressed", &compress(&plain), &result)?;
    }
    if result.starts_with(b"z") {
        equal("decompressed", decompress(&result), Some(plain))?;
    }
    Ok(())
}

pub(super) fn encryption(case: &Value) -> Check {
    if let Some(sizes) = case["args_size_overhead_result"].as_array() {
        for size in sizes {
            let at = |index: usize| length(&serde_json::json!({ "n": size[index] }), "n");
            equal("padded length", padded_len(at(0)?, at(1)?), at(2)?)?;
        }
        return Ok(());
    }
    let (plain, key, domain) = (
        hex(case, "plaintext")?,
        hex_array(case, "key")?,
        text(case, "domain")?,
    );
    let sealed = encrypt(&plain, &key, domain).map_err(|error| error.to_string())?;
    equal("ciphertext", &sealed, &hex(case, "ciphertext")?)?;
    equal("nonce", sealed.ends_with(&hex(case, "nonce")?), true)?;
    equal("decrypted", decrypt(&sealed, &key, domain), Ok(plain))
}

pub(super) fn signature(case: &Value) -> Check {
    let secret: [u8; 64] = hex_array(case, "secret_key")?;
    let key = SigningKey::from_keypair_bytes(&secret).map_err(|error| error.to_string())?;
    let reader = Authority::Reader(key.verifying_key().to_bytes());
    let admin = Authority::Admin(Box::new(key));
    let unsigned = [hex(case, "signed_bytes")?.as_slice(), b"e"].concat();
    let revision = Revision::parse(&unsigned, &Authority::Unsigned).map_err(|error| error.to_string())?;
    let signed = revision.to_bytes(&admin);
    equal("signed", &signed, &hex(case, "serialized")?)?;
    equal("hash", revision.id(&admin).hash, hex_array(case, "hash")?)?;
    let end = signed.len() - 1;
    equal("signature", &signed[end - 64..end], &hex(case, "signature")?)?;
    let read = Revision::parse(&signed, &reader).map_err(|error| error.to_string())?;
    equal("a reader's copy", &read.to_bytes(&reader), &signed)?;
    equal(
        "unsigned is refused",
        Revision::parse(&unsigned, &reader).is_err(),
        true,
    )?;
    for bit in (end - 64) * 8..end * 8 {
        let mut changed = signed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        equal(
            "a changed bit is refused",
            Revision::parse(&changed, &reader).is_err(),
            true,
        )?;
    }
    Ok(())
}

pub(super) fn parts(case: &Value) -> Check {
    match case["name"].as_str() {
        Some("dump_stub_for_done_set") => done_stub(),
        Some(name) if name.starts_with("contacts_") => many_contacts(case),
        other => Err(format!("unknown case {other:?}")),
    }
}

/// As many contacts as the case's name says, made by the rule that it gives.
fn many_contacts(case: &Value) -> Check {
    let count: u32 = text(case, "name")?
        .trim_start_matches("contacts_")
        .parse()
        .map_err(|_| "how many contacts?")?;
    let account = keys(case, "account_seed")?;
    let mut config = crowded(&account, count)?;
    let push = config.push(TimestampMs(0)).ok_or("too large")?;
    let sizes: Vec<_> = push.messages.iter().map(Vec::len).collect();
    equal("parts", sizes.len(), length(case, "parts")?)?;
    let expected: Vec<usize> =
        serde_json::from_value(case["part_sizes"].clone()).map_err(|error| error.to_string())?;
    equal("sizes", sizes, expected)?;
    // Another device takes them in any order, some of them twice.
    let mut other = Config::new(ConfigType::Contacts, &account);
    for message in push.messages.iter().rev().chain(&push.messages) {
        let hash = compute_hash(account.account_id(), ConfigType::Contacts.namespace(), message);
        other.merge([(hash, message.as_slice())], TimestampMs(0));
    }
    equal(
        "contacts",
        contacts(&other).count(),
        usize::try_from(count).unwrap_or_default(),
    )?;
    equal("data", other.data() == config.data(), true)?;
    equal("hashes", other.current_hashes().len(), push.messages.len())
}

fn crowded(account: &AccountKeys, count: u32) -> Result<Config, String> {
    let mut config = Config::new(ConfigType::Contacts, account);
    for index in 0..count {
        let [.., high, low] = index.to_be_bytes();
        let mut seed = [0; 32];
        seed[0] = low;
        seed[1] = high;
        let key = SigningKey::from_bytes(&seed)
            .verifying_key()
            .to_montgomery()
            .to_bytes();
        let id = AccountId::account(key);
        let one = Contact {
            nickname: format!("My friend {index}"),
            approved: true,
            approved_me: true,
            ..Contact::new(id)
        };
        set_contact(&mut config, &one);
        equal("read back", contact(&config, id), Some(one))?;
    }
    Ok(config)
}

/// A whole that is known is remembered without its parts.
fn done_stub() -> Check {
    let account = AccountKeys::from_seed(
        &protocol::account::Seed::from_hex("0123456789abcdef0123456789abcdef")
            .map_err(|error| error.to_string())?,
    );
    let mut config = crowded(&account, 6_000)?;
    let now = TimestampMs(1_700_000_000_000);
    let push = config.push(now).ok_or("too large")?;
    equal("is in parts", push.messages.len() > 1, true)?;
    let dump = config.dump();
    let expires = now.0 + 14 * 24 * 3_600_000;
    let stub = format!("d1:#i0e1:Ti{expires}ee");
    equal(
        "stub",
        HEXLOWER.encode(&dump).contains(&HEXLOWER.encode(stub.as_bytes())),
        true,
    )
}

pub(super) fn community_url(case: &Value) -> Check {
    let url = text(case, "url")?;
    let room = match CommunityRoom::parse(url) {
        Err(error) if case["base"].is_string() => return Err(error.to_string()),
        Err(_) => return Ok(()),
        Ok(room) => room,
    };
    equal("base", room.base_url(), text(case, "base")?)?;
    equal("room", room.token(), text(case, "room_norm")?)?;
    equal("room as given", room.name(), text(case, "room_as_given")?)?;
    equal("key", *room.key(), hex_array(case, "pubkey")?)?;
    equal("again", CommunityRoom::parse(&room.url()).ok(), Some(room))
}

/// Each case is read and written again, and made from the one before where it is a later revision of it.
pub(super) fn messages(file: &Value) -> Vec<CaseResult> {
    let cases = file["cases"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut before: Option<Revision> = None;
    let mut results = Vec::new();
    for (index, case) in cases.iter().enumerate() {
        let outcome = message(case, before.as_ref());
        before = hex(case, "serialized")
            .ok()
            .and_then(|bytes| Revision::parse(&bytes, &Authority::Unsigned).ok());
        results.push(CaseResult {
            name: case_name(case, index),
            outcome,
        });
    }
    results
}

fn message(case: &Value, before: Option<&Revision>) -> Check {
    let bytes = hex(case, "serialized")?;
    let data = typed_dict(&case["data"])?;
    let seqno = number(case, "seqno")?;
    let parsed = Revision::parse(&bytes, &Authority::Unsigned).map_err(|error| error.to_string())?;
    equal("seqno", parsed.seqno(), seqno)?;
    equal("data", parsed.data(), &data)?;
    same_bytes("written again", &parsed.to_bytes(&Authority::Unsigned), &bytes)?;
    equal(
        "hash",
        parsed.id(&Authority::Unsigned).hash,
        hex_array(case, "hash")?,
    )?;
    let made = match before {
        Some(before) if (1..=5).contains(&(seqno - before.seqno())) => {
            let empty = (before.seqno() + 1..seqno).fold(before.clone(), |revision, _| {
                revision.revise(revision.data().clone(), &Authority::Unsigned)
            });
            empty.revise(data, &Authority::Unsigned)
        }
        _ => Revision::first(seqno, data),
    };
    same_bytes("made", &made.to_bytes(&Authority::Unsigned), &bytes)
}

pub(super) fn merging(case: &Value) -> Check {
    let inputs = case["inputs"].as_array().ok_or("no inputs")?;
    let inputs: Result<Vec<_>, String> = inputs
        .iter()
        .map(|input| {
            let bytes = hex(&serde_json::json!({ "input": input }), "input")?;
            let revision =
                Revision::parse(&bytes, &Authority::Unsigned).map_err(|error| error.to_string())?;
            let id = revision.id(&Authority::Unsigned);
            Ok((revision, id))
        })
        .collect();
    let inputs = inputs?;
    let mut orders: Vec<Vec<usize>> = vec![(0..inputs.len()).collect(), (0..inputs.len()).rev().collect()];
    orders.extend((1..inputs.len()).map(|by| {
        (0..inputs.len())
            .map(|index| (index + by) % inputs.len())
            .collect()
    }));
    let mut seen = BTreeMap::new();
    for order in orders {
        let revisions: Vec<_> = order
            .iter()
            .map(|index| (&inputs[*index].0, inputs[*index].1))
            .collect();
        let merged = merge(&revisions, &Authority::Unsigned).ok_or("nothing to merge")?;
        let (was_merged, index, revision) = match merged {
            Merged::Chosen(index) => (false, order.get(index).copied(), revisions[index].0.clone()),
            Merged::Resolved(revision) => (true, None, *revision),
        };
        equal("merged", Some(was_merged), case["merged"].as_bool())?;
        if let Some(expected) = case["expect_unmerged_index"].as_u64() {
            equal("which", index.map(|index| index as u64), Some(expected))?;
        }
        equal("seqno", revision.seqno(), number(case, "seqno")?)?;
        equal("data", revision.data(), &typed_dict(&case["data"])?)?;
        let bytes = revision.to_bytes(&Authority::Unsigned);
        if case["serialized"].is_string() {
            same_bytes("merged", &bytes, &hex(case, "serialized")?)?;
        }
        equal(
            "hash",
            revision.id(&Authority::Unsigned).hash,
            hex_array(case, "hash")?,
        )?;
        seen.insert(bytes, ());
    }
    equal("results of all orders", seen.len(), 1)
}

/// The whole data of a config, as a case describes it.
pub(super) fn same_data(config: &Config, case: &Value) -> Check {
    let expected = typed_dict(&case["data"])?;
    same_bytes(
        "encoded",
        &encode_dict(config.data()),
        &hex(case, "encoded_data")?,
    )?;
    equal("data", config.data(), &expected)
}
