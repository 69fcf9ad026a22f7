use protocol::account::AccountId;

use crate::story::*;
use crate::*;

/// What Bob wrote comes once more, sealed anew.
fn comes_again(store: &Store, at: i64) -> Outcome {
    let mut again = item(text(bob(), bob(), "theirs", at));
    again.hash = hash(u64::MAX);
    store.write(|w| w.insert_received(&batch(vec![again]))).unwrap()[0]
}

fn removed_by(way: impl FnOnce(&Writing<'_>, &AccountId) -> Result<(), StoreError>) -> Store {
    let store = store();
    receive(&store, bob(), "theirs", NOW.0);
    store.write(|w| way(w, &bob())).unwrap();
    store
}

#[test]
fn dis_08_theirs_does_not_come_back_under_another_hash() {
    let ways = [
        removed_by(|w, bob| w.clear_messages(bob)),
        removed_by(|w, bob| w.delete_request(bob)),
        removed_by(|w, bob| w.delete_conversation(bob, NOW)),
        removed_by(|w, bob| w.delete_contact(bob, NOW)),
        removed_by(|w, _| w.delete_requests().map(drop)),
    ];
    for (way, store) in ways.into_iter().enumerate() {
        assert_eq!(
            comes_again(&store, NOW.0),
            Outcome::Known { id: None },
            "way {way}"
        );
        assert_eq!(
            bodies(&page(&store, bob(), Window::Newest, 10)),
            Vec::<&str>::new()
        );
        assert!(
            matches!(comes_again(&store, NOW.0 + 1), Outcome::Known { id: None }),
            "the hash is known by then"
        );
        let later = receive(&store, bob(), "another", NOW.0 + 1);
        assert!(matches!(later, Outcome::New { .. }), "way {way}: {later:?}");
    }
}

#[test]
fn dis_08_names_are_kept_for_as_long_as_their_messages_would_be_received() {
    let store = store();
    let from_tomorrow = NOW.0 + DAY;
    receive(&store, bob(), "theirs", from_tomorrow);
    store.write(|w| w.clear_messages(&bob())).unwrap();
    store
        .write(|w| w.purge_expired(NOW.plus_ms(46 * DAY - 1)))
        .unwrap();
    assert_eq!(comes_again(&store, from_tomorrow), Outcome::Known { id: None });
    let left = |store: &Store| {
        let sql = "SELECT count(*) FROM removed_messages";
        let count = store.read::<_, StoreError>(|r| Ok(r.conn.query_row(sql, [], |row| row.get(0))?));
        count.unwrap()
    };
    let before: i64 = left(&store);
    store.write(|w| w.purge_expired(NOW.plus_ms(46 * DAY))).unwrap();
    assert_eq!((before, left(&store)), (1, 0));
}
