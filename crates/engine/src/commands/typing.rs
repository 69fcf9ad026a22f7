//! Telling that I type.

use contract::{Done, SetTyping};

use crate::core::Core;
use crate::failure::Stopped;
use crate::{typing, view};

pub(super) async fn set_typing(core: &Core, params: SetTyping) -> Result<Done, Stopped> {
    let with = view::parse_conversation(&params.conversation)?;
    core.keys()?;
    typing::key(core, with, params.typing).await?;
    Ok(Done {})
}
