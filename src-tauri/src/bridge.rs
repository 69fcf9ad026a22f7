//! The IPC commands: all that the page can call.

use contract::{ErrorCode, Event, Failure};
use serde_json::Value;
use store::keychain::Passphrase;
use tauri::State;
use tauri::ipc::Channel;

use crate::shell::Shell;

/// `invoke("command", {request: {method, params}})`: one contract command, answered with its reply or refused with a
/// [`Failure`]. Waits while the engine is opening.
///
/// # Errors
/// The engine's failure; `E-BAD-COMMAND` when `request` is not a contract command; what kept the store closed.
#[tauri::command]
pub(crate) async fn command(shell: State<'_, Shell>, request: Value) -> Result<Value, Failure> {
    let command = serde_json::from_value(request).map_err(|error| bad_command(&error))?;
    let reply = shell.handle(command).await?;
    serde_json::to_value(reply).map_err(|_| Failure::new(ErrorCode::Unknown).with("code", "reply"))
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
