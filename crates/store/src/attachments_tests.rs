use super::*;
use protocol::TimestampMs;

use crate::story::{bob, send, store};
use crate::{ConversationList, MessageStatus, Store, Writing};

const NOW: TimestampMs = TimestampMs(1_000);

pub(super) fn facts(kind: AttachmentKind) -> FileFacts {
    FileFacts {
        kind,
        file_name: "summer.jpg".to_owned(),
        content_type: "image/jpeg".to_owned(),
        size: 3,
        pixels: Some((4, 5)),
        duration_ms: None,
    }
}

fn remote(name: &str) -> RemoteFile {
    RemoteFile {
        url: format!("http://files.example.org/file/{name}"),
        key: vec![7; 64],
        digest: Some([9; 32]),
        size: Some(3),
    }
}

fn write<T>(store: &Store, work: impl FnOnce(&Writing<'_>) -> Result<T, StoreError>) -> T {
    store.write(work).unwrap()
}

fn read<T>(store: &Store, work: impl FnOnce(&Reading<'_>) -> Result<T, StoreError>) -> T {
    store.read(work).unwrap()
}

/// A message to Bob with so many files that wait to be uploaded.
fn message_with(store: &Store, count: usize) -> (MessageId, Vec<AttachmentId>) {
    let files: Vec<_> = (0..count)
        .map(|_| {
            let file = store.files().write(b"abc").unwrap();
            write(store, |w| w.stage(&facts(AttachmentKind::Image), &file, NOW))
        })
        .collect();
    let message = send(store, bob(), "look", 10);
    write(store, |w| w.attach_staged(message, &files, NOW));
    (message, files)
}

#[test]
fn staged_files_become_those_of_a_message_once() {
    let store = store();
    let (message, files) = message_with(&store, 2);
    let kept = read(&store, |r| r.attachments_of(message));
    assert_eq!(kept.iter().map(|file| file.id).collect::<Vec<_>>(), files);
    assert!(kept.iter().all(|file| file.state == AttachmentState::ToUpload));
    assert_eq!(kept[0].facts, facts(AttachmentKind::Image));
    let bytes = store.files().read(kept[0].file.as_ref().unwrap()).unwrap();
    assert_eq!(bytes, b"abc");
    let again: Result<(), StoreError> = store.write(|w| w.attach_staged(message, &files, NOW));
    assert!(matches!(again, Err(StoreError::NotFound)));
}

#[test]
fn a_message_is_complete_when_its_last_file_is_uploaded() {
    let store = store();
    let (_, files) = message_with(&store, 2);
    assert!(!write(&store, |w| w.mark_uploaded(files[1], &remote("b"))));
    assert!(write(&store, |w| w.mark_uploaded(files[0], &remote("a"))));
    assert_eq!(read(&store, |r| r.attachment(files[0])).remote, Some(remote("a")));
    assert_eq!(read(&store, |r| r.next_transfer_after(TimestampMs(0))), None);
}

#[test]
fn a_transfer_waits_is_given_up_and_tried_again_by_hand() {
    let store = store();
    let (message, files) = message_with(&store, 1);
    let due = |now| {
        read(&store, |r| {
            r.attachments_due(AttachmentState::ToUpload, TimestampMs(now), 9)
        })
        .len()
    };
    assert_eq!((due(999), due(1_000)), (0, 1));
    write(&store, |w| {
        w.record_transfer_attempt(files[0], TimestampMs(6_000), "why")
    });
    assert_eq!((due(5_999), due(6_000)), (0, 1));
    assert_eq!(
        read(&store, |r| r.next_transfer_after(TimestampMs(0))),
        Some(TimestampMs(6_000))
    );
    write(&store, |w| w.wake_transfers(TimestampMs(2_000)));
    assert_eq!(due(2_000), 1);
    write(&store, |w| {
        w.end_transfer(files[0], AttachmentState::Failed, "over")
    });
    assert_eq!(due(i64::MAX), 0);
    let status = |store: &Store| read(store, |r| r.message(message)).status;
    assert_eq!(status(&store), Some(MessageStatus::Failed));
    assert!(write(&store, |w| w.retry_uploads(message, TimestampMs(9_000))));
    assert_eq!((due(9_000), status(&store)), (1, Some(MessageStatus::Queued)));
    write(&store, |w| {
        w.record_transfer_attempt(files[0], TimestampMs(99_000), "why")
    });
    assert!(
        write(&store, |w| w.retry_uploads(message, TimestampMs(9_500))),
        "it does not wait longer"
    );
    assert_eq!(due(9_500), 1);
    assert!(write(&store, |w| w.mark_uploaded(files[0], &remote("a"))));
    assert!(!write(&store, |w| w.retry_uploads(message, TimestampMs(9_900))));
}

#[test]
fn an_upload_that_nobody_waits_for_any_more_completes_nothing() {
    let store = store();
    let (message, files) = message_with(&store, 1);
    write(&store, |w| {
        w.end_transfer(files[0], AttachmentState::Failed, "cancelled")
    });
    assert!(!write(&store, |w| w.mark_uploaded(files[0], &remote("late"))));
    let file = read(&store, |r| r.attachment(files[0]));
    assert_eq!((file.state, file.remote), (AttachmentState::Failed, None));
    write(&store, |w| w.retry_uploads(message, NOW));
    assert!(write(&store, |w| w.mark_uploaded(files[0], &remote("a"))));
    assert!(!write(&store, |w| w.mark_uploaded(files[0], &remote("again"))));
    assert_eq!(read(&store, |r| r.attachment(files[0])).remote, Some(remote("a")));
    write(&store, |w| w.delete_message(message));
    assert!(!write(&store, |w| w.mark_uploaded(files[0], &remote("late"))));
}

#[test]
fn what_came_for_nobody_goes_from_the_disk() {
    let store = store();
    let (message, _) = message_with(&store, 0);
    let offered = OfferedFile {
        facts: facts(AttachmentKind::Image),
        remote: Some(remote("a")),
    };
    write(&store, |w| w.offer_files(message, &[offered], Wanted::All, NOW));
    let id = read(&store, |r| r.attachments_of(message))[0].id;
    let arrives = || {
        let kept = store.keep_file::<_, StoreError>(b"abc", |w, file| {
            w.mark_downloaded(id, &facts(AttachmentKind::Image), file)?;
            Ok(file.clone())
        });
        kept.unwrap()
    };
    write(&store, |w| {
        w.end_transfer(id, AttachmentState::Failed, "cancelled")
    });
    let cancelled = arrives();
    write(&store, |w| w.set_transfer(id, AttachmentState::ToDownload, NOW));
    let wanted = arrives();
    let twice = arrives();
    write(&store, |w| w.delete_message(message));
    let deleted = arrives();
    for file in [&cancelled, &wanted, &twice, &deleted] {
        assert!(store.files().read(file).is_ok(), "until it is swept");
    }
    store.sweep_files().unwrap();
    for file in [&cancelled, &wanted, &twice, &deleted] {
        assert!(matches!(store.files().read(file), Err(StoreError::NotFound)));
    }
}

#[test]
fn without_its_row_there_is_no_file() {
    let store = store();
    let mut written = None;
    let refused = store.keep_file::<(), StoreError>(b"abc", |_, file| {
        written = Some(file.clone());
        Err(StoreError::NotFound)
    });
    assert!(matches!(refused, Err(StoreError::NotFound)));
    assert!(matches!(
        store.files().read(&written.unwrap()),
        Err(StoreError::NotFound)
    ));
}

#[test]
fn deleting_a_message_takes_its_files_off_the_disk() {
    let store = store();
    let (message, files) = message_with(&store, 1);
    let file = read(&store, |r| r.attachment(files[0])).file.unwrap();
    write(&store, |w| w.delete_message(message));
    assert!(matches!(
        store.read::<_, StoreError>(|r| r.attachment(files[0])),
        Err(StoreError::NotFound)
    ));
    assert!(store.files().read(&file).is_ok(), "until it is swept");
    store.sweep_files().unwrap();
    assert!(matches!(store.files().read(&file), Err(StoreError::NotFound)));
    store.sweep_files().unwrap();
}

#[test]
fn what_was_staged_long_ago_goes_and_another_process_keeps_what_it_has() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tern.db");
    let key = crate::StoreKey::generate().unwrap();
    let open = || Store::open(&path, &key).unwrap();
    let first = open();
    let staged = |at| {
        let file = first.files().write(b"abc").unwrap();
        let id = write(&first, |w| {
            w.stage(&facts(AttachmentKind::File), &file, TimestampMs(at))
        });
        (id, file)
    };
    let ((old, old_file), (recent, _), (future, _)) = (staged(9), staged(10), staged(21));
    let second = open();
    let here = |id| second.read::<_, StoreError>(|r| r.attachment(id)).is_ok();
    assert!(here(old) && here(recent));
    write(&second, |w| w.forget_staged(TimestampMs(10), TimestampMs(20)));
    assert_eq!((here(old), here(recent), here(future)), (false, true, false));
    second.sweep_files().unwrap();
    assert!(matches!(first.files().read(&old_file), Err(StoreError::NotFound)));
}

#[test]
fn a_voice_message_is_kept_for_its_conversation_until_it_is_sent_or_deleted() {
    let store = store();
    let staged = |kind| {
        let file = store.files().write(b"abc").unwrap();
        write(&store, |w| w.stage(&facts(kind), &file, NOW))
    };
    let kept = || {
        store
            .read::<_, StoreError>(|r| r.voice_draft(&bob()))
            .unwrap()
            .map(|draft| draft.id)
    };
    let keep = |id| store.write::<_, StoreError>(|w| w.keep_voice_draft(&bob(), id, NOW));
    assert_eq!(kept(), None);
    let letter = staged(AttachmentKind::File);
    assert!(
        matches!(keep(letter), Err(StoreError::NotFound)),
        "no voice message"
    );
    assert!(matches!(keep(AttachmentId(99)), Err(StoreError::NotFound)));

    let (first, second) = (staged(AttachmentKind::Voice), staged(AttachmentKind::Voice));
    keep(first).unwrap();
    keep(second).unwrap();
    assert_eq!(kept(), Some(second));
    let later = TimestampMs(NOW.0 + 1);
    write(&store, |w| w.forget_staged(later, later));
    let here = |id| store.read::<_, StoreError>(|r| r.attachment(id)).is_ok();
    assert_eq!((here(letter), here(first), here(second)), (false, true, true));
    write(&store, |w| w.discard_staged(second));
    assert_eq!(kept(), Some(first));

    let (message, _) = message_with(&store, 0);
    write(&store, |w| w.attach_staged(message, &[first], NOW));
    assert_eq!(kept(), None);
    assert!(here(first));
}

#[test]
fn offered_files_wait_unless_they_are_wanted() {
    let store = store();
    let (message, _) = message_with(&store, 0);
    let offered = OfferedFile {
        facts: facts(AttachmentKind::Image),
        remote: Some(remote("a")),
    };
    write(&store, |w| w.offer_files(message, &[offered], Wanted::Asked, NOW));
    let id = read(&store, |r| r.attachments_of(message))[0].id;
    assert_eq!(read(&store, |r| r.next_transfer_after(TimestampMs(0))), None);
    write(&store, |w| w.set_transfer(id, AttachmentState::ToDownload, NOW));
    assert_eq!(read(&store, |r| r.next_transfer_after(TimestampMs(0))), Some(NOW));
    let found = FileFacts {
        size: 8,
        pixels: None,
        ..facts(AttachmentKind::Video)
    };
    let file = store.files().write(b"8 bytes!").unwrap();
    write(&store, |w| w.mark_downloaded(id, &found, &file));
    let whole = read(&store, |r| r.attachment(id));
    assert_eq!(
        (whole.state, whole.facts.kind, whole.facts.size),
        (AttachmentState::Done, AttachmentKind::Video, 8)
    );
    let media = |media| read(&store, |r| r.gallery(&bob(), media, None, 9)).len();
    assert_eq!((media(true), media(false)), (1, 0));
    assert!(read(&store, |r| r.gallery(&bob(), true, Some(id), 9)).is_empty());
}

#[test]
fn the_home_list_names_the_first_file_of_the_newest_message() {
    let store = store();
    let snippet = || {
        let page = read(&store, |r| r.conversations(ConversationList::Home, 0, 9));
        page.rows[0].snippet.clone().unwrap().file
    };
    send(&store, bob(), "before", 5);
    assert_eq!(snippet(), None);
    let (message, _) = message_with(&store, 2);
    assert_eq!(snippet(), Some((AttachmentKind::Image, "summer.jpg".to_owned())));
    write(&store, |w| w.delete_message(message));
    assert_eq!(snippet(), None);
}

#[test]
fn whether_to_fetch_without_asking_is_decided_for_each_person() {
    let store = store();
    assert_eq!(read(&store, |r| r.auto_download(&bob())), None);
    write(&store, |w| w.set_auto_download(&bob(), true, NOW));
    assert_eq!(read(&store, |r| r.auto_download(&bob())), Some(true));
    write(&store, |w| w.set_auto_download(&bob(), false, NOW));
    assert_eq!(read(&store, |r| r.auto_download(&bob())), Some(false));
}

#[test]
fn what_is_fetched_again_stays_until_the_other_is_whole() {
    let store = store();
    let message = send(&store, bob(), "listen", 10);
    let offered = OfferedFile {
        facts: facts(AttachmentKind::Voice),
        remote: Some(remote("a")),
    };
    write(&store, |w| w.offer_files(message, &[offered], Wanted::All, NOW));
    let id = read(&store, |r| r.attachments_of(message))[0].id;
    let lasts = |ms| FileFacts {
        duration_ms: Some(ms),
        ..facts(AttachmentKind::Voice)
    };
    let arrives = |bytes: &[u8], ms| {
        let kept = store.keep_file::<_, StoreError>(bytes, |w, file| w.mark_downloaded(id, &lasts(ms), file));
        kept.unwrap();
    };
    let now = || {
        let file = read(&store, |r| r.attachment(id));
        let bytes = store.files().read(file.file.as_ref().unwrap()).unwrap();
        (file.state, file.facts.duration_ms, bytes)
    };
    let again = || write(&store, |w| w.set_transfer(id, AttachmentState::ToDownload, NOW));
    arrives(b"first", 1_500);
    assert_eq!(now(), (AttachmentState::Done, Some(1_500), b"first".to_vec()));

    again();
    write(&store, |w| w.end_transfer(id, AttachmentState::Gone, "gone"));
    assert_eq!(now(), (AttachmentState::Done, Some(1_500), b"first".to_vec()));

    again();
    arrives(b"second", 2_500);
    store.sweep_files().unwrap();
    assert_eq!(now(), (AttachmentState::Done, Some(2_500), b"second".to_vec()));
    assert!(read(&store, |r| r.doomed_files()).is_empty());
    assert_eq!(read(&store, |r| r.known_files()).len(), 1);
}
