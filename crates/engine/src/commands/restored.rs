//! What came back with a restored account.

use contract::{
    DismissRestoreReport, Done, Found, GetRestoreReport, RestorePart, RestoreReport, RestoredPart,
};
use store::{Restored, Stage};

use crate::core::Core;
use crate::failure::Stopped;
use crate::sync::{self, InSettings};

pub(super) async fn get_restore_report(
    core: &Core,
    _: GetRestoreReport,
) -> Result<Option<RestoreReport>, Stopped> {
    let restored = core
        .read(|reading| {
            let home = reading
                .account()?
                .is_some_and(|account| account.stage == Stage::Home);
            Ok(reading.restored()?.filter(|_| home))
        })
        .await?;
    let Some(restored) = restored else {
        return Ok(None);
    };
    let settings = sync::in_settings(core).await?;
    Ok(Some(report(&restored, settings.as_ref())))
}

pub(super) async fn dismiss_restore_report(core: &Core, _: DismissRestoreReport) -> Result<Done, Stopped> {
    core.write(|writing| Ok(writing.dismiss_restored()?)).await?;
    core.events.send(contract::Event::AccountChanged);
    Ok(Done {})
}

/// `settings`: `None` while they were not read.
fn report(restored: &Restored, settings: Option<&InSettings>) -> RestoreReport {
    let of = |has: fn(&InSettings) -> bool| match settings {
        None => Found::Looking,
        Some(settings) if has(settings) => Found::Found,
        Some(_) => Found::Empty,
    };
    let messages = match restored.messages {
        0 if restored.messages_read => Found::Empty,
        0 => Found::Looking,
        _ => Found::Found,
    };
    let parts = [
        (RestorePart::Profile, of(|settings| settings.profile)),
        (RestorePart::Contacts, of(|settings| settings.contacts)),
        (RestorePart::Conversations, of(|settings| settings.conversations)),
        (RestorePart::Groups, of(|settings| settings.groups > 0)),
        (RestorePart::Communities, of(|settings| settings.communities > 0)),
        (RestorePart::Messages, messages),
    ];
    RestoreReport {
        contacts: restored.contacts,
        groups: settings.map_or(0, |settings| settings.groups),
        communities: settings.map_or(0, |settings| settings.communities),
        messages: restored.messages,
        parts: parts.map(|(part, found)| RestoredPart { part, found }).to_vec(),
    }
}
