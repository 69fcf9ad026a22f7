//! Cases that are told in words: their steps are written out here, and what they expect is theirs.

use protocol::TimestampMs;
use protocol::account::{AccountId, AccountKeys};
use protocol::config::contacts::{Contact, contact, contacts as everybody, set_contact};
use protocol::config::user_profile::{
    set_community_requests, set_name, set_note_to_self_expiry, set_note_to_self_priority, set_picture,
};
use protocol::config::{Config, ConfigType, Notifications, Picture, Push, State, truncate, unwrap, wrap};
use protocol::storage::{MessageHash, compute_hash};
use serde_json::Value;

use super::super::CaseResult;
use super::super::field::{Check, equal, hex, keys, length, number, text};
use super::{case_name, message_in, same_bytes};

const NOW: TimestampMs = TimestampMs(1_700_000_000_000);
const SEED: &str = "0123456789abcdef0123456789abcdef00000000000000000000000000000000";

fn account() -> Result<AccountKeys, String> {
    keys(&serde_json::json!({ "seed": SEED }), "seed")
}

fn hash(label: &str) -> MessageHash {
    compute_hash(
        AccountId::account([0; 32]),
        ConfigType::UserProfile.namespace(),
        label.as_bytes(),
    )
}

fn picture(url: &str, key: &[u8]) -> Result<Picture, String> {
    let key = key.try_into().map_err(|_| "a key has 32 bytes")?;
    Ok(Picture {
        url: url.to_owned(),
        key,
    })
}

fn message(config: &mut Config) -> Result<Vec<u8>, String> {
    Ok(message_in(&config.dump())?.0)
}

fn same_dump(what: &str, config: &mut Config, case: &Value) -> Check {
    let (expected, state) = message_in(&hex(case, what)?)?;
    same_bytes(what, &message(config)?, &expected)?;
    let ours = match config.state() {
        State::Clean => 0,
        State::Dirty => 1,
        State::Waiting => 2,
    };
    equal(what, Some(ours), state)
}

fn push(config: &mut Config) -> Result<Push, String> {
    config.push(NOW).ok_or_else(|| "too large".to_owned())
}

fn take(config: &mut Config, label: &str, push: &Push) -> Check {
    let [only] = push.messages.as_slice() else {
        return Err("pushed in parts".to_owned());
    };
    let accepted = config.merge([(hash(label), only.as_slice())], NOW);
    equal("accepted", accepted.contains(&hash(label)), true)
}

fn kallie(config: &mut Config) -> Check {
    let omg = picture(
        "http://example.org/omg-pic-123.bmp",
        b"secret78901234567890123456789012",
    )?;
    set_name(config, "Kallie", None).map_err(|error| error.to_string())?;
    set_picture(config, Some(&omg), None);
    set_note_to_self_priority(config, 9);
    Ok(())
}

pub(super) fn base_merge(case: &Value) -> Check {
    match text(case, "name")? {
        "two_clients_conflict" => two_clients(case),
        "dirty_dump_reload_wastes_a_seqno" => dirty_reload(case).map(drop),
        "waiting_dump_reload" => {
            let mut config = reloaded_dirty()?;
            let before = push(&mut config)?;
            let mut again = Config::load(ConfigType::UserProfile, &account()?, &config.dump())
                .map_err(|error| error.to_string())?;
            equal("needs push", again.needs_push(), true)?;
            let after = push(&mut again)?;
            equal("seqno", after.seqno, number(case, "push_seqno")?)?;
            equal("same bytes", Some(before == after), case["same_bytes"].as_bool())?;
            again.confirm_pushed(after.seqno, [hash("h")]);
            equal("needs push", again.needs_push(), false)
        }
        other => Err(format!("unknown case {other}")),
    }
}

