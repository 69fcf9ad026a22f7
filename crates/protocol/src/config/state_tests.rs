use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::account::Seed;
use crate::config::revision::RevisionId;
use crate::config::value::Scalar;
use crate::storage::compute_hash;

const NOW: TimestampMs = TimestampMs(1_700_000_000_000);

fn keys() -> AccountKeys {
    AccountKeys::from_seed(&Seed::from_hex("0123456789abcdef0123456789abcdef").unwrap())
}

fn new() -> Config {
    Config::new(ConfigType::Contacts, &keys())
}

fn stored_as(message: &[u8]) -> MessageHash {
    compute_hash(keys().account_id(), ConfigType::Contacts.namespace(), message)
}

/// What the swarm keeps, in no particular order.
#[derive(Default)]
struct Swarm(Vec<(MessageHash, Vec<u8>)>);

impl Swarm {
    /// Stores a push and deletes what it makes obsolete, as one sequence.
    fn store(&mut self, push: &Push) -> Vec<MessageHash> {
        let hashes: Vec<_> = push.messages.iter().map(|message| stored_as(message)).collect();
        self.0
            .retain(|(hash, _)| !push.obsolete.contains(hash) && !hashes.contains(hash));
        self.0
            .extend(hashes.iter().copied().zip(push.messages.iter().cloned()));
        hashes
    }

    fn messages(&self) -> impl Iterator<Item = (MessageHash, &[u8])> {
        self.0.iter().map(|(hash, message)| (*hash, message.as_slice()))
    }
}

/// Pushes and has it confirmed.
fn sync(config: &mut Config, swarm: &mut Swarm) {
    let push = config.push(NOW).unwrap();
    let hashes = swarm.store(&push);
    config.confirm_pushed(push.seqno, hashes);
}

#[test]
fn cfg_41_writing_what_is_there_changes_nothing() {
    let mut config = new();
    assert!(!config.remove(&[b"a"]));
    assert!(!config.set(&[b"a"], Value::Dict(Arc::default())));
    assert!(!config.needs_push() && !config.needs_dump());
    assert!(config.set(&[b"a", b"b"], 1));
    assert_eq!((config.seqno(), config.state()), (1, State::Dirty));
    sync(&mut config, &mut Swarm::default());
    assert!(!config.set(&[b"a", b"b"], 1));
    assert_eq!(config.state(), State::Clean);
    assert!(config.set(&[b"a"], "text"), "a dictionary becomes a scalar");
    assert!(config.set(&[b"a", b"b"], 1), "and again a dictionary");
    assert_eq!(config.seqno(), 2, "one period of edits is one revision");
}

#[test]
fn cfg_02_what_is_left_empty_goes_and_what_is_empty_is_not_taken() {
    let hollow = Value::Dict(Arc::new(Dict::from([(
        b"a".to_vec(),
        Value::Dict(Arc::default()),
    )])));
    let mut config = new();
    assert!(!config.set(&[b"a"], hollow));
    config.set(&[b"a", b"b", b"c"], 1);
    config.set(&[b"a", b"d"], 1);
    assert!(config.remove(&[b"a", b"b", b"c"]));
    assert_eq!(config.get(&[b"a", b"b"]), None);
    assert!(config.remove(&[b"a", b"d"]));
    assert!(config.data().is_empty());
}

#[test]
fn cfg_11_a_revision_is_named_by_the_hash_of_its_message_as_it_came() {
    let key = EncryptionKey::of_account(&keys());
    // Lists a revision that is too old to be written again.
    let message = b"d1:#i9e1:&de1:<lli1eee1:=dee";
    let sealed = encrypt(message, &key.0, "Contacts").unwrap();
    let mut config = new();
    config.merge([(stored_as(&sealed), sealed.as_slice())], NOW);
    config.set(&[b"a"], 1);
    let earlier: Vec<_> = config.draft.settled().lagged.keys().copied().collect();
    assert_eq!(earlier, [RevisionId::of(9, message)]);
}

#[test]
fn edits_are_counted_until_the_swarm_has_them() {
    let mut config = new();
    assert_eq!(config.edits(), 0);
    config.set(&[b"a", b"b"], 1);
    config.set(&[b"a", b"c"], 2);
    config.set(&[b"d"], "text");
    config.set(&[b"d"], "other");
    assert_eq!(config.edits(), 3);
    let push = config.push(NOW).unwrap();
    assert_eq!(config.edits(), 3, "on their way");
    config = Config::load(ConfigType::Contacts, &keys(), &config.dump()).unwrap();
    assert_eq!(config.edits(), 3, "after a restart");
    config.confirm_pushed(push.seqno, push.messages.iter().map(|message| stored_as(message)));
    assert_eq!(config.edits(), 0);
    config.remove(&[b"d"]);
    assert_eq!(config.edits(), 1);
}

