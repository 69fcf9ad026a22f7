//! `config_real.json`: step-by-step runs of the public library, replayed.

use std::collections::{BTreeMap, BTreeSet};

use protocol::TimestampMs;
use protocol::account::{AccountId, AccountKeys};
use protocol::bencode;
use protocol::config::community_url::CommunityRoom;
use protocol::config::convo_info_volatile::prune_stale;
use protocol::config::{Authority, Config, ConfigType, Push, Revision, encode_dict, unwrap, wrap};
use protocol::storage::{MessageHash, compute_hash};
use serde_json::Value;

use super::super::field::{Check, equal, hex, keys, number, text};
use super::{message_in, same_bytes, typed_dict};

mod edits;

/// Replays one case.
pub(super) fn run(case: &Value) -> Check {
    let mut replay = Replay {
        account: keys(case, "account_seed")?,
        config_type: match text(case, "type")? {
            "user_profile" => ConfigType::UserProfile,
            "contacts" => ConfigType::Contacts,
            "convo_info_volatile" => ConfigType::ConvoInfoVolatile,
            "user_groups" => ConfigType::UserGroups,
            other => return Err(format!("unknown type {other}")),
        },
        now: TimestampMs(case["clock_ms"].as_i64().unwrap_or(1_795_313_354_000)),
        devices: BTreeMap::new(),
        pushed: BTreeMap::new(),
        dump: Vec::new(),
    };
    let steps = case["steps"].as_array().ok_or("no steps")?;
    for (index, step) in steps.iter().enumerate() {
        let at = |error| format!("step {index}, {} of {}: {error}", step["op"], step["dev"]);
        replay.step(step).map_err(at)?;
    }
    Ok(())
}

/// One account whose devices share nothing but what they are handed.
struct Replay {
    account: AccountKeys,
    config_type: ConfigType,
    now: TimestampMs,
    devices: BTreeMap<String, Config>,
    /// What was pushed, as it lies in the swarm, by the name that the case gives it.
    pushed: BTreeMap<String, Vec<u8>>,
    dump: Vec<u8>,
}

impl Replay {
    fn step(&mut self, step: &Value) -> Check {
        let (op, device) = (text(step, "op")?, text(step, "dev")?);
        let expect = &step["expect"];
        match op {
            "new" => {
                let config = Config::new(self.config_type, &self.account);
                self.devices.insert(device.to_owned(), config);
            }
            "load" => {
                let config = Config::load(self.config_type, &self.account, &self.dump);
                self.devices
                    .insert(device.to_owned(), config.map_err(|error| error.to_string())?);
            }
            "push" => self.push(device, step)?,
            "confirm" => {
                let hash = self.storage_hash(text(step, "hash")?);
                self.device(device)?
                    .confirm_pushed(number(step, "seqno")?, [hash]);
            }
            "merge" => self.merge(device, step)?,
            "dump" => {
                let dump = self.device(device)?.dump();
                if expect["dump"].is_string() {
                    self.same_dump(&dump, &hex(expect, "dump")?)?;
                }
                self.dump = dump;
            }
            edit => {
                let now = self.now;
                let existed = edits::edit(self.device(device)?, edit, &step["value"], now)?;
                if expect["existed"].is_boolean() {
                    equal("existed", existed, expect["existed"].as_bool())?;
                }
            }
        }
        self.expectations(device, expect)
    }

    fn device(&mut self, name: &str) -> Result<&mut Config, String> {
        self.devices
            .get_mut(name)
            .ok_or_else(|| format!("no device {name}"))
    }

    /// Cases name storage hashes freely; ours have a form.
    fn storage_hash(&self, label: &str) -> MessageHash {
        compute_hash(
            self.account.account_id(),
            self.config_type.namespace(),
            label.as_bytes(),
        )
    }

    fn storage_hashes(&self, labels: &Value) -> Result<BTreeSet<MessageHash>, String> {
        let labels = labels.as_array().ok_or("no hashes")?;
        Ok(labels
            .iter()
            .filter_map(Value::as_str)
            .map(|label| self.storage_hash(label))
            .collect())
    }

    fn push(&mut self, device: &str, step: &Value) -> Check {
        let expect = &step["expect"];
        let now = self.now;
        let config = self.device(device)?;
        prune_if_volatile(config, now);
        let push = config.push(now).ok_or("too large")?;
        let data = encode_dict(config.data());
        equal("seqno", push.seqno, number(expect, "seqno")?)?;
        let obsolete: BTreeSet<_> = push.obsolete.iter().copied().collect();
        equal("obsolete", obsolete, self.storage_hashes(&expect["obsolete"])?)?;
        let expected = typed_dict(&expect["data"])?;
        same_bytes("data", &data, &encode_dict(&expected))?;
        let Push { messages, .. } = wrap(&self.account, self.config_type, push);
        let [wire] = messages.as_slice() else {
            return Err("pushed in parts".to_owned());
        };
        let theirs = hex(expect, "wire")?;
        let message = hex(expect, "message")?;
        same_bytes("message", &self.plain(wire)?, &message)?;
        same_bytes("their message", &self.plain(&theirs)?, &message)?;
        equal("wire", wire, &theirs)?;
        self.pushed.insert(text(step, "as")?.to_owned(), theirs);
        Ok(())
    }

