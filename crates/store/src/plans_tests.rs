//! No query looks at more rows than it needs: the plans of all statements that this crate runs on a large store.

use std::cell::RefCell;
use std::collections::BTreeSet;

use protocol::TimestampMs;
use protocol::storage::Namespace;
use rusqlite::Connection;
use rusqlite::trace::{TraceEvent, TraceEventCodes};

use crate::story::*;
use crate::*;

thread_local! {
    static STATEMENTS: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

fn note_statement(event: TraceEvent<'_>) {
    if let TraceEvent::Stmt(statement, _) = event {
        STATEMENTS.with_borrow_mut(|all| all.insert(statement.sql().to_string()));
    }
}

/// 100,000 messages in 300 conversations, 40,000 of them with Bob, and as many seen hashes.
const FILL: &str = "
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
    INSERT INTO contacts (account_id, approved, approved_me, created_at)
    SELECT CAST(x'05' || randomblob(32) AS BLOB), 1, 1, 1 FROM n;

    INSERT INTO conversations (kind, contact, list, created_at)
    SELECT 1, id, 1, 1 FROM contacts WHERE id NOT IN (SELECT contact FROM conversations) AND id > 1;

    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
    INSERT INTO messages (conversation, author, sent_at, received_at, kind, body)
    SELECT iif(i % 10 < 4, 1, 2 + i % 299), iif(i % 3 = 0, 1, iif(i % 10 < 4, 2, 3 + i % 299)), i * 10, i * 10, 1, 'text'
    FROM n;

    INSERT INTO attachments (message, kind, state, size) SELECT id, 1, 1, 1000 FROM messages WHERE id % 10 = 0;

    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
    INSERT INTO seen_hashes (hash, expires_at) SELECT hex(randomblob(16)), i FROM n;

    UPDATE conversations SET
        last_activity = (SELECT max(sent_at) FROM messages WHERE conversation = conversations.id),
        unread = (SELECT count(*) FROM messages WHERE conversation = conversations.id AND author <> 1);
";

#[test]
fn every_statement_finds_its_rows_by_an_index() {
    let store = store();
    receive(&store, bob(), "first", 1);
    store.write(|w| w.approve(&bob(), NOW)).unwrap();
    store
        .write::<_, StoreError>(|w| Ok(w.conn.execute_batch(FILL)?))
        .unwrap();
    store.tidy().unwrap();
    store
        .write::<_, StoreError>(|w| {
            w.conn
                .trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(note_statement));
            Ok(())
        })
        .unwrap();
    use_everything(&store);
    store
        .write::<_, StoreError>(|w| {
            w.conn.trace_v2(TraceEventCodes::empty(), None);
            let statements = STATEMENTS.take();
            assert!(
                statements.len() > 50,
                "only {} statements were seen",
                statements.len()
            );
            let slow: Vec<_> = statements.iter().flat_map(|sql| scans(w.conn, sql)).collect();
            assert!(slow.is_empty(), "{slow:#?}");
            Ok(())
        })
        .unwrap();
}

/// Steps of a plan that go through a whole table, or sort more than rows of equal sent time.
fn scans(conn: &Connection, sql: &str) -> Vec<(String, String)> {
    let starts = ["SELECT", "WITH", "INSERT", "UPDATE", "DELETE"];
    if !starts.iter().any(|start| sql.trim_start().starts_with(start)) {
        return Vec::new();
    }
    let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let steps = statement
        .raw_query()
        .mapped(|row| row.get::<_, String>(3))
        .map(Result::unwrap);
    let plan: Vec<String> = steps.collect();
    plan.iter()
        .filter(|step| !is_cheap(step, &plan))
        .map(|step| (sql.to_owned(), step.clone()))
        .collect()
}

fn is_cheap(step: &str, plan: &[String]) -> bool {
    if step.contains("TEMP B-TREE") {
        return step.contains("LAST TERM") || step.contains("LAST 2 TERMS");
    }
    let Some(scanned) = step.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next()) else {
        return true;
    };
    // The index holds only the few files that are not sent yet.
    if step.contains("VIRTUAL TABLE INDEX") || step.ends_with("USING INDEX attachments_staged") {
        return true;
    }
    // One row, a handful of rows, or the result of another step, which has a limit.
    let little = [
        "account",
        "own_picture",
        "sent_runs",
        "outbox",
        "swarm_deletions",
        "swarm_expiries",
        "owed_receipts",
        "preferences",
        "last_hashes",
        "doomed_files",
        "CONSTANT",
    ];
    let results = [format!("CO-ROUTINE {scanned}"), format!("MATERIALIZE {scanned}")];
    little.contains(&scanned) || plan.iter().any(|step| results.contains(step))
}

