use proptest::prelude::*;

use super::*;

fn ok(input: &[u8]) -> Value<'_> {
    parse(input, Limits::default()).unwrap()
}

fn err(input: &[u8]) -> Error {
    parse(input, Limits::default()).unwrap_err()
}

#[test]
fn ben_01_integers_cover_both_ends() {
    assert_eq!(ok(b"i0e"), Value::Int(0));
    assert_eq!(ok(b"i-9223372036854775808e"), Value::from(i64::MIN));
    assert_eq!(ok(b"i18446744073709551615e"), Value::from(u64::MAX));
    assert_eq!(err(b"i18446744073709551616e"), Error::Number(1));
    assert_eq!(err(b"i-9223372036854775809e"), Error::Number(1));
}

#[test]
fn ben_01_integers_have_one_form() {
    for input in [&b"i00e"[..], b"i-0e", b"i01e", b"ie", b"i-e", b"i-01e"] {
        assert_eq!(err(input), Error::Number(1), "{}", String::from_utf8_lossy(input));
    }
    assert_eq!(err(b"i1.5e"), Error::Unexpected(2));
    assert_eq!(err(b"i+1e"), Error::Number(1));
}

#[test]
fn ben_02_strings_have_one_form_and_their_length() {
    assert_eq!(ok(b"0:"), Value::from(&b""[..]));
    assert_eq!(ok(b"3:a\x00b"), Value::from(&b"a\x00b"[..]));
    assert_eq!(err(b"03:abc"), Error::Number(0));
    assert_eq!(err(b"4:abc"), Error::Truncated);
    assert_eq!(err(b"18446744073709551615:a"), Error::Truncated);
    assert_eq!(err(b"3abc"), Error::Unexpected(1));
}

#[test]
fn ben_03_keys_ascend_strictly() {
    assert_eq!(ok(b"d1:ai1e2:aai2e1:bi3ee").get("aa"), Some(&Value::Int(2)));
    assert_eq!(err(b"d1:bi1e1:ai2ee"), Error::KeyOrder(7));
    assert_eq!(err(b"d1:ai1e1:ai2ee"), Error::KeyOrder(7));
    assert_eq!(err(b"di1ei2ee"), Error::Unexpected(1));
}

#[test]
fn ben_04_one_value_fills_the_input() {
    assert_eq!(err(b""), Error::Truncated);
    assert_eq!(err(b"i1ei2e"), Error::Trailing(3));
    assert_eq!(err(b"li1e"), Error::Truncated);
    assert_eq!(err(b"x"), Error::Unexpected(0));
}

#[test]
fn ben_05_limits_hold() {
    let limits = Limits {
        max_len_bytes: 6,
        max_depth: 2,
    };
    assert!(parse(b"lli1ee", limits).is_err_and(|e| e == Error::Truncated));
    assert_eq!(parse(b"llleee", limits).unwrap_err(), Error::TooDeep);
    assert_eq!(parse(b"5:abcde", limits).unwrap_err(), Error::TooLong);
    let deep = [vec![b'l'; 100_000], vec![b'e'; 100_000]].concat();
    assert_eq!(err(&deep), Error::TooDeep);
}

fn any_value() -> impl Strategy<Value = Value<'static>> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        proptest::collection::vec(any::<u8>(), 0..40).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::btree_map(proptest::collection::vec(any::<u8>(), 0..6), inner, 0..6)
                .prop_map(|dict| Value::Dict(dict.into_iter().map(|(k, v)| (Cow::Owned(k), v)).collect())),
        ]
    })
}

proptest! {
    #[test]
    fn every_value_survives_the_round_trip(value in any_value()) {
        let bytes = value.to_bytes();
        prop_assert_eq!(ok(&bytes), value);
    }

    #[test]
    fn a_value_is_stepped_over_as_it_is_parsed(value in any_value(), behind in proptest::collection::vec(any::<u8>(), 0..4)) {
        let bytes = value.to_bytes();
        let input = [bytes.as_slice(), behind.as_slice()].concat();
        let mut reader = Reader::new(&input, Limits::default()).unwrap();
        prop_assert_eq!(reader.skip(), Ok(bytes.as_slice()));
        prop_assert_eq!(reader.passed(), bytes.as_slice());
        prop_assert_eq!(reader.finish().is_ok(), behind.is_empty());
    }

    #[test]
    fn what_cannot_be_parsed_is_not_stepped_over(bytes in proptest::collection::vec(
        prop_oneof![Just(b'd'), Just(b'l'), Just(b'e'), Just(b'i'), Just(b':'), b'0'..=b'3', any::<u8>()], 0..24)) {
        let mut reader = Reader::new(&bytes, Limits::default()).unwrap();
        let skipped = reader.skip().map(drop).and_then(|()| reader.finish());
        prop_assert_eq!(skipped.err(), parse(&bytes, Limits::default()).err());
    }

    #[test]
    fn what_parses_encodes_to_the_same_bytes(bytes in proptest::collection::vec(
        prop_oneof![Just(b'd'), Just(b'l'), Just(b'e'), Just(b'i'), Just(b':'), b'0'..=b'3', any::<u8>()], 0..24)) {
        if let Ok(value) = parse(&bytes, Limits::default()) {
            prop_assert_eq!(value.to_bytes(), bytes);
        }
    }
}
