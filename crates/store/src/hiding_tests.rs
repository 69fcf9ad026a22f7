use protocol::message::{Disappearing, DisappearingMode};

use crate::story::*;
use crate::*;

fn with_something_expired(store: &Store) -> MessageId {
    let expired = ReceivedMessage {
        disappearing: Some(Disappearing {
            mode: DisappearingMode::AfterSend,
            seconds: 300,
        }),
        swarm_expires_at: NOW.plus_ms(60_000),
        ..text(bob(), bob(), "soon gone", 20)
    };
    receive(store, bob(), "stays", 10);
    let sent_just_now = ReceivedMessage {
        sent_at: NOW.plus_ms(-1),
        swarm_expires_at: NOW.plus_ms(300_000),
        ..expired
    };
    new_id(receive_all(store, vec![sent_just_now])[0])
}

fn shown(store: &Store) -> Vec<String> {
    let rows = page(store, bob(), Window::Newest, 10).rows;
    rows.into_iter().map(|row| row.body).collect()
}

#[test]
fn dis_10_what_is_hidden_is_not_read_but_written_and_comes_back_unharmed() {
    let folder = tempfile::tempdir().unwrap();
    for store in [store(), store_at(&folder.path().join("tern.db"))] {
        let id = with_something_expired(&store);
        assert_eq!(shown(&store), ["stays", "soon gone"]);
        store.hide_expired(Some(NOW.plus_ms(300_000)));
        assert_eq!(shown(&store), ["stays"]);
        let read = store.read::<_, StoreError>(|r| r.message(id));
        assert!(matches!(read, Err(StoreError::NotFound)));
        assert_eq!(store.read::<_, StoreError>(|r| r.next_expiry()).unwrap(), None);
        let conversations = store
            .write(|w| w.expired_between(NOW, NOW.plus_ms(300_000)))
            .unwrap();
        assert_eq!(conversations, [bob()]);
        receive(&store, bob(), "another", NOW.0);
        assert_eq!(shown(&store), ["stays", "another"]);
        store.hide_expired(Some(NOW.plus_ms(299_999)));
        assert_eq!(shown(&store).len(), 3, "the clock was corrected");
        store.hide_expired(None);
        assert_eq!(shown(&store), ["stays", "soon gone", "another"]);
        let gone = store
            .write(|w| w.delete_expired(NOW.plus_ms(300_000), 10))
            .unwrap();
        assert_eq!(gone, [bob()]);
        assert_eq!(shown(&store), ["stays", "another"]);
    }
}
