//! `message_v1.json`: padding, sign-then-seal, envelope, refusals and storage hashes.

use data_encoding::BASE64;
use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::message::content::Content;
use protocol::message::envelope::{UnopenedMessage, WebSocketMessage, WebSocketRequest, wrap_with};
use protocol::message::padding::{pad, unpad};
use protocol::message::sealed_box::EphemeralSecret;
use protocol::message::{VerifiedMessage, signed_box};
use protocol::storage::{Namespace, compute_hash};
use serde_json::Value;

use super::field::{Check, equal, hex, hex_array, keys, number, text};
use super::{CaseResult, each_case};

/// Runs the file.
pub(super) fn run(file: &Value) -> Vec<CaseResult> {
    each_case(file, |case| match text(case, "kind")? {
        "padding" => padding(case),
        "unpadding" => equal(
            "plain",
            unpad(&hex(case, "padded_hex")?).to_vec(),
            hex(case, "plain_hex")?,
        ),
        "sealed_deterministic_ephemeral" => sealed_deterministically(case),
        "full_1o1" => full(case),
        "reject" => reject(case),
        "accept" => accept(case),
        "storage_message_hash" => {
            let owner = AccountId::from_bytes(hex_array(case, "pubkey33_hex")?);
            let namespace = i16::try_from(number(case, "namespace")?).map_err(|error| error.to_string())?;
            storage_hash(&owner, namespace, &hex(case, "data_hex")?, text(case, "hash")?)
        }
        other => Err(format!("unknown kind {other}")),
    })
}

fn padding(case: &Value) -> Check {
    let length = usize::try_from(number(case, "plain_len")?).map_err(|error| error.to_string())?;
    let plain = vec![b'x'; length];
    let padded = pad(plain.clone());
    equal(
        "length",
        padded.len() as i64,
        number(case, "padded_len_official_apr2026")?,
    )?;
    equal("mark", padded.get(length).copied(), Some(0x80))?;
    equal("zeros", padded[length + 1..].iter().all(|byte| *byte == 0), true)?;
    equal("unpadded", unpad(&padded), &plain)
}

fn sealed_deterministically(case: &Value) -> Check {
    let (author, recipient) = (
        keys(case, "sender_seed32_hex")?,
        keys(case, "recipient_seed32_hex")?,
    );
    equal(
        "author",
        author.account_id().to_hex().as_str(),
        text(case, "sender_account_id")?,
    )?;
    equal(
        "recipient",
        recipient.account_id().to_hex().as_str(),
        text(case, "recipient_account_id")?,
    )?;
    let message = hex(case, "message_hex")?;
    let ephemeral = signed_box::deterministic_ephemeral(&author, recipient.x25519_public(), &message);
    let sealed = signed_box::seal_with(&ephemeral, &author, recipient.x25519_public(), &message)
        .map_err(|error| error.to_string())?;
    equal("ciphertext", sealed, hex(case, "ciphertext_hex")?)?;
    let opened =
        signed_box::open(&recipient, &hex(case, "ciphertext_hex")?).map_err(|error| error.to_string())?;
    equal("opened", opened.content.to_vec(), message)?;
    equal("proven author", opened.author, author.account_id())?;
    equal(
        "proven key",
        opened.author_ed25519,
        hex_array(case, "sender_ed25519_pk_hex")?,
    )
}

