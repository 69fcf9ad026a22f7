use proptest::prelude::*;

use super::*;
use crate::storage::compute_hash;

fn pushed() -> impl Strategy<Value = PushedMessage> {
    let bytes = || proptest::collection::vec(any::<u8>(), 0..60);
    (
        any::<[u8; 32]>(),
        bytes(),
        any::<i64>(),
        any::<i64>(),
        bytes(),
        proptest::option::of(any::<i16>()),
    )
        .prop_map(|(key, hash, timestamp, expiry, data, namespace)| PushedMessage {
            account: AccountId::account(key),
            hash,
            timestamp: TimestampMs(timestamp),
            expiry: TimestampMs(expiry),
            data,
            namespace: namespace.map(Namespace),
        })
}

fn notification(data: Option<Vec<u8>>) -> Notification {
    let account = AccountId::from_bytes([5; 33]);
    let hash = compute_hash(account, Namespace(3), b"x");
    Notification {
        account,
        hash,
        namespace: Namespace(3),
        timestamp: TimestampMs(1),
        expiry: TimestampMs(2),
        data,
    }
}

proptest! {
    #[test]
    fn sto_63_pushes_survive_the_round_trip(messages in proptest::collection::vec(pushed(), 0..5)) {
        prop_assert_eq!(parse_push(&encode_push(&messages)), Ok(messages));
    }

    #[test]
    fn sto_83_notifications_survive_the_round_trip(data in proptest::option::of(proptest::collection::vec(any::<u8>(), 0..60))) {
        let notification = notification(data);
        prop_assert_eq!(Notification::parse(&notification.encode()), Ok(notification));
    }

    #[test]
    fn any_bytes_are_judged(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        prop_assert!(parse_push(&bytes).is_err());
        prop_assert!(Notification::parse(&bytes).is_err());
    }
}

#[test]
fn sto_63_other_versions_and_shapes_are_refused() {
    assert_eq!(parse_push(b""), Err(PeerFormError::Version));
    assert_eq!(parse_push(b"\x02le"), Err(PeerFormError::Version));
    assert_eq!(parse_push(b"\x01le"), Ok(Vec::new()));
    assert_eq!(
        parse_push(b"\x01l"),
        Err(PeerFormError::Bencode(bencode::Error::Truncated))
    );
    for shape in [
        &b"\x01de"[..],
        b"\x01li1ee",
        b"\x01llee",
        b"\x01ll33:000000000000000000000000000000000i1ei1ei1e0:ee",
    ] {
        assert_eq!(parse_push(shape), Err(PeerFormError::Shape));
    }
}

#[test]
fn sto_83_every_field_but_data_is_needed() {
    let whole = notification(None).encode();
    let value = bencode::parse(&whole, Limits::default()).unwrap();
    for key in ["@", "h", "n", "t", "z"] {
        let mut dict = value.as_dict().unwrap().clone();
        dict.remove(key.as_bytes());
        assert_eq!(
            Notification::parse(&Value::Dict(dict).to_bytes()),
            Err(PeerFormError::Shape),
            "{key}"
        );
    }
    let beyond = value.clone().with("n", 40_000);
    assert_eq!(Notification::parse(&beyond.to_bytes()), Err(PeerFormError::Shape));
}

#[test]
fn ten_thousand_damaged_pushes_are_read_or_refused() {
    let message = |n: u8| PushedMessage {
        account: AccountId::from_bytes([5; 33]),
        hash: vec![n; 43],
        timestamp: TimestampMs(1_700_000_000_000),
        expiry: TimestampMs(1_700_000_000_001),
        data: vec![n; 20],
        namespace: Some(Namespace(-10)),
    };
    let push = encode_push(&[message(1), message(2)]);
    let notify = notification(Some(vec![1; 9])).encode();
    let (mut x, mut refused) = (7_u64, 0);
    for _ in 0..10_000 {
        x = x
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let damage = |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            let at = (x >> 33) as usize % bytes.len();
            if x.is_multiple_of(3) {
                bytes.truncate(at)
            } else {
                bytes[at] ^= 1 << (x >> 61)
            }
            bytes
        };
        match parse_push(&damage(&push)) {
            Ok(messages) => assert_eq!(parse_push(&encode_push(&messages)), Ok(messages)),
            Err(_) => refused += 1,
        }
        if let Ok(notification) = Notification::parse(&damage(&notify)) {
            assert_eq!(Notification::parse(&notification.encode()), Ok(notification));
        }
    }
    assert!(refused > 3000, "{refused}");
}
