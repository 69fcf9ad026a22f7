//! Deleting messages: here, on all my devices, for everyone.

use contract::{DeleteForEveryone, DeleteMessageHere, DeleteOnMyDevices, Done};
use store::MessageId;

use crate::core::Core;
use crate::failure::Stopped;
use crate::outbox::{self, Reach};

pub(super) async fn delete_message_here(core: &Core, params: DeleteMessageHere) -> Result<Done, Stopped> {
    let id = MessageId(params.message.0);
    let conversation = core
        .write(move |writing| {
            let conversation = writing.message(id)?.conversation;
            writing.delete_message(id)?;
            Ok(conversation)
        })
        .await?;
    core.transfer_wake.notify_one();
    core.tell_conversation(conversation);
    Ok(Done {})
}

pub(super) async fn delete_on_my_devices(core: &Core, params: DeleteOnMyDevices) -> Result<Done, Stopped> {
    take_back(core, params.message, Reach::MyDevices).await
}

pub(super) async fn delete_for_everyone(core: &Core, params: DeleteForEveryone) -> Result<Done, Stopped> {
    take_back(core, params.message, Reach::Everyone).await
}

async fn take_back(core: &Core, message: contract::MessageId, reach: Reach) -> Result<Done, Stopped> {
    let conversation = outbox::take_back(core, MessageId(message.0), reach).await?;
    core.transfer_wake.notify_one();
    core.tell_conversation(conversation);
    Ok(Done {})
}
