//! The stand-in's answers about single messages: reactions, deleting, and what is known of them.

use contract::*;

use super::people::me;
use super::replies::State;

impl State {
    /// Answers the commands of this file.
    pub(super) fn interact(&mut self, command: &Command) -> Option<Result<Reply, Failure>> {
        let done = Done {};
        let reply = match command {
            Command::React(it) => self
                .change(it.message, |row| react(row, &it.emoji, it.add))
                .map(|()| Reply::React(done)),
            Command::ListReactions(it) => self.row(it.message).map(|row| {
                let mine = row.reactions.iter().filter(|count| count.mine);
                let mine = mine.map(|count| ReactionView {
                    emoji: count.emoji.clone(),
                    author: me(),
                    name: String::new(),
                    mine: true,
                });
                Reply::ListReactions(mine.collect())
            }),
            Command::GetMessageInfo(it) => self.row(it.message).map(|row| {
                Reply::GetMessageInfo(MessageInfo {
                    author_name: String::new(),
                    row: row.clone(),
                    attempts: 0,
                    next_try_ms: None,
                })
            }),
            Command::DeleteMessageHere(it) => {
                self.remove(it.message).map(|()| Reply::DeleteMessageHere(done))
            }
            Command::DeleteOnMyDevices(it) => {
                self.remove(it.message).map(|()| Reply::DeleteOnMyDevices(done))
            }
            Command::DeleteForEveryone(it) => self
                .change(it.message, |row| {
                    row.body = MessageBody::Deleted;
                    row.quote = None;
                    row.reactions.clear();
                })
                .map(|()| Reply::DeleteForEveryone(done)),
            _ => return None,
        };
        Some(reply)
    }

    fn row(&self, id: MessageId) -> Result<&MessageRow, Failure> {
        let mut rows = self.threads.iter().flat_map(|thread| &thread.rows);
        rows.find(|row| row.id == id).ok_or(ErrorCode::NotFound.into())
    }

    /// Changes a row and tells of it.
    fn change(&mut self, id: MessageId, change: impl FnOnce(&mut MessageRow)) -> Result<(), Failure> {
        for thread in &mut self.threads {
            if let Some(row) = thread.rows.iter_mut().find(|row| row.id == id) {
                change(row);
                self.events.push(Event::MessageChanged {
                    conversation: thread.with.clone().into(),
                    message: id,
                });
                self.events.push(Event::ConversationsChanged);
                return Ok(());
            }
        }
        Err(ErrorCode::NotFound.into())
    }

    fn remove(&mut self, id: MessageId) -> Result<(), Failure> {
        self.change(id, |_| {})?;
        for thread in &mut self.threads {
            thread.rows.retain(|row| row.id != id);
        }
        Ok(())
    }
}

fn react(row: &mut MessageRow, emoji: &str, add: bool) {
    row.reactions.retain_mut(|count| {
        let was_mine = count.emoji == emoji && count.mine;
        count.count -= u32::from(was_mine);
        count.mine &= !was_mine;
        count.count > 0
    });
    if !add {
        return;
    }
    match row.reactions.iter_mut().find(|count| count.emoji == emoji) {
        Some(count) => {
            count.count += 1;
            count.mine = true;
        }
        None => row.reactions.push(ReactionCount {
            emoji: emoji.to_owned(),
            count: 1,
            mine: true,
        }),
    }
}
