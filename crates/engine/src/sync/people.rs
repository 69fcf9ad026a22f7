//! A person as store and config both put it, so that the two can be compared field by field.

use protocol::TimestampMs;
use protocol::config::contacts::Contact;
use protocol::config::{ExpirationMode, Notifications};
use protocol::message::{Disappearing, DisappearingMode};
use store::{Mute, SharedPerson};

/// Where the conversation with a person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Deleted, until somebody writes again.
    Gone,
    /// In the list, at its pin's order number, higher first; zero when not pinned.
    Listed(i64),
}

/// Whether both sides know a person's profile of one and the same second: of two names or pictures the one that the devices
/// agree on counts then.
pub(super) fn is_settled(contact: &Contact, here: &SharedPerson) -> bool {
    contact.profile_updated_s == here.profile_updated_s && here.profile_updated_s > 0
}

/// What both sides say of a person, but for names, which have a time of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) approved: bool,
    pub(super) approved_me: bool,
    pub(super) blocked: bool,
    pub(super) place: Place,
    pub(super) mute: Option<Mute>,
    pub(super) disappearing: Option<Disappearing>,
}

impl Standing {
    pub(super) fn of_store(person: &SharedPerson, now: TimestampMs) -> Self {
        let conversation = person.conversation.as_ref();
        Self {
            approved: person.approved,
            approved_me: person.approved_me,
            blocked: person.blocked,
            place: match person.deleted {
                true => Place::Gone,
                false => Place::Listed(conversation.map_or(0, |conversation| conversation.pinned)),
            },
            mute: conversation
                .and_then(|conversation| conversation.mute)
                .and_then(|mute| holding(mute, now)),
            disappearing: person.disappearing,
        }
    }

    pub(super) fn of_config(contact: &Contact, now: TimestampMs) -> Self {
        Self {
            approved: contact.approved,
            approved_me: contact.approved_me,
            blocked: contact.blocked,
            place: match contact.priority {
                ..0 => Place::Gone,
                priority => Place::Listed(priority),
            },
            mute: mute_of(contact.notifications, contact.mute_until_s, now),
            disappearing: contact.expiration.and_then(disappearing_of),
        }
    }

    /// Writes into an entry what differs from `old`, and nothing else: other devices may know more of it.
    pub(super) fn write(&self, old: &Self, contact: &mut Contact) {
        contact.approved = self.approved;
        contact.approved_me = self.approved_me;
        contact.blocked = self.blocked;
        if self.place != old.place {
            contact.priority = match self.place {
                Place::Gone => -1,
                Place::Listed(pinned) => pinned,
            };
        }
        if self.mute != old.mute {
            (contact.notifications, contact.mute_until_s) = match self.mute {
                None => (Notifications::Default, 0),
                Some(Mute::Ever) => (Notifications::Disabled, 0),
                Some(Mute::Until(until)) => (Notifications::Default, seconds(until)),
            };
        }
        if self.disappearing != old.disappearing {
            contact.expiration = self.disappearing.map(expiration_of);
        }
    }
}

/// To whole seconds: that is what travels.
fn holding(mute: Mute, now: TimestampMs) -> Option<Mute> {
    match mute {
        Mute::Until(until) => until_s(seconds(until), now),
        Mute::Ever => Some(Mute::Ever),
    }
}

fn mute_of(notifications: Notifications, until: i64, now: TimestampMs) -> Option<Mute> {
    match notifications {
        Notifications::Disabled => Some(Mute::Ever),
        _ => until_s(until, now),
    }
}

fn until_s(until: i64, now: TimestampMs) -> Option<Mute> {
    let until = TimestampMs(until.saturating_mul(1_000));
    (until > now).then_some(Mute::Until(until))
}

pub(super) const fn seconds(time: TimestampMs) -> i64 {
    time.0.wrapping_div(1_000)
}

fn disappearing_of((mode, seconds): (ExpirationMode, i64)) -> Option<Disappearing> {
    Some(Disappearing {
        mode: match mode {
            ExpirationMode::AfterSend => DisappearingMode::AfterSend,
            ExpirationMode::AfterRead => DisappearingMode::AfterRead,
        },
        seconds: u32::try_from(seconds).ok()?,
    })
}

fn expiration_of(setting: Disappearing) -> (ExpirationMode, i64) {
    let mode = match setting.mode {
        DisappearingMode::AfterSend => ExpirationMode::AfterSend,
        DisappearingMode::AfterRead => ExpirationMode::AfterRead,
    };
    (mode, i64::from(setting.seconds))
}

/// Which of two names counts: the later one; of two without a time the one that says something.
pub(super) fn is_newer((name, updated_s): (&str, i64), than: (&str, i64)) -> bool {
    !name.is_empty() && name != than.0 && (updated_s > than.1 || than.0.is_empty())
}
