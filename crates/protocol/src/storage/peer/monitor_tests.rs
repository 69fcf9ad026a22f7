use ed25519_dalek::{Signer as _, SigningKey};

use super::*;

const NOW_S: i64 = 1_700_000_000;

fn group() -> (SigningKey, AccountId) {
    let key = SigningKey::from_bytes(&[6; 32]);
    let mut bytes = [3; 33];
    bytes[1..].copy_from_slice(&key.verifying_key().to_bytes());
    (key, AccountId::from_bytes(bytes))
}

fn subscription() -> Monitor {
    let (key, account) = group();
    let signer = Signer::owner(move |bytes| key.sign(bytes).to_bytes());
    Monitor::signed(
        account,
        [Namespace(14), Namespace(-10), Namespace(14)],
        true,
        NOW_S,
        &signer,
    )
}

#[test]
fn sto_80_subscriptions_survive_the_round_trip() {
    let monitor = subscription();
    assert_eq!(monitor.namespaces, [Namespace(-10), Namespace(14)]);
    assert_eq!(Monitor::parse(&monitor.encode()), Ok(monitor));
}

#[test]
fn sto_81_age_is_exact() {
    let monitor = subscription();
    for (now, verdict) in [
        (NOW_S + 14 * DAY_S, Ok(())),
        (NOW_S + 14 * DAY_S + 1, Err(MonitorError::Timestamp)),
        (NOW_S - DAY_S, Ok(())),
        (NOW_S - DAY_S - 1, Err(MonitorError::Timestamp)),
    ] {
        assert_eq!(monitor.verify(now), verdict);
    }
}

#[test]
fn sto_81_all_fields_are_signed() {
    let good = subscription();
    for changed in [
        Monitor {
            wants_data: false,
            ..good.clone()
        },
        Monitor {
            namespaces: vec![Namespace(14)],
            ..good.clone()
        },
        Monitor {
            timestamp_s: NOW_S + 1,
            ..good.clone()
        },
        Monitor {
            account: AccountId::from_bytes([3; 33]),
            ..good.clone()
        },
    ] {
        assert_eq!(changed.verify(NOW_S), Err(MonitorError::Signature));
    }
}

#[test]
fn sto_82_faults_have_codes() {
    let good = subscription().encode();
    let value = bencode::parse(&good, Limits::default()).unwrap();
    let without = |key: &str| {
        let mut dict = value.as_dict().unwrap().clone();
        dict.remove(key.as_bytes());
        Monitor::parse(&Value::Dict(dict).to_bytes()).unwrap_err()
    };
    let with = |key: &'static str, given: Value<'static>| {
        Monitor::parse(&value.clone().with(key, given).to_bytes()).unwrap_err()
    };
    assert_eq!(Monitor::parse(b"le"), Err(MonitorError::Arguments));
    assert_eq!(without("p").code(), 2);
    assert_eq!(with("P", Value::from(vec![9; 32])).code(), 2);
    assert_eq!(with("p", Value::from(vec![3; 32])).code(), 2);
    assert_eq!(without("n").code(), 3);
    for namespaces in [
        vec![],
        vec![Value::from(3_i16), Value::from(3_i16)],
        vec![Value::from(4_i16), Value::from(3_i16)],
    ] {
        assert_eq!(with("n", Value::List(namespaces)).code(), 3);
    }
    assert_eq!(without("s").code(), 1);
    assert_eq!(without("t").code(), 1);
    assert_eq!(with("S", Value::from(vec![0; 64])).code(), 1);
    assert_eq!(with("T", Value::from(vec![0; 36])).code(), 1);
}

#[test]
fn ten_thousand_damaged_subscriptions_are_refused() {
    let monitor = subscription();
    let good = monitor.encode();
    let mut x = 3_u64;
    for _ in 0..10_000 {
        x = x
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let mut damaged = good.clone();
        let at = (x >> 33) as usize % damaged.len();
        damaged[at] ^= 1 << (x >> 61);
        if let Ok(read) = Monitor::parse(&damaged) {
            // `d` may be any number but 0.
            assert!(read == monitor || read.verify(NOW_S).is_err());
        }
    }
}