#[test]
fn cfg_42_an_edit_after_the_push_is_not_confirmed_with_it() {
    let mut config = new();
    config.set(&[b"a"], 1);
    let push = config.push(NOW).unwrap();
    config.set(&[b"b"], 2);
    config.confirm_pushed(push.seqno, push.messages.iter().map(|message| stored_as(message)));
    assert!(config.needs_push());
    assert!(config.current_hashes().is_empty());
}

#[test]
fn cfg_44_a_push_that_comes_back_before_it_is_confirmed_is_not_obsolete() {
    let mut config = new();
    config.set(&[b"a"], 1);
    let push = config.push(NOW).unwrap();
    let hash = stored_as(&push.messages[0]);
    config.merge([(hash, push.messages[0].as_slice())], NOW);
    config.confirm_pushed(push.seqno, [hash]);
    config.merge([(hash, push.messages[0].as_slice())], NOW);
    assert_eq!(config.push(NOW).unwrap().obsolete, []);
}

#[test]
fn cfg_43_what_cannot_be_read_is_left_alone() {
    let mut config = new();
    config.set(&[b"a"], 1);
    let push = config.push(NOW).unwrap();
    let key = EncryptionKey::of_account(&keys());
    let sealed = |text: &[u8]| encrypt(text, &key.0, "Contacts").unwrap();
    let strange = [
        b"garbage".to_vec(),
        sealed(b""),
        sealed(&[0; 100]),
        sealed(b"x1:#i0e"),
        sealed(b"zbroken"),
        sealed(b"mbroken"),
        sealed(b"d1:#i99e1:&d1:ale1:<le1:=deee"),
        encrypt(b"d1:#i99e1:&de1:<le1:=dee", &key.0, "UserProfile").unwrap(),
    ];
    let before = config.clone().dump();
    let messages = strange
        .iter()
        .map(|message| (stored_as(message), message.as_slice()));
    assert!(config.merge(messages, NOW).is_empty());
    assert_eq!(config.dump(), before);
    assert_eq!(push.obsolete, []);
}

#[test]
fn cfg_17_a_reader_takes_the_highest_and_writes_nothing() {
    let signing = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let reader = Authority::Reader(signing.verifying_key().to_bytes());
    let admin = Authority::Admin(Box::new(signing));
    let key = || vec![EncryptionKey::from_bytes([5; 32])];
    let make = |authority: &Authority| Config::with_keys(ConfigType::Contacts, key(), authority.clone());
    let pushed = |value: i64| {
        let mut config = make(&admin);
        config.set(&[b"n"], value);
        config.push(NOW).unwrap().messages.remove(0)
    };
    let (one, two) = (pushed(1), pushed(2));
    let mut config = make(&reader);
    assert!(!config.set(&[b"n"], 3) && !config.remove(&[b"n"]));
    config.merge(
        [
            (stored_as(&one), one.as_slice()),
            (stored_as(&two), two.as_slice()),
        ],
        NOW,
    );
    assert!(!config.needs_push());
    assert_eq!(config.seqno(), 1);
    // The admin's bytes survive the reader's dump.
    let chosen = config.current_hashes().clone();
    let loaded = Config::load_with_keys(ConfigType::Contacts, key(), reader.clone(), &config.dump());
    let again = loaded.unwrap().push(NOW).unwrap();
    assert_eq!(again.obsolete, []);
    assert!(chosen.contains(&stored_as(&again.messages[0])));
    // Nobody else's word counts.
    let mut forger = make(&Authority::Unsigned);
    forger.set(&[b"n"], 4);
    let forged = forger.push(NOW).unwrap().messages.remove(0);
    assert!(
        make(&reader)
            .merge([(stored_as(&forged), forged.as_slice())], NOW)
            .is_empty()
    );
}

#[test]
fn cfg_48_an_admin_who_starts_again_names_the_same_revision() {
    let authority = Authority::Admin(Box::new(ed25519_dalek::SigningKey::from_bytes(&[9; 32])));
    let key = || vec![EncryptionKey::from_bytes([5; 32])];
    let mut config = Config::with_keys(ConfigType::Contacts, key(), authority.clone());
    config.set(&[b"n"], 1);
    sync(&mut config, &mut Swarm::default());
    let mut loaded = Config::load_with_keys(ConfigType::Contacts, key(), authority, &config.dump()).unwrap();
    for config in [&mut config, &mut loaded] {
        config.set(&[b"n"], 2);
    }
    assert_eq!(config.push(NOW), loaded.push(NOW));
}

#[test]
fn cfg_46_damaged_dumps_are_refused_or_read() {
    let mut config = new();
    config.set(&[b"a", b"b"], "value");
    let dump = config.dump();
    assert!(Config::load(ConfigType::Contacts, &keys(), &dump).is_ok());
    for len in 0..dump.len() {
        assert!(
            Config::load(ConfigType::Contacts, &keys(), &dump[..len]).is_err(),
            "{len}"
        );
    }
    for index in 0..dump.len() {
        for bit in 0..8 {
            let mut changed = dump.clone();
            changed[index] ^= 1 << bit;
            let _ = Config::load(ConfigType::Contacts, &keys(), &changed);
        }
    }
}

