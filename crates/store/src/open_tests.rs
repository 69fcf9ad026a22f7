//! Opening with wrong keys, damaged files and full disks; dying in the middle of a write.

use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::process::{Child, Command, Stdio};

use super::*;
use crate::story::*;
use crate::*;

fn file() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tern.db");
    (folder, path)
}

#[track_caller]
fn refused(path: &Path, key: &StoreKey) -> StoreError {
    match Store::open(path, key) {
        Ok(_) => panic!("opened"),
        Err(error) => error,
    }
}

#[test]
fn what_was_written_is_there_after_opening_again() {
    let (_folder, path) = file();
    let id = send(&store_at(&path), bob(), "hi", 10);
    let store = Store::open(&path, &key()).unwrap();
    assert_eq!(message(&store, id).body, "hi");
    assert_eq!(
        store
            .read::<_, StoreError>(|r| r.account())
            .unwrap()
            .unwrap()
            .account_id,
        me()
    );
}

#[test]
fn another_key_does_not_open_it() {
    let (_folder, path) = file();
    store_at(&path);
    assert!(matches!(
        refused(&path, &StoreKey::from_bytes([1; 32])),
        StoreError::WrongKey
    ));
}

#[test]
fn nothing_readable_is_on_the_disk() {
    let (folder, path) = file();
    let store = store_at(&path);
    send(&store, bob(), "a very telling sentence", 10);
    let files: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert!(files.len() >= 2, "the database and its log");
    for file in files {
        let bytes = fs::read(&file).unwrap();
        for needle in [
            &b"telling"[..],
            b"SQLite format",
            b"CREATE TABLE",
            &bob().to_bytes(),
        ] {
            assert!(
                !bytes.windows(needle.len()).any(|window| window == needle),
                "{needle:?} in {file:?}"
            );
        }
    }
}

#[cfg(unix)]
#[test]
fn files_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, path) = file();
    let _store = store_at(&path);
    for entry in fs::read_dir(folder.path()).unwrap() {
        assert_eq!(entry.unwrap().metadata().unwrap().permissions().mode() & 0o077, 0);
    }
}

/// A closed store of some size.
fn large(path: &Path) {
    let store = store_at(path);
    let texts = (0..500)
        .map(|n| text(bob(), bob(), &"x".repeat(200), n + 1))
        .collect();
    receive_all(&store, texts);
    store.tidy().unwrap();
}

#[test]
fn a_file_that_was_cut_off_is_damaged() {
    let (_folder, path) = file();
    large(&path);
    let length = fs::metadata(&path).unwrap().len();
    let file = OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(length - 100).unwrap();
    assert!(matches!(refused(&path, &key()), StoreError::Damaged));
    file.set_len(length / 4096 / 2 * 4096).unwrap();
    let half = Store::open(&path, &key()).and_then(|store| read_everything(&store));
    assert!(matches!(half, Err(StoreError::Damaged)), "{half:?}");
}

#[test]
fn a_changed_byte_is_noticed() {
    let (_folder, path) = file();
    large(&path);
    let mut file = OpenOptions::new().write(true).open(&path).unwrap();
    let pages = file.metadata().unwrap().len() / 4096;
    for page in pages / 2..pages {
        file.seek(SeekFrom::Start(page * 4096 + 1000)).unwrap();
        file.write_all(&[0xAA; 8]).unwrap();
    }
    let result = Store::open(&path, &key()).and_then(|store| read_everything(&store));
    assert!(matches!(result, Err(StoreError::Damaged)), "{result:?}");
}

fn read_everything(store: &Store) -> Result<usize, StoreError> {
    store.read(|r| Ok(r.messages(&bob(), Window::Newest, 1000)?.rows.len()))
}

#[test]
fn a_file_of_a_later_version_is_not_touched() {
    let (_folder, path) = file();
    store_at(&path)
        .lock_writer()
        .as_ref()
        .unwrap()
        .execute_batch("PRAGMA user_version = 9999")
        .unwrap();
    assert!(matches!(refused(&path, &key()), StoreError::TooNew));
}

#[test]
fn a_full_disk_is_named_and_changes_nothing() {
    let (_folder, path) = file();
    let store = store_at(&path);
    store
        .lock_writer()
        .as_ref()
        .unwrap()
        .query_row("PRAGMA max_page_count = 1", [], |_| Ok(()))
        .unwrap();
    let texts: Vec<_> = (0..500)
        .map(|n| item(text(bob(), bob(), &"x".repeat(200), n + 1)))
        .collect();
    let result = store.write(|w| w.insert_received(&batch(texts)));
    assert!(matches!(result, Err(StoreError::DiskFull)), "{result:?}");
    assert_eq!(page(&store, bob(), Window::Newest, 10), MessagePage::default());
    store
        .lock_writer()
        .as_ref()
        .unwrap()
        .query_row("PRAGMA max_page_count = 1073741823", [], |_| Ok(()))
        .unwrap();
    receive(&store, bob(), "room again", 10);
    assert_eq!(bodies(&page(&store, bob(), Window::Newest, 10)), ["room again"]);
}

