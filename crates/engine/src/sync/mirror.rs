//! What changed here since the last step goes into the configs.

use std::collections::BTreeMap;

use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::config::contacts::{Contact, contact, contacts, erase_contact, set_contact};
use protocol::config::convo_info_volatile::{self as volatile, Conversation, ReadMark};
use protocol::config::user_profile;
use store::{Account, Preferences, SharedPerson, StoreError, Writing};

use super::configs::Configs;
use super::people::{Standing, is_newer, seconds};
use super::picture;

/// Brings the configs to what the store says.
pub(super) fn mirror(
    writing: &Writing<'_>,
    configs: &mut Configs,
    now: TimestampMs,
) -> Result<(), StoreError> {
    let Some(account) = writing.account()? else {
        return Ok(());
    };
    mirror_name(&account, configs);
    mirror_preferences(&writing.preferences()?, configs, now);
    picture::mirror_own(writing, configs)?;
    let mut known = BTreeMap::new();
    for person in writing.shared_people()? {
        if person.account_id == account.account_id {
            mirror_notes(&person, configs);
        } else {
            mirror_person(&person, configs, now);
        }
        mirror_read(&person, configs, now);
        known.insert(person.account_id, is_known(&person));
    }
    // Who is in the configs and not known here any more was removed here.
    let removed: Vec<AccountId> = contacts(&configs.contacts)
        .filter(|contact| !is_bare(contact) && !known.get(&contact.id).copied().unwrap_or(false))
        .map(|contact| contact.id)
        .collect();
    for id in removed {
        erase_contact(&mut configs.contacts, id);
    }
    Ok(())
}

/// Whether anything is known of a person that devices share.
pub(super) fn is_known(person: &SharedPerson) -> bool {
    person.approved
        || person.approved_me
        || person.blocked
        || !person.nickname.is_empty()
        || !person.name.is_empty()
}

/// An entry that says nothing; it is some other client's business.
fn is_bare(contact: &Contact) -> bool {
    let said = contact.approved || contact.approved_me || contact.blocked;
    !said && contact.nickname.is_empty() && contact.name.is_empty()
}

fn mirror_name(account: &Account, configs: &mut Configs) {
    let there = user_profile::profile(&configs.profile);
    let name = account.display_name.as_str();
    // After each step both say the same, so what differs was typed here, whatever the clocks say.
    if !name.is_empty() && name != there.name {
        let at = seconds(account.display_name_set_at).max(there.updated_s);
        // Names are at most as long as this type takes.
        if let Err(error) = user_profile::set_name(&mut configs.profile, name, Some(at)) {
            tracing::error!(%error, "the account's name is too long");
        }
    }
}

fn mirror_preferences(preferences: &Preferences, configs: &mut Configs, now: TimestampMs) {
    let there = user_profile::profile(&configs.profile);
    let here = preferences.community_requests;
    if here.is_some() && here != there.community_requests {
        let at = seconds(now).max(there.updated_s);
        user_profile::set_community_requests(&mut configs.profile, here, Some(at));
    }
}

/// Note to Self has its place and its timer in the profile.
fn mirror_notes(notes: &SharedPerson, configs: &mut Configs) {
    let Some(conversation) = &notes.conversation else {
        return;
    };
    let here = match conversation.hidden {
        true => -1,
        false => conversation.pinned,
    };
    let there = user_profile::profile(&configs.profile);
    if here != there.note_to_self_priority.max(-1) {
        user_profile::set_note_to_self_priority(&mut configs.profile, here);
    }
    let timer = notes.disappearing.map_or(0, |setting| i64::from(setting.seconds));
    if timer != there.note_to_self_expiry_s {
        user_profile::set_note_to_self_expiry(&mut configs.profile, timer);
    }
}

fn mirror_person(person: &SharedPerson, configs: &mut Configs, now: TimestampMs) {
    let id = person.account_id;
    let shared = person.approved || person.approved_me || person.blocked || !person.nickname.is_empty();
    let there = contact(&configs.contacts, id);
    // A name alone is no reason for an entry: it may be that of somebody in a group.
    if !shared && there.is_none() || !is_known(person) {
        return;
    }
    let mut entry = there.clone().unwrap_or_else(|| Contact {
        created_s: seconds(person.created_at),
        ..Contact::new(id)
    });
    Standing::of_store(person, now).write(&Standing::of_config(&entry, now), &mut entry);
    entry.nickname.clone_from(&person.nickname);
    let known_at_s = entry.profile_updated_s;
    if is_newer(
        (&person.name, person.profile_updated_s),
        (&entry.name, entry.profile_updated_s),
    ) {
        entry.name.clone_from(&person.name);
        entry.profile_updated_s = person.profile_updated_s;
    }
    picture::mirror_theirs(person, &mut entry, known_at_s);
    if there.as_ref() != Some(&entry) {
        set_contact(&mut configs.contacts, &entry);
    }
}

fn mirror_read(person: &SharedPerson, configs: &mut Configs, now: TimestampMs) {
    let Some(here) = &person.conversation else {
        return;
    };
    let conversation = Conversation::OneToOne(person.account_id);
    let there = volatile::read_mark(&configs.volatile, &conversation).unwrap_or_default();
    let mark = ReadMark {
        last_read_ms: there.last_read_ms.max(here.read_up_to.0),
        unread: here.marked_unread,
    };
    if mark != there {
        volatile::set_read_mark(&mut configs.volatile, &conversation, mark, now);
    }
}
