//! What the configs say goes into the store.

use std::collections::{BTreeMap, BTreeSet};

use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::config::Config;
use protocol::config::contacts::{Contact, contacts};
use protocol::config::convo_info_volatile::{self as volatile, Conversation};
use protocol::config::user_profile;
use protocol::message::{Disappearing, DisappearingMode};
use store::{Account, SharedPerson, StoreError, Writing};

use super::configs::Configs;
use super::mirror::is_known;
use super::people::{Place, Standing, is_newer, is_settled};
use super::picture;

/// Whether what is here and not in the configs was removed by another device, or was never told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// Not everything here was in the config: the account's settings are read for the first time, or edits of this device
    /// were too late for the others. What is here goes on top.
    First,
    /// Everything here was in the configs before the others' edits were merged.
    Later,
}

/// A read position may lie so far ahead of the clock; one that lies further would hide what is yet to come.
const AHEAD_MS: i64 = 120_000;

/// What changed in the store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    pub(super) account: bool,
    pub(super) preferences: bool,
    pub(super) conversations: BTreeSet<AccountId>,
}

/// Brings the store to what the configs say after a merge. Spec: sync §1 (SYN-06)
pub(super) fn apply(
    writing: &Writing<'_>,
    configs: &Configs,
    now: TimestampMs,
) -> Result<Changes, StoreError> {
    let reading = |config: &Config| match config.lost_edits() {
        true => Reading::First,
        false => Reading::Later,
    };
    bring(writing, configs, reading, now)
}

/// As [`apply`] at the end of the first reading. Spec: sync §1 (SYN-04)
pub(super) fn apply_first(
    writing: &Writing<'_>,
    configs: &Configs,
    now: TimestampMs,
) -> Result<Changes, StoreError> {
    bring(writing, configs, |_| Reading::First, now)
}

fn bring(
    writing: &Writing<'_>,
    configs: &Configs,
    reading: impl Fn(&Config) -> Reading,
    now: TimestampMs,
) -> Result<Changes, StoreError> {
    let (of_profile, of_people) = (reading(&configs.profile), reading(&configs.contacts));
    let mut changes = Changes::default();
    let Some(account) = writing.account()? else {
        return Ok(changes);
    };
    apply_name(writing, &account, configs, &mut changes)?;
    apply_preferences(writing, configs, of_profile, &mut changes)?;
    picture::apply_own(writing, account.account_id, configs, of_profile, &mut changes)?;
    let mut here: BTreeMap<AccountId, SharedPerson> = writing
        .shared_people()?
        .into_iter()
        .map(|person| (person.account_id, person))
        .collect();
    let notes = here.remove(&account.account_id);
    apply_notes(
        writing,
        account.account_id,
        notes.as_ref(),
        configs,
        of_profile,
        now,
        &mut changes,
    )?;
    for contact in contacts(&configs.contacts).filter(|contact| contact.id != account.account_id) {
        let person = here.remove(&contact.id);
        if apply_person(writing, &contact, person.as_ref(), of_people, now)? {
            changes.conversations.insert(contact.id);
        }
    }
    if of_people == Reading::Later {
        let removed = here.values().filter(|person| is_shared(person));
        for person in removed {
            writing.delete_contact(&person.account_id, now)?;
            writing.unblock(&person.account_id, now)?;
            changes.conversations.insert(person.account_id);
        }
    }
    apply_read(writing, configs, reading(&configs.volatile), now, &mut changes)?;
    Ok(changes)
}

/// What would have an entry of its own.
fn is_shared(person: &SharedPerson) -> bool {
    is_known(person)
        && (person.approved || person.approved_me || person.blocked || !person.nickname.is_empty())
}

/// The name that the devices agree on; also over one that was typed before it was looked for.
fn apply_name(
    writing: &Writing<'_>,
    account: &Account,
    configs: &Configs,
    changes: &mut Changes,
) -> Result<(), StoreError> {
    let there = user_profile::profile(&configs.profile);
    // One that was typed here since the first reading was in the configs before the others' edits were merged.
    if !there.name.is_empty() && there.name != account.display_name {
        let set_at = TimestampMs(there.updated_s.saturating_mul(1_000));
        writing.take_display_name(&there.name, set_at.max(account.display_name_set_at))?;
        changes.account = true;
    }
    Ok(())
}

fn apply_preferences(
    writing: &Writing<'_>,
    configs: &Configs,
    reading: Reading,
    changes: &mut Changes,
) -> Result<(), StoreError> {
    let there = user_profile::profile(&configs.profile).community_requests;
    let mut preferences = writing.preferences()?;
    let here = preferences.community_requests;
    let stays = reading == Reading::First && here.is_some();
    if !stays && there != here {
        preferences.community_requests = there;
        writing.set_preferences(&preferences)?;
        changes.preferences = true;
    }
    Ok(())
}

