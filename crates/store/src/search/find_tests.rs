//! What is found, in which order, and that the index follows every write.

use proptest::prelude::*;
use protocol::TimestampMs;
use protocol::account::AccountId;

use crate::story::*;
use crate::*;

fn looking(text: &str) -> Looking<'_> {
    Looking {
        text,
        with: None,
        before: None,
        limit: 200,
    }
}

fn hits(store: &Store, looking: &Looking<'_>) -> Hits {
    store
        .read::<_, StoreError>(|r| r.search_messages(looking))
        .unwrap()
}

/// The texts that are found, newest first, matches in brackets.
fn found(store: &Store, text: &str) -> Vec<String> {
    let marked = |hit: Hit| {
        hit.excerpt
            .into_iter()
            .map(|part| match part.hit {
                true => format!("[{}]", part.text),
                false => part.text,
            })
            .collect()
    };
    hits(store, &looking(text)).rows.into_iter().map(marked).collect()
}

#[track_caller]
fn assert_index_is_whole(store: &Store) {
    store
        .write::<_, StoreError>(|w| {
            w.conn
                .execute_batch("INSERT INTO search_texts (search_texts) VALUES ('integrity-check')")?;
            let wrong: i64 = w.conn.query_row(
                "SELECT (SELECT count(*) FROM messages WHERE kind = 1
                         AND id NOT IN (SELECT message FROM search_rows))
                      + (SELECT count(*) FROM search_rows
                         WHERE message NOT IN (SELECT id FROM messages WHERE kind = 1))",
                [],
                |row| row.get(0),
            )?;
            assert_eq!(wrong, 0, "messages and places of the index");
            Ok(())
        })
        .unwrap();
}

#[test]
fn messages_are_found_by_words_and_beginnings_of_words_the_newest_first() {
    let store = store();
    receive(&store, bob(), "Café at nine?", 30);
    send(&store, bob(), "The CAFETERIA, at ten", 40);
    receive(&store, bob(), "cafe closed", 20);
    receive(&store, bob(), "decaf", 50);
    store.write(|w| w.approve(&bob(), NOW)).unwrap();
    assert_eq!(
        found(&store, "caf"),
        ["The [CAFETERIA], at ten", "[Café] at nine?", "[cafe] closed"]
    );
    assert_eq!(
        found(&store, "at caf"),
        ["The [CAFETERIA], [at] ten", "[Café] [at] nine?"]
    );
    assert_eq!(found(&store, "cafés"), [""; 0]);
    assert_eq!(found(&store, "\"caf\" OR x"), [""; 0]);
    assert_eq!(found(&store, "?!"), [""; 0]);
    let first = hits(&store, &looking("ten")).rows.remove(0);
    assert_eq!(
        (first.with, first.mine, first.sent_at),
        (bob(), true, TimestampMs(40))
    );
}

#[test]
fn scripts_without_spaces_are_found_by_any_of_their_words() {
    let store = store();
    send(&store, me(), "今天看电影吗", 10);
    send(&store, me(), "happy 🎂 day", 20);
    assert_eq!(found(&store, "电影"), ["今天看[电影]吗"]);
    assert_eq!(found(&store, "影"), ["今天看电[影]吗"]);
    assert_eq!(found(&store, "影电"), [""; 0]);
    assert_eq!(found(&store, "🎂"), ["happy [🎂] day"]);
}

#[test]
fn one_conversation_is_searched_alone_and_requests_only_so() {
    let store = store();
    send(&store, bob(), "tea for two", 10);
    send(&store, carol(), "tea for three", 20);
    receive(&store, person(9), "tea for strangers", 30);
    assert_eq!(found(&store, "tea").len(), 2);
    let texts = |with: &AccountId| {
        let with = Looking {
            with: Some(with),
            ..looking("tea")
        };
        let rows = hits(&store, &with).rows;
        rows.into_iter().map(|hit| hit.with).collect::<Vec<_>>()
    };
    assert_eq!(texts(&bob()), [bob()]);
    assert_eq!(texts(&person(9)), [person(9)]);
    assert_eq!(texts(&person(8)), []);
}

