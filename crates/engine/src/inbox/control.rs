//! What received messages say about other messages.

use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::message::content::{Quote, Reaction, ReactionAction, TypingAction};
use protocol::message::{Body, VerifiedMessage, outgoing};
use store::{Control, MessageName, NewReaction, ReceivedControl, Typing};

/// Messages that one receipt may name. Spec: messages §13 (RRC-05).
const MOST_READ: usize = 2_000;

/// What a message changes of others in the conversation `with` somebody; `None` for messages that stand for themselves.
/// Spec: messages §11.
pub(super) fn control_of(with: AccountId, message: &VerifiedMessage) -> Option<ReceivedControl> {
    let control = match &message.body {
        Body::Visible(data) => Control::Reaction(reaction_of(data.reaction.as_ref()?)?),
        Body::Unsend { author, sent_at } => Control::Unsend(MessageName {
            author: *author,
            sent_at: *sent_at,
        }),
        Body::Read(read) => Control::Read(read.iter().copied().take(MOST_READ).collect()),
        Body::Typing(TypingAction::Started) => Control::Typing(Typing::Started),
        Body::Typing(TypingAction::Stopped) => Control::Typing(Typing::Stopped),
        _ => return None,
    };
    Some(ReceivedControl {
        conversation: with,
        author: message.author,
        sent_at: message.sent_at,
        control,
    })
}

/// What names the message that is answered.
pub(super) fn quote_of(quote: &Quote) -> Option<MessageName> {
    Some(MessageName {
        author: AccountId::parse(quote.author.as_deref()?).ok()?,
        sent_at: TimestampMs::from_wire(quote.id?)?,
    })
}

fn reaction_of(reaction: &Reaction) -> Option<NewReaction> {
    let emoji = reaction
        .emoji
        .as_deref()
        .filter(|emoji| outgoing::is_emoji(emoji))?;
    let action = ReactionAction::try_from(reaction.action?).ok()?;
    Some(NewReaction {
        target: MessageName {
            author: AccountId::parse(reaction.author.as_deref()?).ok()?,
            sent_at: TimestampMs::from_wire(reaction.id?)?,
        },
        emoji: emoji.to_owned(),
        given: action == ReactionAction::React,
    })
}
