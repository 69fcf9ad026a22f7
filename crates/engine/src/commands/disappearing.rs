//! Setting how messages disappear.

use contract::{Done, ErrorCode, Failure, SetDisappearing};

use crate::core::Core;
use crate::failure::Stopped;
use crate::view::disappearing::parse_disappearing;
use crate::{outbox, view};

pub(super) async fn set_disappearing(core: &Core, params: SetDisappearing) -> Result<Done, Stopped> {
    let with = view::parse_conversation(&params.conversation)?;
    let setting = match params.setting {
        None => None,
        Some(setting) => Some(
            parse_disappearing(setting)
                .ok_or_else(|| Failure::new(ErrorCode::BadCommand).with("reason", "seconds"))?,
        ),
    };
    outbox::set_disappearing(core, with, setting).await?;
    Ok(Done {})
}
