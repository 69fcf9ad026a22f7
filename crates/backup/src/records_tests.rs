use protocol::account::AccountId;

use super::*;
use crate::key::tests::{key, rng};
use crate::{File, Header};

fn alice() -> AccountId {
    AccountId::account([1; 32])
}

fn bob() -> AccountId {
    AccountId::account([2; 32])
}

fn head() -> Head {
    Head {
        account: alice(),
        made_at: 1_700_000_000_000,
    }
}

fn conversation() -> Item {
    Item::Conversation(Conversation {
        with: bob(),
        pinned: 0,
        muted_until: i64::MAX,
        hidden: false,
        kept_at: None,
        draft: "to be sent".to_owned(),
        created_at: 7,
    })
}

fn message(files: usize) -> Item {
    Item::Message(Message {
        author: Some(alice()),
        sent_at: 1_700_000_000_001,
        kind: 1,
        body: "hello".to_owned(),
        raw: Some(vec![0, 255]),
        status: 3,
        files: vec![File::default(); files],
        ..Message::default()
    })
}

fn content(position: u32, len: usize) -> Item {
    Item::Content(Content {
        position,
        bytes: vec![9; len],
    })
}

fn whole() -> Vec<Item> {
    vec![
        Item::Identity(Identity {
            seed: "00".repeat(16),
            display_name: "Alice".to_owned(),
        }),
        Item::Preferences(Preferences::default()),
        Item::Removed(Removed {
            with: bob(),
            author: bob(),
            sent_at: 5,
        }),
        conversation(),
        message(0),
        message(2),
        content(0, 200_000),
        content(1, 0),
    ]
}

fn write(items: &[Item]) -> Vec<u8> {
    let key = key();
    let out = SealedWriter::new(Vec::new(), &key, &key.header(&mut rng())).unwrap();
    let mut writer = Writer::new(out, &head()).unwrap();
    for item in items {
        writer.item(item).unwrap();
    }
    writer.finish().unwrap().0
}

/// Seals records as they are given, whatever they say.
fn seal(records: &[(u8, &[u8])]) -> Vec<u8> {
    let key = key();
    let mut out = SealedWriter::new(Vec::new(), &key, &key.header(&mut rng())).unwrap();
    for (kind, body) in records {
        out.write_all(&[*kind]).unwrap();
        out.write_all(&u32::try_from(body.len()).unwrap().to_le_bytes())
            .unwrap();
        out.write_all(body).unwrap();
    }
    out.finish().unwrap()
}

fn read(mut file: &[u8]) -> Result<(Head, Vec<Item>), OpenError> {
    let header = Header::read(&mut file)?;
    let mut reader = Reader::new(SealedReader::new(file, &key(), &header)?)?;
    let mut items = Vec::new();
    while let Some(item) = reader.next_item()? {
        items.push(item);
    }
    Ok((reader.head().clone(), items))
}

fn fault(file: &[u8]) -> Malformed {
    match read(file) {
        Err(OpenError::Malformed(malformed)) => malformed,
        other => panic!("not malformed: {other:?}"),
    }
}

#[test]
fn what_was_written_is_read() {
    let (read_head, items) = read(&write(&whole())).unwrap();
    assert_eq!((read_head, items), (head(), whole()));
    assert_eq!(read(&write(&[])).unwrap().1, []);
}

#[test]
fn a_lone_head_is_no_backup() {
    let head = serde_json::to_vec(&head()).unwrap();
    assert_eq!(fault(&seal(&[(HEAD, &head)])), Malformed::Cut);
    assert_eq!(fault(&seal(&[])), Malformed::Cut);
}