/// Calls what there is for pictures.
fn use_pictures(store: &Store) {
    let said = SaidPicture::Set(PictureAddress {
        url: "http://files.example.org/file/a".to_owned(),
        key: [7; 32],
    });
    let note = |w: &Writing<'_>| w.note_picture(w.ensure_contact(bob(), NOW)?, &said, NOW);
    store.write(note).unwrap();
    let wanted = store
        .write(|w| {
            w.next_picture_after(TimestampMs(0))?;
            w.pictures_due(NOW, 10)
        })
        .unwrap()
        .remove(0);
    store
        .keep_file(b"face", |w, file| {
            w.begin_picture_fetch(&wanted, NOW)?;
            w.record_picture_attempt(&wanted, NOW)?;
            w.wake_pictures(NOW)?;
            w.keep_picture(&wanted, file)?;
            w.picture(PictureId::from(file))?;
            w.give_picture_up(&wanted)
        })
        .unwrap();
    store
        .keep_file(b"me", |w, file| {
            w.set_own_picture(file, NOW)?;
            w.record_own_picture_attempt(&w.own_picture()?.ok_or(StoreError::NotFound)?, NOW)?;
            w.mark_own_picture_uploaded(&UploadedPicture {
                id: file.into(),
                address: wanted.address.clone(),
                at: NOW,
                renew_at: NOW,
            })?;
            w.mark_own_picture_kept(NOW)?;
            w.remove_own_picture(NOW)
        })
        .unwrap();
}

/// Calls what is called for files whether there are any or not.
fn use_files(w: &Writing<'_>) -> Result<(), StoreError> {
    w.forget_staged(NOW, NOW)?;
    w.doomed_files()?;
    w.attachments_due(AttachmentState::ToDownload, NOW, 10)?;
    w.next_transfer_after(NOW)?;
    w.wake_transfers(NOW)?;
    w.voice_draft(&bob())?;
    w.fetches_unasked(&bob()).map(drop)
}

/// Calls whatever reads or writes, on the large conversation.
fn use_everything(store: &Store) {
    use_pictures(store);
    let middle = page(store, bob(), Window::FirstUnread, 200).rows[100].id;
    for window in [
        Window::Newest,
        Window::Oldest,
        Window::Around(middle),
        Window::Before(middle),
        Window::After(middle),
    ] {
        assert_eq!(page(store, bob(), window, 50).rows.len(), 50);
    }
    store
        .read::<_, StoreError>(|r| {
            assert_eq!(r.conversations(ConversationList::Home, 0, 50)?.rows.len(), 50);
            r.count_unread_conversations(ConversationList::Requests)?;
            r.count_unread_messages(ConversationList::Home)?;
            r.account()?;
            r.raw_content(middle)?;
            r.reaction_counts(middle)?;
            r.quote(middle)?;
            r.own_hash(middle)?;
            r.network_cache(CachePart::Pool)?;
            r.service_health("seeds")?;
            r.is_seen(&hash(1))?;
            r.last_hash(&[1; 32], &me(), Namespace(0), NOW)?;
            Ok(())
        })
        .unwrap();
    let received = receive(store, bob(), "new", NOW.0);
    receive_all(
        store,
        vec![
            text(bob(), me(), "copy", NOW.0 + 1),
            text(person(9), person(9), "hi", NOW.0 + 2),
        ],
    );
    let sent = send(store, bob(), "mine", NOW.0 + 3);
    let due = NOW.plus_ms(DAY);
    let claimed = store.write(|w| w.claim_due(due, 10)).unwrap().remove(0);
    store
        .write::<_, StoreError>(|w| {
            w.record_attempt(claimed.id, due, Some("E-SEND-NET"))?;
            w.wake_waiting(NOW)?;
            w.give_up(claimed.id, "E-SEND-NET")?;
            w.retry(sent, NOW)?;
            w.mark_sent(claimed.id, &hash(5))?;
            w.next_due()?;
            let preferences = Preferences {
                read_receipts: true,
                ..w.preferences()?
            };
            w.set_preferences(&preferences)?;
            w.owe_receipts(&bob(), NOW)?;
            w.mark_read(middle, NOW)?;
            w.owed_receipts()?;
            w.take_owed_receipts(&bob(), 10)?;
            w.receive_receipts(2, &[NOW, NOW.plus_ms(3)], NOW)?;
            w.start_sent_timer(sent, NOW)?;
            w.next_expiry()?;
            w.swarm_expiries(10)?;
            w.take_swarm_expiry(&hash(1), Some(NOW), NOW)?;
            w.expire_lost(&hash(1), NOW)?;
            w.delete_expired(NOW, 10)?;
            w.set_disappearing(&bob(), None, NOW)?;
            w.set_their_disappearing(&bob(), None, NOW, NOW)?;
            w.set_draft(&bob(), "draft", NOW)?;
            w.set_pinned(&bob(), 1)?;
            w.hide_conversation(&bob(), NOW)?;
            w.insert_accepted_line(&bob(), NOW.plus_ms(9), NOW)?;
            w.set_nickname(&bob(), "Bobby", NOW)?;
            w.set_last_hash(&LastHash {
                node: [1; 32],
                account_id: me(),
                namespace: Namespace(0),
                hash: hash(1),
                expires_at: NOW,
            })?;
            w.set_network_cache(CachePart::Pool, b"pool", NOW)?;
            w.record_service_answer("seeds", NOW)?;
            w.record_service_silence("seeds", NOW)?;
            w.next_sent_at(NOW)?;
            w.settle_sent_times(TimestampMs(1))?;
            react(w, new_id(received), &text(bob(), bob(), "new", NOW.0))?;
            take_back(w, sent)?;
            w.purge_expired(TimestampMs(100))?;
            w.delete_message(new_id(received))?;
            w.delete_conversation(&person(9), NOW)?;
            use_files(w)?;
            manage_lists(w)?;
            Ok(())
        })
        .unwrap();
}

