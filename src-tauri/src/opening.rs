//! Opens the engine of one data folder for the window.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use contract::{AttachmentId, AttachmentView, Command, ErrorCode, Event, Failure, PictureId, Reply};
use engine::{Activity, Media, Missing, NewFile, OpenEngine, Opening};
use futures::future::BoxFuture;
use futures::stream::{self, BoxStream};
use futures::{FutureExt, StreamExt};
use store::keychain::Passphrase;

use crate::options::Options;
use crate::shell::{Messenger, Opened, Opener};

/// Opens the account in `data` as the options say. A passphrase that the user typed goes before the one in a file.
pub(crate) fn opener(data: PathBuf, options: Options) -> Opener {
    Box::new(move |typed| open(data.clone(), options.clone(), typed).boxed())
}

/// An engine; `None` once closed.
struct Closable(RwLock<Option<Arc<OpenEngine>>>);

impl Closable {
    fn engine(&self) -> Option<Arc<OpenEngine>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn opened(&self) -> Result<Arc<OpenEngine>, Failure> {
        let closed = || Failure::new(ErrorCode::Unknown).with("code", "closed");
        self.engine().ok_or_else(closed)
    }
}

impl Messenger for Closable {
    fn handle(&self, command: Command) -> BoxFuture<'_, Result<Reply, Failure>> {
        async move { self.opened()?.engine().handle(command).await }.boxed()
    }

    fn stage(&self, file: NewFile) -> BoxFuture<'_, Result<AttachmentView, Failure>> {
        async move { self.opened()?.engine().stage(file).await }.boxed()
    }

    fn media(&self, id: AttachmentId, side: Option<u32>) -> BoxFuture<'_, Result<Media, Failure>> {
        async move { self.opened()?.engine().media(id, side).await }.boxed()
    }

    fn save(&self, id: AttachmentId, folder: &Path) -> BoxFuture<'_, Result<String, Failure>> {
        let folder = folder.to_owned();
        async move { self.opened()?.engine().save(id, &folder).await }.boxed()
    }

    fn picture(&self, id: PictureId) -> BoxFuture<'_, Result<Media, Failure>> {
        async move { self.opened()?.engine().picture(&id).await }.boxed()
    }

    fn events(&self) -> BoxStream<'static, Event> {
        let Some(engine) = self.engine() else {
            return stream::empty().boxed();
        };
        stream::unfold(engine.engine().events(), async |mut events| {
            Some((events.next().await?, events))
        })
        .boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        async move {
            let engine = self.0.write().unwrap_or_else(PoisonError::into_inner).take();
            // A command still under way keeps it for its last moments; everything is on disk already.
            if let Some(engine) = engine.and_then(Arc::into_inner) {
                engine.close().await;
            }
        }
        .boxed()
    }
}

async fn open(data: PathBuf, options: Options, typed: Option<Passphrase>) -> Opened {
    let opening = Opening {
        data,
        missing: Missing::Make,
        network: options.network,
        passphrase: typed.or_else(|| read_passphrase(options.passphrase_file.as_deref()?)),
        activity: Activity::Constant,
        push_provider: None,
    };
    let engine = opening.open().await?;
    Ok(Arc::new(Closable(RwLock::new(Some(Arc::new(engine))))))
}

/// Without it the page asks for the passphrase, if one is needed at all.
fn read_passphrase(file: &Path) -> Option<Passphrase> {
    let text = std::fs::read_to_string(file)
        .inspect_err(|error| tracing::warn!(kind = ?error.kind(), "the passphrase file cannot be read"))
        .ok()?;
    Passphrase::new(text)
}
