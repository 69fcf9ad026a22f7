//! The engine as shells hold it: opening, commands, events, closing.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use contract::{Command, Event, Failure, Reply, Request};
use network::{ConnectionState, Network};
use protocol::account::AccountKeys;
use store::{ConversationList, Store, StoreError};
use tokio_util::sync::DropGuard;
use tokio_util::task::TaskTracker;

use crate::attachments::{self, Media, NewFile};
use crate::core::{Core, CoreParts};
use crate::failure::{Stopped, of_store};
use crate::known_clock::{self, KnownClock};
use crate::notify::{PollReport, notifications};
use crate::{
    Clock, Config, Entropy, EventStream, Mode, WaysOut, backups, commands, disappearing, history, inbox,
    outbox, pictures, receipts, search_backlog, sync, typing, unmuting,
};

/// What an engine is made of. Each part is a seam with a real and an in-memory implementation.
pub struct EngineParts {
    /// What the shell decides.
    pub config: Config,
    /// The account's data, already unlocked (see [`store::DataDir`]).
    pub store: Arc<Store>,
    /// The way to swarms.
    pub network: Arc<dyn Network>,
    /// Device time.
    pub clock: Arc<dyn Clock>,
    /// Where secrets come from.
    pub entropy: Arc<dyn Entropy>,
    /// Who visits the links that the user sends, when they want previews.
    pub websites: Arc<dyn ::previews::Websites>,
    /// Which way connections go; `network` and `websites` open theirs with it.
    pub ways_out: WaysOut,
}

/// One account's messenger. Dropping it stops its tasks without waiting for them; [`Engine::close`] waits.
pub struct Engine {
    core: Arc<Core>,
    tasks: TaskTracker,
    _stop: DropGuard,
}

impl Engine {
    /// Takes up work where it was left: queued messages go out, new ones are looked for (in [`Mode::Active`]).
    ///
    /// # Errors
    /// When the store fails.
    pub async fn open(parts: EngineParts) -> Result<Self, Failure> {
        let store = Arc::clone(&parts.store);
        let begin = move || {
            store.read(|reading| Ok::<_, StoreError>((reading.account()?, KnownClock::load(reading))))
        };
        let (account, known_clock) = tokio::task::spawn_blocking(begin)
            .await
            .map_err(|_| Failure::from(Stopped::Task))?
            .map_err(|error| of_store(&error))?;
        let core = Arc::new(Core::new(CoreParts {
            config: parts.config,
            store: parts.store,
            network: parts.network,
            clock: parts.clock,
            entropy: parts.entropy,
            websites: parts.websites,
            ways_out: parts.ways_out,
            keys: account.map(|account| AccountKeys::from_seed(&account.seed)),
            known_clock,
        }));
        // What disappeared while nobody looked is never shown.
        disappearing::remove_due(&core).await?;
        let tasks = TaskTracker::new();
        let (at_once, later) = (Duration::ZERO, core.config.head_start);
        if core.config.mode == Mode::Active {
            tasks.spawn(until_cancelled(&core, at_once, outbox::run));
            tasks.spawn(until_cancelled(&core, at_once, sync::run));
            tasks.spawn(until_cancelled(&core, at_once, typing::run));
            tasks.spawn(until_cancelled(&core, later, inbox::run));
            tasks.spawn(until_cancelled(&core, later, disappearing::run_own_swarm));
            tasks.spawn(until_cancelled(&core, later, receipts::run));
            tasks.spawn(until_cancelled(&core, later, attachments::run));
            tasks.spawn(until_cancelled(&core, later, pictures::run_own));
            tasks.spawn(until_cancelled(&core, later, pictures::run_theirs));
            tasks.spawn(until_cancelled(&core, at_once, unmuting::run));
            tasks.spawn(until_cancelled(&core, later, backups::run));
            tasks.spawn(until_cancelled(&core, later, search_backlog::run));
        }
        tasks.spawn(until_cancelled(&core, at_once, disappearing::run));
        tasks.spawn(until_cancelled(&core, at_once, history::run));
        tasks.spawn(until_cancelled(&core, at_once, known_clock::run));
        tasks.spawn(until_cancelled(&core, at_once, watch_connection));
        tasks.close();
        let stop = core.cancel.clone().drop_guard();
        Ok(Self {
            core,
            tasks,
            _stop: stop,
        })
    }

    /// Runs one command.
    ///
    /// # Errors
    /// A code and the values that its wording needs.
    pub async fn handle(&self, command: Command) -> Result<Reply, Failure> {
        self.core.in_use.note(self.core.device_now());
        Ok(commands::run(&self.core, command).await?)
    }

    /// Runs one command whose answer's type is known.
    ///
    /// # Errors
    /// As [`Engine::handle`].
    pub async fn request<R: Request>(&self, request: R) -> Result<R::Reply, Failure> {
        let reply = self.handle(request.into_command()).await?;
        // The answer has the type that the contract names for this command, so that its JSON reads as that type.
        let bug = |_| Failure::new(contract::ErrorCode::Unknown).with("code", "reply");
        serde_json::to_value(reply)
            .and_then(serde_json::from_value)
            .map_err(bug)
    }

    /// Takes a file to be sent: cleaned of what it tells of its maker, and sealed. [`contract::SendFiles`] names it.
    ///
    /// # Errors
    /// `E-ATT-TYPE`, `E-ATT-SIZE`, `E-ATT-META`.
    pub async fn stage(&self, file: NewFile) -> Result<contract::AttachmentView, Failure> {
        Ok(commands::attachments::stage(&self.core, file).await?)
    }

