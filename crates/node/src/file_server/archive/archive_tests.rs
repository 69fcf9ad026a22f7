//! What is kept, for how long, within which room, and what a killed process leaves.

use std::fs;
use std::io::Read;

use super::*;

const NOW: TimestampMs = TimestampMs(1_775_000_000_000);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn limits() -> FileLimits {
    FileLimits {
        max_file_len: 100_000,
        max_total_len: 10 * BLOCK_LEN,
        ..FileLimits::default()
    }
}

fn days(number: i64) -> TimestampMs {
    NOW.plus_ms(number * 24 * 60 * 60 * 1000)
}

fn read(archive: &Archive, now: TimestampMs, id: &FileId) -> Option<Vec<u8>> {
    let (_, mut content) = archive.open_file(now, id).ok()?;
    let mut bytes = Vec::new();
    content.read_to_end(&mut bytes).unwrap();
    Some(bytes)
}

/// Each rule holds on disk and in memory.
fn both(check: impl Fn(Arc<Archive>)) {
    let folder = tempfile::tempdir().unwrap();
    check(Archive::open(folder.path(), limits()).unwrap());
    check(Archive::in_memory(limits()).unwrap());
}

#[test]
fn fil_20_a_file_is_there_until_it_expires() {
    both(|archive| {
        let (id, info) = archive.keep(NOW, b"content", DAY).unwrap();
        assert_eq!(id, FileId::of_content(b"content"));
        assert_eq!(
            info,
            FileInfo {
                size: 7,
                uploaded: NOW,
                expires: days(1)
            }
        );
        let last = days(1).plus_ms(-1);
        assert_eq!(read(&archive, last, &id).unwrap(), b"content");
        assert_eq!(read(&archive, days(1), &id), None, "even before it is cleaned up");
        archive.clean_up(last).unwrap();
        assert_eq!(archive.info(last, &id).unwrap(), info);
        archive.clean_up(days(1)).unwrap();
        assert!(matches!(archive.info(NOW, &id), Err(ArchiveError::NotFound)));
        assert_eq!(*lock(&archive.taken), 0);
        assert!(
            archive
                .contents
                .open_content(&known_form(&id).unwrap())
                .unwrap()
                .is_none()
        );
    });
}

#[test]
fn fil_11_the_same_bytes_twice_are_one_file_that_stays_for_the_longer_lifetime() {
    both(|archive| {
        let (id, _) = archive.keep(NOW, b"content", 3 * DAY).unwrap();
        let (again, info) = archive.keep(days(1), b"content", DAY).unwrap();
        assert_eq!(again, id);
        assert_eq!((info.uploaded, info.expires), (days(1), days(3)));
        let (_, info) = archive.keep(days(1), b"content", 4 * DAY).unwrap();
        assert_eq!(info.expires, days(5));
        assert_eq!(*lock(&archive.taken), BLOCK_LEN, "it counts once");
    });
}

#[test]
fn fil_11_an_expired_file_that_is_not_cleaned_up_comes_back_with_its_bytes() {
    both(|archive| {
        let (id, _) = archive.keep(NOW, b"content", DAY).unwrap();
        archive.keep(days(2), b"content", DAY).unwrap();
        archive.clean_up(days(2)).unwrap();
        assert_eq!(read(&archive, days(2), &id).unwrap(), b"content");
    });
}

#[test]
fn fil_13_extending_only_lengthens_and_brings_nothing_back() {
    both(|archive| {
        let (id, _) = archive.keep(NOW, b"content", 3 * DAY).unwrap();
        let shorter = archive.extend(NOW, &id, DAY).unwrap();
        assert_eq!((shorter.uploaded, shorter.expires), (NOW, days(3)));
        assert_eq!(archive.extend(days(2), &id, 5 * DAY).unwrap().expires, days(7));
        assert!(matches!(
            archive.extend(days(7), &id, DAY),
            Err(ArchiveError::NotFound)
        ));
    });
}

#[test]
fn fil_10_no_bytes_and_too_many_are_refused_and_leave_nothing() {
    both(|archive| {
        assert!(matches!(archive.keep(NOW, b"", DAY), Err(ArchiveError::Empty)));
        let largest = vec![1; 100_000];
        let mut receiving = archive.begin().unwrap();
        for part in largest.chunks(1000).take(30) {
            receiving.write(part).unwrap();
        }
        drop(receiving);
        assert_eq!(*lock(&archive.taken), 0);
        let mut receiving = archive.begin().unwrap();
        let error = receiving.write(&vec![1; 100_001]).unwrap_err();
        assert!(matches!(error, ArchiveError::TooLarge));
    });
}

