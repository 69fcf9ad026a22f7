//! Taking another device's edit of a large config, editing it here, pushing and keeping it, against writing the same data
//! down once.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use blake2::{Blake2b256, Digest};
use protocol::TimestampMs;
use protocol::account::{AccountId, AccountKeys, Seed};
use protocol::config::contacts::{Contact, contact, set_contact};
use protocol::config::user_groups::{Group, set_group};
use protocol::config::{
    Config, ConfigType, Picture, Push, compress, decompress, decrypt, encode_dict, encrypt, unwrap, wrap,
};
use protocol::storage::{MessageHash, compute_hash};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

/// Times each side runs; the quickest counts.
const ROUNDS: usize = 5;
/// Rounds before those: the first revision changed everything, and the four after it say so too.
const ROUNDS_BEFORE: usize = 3;
const NOW: TimestampMs = TimestampMs(1_775_000_000_000);

/// What was measured, of one config.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// Merge of a push with one edit, an edit here, push and dump.
    pub ours: Duration,
    /// Writing the data down.
    pub plain: Duration,
    /// The compression, hashes, ciphers and signatures of the same round alone.
    pub primitives: Duration,
    /// Bytes of the data.
    pub data_bytes: usize,
    /// Bytes that one edit sends.
    pub pushed_bytes: usize,
}

impl Measured {
    /// Ours as a multiple of writing it down.
    pub fn ratio(&self) -> f64 {
        self.ours.as_secs_f64() / self.plain.as_secs_f64()
    }

    /// The quicker of each.
    fn quicker(self, other: Self) -> Self {
        Self {
            ours: self.ours.min(other.ours),
            plain: self.plain.min(other.plain),
            primitives: self.primitives.min(other.primitives),
            ..other
        }
    }
}

/// Measures with 1,000 and 10,000 contacts, and with 1,000 groups.
///
/// # Errors
/// When the devices do not come to agree.
pub fn measure() -> anyhow::Result<[(&'static str, Measured); 3]> {
    let mut rng = ChaCha20Rng::seed_from_u64(31);
    let keys = AccountKeys::from_seed(&Seed::generate(&mut rng));
    let scene = |config_type, entries: Vec<AccountId>, edit| Scene {
        keys: &keys,
        config_type,
        entries,
        edit,
    };
    let small = scene(ConfigType::Contacts, ids(&mut rng, 0x05, 1_000), rename as Edit);
    let large = scene(ConfigType::Contacts, ids(&mut rng, 0x05, 10_000), rename);
    let groups = scene(ConfigType::UserGroups, ids(&mut rng, 0x03, 1_000), rename_group);
    Ok([
        ("1,000 contacts", small.measure()?),
        ("10,000 contacts", large.measure()?),
        ("1,000 groups", groups.measure()?),
    ])
}

type Edit = fn(&mut Config, AccountId, &str);

/// Ids that nobody has: nothing here looks into them.
fn ids(rng: &mut ChaCha20Rng, prefix: u8, count: usize) -> Vec<AccountId> {
    let mut id = || {
        let mut bytes = [prefix; 33];
        rng.fill_bytes(&mut bytes[1..]);
        AccountId::from_bytes(bytes)
    };
    (0..count).map(|_| id()).collect()
}

/// An entry as a person has it after some years.
fn rename(config: &mut Config, id: AccountId, nickname: &str) {
    let mut entry = contact(config, id).unwrap_or_else(|| Contact {
        name: format!("Somebody {}", &id.to_hex()[2..8]),
        picture: Some(Picture {
            url: format!("http://filev2.getsession.org/file/{}", &id.to_hex()[2..46]),
            key: id.to_bytes()[1..].try_into().unwrap_or([0; 32]),
        }),
        profile_updated_s: 1_770_000_000,
        approved: true,
        approved_me: true,
        created_s: 1_760_000_000,
        ..Contact::new(id)
    });
    nickname.clone_into(&mut entry.nickname);
    set_contact(config, &entry);
}

fn rename_group(config: &mut Config, id: AccountId, name: &str) {
    let group = Group {
        name: name.to_owned(),
        ..Group::new(id)
    };
    set_group(config, &group);
}

struct Scene<'k> {
    keys: &'k AccountKeys,
    config_type: ConfigType,
    entries: Vec<AccountId>,
    edit: Edit,
}

