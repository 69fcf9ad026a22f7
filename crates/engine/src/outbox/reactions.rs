//! Telling others, and one's own devices, of a reaction.

use contract::{ErrorCode, Failure};
use protocol::account::AccountId;
use protocol::message::content::ReactionAction;
use protocol::message::outgoing;
use store::{MessageId, MessageName, NewReaction, Step};

use super::queue::{Sealing, sender_profile};
use crate::core::Core;
use crate::failure::Stopped;

/// Gives or takes back an emoji, here and in the queue in one transaction. What is so already is not said again.
/// Spec: messages §11 (REA-01, REA-07).
pub(crate) async fn react(
    core: &Core,
    message: MessageId,
    emoji: String,
    given: bool,
) -> Result<AccountId, Stopped> {
    let mut sealing = Sealing::new(core)?;
    let with = core
        .write(move |writing| {
            let own = sealing.keys.account_id();
            let target = writing.message(message)?;
            if !target.kind.has_content() {
                return Err(ErrorCode::NotFound.into());
            }
            let with = target.conversation;
            let contact = writing.contact(&with)?;
            if with != own && contact.as_ref().is_some_and(|contact| contact.blocked) {
                return Err(ErrorCode::Blocked.into());
            }
            // A reaction accepts nobody; a request is answered or accepted first.
            if with != own && contact.is_none_or(|contact| !contact.approved) {
                return Err(Failure::new(ErrorCode::BadCommand)
                    .with("reason", "request")
                    .into());
            }
            let known = writing.reactions(message)?;
            let is_given = known
                .iter()
                .any(|known| known.author == own && known.emoji == emoji);
            if is_given == given {
                return Ok(with);
            }
            let name = (target.author, target.sent_at);
            let action = match given {
                true => ReactionAction::React,
                false => ReactionAction::Remove,
            };
            let sent_at = writing.next_sent_at(sealing.network_now)?;
            let deliveries = if with == own {
                let content = outgoing::reaction_to_note(name, &emoji, action, sent_at);
                vec![sealing.delivery(Step::Recipient, own, &content, sent_at)?]
            } else {
                let profile = sender_profile(writing, own)?;
                let content = outgoing::reaction(name, &emoji, action, &profile, sent_at);
                sealing.with_copy(with, &content, sent_at)?
            };
            let reaction = NewReaction {
                target: MessageName {
                    author: target.author,
                    sent_at: target.sent_at,
                },
                emoji,
                given,
            };
            match writing.react(message, &reaction, sent_at, &deliveries, sealing.device_now)? {
                true => Ok(with),
                // What this device does not keep it tells nobody.
                false => Err(Failure::new(ErrorCode::BadCommand)
                    .with("reason", "emojis")
                    .into()),
            }
        })
        .await?;
    core.outbox_wake.notify_one();
    Ok(with)
}