#[test]
fn fil_21_the_total_counts_whole_blocks_and_what_is_being_received() {
    both(|archive| {
        for byte in 0..9 {
            archive.keep(NOW, &[byte], DAY).unwrap();
        }
        let mut receiving = archive.begin().unwrap();
        receiving.write(b"a file that is being received").unwrap();
        assert!(matches!(
            archive.keep(NOW, b"one more", DAY),
            Err(ArchiveError::Full)
        ));
        drop(receiving);
        archive.keep(NOW, b"one more", 2 * DAY).unwrap();
        assert!(matches!(
            archive.keep(NOW, b"yet one", DAY),
            Err(ArchiveError::Full)
        ));
        archive.clean_up(days(1)).unwrap();
        archive.keep(NOW, b"yet one", DAY).unwrap();
        assert_eq!(*lock(&archive.taken), 2 * BLOCK_LEN);
    });
}

#[test]
fn fil_22_files_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(folder.path(), limits()).unwrap();
    let (id, info) = archive.keep(NOW, &[7; 5000], DAY).unwrap();
    assert!(
        Archive::open(folder.path(), limits()).is_err(),
        "one server at a time has the folder"
    );
    drop(archive);
    let archive = Archive::open(folder.path(), limits()).unwrap();
    assert_eq!(archive.info(NOW, &id).unwrap(), info);
    assert_eq!(read(&archive, NOW, &id).unwrap(), [7; 5000]);
    assert_eq!(*lock(&archive.taken), 2 * BLOCK_LEN);
}

#[test]
fn fil_23_what_a_killed_process_leaves_is_put_right_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(folder.path(), limits()).unwrap();
    let kept: Vec<_> = [b"whole", b"short", b"gone!"]
        .iter()
        .map(|content| archive.keep(NOW, *content, DAY).unwrap().0)
        .collect();
    drop(archive);
    let path = |id: &FileId| {
        let name = known_form(id).unwrap().file_name();
        folder.path().join("files").join(&name[..2]).join(name)
    };
    fs::write(path(&kept[1]), b"sho").unwrap();
    fs::remove_file(path(&kept[2])).unwrap();
    // Killed between giving a file its name and writing its row, and while receiving.
    let orphan = FileId::of_content(b"orphan");
    fs::create_dir_all(path(&orphan).parent().unwrap()).unwrap();
    fs::write(path(&orphan), b"orphan").unwrap();
    fs::write(folder.path().join("incoming").join("0"), b"half").unwrap();

    let archive = Archive::open(folder.path(), limits()).unwrap();
    assert_eq!(read(&archive, NOW, &kept[0]).unwrap(), b"whole");
    for id in &kept[1..] {
        assert!(matches!(archive.info(NOW, id), Err(ArchiveError::NotFound)));
    }
    assert!(!path(&orphan).exists() && !path(&kept[1]).exists());
    assert_eq!(fs::read_dir(folder.path().join("incoming")).unwrap().count(), 0);
    assert_eq!(*lock(&archive.taken), BLOCK_LEN);
    let (id, _) = archive.keep(NOW, b"gone!", DAY).unwrap();
    assert_eq!(read(&archive, NOW, &id).unwrap(), b"gone!");
}

#[test]
fn many_at_once_agree_on_what_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(folder.path(), limits()).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4_u8 {
            let archive = &archive;
            scope.spawn(move || {
                for round in 0..10_u8 {
                    let content = [round % 3; 64];
                    let (id, _) = archive.keep(NOW, &content, DAY).unwrap();
                    assert_eq!(read(archive, NOW, &id).unwrap(), content, "thread {thread}");
                    if round % 4 == 0 {
                        // Nothing has expired; whoever cleans up must not take what others bring.
                        archive.clean_up(NOW).unwrap();
                    }
                }
            });
        }
    });
    assert_eq!(archive.index().all().unwrap().len(), 3);
    assert_eq!(*lock(&archive.taken), 3 * BLOCK_LEN);
}
