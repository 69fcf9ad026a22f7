//! Files that another app of the phone lends: named by a URI that only the system can open.

use std::io::Read;

use contract::{ErrorCode, Failure};
use engine::{LARGEST_READ, NewFile};
use tauri::{AppHandle, Manager, Url};
use tauri_plugin_fs::{FilePath, FsExt, OpenOptions};

/// What another app lends.
#[derive(Debug)]
pub(crate) struct Lent {
    app: AppHandle,
    uri: Url,
}

impl Lent {
    /// `None` for anything but a file of another app: on Android a path, or an address of a provider of its own, would name
    /// a file of this one, which somebody else must not make it send.
    pub(crate) fn new(app: &AppHandle, uri: Url) -> Option<Self> {
        let scheme = if cfg!(target_os = "android") {
            "content"
        } else {
            "file"
        };
        let own = app.config().identifier.to_lowercase();
        let host = uri.host_str().unwrap_or_default().to_lowercase();
        let is_own = host == own || host.starts_with(&format!("{own}."));
        (uri.scheme() == scheme && !is_own).then(|| Self {
            app: app.clone(),
            uri,
        })
    }

    /// The file, whole and in memory.
    ///
    /// # Errors
    /// `E-ATT-SIZE`, and `E-ATT-TYPE` for what cannot be read.
    pub(crate) async fn read(self) -> Result<NewFile, Failure> {
        let read = tokio::task::spawn_blocking(move || {
            let name = self.app.path().file_name(self.uri.as_str()).unwrap_or_default();
            let mut options = OpenOptions::new();
            options.read(true);
            let file = self.app.fs().open(FilePath::Url(self.uri.clone()), options)?;
            let mut bytes = Vec::new();
            let read = file.take(LARGEST_READ.saturating_add(1)).read_to_end(&mut bytes);
            #[cfg(target_os = "ios")]
            forget_copy(&self.app, &self.uri);
            read.map(|_| (name, bytes))
        });
        match read.await {
            Ok(Ok((_, bytes))) if bytes.len() as u64 > LARGEST_READ => Err(ErrorCode::AttachmentSize.into()),
            Ok(Ok((name, bytes))) => Ok(NewFile {
                name,
                bytes,
                voice: false,
                original: false,
            }),
            Ok(Err(_)) | Err(_) => Err(ErrorCode::AttachmentType.into()),
        }
    }
}

/// iOS copies what is shared into a folder of the app, where it would stay as it is.
#[cfg(target_os = "ios")]
fn forget_copy(app: &AppHandle, uri: &Url) {
    let inbox = app.path().document_dir().map(|documents| documents.join("Inbox"));
    if let (Ok(inbox), Ok(copy)) = (inbox, uri.to_file_path())
        && copy.starts_with(inbox)
        && std::fs::remove_file(copy).is_err()
    {
        tracing::warn!("the copy of a shared file could not be removed");
    }
}