fn two_clients(case: &Value) -> Check {
    let account = account()?;
    let mut a = Config::new(ConfigType::UserProfile, &account);
    let mut b = a.clone();
    kallie(&mut a)?;
    let first = push(&mut a)?;
    a.confirm_pushed(first.seqno, [hash("fakehash1")]);
    take(&mut b, "fakehash1", &first)?;
    same_dump("B_dump_after_first_merge", &mut b, case)?;
    set_name(&mut a, "Nibbler", None).map_err(|error| error.to_string())?;
    let second_a = push(&mut a)?;
    same_dump("A_dump_waiting", &mut a, case)?;
    same_bytes("A's push", &message(&mut a)?, &hex(case, "A_push2_message")?)?;
    set_name(&mut b, "Raz", None).map_err(|error| error.to_string())?;
    let new = picture("http://new.example.com/pic", b"qwert\0yuio1234567890123456789012")?;
    set_picture(&mut b, Some(&new), None);
    set_note_to_self_expiry(&mut b, 86_400);
    set_community_requests(&mut b, Some(true), None);
    same_dump("B_dump_dirty", &mut b, case)?;
    let second_b = push(&mut b)?;
    same_bytes("B's push", &message(&mut b)?, &hex(case, "B_push2_message")?)?;
    b.confirm_pushed(second_b.seqno, [hash("fakehash3")]);
    take(&mut b, "fakehash2", &second_a)?;
    take(&mut a, "fakehash3", &second_b)?;
    same_dump("A_dump_after_merge", &mut a, case)?;
    same_dump("B_dump_after_merge", &mut b, case)?;
    for (config, name) in [(&mut a, "A_obsolete"), (&mut b, "B_obsolete")] {
        let third = push(config)?;
        equal("seqno", third.seqno, number(case, "push3_seqno")?)?;
        same_bytes("push", &message(config)?, &hex(case, "push3_message_both")?)?;
        let labels = case[name].as_array().ok_or("no hashes")?;
        let mut expected: Vec<_> = labels.iter().filter_map(Value::as_str).map(hash).collect();
        expected.sort();
        equal(name, third.obsolete, expected)?;
    }
    Ok(())
}

fn reloaded_dirty() -> Result<Config, String> {
    let account = account()?;
    let mut config = Config::new(ConfigType::UserProfile, &account);
    set_name(&mut config, "A", None).map_err(|error| error.to_string())?;
    let config =
        Config::load(ConfigType::UserProfile, &account, &config.dump()).map_err(|error| error.to_string())?;
    equal("needs push", config.needs_push(), true)?;
    Ok(config)
}

fn dirty_reload(case: &Value) -> Check {
    let mut config = reloaded_dirty()?;
    let pushed = push(&mut config)?;
    equal("seqno", pushed.seqno, number(case, "push_seqno")?)?;
    same_bytes("message", &message(&mut config)?, &hex(case, "push_message")?)
}

pub(super) fn user_profile(case: &Value) -> Check {
    match text(case, "name")? {
        "empty_push_wrapped" => wrapped(case),
        "first_push" => first_push(case),
        "name_truncate" => {
            let max = length(case, "max_bytes")?;
            for pair in case["cases"].as_array().ok_or("no cases")? {
                let [long, short] = [0, 1].map(|index| pair[index].as_str().unwrap_or_default());
                equal("cut", truncate(long, max), short)?;
            }
            Ok(())
        }
        other => Err(format!("unknown case {other}")),
    }
}

fn wrapped(case: &Value) -> Check {
    let account = keys(case, "seed")?;
    equal(
        "id",
        account.account_id().to_hex(),
        text(case, "session_id")?.to_owned(),
    )?;
    let mut config = Config::new(ConfigType::UserProfile, &account);
    let plain = push(&mut config)?;
    equal("seqno", plain.seqno, number(case, "seqno")?)?;
    same_bytes("message", &message(&mut config)?, &hex(case, "message")?)?;
    equal("encrypted", &plain.messages, &vec![hex(case, "encrypted")?])?;
    let whole = wrap(&account, ConfigType::UserProfile, plain.clone());
    equal("wrapped", &whole.messages, &vec![hex(case, "wrapped")?])?;
    let bytes = hex(case, "wrapped")?;
    equal(
        "overhead",
        bytes.len() - plain.messages[0].len(),
        length(case, "wrap_overhead")?,
    )?;
    equal(
        "unwrapped",
        unwrap(&account, ConfigType::UserProfile, bytes.clone()),
        hex(case, "encrypted")?,
    )?;
    // The namespace says which type it must be.
    equal(
        "another type",
        unwrap(&account, ConfigType::Contacts, bytes.clone()),
        bytes,
    )
}

