//! Putting messages into the outbox.

use std::sync::Arc;

use contract::{ErrorCode, Event};
use protocol::TimestampMs;
use protocol::account::{AccountId, AccountKeys};
use protocol::message::content::Content;
use protocol::message::outgoing::{self, SealError, SenderProfile};
use protocol::storage::Namespace;
use rand_chacha::ChaCha20Rng;
use store::{MessageId, NewDelivery, NewText, Step, Writing};

use crate::core::Core;
use crate::failure::Stopped;
use crate::reminder;

/// What is needed to seal, gathered before the transaction.
struct Sealing {
    keys: Arc<AccountKeys>,
    rng: ChaCha20Rng,
    network_now: TimestampMs,
    device_now: TimestampMs,
}

/// Queues a text with its row in one transaction and answers at once. Writing to somebody accepts them; if they had
/// asked, they are told. Spec: messages §8 (OBX-01, OBX-02), §9 (ENG-10, ENG-11).
pub(crate) async fn queue_text(
    core: &Core,
    to: AccountId,
    body: String,
) -> Result<(MessageId, TimestampMs), Stopped> {
    let mut sealing = Sealing::new(core)?;
    let (message, sent_at, reminded) = core
        .write(move |writing| {
            let profile = sender_profile(writing, sealing.keys.account_id())?;
            let own = sealing.keys.account_id();
            if to != own {
                if writing.contact(&to)?.is_some_and(|contact| contact.blocked) {
                    return Err(ErrorCode::Blocked.into());
                }
                sealing.accept_request(writing, to, &profile)?;
                writing.approve(&to, sealing.network_now)?;
            }
            let sent_at = writing.next_sent_at(sealing.network_now)?;
            let deliveries = sealing.text(to, &body, &profile, sent_at)?;
            let text = NewText {
                to,
                body,
                sent_at,
                now: sealing.device_now,
                deliveries,
            };
            let message = writing.queue_text(&text)?;
            Ok((message, sent_at, reminder::raise_if_due(writing)?))
        })
        .await?;
    core.outbox_wake.notify_one();
    core.tell_conversation(to);
    if reminded {
        core.events.send(Event::AccountChanged);
    }
    Ok((message, sent_at))
}

/// Accepts a message request and tells its sender. Spec: messages §9 (ENG-11).
pub(crate) async fn accept(core: &Core, from: AccountId) -> Result<(), Stopped> {
    let mut sealing = Sealing::new(core)?;
    let reminded = core
        .write(move |writing| {
            let profile = sender_profile(writing, sealing.keys.account_id())?;
            if writing.contact(&from)?.is_none_or(|contact| contact.blocked) {
                return Err(ErrorCode::NotFound.into());
            }
            sealing.accept_request(writing, from, &profile)?;
            reminder::raise_if_due(writing)
        })
        .await?;
    core.outbox_wake.notify_one();
    if reminded {
        core.events.send(Event::AccountChanged);
    }
    Ok(())
}

impl Sealing {
    fn new(core: &Core) -> Result<Self, Stopped> {
        Ok(Self {
            keys: core.keys()?,
            rng: core.rng(),
            network_now: core.network_now(),
            device_now: core.device_now(),
        })
    }

    /// Accepts somebody who asked and was not accepted yet; nothing happens otherwise.
    fn accept_request(
        &mut self,
        writing: &Writing<'_>,
        from: AccountId,
        profile: &SenderProfile,
    ) -> Result<(), Stopped> {
        if !writing
            .contact(&from)?
            .is_some_and(|contact| contact.approved_me && !contact.approved)
        {
            return Ok(());
        }
        writing.approve(&from, self.network_now)?;
        let sent_at = writing.next_sent_at(self.network_now)?;
        let content = outgoing::request_accepted(profile, sent_at);
        let delivery = self.delivery(Step::Recipient, from, &content, sent_at)?;
        writing.queue_control(&[delivery], self.device_now)?;
        writing.insert_accepted_line(&from, sent_at, self.device_now)?;
        Ok(())
    }

    /// First to the recipient, then the copy for one's own devices; a note to oneself goes once.
    fn text(
        &mut self,
        to: AccountId,
        body: &str,
        profile: &SenderProfile,
        sent_at: TimestampMs,
    ) -> Result<Vec<NewDelivery>, Stopped> {
        let own = self.keys.account_id();
        if to == own {
            let content = outgoing::note_to_self(own, body, None, sent_at);
            return Ok(vec![self.delivery(Step::Recipient, own, &content, sent_at)?]);
        }
        let content = outgoing::text(body, profile, None, sent_at);
        let mut deliveries = vec![self.delivery(Step::Recipient, to, &content, sent_at)?];
        if let Some(copy) = outgoing::sync_copy(&content, to) {
            deliveries.push(self.delivery(Step::SyncCopy, own, &copy, sent_at)?);
        }
        Ok(deliveries)
    }

    fn delivery(
        &mut self,
        step: Step,
        to: AccountId,
        content: &Content,
        sent_at: TimestampMs,
    ) -> Result<NewDelivery, Stopped> {
        let payload =
            outgoing::seal(&mut self.rng, &self.keys, to, sent_at, content).map_err(|error| match error {
                SealError::TooLarge(_) => ErrorCode::TextLong,
                SealError::SentAt => ErrorCode::Clock,
                _ => ErrorCode::IdInvalid,
            })?;
        let ttl_ms = i64::try_from(outgoing::ttl_ms(content)).unwrap_or(i64::MAX);
        Ok(NewDelivery {
            step,
            account_id: to,
            namespace: Namespace::MESSAGES,
            ttl_ms,
            payload,
        })
    }
}

/// My name as others get to see it.
fn sender_profile(writing: &Writing<'_>, own: AccountId) -> Result<SenderProfile, Stopped> {
    // Keys of an account that was thrown away meanwhile sign nothing.
    let account = writing
        .account()?
        .filter(|account| account.account_id == own)
        .ok_or(ErrorCode::NoAccount)?;
    let updated_s = u64::try_from(account.display_name_set_at.0)
        .unwrap_or(0)
        .checked_div(1_000)
        .unwrap_or(0);
    Ok(SenderProfile {
        display_name: account.display_name,
        updated_s,
        picture: None,
    })
}
