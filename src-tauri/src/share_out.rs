//! The system's sheet of apps to which a text can be handed.

use std::time::Instant;

use contract::{ErrorCode, Failure};
use tauri::{State, WebviewWindow};

use crate::pace::Paces;

/// Longer texts are no invitations.
const LONGEST: usize = 2_048;

/// `invoke("share_text", {text})`: asks the user to which app a text goes. On Android, whose web view has no such sheet of
/// its own; elsewhere this is refused. Not more often than a person would.
///
/// # Errors
/// `E-BAD-COMMAND` for too long a text or too many of them; `E-UNKNOWN` where the system shows no sheet.
#[tauri::command]
pub(crate) fn share_text(page: WebviewWindow, paces: State<'_, Paces>, text: String) -> Result<(), Failure> {
    let refused = |reason: &str| Failure::new(ErrorCode::BadCommand).with("reason", reason);
    if text.len() > LONGEST {
        return Err(refused("text"));
    }
    if !paces.links.take(Instant::now()) {
        return Err(refused("pace"));
    }
    share(&page, text).map_err(|()| Failure::new(ErrorCode::Unknown).with("code", "share"))
}

#[cfg(not(target_os = "android"))]
fn share(_: &WebviewWindow, _: String) -> Result<(), ()> {
    Err(())
}

/// Starts the chooser of `Intent.ACTION_SEND` with a plain text.
#[cfg(target_os = "android")]
fn share(page: &WebviewWindow, text: String) -> Result<(), ()> {
    use jni::objects::JObject;

    use crate::android::{on_activity, start_activity};

    const INTENT: &str = "android/content/Intent";
    let warning = "the sheet of apps to share with could not be shown";
    let asked = on_activity(page, warning, move |env, activity| {
        let action = env.new_string("android.intent.action.SEND")?;
        let intent = env.new_object(INTENT, "(Ljava/lang/String;)V", &[(&action).into()])?;
        let plain = env.new_string("text/plain")?;
        env.call_method(
            &intent,
            "setType",
            "(Ljava/lang/String;)Landroid/content/Intent;",
            &[(&plain).into()],
        )?;
        let (name, text) = (
            env.new_string("android.intent.extra.TEXT")?,
            env.new_string(&text)?,
        );
        env.call_method(
            &intent,
            "putExtra",
            "(Ljava/lang/String;Ljava/lang/String;)Landroid/content/Intent;",
            &[(&name).into(), (&text).into()],
        )?;
        let untitled = JObject::null();
        let chooser = env
            .call_static_method(
                INTENT,
                "createChooser",
                "(Landroid/content/Intent;Ljava/lang/CharSequence;)Landroid/content/Intent;",
                &[(&intent).into(), (&untitled).into()],
            )?
            .l()?;
        start_activity(env, activity, &chooser)
    });
    asked.map_err(|_| ())
}
