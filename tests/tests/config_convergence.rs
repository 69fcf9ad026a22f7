//! Two to six devices of an account edit its configs at random, and nothing reaches them in order: once they are quiet,
//! all hold the same bytes, and what was edited online is as it was left. Spec: config §8 (CFG-45)
//!
//! `TERN_ROUNDS` sets how many stories are tried; 200 without it.

#![allow(clippy::unwrap_used)] // A failing step is the failure of the test.

use std::collections::BTreeMap;

use protocol::TimestampMs;
use protocol::account::{AccountKeys, Seed};
use protocol::config::{Config, ConfigType, Push, Scalar, State, Value, unwrap, wrap};
use protocol::storage::{MessageHash, compute_hash};
use tests::story::devices::Chance;

const START: TimestampMs = TimestampMs(1_775_000_000_000);
const HOUR: i64 = 3_600_000;
const TYPE: ConfigType = ConfigType::Contacts;

/// Keys that are edited; the last ones are in a dictionary that no version knows.
const KEYS: [&[&[u8]]; 8] = [
    &[b"c", b"alice", b"N"],
    &[b"c", b"alice", b"+"],
    &[b"c", b"bob", b"N"],
    &[b"c", b"bob", b"n"],
    &[b"n"],
    &[b"e"],
    &[b"of a later version", b"x", b"y"],
    &[b"of a later version", b"z"],
];

/// A set that grows and shrinks beside them.
const SET: &[&[u8]] = &[b"set"];

fn keys() -> AccountKeys {
    AccountKeys::from_seed(&Seed::from_hex("0123456789abcdef0123456789abcdef").unwrap())
}

/// What the swarm keeps.
#[derive(Default)]
struct Swarm(BTreeMap<MessageHash, Vec<u8>>);

impl Swarm {
    fn store(&mut self, push: &Push) -> Vec<MessageHash> {
        let account = keys().account_id();
        let hash = |message: &Vec<u8>| compute_hash(account, TYPE.namespace(), message);
        let hashes: Vec<_> = push.messages.iter().map(hash).collect();
        self.0.retain(|hash, _| !push.obsolete.contains(hash));
        self.0.extend(hashes.iter().copied().zip(push.messages.clone()));
        hashes
    }
}

struct Device {
    config: Config,
    ahead_ms: i64,
}

/// The devices and what is between them.
struct Story {
    chance: Chance,
    keys: AccountKeys,
    devices: Vec<Device>,
    swarm: Swarm,
    /// What was edited online, and nobody has touched since.
    left: BTreeMap<usize, Option<i64>>,
}

impl Story {
    fn new(seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let count = 2 + chance.below(5);
        let keys = keys();
        let device = |ahead_ms| Device {
            config: Config::new(TYPE, &keys),
            ahead_ms,
        };
        let devices = (0..count)
            .map(|_| device((chance.below(13) as i64 - 6) * HOUR))
            .collect();
        Self {
            chance,
            devices,
            keys,
            swarm: Swarm::default(),
            left: BTreeMap::new(),
        }
    }

    fn now(&self, device: usize) -> TimestampMs {
        START.plus_ms(self.devices[device].ahead_ms)
    }

    /// Takes messages in any order, some of them twice.
    fn deliver(&mut self, device: usize, some: bool) {
        let mut messages: Vec<_> = self
            .swarm
            .0
            .iter()
            .map(|(hash, data)| (*hash, data.clone()))
            .collect();
        for index in 0..messages.len() {
            let other = self.chance.below(messages.len());
            messages.swap(index, other);
        }
        if some {
            messages.truncate(self.chance.below(messages.len() + 1));
        }
        if let Some(again) = self.chance.one_of(&messages).cloned() {
            messages.push(again);
        }
        let now = self.now(device);
        let messages: Vec<_> = messages
            .into_iter()
            .map(|(hash, stored)| (hash, unwrap(&self.keys, TYPE, stored)))
            .collect();
        let read = messages.iter().map(|(hash, sealed)| (*hash, sealed.as_slice()));
        self.devices[device].config.merge(read, now);
    }

    fn push(&mut self, device: usize) -> Push {
        let now = self.now(device);
        let push = self.devices[device].config.push(now).unwrap();
        wrap(&self.keys, TYPE, push)
    }

    fn push_and_confirm(&mut self, device: usize) {
        if self.devices[device].config.needs_push() {
            let push = self.push(device);
            let hashes = self.swarm.store(&push);
            self.devices[device].config.confirm_pushed(push.seqno, hashes);
        }
    }

    /// A number that is used up without being seen: a device whose numbers ran ahead of the others' wins over edits that it
    /// has not seen. All clients do so; the engine sees to it that it is rare (sync §3).
    fn number_is_used_up(&mut self) {
        self.left.clear();
    }

    /// Answers the key, its value, and whether it had another one.
    fn edit(&mut self, device: usize) -> (usize, Option<i64>, bool) {
        if self.devices[device].config.state() == State::Waiting {
            self.number_is_used_up();
        }
        let (key, value) = (self.chance.below(KEYS.len()), self.chance.below(50) as i64);
        let config = &mut self.devices[device].config;
        let value = (value < 40).then_some(value);
        let changed = match value {
            Some(value) => config.set(KEYS[key], value),
            None => config.remove(KEYS[key]),
        };
        (key, value, changed)
    }

