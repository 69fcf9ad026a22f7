//! `attachment_stream.json`: the deterministic encryption of files.

use blake2::Blake2bMac;
use blake2::digest::consts::U56;
use blake2::digest::{FixedOutput, KeyInit, Update};
use data_encoding::BASE64;
use protocol::account::Seed;
use protocol::attachment::DecryptError;
use protocol::attachment::stream::{self, Encryptor, Key, Secrets, SecretsHasher, Use};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::field::{Check, counted_data, equal, hex, hex_array, length, text};
use super::{CaseResult, each_case};

/// The account whose files the refusals alter.
const SEED: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// Runs the file.
pub(super) fn run(file: &Value) -> Vec<CaseResult> {
    each_case(file, |case| match text(case, "kind")? {
        "encrypted_size" => size(case),
        "deterministic_stream" => encrypted(case),
        "reject" => reject(case),
        other => Err(format!("unknown kind {other}")),
    })
}

fn size(case: &Value) -> Check {
    let len = length(case, "plain_len")?;
    equal("padding", stream::padding_len(len), length(case, "padding")?)?;
    equal(
        "length",
        stream::encrypted_len(len),
        length(case, "encrypted_len")?,
    )
}

fn encrypted(case: &Value) -> Check {
    equal(
        "rule of the data",
        text(case, "plain_rule")?,
        "byte[i] = (i*7) mod 256",
    )?;
    let plain = counted_data(length(case, "plain_len")?);
    equal(
        "data",
        Sha256::digest(&plain).to_vec(),
        hex(case, "plain_sha256")?,
    )?;
    let seed = Seed::from_hex(text(case, "seed32_hex")?).map_err(|error| error.to_string())?;
    let usage = match text(case, "domain")? {
        "attachment" => Use::Attachment,
        "profile_pic" => Use::ProfilePicture,
        other => return Err(format!("unknown use {other}")),
    };
    let derivation = text(case, "derivation")?;
    let secrets = match derivation.split(' ').next() {
        Some("keyed-personal") => {
            let mut hasher = SecretsHasher::new(&seed, usage);
            hasher.update(&plain);
            hasher.finish()
        }
        Some("domain-byte") => former_secrets(&seed, usage, &plain)?,
        _ => return Err(format!("unknown derivation {derivation}")),
    };
    equal("header", secrets.header, hex_array(case, "header24_hex")?)?;
    equal("key", *secrets.key.expose_secret(), hex_array(case, "key32_hex")?)?;

    let mut file = Vec::new();
    let mut encryptor = Encryptor::new(&secrets, plain.len(), &mut file);
    encryptor.update(&plain, &mut file);
    let key = encryptor.finish(&mut file).map_err(|error| error.to_string())?;
    equal("length", file.len(), length(case, "encrypted_len")?)?;
    equal(
        "hash",
        Sha256::digest(&file).to_vec(),
        hex(case, "encrypted_sha256")?,
    )?;
    equal("begin", file[..64].to_vec(), hex(case, "encrypted_first64_hex")?)?;
    equal(
        "end",
        file[file.len() - 32..].to_vec(),
        hex(case, "encrypted_last32_hex")?,
    )?;
    if let Some(base64) = case["encrypted_b64"].as_str() {
        equal("bytes", BASE64.encode(&file).as_str(), base64)?;
    }
    let decrypted = stream::decrypt(&key, Some(plain.len()), file).map_err(|error| error.to_string())?;
    equal("decrypted", decrypted == plain, true)
}

/// How clients of late 2025 derived secrets; receivers cannot tell the difference.
fn former_secrets(seed: &Seed, usage: Use, plain: &[u8]) -> Result<Secrets, String> {
    let domain = match usage {
        Use::Attachment => 0,
        Use::ProfilePicture => 1,
    };
    let mut hash = Blake2bMac::<U56>::new_from_slice(&[domain]).map_err(|error| error.to_string())?;
    hash.update(seed.expose_seed32());
    hash.update(plain);
    let hash = hash.finalize_fixed();
    let (header, key) = hash.split_at(24);
    Ok(Secrets {
        key: Key::from_bytes(key).ok_or("the key's length")?,
        header: header.try_into().map_err(|_| "the header's length")?,
    })
}

fn reject(case: &Value) -> Check {
    let seed = Seed::from_hex(SEED).map_err(|error| error.to_string())?;
    let (mut file, key) = stream::encrypt(&seed, Use::Attachment, &counted_data(10));
    equal("key", *key.expose_secret(), hex_array(case, "key32_hex")?)?;
    let error = match text(case, "mutate")? {
        "set byte 0 to 0x54 of enc of plain_len 10 (attachment, seed 0123..)" => {
            file[0] = 0x54;
            DecryptError::Format
        }
        "xor last byte with 1 of the same ciphertext" => {
            *file.last_mut().ok_or("the file is empty")? ^= 1;
            DecryptError::Altered
        }
        other => return Err(format!("unknown mutation: {other}")),
    };
    equal("outcome", stream::decrypt(&key, None, file), Err(error))
}
