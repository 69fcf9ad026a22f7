//! What received messages change of others.

use protocol::TimestampMs;
use protocol::account::AccountId;

use super::{Batch, Outcome};
use crate::StoreError;
use crate::messages::{MessageName, NewReaction};

/// Something about messages of a conversation that is not a message itself.
#[derive(Clone, Debug)]
pub struct ReceivedControl {
    /// The other side of the conversation.
    pub conversation: AccountId,
    /// Who said it.
    pub author: AccountId,
    /// When.
    pub sent_at: TimestampMs,
    /// What.
    pub control: Control,
}

/// What a control message says.
#[derive(Clone, Debug)]
pub enum Control {
    /// An emoji was given to a message, or taken back.
    Reaction(NewReaction),
    /// A message was taken back.
    Unsend(MessageName),
    /// Messages of mine were read: their sent times.
    Read(Vec<TimestampMs>),
    /// Typing began, or goes on; or it ended.
    Typing(Typing),
}

/// Whether somebody types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typing {
    /// They began, or go on.
    Started,
    /// They stopped.
    Stopped,
}

impl Batch<'_, '_> {
    /// Does what a control message says. It neither makes a conversation nor brings one back.
    pub(super) fn obey(&mut self, control: &ReceivedControl) -> Result<Outcome, StoreError> {
        let author = self.person(control.author)?;
        if author.row != self.me && author.dropped(control.sent_at.0) {
            return Ok(Outcome::Dropped);
        }
        match &control.control {
            Control::Reaction(reaction) => {
                let peer = self.person(control.conversation)?.row;
                let changed =
                    self.writing
                        .receive_reaction(peer, author.row, reaction, control.sent_at, self.now)?;
                Ok(changed.map_or(Outcome::Dropped, |id| Outcome::Changed {
                    id,
                    conversation: control.conversation,
                }))
            }
            Control::Read(_) | Control::Typing(_) if !author.approved || author.row == self.me => {
                Ok(Outcome::Dropped)
            }
            Control::Read(read) => Ok(match self.writing.receive_receipts(author.row, read, self.now)? {
                true => Outcome::ChangedMany,
                false => Outcome::Dropped,
            }),
            // Nothing of it is kept; whoever asked passes it on.
            Control::Typing(typing) => Ok(match self.writing.preferences()?.typing_indicators {
                true => Outcome::Typing {
                    typing: *typing,
                    sent_at: control.sent_at,
                },
                false => Outcome::Dropped,
            }),
            Control::Unsend(target) => {
                // What the batch has counted so far must be written before rows go.
                self.flush()?;
                let gone = self.writing.receive_unsend(author.row, target, self.now)?;
                let first = gone.first();
                Ok(
                    first.map_or(Outcome::Dropped, |(id, conversation)| Outcome::Changed {
                        id: *id,
                        conversation: *conversation,
                    }),
                )
            }
        }
    }
}
