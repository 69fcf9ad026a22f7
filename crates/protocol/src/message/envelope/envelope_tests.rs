//! Rules of the outer layers.

use proptest::prelude::*;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;

use super::*;
use crate::account::verify_signature;

const SENT_AT: TimestampMs = TimestampMs(1_754_971_101_000);

fn payload_of(envelope: &Envelope) -> Vec<u8> {
    let request = WebSocketRequest {
        body: Some(envelope.encode_to_vec()),
        ..WebSocketRequest::default()
    };
    WebSocketMessage {
        r#type: Some(1),
        request: Some(request),
    }
    .to_bytes()
}

fn envelope() -> Envelope {
    Envelope {
        r#type: Some(6),
        timestamp: Some(1_754_971_101_000),
        content: Some(vec![1, 2, 3]),
        ..Envelope::default()
    }
}

#[test]
fn env_01_the_layers_have_the_bytes_that_other_clients_write() {
    let payload = wrap_with(&[7; 64], SENT_AT, vec![9; 304]);
    let begin = "08011289030a0012001a8003080628c8aeb7e38933380142b002";
    assert_eq!(payload.len(), 398);
    assert_eq!(data_encoding::HEXLOWER.encode(&payload[..26]), begin);
    assert_eq!(payload[26..330], [9; 304]);
    assert_eq!(payload[330..332], [0x5a, 0x40]);
    assert_eq!(payload[332..396], [7; 64]);
    assert_eq!(payload[396..], [0x20, 0x00]);
}

#[test]
fn env_03_the_decoy_is_a_real_signature_by_nobodys_key() {
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let mut decoy = || {
        let payload = wrap(&mut rng, SENT_AT, vec![9; 304]);
        Envelope::decode(
            WebSocketMessage::decode(&payload[..])
                .unwrap()
                .request
                .unwrap()
                .body
                .unwrap()
                .as_slice(),
        )
        .unwrap()
        .pro_sig
        .unwrap()
    };
    let (first, second) = (decoy(), decoy());
    assert_eq!((first.len(), first == second), (64, false));
    let mut throw_away = [0; 32];
    ChaCha20Rng::seed_from_u64(1).fill_bytes(&mut throw_away);
    let key = SigningKey::from_bytes(&throw_away).verifying_key().to_bytes();
    assert!(verify_signature(&key, &[9; 304], &first.try_into().unwrap()));
}

#[test]
fn env_04_only_this_version_is_taken_apart() {
    assert_eq!(UnopenedMessage::parse(&[]), Err(EnvelopeError::UnknownVersion));
    assert_eq!(UnopenedMessage::parse(&[0, 2, 1]), Err(EnvelopeError::VersionTwo));
    assert_eq!(
        UnopenedMessage::parse(b"d4:test"),
        Err(EnvelopeError::UnknownVersion)
    );
    assert_eq!(UnopenedMessage::parse(&[8]), Err(EnvelopeError::Malformed));
    assert_eq!(UnopenedMessage::parse(&[8, 1]), Err(EnvelopeError::NoBody));
}

#[test]
fn env_05_missing_parts_are_told_apart() {
    assert!(UnopenedMessage::parse(&payload_of(&envelope())).is_ok());
    let without = |change: fn(&mut Envelope)| {
        let mut envelope = envelope();
        change(&mut envelope);
        UnopenedMessage::parse(&payload_of(&envelope)).unwrap_err()
    };
    assert_eq!(without(|envelope| envelope.r#type = None), EnvelopeError::NoType);
    assert_eq!(
        without(|envelope| envelope.timestamp = None),
        EnvelopeError::NoTimestamp
    );
    assert_eq!(
        without(|envelope| envelope.timestamp = Some(u64::MAX)),
        EnvelopeError::NoTimestamp
    );
    assert_eq!(
        without(|envelope| envelope.content = None),
        EnvelopeError::NoContent
    );
    assert_eq!(
        without(|envelope| envelope.content = Some(Vec::new())),
        EnvelopeError::NoContent
    );
}

#[test]
fn env_06_a_source_is_absent_empty_or_an_id() {
    let with_source = |source: &str| {
        UnopenedMessage::parse(&payload_of(&Envelope {
            source: Some(source.to_owned()),
            ..envelope()
        }))
    };
    assert!(with_source("").is_ok());
    assert!(with_source(&"05".repeat(33)).is_ok());
    for wrong in ["05", &"0g".repeat(33), &"05".repeat(34)] {
        assert_eq!(with_source(wrong), Err(EnvelopeError::Source));
    }
}

#[test]
fn env_07_a_second_signature_has_64_bytes_or_is_absent() {
    let with_length = |length: usize| {
        UnopenedMessage::parse(&payload_of(&Envelope {
            pro_sig: Some(vec![1; length]),
            ..envelope()
        }))
    };
    assert!(with_length(64).is_ok());
    for length in [0, 63, 65] {
        assert_eq!(with_length(length), Err(EnvelopeError::ProSigLength));
    }
}

#[test]
fn env_08_what_old_clients_write_around_the_body_does_not_matter() {
    let request = WebSocketRequest {
        verb: Some("PUT".to_owned()),
        path: Some("/api/v1/message".to_owned()),
        body: Some(
            Envelope {
                r#type: Some(99),
                source: Some(String::new()),
                ..envelope()
            }
            .encode_to_vec(),
        ),
        request_id: Some(u64::MAX),
        headers: vec!["x".to_owned()],
    };
    let payload = WebSocketMessage {
        r#type: Some(2),
        request: Some(request),
    }
    .to_bytes();
    assert_eq!(UnopenedMessage::parse(&payload).unwrap().sealed(), [1, 2, 3]);
}

proptest! {
    #[test]
    fn what_is_wrapped_is_found_again(sealed in proptest::collection::vec(any::<u8>(), 1..500), time in 0..i64::MAX, seed: u64) {
        let payload = wrap(&mut ChaCha20Rng::seed_from_u64(seed), TimestampMs(time), sealed.clone());
        let unopened = UnopenedMessage::parse(&payload).unwrap();
        prop_assert_eq!((unopened.claimed_sent_at(), unopened.sealed()), (TimestampMs(time), &sealed[..]));
    }

    #[test]
    fn no_bytes_make_it_panic(mut bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = UnopenedMessage::parse(&bytes);
        bytes.insert(0, 8);
        let _ = UnopenedMessage::parse(&bytes);
    }
}
