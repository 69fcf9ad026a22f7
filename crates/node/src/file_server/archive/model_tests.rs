//! Whatever is done in whatever order, the archive says what a table of names and times says.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

const START: TimestampMs = TimestampMs(1_775_000_000_000);
/// Files that there is room for.
const ROOM: usize = 3;

#[derive(Clone, Debug)]
enum Step {
    Keep { file: u8, lifetime_s: u64 },
    Extend { file: u8, lifetime_s: u64 },
    Pass { seconds: i64 },
    CleanUp,
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let file = 0..5_u8;
    let lifetime_s = 0..20_u64;
    prop_oneof![
        4 => (file.clone(), lifetime_s.clone()).prop_map(|(file, lifetime_s)| Step::Keep { file, lifetime_s }),
        2 => (file, lifetime_s).prop_map(|(file, lifetime_s)| Step::Extend { file, lifetime_s }),
        2 => (0..10_i64).prop_map(|seconds| Step::Pass { seconds }),
        1 => Just(Step::CleanUp),
        1 => Just(Step::Restart),
    ]
}

fn content(file: u8) -> Vec<u8> {
    vec![file; usize::from(file) * 700 + 1]
}

fn limits() -> FileLimits {
    FileLimits {
        max_total_len: BLOCK_LEN * ROOM as u64,
        ..FileLimits::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_archive_agrees_with_a_table(steps in prop::collection::vec(step(), 1..40)) {
        let folder = tempfile::tempdir().unwrap();
        let mut archive = Archive::open(folder.path(), limits()).unwrap();
        let mut table: BTreeMap<u8, FileInfo> = BTreeMap::new();
        let mut now = START;
        for step in steps {
            match step {
                Step::Keep { file, lifetime_s } => {
                    let kept = archive.keep(now, &content(file), Duration::from_secs(lifetime_s));
                    let expires = after(now, Duration::from_secs(lifetime_s));
                    let has_room = table.len() < ROOM;
                    match table.get_mut(&file) {
                        Some(known) => {
                            known.uploaded = now;
                            known.expires = known.expires.max(expires);
                        }
                        None if has_room => {
                            let size = content(file).len() as u64;
                            table.insert(file, FileInfo { size, uploaded: now, expires });
                        }
                        None => {
                            prop_assert!(matches!(kept, Err(ArchiveError::Full)));
                            continue;
                        }
                    }
                    prop_assert_eq!(kept.unwrap().1, table[&file]);
                }
                Step::Extend { file, lifetime_s } => {
                    let lifetime = Duration::from_secs(lifetime_s);
                    let extended = archive.extend(now, &FileId::of_content(&content(file)), lifetime);
                    match table.get_mut(&file).filter(|known| known.expires > now) {
                        Some(known) => {
                            known.expires = known.expires.max(after(now, lifetime));
                            prop_assert_eq!(extended.unwrap(), *known);
                        }
                        None => prop_assert!(matches!(extended, Err(ArchiveError::NotFound))),
                    }
                }
                Step::Pass { seconds } => now = now.plus_ms(seconds * 1000),
                Step::CleanUp => {
                    archive.clean_up(now).unwrap();
                    table.retain(|_, known| known.expires > now);
                }
                Step::Restart => {
                    drop(archive);
                    archive = Archive::open(folder.path(), limits()).unwrap();
                }
            }
            for file in 0..5 {
                let id = FileId::of_content(&content(file));
                let expected = table.get(&file).filter(|known| known.expires > now);
                prop_assert_eq!(archive.info(now, &id).ok(), expected.copied());
                let bytes = archive.open_file(now, &id).ok().map(|(_, mut bytes)| {
                    let mut read = Vec::new();
                    std::io::Read::read_to_end(&mut bytes, &mut read).unwrap();
                    read
                });
                prop_assert_eq!(bytes, expected.map(|_| content(file)));
            }
            prop_assert_eq!(*lock(&archive.taken), BLOCK_LEN * table.len() as u64);
        }
    }
}
