//! Edits of a recorded run: an entry is taken as it is, or made; the fields that the step names are replaced.

use protocol::TimestampMs;
use protocol::config::contacts::{Contact, contact, erase_contact, set_contact};
use protocol::config::convo_info_volatile::{Conversation, erase_read_mark, read_mark, set_read_mark};
use protocol::config::user_groups::{
    Group, GroupKey, LegacyGroup, Membership, communities, erase_group, group, legacy_groups, set_community,
    set_group, set_legacy_group,
};
use protocol::config::user_profile::{
    profile, set_community_requests, set_name, set_note_to_self_expiry, set_note_to_self_priority,
    set_picture,
};
use protocol::config::{Config, ExpirationMode, Notifications, Picture};
use serde_json::Value;
use zeroize::Zeroizing;

use super::super::super::field::{hex_array, text};
use super::{account_id, room};

/// Makes an edit. Of a removal, whether the entry was there.
pub(super) fn edit(
    config: &mut Config,
    op: &str,
    value: &Value,
    now: TimestampMs,
) -> Result<Option<bool>, String> {
    match op {
        "contact" => edit_contact(config, value)?,
        "erase_contact" => return Ok(Some(erase_contact(config, account_id(value, "session_id")?))),
        "profile" => edit_profile(config, value)?,
        "group" => edit_group(config, value)?,
        "erase_group" => return Ok(Some(erase_group(config, account_id(value, "id")?))),
        "community" => {
            let room = room(value)?;
            let known = communities(config).find(|(other, _)| *other == room);
            let mut membership = known.map(|(_, membership)| membership).unwrap_or_default();
            edit_membership(&mut membership, value)?;
            set_community(config, &room, &membership);
        }
        "legacy_group" => edit_legacy_group(config, value)?,
        read => {
            let (is_erased, kind) = match read.strip_prefix("erase_") {
                Some(kind) => (true, kind),
                None => (false, read),
            };
            let conversation = match kind {
                "read_1to1" => Conversation::OneToOne(account_id(value, "id")?),
                "read_group" => Conversation::Group(account_id(value, "id")?),
                "read_legacy_group" => Conversation::LegacyGroup(account_id(value, "id")?),
                "read_community" => Conversation::Community(room(value)?),
                _ => return Err(format!("unknown step {op}")),
            };
            if is_erased {
                return Ok(Some(erase_read_mark(config, &conversation)));
            }
            let mut mark = read_mark(config, &conversation).unwrap_or_default();
            replace(&mut mark.last_read_ms, &value["last_read"], Value::as_i64);
            replace(&mut mark.unread, &value["unread"], Value::as_bool);
            set_read_mark(config, &conversation, mark, now);
        }
    }
    Ok(None)
}

fn replace<T>(field: &mut T, value: &Value, read: impl Fn(&Value) -> Option<T>) {
    if let Some(value) = read(value) {
        *field = value;
    }
}

