//! What the system may take pictures of.

use contract::{ErrorCode, Failure};
use tauri::WebviewWindow;

/// `invoke("protect_screen", {on})`: while it is on, the system takes no pictures of the window, on systems that can be told
/// so (Android, macOS, Windows); on others this is refused and nothing changes.
///
/// # Errors
/// `E-UNKNOWN` where the system does not do it.
#[tauri::command]
pub(crate) fn protect_screen(page: WebviewWindow, on: bool) -> Result<(), Failure> {
    protect(&page, on).map_err(|_| Failure::new(ErrorCode::Unknown).with("code", "screen"))
}

#[cfg(desktop)]
fn protect(page: &WebviewWindow, on: bool) -> tauri::Result<()> {
    page.set_content_protected(on)
}

/// Sets or clears the window's `FLAG_SECURE`, which also empties its picture in the task switcher.
#[cfg(target_os = "android")]
fn protect(page: &WebviewWindow, on: bool) -> tauri::Result<()> {
    use crate::android::on_activity;

    /// `WindowManager.LayoutParams.FLAG_SECURE`.
    const FLAG_SECURE: i32 = 0x2000;
    let warning = "the window could not be told to keep out of pictures of the screen";
    on_activity(page, warning, move |env, activity| {
        let method = if on { "addFlags" } else { "clearFlags" };
        let window = env
            .call_method(activity, "getWindow", "()Landroid/view/Window;", &[])?
            .l()?;
        env.call_method(&window, method, "(I)V", &[FLAG_SECURE.into()])?;
        Ok(())
    })
}

/// There is no such flag: the page takes secrets away when the app leaves the front.
#[cfg(target_os = "ios")]
fn protect(_: &WebviewWindow, _: bool) -> tauri::Result<()> {
    Ok(())
}
