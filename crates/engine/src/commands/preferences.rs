//! What the user likes. Kept in the store, where other parts read it when they need it.

use contract::{
    Done, ErrorCode, Event, Failure, GetPreferences, Preferences, SetCommunityRequests, SetPreferences,
};

use crate::core::Core;
use crate::failure::Stopped;
use crate::view;

pub(super) async fn get_preferences(core: &Core, _: GetPreferences) -> Result<Preferences, Stopped> {
    core.read(|reading| Ok(view::preferences::view(&reading.preferences()?)))
        .await
}

pub(super) async fn set_preferences(core: &Core, params: SetPreferences) -> Result<Done, Stopped> {
    let wanted = params.preferences;
    if !Preferences::TEXT_SCALES.contains(&wanted.text_scale_percent) {
        return Err(Failure::new(ErrorCode::BadCommand)
            .with("reason", "text_scale_percent")
            .into());
    }
    let mut wanted = view::preferences::stored(&wanted);
    let changed = core
        .write(move |writing| {
            let before = writing.preferences()?;
            // A page that has not heard of another device's choice must not undo it everywhere.
            wanted.community_requests = before.community_requests;
            let changed = before != wanted;
            if changed {
                writing.set_preferences(&wanted)?;
            }
            Ok(changed)
        })
        .await?;
    if changed {
        core.events.send(Event::PreferencesChanged);
    }
    Ok(Done {})
}

pub(super) async fn set_community_requests(
    core: &Core,
    params: SetCommunityRequests,
) -> Result<Done, Stopped> {
    let wanted = Some(params.taken);
    core.write(move |writing| {
        let preferences = store::Preferences {
            community_requests: wanted,
            ..writing.preferences()?
        };
        Ok(writing.set_preferences(&preferences)?)
    })
    .await?;
    core.events.send(Event::PreferencesChanged);
    Ok(Done {})
}
