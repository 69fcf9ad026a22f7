//! Putting messages into the outbox.

use std::sync::Arc;

use contract::{ErrorCode, Event, Failure};
use protocol::TimestampMs;
use protocol::account::{AccountId, AccountKeys};
use protocol::message::Disappearing;
use protocol::message::content::{AttachmentPointer, Content, Preview};
use protocol::message::outgoing::{self, SealError, SenderProfile};
use protocol::storage::Namespace;
use rand_chacha::ChaCha20Rng;
use store::{AttachmentId, MessageId, MessageName, NewDelivery, NewPreview, NewText, Step, Writing};

use crate::core::Core;
use crate::failure::Stopped;
use crate::{pictures, reminder};

/// What is needed to seal, gathered before the transaction.
pub(super) struct Sealing {
    pub(super) keys: Arc<AccountKeys>,
    rng: ChaCha20Rng,
    pub(super) network_now: TimestampMs,
    pub(super) device_now: TimestampMs,
}

/// A message as it was written.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    /// To whom; oneself for Note to Self.
    pub(crate) to: AccountId,
    /// The text; may be empty beside files.
    pub(crate) body: String,
    /// The message of the same conversation that it answers.
    pub(crate) reply_to: Option<MessageId>,
    /// Staged files.
    pub(crate) files: Vec<AttachmentId>,
    /// What is shown of a link in the text.
    pub(crate) preview: Option<NewPreview>,
}

/// What a message says on the wire.
pub(super) struct Said<'a> {
    pub(super) to: AccountId,
    pub(super) body: &'a str,
    pub(super) quote: Option<&'a MessageName>,
    pub(super) files: Vec<AttachmentPointer>,
    pub(super) preview: Option<Preview>,
    pub(super) disappearing: Option<Disappearing>,
    pub(super) sent_at: TimestampMs,
}

/// Queues a message with its row in one transaction and answers at once. Writing to somebody accepts them; if they had
/// asked, they are told. A message with files is sealed when they are uploaded.
/// Spec: messages §8 (OBX-01, OBX-02), §9 (ENG-10, ENG-11); attachments §9 (ATT-61)
pub(crate) async fn queue_message(
    core: &Core,
    mut draft: Draft,
) -> Result<(MessageId, TimestampMs), Stopped> {
    let mut sealing = Sealing::new(core)?;
    let to = draft.to;
    let (message, sent_at, reminded) = core
        .write(move |writing| {
            let profile = sender_profile(writing, sealing.keys.account_id())?;
            if to != sealing.keys.account_id() {
                may_write(writing, &draft)?;
                sealing.accept_request(writing, to, &profile)?;
                writing.approve(&to, sealing.network_now)?;
            }
            let has_picture = keep_picture(writing, &mut draft)?;
            let quote = match draft.reply_to {
                Some(original) => Some(name_of(writing, to, original)?),
                None => None,
            };
            let sent_at = writing.next_sent_at(sealing.network_now)?;
            // An answer shows that what was there before it has been read.
            writing.owe_receipts(&to, sent_at)?;
            let said = Said {
                to,
                body: &draft.body,
                quote: quote.as_ref(),
                files: Vec::new(),
                preview: draft.preview.as_ref().map(without_picture),
                disappearing: setting(writing, to)?,
                sent_at,
            };
            let deliveries = match draft.files.is_empty() && !has_picture {
                true => sealing.seal(&said, &profile)?,
                false => Vec::new(),
            };
            let text = NewText {
                to,
                disappearing: said.disappearing,
                sent_at,
                now: sealing.device_now,
                deliveries,
                quote,
                body: draft.body,
            };
            let message = writing.queue_text(&text)?;
            if let Some(preview) = &draft.preview {
                writing.attach_preview(message, preview, sealing.device_now)?;
            }
            writing.attach_staged(message, &draft.files, sealing.device_now)?;
            Ok((message, sent_at, reminder::raise_if_due(writing)?))
        })
        .await?;
    core.outbox_wake.notify_one();
    core.timers_changed();
    core.receipts_wake.notify_one();
    core.picture_wake.notify_one();
    core.with_typing(|typing| typing.handle_sent(to));
    core.tell_conversation(to);
    if reminded {
        core.events.send(Event::AccountChanged);
    }
    Ok((message, sent_at))
}

/// Whom I blocked I cannot write to; who has not accepted me yet gets no files.
fn may_write(writing: &Writing<'_>, draft: &Draft) -> Result<(), Stopped> {
    let contact = writing.contact(&draft.to)?;
    if contact.as_ref().is_some_and(|contact| contact.blocked) {
        return Err(ErrorCode::Blocked.into());
    }
    if !draft.files.is_empty() && contact.as_ref().is_none_or(|contact| !contact.approved_me) {
        let name = crate::view::conversation::name(draft.to, contact.as_ref());
        return Err(Failure::new(ErrorCode::RequestLimit).with("name", name).into());
    }
    Ok(())
}

