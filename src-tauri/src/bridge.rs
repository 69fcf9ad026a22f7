//! The IPC commands: all that the page can call.

use contract::{Command, ErrorCode, Event, Failure};
use serde_json::Value;
use store::keychain::Passphrase;
use tauri::ipc::Channel;
use tauri::{State, WebviewWindow};

use crate::shell::Shell;
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
    let erases = erases_the_account(&command);
    let reply = shell.handle(command).await?;
    if erases {
        window::forget(&page);
    }
    serde_json::to_value(reply).map_err(|_| Failure::new(ErrorCode::Unknown).with("code", "reply"))
}

/// What the web view keeps for itself goes with the account.
const fn erases_the_account(command: &Command) -> bool {
    matches!(command, Command::DiscardAccount(_))
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
pub(crate) fn events(shell: State<'_, Shell>, channel: Channel<Event>) {
    shell.watch(move |event| channel.send(event).is_ok());
}

/// The reason names fields and positions of the page's own request.
fn bad_command(error: &serde_json::Error) -> Failure {
    tracing::warn!(
        line = error.line(),
        column = error.column(),
        "the page sent a malformed command"
    );
    Failure::new(ErrorCode::BadCommand).with("reason", error)
}
