//! Opens the engine of one data folder for the window.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use contract::{
    AccountView, AttachmentId, AttachmentView, Command, ConversationView, ErrorCode, Event, Failure,
    PictureId, Reply,
};
use engine::{Activity, Media, Missing, NewFile, OpenEngine, Opening};
use futures::future::BoxFuture;
use futures::stream::{self, BoxStream};
use futures::{FutureExt, StreamExt};
use store::Upgrade;
use store::keychain::Passphrase;
use tokio::sync::{RwLock, RwLockReadGuard};

use crate::options::Options;
use crate::shell::{Messenger, Opened, Opener, Tell};

/// Opens the account in `data` as the options say. A passphrase that the user typed goes before the one in a file.
pub(crate) fn opener(data: PathBuf, options: Options) -> Opener {
    Box::new(move |typed, tell| open(data.clone(), options.clone(), typed, tell).boxed())
}

/// How long commands that are under way are waited for before an engine is closed; everything is on disk already.
const LAST_COMMANDS: Duration = Duration::from_secs(5);

/// An engine; `None` once closed. Each command holds it for as long as it takes.
struct Closable(RwLock<Option<OpenEngine>>);

impl Closable {
    async fn opened(&self) -> Result<RwLockReadGuard<'_, OpenEngine>, Failure> {
        let closed = |_| Failure::new(ErrorCode::Unknown).with("code", "closed");
        RwLockReadGuard::try_map(self.0.read().await, Option::as_ref).map_err(closed)
    }
}

impl Messenger for Closable {
    fn handle(&self, command: Command) -> BoxFuture<'_, Result<Reply, Failure>> {
        async move { self.opened().await?.engine().handle(command).await }.boxed()
    }

    fn stage(&self, file: NewFile) -> BoxFuture<'_, Result<AttachmentView, Failure>> {
        async move { self.opened().await?.engine().stage(file).await }.boxed()
    }

    fn media(&self, id: AttachmentId, side: Option<u32>) -> BoxFuture<'_, Result<Media, Failure>> {
        async move { self.opened().await?.engine().media(id, side).await }.boxed()
    }

    fn save(&self, id: AttachmentId, folder: &Path) -> BoxFuture<'_, Result<String, Failure>> {
        let folder = folder.to_owned();
        async move { self.opened().await?.engine().save(id, &folder).await }.boxed()
    }

    fn picture(&self, id: PictureId) -> BoxFuture<'_, Result<Media, Failure>> {
        async move { self.opened().await?.engine().picture(&id).await }.boxed()
    }

    fn scan_phrase(&self, picture: Vec<u8>) -> BoxFuture<'_, Result<Option<AccountView>, Failure>> {
        async move { self.opened().await?.engine().restore_from_picture(picture).await }.boxed()
    }

    fn scan_id(&self, picture: Vec<u8>) -> BoxFuture<'_, Result<Option<ConversationView>, Failure>> {
        async move { self.opened().await?.engine().recipient_in_picture(picture).await }.boxed()
    }

    fn events(&self) -> BoxStream<'static, Event> {
        // Asked for before anybody has the engine; once it is being closed there are no more.
        let engine = self.0.try_read().ok();
        let Some(events) = engine.and_then(|engine| engine.as_ref().map(|open| open.engine().events()))
        else {
            return stream::empty().boxed();
        };
        stream::unfold(events, async |mut events| Some((events.next().await?, events))).boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        async move {
            let Ok(mut engine) = tokio::time::timeout(LAST_COMMANDS, self.0.write()).await else {
                tracing::debug!("a command was still under way when the engine was left");
                return;
            };
            if let Some(engine) = engine.take() {
                engine.close().await;
            }
        }
        .boxed()
    }
}

async fn open(data: PathBuf, options: Options, typed: Option<Passphrase>, tell: Tell) -> Opened {
    let opening = Opening {
        data,
        missing: Missing::Make,
        network: options.network,
        passphrase: typed.or_else(|| read_passphrase(options.passphrase_file.as_deref()?)),
        activity: Activity::Constant,
        push_provider: None,
    };
    let updating = move |Upgrade { done, of }| tell(Event::StoreUpdating { done, of });
    let engine = opening.open_telling(updating).await?;
    Ok(Arc::new(Closable(RwLock::new(Some(engine)))))
}

/// Without it the page asks for the passphrase, if one is needed at all.
fn read_passphrase(file: &Path) -> Option<Passphrase> {
    let text = std::fs::read_to_string(file)
        .inspect_err(|error| tracing::warn!(kind = ?error.kind(), "the passphrase file cannot be read"))
        .ok()?;
    Passphrase::new(text)
}