#[test]
fn cfg_44_edits_that_are_five_revisions_late_are_dropped() {
    let (mut ahead, mut late, mut swarm) = (new(), new(), Swarm::default());
    for number in 1..=6 {
        ahead.set(&[b"n"], number);
        sync(&mut ahead, &mut swarm);
    }
    late.set(&[b"late"], 1);
    late.merge(swarm.messages().collect::<Vec<_>>(), NOW);
    assert_eq!((late.seqno(), late.state()), (6, State::Clean));
    assert_eq!(late.get(&[b"late"]), None);
}

/// One thing that one of the devices does.
#[derive(Clone, Debug)]
enum Step {
    Set(usize, u8, i64),
    Remove(usize, u8),
    Push(usize),
    PushUnconfirmed(usize),
    Fetch(usize),
    Restart(usize),
}

fn step(devices: usize) -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..devices, 0..6_u8, 1..5_i64).prop_map(|(device, key, value)| Step::Set(device, key, value)),
        1 => (0..devices, 0..6_u8).prop_map(|(device, key)| Step::Remove(device, key)),
        2 => (0..devices).prop_map(Step::Push),
        1 => (0..devices).prop_map(Step::PushUnconfirmed),
        2 => (0..devices).prop_map(Step::Fetch),
        1 => (0..devices).prop_map(Step::Restart),
    ]
}

fn act(devices: &mut [Config], swarm: &mut Swarm, step: &Step) {
    match *step {
        Step::Set(device, key, value) => {
            let name = format!("key {key}").into_bytes();
            let config = &mut devices[device];
            match key % 3 {
                0 => config.set(&[&name], value),
                1 => config.set(&[b"dict", &name, b"n"], value),
                _ => {
                    let old = config
                        .get(&[&name])
                        .and_then(Value::as_set)
                        .cloned()
                        .unwrap_or_default();
                    let set = old.into_iter().chain([Scalar::Int(value)]).collect();
                    config.set(&[&name], Value::Set(set))
                }
            };
        }
        Step::Remove(device, key) => {
            let name = format!("key {key}").into_bytes();
            devices[device].remove(&[&name]);
            devices[device].remove(&[b"dict", &name]);
        }
        Step::Push(device) if devices[device].needs_push() => sync(&mut devices[device], swarm),
        Step::PushUnconfirmed(device) if devices[device].needs_push() => {
            let push = devices[device].push(NOW).unwrap();
            swarm.store(&push);
        }
        Step::Fetch(device) => {
            let messages: Vec<_> = swarm.messages().collect();
            devices[device].merge(messages, NOW);
        }
        Step::Restart(device) => {
            let dump = devices[device].dump();
            devices[device] = Config::load(ConfigType::Contacts, &keys(), &dump).unwrap();
        }
        Step::Push(_) | Step::PushUnconfirmed(_) => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn cfg_45_devices_agree_once_they_are_quiet(
        count in 2..7_usize,
        steps in (2..7_usize).prop_flat_map(|devices| prop::collection::vec(step(devices), 1..60)),
    ) {
        let mut devices: Vec<Config> = (0..count).map(|_| new()).collect();
        let mut swarm = Swarm::default();
        for step in steps.iter().filter(|step| match step {
            Step::Set(device, ..) | Step::Remove(device, _) | Step::Push(device)
            | Step::PushUnconfirmed(device) | Step::Fetch(device) | Step::Restart(device) => *device < count,
        }) {
            act(&mut devices, &mut swarm, step);
        }
        // Quiet: everybody fetches and pushes what they resolved, until nobody has anything to say.
        for round in 0.. {
            prop_assert!(round < 20, "they do not come to rest");
            for device in 0..count {
                act(&mut devices, &mut swarm, &Step::Fetch(device));
                act(&mut devices, &mut swarm, &Step::Push(device));
            }
            let rests = devices.iter().all(|device| !device.needs_push());
            let agree = devices.windows(2).all(|pair| pair[0].data() == pair[1].data() && pair[0].seqno() == pair[1].seqno());
            if rests && agree {
                break;
            }
        }
        let messages: Vec<_> = devices.iter_mut().map(|device| device.push(NOW).unwrap().messages).collect();
        prop_assert!(messages.windows(2).all(|pair| pair[0] == pair[1]), "byte for byte");
        if devices[0].seqno() > 0 {
            let hashes: Vec<_> = messages[0].iter().map(|message| stored_as(message)).collect();
            prop_assert!(hashes.iter().all(|hash| swarm.0.iter().any(|(stored, _)| stored == hash)), "the live message is kept");
        }
    }
}