/// Leaves the picture out of the preview for people who have not accepted me yet: they get no files. Answers whether there
/// is one to be uploaded. Spec: messages §17 (PRV-03).
fn keep_picture(writing: &Writing<'_>, draft: &mut Draft) -> Result<bool, Stopped> {
    let Some(preview) = &mut draft.preview else {
        return Ok(false);
    };
    let contact = writing.contact(&draft.to)?;
    let own = writing
        .account()?
        .is_some_and(|account| account.account_id == draft.to);
    if !own && contact.is_none_or(|contact| !contact.approved_me) {
        preview.picture = None;
    }
    // Nothing is left to be shown of a page without a title.
    if preview.title.is_empty() && preview.picture.is_none() {
        draft.preview = None;
        return Ok(false);
    }
    Ok(preview.picture.is_some())
}

fn without_picture(preview: &NewPreview) -> Preview {
    Preview {
        url: Some(preview.url.clone()),
        title: Some(preview.title.clone()),
        image: None,
    }
}

/// What names a message of a conversation everywhere. Spec: messages §11 (QUO-01).
fn name_of(writing: &Writing<'_>, with: AccountId, id: MessageId) -> Result<MessageName, Stopped> {
    let original = writing.message(id)?;
    match original.conversation == with && original.kind.has_content() {
        true => Ok(MessageName {
            author: original.author,
            sent_at: original.sent_at,
        }),
        false => Err(ErrorCode::NotFound.into()),
    }
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
    // Now theirs may be fetched.
    core.picture_wake.notify_one();
    if reminded {
        core.events.send(Event::AccountChanged);
    }
    Ok(())
}

impl Sealing {
    pub(super) fn new(core: &Core) -> Result<Self, Stopped> {
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
    pub(super) fn seal(
        &mut self,
        said: &Said<'_>,
        profile: &SenderProfile,
    ) -> Result<Vec<NewDelivery>, Stopped> {
        let own = self.keys.account_id();
        let note = said.to == own;
        let mut content = match note {
            true => outgoing::note_to_self(own, said.body, said.disappearing, said.sent_at),
            false => outgoing::text(said.body, profile, said.disappearing, said.sent_at),
        };
        if let Some(quote) = said.quote {
            content = outgoing::answering(content, quote.author, quote.sent_at);
        }
        if let Some(data) = &mut content.data_message {
            data.attachments.clone_from(&said.files);
            data.preview.extend(said.preview.clone());
            data.body = data.body.take().filter(|body| !body.is_empty());
        }
        match note {
            true => Ok(vec![self.delivery(
                Step::Recipient,
                own,
                &content,
                said.sent_at,
            )?]),
            false => self.with_copy(said.to, &content, said.sent_at),
        }
    }

    /// First to the recipient, then the copy for one's own devices, for contents that have one.
    pub(super) fn with_copy(
        &mut self,
        to: AccountId,
        content: &Content,
        sent_at: TimestampMs,
    ) -> Result<Vec<NewDelivery>, Stopped> {
        let mut deliveries = vec![self.delivery(Step::Recipient, to, content, sent_at)?];
        if let Some(copy) = outgoing::sync_copy(content, to) {
            deliveries.push(self.delivery(Step::SyncCopy, self.keys.account_id(), &copy, sent_at)?);
        }
        Ok(deliveries)
    }

    pub(super) fn delivery(
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
        let ttl_ms = match step {
            Step::Recipient => outgoing::ttl_ms(content),
            Step::SyncCopy => outgoing::copy_ttl_ms(content),
        };
        let ttl_ms = i64::try_from(ttl_ms).unwrap_or(i64::MAX);
        Ok(NewDelivery {
            step,
            account_id: to,
            namespace: Namespace::MESSAGES,
            ttl_ms,
            payload,
        })
    }
}

/// How my messages of a conversation disappear. Spec: messages §12 (DIS-01).
pub(super) fn setting(writing: &Writing<'_>, with: AccountId) -> Result<Option<Disappearing>, Stopped> {
    Ok(writing.contact(&with)?.and_then(|contact| contact.disappearing))
}

/// My name and picture as others get to see them.
pub(super) fn sender_profile(writing: &Writing<'_>, own: AccountId) -> Result<SenderProfile, Stopped> {
    // Keys of an account that was thrown away meanwhile sign nothing.
    let account = writing
        .account()?
        .filter(|account| account.account_id == own)
        .ok_or(ErrorCode::NoAccount)?;
    let updated_s = u64::try_from(writing.profile_updated_at()?.0)
        .unwrap_or(0)
        .checked_div(1_000)
        .unwrap_or(0);
    Ok(SenderProfile {
        display_name: account.display_name,
        updated_s,
        picture: pictures::sent(writing)?,
    })
}
