//! Files that another app of the phone lends: named by a URI that only the system can open.

use std::io::Read;

use contract::{ErrorCode, Failure};
use engine::NewFile;
use tauri::{AppHandle, Manager, Url};
use tauri_plugin_fs::{FilePath, FsExt, OpenOptions};

/// Longer files are not even read: no picture is made smaller from more.
const LONGEST: u64 = 50_000_000;

/// What another app lends.
#[derive(Debug)]
pub(crate) struct Lent {
    app: AppHandle,
    uri: Url,
}

impl Lent {
    /// `None` for anything but a file of another app: on Android a path would name a file of this one, which somebody else
    /// must not make it send.
    pub(crate) fn new(app: &AppHandle, uri: Url) -> Option<Self> {
        let scheme = if cfg!(target_os = "android") {
            "content"
        } else {
            "file"
        };
        (uri.scheme() == scheme).then(|| Self {
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
            let file = self.app.fs().open(FilePath::Url(self.uri), options)?;
            let mut bytes = Vec::new();
            file.take(LONGEST.saturating_add(1)).read_to_end(&mut bytes)?;
            Ok::<_, std::io::Error>((name, bytes))
        });
        match read.await {
            Ok(Ok((_, bytes))) if bytes.len() as u64 > LONGEST => Err(ErrorCode::AttachmentSize.into()),
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
