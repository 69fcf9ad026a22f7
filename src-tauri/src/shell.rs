//! What stands between the page and the engine: the engine's opening, and the stream of events.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use contract::{
    AccountView, AttachmentId, AttachmentView, Command, ConversationView, ErrorCode, Event, Failure,
    PictureId, Reply,
};
use engine::{Media, NewFile};
use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use store::keychain::Passphrase;
use tauri::async_runtime::JoinHandle;
use tokio::sync::{broadcast, watch};

/// One account's engine as the shell uses it.
pub(crate) trait Messenger: Send + Sync + 'static {
    /// Answers one command.
    fn handle(&self, command: Command) -> BoxFuture<'_, Result<Reply, Failure>>;
    /// Takes a file to be sent.
    fn stage(&self, file: NewFile) -> BoxFuture<'_, Result<AttachmentView, Failure>>;
    /// What is shown of a file.
    fn media(&self, id: AttachmentId, side: Option<u32>) -> BoxFuture<'_, Result<Media, Failure>>;
    /// Writes a whole file into a folder and answers with its name there.
    fn save(&self, id: AttachmentId, folder: &Path) -> BoxFuture<'_, Result<String, Failure>>;
    /// A person's picture.
    fn picture(&self, id: PictureId) -> BoxFuture<'_, Result<Media, Failure>>;
    /// Restores the account whose phrase is in a picture.
    fn scan_phrase(&self, picture: Vec<u8>) -> BoxFuture<'_, Result<Option<AccountView>, Failure>>;
    /// The conversation with the person whose Account ID is in a picture; `None` when no code is in it.
    fn scan_id(&self, picture: Vec<u8>) -> BoxFuture<'_, Result<Option<ConversationView>, Failure>>;
    /// What changes from this moment on.
    fn events(&self) -> BoxStream<'static, Event>;
    /// Ends all work in an orderly way.
    fn close(&self) -> BoxFuture<'_, ()>;
}

/// Opens the messenger, with the passphrase that the user typed if they did; called again when a try failed and the
/// user tries again.
pub(crate) type Opener = Box<dyn Fn(Option<Passphrase>, Tell) -> BoxFuture<'static, Opened> + Send + Sync>;
/// Tells the page of what happens before the messenger is open.
pub(crate) type Tell = Box<dyn Fn(Event) + Send>;
/// The opened messenger, or why it stays closed.
pub(crate) type Opened = Result<Arc<dyn Messenger>, Failure>;

/// Events kept for a page that is slow to take them; with more, it is told that it lagged.
const EVENTS_KEPT: usize = 256;

/// The app's state behind the window.
pub(crate) struct Shell {
    opener: Arc<Opener>,
    /// `None` while opening.
    opened: watch::Sender<Option<Opened>>,
    events: broadcast::Sender<Event>,
    watcher: Mutex<Option<JoinHandle<()>>>,
}

impl Shell {
    /// Starts opening the messenger in the background.
    pub(crate) fn start(opener: Opener) -> Self {
        let shell = Self {
            opener: Arc::new(opener),
            opened: watch::Sender::new(None),
            events: broadcast::Sender::new(EVENTS_KEPT),
            watcher: Mutex::new(None),
        };
        shell.open(None);
        shell
    }

    /// Answers a command as soon as the messenger is open.
    ///
    /// The first command after a failed opening, `get_startup`, tries once more: that is what the screen's "Try
    /// again" sends.
    pub(crate) async fn handle(&self, command: Command) -> Result<Reply, Failure> {
        if matches!(command, Command::GetStartup(_)) {
            self.open_again(None);
        }
        let clears = matches!(command, Command::ClearData(_));
        let reply = self.messenger().await?.handle(command).await?;
        if clears {
            self.start_over().await;
        }
        Ok(reply)
    }

    /// Closes the messenger, which erases what was cleared, and opens it anew, on nothing.
    async fn start_over(&self) {
        self.close().await;
        self.opened.send_replace(None);
        self.open(None);
        // Why it stays closed, if so, the page learns when it asks where to start.
        let _ = self.messenger().await;
    }

    /// Takes a file to be sent.
    pub(crate) async fn stage(&self, file: NewFile) -> Result<AttachmentView, Failure> {
        self.messenger().await?.stage(file).await
    }

    /// Restores the account whose phrase is in a picture.
    pub(crate) async fn scan_phrase(&self, picture: Vec<u8>) -> Result<Option<AccountView>, Failure> {
        self.messenger().await?.scan_phrase(picture).await
    }

    /// The conversation with the person whose Account ID is in a picture.
    pub(crate) async fn scan_id(&self, picture: Vec<u8>) -> Result<Option<ConversationView>, Failure> {
        self.messenger().await?.scan_id(picture).await
    }