#[test]
fn readers_see_one_moment_while_the_writer_goes_on() {
    let (_folder, path) = file();
    let store = store_at(&path);
    receive(&store, bob(), "first", 10);
    store
        .read::<_, StoreError>(|r| {
            assert_eq!(r.messages(&bob(), Window::Newest, 10)?.rows.len(), 1);
            receive(&store, bob(), "second", 20);
            assert_eq!(r.messages(&bob(), Window::Newest, 10)?.rows.len(), 1);
            Ok(())
        })
        .unwrap();
    assert_eq!(page(&store, bob(), Window::Newest, 10).rows.len(), 2);
}

#[test]
fn more_threads_than_readers_take_turns() {
    let (_folder, path) = file();
    let store = store_at(&path);
    receive(&store, bob(), "hello", 10);
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                for _ in 0..20 {
                    assert_eq!(page(&store, bob(), Window::Newest, 10).rows.len(), 1);
                }
            });
        }
    });
}

#[test]
fn a_panic_in_a_write_undoes_it_and_the_store_goes_on() {
    let store = store();
    let unwound = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        store.write::<(), StoreError>(|w| {
            w.set_draft(&bob(), "half", NOW)?;
            panic!("a bug in the caller");
        })
    }));
    assert!(unwound.is_err());
    assert_eq!(
        store.read::<_, StoreError>(|r| r.conversation(&bob())).unwrap(),
        None
    );
    send(&store, bob(), "hi", 10);
}

const DATABASE_OF_CHILD: &str = "TERN_TEST_DATABASE";

/// This test runs itself as a second process, which it kills.
#[test]
fn a_killed_process_leaves_whole_transactions_only() {
    if let Some(path) = std::env::var_os(DATABASE_OF_CHILD) {
        write_until_killed(Path::new(&path));
    }
    let (_folder, path) = file();
    store_at(&path);
    let mut confirmed = 0;
    for round in 0..6 {
        let mut child = spawn_writer(&path);
        confirmed += count_lines_then_kill(&mut child, 3 + round * 5);
        let store = Store::open(&path, &key()).unwrap();
        let rows = page(&store, bob(), Window::Newest, 10_000).rows;
        assert!(
            rows.len() >= confirmed,
            "{} of {confirmed} confirmed texts are there",
            rows.len()
        );
        assert!(rows.iter().all(|row| row.status == Some(MessageStatus::Queued)));
        let whole: i64 = store
            .lock_writer()
            .as_ref()
            .unwrap()
            .query_row(WHOLE, [], |row| row.get(0))
            .unwrap();
        assert_eq!(
            whole as usize,
            rows.len(),
            "each text has its two deliveries, and the first one waits"
        );
        assert_counts_hold(&store);
        confirmed = rows.len();
    }
}

const WHOLE: &str = "
    SELECT count(*) FROM messages WHERE
        (SELECT count(*) FROM outbox WHERE message = messages.id) = 2
        AND EXISTS (SELECT 1 FROM outbox WHERE message = messages.id AND step = 1 AND state = 1)";

fn spawn_writer(path: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "open::tests::a_killed_process_leaves_whole_transactions_only",
            "--nocapture",
        ])
        .env(DATABASE_OF_CHILD, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The second process: queues and claims, and says so after each commit.
fn write_until_killed(path: &Path) -> ! {
    let store = Store::open(path, &key()).unwrap();
    loop {
        let at = store.write(|w| w.next_sent_at(NOW)).unwrap();
        send(&store, bob(), "hi", at.0);
        println!("\nqueued");
        store.write(|w| w.claim_due(at, 1)).unwrap();
    }
}

/// Waits for so many commits, then kills. Answers how many were said to be done.
fn count_lines_then_kill(child: &mut Child, commits: usize) -> usize {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let seen = lines
        .filter(|line| line.as_ref().is_ok_and(|line| line == "queued"))
        .take(commits)
        .count();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(seen, commits);
    seen
}

#[test]
fn a_closed_store_is_left_by_everybody_and_let_in_nobody() {
    let folder = tempfile::tempdir().unwrap();
    for store in [store(), store_at(&folder.path().join("tern.db"))] {
        store.read::<_, StoreError>(|reading| reading.account()).unwrap();
        let store = std::sync::Arc::new(store);
        let (begun, wait) = std::sync::mpsc::channel();
        let busy = std::thread::spawn({
            let store = std::sync::Arc::clone(&store);
            move || {
                store.read::<_, StoreError>(|reading| {
                    begun.send(()).unwrap();
                    (0..200).try_for_each(|_| reading.account().map(drop))
                })
            }
        });
        wait.recv().unwrap();
        store.close();
        assert!(busy.join().unwrap().is_ok(), "what was begun ends");
        let read = store.read::<_, StoreError>(|reading| reading.account());
        assert!(matches!(read, Err(StoreError::Closed)));
        let written = store.write::<_, StoreError>(|writing| writing.block(&bob(), NOW));
        assert!(matches!(written, Err(StoreError::Closed)));
        store.close();
    }
}
