//! Whether it is the phone's owner who asks for something.

use contract::{ErrorCode, Failure};
use tauri::AppHandle;

/// Lets the phone ask for its owner's finger, face or code, and says what for. Where it has none of them, whoever holds it
/// is taken for its owner; so it is on computers, which lock themselves.
///
/// # Errors
/// `E-LOCK-FAIL` for anybody else, and when nobody answers.
pub(crate) async fn confirm(app: &AppHandle, reason: String) -> Result<(), Failure> {
    let app = app.clone();
    let asked = tokio::task::spawn_blocking(move || is_owner(&app, reason)).await;
    match asked {
        Ok(true) => Ok(()),
        Ok(false) | Err(_) => Err(ErrorCode::LockFail.into()),
    }
}

#[cfg(desktop)]
fn is_owner(_: &AppHandle, _: String) -> bool {
    true
}

#[cfg(mobile)]
fn is_owner(app: &AppHandle, reason: String) -> bool {
    use tauri::plugin::mobile::PluginInvokeError;
    use tauri_plugin_biometric::{AuthOptions, BiometricExt, Error};

    let title = app.package_info().name.clone();
    let options = AuthOptions {
        allow_device_credential: true,
        title: Some(title),
        ..AuthOptions::default()
    };
    match app.biometric().authenticate(reason, options) {
        Ok(()) => true,
        Err(Error::PluginInvoke(PluginInvokeError::InvokeRejected(answer))) => {
            answer.code.as_deref() == Some("passcodeNotSet")
        }
        Err(error) => {
            tracing::warn!(%error, "the phone cannot ask for its owner");
            false
        }
    }
}
