//! The IPC commands: all that the page can call.

use std::path::PathBuf;
use std::time::Instant;

use contract::{
    AccountView, AttachmentId, AttachmentView, Command, ConversationView, ErrorCode, Event, Failure,
};
use engine::NewFile;
use serde_json::Value;
use store::keychain::Passphrase;
use tauri::ipc::{self, Channel, InvokeBody};
use tauri::{AppHandle, Manager, State, WebviewWindow};

use crate::pace::Paces;
use crate::shell::Shell;
use crate::voice::Voice;
use crate::window;

/// `invoke("command", {request: {method, params}})`: one contract command, answered with its reply or refused with a
/// [`Failure`]. Waits while the engine is opening.
///
/// # Errors
/// The engine's failure; `E-BAD-COMMAND` when `request` is not a contract command; what kept the store closed.
#[tauri::command]
pub(crate) async fn command(
    shell: State<'_, Shell>,
    page: WebviewWindow,
    request: Value,
) -> Result<Value, Failure> {
    let command: Command = serde_json::from_value(request).map_err(|error| bad_command(&error))?;
    if names_a_path(&command) {
        return Err(Failure::new(ErrorCode::BadCommand).with("reason", "path"));
    }
    let erases = erases_the_account(&command);
    let reply = shell.handle(command).await?;
    if erases {
        window::forget(&page);
    }
    serde_json::to_value(reply).map_err(|_| Failure::new(ErrorCode::Unknown).with("code", "reply"))
}

/// A page that was taken over must not choose which of the user's files are read or written.
const fn names_a_path(command: &Command) -> bool {
    match command {
        Command::StageFile(_)
        | Command::SaveFile(_)
        | Command::BackUp(_)
        | Command::RestoreBackup(_)
        | Command::ExportConversation(_) => true,
        Command::SetBackupSchedule(it) => it.schedule.is_some(),
        _ => false,
    }
}

/// `invoke("stage", bytes, {headers: {name, voice, original}})`: takes a file that the user chose in the page. `name` is
/// percent-encoded; `voice` is `1` for what the microphone gave, `original` for a picture that keeps all its pixels. Answered with a [`contract::AttachmentView`].
///
/// # Errors
/// `E-ATT-TYPE`, `E-ATT-SIZE`, `E-ATT-META`.
#[tauri::command]
pub(crate) async fn stage(
    shell: State<'_, Shell>,
    request: ipc::Request<'_>,
) -> Result<AttachmentView, Failure> {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let file = NewFile {
        name: decode_name(header("name").unwrap_or_default()),
        voice: header("voice") == Some("1"),
        original: header("original") == Some("1"),
        bytes: bytes_of(&request)?,
    };
    shell.stage(file).await
}

/// `invoke("scan_phrase", bytes)`: looks for a recovery phrase as a code in a picture, and restores its account. Answered with
/// a [`contract::AccountView`], or `null` when no code is in it.
///
/// # Errors
/// `E-QR-NOT-PHRASE`, and why the account cannot be restored.
#[tauri::command]
pub(crate) async fn scan_phrase(
    shell: State<'_, Shell>,
    request: ipc::Request<'_>,
) -> Result<Option<AccountView>, Failure> {
    shell.scan_phrase(bytes_of(&request)?).await
}

/// `invoke("scan_id", bytes)`: looks for an Account ID as a code in a picture. Answered with the [`contract::ConversationView`]
/// of its person, or `null` when no code is in it.
///
/// # Errors
/// `E-QR-NOT-ID`.
#[tauri::command]
pub(crate) async fn scan_id(
    shell: State<'_, Shell>,
    request: ipc::Request<'_>,
) -> Result<Option<ConversationView>, Failure> {
    shell.scan_id(bytes_of(&request)?).await
}

/// The bytes of a request. Where a web view's scheme handler has no bodies, they come as numbers.
fn bytes_of(request: &ipc::Request<'_>) -> Result<Vec<u8>, Failure> {
    match request.body() {
        InvokeBody::Raw(bytes) => Ok(bytes.clone()),
        InvokeBody::Json(numbers) => {
            serde_json::from_value(numbers.clone()).map_err(|error| bad_command(&error))
        }
    }
}