#[test]
fn pages_follow_each_other_without_gaps_also_with_equal_times() {
    let store = store();
    for number in 0..25_i64 {
        let author = if number % 2 == 0 { bob() } else { me() };
        receive_all(
            &store,
            vec![text(bob(), author, &format!("note {number}"), number / 2)],
        );
    }
    store.write(|w| w.approve(&bob(), NOW)).unwrap();
    let (mut before, mut ids) = (None, Vec::new());
    loop {
        let page = hits(
            &store,
            &Looking {
                before,
                limit: 7,
                ..looking("note")
            },
        );
        before = page.rows.last().map(|hit| hit.message);
        ids.extend(page.rows.iter().map(|hit| hit.message));
        if !page.more {
            break;
        }
    }
    let mut all: Vec<_> = page(&store, bob(), Window::Newest, 100)
        .rows
        .iter()
        .map(|row| row.id)
        .collect();
    all.reverse();
    assert_eq!(ids, all);
    let missing = Looking {
        before: Some(MessageId(999)),
        ..looking("note")
    };
    assert!(matches!(
        store.read::<_, StoreError>(|r| r.search_messages(&missing)),
        Err(StoreError::NotFound)
    ));
}

#[test]
fn what_is_deleted_in_any_way_is_not_found_any_more() {
    let store = store();
    let first = send(&store, bob(), "tea one", 10);
    send(&store, bob(), "tea two", 20);
    send(&store, carol(), "tea three", 30);
    store.write(|w| w.delete_message(first)).unwrap();
    assert_eq!(found(&store, "tea").len(), 2);
    store.write(|w| w.clear_messages(&bob())).unwrap();
    assert_eq!(found(&store, "tea"), ["[tea] three"]);
    store.write(|w| w.delete_conversation(&carol(), NOW)).unwrap();
    assert_eq!(found(&store, "tea"), [""; 0]);
    assert_index_is_whole(&store);
    send(&store, carol(), "tea four", 40);
    store.write(|w| w.delete_account()).unwrap();
    store.write(|w| w.create_account(&new_account())).unwrap();
    assert_eq!(found(&store, "tea"), [""; 0]);
    assert_index_is_whole(&store);
}

/// Words of deleted messages are gone from the file, not only from the answers.
#[test]
fn words_of_deleted_messages_do_not_stay_in_the_index() {
    let store = store();
    let id = send(&store, bob(), "unmistakable", 10);
    let terms = || {
        store
            .write::<_, StoreError>(|w| {
                w.conn.execute_batch(
                    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.terms USING fts5vocab (main, search_texts, row)",
                )?;
                let mut statement = w
                    .conn
                    .prepare("SELECT count(*) FROM temp.terms WHERE term LIKE '%unmis%'")?;
                Ok(statement.query_row([], |row| row.get::<_, i64>(0))?)
            })
            .unwrap()
    };
    assert_eq!(terms(), 1);
    store.write(|w| w.delete_message(id)).unwrap();
    assert_eq!(terms(), 0);
    let blocks = store
        .write::<_, StoreError>(|w| {
            let sql =
                "SELECT count(*) FROM search_texts_data WHERE instr(block, CAST('nmistakable' AS BLOB)) > 0";
            Ok(w.conn.query_row(sql, [], |row| row.get::<_, i64>(0))?)
        })
        .unwrap();
    assert_eq!(blocks, 0);
}

#[test]
fn a_large_conversation_leaves_nothing_in_the_index_either() {
    let store = store();
    let many = (0..1_200)
        .map(|at| text(bob(), me(), &format!("gone {at}"), at))
        .collect();
    receive_all(&store, many);
    send(&store, carol(), "gone but not this one", 10);
    store.write(|w| w.delete_conversation(&bob(), NOW)).unwrap();
    assert_eq!(found(&store, "gone"), ["[gone] but not this one"]);
    assert_index_is_whole(&store);
    let blocks = |word: &str| {
        let sql = "SELECT count(*) FROM search_texts_data WHERE instr(block, CAST(?1 AS BLOB)) > 0";
        store
            .write::<_, StoreError>(|w| Ok(w.conn.query_row(sql, [word], |row| row.get::<_, i64>(0))?))
            .unwrap()
    };
    assert_eq!((blocks("1199"), blocks("gone")), (0, 1));
    let other = send(&store, carol(), "unmistakable", 20);
    assert_eq!(blocks("nmistakable"), 1);
    store.write(|w| w.delete_message(other)).unwrap();
    assert_eq!(blocks("nmistakable"), 0, "one by one again at once");
}

