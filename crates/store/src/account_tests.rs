use std::collections::BTreeSet;

use protocol::TimestampMs;
use protocol::message::{Disappearing, DisappearingMode};

use crate::story::*;
use crate::*;

/// Tables that hold rows, but for those in which nothing of an account is.
fn filled(store: &Store) -> BTreeSet<String> {
    store
        .read::<_, StoreError>(|r| {
            let mut statement = r.conn.prepare(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'search_texts*'",
            )?;
            let tables = statement.query_map([], |row| row.get::<_, String>(0))?;
            let mut filled = BTreeSet::new();
            for table in tables.collect::<Result<Vec<_>, _>>()? {
                let sql = format!("SELECT EXISTS (SELECT 1 FROM {table})");
                if r.conn.query_row(&sql, [], |row| row.get(0))? {
                    filled.insert(table);
                }
            }
            Ok(filled)
        })
        .unwrap()
}

/// An account with something in every table of messages.
fn lived_in() -> Store {
    let store = store();
    let soon_gone = ReceivedMessage {
        disappearing: Some(Disappearing {
            mode: DisappearingMode::AfterRead,
            seconds: 300,
        }),
        ..text(bob(), bob(), "soon gone", NOW.0)
    };
    let read = new_id(receive_all(&store, vec![soon_gone])[0]);
    let early = |target: MessageName| {
        let reaction = NewReaction {
            target,
            emoji: "\u{1f602}".to_owned(),
            given: true,
        };
        [
            Control::Reaction(reaction),
            Control::Unsend(target),
            Control::Read(vec![TimestampMs(7)]),
        ]
    };
    let target = MessageName {
        author: bob(),
        sent_at: TimestampMs(7),
    };
    let controls = early(target)
        .into_iter()
        .zip(1..)
        .map(|(control, number)| Received {
            hash: hash(number),
            seen_until: NOW.plus_ms(DAY),
            message: None,
            control: Some(ReceivedControl {
                conversation: bob(),
                author: bob(),
                sent_at: NOW,
                control,
            }),
        });
    let last_hash = LastHash {
        node: [3; 32],
        account_id: me(),
        namespace: protocol::storage::Namespace(0),
        hash: hash(9),
        expires_at: NOW.plus_ms(DAY),
    };
    let controls = ReceivedBatch {
        last_hash: Some(last_hash),
        ..batch(controls.collect())
    };
    store
        .write::<_, StoreError>(|w| {
            w.approve(&bob(), NOW)?;
            let preferences = Preferences {
                read_receipts: true,
                ..w.preferences()?
            };
            w.set_preferences(&preferences)?;
            w.insert_received(&controls)?;
            w.owe_receipts(&bob(), NOW)?;
            w.mark_read(read, NOW)?;
            w.next_sent_at(NOW)?;
            w.set_network_cache(CachePart::Pool, b"relays", NOW)
        })
        .unwrap();
    let gone = send(&store, bob(), "gone", NOW.0 + 2);
    send(&store, bob(), "waits", NOW.0 + 3);
    store.write(|w| w.delete_message(gone)).unwrap();
    store
}

#[test]
fn nothing_of_a_deleted_account_is_left_in_any_table() {
    let store = lived_in();
    let before = filled(&store);
    for table in [
        "account",
        "contacts",
        "conversations",
        "early_receipts",
        "early_takebacks",
        "early_words",
        "last_hashes",
        "messages",
        "outbox",
        "owed_receipts",
        "removed_messages",
        "search_rows",
        "seen_hashes",
        "swarm_expiries",
    ] {
        assert!(
            before.contains(table),
            "{table} is empty before, which proves nothing"
        );
    }
    store.write(|w| w.delete_account()).unwrap();
    let left = filled(&store);
    let kept = ["network_cache".to_owned(), "sqlite_sequence".to_owned()];
    assert_eq!(left, BTreeSet::from(kept));
}