fn apply_notes(
    writing: &Writing<'_>,
    own: AccountId,
    notes: Option<&SharedPerson>,
    configs: &Configs,
    reading: Reading,
    now: TimestampMs,
    changes: &mut Changes,
) -> Result<(), StoreError> {
    let there = user_profile::profile(&configs.profile);
    let conversation = notes.and_then(|notes| notes.conversation.as_ref());
    let (hidden, pinned) = conversation.map_or((false, 0), |here| (here.hidden, here.pinned));
    let was = if hidden { -1 } else { pinned };
    let priority = there.note_to_self_priority.max(-1);
    // A profile that was never written says nothing of the notes.
    let says = configs.profile.seqno() > 0 && !(reading == Reading::First && was != 0);
    if says && priority != was && (conversation.is_some() || priority > 0) {
        match priority {
            -1 => writing.hide_conversation(&own, now)?,
            0 => {
                writing.show_conversation(&own, now)?;
                writing.unpin(&own)?;
            }
            pinned => {
                writing.show_conversation(&own, now)?;
                writing.pin(&own, now)?;
                writing.set_pinned(&own, pinned)?;
            }
        }
        changes.conversations.insert(own);
    }
    let timer = u32::try_from(there.note_to_self_expiry_s).unwrap_or_default();
    let setting = (timer > 0).then_some(Disappearing {
        mode: DisappearingMode::AfterSend,
        seconds: timer,
    });
    let here = notes.and_then(|notes| notes.disappearing);
    if says && here.map(|here| here.seconds) != setting.map(|setting| setting.seconds) {
        writing.take_disappearing(&own, setting, now)?;
        changes.conversations.insert(own);
    }
    Ok(())
}

/// Answers whether anything changed.
fn apply_person(
    writing: &Writing<'_>,
    contact: &Contact,
    here: Option<&SharedPerson>,
    reading: Reading,
    now: TimestampMs,
) -> Result<bool, StoreError> {
    let id = contact.id;
    let unknown = SharedPerson {
        account_id: id,
        name: String::new(),
        profile_updated_s: 0,
        nickname: String::new(),
        approved: false,
        approved_me: false,
        blocked: false,
        disappearing: None,
        created_at: now,
        deleted: false,
        conversation: None,
        picture: None,
    };
    let here = here.unwrap_or(&unknown);
    let (was, mut says) = (Standing::of_store(here, now), Standing::of_config(contact, now));
    let mut nickname = contact.nickname.clone();
    if reading == Reading::First {
        on_top(&was, &mut says);
        if !here.nickname.is_empty() {
            nickname.clone_from(&here.nickname);
        }
    }
    let newer = is_newer(
        (&contact.name, contact.profile_updated_s),
        (&here.name, here.profile_updated_s),
    );
    let newer = newer || (is_settled(contact, here) && !contact.name.is_empty() && contact.name != here.name);
    let pictured = picture::apply_theirs(writing, contact, here, now)?;
    let later = pictured && contact.profile_updated_s > here.profile_updated_s;
    let renamed = newer || later || nickname != here.nickname;
    if renamed {
        let mut named = SharedPerson {
            nickname,
            ..here.clone()
        };
        if newer {
            named.name.clone_from(&contact.name);
        }
        if newer || later {
            named.profile_updated_s = contact.profile_updated_s;
        }
        writing.take_names(&named, now)?;
    }
    if was != says {
        stand(writing, id, &was, &says, now)?;
    }
    Ok(renamed || pictured || was != says)
}

/// What was set here before the settings were read stays set.
fn on_top(was: &Standing, says: &mut Standing) {
    says.approved |= was.approved;
    says.approved_me |= was.approved_me;
    says.blocked |= was.blocked;
    if let Place::Listed(1..) = was.place {
        says.place = was.place;
    }
    says.mute = was.mute.or(says.mute);
    says.disappearing = was.disappearing.or(says.disappearing);
}

fn stand(
    writing: &Writing<'_>,
    id: AccountId,
    was: &Standing,
    says: &Standing,
    now: TimestampMs,
) -> Result<(), StoreError> {
    if says.approved && !was.approved {
        writing.approve(&id, now)?;
    }
    if says.approved_me && !was.approved_me {
        writing.record_approved_me(&id, now)?;
    }
    match (was.blocked, says.blocked) {
        (false, true) => writing.block(&id, now)?,
        (true, false) => writing.unblock(&id, now)?,
        _ => {}
    }
    if was.place != says.place {
        match says.place {
            Place::Gone => writing.delete_conversation(&id, now)?,
            Place::Listed(pinned) => {
                if was.place == Place::Gone {
                    writing.show_conversation(&id, now)?;
                }
                writing.unpin(&id)?;
                if pinned > 0 {
                    writing.pin(&id, now)?;
                    writing.set_pinned(&id, pinned)?;
                }
            }
        }
    }
    if was.mute != says.mute {
        writing.mute(&id, says.mute, now)?;
    }
    if was.disappearing != says.disappearing {
        writing.take_disappearing(&id, says.disappearing, now)?;
    }
    Ok(())
}

/// Read positions only go on; a mark as unread comes and goes.
fn apply_read(
    writing: &Writing<'_>,
    configs: &Configs,
    reading: Reading,
    now: TimestampMs,
    changes: &mut Changes,
) -> Result<(), StoreError> {
    for (conversation, mark) in volatile::read_marks(&configs.volatile) {
        let Conversation::OneToOne(with) = conversation else {
            continue;
        };
        // Messages of one moment are told apart by times that lie ahead a little.
        let up_to = TimestampMs(mark.last_read_ms).min(now.plus_ms(AHEAD_MS));
        let here = writing.shared_person(&with)?;
        if here.as_ref().is_some_and(|person| person.deleted) {
            continue;
        }
        let here = here.and_then(|person| person.conversation);
        if here.as_ref().is_none_or(|here| here.read_up_to < up_to)
            && writing.take_read_position(&with, up_to, now)?
        {
            changes.conversations.insert(with);
        }
        let marked = here.is_some_and(|here| here.marked_unread);
        if marked && !mark.unread && reading == Reading::Later {
            writing.take_unread_mark(&with)?;
            changes.conversations.insert(with);
        } else if mark.unread && !marked {
            // The position made the conversation, if it was not there.
            writing.take_read_position(&with, up_to, now)?;
            writing.mark_unread(&with)?;
            changes.conversations.insert(with);
        }
    }
    Ok(())
}
