//! Messages of others, each exactly once: those still unread first, then each as it arrives.

use std::collections::{BTreeSet, VecDeque};

use contract::{
    ConversationId, ConversationRow, Event, Failure, GetMessage, ListConversations, ListMessages,
    ListRequests, MarkRead, MessageId, MessageRow, MessageWindow,
};

use crate::session::{Events, Session};

/// Rows asked for at once, the most that the contract gives.
const PAGE: u32 = 200;
/// Messages remembered as handed out, against events that are repeated. Read positions tell the rest.
const REMEMBERED: usize = 10_000;

/// A message and where it belongs.
#[derive(Debug)]
pub(crate) struct Arrival {
    pub(crate) conversation: ConversationId,
    pub(crate) row: MessageRow,
}

/// Hands out messages of others and marks each as read when the next one is asked for, so that one that was handed out
/// but not dealt with comes again in the next run.
pub(crate) struct Feed<'s> {
    session: &'s Session,
    events: Events,
    waiting: VecDeque<Arrival>,
    handed_out: Option<Arrival>,
    seen: BTreeSet<MessageId>,
}

impl<'s> Feed<'s> {
    /// Starts with what is unread.
    ///
    /// # Errors
    /// What the engine refuses, for instance without an account.
    pub(crate) async fn start(session: &'s Session) -> Result<Self, Failure> {
        let events = session.events();
        let mut feed = Self {
            session,
            events,
            waiting: VecDeque::new(),
            handed_out: None,
            seen: BTreeSet::new(),
        };
        feed.collect_unread().await?;
        Ok(feed)
    }

    /// The next message, when there is one.
    ///
    /// # Errors
    /// What the engine refuses.
    pub(crate) async fn next(&mut self) -> Result<Arrival, Failure> {
        self.mark_read().await?;
        loop {
            if let Some(next) = self.waiting.pop_front() {
                self.handed_out = Some(Arrival {
                    conversation: next.conversation.clone(),
                    row: next.row.clone(),
                });
                return Ok(next);
            }
            match self.events.next().await {
                Event::MessageReceived {
                    conversation,
                    message,
                } => self.collect(conversation, message).await?,
                Event::Lagged => self.collect_unread().await?,
                _ => {}
            }
        }
    }

    /// Marks the message that was handed out last as read.
    ///
    /// # Errors
    /// What the engine refuses.
    pub(crate) async fn mark_read(&mut self) -> Result<(), Failure> {
        let Some(Arrival { conversation, row }) = self.handed_out.take() else {
            return Ok(());
        };
        // Only when nothing older of that conversation waits: the position moves past everything before it.
        let older_waits = |waiting: &Arrival| {
            waiting.conversation == conversation && waiting.row.sent_at_ms < row.sent_at_ms
        };
        if !self.waiting.iter().any(older_waits) {
            self.session
                .call(MarkRead {
                    conversation,
                    up_to: row.id,
                })
                .await?;
        }
        Ok(())
    }

    async fn collect(&mut self, conversation: ConversationId, message: MessageId) -> Result<(), Failure> {
        match self.session.call(GetMessage { message }).await {
            Ok(row) => self.queue(conversation, row),
            // Deleted in the meantime.
            Err(failure) if failure.code == contract::ErrorCode::NotFound => {}
            Err(failure) => return Err(failure),
        }
        Ok(())
    }

    async fn collect_unread(&mut self) -> Result<(), Failure> {
        for conversation in unread_conversations(self.session).await? {
            let id = conversation.id;
            let mut window = MessageWindow::FirstUnread;
            loop {
                let page = self
                    .session
                    .call(ListMessages {
                        conversation: id.clone(),
                        window,
                        limit: PAGE,
                    })
                    .await?;
                let last = page.rows.last().map(|row| row.id);
                for row in page.rows {
                    if !row.read {
                        self.queue(id.clone(), row);
                    }
                }
                match last {
                    Some(message) if page.more_after => window = MessageWindow::After { message },
                    _ => break,
                }
            }
        }
        self.waiting
            .make_contiguous()
            .sort_by_key(|arrival| (arrival.row.sent_at_ms, arrival.row.id));
        Ok(())
    }

    fn queue(&mut self, conversation: ConversationId, row: MessageRow) {
        if row.mine || !self.seen.insert(row.id) {
            return;
        }
        if self.seen.len() > REMEMBERED {
            self.seen.pop_first();
        }
        self.waiting.push_back(Arrival { conversation, row });
    }
}

/// Rows of both lists that have something unread.
async fn unread_conversations(session: &Session) -> Result<Vec<ConversationRow>, Failure> {
    let rows = all_conversations(session).await?;
    Ok(rows
        .into_iter()
        .map(|(row, _)| row)
        .filter(|row| row.unread > 0)
        .collect())
}

/// All rows of the home list, then all message requests, which are marked by `true`.
pub(crate) async fn all_conversations(session: &Session) -> Result<Vec<(ConversationRow, bool)>, Failure> {
    let mut rows = Vec::new();
    for requests in [false, true] {
        let mut offset = 0;
        loop {
            let page = match requests {
                false => session.call(ListConversations { offset, limit: PAGE }).await?,
                true => session.call(ListRequests { offset, limit: PAGE }).await?,
            };
            offset += u32::try_from(page.rows.len()).unwrap_or(PAGE);
            let done = page.rows.is_empty() || offset >= page.total;
            rows.extend(page.rows.into_iter().map(|row| (row, requests)));
            if done {
                break;
            }
        }
    }
    Ok(rows)
}
