//! Moving history to another device: two devices of one account, messages, files, what was deleted, and moves that break.

use std::path::Path;
use std::sync::Arc;

use contract::{
    AnswerHistory, CancelHistory, ClearMessages, DeleteMessageHere, ErrorCode, GetHistory, HistoryRole,
    HistoryStage, HistoryView, ReceiveHistory, SendHistory,
};
use engine::Clock as _;
use protocol::storage::{Namespace, compute_hash};
use store::{MessageKind, Received, ReceivedBatch, ReceivedMessage, StoreError};
use tests::simulated_network::World;
use tests::story::files::{bytes_of, file, newest_files, sends};
use tests::story::{Device, Person, alice, deliver, file_store, friends, person, until};

/// A device whose data lies in a folder of its own.
fn phone(world: &Arc<World>, folder: &Path, name: &str) -> Device {
    let folder = folder.join(name);
    std::fs::create_dir_all(&folder).unwrap();
    Device::with_store(world, file_store(&folder.join("tern.db")))
}

/// A new device of an account in a network that has forgotten all its messages.
async fn new_phone(of: &Person, folder: &Path) -> Person {
    let elsewhere = World::new(99);
    of.on(phone(&elsewhere, folder, "new"), 9).await
}

async fn stage(person: &Person) -> HistoryStage {
    person.ask(GetHistory {}).await.stage
}

/// Waits until a move is at a stage that satisfies `wanted`.
async fn until_stage(person: &Person, wanted: impl Fn(&HistoryStage) -> bool) -> HistoryStage {
    until("the move goes on", async || wanted(&stage(person).await)).await;
    stage(person).await
}

async fn code(person: &Person) -> String {
    match until_stage(person, |stage| {
        matches!(stage, HistoryStage::Code { .. } | HistoryStage::Failed { .. })
    })
    .await
    {
        HistoryStage::Code { code, .. } => code,
        other => panic!("no code but {other:?}"),
    }
}

async fn over(person: &Person) -> HistoryStage {
    until_stage(person, |stage| !stage.is_under_way()).await
}

async fn failure(person: &Person) -> ErrorCode {
    match over(person).await {
        HistoryStage::Failed { failure } => failure.code,
        other => panic!("no failure but {other:?}"),
    }
}

/// Lets two devices meet; both show a code.
async fn meet(old: &Person, new: &Person) {
    let offered = old.ask(SendHistory {}).await;
    let HistoryStage::Waiting { addresses } = offered.stage else {
        panic!("it waits: {offered:?}");
    };
    let address = Some(addresses[0].clone());
    assert_eq!(
        new.ask(ReceiveHistory { address }).await.role,
        Some(HistoryRole::Receive)
    );
    assert_eq!(code(old).await, code(new).await);
}

async fn both_confirm(old: &Person, new: &Person) {
    old.ask(AnswerHistory { same: true }).await;
    new.ask(AnswerHistory { same: true }).await;
}

async fn moves(old: &Person, new: &Person) -> (HistoryStage, HistoryStage) {
    meet(old, new).await;
    both_confirm(old, new).await;
    (over(old).await, over(new).await)
}

fn done(messages: u64, files: u64) -> HistoryStage {
    HistoryStage::Done { messages, files }
}

fn leftovers(folder: &Path, name: &str) -> bool {
    folder.join(name).join("incoming.ternbackup").exists()
}

#[tokio::test]
async fn messages_and_files_move_once_and_what_was_deleted_stays_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(701);
    let _files = tests::file_server::Files::plug_in(&world);
    let alice = person(&world, phone(&world, folder.path(), "old"), "Alice", 1).await;
    let bob = tests::story::bob(&world).await;
    tests::story::files::befriend(&alice, &bob).await;
    let letter = vec![7; 200_000];
    sends(&alice, &bob, &[file("letter.pdf", &letter)], "a letter").await;
    let secret = alice.writes(&bob, "to be forgotten").await;
    alice.writes(&bob, "the last word").await;
    deliver(&[&alice, &bob]).await;
    alice.ask(DeleteMessageHere { message: secret }).await;
    let new = new_phone(&alice, folder.path()).await;
    assert_eq!(new.texts(&bob).await, Vec::<String>::new());

    let texts = alice.texts(&bob).await;
    let (sent, received) = moves(&alice, &new).await;
    assert_eq!(sent, done(4, 1), "{texts:?}");
    assert_eq!(received, done(4, 1));
    assert_eq!(new.texts(&bob).await, texts);
    assert!(!texts.contains(&"to be forgotten".to_owned()));
    let rows = new.rows(&bob).await;
    let with_file = rows.iter().find(|row| !row.attachments.is_empty()).unwrap();
    assert_eq!(bytes_of(&new, with_file.attachments[0].id).await, letter);
    assert!(!leftovers(folder.path(), "new"));

    // Twice is once, and what is deleted at the new device does not come back.
    let doomed = new.finds(&bob, "the last word").await.id;
    new.ask(DeleteMessageHere { message: doomed }).await;
    let (_, again) = moves(&alice, &new).await;
    assert_eq!(again, done(0, 0));
    assert!(!new.texts(&bob).await.contains(&"the last word".to_owned()));
    // The other way round nothing is missing either.
    let (_, back) = moves(&new, &alice).await;
    assert_eq!(back, done(0, 0));
    assert_eq!(alice.texts(&bob).await, texts);
    assert_eq!(newest_files(&alice, &bob).await.len(), 0);
}

