//! Files that are shared into the app: named on the command line, handed over by a second start, or lent by another app of
//! the phone.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use contract::{
    AttachmentKind, AttachmentView, Command, DiscardFile, ErrorCode, Failure, GetStartup, Reply, Request,
    Stage, StageFile,
};
use tauri::State;

#[cfg(mobile)]
use crate::lent::Lent;
use crate::shell::Shell;

/// Most files of one message.
const MOST: usize = 32;

/// A file that was shared.
#[derive(Debug)]
pub(crate) enum SharedFile {
    /// One of this computer.
    Path(PathBuf),
    /// One of another app.
    #[cfg(mobile)]
    Lent(Lent),
}

/// Files that wait until the page asks for them.
#[derive(Debug, Default)]
pub(crate) struct Shared(Mutex<Vec<SharedFile>>);

impl Shared {
    /// Files that were named at the start.
    pub(crate) fn new(files: Vec<PathBuf>) -> Self {
        Self(Mutex::new(files.into_iter().map(SharedFile::Path).collect()))
    }

    /// Replaces what waits: who shares again has changed their mind.
    pub(crate) fn replace(&self, files: Vec<SharedFile>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = files;
    }

    fn take(&self) -> Vec<SharedFile> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// `invoke("take_shared")`: stages the files that were shared, once; none when none were. They were named by the user
/// outside of the page, which cannot name any.
///
/// # Errors
/// `E-SHARE-NOACC` without an account, `E-SHARE-TYPES` for several files that are not all pictures and films,
/// `E-ATT-COUNT`, and why a file cannot be sent; nothing is staged then.
#[tauri::command]
pub(crate) async fn take_shared(
    shell: State<'_, Shell>,
    shared: State<'_, Shared>,
) -> Result<Vec<AttachmentView>, Failure> {
    stage_shared(&shell, &shared).await
}

async fn stage_shared(shell: &Shell, shared: &Shared) -> Result<Vec<AttachmentView>, Failure> {
    let files = shared.take();
    if files.is_empty() {
        return Ok(Vec::new());
    }
    match has_account(shell).await {
        Ok(true) => {}
        Ok(false) => return Err(ErrorCode::ShareNoAccount.into()),
        Err(failure) => {
            // What keeps the store closed may pass.
            shared.replace(files);
            return Err(failure);
        }
    }
    stage(shell, files).await
}

async fn has_account(shell: &Shell) -> Result<bool, Failure> {
    match shell.handle(GetStartup {}.into_command()).await? {
        Reply::GetStartup(startup) => Ok(startup.stage == Stage::Home),
        _ => Ok(false),
    }
}

async fn stage(shell: &Shell, files: Vec<SharedFile>) -> Result<Vec<AttachmentView>, Failure> {
    if files.len() > MOST {
        return Err(ErrorCode::AttachmentCount.into());
    }
    let mut staged = Vec::new();
    let mut refused = None;
    for file in files {
        let one = match file {
            SharedFile::Path(path) => stage_one(shell, &path).await,
            #[cfg(mobile)]
            SharedFile::Lent(lent) => stage_lent(shell, lent).await,
        };
        match one {
            Ok(view) => staged.push(view),
            Err(failure) => {
                refused = Some(failure);
                break;
            }
        }
    }
    if refused.is_none() && staged.len() > 1 && !staged.iter().all(is_media) {
        refused = Some(ErrorCode::ShareTypes.into());
    }
    let Some(failure) = refused else {
        return Ok(staged);
    };
    for view in staged {
        let letting_go = DiscardFile { attachment: view.id };
        if shell.handle(letting_go.into_command()).await.is_err() {
            tracing::debug!("a shared file was not let go of");
        }
    }
    Err(failure)
}

async fn stage_one(shell: &Shell, file: &Path) -> Result<AttachmentView, Failure> {
    let path = file.to_str().ok_or(ErrorCode::AttachmentType)?.to_owned();
    let staging = Command::StageFile(StageFile {
        path,
        voice: false,
        original: false,
    });
    match shell.handle(staging).await? {
        Reply::StageFile(view) => Ok(view),
        _ => Err(Failure::new(ErrorCode::Unknown).with("code", "reply")),
    }
}

#[cfg(mobile)]
async fn stage_lent(shell: &Shell, lent: Lent) -> Result<AttachmentView, Failure> {
    shell.stage(lent.read().await?).await
}

fn is_media(view: &AttachmentView) -> bool {
    matches!(view.kind, AttachmentKind::Image | AttachmentKind::Video)
}

#[cfg(test)]
#[path = "share_tests.rs"]
mod tests;
