//! The way out when the store does not open.

use std::path::PathBuf;

use contract::{ErrorCode, Failure};
use tauri::State;

use crate::shell::Shell;

/// Where the account's data lies.
pub(crate) struct DataFolder(pub(crate) PathBuf);

/// `invoke("erase_unopened")`: erases a store that does not open, after which the app begins anew; refused while it is open or
/// being opened.
///
/// # Errors
/// `E-BAD-COMMAND` for a store that opens; `E-STORE` or `E-DISK` when the file system fails.
#[tauri::command]
pub(crate) async fn erase_unopened(
    shell: State<'_, Shell>,
    data: State<'_, DataFolder>,
) -> Result<(), Failure> {
    if !shell
        .failure()
        .is_some_and(|failure| is_about_the_store(&failure))
    {
        return Err(ErrorCode::BadCommand.into());
    }
    let folder = data.0.clone();
    let erasing = tauri::async_runtime::spawn_blocking(move || engine::erase_unopened(&folder));
    erasing
        .await
        .unwrap_or_else(|_| Err(Failure::new(ErrorCode::Unknown).with("code", "task")))
}

/// Whether a store that failed like this will not open without something that may be lost.
const fn is_about_the_store(failure: &Failure) -> bool {
    matches!(
        failure.code,
        ErrorCode::Store | ErrorCode::Keyring | ErrorCode::PassphraseNeeded | ErrorCode::PassphraseWrong
    )
}
