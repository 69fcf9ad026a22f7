//! Pictures in the configs: mine with the profile, other people's with their entries.
//!
//! Configs name where a picture lies and what decrypts it; it is fetched by the rules for all pictures
//! (`crate::pictures`). Spec: sync §4 (SYN-36, SYN-37)

use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::attachment::ProfilePicture;
use protocol::config::contacts::Contact;
use protocol::config::{Picture, user_profile};
use store::{OwnPicture, PictureAddress, PictureTask, SaidPicture, SharedPerson, StoreError, Writing};

use super::apply::{Changes, Reading};
use super::configs::Configs;
use super::people::{is_settled, seconds};

/// My picture as it was changed here.
pub(super) fn mirror_own(writing: &Writing<'_>, configs: &mut Configs) -> Result<(), StoreError> {
    let Some(own) = writing.own_picture()? else {
        return Ok(());
    };
    let there = user_profile::profile(&configs.profile);
    let here = own.address.as_ref().map(of_store);
    if here == there.picture {
        return Ok(());
    }
    let at = seconds(changed_at(&own));
    let is_newer = at > there.updated_s;
    match (&here, &there.picture) {
        (Some(here), Some(there)) if is_newer && here.key == there.key && own.renewed_at > own.set_at => {
            user_profile::set_uploaded_again(&mut configs.profile, here, at);
        }
        // What the others removed would have gone here with the merge: they have not heard of it yet.
        (Some(_), None) => {
            user_profile::set_picture(&mut configs.profile, here.as_ref(), Some(at.max(there.updated_s)));
        }
        _ if is_newer => user_profile::set_picture(&mut configs.profile, here.as_ref(), Some(at)),
        _ => {}
    }
    Ok(())
}

/// My picture as another device chose it. Every edit of this device was in the configs before the others' were merged, so
/// what they say counts.
pub(super) fn apply_own(
    writing: &Writing<'_>,
    own: AccountId,
    configs: &Configs,
    reading: Reading,
    changes: &mut Changes,
) -> Result<(), StoreError> {
    let there = user_profile::profile(&configs.profile);
    let here = writing.own_picture()?.and_then(|own| own.address);
    if here.as_ref().map(of_store) == there.picture {
        return Ok(());
    }
    let address = match &there.picture {
        None if reading == Reading::First => return Ok(()),
        None => None,
        Some(picture) => match usable(picture) {
            Some(address) if here.as_ref() == Some(&address) => return Ok(()),
            Some(address) => Some(address),
            None => return Ok(()),
        },
    };
    let set_at = TimestampMs(there.updated_s.saturating_mul(1_000));
    writing.take_own_picture(address.as_ref(), set_at)?;
    changes.account = true;
    changes.conversations.insert(own);
    Ok(())
}

/// What a person said of their picture, into their entry. Answers whether it is news there.
pub(super) fn mirror_theirs(person: &SharedPerson, entry: &mut Contact, known_at_s: i64) {
    let here = person.picture.as_ref().map(of_store);
    if is_newer(
        (here.as_ref(), person.profile_updated_s),
        (entry.picture.as_ref(), known_at_s),
    ) {
        entry.picture = here;
        entry.profile_updated_s = entry.profile_updated_s.max(person.profile_updated_s);
    }
}

/// What another device heard of a person's picture. Answers whether that was news.
pub(super) fn apply_theirs(
    writing: &Writing<'_>,
    contact: &Contact,
    here: &SharedPerson,
    now: TimestampMs,
) -> Result<bool, StoreError> {
    let known = here.picture.as_ref().map(of_store);
    let there = contact.picture.as_ref();
    let newer = is_newer(
        (there, contact.profile_updated_s),
        (known.as_ref(), here.profile_updated_s),
    );
    if !(newer || is_settled(contact, here) && there.is_some()) {
        return Ok(false);
    }
    let said = match there {
        None => SaidPicture::Remove,
        Some(picture) => match usable(picture) {
            Some(address) if here.picture.as_ref() == Some(&address) => return Ok(false),
            Some(address) => SaidPicture::Set(address),
            None => return Ok(false),
        },
    };
    writing.take_picture(contact.id, &said, now)?;
    Ok(true)
}

/// Which of two pictures counts: the later one; of two of one time the one that there is.
fn is_newer((picture, updated_s): (Option<&Picture>, i64), than: (Option<&Picture>, i64)) -> bool {
    picture != than.0 && (updated_s > than.1 || (updated_s == than.1 && than.0.is_none()))
}

fn changed_at(own: &OwnPicture) -> TimestampMs {
    match (&own.address, own.task) {
        // One that was chosen and never uploaded says nothing of what others have.
        (None, PictureTask::Upload) => TimestampMs(0),
        _ => own.set_at.max(own.renewed_at),
    }
}

fn of_store(address: &PictureAddress) -> Picture {
    Picture {
        url: address.url.clone(),
        key: address.key,
    }
}

/// As messages name it; nothing for what no file server could have.
fn usable(picture: &Picture) -> Option<PictureAddress> {
    let picture = ProfilePicture::parse(&picture.url, &picture.key).ok()?;
    Some(PictureAddress {
        url: picture.url().to_string(),
        key: *picture.key().expose_secret(),
    })
}
