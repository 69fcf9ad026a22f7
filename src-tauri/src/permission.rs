//! What the user once forbade on a phone can be allowed in its settings only.

use contract::{ErrorCode, Failure};
use tauri::WebviewWindow;

/// `invoke("open_settings")`: shows what the phone lets this app do. Computers have no such page.
///
/// # Errors
/// `E-UNKNOWN` where it cannot be shown.
#[tauri::command]
pub(crate) fn open_settings(page: WebviewWindow) -> Result<(), Failure> {
    show(&page).map_err(|()| Failure::new(ErrorCode::Unknown).with("code", "settings"))
}

#[cfg(desktop)]
fn show(_: &WebviewWindow) -> Result<(), ()> {
    Err(())
}

/// Apple's address of an app's own page in the settings.
#[cfg(target_os = "ios")]
fn show(page: &WebviewWindow) -> Result<(), ()> {
    use tauri_plugin_opener::OpenerExt;

    page.opener()
        .open_url("app-settings:", None::<&str>)
        .map_err(|_| ())
}

/// Starts the activity of `Settings.ACTION_APPLICATION_DETAILS_SETTINGS` for this package.
#[cfg(target_os = "android")]
fn show(page: &WebviewWindow) -> Result<(), ()> {
    use jni::objects::JObject;

    use crate::android::{on_activity, start_activity};

    const ACTION: &str = "android.settings.APPLICATION_DETAILS_SETTINGS";
    let asked = on_activity(
        page,
        "the phone's settings could not be shown",
        |env, activity| {
            let name = env
                .call_method(activity, "getPackageName", "()Ljava/lang/String;", &[])?
                .l()?;
            let (action, scheme) = (env.new_string(ACTION)?, env.new_string("package")?);
            let none = JObject::null();
            let package = env
                .call_static_method(
                    "android/net/Uri",
                    "fromParts",
                    "(Ljava/lang/String;Ljava/lang/String;Ljava/lang/String;)Landroid/net/Uri;",
                    &[(&scheme).into(), (&name).into(), (&none).into()],
                )?
                .l()?;
            let intent = env.new_object(
                "android/content/Intent",
                "(Ljava/lang/String;Landroid/net/Uri;)V",
                &[(&action).into(), (&package).into()],
            )?;
            start_activity(env, activity, &intent)
        },
    );
    asked.map_err(|_| ())
}
