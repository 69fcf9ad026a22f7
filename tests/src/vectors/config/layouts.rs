//! What the keys of a type mean: a config with the data of a case is read entry by entry, and the entries are written to
//! an empty config, which must come out the same.

use protocol::TimestampMs;
use protocol::account::{AccountId, AccountKeys, Seed};
use protocol::config::convo_info_volatile::{
    Conversation, ReadMark, prune_stale, read_mark, read_marks, set_read_mark,
};
use protocol::config::user_groups::{
    communities, groups, legacy_groups, set_community, set_group, set_legacy_group,
};
use protocol::config::{Config, ConfigType};
use serde_json::Value;

use super::super::field::{Check, equal};
use super::formats::same_data;
use super::typed_dict;

const DAY_MS: i64 = 24 * 3_600_000;

fn empty(config_type: ConfigType) -> Result<Config, String> {
    let seed = Seed::from_hex("0123456789abcdef0123456789abcdef").map_err(|error| error.to_string())?;
    Ok(Config::new(config_type, &AccountKeys::from_seed(&seed)))
}

fn with_data(config_type: ConfigType, case: &Value) -> Result<Config, String> {
    let mut config = empty(config_type)?;
    for (key, value) in typed_dict(&case["data"])? {
        config.set(&[&key], value);
    }
    Ok(config)
}

pub(super) fn user_groups(case: &Value) -> Check {
    let read = with_data(ConfigType::UserGroups, case)?;
    same_data(&read, case)?;
    let mut written = empty(ConfigType::UserGroups)?;
    groups(&read).for_each(|group| set_group(&mut written, &group));
    legacy_groups(&read).for_each(|group| set_legacy_group(&mut written, &group));
    for (room, membership) in communities(&read) {
        set_community(&mut written, &room, &membership);
    }
    same_data(&written, case)
}

pub(super) fn convo_info_volatile(case: &Value) -> Check {
    if case["rules"].is_array() {
        return prune_rules();
    }
    let read = with_data(ConfigType::ConvoInfoVolatile, case)?;
    same_data(&read, case)?;
    let mut written = empty(ConfigType::ConvoInfoVolatile)?;
    for (conversation, mark) in read_marks(&read) {
        // The day after the mark: none of them is too old.
        let now = TimestampMs(mark.last_read_ms.saturating_add(DAY_MS));
        set_read_mark(&mut written, &conversation, mark, now);
    }
    same_data(&written, case)
}

fn prune_rules() -> Check {
    let now = TimestampMs(1_795_313_354_000);
    let days_ago = |days: i64| now.0 - days * DAY_MS;
    let mark = |last_read_ms, unread| ReadMark { last_read_ms, unread };
    let kinds: [fn(AccountId) -> Conversation; 3] = [
        Conversation::OneToOne,
        Conversation::Group,
        Conversation::LegacyGroup,
    ];
    for kind in kinds {
        let prefix = match kind(AccountId::account([1; 32])) {
            Conversation::Group(_) => AccountId::GROUP,
            _ => AccountId::ACCOUNT,
        };
        let id = |byte: u8| {
            let mut bytes = [byte; 33];
            bytes[0] = prefix;
            kind(AccountId::from_bytes(bytes))
        };
        let mut config = empty(ConfigType::ConvoInfoVolatile)?;
        set_read_mark(&mut config, &id(1), mark(days_ago(31), false), now);
        equal("older than 30 days", read_mark(&config, &id(1)), None)?;
        equal("is not dirty", config.needs_push(), false)?;
        set_read_mark(&mut config, &id(1), mark(days_ago(1), false), now);
        set_read_mark(&mut config, &id(1), mark(days_ago(40), false), now);
        equal(
            "lowered",
            read_mark(&config, &id(1)),
            Some(mark(days_ago(40), false)),
        )?;
        for (number, days, unread) in [(2, 46, false), (3, 46, true)] {
            set_read_mark(&mut config, &id(number), mark(days_ago(1), unread), now);
            set_read_mark(&mut config, &id(number), mark(days_ago(days), unread), now);
        }
        prune_stale(&mut config, now);
        let left: Vec<_> = [1, 2, 3]
            .map(|number| read_mark(&config, &id(number)).is_some())
            .into();
        equal("after pruning", left, vec![true, false, true])?;
    }
    Ok(())
}
