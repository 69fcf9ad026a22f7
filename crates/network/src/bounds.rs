//! How much of a node's answer is taken, and how much of it is made into values.
//!
//! A few bytes of JSON can become hundreds of bytes of values, and deep nesting a deep stack, so that an answer is looked
//! over before it is parsed. Spec: network §8 (NET-45, NET-46)

#![deny(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use protocol::storage::Request;
use serde_json::Value;

/// Longest answer with messages in it: a node gives 7,800,000 bytes of them, which base64 makes 10,400,000, and some.
const MAX_PAGE_LEN: usize = 11 * 1024 * 1024;
/// Longest list of nodes, from a relay or a seed: some 2,000 relays take under 1 MiB.
pub(crate) const MAX_LIST_LEN: usize = 8 * 1024 * 1024;
/// Longest answer of other kinds: what each member of a swarm says of some thousand hashes.
const MAX_ANSWER_LEN: usize = 4 * 1024 * 1024;
/// Deepest nesting of objects and lists; the protocol's answers have six.
const MAX_DEPTH: usize = 16;
/// Most objects and lists: a page of the shortest messages has 55,000.
const MAX_CONTAINERS: usize = 64_000;
/// Most commas and colons: such a page has 440,000.
const MAX_SEPARATORS: usize = 512_000;

/// Longest answer to a request that is taken, encrypted and in base64.
pub(crate) fn max_reply_len(request: &Request) -> usize {
    match request {
        Request::Retrieve(_) | Request::IfElse(_) => MAX_PAGE_LEN,
        Request::Batch(requests) | Request::Sequence(requests) => {
            requests.iter().map(max_reply_len).max().unwrap_or(MAX_ANSWER_LEN)
        }
        Request::ActiveNodes | Request::OxendRequest(_) => MAX_LIST_LEN,
        // Whatever else there is, or comes, tells of messages and does not bring them.
        _ => MAX_ANSWER_LEN,
    }
}

/// Parses JSON of bounded depth and number of values; `None` for more, and for what is no JSON.
pub(crate) fn parse_json(text: &[u8]) -> Option<Value> {
    if is_modest(text) {
        serde_json::from_slice(text).ok()
    } else {
        None
    }
}

/// Counts what makes values. What is no JSON may be counted wrong; it does not parse.
fn is_modest(text: &[u8]) -> bool {
    let (mut depth, mut containers, mut separators) = (0_usize, 0_usize, 0_usize);
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => skip_string(&mut bytes),
            b'{' | b'[' => {
                depth = depth.saturating_add(1);
                containers = containers.saturating_add(1);
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b',' | b':' => separators = separators.saturating_add(1),
            _ => {}
        }
        if depth > MAX_DEPTH || containers > MAX_CONTAINERS || separators > MAX_SEPARATORS {
            return false;
        }
    }
    true
}

/// Goes on to behind the quote that ends a string.
fn skip_string(bytes: &mut std::slice::Iter<'_, u8>) {
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return,
            b'\\' => {
                bytes.next();
            }
            _ => {}
        }
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
mod tests {
    use protocol::storage::replies::{Retrieved, RetrievedMessage, Stamp};
    use protocol::storage::{Namespace, compute_hash};
    use protocol::{TimestampMs, account::AccountId};

    use super::*;

    #[test]
    fn net_46_nesting_is_bounded() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse_json(nested(MAX_DEPTH).as_bytes()).is_some());
        assert_eq!(parse_json(nested(MAX_DEPTH + 1).as_bytes()), None);
        assert_eq!(parse_json("[".repeat(1_000_000).as_bytes()), None);
        assert_eq!(parse_json("{\"a\":".repeat(1_000_000).as_bytes()), None);
    }

    #[test]
    fn net_46_the_number_of_values_is_bounded() {
        let list = |item: &str, count: usize| format!("[{}]", vec![item; count].join(","));
        assert!(parse_json(list("{}", MAX_CONTAINERS - 1).as_bytes()).is_some());
        assert_eq!(parse_json(list("{}", MAX_CONTAINERS).as_bytes()), None);
        assert!(parse_json(list("0", MAX_SEPARATORS + 1).as_bytes()).is_some());
        assert_eq!(parse_json(list("0", MAX_SEPARATORS + 2).as_bytes()), None);
    }

    #[test]
    fn net_46_what_stands_in_strings_does_not_count() {
        let text = format!(r#"{{"a\"{}\\":"{}"}}"#, "[".repeat(100), "{,:".repeat(1_000_000));
        assert!(parse_json(text.as_bytes()).is_some());
        for broken in [r#"{"a"#, r#"{"a\"#, "]", "", "}{"] {
            assert_eq!(parse_json(broken.as_bytes()), None);
        }
    }

    #[test]
    fn net_46_a_full_page_of_the_shortest_messages_is_taken() {
        let mut bytes = [5; 33];
        bytes[1] = 1;
        let account = AccountId::from_bytes(bytes);
        let message = |_| RetrievedMessage {
            hash: compute_hash(account, Namespace(0), b""),
            timestamp: TimestampMs(1_775_000_000_000),
            expiry: TimestampMs(1_775_000_000_000),
            data: Vec::new(),
        };
        // Each counts 100 bytes, and the 43 of its hash.
        let page = Retrieved {
            messages: (0..7_800_000 / 143).map(message).collect(),
            more: true,
        };
        let stamp = Stamp {
            now: TimestampMs(1_775_000_000_000),
            hf: [19, 4],
        };
        let text = page.to_json(stamp).to_string();
        assert!(parse_json(text.as_bytes()).is_some());
        let escaped = serde_json::to_string(&text).unwrap();
        assert!(data_encoding::BASE64.encode_len(escaped.len() + 100) < MAX_PAGE_LEN);
    }

    #[test]
    fn net_45_only_what_asks_for_messages_may_be_answered_at_length() {
        let account = AccountId::from_bytes([5; 33]);
        assert_eq!(max_reply_len(&Request::Info), MAX_ANSWER_LEN);
        assert_eq!(max_reply_len(&Request::ActiveNodes), MAX_LIST_LEN);
        let batch = |requests| max_reply_len(&Request::Batch(requests));
        assert_eq!(
            batch(vec![Request::Info, Request::GetSwarm(account)]),
            MAX_ANSWER_LEN
        );
        let retrieve = Request::Retrieve(protocol::storage::Retrieve {
            account,
            namespace: Namespace(0),
            last_hash: None,
            max_count: None,
            max_size: None,
            proof: None,
        });
        assert_eq!(batch(vec![Request::Info, retrieve]), MAX_PAGE_LEN);
    }
}