/// `invoke("save", {attachment})`: writes a whole file into the user's folder of downloads, under a name that is free
/// there. Answered with that name. Neither folder, name nor content are the page's to choose, and it may not save more than
/// a person would.
///
/// # Errors
/// `E-ATT-SAVE`; `E-NOT-FOUND` for what is not whole here.
#[tauri::command]
pub(crate) async fn save(
    app: AppHandle,
    shell: State<'_, Shell>,
    paces: State<'_, Paces>,
    attachment: AttachmentId,
) -> Result<String, Failure> {
    if !paces.saves.take(Instant::now()) {
        return Err(ErrorCode::AttachmentSave.into());
    }
    let folder = downloads(&app).ok_or(ErrorCode::AttachmentSave)?;
    shell.save(attachment, &folder).await
}

/// The user's folder of downloads; where the system names none, the one that is usual.
pub(crate) fn downloads(app: &AppHandle) -> Option<PathBuf> {
    let paths = app.path();
    let folder = match paths.download_dir() {
        Ok(folder) => folder,
        Err(_) => paths.home_dir().ok()?.join("Downloads"),
    };
    std::fs::create_dir_all(&folder).ok()?;
    Some(folder)
}

/// Undoes percent-encoding; what is malformed stays as it is.
fn decode_name(encoded: &str) -> String {
    percent_encoding::percent_decode_str(encoded)
        .decode_utf8_lossy()
        .into_owned()
}

/// What the web view keeps for itself goes with the account.
const fn erases_the_account(command: &Command) -> bool {
    matches!(command, Command::DiscardAccount(_) | Command::ClearData(_))
}

/// `invoke("unlock", {passphrase})`: opens a store that answered `E-PASSPHRASE-NEEDED` or `E-PASSPHRASE-WRONG`.
///
/// # Errors
/// What keeps the store closed.
#[tauri::command]
pub(crate) async fn unlock(shell: State<'_, Shell>, passphrase: String) -> Result<(), Failure> {
    let passphrase = Passphrase::new(passphrase).ok_or(ErrorCode::PassphraseNeeded)?;
    shell.unlock(passphrase).await
}

/// `invoke("events", {channel})`: every contract event from this moment on, until the page is loaded again.
#[tauri::command]
pub(crate) fn events(shell: State<'_, Shell>, voice: State<'_, Voice>, channel: Channel<Event>) {
    // A page that was loaded anew knows nothing of what the last one recorded.
    voice.forget();
    shell.watch(move |event| channel.send(event).is_ok());
}

/// The reason names fields and positions of the page's own request.
pub(crate) fn bad_command(error: &serde_json::Error) -> Failure {
    tracing::warn!(
        line = error.line(),
        column = error.column(),
        "the page sent a malformed command"
    );
    Failure::new(ErrorCode::BadCommand).with("reason", error)
}

#[cfg(test)]
mod tests {
    use contract::Request;

    use super::*;

    #[test]
    fn the_page_cannot_name_files_of_the_user() {
        let staging = contract::StageFile {
            path: "/etc/passwd".to_owned(),
            voice: false,
            original: false,
        };
        assert!(names_a_path(&staging.into_command()));
        let saving = contract::SaveFile {
            attachment: AttachmentId(1),
            path: "/tmp/x".to_owned(),
        };
        assert!(names_a_path(&saving.into_command()));
        let exporting = contract::ExportConversation {
            conversation: contract::ConversationId("05".to_owned()),
            to: "/tmp".to_owned(),
        };
        assert!(names_a_path(&exporting.into_command()));
        let ending = contract::SetBackupSchedule { schedule: None };
        assert!(!names_a_path(&ending.into_command()));
        assert!(!names_a_path(&contract::PollNow {}.into_command()));
    }

    #[test]
    fn names_of_every_script_come_through() {
        assert_eq!(decode_name("%D8%B3%D9%84%D8%A7%D9%85.pdf"), "سلام.pdf");
        assert_eq!(decode_name("100%.txt"), "100%.txt");
    }
}
