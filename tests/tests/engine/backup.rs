//! Backups as people use them: made, brought back on another device, made by themselves, exported.

use std::path::Path;

use contract::{
    BackUp, BackupEvery, ClearMessages, DataReport, DeleteConversation, ErrorCode, ExportConversation,
    FreeSpace, GetAccount, GetData, ListConversations, ListSpace, NewBackupPassphrase, NewBackupSchedule,
    RestoreBackup, SecretText, SetBackupSchedule,
};
use engine::Engine;
use tests::simulated_network::World;
use tests::story::{Device, Person, alice, bob, friends, until};

const DAY_MS: i64 = 86_400_000;
const WORDS: &str = "abbey zoom amount fading tossed vector";

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

async fn backs_up(person: &Person, to: &Path, include_account: bool) -> DataReport {
    person
        .ask(BackUp {
            to: text(to),
            passphrase: WORDS.into(),
            include_account,
        })
        .await
}

fn restore(from: &Path) -> RestoreBackup {
    RestoreBackup {
        from: text(from),
        passphrase: SecretText::from("Abbey  Zoom amount fading tossed vector\n"),
    }
}

async fn snippets(engine: &Engine) -> Vec<(String, u32)> {
    let list = ListConversations { offset: 0, limit: 10 };
    let page = engine.request(list).await.unwrap();
    page.rows.into_iter().map(|row| (row.name, row.unread)).collect()
}

#[tokio::test]
async fn a_device_that_was_lost_comes_back_from_its_backup_with_account_and_messages() {
    let world = World::new(601);
    let (alice, bob) = friends(&world).await;
    bob.writes(&alice, "remember this").await;
    alice.looks().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine");
    let made = backs_up(&alice, &file, true).await;
    assert!(made.messages > 0);

    let device = Device::new(&world);
    let engine = device.open(9).await;
    let brought = engine.request(restore(&file)).await.unwrap();
    assert_eq!(brought.messages, made.messages);
    let account = engine.request(GetAccount {}).await.unwrap();
    assert_eq!(
        (account.account_id.0, account.display_name),
        (alice.id.to_hex(), "Alice".to_owned())
    );
    assert_eq!(snippets(&engine).await, [("Bob".to_owned(), 0)]);
    let again = engine.request(restore(&file)).await.unwrap();
    assert_eq!((again.messages, again.files), (0, 0));
}

#[tokio::test]
async fn without_the_account_in_it_a_backup_needs_the_account_first() {
    let world = World::new(602);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine");
    backs_up(&alice, &file, false).await;
    let engine = Device::new(&world).open(9).await;
    assert_eq!(
        engine.request(restore(&file)).await.unwrap_err().code,
        ErrorCode::NoAccount
    );
    assert_eq!(bob.refused(restore(&file)).await, ErrorCode::BackupOther);
    let wrong = RestoreBackup {
        passphrase: "abbey zoom amount fading tossed abbey".into(),
        ..restore(&file)
    };
    assert_eq!(alice.refused(wrong).await, ErrorCode::BackupPassphrase);
    let nowhere = restore(&folder.path().join("nothing"));
    assert_eq!(alice.refused(nowhere).await, ErrorCode::BackupPassphrase);
}

#[tokio::test]
async fn what_was_cleared_or_deleted_since_stays_so() {
    let world = World::new(603);
    let (alice, bob) = friends(&world).await;
    alice.writes(&bob, "to be forgotten").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine");
    backs_up(&alice, &file, false).await;
    let conversation = bob.conversation();
    alice
        .ask(ClearMessages {
            conversation: conversation.clone(),
        })
        .await;
    assert_eq!(alice.ask(restore(&file)).await.messages, 0);
    alice.ask(DeleteConversation { conversation }).await;
    assert_eq!(alice.ask(restore(&file)).await.messages, 0);
    assert_eq!(snippets(&alice.engine).await, []);
}

#[tokio::test]
async fn backups_are_made_by_themselves_and_two_are_kept() {
    let world = World::new(604);
    let alice = alice(&world).await;
    let folder = tempfile::tempdir().unwrap();
    let files = || std::fs::read_dir(folder.path()).unwrap().count();
    let words = alice.ask(NewBackupPassphrase {}).await.words;
    assert_eq!(words.len(), 6);
    let schedule = NewBackupSchedule {
        every: BackupEvery::Day,
        folder: text(folder.path()),
        passphrase: WORDS.into(),
        include_account: false,
    };
    let set = SetBackupSchedule {
        schedule: Some(schedule),
    };
    let view = alice.ask(set).await;
    assert_eq!(view.schedule.unwrap().every, BackupEvery::Day);
    until("the first is made", async || files() == 1).await;
    for _ in 0..3 {
        let before = newest(folder.path());
        world.clock.advance(DAY_MS);
        until("another is made", async || newest(folder.path()) > before).await;
    }
    until("the older ones go", async || files() == 2).await;
    assert_eq!(
        alice.ask(restore(&newest(folder.path()).unwrap())).await.messages,
        0
    );

    std::fs::remove_dir_all(folder.path()).unwrap();
    world.clock.advance(DAY_MS);
    until("the failure is told", async || failed(&alice).await).await;
    std::fs::create_dir(folder.path()).unwrap();
    world.clock.advance(DAY_MS / 24);
    until("it is tried again", async || !failed(&alice).await).await;
    let none = alice.ask(SetBackupSchedule { schedule: None }).await;
    assert_eq!(none.schedule, None);
}

async fn failed(person: &Person) -> bool {
    let schedule = person.ask(GetData {}).await.schedule;
    schedule.unwrap().failure.is_some()
}

fn newest(folder: &Path) -> Option<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let whole = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "ternbackup"));
    whole.max()
}

#[tokio::test]
async fn a_conversation_is_exported_as_a_page_that_anybody_can_read() {
    let world = World::new(605);
    let (alice, bob) = friends(&world).await;
    alice.writes(&bob, "<b>hello</b>").await;
    let folder = tempfile::tempdir().unwrap();
    let export = ExportConversation {
        conversation: bob.conversation(),
        to: text(folder.path()),
    };
    let made = alice.ask(export).await;
    let page = std::fs::read_to_string(Path::new(&made.path).join("conversation.html")).unwrap();
    assert!(page.contains("&lt;b&gt;hello&lt;/b&gt;") && page.contains("Bob") && page.contains("Alice"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn what_conversations_take_is_told_and_old_messages_can_go() {
    let world = World::new(606);
    let (alice, bob) = friends(&world).await;
    alice.writes(&bob, "old").await;
    let space = alice.ask(ListSpace {}).await;
    assert_eq!(space.conversations[0].name, "Bob");
    let messages = space.conversations[0].messages;
    world.clock.advance(40 * DAY_MS);
    alice.writes(&bob, "new").await;
    let free = FreeSpace {
        conversation: bob.conversation(),
        older_than_days: Some(30),
    };
    assert_eq!(alice.ask(free).await.messages, messages);
    assert_eq!(alice.ask(ListSpace {}).await.conversations[0].messages, 1);
}