impl Scene<'_> {
    fn measure(&self) -> anyhow::Result<Measured> {
        let first = *self.entries.first().context("an entry")?;
        let last = *self.entries.last().context("an entry")?;
        let mut here = Config::new(self.config_type, self.keys);
        for id in &self.entries {
            (self.edit)(&mut here, *id, "");
        }
        let push = self.push(&mut here)?;
        let mut there = Config::new(self.config_type, self.keys);
        self.merge(&mut there, &push);
        ensure!(there.data() == here.data(), "the other device has it");
        // As after a start: read in one go, its entries lie side by side in memory, and writing them down is quick.
        let mut here = Config::load(self.config_type, self.keys, &here.dump())?;
        let mut rounds = Vec::new();
        for round in 0..ROUNDS_BEFORE + ROUNDS {
            (self.edit)(&mut there, first, &format!("there {round}"));
            let push = self.push(&mut there)?;
            let started = Instant::now();
            self.merge(&mut here, &push);
            (self.edit)(&mut here, last, &format!("here {round}"));
            let push = self.push(&mut here)?;
            black_box(here.dump());
            let ours = started.elapsed();
            self.merge(&mut there, &push);
            ensure!(there.data() == here.data(), "both have both edits");
            let started = Instant::now();
            let written = black_box(encode_dict(black_box(here.data())));
            rounds.push(Measured {
                ours,
                plain: started.elapsed(),
                primitives: self.primitives(&written, &push)?,
                data_bytes: written.len(),
                pushed_bytes: push.messages.iter().map(Vec::len).sum(),
            });
        }
        let measured = rounds.into_iter().skip(ROUNDS_BEFORE).reduce(Measured::quicker);
        measured.context("no rounds")
    }

    /// What a round cannot do without, whatever it does besides: theirs and ours are hashed, as revision and as stored, one
    /// is unwrapped, decrypted and unpacked, and the other packed, encrypted and wrapped.
    fn primitives(&self, text: &[u8], push: &Push) -> anyhow::Result<Duration> {
        let domain = self.config_type.domain();
        let started = Instant::now();
        for _ in ["theirs", "ours"] {
            black_box(Blake2b256::digest(text));
            for message in &push.messages {
                black_box(self.hash(message));
            }
        }
        let packed = compress(text);
        black_box(decompress(&packed));
        let sealed = encrypt(&packed, &[1; 32], domain)?;
        black_box(decrypt(&sealed, &[1; 32], domain)?);
        let unwrapped = push
            .messages
            .iter()
            .map(|message| unwrap(self.keys, self.config_type, message.clone()));
        let unwrapped = Push {
            seqno: push.seqno,
            messages: unwrapped.collect(),
            obsolete: Vec::new(),
        };
        black_box(wrap(self.keys, self.config_type, unwrapped));
        Ok(started.elapsed())
    }

    /// Pushes, and has it confirmed.
    fn push(&self, config: &mut Config) -> anyhow::Result<Push> {
        let push = config.push(NOW).context("it is not too large")?;
        let push = wrap(self.keys, self.config_type, push);
        config.confirm_pushed(push.seqno, push.messages.iter().map(|message| self.hash(message)));
        Ok(push)
    }

    fn merge(&self, config: &mut Config, push: &Push) {
        let messages: Vec<_> = push
            .messages
            .iter()
            .map(|message| {
                (
                    self.hash(message),
                    unwrap(self.keys, self.config_type, message.clone()),
                )
            })
            .collect();
        config.merge(
            messages.iter().map(|(hash, sealed)| (*hash, sealed.as_slice())),
            NOW,
        );
    }

    fn hash(&self, message: &[u8]) -> MessageHash {
        compute_hash(self.keys.account_id(), self.config_type.namespace(), message)
    }
}