#[tokio::test]
async fn nothing_moves_before_both_have_confirmed_and_nothing_when_one_says_no() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(702);
    let (alice, bob) = friends(&world).await;
    let new = new_phone(&alice, folder.path()).await;
    for says_no in [&alice, &new] {
        meet(&alice, &new).await;
        let other = if std::ptr::eq(says_no, &alice) {
            &new
        } else {
            &alice
        };
        other.ask(AnswerHistory { same: true }).await;
        assert!(matches!(
            stage(other).await,
            HistoryStage::Code { confirmed: true, .. }
        ));
        assert!(matches!(
            stage(says_no).await,
            HistoryStage::Code { confirmed: false, .. }
        ));
        says_no.ask(AnswerHistory { same: false }).await;
        assert_eq!(failure(&alice).await, ErrorCode::HistoryCode);
        assert_eq!(failure(&new).await, ErrorCode::HistoryCode);
        assert_eq!(new.texts(&bob).await, Vec::<String>::new());
        assert_eq!(
            new.refused(AnswerHistory { same: true }).await,
            ErrorCode::BadCommand
        );
    }
    assert!(!leftovers(folder.path(), "new"));
    let (_, received) = moves(&alice, &new).await;
    assert_eq!(received, done(1, 0), "a refused move is no obstacle to the next");
}

#[tokio::test]
async fn whoever_leaves_tells_the_other_and_can_begin_again() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(703);
    let (alice, bob) = friends(&world).await;
    let new = new_phone(&alice, folder.path()).await;
    // Before anybody is there, while the code is compared, and after it was confirmed here.
    alice.ask(SendHistory {}).await;
    assert_eq!(alice.refused(SendHistory {}).await, ErrorCode::BadCommand);
    alice.ask(CancelHistory {}).await;
    assert_eq!(over(&alice).await, HistoryStage::Idle);
    meet(&alice, &new).await;
    alice.ask(CancelHistory {}).await;
    assert_eq!(over(&alice).await, HistoryStage::Idle);
    assert_eq!(failure(&new).await, ErrorCode::HistoryEnded);
    meet(&alice, &new).await;
    new.ask(AnswerHistory { same: true }).await;
    new.ask(CancelHistory {}).await;
    assert_eq!(over(&new).await, HistoryStage::Idle);
    let told = failure(&alice).await;
    assert!(
        matches!(told, ErrorCode::HistoryEnded | ErrorCode::HistoryBroken),
        "{told:?}"
    );
    alice.ask(CancelHistory {}).await;
    assert_eq!(
        alice.ask(GetHistory {}).await,
        HistoryView::default(),
        "seen and forgotten"
    );
    moves(&alice, &new).await;
    assert_eq!(new.texts(&bob).await, alice.texts(&bob).await);
}

#[tokio::test]
async fn whoever_looks_for_a_device_may_be_told_where_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(707);
    let (alice, bob) = friends(&world).await;
    let new = new_phone(&alice, folder.path()).await;
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = Some(silent.local_addr().unwrap().to_string());
    new.ask(ReceiveHistory { address }).await;
    assert!(matches!(stage(&new).await, HistoryStage::Waiting { .. }));
    assert_eq!(new.refused(SendHistory {}).await, ErrorCode::BadCommand);
    moves(&alice, &new).await;
    assert_eq!(new.texts(&bob).await, alice.texts(&bob).await);
}

#[tokio::test]
async fn another_account_and_far_addresses_get_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(704);
    let alice = alice(&world).await;
    let carol = person(&world, phone(&world, folder.path(), "carol"), "Carol", 5).await;
    let HistoryStage::Waiting { addresses } = alice.ask(SendHistory {}).await.stage else {
        panic!("it waits");
    };
    let address = Some(addresses[0].clone());
    carol.ask(ReceiveHistory { address }).await;
    assert_eq!(failure(&carol).await, ErrorCode::HistoryOther);
    assert!(matches!(stage(&alice).await, HistoryStage::Waiting { .. }));
    for far in ["8.8.8.8:443", "tern.example:80", "192.168.1.20", "[::1]:9"] {
        let address = Some(far.to_owned());
        assert_eq!(
            carol.refused(ReceiveHistory { address }).await,
            ErrorCode::HistoryAddress
        );
    }
    let nobody = Device::new(&world).open(11).await;
    let refused = nobody.request(SendHistory {}).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NoAccount);
}

