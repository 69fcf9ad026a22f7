//! Hashes wait, are tried, and go when they are gone.

use super::*;
use crate::story::*;
use crate::*;

fn claim(store: &Store, at: TimestampMs) -> SwarmDeletions {
    let mut due = store.write(|w| w.claim_swarm_deletions(at, 10)).unwrap();
    due.hashes.sort();
    due
}

#[test]
fn del_03_a_hash_waits_until_it_is_deleted() {
    let store = store();
    let next = |store: &Store| store.read::<_, StoreError>(|r| r.next_due()).unwrap();
    assert_eq!(next(&store), None);
    store
        .write::<_, StoreError>(|w| {
            w.queue_swarm_deletion(&hash(1))?;
            w.queue_swarm_deletion(&hash(1))?;
            w.queue_swarm_deletion(&hash(2))
        })
        .unwrap();
    assert!(next(&store).is_some_and(|due| due <= NOW));
    let mut both = vec![hash(1), hash(2)];
    both.sort();
    let due = claim(&store, NOW);
    assert_eq!((due.hashes.clone(), due.attempts), (both.clone(), 0));
    assert_eq!(
        store.read::<_, StoreError>(|r| r.count_under_way()).unwrap(),
        1 + 1
    );
    assert_eq!(claim(&store, NOW), SwarmDeletions::default());

    let later = NOW.plus_ms(5_000);
    store.write(|w| w.postpone_swarm_deletions(&both, later)).unwrap();
    assert_eq!(next(&store), Some(later));
    assert_eq!(claim(&store, NOW), SwarmDeletions::default());
    store.write(|w| w.wake_waiting(NOW)).unwrap();
    let due = claim(&store, NOW);
    assert_eq!((due.hashes, due.attempts), (both.clone(), 1));
    store.write(|w| w.finish_swarm_deletions(&both)).unwrap();
    assert_eq!(next(&store), None);
}

#[test]
fn what_a_killed_process_had_under_way_waits_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tern.db");
    let store = store_at(&path);
    store.write(|w| w.queue_swarm_deletion(&hash(1))).unwrap();
    assert_eq!(claim(&store, NOW).hashes, [hash(1)]);
    drop(store);
    let store = Store::open(&path, &key()).unwrap();
    assert_eq!(claim(&store, NOW).hashes, [hash(1)]);
}