fn full(case: &Value) -> Check {
    let (author, recipient) = (
        keys(case, "sender_seed16_hex")?,
        keys(case, "recipient_seed16_hex")?,
    );
    let content = hex(case, "content_hex")?;
    let padded = pad(content.clone());
    equal("padded", &padded, &hex(case, "padded_hex")?)?;
    let ephemeral = EphemeralSecret::from_bytes(hex_array(case, "ephemeral_sk_hex")?);
    let sealed = signed_box::seal_with(&ephemeral, &author, recipient.x25519_public(), &padded)
        .map_err(|error| error.to_string())?;
    equal("sealed", &sealed, &hex(case, "sealed_hex")?)?;

    let sent_at = TimestampMs(number(case, "timestamp_ms")?);
    let payload = hex(case, "websocket_hex")?;
    // Cases without a second signature are of older clients, whose outer layers are read but never written.
    if case["pro_sig_hex"].is_string() {
        let wrapped = wrap_with(&hex_array(case, "pro_sig_hex")?, sent_at, sealed.clone());
        equal("payload", &wrapped, &payload)?;
    }
    equal(
        "base64",
        BASE64.encode(&payload).as_str(),
        text(case, "data_b64")?,
    )?;
    let unopened = UnopenedMessage::parse(&payload).map_err(|error| error.to_string())?;
    equal("claimed time", unopened.claimed_sent_at(), sent_at)?;
    equal("sealed within", unopened.sealed(), &sealed[..])?;
    let opened = signed_box::open(&recipient, unopened.sealed()).map_err(|error| error.to_string())?;
    equal("author", opened.author, author.account_id())?;
    let bytes = unpad(&opened.content).to_vec();
    equal("content", &bytes, &content)?;
    equal(
        "content written again",
        Content::parse(&bytes).map(|content| content.to_bytes()),
        Ok(content),
    )?;
    // Some cases carry filler whose kind no client acts upon; all others open as messages.
    match VerifiedMessage::open(&recipient, &payload) {
        Ok(message) => equal(
            "sent at",
            (message.author, message.sent_at),
            (author.account_id(), sent_at),
        )?,
        Err(error) => return Err(format!("refused: {error}")),
    }
    storage_hash(
        &recipient.account_id(),
        0,
        &payload,
        text(case, "storage_message_hash_ns0")?,
    )
}

fn reject(case: &Value) -> Check {
    let recipient = keys(case, "recipient_seed16_hex")?;
    let refused = if case.get("sealed_hex").is_some() {
        signed_box::open(&recipient, &hex(case, "sealed_hex")?)
            .err()
            .map(|error| error.to_string())
    } else {
        VerifiedMessage::open(&recipient, &payload(case)?)
            .err()
            .map(|error| error.to_string())
    };
    refused
        .map(|_| ())
        .ok_or_else(|| format!("accepted, although {}", case["reason"]))
}

fn accept(case: &Value) -> Check {
    let recipient = keys(case, "recipient_seed16_hex")?;
    let sealed = match case.get("sealed_hex") {
        Some(_) => hex(case, "sealed_hex")?,
        None => {
            VerifiedMessage::open(&recipient, &payload(case)?)
                .map_err(|error| format!("refused: {error}"))?;
            UnopenedMessage::parse(&payload(case)?)
                .map_err(|error| error.to_string())?
                .sealed()
                .to_vec()
        }
    };
    let opened = signed_box::open(&recipient, &sealed).map_err(|error| format!("refused: {error}"))?;
    equal(
        "author",
        opened.author.to_hex().as_str(),
        text(case, "sender_account_id")?,
    )?;
    equal("opened", opened.content.to_vec(), hex(case, "opened_hex")?)
}

/// The case's payload: as it is, or wrapped around its envelope.
fn payload(case: &Value) -> Result<Vec<u8>, String> {
    if case.get("envelope_hex").is_none() {
        return hex(case, "websocket_hex");
    }
    let request = WebSocketRequest {
        body: Some(hex(case, "envelope_hex")?),
        ..WebSocketRequest::default()
    };
    let message = WebSocketMessage {
        r#type: Some(1),
        request: Some(request),
    };
    Ok(message.to_bytes())
}

fn storage_hash(owner: &AccountId, namespace: i16, data: &[u8], theirs: &str) -> Check {
    equal(
        "storage hash",
        compute_hash(*owner, Namespace(namespace), data).as_str(),
        theirs,
    )
}
