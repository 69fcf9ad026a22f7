use super::*;
use crate::account::AccountId;
use crate::storage::{Namespace, compute_hash};

const NOW: TimestampMs = TimestampMs(1_700_000_000_000);

fn stored_as(part: &[u8]) -> MessageHash {
    compute_hash(AccountId::account([1; 32]), Namespace(3), part)
}

fn whole(len: usize) -> Vec<u8> {
    (0..len).map(|index| u8::try_from(index % 251).unwrap()).collect()
}

#[test]
fn cfg_33_parts_fill_messages_and_the_last_has_room_for_five_digits() {
    let whole = whole(CHUNK + 950);
    let (parts, _) = split(&whole).unwrap();
    assert_eq!(
        parts.iter().map(Vec::len).collect::<Vec<_>>(),
        [MAX_MESSAGE_LEN_BYTES - OVERHEAD, 1_000]
    );
    assert!(parts[1].ends_with(b"e\0\0"));
    assert_eq!(
        split(&vec![1; CHUNK * 255]).map(|(parts, _)| parts.len()),
        Some(255)
    );
    assert_eq!(split(&vec![1; CHUNK * 255 + 1]), None);
}

#[test]
fn cfg_34_parts_come_in_any_order_and_twice() {
    let whole = whole(CHUNK * 3 + 7);
    let (parts, hash) = split(&whole).unwrap();
    let mut gathered = Parts::default();
    for index in [2, 0, 2, 3] {
        let expected = if gathered.waiting().any(|hash| *hash == stored_as(&parts[index])) {
            Taken::Known
        } else {
            Taken::Kept
        };
        assert_eq!(
            gathered.take(&parts[index], &stored_as(&parts[index]), NOW),
            expected
        );
    }
    assert_eq!(gathered.waiting().count(), 3);
    let hashes = parts.iter().map(|part| stored_as(part)).collect();
    let last = gathered.take(&parts[1], &stored_as(&parts[1]), NOW);
    assert_eq!(last, Taken::Whole(whole, hashes));
    assert_eq!(gathered.take(&parts[1], &stored_as(&parts[1]), NOW), Taken::Known);
    assert_eq!(gathered.0[&hash].count, 0);
}

#[test]
fn cfg_36_wholes_that_are_known_take_no_room() {
    let mut gathered = Parts::default();
    for number in 0..=u8::try_from(MAX_SETS).unwrap() {
        gathered.remember([number; 32], NOW);
    }
    let (parts, _) = split(&whole(CHUNK * 2)).unwrap();
    assert_eq!(gathered.take(&parts[0], &stored_as(&parts[0]), NOW), Taken::Kept);
}

#[test]
fn cfg_36_the_wholes_known_longest_are_forgotten_first() {
    let mut parts = Parts::default();
    for number in 0..=u16::try_from(MAX_KNOWN).unwrap() {
        let mut hash = [0; 32];
        hash[..2].copy_from_slice(&number.to_le_bytes());
        parts.remember(hash, TimestampMs(i64::from(number)));
    }
    assert_eq!(parts.0.len(), MAX_KNOWN);
    assert!(!parts.0.contains_key(&[0; 32]), "the first");
}

#[test]
fn cfg_35_what_waits_too_long_is_forgotten() {
    let (parts, _) = split(&whole(CHUNK * 2)).unwrap();
    let mut gathered = Parts::default();
    gathered.take(&parts[0], &stored_as(&parts[0]), NOW);
    assert!(!gathered.forget(NOW.plus_ms(WAIT_MS - 1)));
    assert!(gathered.forget(NOW.plus_ms(WAIT_MS)));
    assert_eq!(gathered.take(&parts[1], &stored_as(&parts[1]), NOW), Taken::Kept);
}

#[test]
fn cfg_36_parts_that_are_none_are_refused() {
    let hash = "h".repeat(32);
    let mut gathered = Parts::default();
    for text in [
        "m".to_owned(),
        "mle".to_owned(),
        format!("ml32:{hash}1:\u{1}1:\u{1}1:xe"),
        format!("ml32:{hash}1:\u{2}1:\u{2}1:xe"),
        format!("ml32:{hash}1:\u{0}1:\u{2}0:e"),
        format!("ml31:{}1:\u{0}1:\u{2}1:xe", "h".repeat(31)),
        format!("ml32:{hash}2:\u{0}\u{0}1:\u{2}1:xe"),
        format!("ml32:{hash}i0ei2e1:xe"),
        format!("ml32:{hash}1:\u{0}1:\u{2}1:x1:xe"),
        format!("xl32:{hash}1:\u{0}1:\u{2}1:xe"),
    ] {
        let taken = gathered.take(text.as_bytes(), &stored_as(text.as_bytes()), NOW);
        assert_eq!(taken, Taken::Refused, "{text:?}");
    }
    // The same whole in another number of parts, and a whole of another hash.
    let part = |index: u8, count: u8| {
        [
            b"ml32:",
            hash.as_bytes(),
            b"1:",
            &[index],
            b"1:",
            &[count],
            b"1:xe",
        ]
        .concat()
    };
    assert_eq!(gathered.take(&part(0, 2), &stored_as(b"a"), NOW), Taken::Kept);
    assert_eq!(gathered.take(&part(1, 3), &stored_as(b"b"), NOW), Taken::Refused);
    assert_eq!(gathered.take(&part(1, 2), &stored_as(b"c"), NOW), Taken::Refused);
    assert_eq!(gathered.0.len(), 0, "nothing of it is kept");
}

#[test]
fn cfg_36_no_more_is_gathered_than_one_device_pushes() {
    let mut gathered = Parts::default();
    for byte in 0..100_u8 {
        let mut part = b"ml32:".to_vec();
        part.extend_from_slice(&[byte; 32]);
        part.extend_from_slice(b"1:\x001:\x02");
        encode_bytes(&vec![1; 70_000], &mut part);
        part.push(b'e');
        gathered.take(&part, &stored_as(&part), NOW);
    }
    assert_eq!(gathered.0.len(), MAX_SETS);
    assert!(gathered.len_bytes() <= MAX_LEN_BYTES);
}
