//! Telling of typing: sent at once or never, beside the outbox.

use std::sync::{Arc, PoisonError};

use contract::Event;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use network::ConnectionState;
use protocol::account::AccountId;
use protocol::message::content::TypingAction;
use protocol::message::outgoing;
use protocol::storage::{Namespace, Request, Store};

use super::{Said, Typing};
use crate::core::Core;
use crate::failure::Stopped;
use crate::view;

/// A try that has not succeeded by then is given up: the news is old.
const LONGEST_TRY_MS: i64 = 10_000;

/// Tells under way at the same time; more are left out.
const AT_ONCE: usize = 8;

/// Takes note of a key, or of the end of typing. Cheap for most keys.
pub(crate) async fn key(core: &Core, with: AccountId, typing: bool) -> Result<(), Stopped> {
    if !typing {
        core.with_typing(|state| state.handle_stop(with));
        core.typing_wake.notify_one();
        return Ok(());
    }
    let now = core.device_now();
    if core.with_typing(|state| state.handle_key(now, with)) {
        let may = may_be_told(core, with).await?;
        if may && core.network.state().borrow().connection == ConnectionState::Connected {
            core.with_typing(|state| state.handle_told_key(now, with));
        }
    }
    core.typing_wake.notify_one();
    Ok(())
}

async fn may_be_told(core: &Core, with: AccountId) -> Result<bool, Stopped> {
    core.read(move |reading| Ok(reading.preferences()?.typing_indicators && reading.is_told(&with)?))
        .await
}

/// Tells what is to be told, and lets time pass, for ever.
pub(crate) async fn run(core: Arc<Core>) {
    let mut under_way = FuturesUnordered::new();
    loop {
        let now = core.device_now();
        let (ended, told, deadline) = core.with_typing(|state| {
            let ended = state.handle_time(now);
            (ended, state.poll_told(), state.poll_deadline())
        });
        for from in ended {
            core.tell_typing(from);
        }
        let room = AT_ONCE.saturating_sub(under_way.len());
        under_way.extend(
            told.into_iter()
                .take(room)
                .map(|(to, action)| send(&core, to, action)),
        );
        tokio::select! {
            Some(()) = under_way.next(), if !under_way.is_empty() => {}
            () = core.typing_wake.notified() => {}
            () = core.wait_until(deadline) => {}
        }
    }
}

async fn send(core: &Core, to: AccountId, action: TypingAction) {
    if let Err(error) = try_to_send(core, to, action).await {
        tracing::debug!(%error, "typing was not told");
    }
}

async fn try_to_send(core: &Core, to: AccountId, action: TypingAction) -> Result<(), Stopped> {
    let keys = core.keys()?;
    // They may have been blocked since the first key, or the setting turned off.
    if !may_be_told(core, to).await? {
        return Ok(());
    }
    let now = core.network_now();
    let sent_at = core.write(move |writing| Ok(writing.next_sent_at(now)?)).await?;
    let content = outgoing::typing(action, sent_at);
    let ttl_ms = i64::try_from(outgoing::ttl_ms(&content)).unwrap_or(i64::MAX);
    let Ok(data) = outgoing::seal(&mut core.rng(), &keys, to, sent_at, &content) else {
        return Ok(());
    };
    let build = |now: protocol::TimestampMs, _: &[u8; 32]| {
        Request::Store(Store {
            account: to,
            namespace: Namespace::MESSAGES,
            data: data.clone(),
            timestamp: now,
            expiry: now.plus_ms(ttl_ms),
            proof: None,
        })
    };
    tokio::select! {
        answer = core.network.to_swarm(to, &build) => if let Err(error) = answer {
            tracing::debug!(%error, "typing was not told");
        },
        () = core.clock.sleep_until(core.device_now().plus_ms(LONGEST_TRY_MS)) => {}
    }
    Ok(())
}

impl Core {
    /// Somebody said that they type or not, or wrote a message.
    pub(crate) fn heard(&self, from: AccountId, said: Said) {
        let (now, network_now) = (self.device_now(), self.network_now());
        if self.with_typing(|state| state.handle_said(now, from, said, network_now)) {
            self.tell_typing(from);
        }
        self.typing_wake.notify_one();
    }

    pub(crate) fn with_typing<T>(&self, work: impl FnOnce(&mut Typing) -> T) -> T {
        work(&mut self.typing.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Forgets that I type to somebody, without a word to them.
    pub(crate) fn stop_typing_silently(&self, with: AccountId) {
        self.with_typing(|typing| typing.handle_sent(with));
    }

    /// Whether the other side of a conversation is shown as typing.
    pub(crate) fn shows_typing(&self, conversation: &contract::ConversationId) -> bool {
        view::parse_conversation(conversation)
            .is_ok_and(|with| self.with_typing(|typing| typing.shows(&with)))
    }

    fn tell_typing(&self, from: AccountId) {
        self.events.send(Event::TypingChanged {
            conversation: view::conversation_id(from),
        });
    }
}
