//! The app's activity, for what only Android's own interfaces do.

use jni::JNIEnv;
use jni::objects::JObject;
use tauri::WebviewWindow;

/// Runs `work` on the activity's thread, later. When it fails the log says `or_else`: nobody waits for it any more.
pub(crate) fn on_activity(
    page: &WebviewWindow,
    or_else: &'static str,
    work: impl FnOnce(&mut JNIEnv<'_>, &JObject<'_>) -> jni::errors::Result<()> + Send + 'static,
) -> tauri::Result<()> {
    page.with_webview(move |webview| {
        webview.jni_handle().exec(move |env, activity, _| {
            if work(env, activity).is_err() {
                // An exception that waits would end the app.
                let _ = env.exception_clear();
                tracing::warn!("{or_else}");
            }
        });
    })
}

/// Has the system show what an intent asks for.
pub(crate) fn start_activity(
    env: &mut JNIEnv<'_>,
    activity: &JObject<'_>,
    intent: &JObject<'_>,
) -> jni::errors::Result<()> {
    env.call_method(
        activity,
        "startActivity",
        "(Landroid/content/Intent;)V",
        &[intent.into()],
    )?;
    Ok(())
}
