//! The stand-in's answers about lists: what people do with conversations, people by name, and search.

use contract::*;

use super::canned::{now, qr};
use super::people::{Thread, me};
use super::replies::{State, kind, unread};

/// What people did with a conversation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept {
    pub(crate) nickname: String,
    pub(crate) muted: Option<Muted>,
    pub(crate) marked_unread: bool,
    pub(crate) hidden: bool,
}

impl Thread {
    /// Nickname, name, or nothing for Note to Self.
    pub(crate) fn shown_name(&self) -> String {
        if self.kept.nickname.is_empty() {
            self.name.clone()
        } else {
            self.kept.nickname.clone()
        }
    }
}

impl State {
    /// Answers the commands of this file.
    pub(super) fn manage(&mut self, command: &Command) -> Option<Result<Reply, Failure>> {
        let done = Done {};
        let id = match command {
            Command::ListContacts(it) => {
                return Some(Ok(Reply::ListContacts(self.people(false, it.offset, it.limit))));
            }
            Command::ListBlocked(it) => {
                return Some(Ok(Reply::ListBlocked(self.people(true, it.offset, it.limit))));
            }
            Command::GetContactQr(_) => return Some(Ok(Reply::GetContactQr(qr()))),
            Command::Search(it) => return Some(Ok(Reply::Search(self.search(it)))),
            Command::ClearRequests(_) => {
                self.threads.retain(|thread| thread.approval != Approval::Request);
                self.events.push(Event::ConversationsChanged);
                return Some(Ok(Reply::ClearRequests(done)));
            }
            Command::HideNoteToSelf(_) => me().into(),
            Command::PinConversation(it) => it.conversation.clone(),
            Command::MuteConversation(it) => it.conversation.clone(),
            Command::MarkUnread(it) => it.conversation.clone(),
            Command::MarkAllRead(it) => it.conversation.clone(),
            Command::SetNickname(it) => it.conversation.clone(),
            Command::DeleteConversation(it) => it.conversation.clone(),
            Command::DeleteContact(it) => it.conversation.clone(),
            Command::DeleteRequest(it) => it.conversation.clone(),
            Command::ClearMessages(it) => it.conversation.clone(),
            Command::Block(it) => it.conversation.clone(),
            Command::Unblock(it) => it.conversation.clone(),
            _ => return None,
        };
        if matches!(
            command,
            Command::DeleteConversation(_) | Command::DeleteContact(_) | Command::DeleteRequest(_)
        ) {
            self.threads.retain(|thread| thread.with.0 != id.0);
        } else {
            match self.thread(&id) {
                Ok(thread) => change(thread, command),
                Err(failure) => return Some(Err(failure)),
            }
        }
        self.events.push(Event::ConversationChanged { conversation: id });
        self.events.push(Event::ConversationsChanged);
        Some(Ok(Reply::PinConversation(done)))
    }

    pub(super) fn list(&self, requests: bool, offset: u32, limit: u32) -> ConversationPage {
        let is_request = |thread: &&Thread| thread.approval == Approval::Request;
        let listed = self
            .threads
            .iter()
            .filter(|thread| is_request(thread) == requests && !thread.blocked && !thread.kept.hidden);
        let mut rows: Vec<ConversationRow> = listed.map(conversation_row).collect();
        rows.sort_by_key(|row| (!row.pinned, std::cmp::Reverse(row.last_activity_ms)));
        let all = self.threads.iter().filter(is_request).count() as u32;
        ConversationPage {
            total: rows.len() as u32,
            offset,
            rows: rows
                .into_iter()
                .skip(offset as usize)
                .take(limit as usize)
                .collect(),
            unread_requests: all,
            requests: all,
        }
    }

    fn people(&self, blocked: bool, offset: u32, limit: u32) -> PersonPage {
        let mut rows: Vec<PersonRow> = self
            .threads
            .iter()
            .filter(|thread| thread.blocked == blocked && thread.approval != Approval::Request)
            .filter(|thread| thread.with != me())
            .map(person)
            .collect();
        rows.sort_by_key(|row| (row.letter.is_empty(), row.name.to_lowercase()));
        PersonPage {
            total: rows.len() as u32,
            offset,
            rows: rows
                .into_iter()
                .skip(offset as usize)
                .take(limit as usize)
                .collect(),
        }
    }