#[tokio::test]
async fn a_receiver_that_dies_in_the_middle_leaves_nothing_that_hurts() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(705);
    let (alice, bob) = friends(&world).await;
    let new = new_phone(&alice, folder.path()).await;
    meet(&alice, &new).await;
    both_confirm(&alice, &new).await;
    let Person {
        engine, store, id, ..
    } = new;
    drop(engine);
    assert!(!matches!(over(&alice).await, HistoryStage::Idle));
    while Arc::strong_count(&store) > 1 {
        tokio::task::yield_now().await;
    }
    drop(store);
    // What a killed process leaves there is gone after the next start.
    std::fs::write(folder.path().join("new/incoming.ternbackup"), b"half of it").unwrap();
    let device = phone(&world, folder.path(), "new");
    let engine = device.open(10).await;
    let new = Person::returning(&world, device, engine, id);
    until("leftovers are removed", async || !leftovers(folder.path(), "new")).await;
    moves(&alice, &new).await;
    assert_eq!(new.texts(&bob).await, alice.texts(&bob).await);
}

/// Gives somebody so many messages from somebody else at once.
fn has_received(world: &World, who: &Person, from: &Person, messages: u64) {
    let now = world.clock.now();
    let item = |number: u64| Received {
        hash: compute_hash(who.id, Namespace::MESSAGES, &number.to_le_bytes()),
        seen_until: now,
        message: Some(ReceivedMessage {
            conversation: from.id,
            author: from.id,
            sent_at: now.plus_ms(-1_000_000 + i64::try_from(number).unwrap()),
            kind: MessageKind::Text,
            body: format!("message {number}"),
            raw: None,
            files: Vec::new(),
            preview: None,
            profile: None,
            quote: None,
            disappearing: None,
            swarm_expires_at: now,
        }),
        control: None,
    };
    let batch = ReceivedBatch {
        items: (0..messages).map(item).collect(),
        last_hash: None,
        now,
        device_now: now,
    };
    let outcomes = who.store.write(|writing| writing.insert_received(&batch));
    assert!(outcomes.is_ok());
}

/// Messages of all conversations.
fn count(store: &store::Store) -> u64 {
    let spaces = store.read::<_, StoreError>(|reading| reading.space_of_conversations());
    spaces.unwrap().iter().map(|space| space.messages).sum()
}

#[tokio::test]
async fn a_receiver_that_is_closed_while_it_stores_carries_on_when_it_is_opened_again() {
    const MANY: u64 = 4_000;
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(708);
    let (alice, bob) = friends(&world).await;
    has_received(&world, &alice, &bob, MANY);
    let all = count(&alice.store);
    assert!(all > MANY);
    let new = new_phone(&alice, folder.path()).await;
    meet(&alice, &new).await;
    both_confirm(&alice, &new).await;
    until("a part of it is stored", async || count(&new.store) > 0).await;
    let Person {
        engine, store, id, ..
    } = new;
    engine.close().await;
    while Arc::strong_count(&store) > 1 {
        tokio::task::yield_now().await;
    }
    let stored = count(&store);
    assert!((1..all).contains(&stored), "{stored} of {all} were stored");
    assert!(leftovers(folder.path(), "new"));
    drop(store);

    let device = phone(&world, folder.path(), "new");
    let engine = device.open(10).await;
    let new = Person::returning(&world, device, engine, id);
    until("the rest is stored", async || count(&new.store) == all).await;
    until("nothing is left over", async || !leftovers(folder.path(), "new")).await;
    assert_eq!(count(&new.store), all);
    assert_eq!(new.texts(&bob).await, alice.texts(&bob).await);
    let under_way = new
        .store
        .read::<_, StoreError>(|reading| reading.restore_under_way());
    assert_eq!(under_way.unwrap(), None);
}

#[tokio::test]
async fn a_conversation_that_was_emptied_at_the_new_device_stays_empty() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(706);
    let (alice, bob) = friends(&world).await;
    let new = new_phone(&alice, folder.path()).await;
    moves(&alice, &new).await;
    assert_eq!(new.texts(&bob).await, ["hello"]);
    let conversation = bob.conversation();
    new.ask(ClearMessages { conversation }).await;
    let (_, again) = moves(&alice, &new).await;
    assert_eq!(again, done(0, 0));
    assert_eq!(new.texts(&bob).await, Vec::<String>::new());
}
