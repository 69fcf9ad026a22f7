//! A backup that another program made: Python's `hmac`, argon2-cffi and PyCryptodome, by `docs/backup.md`.

#![allow(clippy::unwrap_used)] // A failing step is the failure of the test.

use backup::{Header, Item, Passphrase, Reader, SealedReader};
use data_encoding::HEXLOWER;
use serde_json::Value;

#[test]
fn a_backup_of_another_program_is_read() {
    let vector: Value = serde_json::from_str(include_str!("vector.json")).unwrap();
    let field = |name: &str| vector[name].as_str().unwrap();
    let bytes = |name: &str| HEXLOWER.decode(field(name).as_bytes()).unwrap();
    let file = bytes("file");
    let mut input = file.as_slice();
    let header = Header::read(&mut input).unwrap();
    let key = header
        .derive(&Passphrase::parse(field("passphrase")).unwrap())
        .unwrap();
    assert_eq!(key.to_bytes()[..32], bytes("argon2id")[..]);

    let mut opened = vec![0; 1_000];
    let len = SealedReader::new(input, &key, &header)
        .unwrap()
        .fill(&mut opened)
        .unwrap();
    assert_eq!(opened[..len], bytes("plaintext")[..]);

    let mut reader = Reader::new(SealedReader::new(input, &key, &header).unwrap()).unwrap();
    assert_eq!(reader.head().made_at, 1_700_000_000_000);
    assert!(matches!(reader.next_item().unwrap(), Some(Item::Conversation(_))));
    match reader.next_item().unwrap() {
        Some(Item::Message(message)) => assert_eq!((message.kind, message.body.as_str()), (1, "hello")),
        other => panic!("{other:?}"),
    }
    assert_eq!(reader.next_item().unwrap(), None);
}
