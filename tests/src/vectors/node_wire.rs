//! `node_wire.json`: what nodes send each other and their subscribers, and the framing on a QUIC stream.

use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::storage::peer::{Notification, PushedMessage, encode_push, parse_push};
use protocol::storage::stream::{StreamDecoder, StreamMessage};
use protocol::storage::{Access, MessageHash, Namespace, Request};
use serde_json::Value;

use super::field::{Check, equal, hex, number, text};
use super::storage_signatures::proof_of;

/// Runs one case of a group.
pub(super) fn run(group: &str, case: &Value) -> Option<Check> {
    Some(match group {
        "quic_stream" => quic_stream(case),
        "sn_data" => sn_data(case),
        "forwarded" => forwarded(case),
        "notify" => notify(case),
        _ => return None,
    })
}

fn account(case: &Value, name: &str) -> Result<AccountId, String> {
    text(case, name)?
        .parse()
        .map_err(|error| format!("{name}: {error}"))
}

fn namespace(value: &Value) -> Result<Namespace, String> {
    let n = value.as_i64().ok_or("a namespace is no number")?;
    i16::try_from(n).map(Namespace).map_err(|error| error.to_string())
}

fn quic_stream(case: &Value) -> Check {
    let parts = case["message"].as_array().ok_or("message is no list")?;
    let item = |index: usize| parts.get(index).unwrap_or(&Value::Null);
    let id = item(1).as_i64().ok_or("no id")?;
    let bytes = |index: usize| {
        let text = item(index).as_str().ok_or("no body")?;
        data_encoding::HEXLOWER
            .decode(text.as_bytes())
            .map_err(|error| error.to_string())
    };
    let message = match item(0).as_str() {
        Some("C") => StreamMessage::Command {
            id,
            endpoint: item(2).as_str().ok_or("no endpoint")?.to_owned(),
            body: bytes(3)?,
        },
        Some("R") => StreamMessage::Reply { id, body: bytes(2)? },
        Some("E") => StreamMessage::Error { id, body: bytes(2)? },
        other => return Err(format!("unknown kind {other:?}")),
    };
    let encoded = hex(case, "stream_bytes_hex")?;
    equal("encoded", message.encode(), encoded.clone())?;
    let mut decoder = StreamDecoder::default();
    for (count, byte) in encoded.iter().enumerate() {
        if decoder
            .poll_message()
            .map_err(|error| error.to_string())?
            .is_some()
        {
            return Err(format!("a message after {count} bytes"));
        }
        decoder.handle_bytes(&[*byte]);
    }
    equal("decoded", decoder.poll_message(), Ok(Some(message)))
}

fn sn_data(case: &Value) -> Check {
    let messages = case["messages"].as_array().ok_or("messages is no list")?;
    let message = |message: &Value| -> Result<PushedMessage, String> {
        Ok(PushedMessage {
            account: account(message, "pubkey")?,
            hash: hex(message, "hash_hex")?,
            timestamp: TimestampMs(number(message, "timestamp")?),
            expiry: TimestampMs(number(message, "expiry")?),
            data: hex(message, "data_hex")?,
            namespace: match &message["namespace"] {
                Value::Null => None,
                given => Some(namespace(given)?),
            },
        })
    };
    let messages: Vec<_> = messages.iter().map(message).collect::<Result<_, _>>()?;
    let encoded = hex(case, "encoded_hex")?;
    equal("encoded", encode_push(&messages), encoded.clone())?;
    equal("parsed", parse_push(&encoded), Ok(messages))
}

fn forwarded(case: &Value) -> Check {
    let payload = hex(case, "payload_bencoded_hex")?;
    let request =
        Request::parse_forwarded(text(case, "command")?, &payload).map_err(|error| error.to_string())?;
    let (account, authorization, signed_bytes) = proof_of(&request).ok_or("has no signature")?;
    equal(
        "verified",
        authorization.verify(account, Access::NONE, &signed_bytes, |_| false),
        true,
    )?;
    equal("encoded", request.to_forwarded(), Some(payload))
}

fn notify(case: &Value) -> Check {
    let fields = &case["fields"];
    let notification = Notification {
        account: account(fields, "@")?,
        hash: MessageHash::parse(text(fields, "h")?.as_bytes()).ok_or("h is no hash")?,
        namespace: namespace(&fields["n"])?,
        timestamp: TimestampMs(number(fields, "t")?),
        expiry: TimestampMs(number(fields, "z")?),
        data: if fields["~"].is_null() {
            None
        } else {
            Some(hex(fields, "~")?)
        },
    };
    let encoded = hex(case, "encoded_hex")?;
    equal("encoded", notification.encode(), encoded.clone())?;
    equal("parsed", Notification::parse(&encoded), Ok(notification))
}
