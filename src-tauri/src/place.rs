//! Places outside the app: the user chooses a folder or a file in the system's own dialog. The page learns its name and
//! can ask for something to be done there; it can name no path.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use contract::{Command, ErrorCode, Failure};
use serde::Deserialize;
use serde_json::Value;
use tauri::{AppHandle, State};
use tauri_plugin_dialog::{DialogExt, FilePath};

use crate::bridge::bad_command;
use crate::owner;
use crate::shell::Shell;

/// What is chosen in place of the dialog's answer, in debug builds: no test can reach into a system's dialog.
#[cfg(debug_assertions)]
const CHOSEN: &str = "TERN_CHOSEN_PLACE";

/// What the user chose last.
#[derive(Debug, Default)]
pub(crate) struct Chosen(Mutex<Option<PathBuf>>);

impl Chosen {
    fn set(&self, path: Option<PathBuf>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = path;
    }

    fn path(&self) -> Option<PathBuf> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What the user is to choose.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PlaceKind {
    /// A folder to write into.
    Folder,
    /// A backup to be read.
    Backup,
}

/// `invoke("choose_place", {kind})`: asks the user for a `folder` or a `backup`. Answered with its name, or `null`.
///
/// # Errors
/// `E-UNKNOWN` where the system cannot ask.
#[tauri::command]
pub(crate) async fn choose_place(
    app: AppHandle,
    chosen: State<'_, Chosen>,
    kind: PlaceKind,
) -> Result<Option<String>, Failure> {
    let path = ask(&app, kind).await?;
    let name = path.as_deref().map(shown);
    chosen.set(path);
    Ok(name)
}

/// `invoke("command_at_place", {request: {method, params}, reason})`: a contract command that names a path, about the place
/// that was chosen last. What takes messages out of the app is for the phone's owner only, who is told the reason.
/// Answered as `command` is.
///
/// # Errors
/// The engine's failure; `E-LOCK-FAIL` when the owner was asked for and was not there; `E-BAD-COMMAND` for any other command and when nothing was chosen.
#[tauri::command]
pub(crate) async fn command_at_place(
    app: AppHandle,
    shell: State<'_, Shell>,
    chosen: State<'_, Chosen>,
    request: Value,
    reason: String,
) -> Result<Value, Failure> {
    let command: Command = serde_json::from_value(request).map_err(|error| bad_command(&error))?;
    let refused = || Failure::new(ErrorCode::BadCommand).with("reason", "place");
    let path = chosen.path().ok_or_else(refused)?;
    let command = at(command, &path).ok_or_else(refused)?;
    if matches!(
        command,
        Command::ExportConversation(_) | Command::BackUp(_) | Command::SetBackupSchedule(_)
    ) {
        owner::confirm(&app, reason).await?;
    }
    let reply = shell.handle(command).await?;
    serde_json::to_value(reply).map_err(|_| Failure::new(ErrorCode::Unknown).with("code", "reply"))
}

/// The command with the path in it; `None` for one that is about no place that a user chooses.
fn at(command: Command, path: &Path) -> Option<Command> {
    let path = path.to_str()?.to_owned();
    Some(match command {
        Command::BackUp(mut it) => {
            it.to = path;
            Command::BackUp(it)
        }
        Command::RestoreBackup(mut it) => {
            it.from = path;
            Command::RestoreBackup(it)
        }
        Command::ExportConversation(mut it) => {
            it.to = path;
            Command::ExportConversation(it)
        }
        Command::SetBackupSchedule(mut it) => {
            it.schedule.as_mut()?.folder = path;
            Command::SetBackupSchedule(it)
        }
        _ => return None,
    })
}

fn shown(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

async fn ask(app: &AppHandle, kind: PlaceKind) -> Result<Option<PathBuf>, Failure> {
    #[cfg(debug_assertions)]
    if let Some(file) = std::env::var_os(CHOSEN) {
        let named = std::fs::read_to_string(file).unwrap_or_default();
        return Ok(Some(named.trim())
            .filter(|named| !named.is_empty())
            .map(PathBuf::from));
    }
    let (answer, answered) = tokio::sync::oneshot::channel();
    let done = move |path: Option<FilePath>| drop(answer.send(path));
    match kind {
        #[cfg(desktop)]
        PlaceKind::Folder => app.dialog().file().pick_folder(done),
        // Phones give the app a folder of its own among the user's documents.
        #[cfg(mobile)]
        PlaceKind::Folder => {
            use tauri::Manager;
            let folder = app.path().document_dir();
            return folder
                .map(Some)
                .map_err(|_| Failure::new(ErrorCode::Unknown).with("code", "folder"));
        }
        PlaceKind::Backup => app.dialog().file().pick_file(done),
    }
    // A dialog that went away without an answer was not answered.
    let path = answered.await.unwrap_or_default();
    Ok(path.and_then(|path| path.into_path().ok()))
}

#[cfg(test)]
mod tests {
    use contract::{BackUp, ListSpace, Request, SaveFile, SetBackupSchedule};

    use super::*;

    #[test]
    fn the_chosen_place_takes_the_place_of_what_the_page_names() {
        let order = BackUp {
            to: "/etc/passwd".to_owned(),
            passphrase: "words".into(),
            include_account: false,
        };
        match at(order.into_command(), Path::new("/alice/Backups")) {
            Some(Command::BackUp(order)) => assert_eq!(order.to, "/alice/Backups"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn nothing_else_is_done_at_a_place() {
        let save = SaveFile {
            attachment: contract::AttachmentId(1),
            path: "/tmp/x".to_owned(),
        };
        let end = SetBackupSchedule { schedule: None };
        for command in [
            ListSpace {}.into_command(),
            save.into_command(),
            end.into_command(),
        ] {
            assert!(at(command, Path::new("/tmp")).is_none());
        }
    }

    #[test]
    fn a_place_is_shown_by_its_last_name() {
        assert_eq!(shown(Path::new("/alice/Backups")), "Backups");
        assert_eq!(shown(Path::new("/")), "/");
    }
}
