//! Everything that is known of one message.

use contract::{GetMessageInfo, MessageInfo};
use store::MessageId;

use crate::core::Core;
use crate::failure::Stopped;
use crate::view;

pub(super) async fn get_message_info(core: &Core, params: GetMessageInfo) -> Result<MessageInfo, Stopped> {
    let id = MessageId(params.message.0);
    let mut info = core
        .read(move |reading| {
            let message = reading.message(id)?;
            let author_name = match message.mine {
                true => String::new(),
                false => view::conversation::name(message.author, reading.contact(&message.author)?.as_ref()),
            };
            let waits = reading.next_try_of(id)?;
            Ok(MessageInfo {
                row: view::message::row(reading, message)?,
                author_name,
                attempts: waits.map_or(0, |waits| waits.attempts),
                next_try_ms: waits.and_then(|waits| waits.at).map(view::time),
            })
        })
        .await?;
    super::messages::show_transfers(core, &mut info.row);
    Ok(info)
}