#[test]
fn people_are_found_by_the_words_of_their_names_and_by_their_id() {
    let store = store();
    for (number, name, nickname) in [
        (1, "Élodie Martin", ""),
        (2, "Martin", "Lodi"),
        (3, "王小明", ""),
        (4, "Zed", ""),
    ] {
        let mut hello = text(person(number), person(number), "hello", i64::from(number));
        hello.profile = Some(Profile {
            name: name.to_owned(),
            updated_s: 1,
            picture: crate::SaidPicture::Keep,
        });
        receive_all(&store, vec![hello]);
        store
            .write(|w| w.set_nickname(&person(number), nickname, NOW))
            .unwrap();
        store.write(|w| w.approve(&person(number), NOW)).unwrap();
    }
    store.write(|w| w.block(&person(4), NOW)).unwrap();
    receive(&store, person(5), "a stranger", 9);
    let people = |text: &str| {
        let people = store.read::<_, StoreError>(|r| r.search_people(text)).unwrap();
        people
            .into_iter()
            .map(|person| person.account_id)
            .collect::<Vec<_>>()
    };
    assert_eq!(people("mart"), [person(1), person(2)]);
    assert_eq!(people("elo mar"), [person(1)]);
    assert_eq!(people("lodi"), [person(2)]);
    assert_eq!(people("小明"), [person(3)]);
    assert_eq!(people("明小"), []);
    assert_eq!(people("zed"), []);
    assert_eq!(people(&person(2).to_hex().to_uppercase()), [person(2)]);
    assert_eq!(people(&person(2).to_hex()[..10]), [person(2)]);
    assert_eq!(people("0500"), [person(1), person(2), person(3)]);
    assert_eq!(people("05"), []);
    assert!(name_matches("Note to Self", "note"));
    assert!(!name_matches("Note to Self", "elf"));
}

#[test]
fn older_messages_are_indexed_in_batches() {
    let store = store();
    for at in 0..10 {
        send(&store, bob(), &format!("tea {at}"), at);
    }
    store
        .write::<_, StoreError>(|w| {
            w.clear_search()?;
            Ok(w.conn.execute_batch(
                "INSERT INTO search_backlog (id, below) SELECT 1, 1 + max(id) FROM messages",
            )?)
        })
        .unwrap();
    let deleted = page(&store, bob(), Window::Oldest, 1).rows.remove(0).id;
    store.write(|w| w.delete_message(deleted)).unwrap();
    assert!(store.write(|w| w.index_backlog(4)).unwrap());
    assert_eq!(found(&store, "tea"), ["[tea] 9", "[tea] 8", "[tea] 7", "[tea] 6"]);
    send(&store, bob(), "tea late", 100);
    while store.write(|w| w.index_backlog(4)).unwrap() {}
    assert_eq!(found(&store, "tea").len(), 10);
    assert_index_is_whole(&store);
    assert!(!store.write(|w| w.index_backlog(4)).unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is written and deleted: a word is found in exactly those texts that hold it, in the order of the screen.
    #[test]
    fn the_index_agrees_with_the_texts(
        steps in prop::collection::vec((0_u8..6, 0_usize..4, 0_i64..20), 1..40),
    ) {
        const WORDS: [&str; 4] = ["tea", "teapot", "Tee", "milk tea"];
        let store = store();
        for (step, word, at) in steps {
            match step {
                0..3 => {
                    receive(&store, bob(), WORDS[word], at);
                }
                3 => {
                    if let Some(row) = page(&store, bob(), Window::Newest, 50).rows.get(word) {
                        store.write(|w| w.delete_message(row.id)).unwrap();
                    }
                }
                4 if word == 0 => store.write(|w| w.clear_messages(&bob())).unwrap(),
                _ => store.write(|w| w.approve(&bob(), NOW)).unwrap(),
            }
        }
        assert_index_is_whole(&store);
        store.write(|w| w.approve(&bob(), NOW)).unwrap();
        for (query, matching) in [("tea", &[0, 1, 3][..]), ("tee", &[2]), ("milk t", &[3]), ("teapots", &[])] {
            let mut expected: Vec<_> = page(&store, bob(), Window::Newest, 100).rows;
            expected.retain(|row| matching.iter().any(|index| WORDS[*index] == row.body));
            expected.reverse();
            let ids: Vec<_> = expected.iter().map(|row| row.id).collect();
            let found: Vec<_> = hits(&store, &looking(query)).rows.iter().map(|hit| hit.message).collect();
            prop_assert_eq!(found, ids);
        }
    }
}
