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
    let folder = data.0.clone();
    shell
        .erase_unopened(is_lost, move || engine::erase_unopened(&folder))
        .await
}

/// Whether a store that failed like this opens only with something that is lost or may be forgotten.
fn is_lost(failure: &Failure) -> bool {
    let forgotten = matches!(
        failure.code,
        ErrorCode::PassphraseNeeded | ErrorCode::PassphraseWrong
    );
    forgotten || failure.values.contains_key("lost")
}
