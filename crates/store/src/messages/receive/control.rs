//! What received messages change of others.

use protocol::TimestampMs;
use protocol::account::AccountId;

use super::{Batch, Outcome, Person};
use crate::StoreError;
use crate::messages::reactions::ReceivedWord;
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
    /// Does what a control message says. It neither makes a conversation nor brings one back, and makes nobody known.
    pub(super) fn obey(&mut self, control: &ReceivedControl) -> Result<Outcome, StoreError> {
        let author = self.known(control.author)?;
        let mine = author.is_some_and(|author| author.row == self.me);
        if !mine && author.is_some_and(|author| author.dropped(control.sent_at.0)) {
            return Ok(Outcome::Dropped);
        }
        let accepted = author.filter(|author| author.approved && !mine);
        // What comes too early from people who are not accepted shares one quota.
        let quota = (mine || accepted.is_some()).then_some(control.author);
        match &control.control {
            Control::Reaction(reaction) => {
                let word = ReceivedWord {
                    peer: control.conversation,
                    author: control.author,
                    reaction,
                    sent_at: control.sent_at,
                };
                let changed = self.writing.receive_reaction(&word, quota, self.now)?;
                Ok(changed.map_or(Outcome::Dropped, |id| Outcome::Changed {
                    id,
                    conversation: control.conversation,
                }))
            }
            Control::Read(read) => {
                let Some(author) = accepted else {
                    return Ok(Outcome::Dropped);
                };
                Ok(match self.writing.receive_receipts(author.row, read, self.now)? {
                    true => Outcome::ChangedMany,
                    false => Outcome::Dropped,
                })
            }
            // Nothing of it is kept; whoever asked passes it on.
            Control::Typing(typing) => Ok(
                match accepted.is_some() && self.writing.preferences()?.typing_indicators {
                    true => Outcome::Typing {
                        typing: *typing,
                        sent_at: control.sent_at,
                    },
                    false => Outcome::Dropped,
                },
            ),
            Control::Unsend(target) => {
                // What the batch has counted so far must be written before rows go.
                self.flush()?;
                let gone = self
                    .writing
                    .receive_unsend(control.author, target, quota, self.now)?;
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

    /// Somebody of whom there is a row.
    fn known(&mut self, account_id: AccountId) -> Result<Option<Person>, StoreError> {
        match self.writing.contact_row(&account_id)? {
            Some(_) => self.person(account_id).map(Some),
            None => Ok(None),
        }
    }
}