    /// What is shown of a file.
    pub(crate) async fn media(&self, id: AttachmentId, side: Option<u32>) -> Result<Media, Failure> {
        self.messenger().await?.media(id, side).await
    }

    /// Writes a whole file into a folder and answers with its name there.
    pub(crate) async fn save(&self, id: AttachmentId, folder: &Path) -> Result<String, Failure> {
        self.messenger().await?.save(id, folder).await
    }

    /// A person's picture.
    pub(crate) async fn picture(&self, id: PictureId) -> Result<Media, Failure> {
        self.messenger().await?.picture(id).await
    }

    /// Opens a store that waits for its passphrase.
    pub(crate) async fn unlock(&self, passphrase: Passphrase) -> Result<(), Failure> {
        self.open_again(Some(passphrase));
        self.messenger().await.map(drop)
    }

    /// Has `erase` run on a thread of its own if the messenger stays closed for a reason that `may` names. Nobody opens it
    /// meanwhile; afterwards it is closed as before, until it is opened again.
    ///
    /// # Errors
    /// `E-BAD-COMMAND` when it is open, being opened or closed for another reason; what `erase` fails with.
    pub(crate) async fn erase_unopened(
        &self,
        may: impl FnOnce(&Failure) -> bool,
        erase: impl FnOnce() -> Result<(), Failure> + Send + 'static,
    ) -> Result<(), Failure> {
        let mut held = None;
        self.opened.send_if_modified(|opened| {
            if let Some(Err(failure)) = opened
                && may(failure)
            {
                held = opened.take();
            }
            held.is_some()
        });
        let held = held.ok_or(ErrorCode::BadCommand)?;
        let erased = tauri::async_runtime::spawn_blocking(erase).await;
        self.opened.send_replace(Some(held));
        erased.unwrap_or_else(|_| Err(Failure::new(ErrorCode::Unknown).with("code", "task")))
    }

    /// Gives every event to `deliver` until it returns `false` or another page watches.
    pub(crate) fn watch(&self, deliver: impl Fn(Event) -> bool + Send + 'static) {
        let task = tauri::async_runtime::spawn(forward(self.events.subscribe(), deliver));
        let earlier = self
            .watcher
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .replace(task);
        if let Some(earlier) = earlier {
            earlier.abort();
        }
    }

    /// Tells the page of something that is not the messenger's.
    #[cfg(unix)]
    pub(crate) fn tell(&self, event: Event) {
        // Without a page there is nobody to tell.
        let _ = self.events.send(event);
    }

    /// Ends the messenger's work, if it was opened.
    pub(crate) async fn close(&self) {
        let opened = self.opened.borrow().clone();
        if let Some(Ok(messenger)) = opened {
            messenger.close().await;
        }
    }

    async fn messenger(&self) -> Opened {
        let mut opened = self.opened.subscribe();
        // The sender lives as long as `self`.
        let settled = opened
            .wait_for(Option::is_some)
            .await
            .expect("the shell is alive");
        settled.clone().expect("waited for it")
    }

    fn open_again(&self, passphrase: Option<Passphrase>) {
        let failed = |opened: &mut Option<Opened>| {
            let failed = matches!(opened, Some(Err(_)));
            if failed {
                *opened = None;
            }
            failed
        };
        if self.opened.send_if_modified(failed) {
            self.open(passphrase);
        }
    }

    fn open(&self, passphrase: Option<Passphrase>) {
        let opener = Arc::clone(&self.opener);
        let opened = self.opened.clone();
        let events = self.events.clone();
        tauri::async_runtime::spawn(async move {
            let told = events.clone();
            let tell = move |event| {
                // Without a page there is nobody to tell.
                let _ = told.send(event);
            };
            let outcome = opener(passphrase, Box::new(tell)).await;
            if let Ok(messenger) = &outcome {
                // Subscribed before anybody can ask: no change can fall between an answer and the first event.
                let changes = messenger.events().for_each(move |event| {
                    // Without a page there is nobody to tell.
                    let _ = events.send(event);
                    futures::future::ready(())
                });
                tauri::async_runtime::spawn(changes);
            }
            opened.send_replace(Some(outcome));
        });
    }
}

/// Hands on events until the source ends or `deliver` returns `false`.
async fn forward(mut events: broadcast::Receiver<Event>, deliver: impl Fn(Event) -> bool + Send + 'static) {
    loop {
        let event = match events.recv().await {
            Ok(event) => event,
            Err(broadcast::error::RecvError::Lagged(_)) => Event::Lagged,
            Err(broadcast::error::RecvError::Closed) => return,
        };
        if !deliver(event) {
            return;
        }
    }
}

#[cfg(test)]
#[path = "shell_tests.rs"]
mod tests;
