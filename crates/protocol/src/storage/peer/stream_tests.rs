use proptest::prelude::*;

use super::*;

fn message() -> impl Strategy<Value = StreamMessage> {
    let body = || proptest::collection::vec(any::<u8>(), 0..60);
    prop_oneof![
        (any::<i64>(), "[a-z_]{0,12}", body()).prop_map(|(id, endpoint, body)| StreamMessage::Command {
            id,
            endpoint,
            body
        }),
        (any::<i64>(), body()).prop_map(|(id, body)| StreamMessage::Reply { id, body }),
        (any::<i64>(), body()).prop_map(|(id, body)| StreamMessage::Error { id, body }),
    ]
}

fn decode(bytes: &[u8]) -> Result<Option<StreamMessage>, StreamError> {
    let mut decoder = StreamDecoder::default();
    decoder.handle_bytes(bytes);
    decoder.poll_message()
}

proptest! {
    #[test]
    fn sto_90_messages_survive_in_any_pieces(messages in proptest::collection::vec(message(), 0..5), piece in 1..40_usize) {
        let bytes: Vec<u8> = messages.iter().flat_map(StreamMessage::encode).collect();
        let mut decoder = StreamDecoder::default();
        let mut decoded = Vec::new();
        for piece in bytes.chunks(piece) {
            decoder.handle_bytes(piece);
            while let Some(message) = decoder.poll_message().unwrap() {
                decoded.push(message);
            }
        }
        prop_assert_eq!(decoded, messages);
    }

    #[test]
    fn any_bytes_are_judged(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        prop_assert!(!matches!(decode(&bytes), Ok(Some(_))));
    }
}

#[test]
fn sto_90_lengths_are_short_decimals() {
    assert_eq!(decode(b""), Ok(None));
    assert_eq!(decode(b"12345678"), Ok(None));
    assert_eq!(decode(b"123456789"), Err(StreamError::Length));
    assert_eq!(decode(b"x"), Err(StreamError::Length));
    assert_eq!(decode(b":"), Err(StreamError::Length));
    assert_eq!(decode(b"-1:"), Err(StreamError::Length));
    assert_eq!(decode(b"10000000:"), Ok(None));
    assert_eq!(decode(b"10000001:"), Err(StreamError::TooLong));
}

#[test]
fn sto_91_other_shapes_are_refused() {
    for list in [
        "le",
        "l1:Ci1e1:ae",
        "l1:Ri1ei2ee",
        "l1:Xi1e0:e",
        "l1:R1:10:e",
        "de",
        "l1:Ri1e0:0:0:e",
    ] {
        let framed = format!("{}:{list}", list.len());
        assert_eq!(decode(framed.as_bytes()), Err(StreamError::Shape), "{list}");
    }
    assert_eq!(
        decode(b"3:i1x"),
        Err(StreamError::Bencode(bencode::Error::Unexpected(2)))
    );
    assert_eq!(
        decode(b"8:l1:Rllee"),
        Err(StreamError::Bencode(bencode::Error::TooDeep))
    );
}

#[test]
fn ten_thousand_damaged_messages_are_read_or_refused() {
    let good = StreamMessage::Command {
        id: 12,
        endpoint: "store".to_owned(),
        body: vec![7; 30],
    }
    .encode();
    let mut x = 5_u64;
    let mut refused = 0;
    for _ in 0..10_000 {
        x = x
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let mut damaged = good.clone();
        let at = (x >> 33) as usize % damaged.len();
        damaged[at] ^= 1 << (x >> 61);
        match decode(&damaged) {
            Ok(Some(message)) => assert_eq!(decode(&message.encode()), Ok(Some(message))),
            Ok(None) => {}
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 2000, "{refused}");
}
