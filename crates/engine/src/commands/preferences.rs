//! What the user likes. Kept in the store, where other parts read it when they need it.

use contract::{Done, ErrorCode, Event, Failure, GetPreferences, Preferences, SetPreferences};

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
            // Who changes something else has not said no.
            if before.community_requests.is_none() && wanted.community_requests == Some(false) {
                wanted.community_requests = None;
            }
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
