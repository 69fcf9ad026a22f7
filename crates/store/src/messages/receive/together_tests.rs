use super::*;
use crate::story::*;
use crate::*;

#[test]
fn inb_01_one_item_that_cannot_be_stored_keeps_no_other_from_coming() {
    let store = store();
    receive(&store, bob(), "before", 1);
    store
        .write::<_, StoreError>(|w| {
            Ok(w.conn.execute_batch(
                "CREATE TRIGGER refuse_one AFTER INSERT ON messages WHEN new.body = 'bad'
                 BEGIN SELECT raise(ABORT, 'no'); END",
            )?)
        })
        .unwrap();
    let said = |body: &str, at| text(bob(), bob(), body, at);
    let items = vec![
        item(said("one", 10)),
        item(said("bad", 20)),
        item(said("two", 30)),
    ];
    let bad = items[1].hash;
    let last_hash = LastHash {
        node: [3; 32],
        account_id: me(),
        namespace: protocol::storage::Namespace(0),
        hash: items[2].hash,
        expires_at: NOW.plus_ms(DAY),
    };
    let received = ReceivedBatch {
        last_hash: Some(last_hash.clone()),
        ..batch(items)
    };
    let outcomes = store.write(|w| w.insert_received(&received)).unwrap();
    assert!(matches!(
        outcomes[..],
        [
            Outcome::New { unread: true, .. },
            Outcome::Dropped,
            Outcome::New { unread: true, .. }
        ]
    ));
    assert_eq!(
        bodies(&page(&store, bob(), Window::Newest, 10)),
        ["before", "one", "two"]
    );
    assert_counts_hold(&store);
    store
        .read::<_, StoreError>(|r| {
            assert!(r.is_seen(&bad)?, "it is not looked at again");
            let next = r.last_hash(&last_hash.node, &me(), last_hash.namespace, NOW)?;
            assert_eq!(next, Some(last_hash.hash));
            Ok(())
        })
        .unwrap();
}

#[test]
fn inb_05_when_the_database_fails_nothing_of_a_batch_is_stored() {
    let store = store();
    let failed = store.write(|w| {
        w.insert_received(&batch(vec![item(text(bob(), bob(), "one", 10))]))?;
        Err::<(), _>(StoreError::Busy)
    });
    assert!(matches!(failed, Err(StoreError::Busy)));
    assert_eq!(listed(&store, ConversationList::Requests), []);
}
