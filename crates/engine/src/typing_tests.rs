use super::*;

const START: TimestampMs = TimestampMs(1_000_000);
/// Network time is ahead of the device's by this much.
const OFFSET_MS: i64 = 7_777;

fn bob() -> AccountId {
    AccountId::account([2; 32])
}

fn at(ms: i64) -> TimestampMs {
    START.plus_ms(ms)
}

/// A key of mine, as the command handles it when telling is allowed.
fn key(typing: &mut Typing, ms: i64) -> Vec<(AccountId, TypingAction)> {
    if typing.handle_key(at(ms), bob()) {
        typing.handle_told_key(at(ms), bob());
    }
    typing.poll_told()
}

fn said(typing: &mut Typing, ms: i64, sent_ms: i64, types: bool) -> bool {
    let said = Said {
        typing: types,
        is_message: false,
        sent_at: at(sent_ms + OFFSET_MS),
    };
    typing.handle_said(at(ms), bob(), said, at(ms + OFFSET_MS))
}

fn message(typing: &mut Typing, ms: i64, sent_ms: i64) -> bool {
    let said = Said {
        typing: false,
        is_message: true,
        sent_at: at(sent_ms + OFFSET_MS),
    };
    typing.handle_said(at(ms), bob(), said, at(ms + OFFSET_MS))
}

#[test]
fn typ_02_told_at_the_first_key_and_every_ten_seconds() {
    let mut typing = Typing::default();
    let started = [(bob(), TypingAction::Started)];
    assert_eq!(key(&mut typing, 0), started);
    for ms in [100, 2_000, 4_500, 7_000, 9_999] {
        assert_eq!(key(&mut typing, ms), []);
        assert_eq!(typing.handle_time(at(ms)), []);
    }
    assert_eq!(key(&mut typing, 10_000), started);
}

#[test]
fn typ_03_a_pause_or_an_empty_field_ends_it_once() {
    let mut typing = Typing::default();
    key(&mut typing, 0);
    key(&mut typing, 1_000);
    assert_eq!(typing.poll_deadline(), Some(at(4_000)));
    typing.handle_time(at(3_999));
    assert_eq!(typing.poll_told(), []);
    typing.handle_time(at(4_000));
    assert_eq!(typing.poll_told(), [(bob(), TypingAction::Stopped)]);
    typing.handle_stop(bob());
    assert_eq!((typing.poll_told(), typing.poll_deadline()), (vec![], None));
    key(&mut typing, 5_000);
    typing.handle_stop(bob());
    assert_eq!(typing.poll_told(), [(bob(), TypingAction::Stopped)]);
}

#[test]
fn typ_03_sending_ends_it_without_a_word() {
    let mut typing = Typing::default();
    key(&mut typing, 0);
    typing.handle_sent(bob());
    typing.handle_time(at(60_000));
    assert_eq!(typing.poll_told(), []);
    assert_eq!(key(&mut typing, 60_000), [(bob(), TypingAction::Started)]);
}

#[test]
fn typ_05_others_are_shown_for_fifteen_seconds() {
    let mut typing = Typing::default();
    assert!(said(&mut typing, 0, -2_000, true));
    assert!(typing.shows(&bob()));
    assert!(!said(&mut typing, 8_000, 8_000, true), "shown already");
    assert_eq!(typing.handle_time(at(22_999)), []);
    assert_eq!(typing.handle_time(at(23_000)), [bob()]);
    assert!(!typing.shows(&bob()));
    assert!(!said(&mut typing, 60_000, 44_000, true), "said long ago");
    assert!(said(&mut typing, 60_000, 59_000, true));
    assert!(said(&mut typing, 61_000, 60_500, false));
    assert!(!typing.shows(&bob()));
}

#[test]
fn typ_06_a_message_ends_it_and_what_was_said_before_it_is_late() {
    let mut typing = Typing::default();
    said(&mut typing, 0, 0, true);
    assert!(message(&mut typing, 2_000, 1_500));
    assert!(!said(&mut typing, 2_500, 1_000, true));
    assert!(!typing.shows(&bob()));
    assert!(said(&mut typing, 3_000, 2_800, true));
    let mut typing = Typing::default();
    assert!(!message(&mut typing, 0, 0));
    assert!(
        !said(&mut typing, 1, -1, true),
        "late also for somebody who was not shown"
    );
}

#[test]
fn who_says_much_does_not_fill_memory() {
    let mut typing = Typing::default();
    for number in 0..1_000_u32 {
        let mut key = [0; 32];
        key[..4].copy_from_slice(&number.to_be_bytes());
        let said = Said {
            typing: true,
            is_message: false,
            sent_at: START,
        };
        typing.handle_said(START, AccountId::account(key), said, START);
    }
    assert_eq!(typing.others.len(), MOST_OTHERS);
}
