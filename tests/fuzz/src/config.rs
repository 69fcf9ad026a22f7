//! Configs: revisions, what lies within an encrypted message, dumps, and addresses of communities.

use protocol::TimestampMs;
use protocol::account::{AccountKeys, Seed};
use protocol::config::community_url::CommunityRoom;
use protocol::config::{
    Authority, Config, ConfigType, EncryptionKey, Revision, contacts, convo_info_volatile, encrypt,
    user_groups, user_profile,
};
use protocol::storage::compute_hash;

const NOW: TimestampMs = TimestampMs(1_775_000_000_000);

fn keys() -> AccountKeys {
    AccountKeys::from_seed(&Seed::from_bytes(&[3; 16]).expect("16 bytes are a seed"))
}

/// What is read is written in one way, and read the same again.
pub(crate) fn message(data: &[u8]) {
    let Ok(revision) = Revision::parse(data, &Authority::Unsigned) else {
        return;
    };
    let written = revision.to_bytes(&Authority::Unsigned);
    let again = Revision::parse(&written, &Authority::Unsigned).expect("what was written is read");
    assert_eq!(again, revision);
    let beside =
        Revision::parse_like(data, &Authority::Unsigned, revision.data()).expect("it was read before");
    assert_eq!(beside, revision);
}

/// The text of a message as another device of the account may have made it: it is merged or left alone, and every type
/// reads what it finds.
pub(crate) fn stored(data: &[u8]) {
    let keys = keys();
    for config_type in ConfigType::ALL {
        let mut base = [0; 32];
        base.copy_from_slice(&keys.expose_ed25519_secret()[..32]);
        let Ok(sealed) = encrypt(data, &base, config_type.domain()) else {
            return;
        };
        let mut config = Config::with_keys(
            config_type,
            vec![EncryptionKey::of_account(&keys)],
            Authority::Unsigned,
        );
        let hash = compute_hash(keys.account_id(), config_type.namespace(), &sealed);
        config.merge([(hash, sealed.as_slice())], NOW);
        contacts::contacts(&config).count();
        convo_info_volatile::read_marks(&config);
        convo_info_volatile::prune_stale(&mut config, NOW);
        user_groups::groups(&config).count();
        user_groups::communities(&config).count();
        user_groups::legacy_groups(&config).count();
        user_profile::profile(&config);
        config.push(NOW);
        let dump = config.dump();
        Config::load(config_type, &keys, &dump).expect("what was dumped is loaded");
    }
}

/// What is loaded is dumped and loaded the same again.
pub(crate) fn dump(data: &[u8]) {
    let keys = keys();
    let Ok(mut config) = Config::load(ConfigType::Contacts, &keys, data) else {
        return;
    };
    let again = Config::load(ConfigType::Contacts, &keys, &config.dump()).expect("what was dumped is loaded");
    assert_eq!(again.data(), config.data());
}

/// An address has one form.
pub(crate) fn community_url(data: &[u8]) {
    let Ok(room) = std::str::from_utf8(data).map(CommunityRoom::parse) else {
        return;
    };
    if let Ok(room) = room {
        assert_eq!(
            CommunityRoom::parse(&room.url()).map(|again| again.url()),
            Ok(room.url())
        );
    }
}