#[test]
fn records_that_are_missing_misplaced_or_too_many_are_noticed() {
    let head = serde_json::to_vec(&head()).unwrap();
    let totals = |messages, files| serde_json::to_vec(&Totals { messages, files }).unwrap();
    let none = totals(0, 0);
    let with = serde_json::to_vec(&match conversation() {
        Item::Conversation(conversation) => conversation,
        _ => unreachable!(),
    })
    .unwrap();
    let said = br#"{"sent_at":1,"kind":1,"files":[{"kind":5,"state":4,"size":2}]}"#;
    type Fault<'a> = (Malformed, &'a [(u8, &'a [u8])]);
    let faults: &[Fault<'_>] = &[
        (Malformed::Order(TOTALS), &[(TOTALS, &none)]),
        (Malformed::Order(HEAD), &[(HEAD, &head), (HEAD, &head)]),
        (Malformed::Order(MESSAGE), &[(HEAD, &head), (MESSAGE, said)]),
        (
            Malformed::Order(CONTENT),
            &[
                (HEAD, &head),
                (CONVERSATION, &with),
                (CONTENT, br#"{"position":0,"size":1}"#),
            ],
        ),
        (Malformed::Order(PIECE), &[(HEAD, &head), (PIECE, b"x")]),
        (
            Malformed::Order(CONTENT),
            &[
                (HEAD, &head),
                (CONVERSATION, &with),
                (MESSAGE, said),
                (CONTENT, br#"{"position":1,"size":1}"#),
            ],
        ),
        (
            Malformed::Long,
            &[
                (HEAD, &head),
                (CONVERSATION, &with),
                (MESSAGE, said),
                (CONTENT, br#"{"position":0,"size":4294967295}"#),
            ],
        ),
        (
            Malformed::Order(PIECE),
            &[
                (HEAD, &head),
                (CONVERSATION, &with),
                (MESSAGE, said),
                (CONTENT, br#"{"position":0,"size":2}"#),
                (PIECE, b"xyz"),
            ],
        ),
        (
            Malformed::Order(PIECE),
            &[
                (HEAD, &head),
                (CONVERSATION, &with),
                (MESSAGE, said),
                (CONTENT, br#"{"position":0,"size":2}"#),
                (PIECE, b""),
            ],
        ),
        (
            Malformed::Order(TOTALS),
            &[
                (HEAD, &head),
                (CONVERSATION, &with),
                (MESSAGE, said),
                (CONTENT, br#"{"position":0,"size":2}"#),
                (TOTALS, &none),
            ],
        ),
        (
            Malformed::Counts,
            &[
                (HEAD, &head),
                (CONVERSATION, &with),
                (MESSAGE, said),
                (TOTALS, &none),
            ],
        ),
        (
            Malformed::Order(TOTALS),
            &[(HEAD, &head), (TOTALS, &none), (TOTALS, &none)],
        ),
        (Malformed::UnknownKind(11), &[(HEAD, &head), (11, b"")]),
        (Malformed::UnknownKind(0), &[(HEAD, &head), (0, b"")]),
        (Malformed::Record(CONTACT), &[(HEAD, &head), (CONTACT, b"{}")]),
        (Malformed::Record(HEAD), &[(HEAD, b"[]")]),
        (
            Malformed::Record(CONTACT),
            &[(HEAD, &head), (CONTACT, br#"{"id":"05ab"}"#)],
        ),
    ];
    for (number, (expected, records)) in faults.iter().enumerate() {
        assert_eq!(fault(&seal(records)), *expected, "case {number}");
    }
    let known = [(HEAD, head.as_slice()), (200, b"later"), (TOTALS, &none)];
    assert_eq!(read(&seal(&known)).unwrap().1, [], "what may be passed over is");
}

#[test]
fn a_length_beyond_all_bounds_takes_no_memory() {
    let key = key();
    for length in [MOST_BODY + 1, u32::MAX as usize] {
        let mut out = SealedWriter::new(Vec::new(), &key, &key.header(&mut rng())).unwrap();
        out.write_all(&[HEAD]).unwrap();
        out.write_all(&u32::try_from(length).unwrap().to_le_bytes())
            .unwrap();
        assert_eq!(fault(&out.finish().unwrap()), Malformed::Long);
    }
}

#[test]
fn deep_json_is_refused_instead_of_followed() {
    let head = serde_json::to_vec(&head()).unwrap();
    let deep = [b"{\"values\":".as_slice(), &b"[".repeat(100_000)].concat();
    assert_eq!(
        fault(&seal(&[(HEAD, &head), (PREFERENCES, &deep)])),
        Malformed::Record(PREFERENCES)
    );
}

#[test]
fn more_than_a_record_may_hold_is_not_written() {
    let key = key();
    let out = SealedWriter::new(Vec::new(), &key, &key.header(&mut rng())).unwrap();
    let mut writer = Writer::new(out, &head()).unwrap();
    assert!(writer.item(&content(0, MOST_FILE as usize + 1)).is_err());
    let long = Item::Message(Message {
        body: "x".repeat(MOST_BODY),
        ..Message::default()
    });
    assert!(writer.item(&long).is_err());
}