fn first_push(case: &Value) -> Check {
    let account = keys(case, "seed")?;
    let mut config = Config::new(ConfigType::UserProfile, &account);
    kallie(&mut config)?;
    let first = push(&mut config)?;
    equal("seqno", first.seqno, number(case, "seqno")?)?;
    equal("encrypted", &first.messages, &vec![hex(case, "encrypted")?])?;
    same_bytes("message", &message(&mut config)?, &hex(case, "message")?)?;
    equal("dump", config.dump(), hex(case, "dump_waiting_new")?)?;
    config.confirm_pushed(first.seqno, [hash("fakehash1")]);
    for name in ["dump_clean_new", "dump_clean_old", "dump_waiting_old"] {
        let load = Config::load(ConfigType::UserProfile, &account, &hex(case, name)?);
        let mut loaded = load.map_err(|error| format!("{name}: {error}"))?;
        equal(name, loaded.data(), config.data())?;
        same_dump(name, &mut loaded, case)?;
    }
    same_dump("dump_clean_new", &mut config, case)
}

/// The second case goes on where the first ends.
pub(super) fn contacts(file: &Value) -> Vec<CaseResult> {
    let cases = file["cases"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut config = account().map(|account| Config::new(ConfigType::Contacts, &account));
    let mut results = Vec::new();
    for (index, case) in cases.iter().enumerate() {
        let outcome = match (&mut config, case["steps"].is_array()) {
            (Err(error), _) => Err(error.clone()),
            (Ok(_), true) => three_devices(),
            (Ok(config), false) => one_contact(config, case),
        };
        results.push(CaseResult {
            name: case_name(case, index),
            outcome,
        });
    }
    results
}

fn one_contact(config: &mut Config, case: &Value) -> Check {
    let ops = &case["ops"];
    let id = AccountId::parse(text(ops, "session_id")?).map_err(|error| error.to_string())?;
    let mut one = contact(config, id).unwrap_or_else(|| Contact::new(id));
    one.name = ops["name"].as_str().unwrap_or(&one.name).to_owned();
    one.nickname = ops["nickname"].as_str().unwrap_or(&one.nickname).to_owned();
    one.approved = ops["approved"].as_bool().unwrap_or(one.approved);
    one.approved_me = ops["approved_me"].as_bool().unwrap_or(one.approved_me);
    one.blocked = ops["blocked"].as_bool().unwrap_or(one.blocked);
    one.created_s = ops["created"].as_i64().unwrap_or(one.created_s);
    one.mute_until_s = ops["mute_until"].as_i64().unwrap_or(one.mute_until_s);
    one.notifications = match ops["notifications"].as_str() {
        None => one.notifications,
        Some("all") => Notifications::All,
        Some("disabled") => Notifications::Disabled,
        Some("mentions_only") => Notifications::MentionsOnly,
        Some(other) => return Err(format!("unknown notifications {other}")),
    };
    set_contact(config, &one);
    let pushed = push(config)?;
    config.confirm_pushed(pushed.seqno, [hash("confirmed")]);
    equal("seqno", pushed.seqno, number(case, "seqno")?)?;
    same_bytes("message", &message(config)?, &hex(case, "message")?)
}

/// Three devices add a contact each; one resolves what the others pushed at once.
fn three_devices() -> Check {
    let account = account()?;
    let named = |byte: u8, name: &str| Contact {
        name: name.to_owned(),
        ..Contact::new(AccountId::account([byte; 32]))
    };
    let mut first = Config::new(ConfigType::Contacts, &account);
    set_contact(&mut first, &named(0, "alfonso"));
    let pushed = push(&mut first)?;
    first.confirm_pushed(pushed.seqno, [hash("fakehash1")]);
    let dump = first.dump();
    let mut pushes = Vec::new();
    for (byte, name) in [(0x11, "barney"), (0x22, "chalmondeley")] {
        let mut config =
            Config::load(ConfigType::Contacts, &account, &dump).map_err(|error| error.to_string())?;
        set_contact(&mut config, &named(byte, name));
        let pushed = push(&mut config)?;
        equal("seqno", pushed.seqno, 2)?;
        equal("obsolete", pushed.obsolete.clone(), vec![hash("fakehash1")])?;
        pushes.push(pushed);
    }
    let labelled = [("fakehash2", &pushes[0]), ("fakehash3", &pushes[1])];
    let messages = labelled.map(|(label, push)| (hash(label), push.messages[0].as_slice()));
    first.merge(messages, NOW);
    equal(
        "needs push and dump",
        (first.needs_push(), first.needs_dump()),
        (true, true),
    )?;
    set_contact(&mut first, &named(0x33, "elly"));
    let pushed = push(&mut first)?;
    equal("seqno", pushed.seqno, 3)?;
    let mut expected = ["fakehash1", "fakehash2", "fakehash3"].map(hash).to_vec();
    expected.sort();
    equal("obsolete", pushed.obsolete, expected)?;
    equal("contacts", everybody(&first).count(), 4)
}
