//! What the account's settings hold, for who wants to know what came back with a restored account.

use protocol::config::{contacts, user_groups, user_profile};

use super::configs::with_configs;
use crate::core::Core;
use crate::failure::Stopped;

/// What is in the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InSettings {
    /// A name or a picture.
    pub(crate) profile: bool,
    /// Anybody but oneself.
    pub(crate) contacts: bool,
    /// Where somebody has read up to.
    pub(crate) conversations: bool,
    /// Private groups, without invitations.
    pub(crate) groups: u32,
    /// Communities.
    pub(crate) communities: u32,
}

/// What is in the account's settings; `None` while they were not read.
pub(crate) async fn in_settings(core: &Core) -> Result<Option<InSettings>, Stopped> {
    let keys = core.keys()?;
    with_configs(core, &keys, |writing, _, configs| {
        if !writing.settings_were_read()? {
            return Ok(None);
        }
        let profile = user_profile::profile(&configs.profile);
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let groups = user_groups::groups(&configs.groups).filter(|group| !group.membership.invited);
        Ok(Some(InSettings {
            profile: !profile.name.is_empty() || profile.picture.is_some(),
            contacts: contacts::contacts(&configs.contacts).next().is_some(),
            conversations: !configs.volatile.data().is_empty(),
            groups: count(groups.count()),
            communities: count(user_groups::communities(&configs.groups).count()),
        }))
    })
    .await
}
