//! What happens to messages that were tampered with.

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::*;
use crate::account::Seed;
use crate::message::outgoing::{self, SenderProfile};

const SENT_AT: TimestampMs = TimestampMs(1_754_971_101_000);

fn keys(byte: u8) -> AccountKeys {
    AccountKeys::from_seed(&Seed::from_bytes(&[byte; 16]).unwrap())
}

/// A greeting as Bob's swarm stores it.
fn payload(bob: &AccountKeys) -> Vec<u8> {
    let content = outgoing::text("hello", &SenderProfile::default(), None, SENT_AT);
    let mut rng = ChaCha20Rng::seed_from_u64(7);
    outgoing::seal(&mut rng, &keys(1), bob.account_id(), SENT_AT, &content).unwrap()
}

/// Changes, cuts, repeats or inserts bytes.
fn mutate(payload: &[u8], rng: &mut ChaCha20Rng) -> Vec<u8> {
    let mut bytes = payload.to_vec();
    for _ in 0..=rng.next_u32() % 3 {
        let at = rng.next_u32() as usize % bytes.len().max(1);
        match rng.next_u32() % 5 {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << (rng.next_u32() % 8),
            1 if !bytes.is_empty() => bytes[at] = rng.next_u32() as u8,
            2 => bytes.truncate(at),
            3 => bytes.insert(at, rng.next_u32() as u8),
            _ => {
                let piece = bytes[at..].iter().copied().take(32).collect::<Vec<_>>();
                bytes.splice(at..at, piece);
            }
        }
    }
    bytes
}

#[test]
fn ten_thousand_mutations_never_open_to_something_else() {
    let bob = keys(2);
    let payload = payload(&bob);
    let original = VerifiedMessage::open(&bob, &payload).unwrap();
    let mut rng = ChaCha20Rng::seed_from_u64(0x7e57);
    let mut refused = 0;
    for round in 0..10_000 {
        match VerifiedMessage::open(&bob, &mutate(&payload, &mut rng)) {
            // Bytes that nobody looks at (verb, decoy signature) may change; what is said may not.
            Ok(message) => assert_eq!(message, original, "round {round}"),
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 5_000, "only {refused} of 10,000 were refused");
}

#[test]
fn ten_thousand_mutations_of_a_sealed_box_never_open_to_something_else() {
    let bob = keys(2);
    let payload = payload(&bob);
    let boxed = UnopenedMessage::parse(&payload).unwrap().sealed().to_vec();
    let original = signed_box::open(&bob, &boxed).unwrap();
    let mut rng = ChaCha20Rng::seed_from_u64(0xb0b);
    for round in 0..10_000 {
        let mutated = mutate(&boxed, &mut rng);
        match signed_box::open(&bob, &mutated) {
            Ok(opened) => assert_eq!((&opened, &mutated), (&original, &boxed), "round {round}"),
            Err(_) => assert_ne!(mutated, boxed, "round {round}"),
        }
    }
}
