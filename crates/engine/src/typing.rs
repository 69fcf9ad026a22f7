//! Who types: told to others while I do, and shown of others for as long as they do. Nothing of it is kept.
//!
//! [`Typing`] decides; it knows no clock and sends nothing. Spec: messages §13 (TYP-01 to TYP-06).

mod task;

use std::collections::BTreeMap;

use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::message::content::TypingAction;

pub(crate) use task::{key, run};

/// The other side is told again after this long.
const AGAIN_MS: i64 = 10_000;

/// A pause this long is the end of typing.
const PAUSE_MS: i64 = 3_000;

/// Others are shown as typing this long after they said so, at most.
const SHOWN_MS: i64 = 15_000;

/// Who is remembered of others, at most.
const MOST_OTHERS: usize = 200;

/// Device time throughout, but for the times that others name. Drain [`Typing::poll_told`] after every change.
#[derive(Debug, Default)]
pub(crate) struct Typing {
    mine: BTreeMap<AccountId, Mine>,
    others: BTreeMap<AccountId, Other>,
    told: Vec<(AccountId, TypingAction)>,
}

/// How far I am with telling somebody.
#[derive(Clone, Copy, Debug)]
struct Mine {
    last_key: TimestampMs,
    last_told: TimestampMs,
}

/// What somebody last said.
#[derive(Clone, Copy, Debug)]
struct Other {
    /// When they sent what they last sent, typing or message.
    said_at: TimestampMs,
    /// Until when they are shown as typing; `None` when they are not.
    until: Option<TimestampMs>,
}

impl Typing {
    /// Whether a key has to be told of; if not, there is no need to ask whether it may be.
    pub(crate) fn handle_key(&mut self, now: TimestampMs, with: AccountId) -> bool {
        match self.mine.get_mut(&with) {
            Some(mine) if now.since_ms(mine.last_told) < AGAIN_MS => {
                mine.last_key = now;
                false
            }
            _ => true,
        }
    }

    /// A key that may be told of.
    pub(crate) fn handle_told_key(&mut self, now: TimestampMs, with: AccountId) {
        let mine = Mine {
            last_key: now,
            last_told: now,
        };
        self.mine.insert(with, mine);
        self.told.push((with, TypingAction::Started));
    }

    /// The text was cleared, or left.
    pub(crate) fn handle_stop(&mut self, with: AccountId) {
        if self.mine.remove(&with).is_some() {
            self.told.push((with, TypingAction::Stopped));
        }
    }

    /// A message was sent: that ends typing without a word.
    pub(crate) fn handle_sent(&mut self, with: AccountId) {
        self.mine.remove(&with);
    }

    /// Somebody said at `sent_at` (network time, as `network_now`) that they type or not. Answers whether what is shown
    /// has changed.
    pub(crate) fn handle_said(
        &mut self,
        now: TimestampMs,
        from: AccountId,
        said: Said,
        network_now: TimestampMs,
    ) -> bool {
        let before = self.others.get(&from).copied();
        if before.is_some_and(|before| said.sent_at < before.said_at) {
            return false;
        }
        let age_ms = network_now.since_ms(said.sent_at).max(0);
        let left_ms = SHOWN_MS.saturating_sub(age_ms);
        let until = (said.typing && left_ms > 0).then(|| now.plus_ms(left_ms));
        if before.is_none() && until.is_none() && !said.is_message {
            return false;
        }
        if self.others.len() >= MOST_OTHERS && before.is_none() {
            self.others.retain(|_, other| other.until.is_some());
        }
        if self.others.len() < MOST_OTHERS || before.is_some() {
            let other = Other {
                said_at: said.sent_at,
                until,
            };
            self.others.insert(from, other);
        }
        until.is_some() != before.is_some_and(|before| before.until.is_some())
    }

    /// Lets time pass: pauses end my typing, and others are no longer shown. Answers those whose typing has ended.
    pub(crate) fn handle_time(&mut self, now: TimestampMs) -> Vec<AccountId> {
        let paused: Vec<AccountId> = self
            .mine
            .iter()
            .filter(|(_, mine)| now.since_ms(mine.last_key) >= PAUSE_MS)
            .map(|(with, _)| *with)
            .collect();
        for with in paused {
            self.handle_stop(with);
        }
        let mut ended = Vec::new();
        for (from, other) in &mut self.others {
            if other.until.is_some_and(|until| until <= now) {
                other.until = None;
                ended.push(*from);
            }
        }
        ended
    }

    /// What is to be told now.
    pub(crate) fn poll_told(&mut self) -> Vec<(AccountId, TypingAction)> {
        std::mem::take(&mut self.told)
    }

    /// When time is to be let pass next.
    pub(crate) fn poll_deadline(&self) -> Option<TimestampMs> {
        let mine = self.mine.values().map(|mine| mine.last_key.plus_ms(PAUSE_MS));
        let others = self.others.values().filter_map(|other| other.until);
        mine.chain(others).min()
    }

    /// Whether somebody is shown as typing.
    pub(crate) fn shows(&self, from: &AccountId) -> bool {
        self.others.get(from).is_some_and(|other| other.until.is_some())
    }
}

/// What somebody said, or implied by a message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Said {
    /// They type.
    pub(crate) typing: bool,
    /// It was a message, which ends typing.
    pub(crate) is_message: bool,
    /// When, in network time.
    pub(crate) sent_at: TimestampMs,
}

#[cfg(test)]
#[path = "typing_tests.rs"]
mod tests;
