//! What the user likes. Kept on this device; other parts read it from the store when they need it.

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
    let wanted = view::preferences::stored(&wanted);
    let changed = core
        .write(move |writing| {
            let changed = writing.preferences()? != wanted;
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
