//! Reacting, and who reacted.

use contract::{Done, ErrorCode, Failure, ListReactions, React, ReactionView};
use protocol::message::outgoing;
use store::MessageId;

use crate::core::Core;
use crate::failure::Stopped;
use crate::{outbox, view};

pub(super) async fn react(core: &Core, params: React) -> Result<Done, Stopped> {
    if !outgoing::is_emoji(&params.emoji) {
        return Err(Failure::new(ErrorCode::BadCommand).with("reason", "emoji").into());
    }
    let message = MessageId(params.message.0);
    let conversation = outbox::react(core, message, params.emoji, params.add).await?;
    outbox::tell_message(core, conversation, message);
    Ok(Done {})
}

pub(super) async fn list_reactions(core: &Core, params: ListReactions) -> Result<Vec<ReactionView>, Stopped> {
    let own = core.own_id()?;
    let message = MessageId(params.message.0);
    core.read(move |reading| {
        reading.message(message)?;
        let mut shown = Vec::new();
        for reaction in reading.reactions(message)? {
            let mine = reaction.author == own;
            let name = match mine {
                true => String::new(),
                false => {
                    view::conversation::name(reaction.author, reading.contact(&reaction.author)?.as_ref())
                }
            };
            shown.push(ReactionView {
                emoji: reaction.emoji,
                author: view::account_id(reaction.author),
                name,
                mine,
            });
        }
        Ok(shown)
    })
    .await
}