    fn search(&self, it: &Search) -> SearchResults {
        let wanted = it.text.trim().to_lowercase();
        let everywhere = it.conversation.is_none();
        let mut messages = Vec::new();
        for thread in self
            .threads
            .iter()
            .filter(|thread| thread.approval != Approval::Request)
        {
            if !everywhere && it.conversation.as_ref() != Some(&thread.with.clone().into()) {
                continue;
            }
            for row in &thread.rows {
                if let MessageBody::Text { text } = &row.body
                    && let Some(excerpt) = excerpt(text, &wanted)
                {
                    messages.push(MessageHit {
                        message: row.id,
                        conversation: thread.with.clone().into(),
                        name: thread.shown_name(),
                        mine: row.mine,
                        picture: None,
                        sent_at_ms: row.sent_at_ms,
                        excerpt,
                    });
                }
            }
        }
        messages.sort_by_key(|hit| std::cmp::Reverse(hit.sent_at_ms));
        if let Some(before) = it.before
            && let Some(at) = messages.iter().position(|hit| hit.message == before)
        {
            messages.drain(..=at);
        }
        let more = messages.len() > it.limit as usize;
        messages.truncate(it.limit as usize);
        let matches = |name: &str| {
            name.to_lowercase()
                .split_whitespace()
                .any(|word| word.starts_with(&wanted))
        };
        SearchResults {
            people: self
                .people(false, 0, 200)
                .rows
                .into_iter()
                .filter(|row| everywhere && (matches(&row.name) || row.id.0 == wanted))
                .collect(),
            note_to_self: everywhere && matches("Note to Self"),
            messages,
            more,
        }
    }
}

fn conversation_row(thread: &Thread) -> ConversationRow {
    let last = thread.rows.last();
    ConversationRow {
        id: thread.with.clone().into(),
        kind: kind(thread),
        name: thread.shown_name(),
        last_activity_ms: last.map(|row| row.sent_at_ms),
        snippet: last.map(|row| Snippet {
            body: row.body.clone(),
            mine: row.mine,
            status: row.status,
            attachment: None,
        }),
        unread: unread(thread),
        pinned: thread.pinned,
        draft: Some(thread.draft.clone()).filter(|draft| !draft.is_empty()),
        muted: thread.kept.muted.is_some(),
        marked_unread: thread.kept.marked_unread,
        typing: false,
        disappearing: false,
        picture: None,
    }
}

fn change(thread: &mut Thread, command: &Command) {
    match command {
        Command::PinConversation(it) => thread.pinned = it.pinned,
        Command::MuteConversation(it) => {
            thread.kept.muted = it.mute.map(|mute| match mute {
                Mute::Ever => Muted::Ever,
                Mute::Seconds { seconds } => Muted::Time {
                    at_ms: TimestampMs(now() + i64::from(seconds) * 1_000),
                },
            });
        }
        Command::MarkUnread(_) => thread.kept.marked_unread = true,
        Command::MarkAllRead(_) => {
            thread.kept.marked_unread = false;
            thread.rows.iter_mut().for_each(|row| row.read = true);
        }
        Command::SetNickname(it) => it.nickname.trim().clone_into(&mut thread.kept.nickname),
        Command::HideNoteToSelf(it) => thread.kept.hidden = it.hidden,
        Command::ClearMessages(_) => thread.rows.clear(),
        Command::Block(_) => thread.blocked = true,
        Command::Unblock(_) => thread.blocked = false,
        _ => {}
    }
}

fn person(thread: &Thread) -> PersonRow {
    let name = thread.shown_name();
    let letter = name
        .chars()
        .next()
        .filter(|first| first.is_alphabetic())
        .map(|first| first.to_uppercase().collect());
    PersonRow {
        id: thread.with.clone().into(),
        account_id: thread.with.clone(),
        name,
        letter: letter.unwrap_or_default(),
        picture: None,
    }
}

/// The text with the first match marked.
fn excerpt(text: &str, wanted: &str) -> Option<Vec<ExcerptPart>> {
    let at = text.to_lowercase().find(wanted)?;
    let part = |range: std::ops::Range<usize>, hit| {
        let text = text.get(range).unwrap_or_default().to_owned();
        ExcerptPart { text, hit }
    };
    let end = at + wanted.len();
    let parts = [
        part(0..at, false),
        part(at..end, true),
        part(end..text.len(), false),
    ];
    Some(parts.into_iter().filter(|part| !part.text.is_empty()).collect())
}