    fn act(&mut self) {
        let device = self.chance.below(self.devices.len());
        match self.chance.below(14) {
            // Offline, for as long as nothing else is drawn for this device.
            0..=2 => {
                let (key, ..) = self.edit(device);
                self.left.remove(&key);
            }
            3 => {
                if self.devices[device].config.state() == State::Waiting {
                    self.number_is_used_up();
                }
                let number = self.chance.below(6) as i64;
                let config = &mut self.devices[device].config;
                let mut set = config
                    .get(SET)
                    .and_then(Value::as_set)
                    .cloned()
                    .unwrap_or_default();
                if !set.remove(&Scalar::Int(number)) {
                    set.insert(Scalar::Int(number));
                }
                config.set(SET, Value::Set(set));
            }
            4..=6 => {
                self.deliver(device, false);
                self.push_and_confirm(device);
            }
            // Online: everything is read, and the edit is taken at once.
            7..=8 => {
                self.deliver(device, false);
                self.push_and_confirm(device);
                let (key, value, changed) = self.edit(device);
                self.push_and_confirm(device);
                if !changed {
                    return;
                }
                let alone = |(other, it): (usize, &Device)| other == device || !it.config.needs_push();
                match self.devices.iter().enumerate().all(alone) {
                    true => self.left.insert(key, value),
                    // Of two edits of one key the higher number wins, whatever the clocks say.
                    false => self.left.remove(&key),
                };
            }
            9 => self.deliver(device, false),
            // A node that lags behind: what is resolved from half of it is resolved again.
            10 => {
                self.deliver(device, true);
                self.left.clear();
            }
            // The push gets lost on its way, or only its confirmation does.
            11 if self.devices[device].config.needs_push() => {
                let push = self.push(device);
                if self.chance.below(2) == 0 {
                    self.swarm.store(&push);
                } else {
                    self.devices[device].config.keep_obsolete(push.obsolete);
                }
            }
            12 => {
                if self.devices[device].config.state() == State::Dirty {
                    self.number_is_used_up();
                }
                let dump = self.devices[device].config.dump();
                self.devices[device].config = Config::load(TYPE, &self.keys, &dump).unwrap();
            }
            // Lost by the swarm, and stored again by a device that has it.
            13 => {
                self.swarm.0.clear();
                for device in 0..self.devices.len() {
                    if self.devices[device].config.seqno() > 0 {
                        let push = self.push(device);
                        let hashes = self.swarm.store(&push);
                        let config = &mut self.devices[device].config;
                        match config.needs_push() {
                            true => config.confirm_pushed(push.seqno, hashes),
                            false => config.confirm_restored(push.seqno, hashes),
                        }
                    }
                }
            }
            _ => {}
        }
    }

    /// Everybody reads and pushes until nobody has anything to say.
    fn settle(&mut self) {
        for _ in 0..20 {
            for device in 0..self.devices.len() {
                self.deliver(device, false);
                self.push_and_confirm(device);
            }
            let same = |pair: &[Device]| {
                pair[0].config.data() == pair[1].config.data()
                    && pair[0].config.seqno() == pair[1].config.seqno()
            };
            let quiet = self.devices.iter().all(|device| !device.config.needs_push());
            if quiet && self.devices.windows(2).all(same) {
                return;
            }
        }
        panic!("they do not come to rest");
    }

    fn check(&mut self) {
        let bytes: Vec<_> = (0..self.devices.len())
            .map(|device| self.push(device).messages)
            .collect();
        assert!(bytes.windows(2).all(|pair| pair[0] == pair[1]), "byte for byte");
        for (key, value) in &self.left {
            let found = self.devices[0].config.get(KEYS[*key]).and_then(Value::as_int);
            assert_eq!(found, *value, "what was left online at key {key}");
        }
        let account = self.keys.account_id();
        for message in bytes
            .iter()
            .flatten()
            .filter(|_| self.devices[0].config.seqno() > 0)
        {
            let hash = compute_hash(account, TYPE.namespace(), message);
            assert!(self.swarm.0.contains_key(&hash), "the live message is kept");
        }
    }
}

#[test]
fn cfg_45_devices_come_to_the_same_bytes_and_keep_what_was_edited_online() {
    let rounds = std::env::var("TERN_ROUNDS").map_or(200, |rounds| rounds.parse().unwrap());
    let mut checked = 0;
    for seed in 0..rounds {
        // A panic names the seed.
        let told = Told(seed);
        let mut story = Story::new(seed);
        for _ in 0..10 + story.chance.below(60) {
            story.act();
        }
        story.settle();
        story.check();
        checked += story.left.len();
        drop(told);
    }
    assert!(checked > 0, "edits online were looked at");
}

/// Says which seed it was when the story fails.
struct Told(u64);

impl Drop for Told {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("seed {}", self.0);
        }
    }
}