    /// Looks for a recovery phrase, or a seed, as a QR code in a picture and restores its account; `None` when no code is in
    /// it.
    ///
    /// # Errors
    /// `E-QR-NOT-PHRASE` for another code and for what is no picture, `E-ACCOUNT-EXISTS`.
    pub async fn restore_from_picture(
        &self,
        picture: Vec<u8>,
    ) -> Result<Option<contract::AccountView>, Failure> {
        Ok(commands::onboarding::restore_from_picture(&self.core, picture).await?)
    }

    /// The conversation with the person whose Account ID is in a picture as a code; `None` when no code is in it.
    ///
    /// # Errors
    /// `E-QR-NOT-ID` for another code and for what is no picture, `E-NO-ACCOUNT`.
    pub async fn recipient_in_picture(
        &self,
        picture: Vec<u8>,
    ) -> Result<Option<contract::ConversationView>, Failure> {
        Ok(commands::conversations::recipient_in_picture(&self.core, picture).await?)
    }

    /// What is shown of a whole file: a picture decoded here and made to fit a square of `side` pixels, sound and films
    /// as they are. Other files show nothing.
    ///
    /// # Errors
    /// `E-NOT-FOUND`.
    pub async fn media(&self, id: contract::AttachmentId, side: Option<u32>) -> Result<Media, Failure> {
        Ok(attachments::media(&self.core, store::AttachmentId(id.0), side).await?)
    }

    /// Writes a whole file into a folder, outside the encrypted store, under a name that is free there. Answers with it.
    ///
    /// # Errors
    /// `E-ATT-SAVE`; `E-NOT-FOUND` for what is not whole here.
    pub async fn save(&self, id: contract::AttachmentId, folder: &Path) -> Result<String, Failure> {
        Ok(attachments::save(&self.core, store::AttachmentId(id.0), folder.into()).await?)
    }

    /// A person's picture, small, as it was encoded here.
    ///
    /// # Errors
    /// `E-NOT-FOUND` when nobody has it any more.
    pub async fn picture(&self, id: &contract::PictureId) -> Result<Media, Failure> {
        let id = store::PictureId::parse(&id.0).ok_or(contract::ErrorCode::NotFound)?;
        Ok(pictures::shown(&self.core, id).await?)
    }

    /// Events from now on.
    pub fn events(&self) -> EventStream {
        self.core.events.subscribe()
    }

    /// Looks for messages and sends what is due, within a budget; for phones that wake an app for a moment. What was
    /// stored stays stored when the time is over.
    ///
    /// # Errors
    /// When there is no account or the store fails; not for a network that does not answer.
    pub async fn poll_once(&self, budget: Duration) -> Result<PollReport, Failure> {
        Ok(self
            .visit(i64::try_from(budget.as_millis()).unwrap_or(i64::MAX))
            .await?)
    }

    async fn visit(&self, budget_ms: i64) -> Result<PollReport, Stopped> {
        let core = self.core.as_ref();
        let deadline = core.device_now().plus_ms(budget_ms);
        let mut new = Vec::new();
        let complete = tokio::select! {
            polled = inbox::poll_into(core, &mut new) => polled?.is_ok(),
            () = core.clock.sleep_until(deadline) => false,
        };
        if core.config.mode == Mode::OnDemand {
            // Texts go before files, and what waited for its files after them.
            outbox::flush(core, deadline).await?;
            attachments::flush(core, deadline).await?;
            outbox::flush(core, deadline).await?;
        }
        let notifications = notifications(core, new).await?;
        let unread = core
            .read(|reading| Ok(reading.count_unread_messages(ConversationList::Home)?))
            .await?;
        Ok(PollReport {
            notifications,
            complete,
            unread,
        })
    }

    /// Stops all tasks, waits for them, and leaves the store tidy. What is queued goes out after the next opening.
    pub async fn close(self) {
        self.core.cancel.cancel();
        self.tasks.wait().await;
        let store = Arc::clone(&self.core.store);
        if !matches!(
            tokio::task::spawn_blocking(move || store.tidy()).await,
            Ok(Ok(()))
        ) {
            tracing::debug!("the store was left untidy");
        }
    }
}

/// Runs a task after a while until the engine stops. What it has handed to the store is carried out to the end.
fn until_cancelled<F: Future<Output = ()> + Send + 'static>(
    core: &Arc<Core>,
    after: Duration,
    task: fn(Arc<Core>) -> F,
) -> impl Future<Output = ()> + Send + 'static {
    let core = Arc::clone(core);
    async move {
        let cancel = core.cancel.clone();
        let work = async {
            if !after.is_zero() {
                tokio::time::sleep(after).await;
            }
            task(core).await;
        };
        cancel.run_until_cancelled(work).await;
    }
}

/// Follows the connection: shells are told, and when it returns everything that waits is due.
async fn watch_connection(core: Arc<Core>) {
    let mut state = core.network.state();
    let mut before = state.borrow_and_update().connection;
    loop {
        if state.changed().await.is_err() {
            return;
        }
        let now = state.borrow_and_update().connection;
        core.events.send(Event::ConnectionChanged);
        if now == ConnectionState::Connected && before != ConnectionState::Connected {
            if let Err(error) = attachments::connection_returned(&core).await {
                tracing::warn!(%error, "transfers could not be woken");
            }
            if let Err(error) = pictures::connection_returned(&core).await {
                tracing::warn!(%error, "pictures could not be woken");
            }
            if let Err(error) = outbox::connection_returned(&core).await {
                tracing::warn!(%error, "the outbox could not be woken");
            }
            core.inbox_wake.notify_one();
        }
        before = now;
    }
}
