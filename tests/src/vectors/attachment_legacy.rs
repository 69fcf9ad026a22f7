//! `attachment_legacy.json`: attachments under AES-CBC with a MAC, and profile pictures under AES-GCM.

use protocol::attachment::{legacy, picture};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::field::{Check, counted_data, equal, hex, hex_array, length, text};
use super::scripted::Scripted;
use super::{CaseResult, each_case};

/// Runs the file.
pub(super) fn run(file: &Value) -> Vec<CaseResult> {
    each_case(file, |case| {
        equal(
            "rule of the data",
            text(case, "plain_rule")?,
            "byte[i] = (i*7) mod 256",
        )?;
        match text(case, "kind")? {
            "legacy_attachment" => attachment(case),
            "profile_pic_aes_gcm" => profile_picture(case),
            other => Err(format!("unknown kind {other}")),
        }
    })
}

fn attachment(case: &Value) -> Check {
    let plain = counted_data(length(case, "plain_len")?);
    equal(
        "padded length",
        legacy::padded_len(plain.len()),
        length(case, "padded_len")?,
    )?;
    let key = hex(case, "key64_hex")?;
    let script = [&key[..], &hex(case, "iv_hex")?].concat();
    let (encrypted, secrets) = legacy::encrypt(&mut Scripted::new(&script), &plain);
    equal("key", &secrets.key.expose_secret()[..], &key)?;
    encrypted_file(case, &encrypted)?;
    equal(
        "announced length",
        legacy::encrypted_len(plain.len()),
        encrypted.len(),
    )?;
    equal(
        "mac",
        encrypted[encrypted.len() - 32..].to_vec(),
        hex(case, "mac_hex")?,
    )?;
    equal("digest", secrets.digest, hex_array(case, "digest_hex")?)?;

    let mut in_pieces = Vec::new();
    let mut decryptor = legacy::Decryptor::new(secrets.clone(), plain.len());
    encrypted
        .chunks(1_000)
        .for_each(|piece| decryptor.update(piece, &mut in_pieces));
    decryptor
        .finish(&mut in_pieces)
        .map(|_complete| ())
        .map_err(|error| error.to_string())?;
    equal("decrypted in pieces", in_pieces == plain, true)?;
    let decrypted = legacy::decrypt(&secrets, plain.len(), encrypted).map_err(|error| error.to_string())?;
    equal("decrypted", decrypted == plain, true)
}

fn profile_picture(case: &Value) -> Check {
    let plain = counted_data(length(case, "plain_len")?);
    let key = picture::PictureKey::from_bytes(&hex(case, "key32_hex")?).ok_or("the key's length")?;
    let mut script = Scripted::new(&hex(case, "nonce_hex")?);
    let encrypted = picture::encrypt(&mut script, &key, &plain);
    encrypted_file(case, &encrypted)?;
    let decrypted = picture::decrypt(&key, encrypted).map_err(|error| error.to_string())?;
    equal("decrypted", decrypted == plain, true)
}

/// Compares what was encrypted with everything that the case says about it.
fn encrypted_file(case: &Value, encrypted: &[u8]) -> Check {
    equal("length", encrypted.len(), length(case, "encrypted_len")?)?;
    let hash = Sha256::digest(encrypted).to_vec();
    equal("hash", hash, hex(case, "encrypted_sha256")?)?;
    match case["encrypted_hex"] {
        Value::Null => Ok(()),
        _ => equal("bytes", encrypted, &hex(case, "encrypted_hex")?),
    }
}