fn manage_lists(w: &Writing<'_>) -> Result<(), StoreError> {
    w.pin(&bob(), NOW)?;
    w.unpin(&bob())?;
    w.mute(&bob(), Some(Mute::Until(NOW.plus_ms(1))), NOW)?;
    w.next_unmuting(NOW)?;
    w.unmuted_between(NOW, NOW.plus_ms(1))?;
    w.mark_unread(&bob())?;
    w.mark_all_read(&bob(), NOW)?;
    w.show_conversation(&me(), NOW)?;
    for list in [People::Contacts, People::Blocked] {
        w.people(list, 100, 50)?;
    }
    let looking = Looking {
        text: "te",
        with: Some(&bob()),
        before: None,
        limit: 10,
    };
    w.search_messages(&looking)?;
    w.search_messages(&Looking {
        with: None,
        ..looking
    })?;
    w.search_people("0507")?;
    w.index_backlog(10)?;
    w.delete_requests()?;
    w.delete_contact(&person(9), NOW)?;
    w.clear_messages(&bob())
}

/// Reacts to a message that is here and to one that is not.
fn react(w: &Writing<'_>, id: MessageId, to: &ReceivedMessage) -> Result<(), StoreError> {
    let reaction = |sent_at| NewReaction {
        target: MessageName {
            author: to.author,
            sent_at,
        },
        emoji: "x".to_owned(),
        given: true,
    };
    w.react(id, &reaction(to.sent_at), NOW, &[], NOW)?;
    for (number, sent_at) in [(70, to.sent_at), (71, to.sent_at.plus_ms(70))] {
        let control = ReceivedControl {
            conversation: to.conversation,
            author: to.author,
            sent_at: NOW,
            control: Control::Reaction(reaction(sent_at)),
        };
        w.insert_received(&batch(vec![Received {
            hash: hash(number),
            seen_until: NOW.plus_ms(DAY),
            message: None,
            control: Some(control),
        }]))?;
    }
    Ok(())
}

/// Takes a message of mine back, and hears of others that were taken back.
fn take_back(w: &Writing<'_>, mine: MessageId) -> Result<(), StoreError> {
    let unsend = |number, author, sent_at| Received {
        hash: hash(number),
        seen_until: NOW.plus_ms(DAY),
        message: None,
        control: Some(ReceivedControl {
            conversation: author,
            author,
            sent_at: NOW,
            control: Control::Unsend(MessageName { author, sent_at }),
        }),
    };
    let mut answer = text(bob(), bob(), "answer", NOW.0 + 90);
    answer.quote = Some(MessageName {
        author: me(),
        sent_at: NOW,
    });
    w.insert_received(&batch(vec![
        item(answer),
        unsend(80, bob(), NOW.plus_ms(90)),
        unsend(81, me(), NOW.plus_ms(91)),
    ]))?;
    w.take_back(&TakeBack {
        message: mine,
        leaves: Leaves::Line,
        deliveries: vec![delivery(Step::Recipient, bob())],
        now: NOW,
    })?;
    let due = w.claim_swarm_deletions(NOW, 10)?.hashes;
    w.postpone_swarm_deletions(&due, NOW)?;
    w.finish_swarm_deletions(&due)
}
