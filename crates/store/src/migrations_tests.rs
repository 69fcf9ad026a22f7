//! From nothing and from every earlier version to the schema in use.

use super::*;
use crate::story::*;
use crate::*;
use protocol::TimestampMs;

fn schema(conn: &Connection) -> Vec<String> {
    let mut statement = conn
        .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
        .unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

fn memory() -> Connection {
    let conn = Connection::open_in_memory().unwrap();
    crate::search::register_functions(&conn).unwrap();
    conn
}

fn latest() -> Vec<String> {
    let mut conn = memory();
    run(&mut conn, &|_| ()).unwrap();
    schema(&conn)
}

#[test]
fn steps_are_well_formed() {
    MIGRATIONS.to_latest(&mut memory()).unwrap();
}

#[test]
fn every_earlier_version_becomes_the_latest() {
    let latest = latest();
    for version in 0..=STEPS.len() {
        let mut conn = memory();
        MIGRATIONS.to_version(&mut conn, version).unwrap();
        fill(&conn, version);
        run(&mut conn, &|_| ()).unwrap();
        assert_eq!(schema(&conn), latest, "from version {version}");
        assert_kept(&conn, version);
    }
}

#[test]
fn each_step_of_an_earlier_version_is_told_of() {
    let told = |version: usize| {
        let mut conn = memory();
        MIGRATIONS.to_version(&mut conn, version).unwrap();
        let told = std::cell::RefCell::new(Vec::new());
        run(&mut conn, &|upgrade| {
            told.borrow_mut().push((upgrade.done, upgrade.of))
        })
        .unwrap();
        told.into_inner()
    };
    assert_eq!(told(STEPS.len() - 3), [(0, 3), (1, 3), (2, 3)]);
    assert_eq!(
        (told(STEPS.len()), told(0)),
        (vec![], vec![]),
        "nothing waits for these"
    );
}

/// Rows that a program of that version could have written, one for each table it had.
const ROWS: [&str; 9] = [
    "INSERT INTO account (id, seed, account_id, origin, stage, created_at) VALUES (1, zeroblob(16), zeroblob(33), 1, 6, 5)",
    "INSERT INTO contacts (id, account_id, name, created_at) VALUES (1, zeroblob(33), 'Bob', 5)",
    "INSERT INTO conversations (id, kind, contact, unread, created_at) VALUES (1, 1, 1, 3, 5)",
    "INSERT INTO messages (id, conversation, author, sent_at, received_at, kind, body) VALUES (1, 1, 1, 5, 6, 1, 'hi')",
    "INSERT INTO outbox (id, message, step, account_id, namespace, ttl_ms, payload, next_try_at, since)
     VALUES (1, 1, 1, zeroblob(33), 0, 1, x'01', 5, 5)",
    "INSERT INTO seen_hashes (hash, expires_at) VALUES ('h', 5)",
    "INSERT INTO network_cache (part, bytes, saved_at) VALUES ('pool', x'01', 5)",
    "INSERT INTO preferences (id, theme) VALUES (1, 2)",
    "INSERT INTO reactions (message, emoji, author, given, sent_at) VALUES (1, 'x', 1, 1, 5)",
];

fn fill(conn: &Connection, version: usize) {
    conn.execute_batch("PRAGMA foreign_keys = ON").unwrap();
    for row in &ROWS[..version.min(ROWS.len())] {
        conn.execute(row, []).unwrap();
    }
}

fn assert_kept(conn: &Connection, version: usize) {
    let tables = [
        "account",
        "contacts",
        "conversations",
        "messages",
        "outbox",
        "seen_hashes",
        "network_cache",
        "preferences",
        "reactions",
    ];
    for table in &tables[..version.min(tables.len())] {
        let count: i64 = conn
            .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))
            .unwrap();
        assert_eq!(count, 1, "{table} from version {version}");
    }
}

#[test]
fn tables_are_strict_and_columns_say_when_they_may_be_empty() {
    for sql in latest()
        .iter()
        .filter(|sql| sql.starts_with("CREATE TABLE") && !sql.contains("sqlite_"))
        // The tables inside of the search index are made by SQLite.
        .filter(|sql| !sql.contains("'search_texts_"))
    {
        assert!(sql.contains("STRICT"), "{sql}");
    }
}

#[test]
fn only_one_account_fits() {
    let store = store();
    assert!(matches!(
        store.write(|w| w.create_account(&new_account())),
        Err(StoreError::AccountExists)
    ));
}

#[test]
fn a_deleted_account_leaves_an_empty_store_that_takes_another() {
    let store = store();
    send(&store, bob(), "hi", 10);
    store.write(|w| w.delete_account()).unwrap();
    assert!(store.read::<_, StoreError>(|r| r.account()).unwrap().is_none());
    store.write(|w| w.create_account(&new_account())).unwrap();
    assert_eq!(listed(&store, ConversationList::Home), []);
}

#[test]
fn the_account_keeps_what_onboarding_decides() {
    let store = store();
    store
        .write::<_, StoreError>(|w| {
            w.set_display_name("Alice", TimestampMs(7))?;
            w.set_notification_mode(NotificationMode::Slow)?;
            w.set_stage(Stage::SavePhrase)?;
            w.raise_phrase_reminder()
        })
        .unwrap();
    let account = store.read::<_, StoreError>(|r| r.account()).unwrap().unwrap();
    assert_eq!(
        (account.display_name.as_str(), account.display_name_set_at),
        ("Alice", TimestampMs(7))
    );
    assert_eq!(
        (account.notification_mode, account.stage),
        (Some(NotificationMode::Slow), Stage::SavePhrase)
    );
    assert_eq!((account.phrase_seen, account.phrase_reminder), (false, true));
    store.write(|w| w.mark_phrase_seen()).unwrap();
    store.write(|w| w.raise_phrase_reminder()).unwrap();
    let account = store.read::<_, StoreError>(|r| r.account()).unwrap().unwrap();
    assert_eq!((account.phrase_seen, account.phrase_reminder), (true, false));
}
