//! Round trips of every request, and what becomes of damaged ones.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::samples::{any_request, recursive};
use super::*;
use crate::bencode::{self, Limits};

proptest! {
    #[test]
    fn sto_40_requests_survive_json(request in any_request()) {
        let body = request.to_json().to_string();
        prop_assert_eq!(Request::parse(body.as_bytes()), Ok(request));
    }

    #[test]
    fn sto_60_requests_survive_being_passed_on(request in recursive()) {
        let payload = request.to_forwarded().unwrap();
        prop_assert_eq!(Request::parse_forwarded(request.method(), &payload), Ok(request));
        bencode::parse(&payload, Limits::default()).unwrap();
    }

    #[test]
    fn sto_42_bare_commands_take_both_forms(request in recursive()) {
        let json = serde_json::Value::Object(request.params()).to_string();
        prop_assert_eq!(Request::parse_command(request.method(), json.as_bytes()), Ok(request.clone()));
        let payload = request.to_forwarded().unwrap();
        prop_assert_eq!(Request::parse_command(request.method(), &payload), Ok(request));
    }

    #[test]
    fn sto_60_only_recursive_requests_are_passed_on(request in any_request()) {
        prop_assert_eq!(request.to_forwarded().is_some(), request.is_recursive());
    }

    #[test]
    fn any_bytes_are_judged(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Request::parse(&body).is_err());
    }
}

/// Bytes that mean something to one of the parsers.
const INSERTED: &[u8] = b"0129-\"{}[]:,dlie\x00\xff";

/// Changes, inserts and removes a few bytes.
fn damage(bytes: &[u8], random: impl Fn() -> usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=random() % 3 {
        let at = random() % (bytes.len() + 1);
        match random() % 3 {
            0 if at < bytes.len() => bytes[at] ^= 1 << (random() % 8),
            1 if at < bytes.len() => drop(bytes.remove(at)),
            _ => bytes.insert(at, INSERTED[random() % INSERTED.len()]),
        }
    }
    bytes
}

#[test]
fn ten_thousand_damaged_requests_are_read_or_refused() {
    let mut runner = TestRunner::deterministic();
    let state = std::cell::Cell::new(0x9e37_79b9_7f4a_7c15_u64);
    let random = || {
        let mut x = state.get();
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        state.set(x);
        (x >> 8) as usize
    };
    let (mut read, mut refused) = (0, 0);
    for _ in 0..500 {
        let request = any_request().new_tree(&mut runner).unwrap().current();
        let json = request.to_json().to_string().into_bytes();
        for _ in 0..10 {
            match Request::parse(&damage(&json, random)) {
                Ok(_) => read += 1,
                Err(error) => {
                    refused += 1;
                    assert!(!error.to_string().is_empty());
                }
            }
        }
        let request = recursive().new_tree(&mut runner).unwrap().current();
        let payload = request.to_forwarded().unwrap();
        for _ in 0..10 {
            match Request::parse_forwarded(request.method(), &damage(&payload, random)) {
                Ok(request) => {
                    read += 1;
                    assert_eq!(
                        Request::parse_forwarded(request.method(), &request.to_forwarded().unwrap()),
                        Ok(request)
                    );
                }
                Err(_) => refused += 1,
            }
        }
    }
    assert_eq!(read + refused, 10_000);
    assert!(read > 500 && refused > 2000, "read {read}, refused {refused}");
}
