//! The one window, and where its page may go.

use std::path::Path;

use tauri::webview::NewWindowResponse;
use tauri::{App, Url, WebviewUrl, WebviewWindowBuilder};

/// The window's label: the only one that the capability, the commands and the media scheme answer.
pub(crate) const LABEL: &str = "main";

/// Opens the window, the size of a phone on desktops. `data` is the account's folder.
pub(crate) fn open(app: &mut App, data: &Path) -> tauri::Result<()> {
    let builder = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("index.html".into()))
        .on_navigation(is_own_page)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        // What the web view keeps for itself stays with the account it belongs to. The page stores nothing there.
        .data_directory(data.join("web-view"));
    #[cfg(desktop)]
    let builder = builder
        .title("Tern")
        .inner_size(412.0, 915.0)
        .min_inner_size(320.0, 480.0);
    builder.build().map(drop)
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