fn string(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn notifications(value: &Value) -> Option<Notifications> {
    Some(match value.as_i64()? {
        1 => Notifications::All,
        2 => Notifications::Disabled,
        3 => Notifications::MentionsOnly,
        _ => Notifications::Default,
    })
}

/// What a step says of a picture: nothing, that there is none, or which.
fn picture(value: &Value) -> Result<Option<Option<Picture>>, String> {
    match value["pic_url"].as_str() {
        None => Ok(None),
        Some("") => Ok(Some(None)),
        Some(url) => Ok(Some(Some(Picture {
            url: url.to_owned(),
            key: hex_array(value, "pic_key")?,
        }))),
    }
}

fn edit_contact(config: &mut Config, value: &Value) -> Result<(), String> {
    let id = account_id(value, "session_id")?;
    let mut one = contact(config, id).unwrap_or_else(|| Contact::new(id));
    replace(&mut one.name, &value["name"], string);
    replace(&mut one.nickname, &value["nickname"], string);
    replace(&mut one.approved, &value["approved"], Value::as_bool);
    replace(&mut one.approved_me, &value["approved_me"], Value::as_bool);
    replace(&mut one.blocked, &value["blocked"], Value::as_bool);
    replace(&mut one.priority, &value["priority"], Value::as_i64);
    replace(&mut one.notifications, &value["notifications"], notifications);
    replace(&mut one.mute_until_s, &value["mute_until"], Value::as_i64);
    replace(&mut one.created_s, &value["created"], Value::as_i64);
    if let Some(picture) = picture(value)? {
        one.picture = picture;
    }
    if let Some(mode) = value["exp_mode"].as_i64() {
        let seconds = value["exp_seconds"].as_i64().unwrap_or_default();
        one.expiration = match mode {
            1 => Some((ExpirationMode::AfterSend, seconds)),
            2 => Some((ExpirationMode::AfterRead, seconds)),
            _ => None,
        };
    }
    set_contact(config, &one);
    Ok(())
}

/// The recorded library is older than the times of profiles: none are written.
fn edit_profile(config: &mut Config, value: &Value) -> Result<(), String> {
    if let Some(name) = value["name"].as_str() {
        set_name(config, name, None).map_err(|error| error.to_string())?;
    }
    if let Some(picture) = picture(value)? {
        set_picture(config, picture.as_ref(), None);
    }
    if let Some(priority) = value["nts_priority"].as_i64() {
        set_note_to_self_priority(config, priority);
    }
    if let Some(seconds) = value["nts_expiry"].as_i64() {
        set_note_to_self_expiry(config, seconds);
    }
    if let Some(taken) = value["blinded_msgreqs"].as_i64() {
        set_community_requests(config, (taken >= 0).then_some(taken != 0), None);
    } else if let Some(taken) = value["blinded_msgreqs"].as_bool() {
        set_community_requests(config, Some(taken), None);
    }
    let read = profile(config);
    match value["name"].as_str() {
        Some(name) if read.name != name => Err(format!("name read back as {}", read.name)),
        _ => Ok(()),
    }
}

fn edit_membership(membership: &mut Membership, value: &Value) -> Result<(), String> {
    replace(&mut membership.priority, &value["priority"], Value::as_i64);
    replace(&mut membership.joined_s, &value["joined_at"], Value::as_i64);
    replace(
        &mut membership.notifications,
        &value["notifications"],
        notifications,
    );
    replace(&mut membership.mute_until_s, &value["mute_until"], Value::as_i64);
    replace(&mut membership.invited, &value["invited"], Value::as_bool);
    Ok(())
}

fn edit_group(config: &mut Config, value: &Value) -> Result<(), String> {
    let id = account_id(value, "id")?;
    let mut one = group(config, id).unwrap_or_else(|| Group::new(id));
    replace(&mut one.name, &value["name"], string);
    edit_membership(&mut one.membership, value)?;
    if value["seed"].is_string() {
        one.key = Some(GroupKey::Admin(Zeroizing::new(hex_array(value, "seed")?)));
    }
    if value["auth_data"].is_string() {
        one.key = Some(GroupKey::Member(Box::new(hex_array(value, "auth_data")?)));
    }
    match value["mark"].as_str() {
        None => {}
        Some("kicked") => one.mark_kicked(),
        Some("destroyed") => one.mark_destroyed(),
        Some("invited") => one.mark_invited(),
        Some(other) => return Err(format!("unknown mark {other}")),
    }
    set_group(config, &one);
    Ok(())
}

fn edit_legacy_group(config: &mut Config, value: &Value) -> Result<(), String> {
    let id = account_id(value, "id")?;
    let known = legacy_groups(config).find(|group| group.id == id);
    let mut one = known.unwrap_or_else(|| LegacyGroup::new(id));
    replace(&mut one.name, &value["name"], string);
    replace(&mut one.expiry_s, &value["disappearing_timer"], Value::as_i64);
    edit_membership(&mut one.membership, value)?;
    if text(value, "enc_pubkey").is_ok() {
        let secret = Zeroizing::new(hex_array(value, "enc_seckey")?);
        one.key_pair = Some((hex_array(value, "enc_pubkey")?, secret));
    }
    let ids = |name: &str| -> Vec<_> {
        let ids = value[name].as_array().into_iter().flatten();
        ids.filter_map(|id| protocol::account::AccountId::parse(id.as_str()?).ok())
            .collect()
    };
    for id in ids("add_admins") {
        one.members.remove(&id);
        one.admins.insert(id);
    }
    for id in ids("add_members") {
        one.admins.remove(&id);
        one.members.insert(id);
    }
    for id in ids("remove") {
        one.admins.remove(&id);
        one.members.remove(&id);
    }
    set_legacy_group(config, &one);
    Ok(())
}
