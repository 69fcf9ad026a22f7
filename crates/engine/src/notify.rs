//! What a notification should show after a look for messages in the background.

use contract::MessageRow;
use protocol::TimestampMs;
use protocol::account::AccountId;
use store::{Origin, Reading};

use crate::core::Core;
use crate::failure::Stopped;
use crate::inbox::NewMessage;
use crate::view;

/// What a visit in the background has brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PollReport {
    /// What is worth a notification, oldest first.
    pub notifications: Vec<Notification>,
    /// Everything that waited was fetched within the time.
    pub complete: bool,
    /// Unread messages of the home list, for the badge.
    pub unread: u32,
}

/// One new message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// Where it belongs.
    pub conversation: contract::ConversationId,
    /// The name to show: nickname, their name, or the shortened Account ID.
    pub name: String,
    /// The message.
    pub message: MessageRow,
    /// It is the first of somebody who is not accepted yet.
    pub request: bool,
}

/// Chooses what to notify about: of a message request only the first message, of blocked people and of muted conversations
/// nothing, and nothing of what was sent before a restored account came to this device.
/// Spec: messages §9 (ENG-15).
pub(crate) async fn notifications(core: &Core, new: Vec<NewMessage>) -> Result<Vec<Notification>, Stopped> {
    let now = core.device_now();
    core.read(move |reading| {
        let restored = reading
            .account()?
            .filter(|account| account.origin == Origin::Restored);
        let since = restored.map(|account| account.created_at);
        let mut notifications = Vec::new();
        for (index, message) in new.iter().enumerate() {
            let earlier = new
                .iter()
                .take(index)
                .any(|earlier| earlier.conversation == message.conversation);
            let arrived = new
                .iter()
                .filter(|other| other.conversation == message.conversation)
                .count();
            let found = notification(reading, message, earlier, arrived, now)?;
            notifications.extend(
                found.filter(|found| since.is_none_or(|since| found.message.sent_at_ms.0 >= since.0)),
            );
        }
        Ok(notifications)
    })
    .await
}

fn notification(
    reading: &Reading<'_>,
    new: &NewMessage,
    earlier: bool,
    arrived: usize,
    now: TimestampMs,
) -> Result<Option<Notification>, Stopped> {
    let Some(conversation) = reading.conversation(&new.conversation)? else {
        return Ok(None);
    };
    let message = match reading.message(new.message) {
        Ok(message) => message,
        // Read or removed meanwhile.
        Err(store::StoreError::NotFound) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let request = !conversation.contact.approved;
    let first = !earlier && usize::try_from(conversation.unread).is_ok_and(|unread| unread == arrived);
    let muted = conversation.mute.is_some_and(|mute| mute.holds(now));
    if conversation.contact.blocked || muted || message.read || (request && !first) {
        return Ok(None);
    }
    let with: AccountId = new.conversation;
    Ok(Some(Notification {
        conversation: view::conversation_id(with),
        name: view::conversation::name(with, Some(&conversation.contact)),
        message: view::message::row(reading, message)?,
        request,
    }))
}
