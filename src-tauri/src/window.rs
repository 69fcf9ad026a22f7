//! The one window, and where its page may go.

use std::path::Path;

#[cfg(desktop)]
use tauri::Manager;
use tauri::webview::NewWindowResponse;
use tauri::{App, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

/// The window's label: the only one that the capability, the commands and the media scheme answer.
pub(crate) const LABEL: &str = "main";

/// What a web view keeps for itself, in the folder of the account's data.
const KEPT: &str = "web-view";

/// Opens the window, the size of a phone on desktops. `data` is the account's folder. Nothing is left of what the web view
/// kept in an earlier run: the page stores nothing there, and an account that is gone must not show in it.
pub(crate) fn open(app: &mut App, data: &Path) -> tauri::Result<()> {
    erase_kept(data);
    let builder = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("index.html".into()))
        .on_navigation(is_own_page)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .data_directory(data.join(KEPT));
    #[cfg(desktop)]
    let builder = builder
        .title("Tern")
        .inner_size(412.0, 915.0)
        .min_inner_size(320.0, 480.0);
    let page = builder.build()?;
    #[cfg(target_os = "linux")]
    load_anew_when_lost(&page)?;
    #[cfg(not(target_os = "linux"))]
    let _ = page;
    Ok(())
}

/// WebKit shows pages in a process of their own. When that ends early, for want of memory or over a damaged film, the window
/// would stay white; the engine lives here, so nothing is lost. Elsewhere the system or Tauri does this.
#[cfg(target_os = "linux")]
fn load_anew_when_lost(page: &WebviewWindow) -> tauri::Result<()> {
    use std::time::{Duration, Instant};

    use webkit2gtk::WebViewExt;

    use crate::pace::Pace;

    // A page that ends each time it is loaded is let be.
    let pace = Pace::new(3, Duration::from_secs(60), Instant::now());
    page.with_webview(move |webview| {
        webview
            .inner()
            .connect_web_process_terminated(move |view, reason| {
                tracing::warn!(?reason, "the page was lost");
                if pace.take(Instant::now()) {
                    view.reload();
                }
            });
    })
}

/// Brings the window before others.
#[cfg(desktop)]
pub(crate) fn raise(app: &tauri::AppHandle) {
    let raised = app
        .get_webview_window(LABEL)
        .map(|window| window.unminimize().and_then(|()| window.set_focus()));
    if let Some(Err(_)) = raised {
        tracing::debug!("the window could not be raised");
    }
}

/// Has the web view forget what it keeps, while it runs.
pub(crate) fn forget(page: &WebviewWindow) {
    if page.clear_all_browsing_data().is_err() {
        tracing::warn!("the web view did not forget what it keeps");
    }
}

fn erase_kept(data: &Path) {
    match std::fs::remove_dir_all(data.join(KEPT)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            tracing::warn!(kind = ?error.kind(), "what the web view kept could not be erased");
        }
        _ => {}
    }
}

/// Whether a page is the app's own: `tauri://localhost`, or `http(s)://tauri.localhost` where a platform's web view
/// has no schemes of its own.
fn is_own_page(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    url.port().is_none()
        && match url.scheme() {
            "tauri" => host == "localhost",
            "http" | "https" => cfg!(any(windows, target_os = "android")) && host == "tauri.localhost",
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_of_what_the_web_view_kept() {
        let data = tempfile::tempdir().expect("a folder");
        let kept = data.path().join(KEPT).join("localstorage");
        std::fs::create_dir_all(&kept).expect("a folder");
        std::fs::write(kept.join("file"), "x").expect("a file");
        std::fs::write(data.path().join("tern.db"), "x").expect("a file");
        erase_kept(data.path());
        erase_kept(data.path());
        let left: Vec<_> = std::fs::read_dir(data.path())
            .expect("a folder")
            .flatten()
            .map(|entry| entry.file_name())
            .collect();
        assert_eq!(left, ["tern.db"]);
    }

    #[test]
    fn only_the_apps_own_pages_may_be_opened() {
        let may = |text: &str| is_own_page(&Url::parse(text).expect("a URL"));
        assert!(may("tauri://localhost/"));
        assert!(may("tauri://localhost/index.html?x=1#y"));
        for foreign in [
            "https://example.org/",
            "http://localhost/",
            "tauri://localhost.example.org/",
            "tauri://localhost:81/",
            "tern-media://localhost/1",
            "file:///etc/passwd",
            "data:text/html,x",
            "about:blank",
            "javascript:alert(1)",
        ] {
            assert!(!may(foreign), "{foreign}");
        }
    }
}
