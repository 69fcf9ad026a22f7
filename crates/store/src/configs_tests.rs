use protocol::message::DisappearingMode;

use super::*;
use crate::story::*;
use crate::{Origin, Store};

#[test]
fn configs_survive_and_go_with_the_account() {
    let store = store();
    let dump = |store: &Store| store.read(|r| r.config_dump(Namespace(3))).unwrap();
    assert_eq!(dump(&store), None);
    for bytes in [b"one".as_slice(), b"two"] {
        store.write(|w| w.keep_config_dump(Namespace(3), bytes)).unwrap();
        assert_eq!(dump(&store).as_deref(), Some(bytes));
    }
    store.write(|w| w.delete_account()).unwrap();
    assert_eq!(dump(&store), None);
}

#[test]
fn settings_of_an_account_that_was_made_here_need_not_be_read() {
    assert!(store().read(|r| r.settings_were_read()).unwrap());
    let restored = Store::in_memory().unwrap();
    assert!(!restored.read(|r| r.settings_were_read()).unwrap());
    let mut account = new_account();
    account.origin = Origin::Restored;
    restored.write(|w| w.create_account(&account)).unwrap();
    assert!(!restored.read(|r| r.settings_were_read()).unwrap());
    restored.write(|w| w.note_settings_read()).unwrap();
    assert!(restored.read(|r| r.settings_were_read()).unwrap());
}

#[test]
fn what_was_set_here_is_what_is_shared() {
    let store = store();
    let setting = Disappearing {
        mode: DisappearingMode::AfterRead,
        seconds: 300,
    };
    store
        .write(|w| {
            w.approve(&bob(), NOW)?;
            w.pin(&bob(), NOW)?;
            w.mute(&bob(), Some(Mute::Ever), NOW)?;
            w.take_disappearing(&bob(), Some(setting), NOW)
        })
        .unwrap();
    let shared = store.read(|r| r.shared_person(&bob())).unwrap().unwrap();
    assert!(shared.approved && !shared.blocked && !shared.deleted);
    assert_eq!(shared.disappearing, Some(setting));
    let conversation = shared.conversation.clone().unwrap();
    assert_eq!((conversation.pinned, conversation.mute), (1, Some(Mute::Ever)));
    assert!(store.read(|r| r.shared_people()).unwrap().contains(&shared));
    store.write(|w| w.delete_conversation(&bob(), NOW)).unwrap();
    let gone = store.read(|r| r.shared_person(&bob())).unwrap().unwrap();
    assert!(gone.deleted && gone.approved && gone.conversation.is_none());
}

#[test]
fn a_read_position_of_another_device_counts_before_messages_come_and_never_goes_back() {
    let store = store();
    let take = |up_to| store.write(|w| w.take_read_position(&bob(), up_to, NOW)).unwrap();
    assert!(take(NOW));
    assert!(!take(NOW.plus_ms(-1)));
    let shared = store.read(|r| r.shared_person(&bob())).unwrap().unwrap();
    assert_eq!(shared.conversation.unwrap().read_up_to, NOW);
}