    /// The plain text of what lies in the swarm, by way of a device that knows nothing.
    fn plain(&self, wire: &[u8]) -> Result<Vec<u8>, String> {
        let mut config = Config::new(self.config_type, &self.account);
        let sealed = unwrap(&self.account, self.config_type, wire.to_vec());
        equal("is unwrapped", sealed.len() < wire.len(), true)?;
        config.merge([(self.storage_hash("plain"), sealed.as_slice())], self.now);
        let (message, _) = message_in(&config.dump())?;
        let revision = Revision::parse(&message, &Authority::Unsigned).map_err(|error| error.to_string())?;
        Ok(revision.to_bytes(&Authority::Unsigned))
    }

    fn merge(&mut self, device: &str, step: &Value) -> Check {
        let pairs = step["messages"].as_array().ok_or("no messages")?;
        let mut messages = Vec::new();
        for pair in pairs {
            let label = pair[0].as_str().ok_or("no hash")?;
            let wire = pair[1]
                .as_str()
                .and_then(|name| self.pushed.get(name))
                .ok_or("never pushed")?;
            let sealed = unwrap(&self.account, self.config_type, wire.clone());
            messages.push((self.storage_hash(label), sealed));
        }
        let now = self.now;
        let messages = messages.iter().map(|(hash, sealed)| (*hash, sealed.as_slice()));
        let accepted = self.device(device)?.merge(messages, now);
        equal(
            "accepted",
            accepted,
            self.storage_hashes(&step["expect"]["accepted"])?,
        )
    }

    fn expectations(&mut self, device: &str, expect: &Value) -> Check {
        let hashes = match &expect["hashes"] {
            Value::Null => None,
            hashes => Some(self.storage_hashes(hashes)?),
        };
        let config = self.device(device)?;
        if let Some(needs_push) = expect["needs_push"].as_bool() {
            equal("needs push", config.needs_push(), needs_push)?;
        }
        if let Some(hashes) = hashes {
            equal("hashes", config.current_hashes(), &hashes)?;
        }
        if let Some(entries) = expect["entries"].as_u64() {
            let marks = protocol::config::convo_info_volatile::read_marks(config).len();
            equal("entries", u64::try_from(marks).unwrap_or_default(), entries)?;
        }
        Ok(())
    }

    /// Dumps of the recorded library write one hash where ours writes a list.
    fn same_dump(&self, ours: &[u8], theirs: &[u8]) -> Check {
        let parse =
            |bytes| bencode::parse(bytes, bencode::Limits::default()).map_err(|error| error.to_string());
        let (ours, theirs) = (parse(ours)?, parse(theirs)?);
        for key in ["!", "$", "+"] {
            equal(key, ours.get(key), theirs.get(key))?;
        }
        for key in ["(", ")"] {
            let theirs = theirs.get(key).ok_or("a hash list is missing")?;
            let one = theirs.as_bytes().filter(|label| !label.is_empty());
            let list = theirs
                .as_list()
                .unwrap_or_default()
                .iter()
                .filter_map(bencode::Value::as_bytes);
            let labels = one.into_iter().chain(list);
            let expected: BTreeSet<_> = labels
                .map(|label| self.storage_hash(&String::from_utf8_lossy(label)))
                .collect();
            let ours = ours
                .get(key)
                .and_then(bencode::Value::as_list)
                .unwrap_or_default();
            let ours: BTreeSet<_> = ours
                .iter()
                .filter_map(|hash| MessageHash::parse(hash.as_bytes()?))
                .collect();
            equal(key, ours, expected)?;
        }
        Ok(())
    }
}

fn prune_if_volatile(config: &mut Config, now: TimestampMs) {
    if config.config_type() == ConfigType::ConvoInfoVolatile {
        prune_stale(config, now);
    }
}

fn account_id(value: &Value, name: &str) -> Result<AccountId, String> {
    AccountId::parse(text(value, name)?).map_err(|error| error.to_string())
}

fn room(value: &Value) -> Result<CommunityRoom, String> {
    let key = super::super::field::hex_array(value, "pubkey")?;
    CommunityRoom::new(text(value, "base_url")?, text(value, "room")?, key).map_err(|error| error.to_string())
}
