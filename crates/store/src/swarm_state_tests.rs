//! Last hashes and seen hashes.

use super::*;
use crate::Store;
use crate::story::*;

fn last(node: u8, number: u64) -> LastHash {
    LastHash {
        node: [node; 32],
        account_id: me(),
        namespace: Namespace(0),
        hash: hash(number),
        expires_at: NOW.plus_ms(DAY),
    }
}

fn read(store: &Store, node: u8, now: TimestampMs) -> Option<MessageHash> {
    store
        .read::<_, StoreError>(|r| r.last_hash(&[node; 32], &me(), Namespace(0), now))
        .unwrap()
}

#[test]
fn each_node_has_its_own_last_hash_until_it_expires() {
    let store = store();
    for entry in [last(1, 10), last(2, 20), last(1, 11)] {
        store.write(|w| w.set_last_hash(&entry)).unwrap();
    }
    assert_eq!(read(&store, 1, NOW), Some(hash(11)));
    assert_eq!(read(&store, 2, NOW), Some(hash(20)));
    assert_eq!(read(&store, 3, NOW), None);
    assert_eq!(read(&store, 1, NOW.plus_ms(DAY)), None);
    store.write(|w| w.clear_last_hashes()).unwrap();
    assert_eq!(read(&store, 1, NOW), None);
}

#[test]
fn hashes_are_seen_until_they_expire() {
    let store = store();
    let seen = |number| store.read::<_, StoreError>(|r| r.is_seen(&hash(number))).unwrap();
    assert!(store.write(|w| w.mark_seen(&hash(1), NOW.plus_ms(10))).unwrap());
    assert!(!store.write(|w| w.mark_seen(&hash(1), NOW.plus_ms(10))).unwrap());
    store.write(|w| w.mark_seen(&hash(2), NOW.plus_ms(20))).unwrap();
    assert_eq!(store.write(|w| w.purge_expired(NOW.plus_ms(10))).unwrap(), 1);
    assert_eq!((seen(1), seen(2)), (false, true));
}
