//! Links in messages: shown in the system's browser, never in the app.

use contract::{ErrorCode, Failure};
use tauri::{AppHandle, Url};
use tauri_plugin_opener::OpenerExt;

/// Longer addresses are no links that somebody would check before opening them.
const LONGEST: usize = 2_048;

/// `invoke("open_link", {url})`: shows a web page in the system's browser. To be called once the user has confirmed this
/// very address.
///
/// # Errors
/// `E-BAD-COMMAND` for anything but a plain web address; `E-UNKNOWN` when no browser could be started.
#[tauri::command]
pub(crate) fn open_link(app: AppHandle, url: &str) -> Result<(), Failure> {
    let url = web_address(url).ok_or_else(|| Failure::new(ErrorCode::BadCommand).with("reason", "link"))?;
    app.opener().open_url(url, None::<&str>).map_err(|_| {
        tracing::warn!("the system's browser could not be started");
        Failure::new(ErrorCode::Unknown).with("code", "browser")
    })
}

/// The address of a web page in the form that goes to the browser. Only `https` and `http`, with a host, and without a
/// user's name, which could pass for a host; and no character that a reader would not have seen.
fn web_address(text: &str) -> Option<Url> {
    // A backslash ends the host for a browser, but not for a reader.
    let unseen = |character: char| {
        character.is_control()
            || character.is_whitespace()
            || matches!(
                character,
                '\\' | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                    | '\u{2060}'..='\u{206f}' | '\u{feff}'
            )
    };
    if text.len() > LONGEST || text.contains(unseen) {
        return None;
    }
    let url = Url::parse(text).ok()?;
    let plain = matches!(url.scheme(), "https" | "http")
        && url.host_str().is_some_and(|host| !host.is_empty())
        && url.username().is_empty()
        && url.password().is_none();
    plain.then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_pages_go_to_the_browser_in_one_form() {
        for (link, opened) in [
            ("https://example.org", "https://example.org/"),
            (
                "http://example.org:8080/a?b=c#d",
                "http://example.org:8080/a?b=c#d",
            ),
            (
                "HTTPS://EXAMPLE.org/\u{e4}\"'`$(x)",
                "https://example.org/%C3%A4%22'%60$(x)",
            ),
            ("https://b\u{fc}cher.example/", "https://xn--bcher-kva.example/"),
        ] {
            assert_eq!(
                web_address(link).map(String::from).as_deref(),
                Some(opened),
                "{link}"
            );
        }
    }

    #[test]
    fn nothing_else_is_opened() {
        let long = format!("https://example.org/{}", "a".repeat(LONGEST));
        for link in [
            "",
            "example.org",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:text/html,x",
            "tern-media://localhost/1",
            "tauri://localhost/",
            "mailto:a@example.org",
            "ssh://example.org",
            "https://",
            "https://bank.example@evil.example/",
            "https://evil.example\\@bank.example/",
            "https://example.org/\u{202e}gpj.exe",
            "https://user:secret@example.org/",
            "https://example.org/a b",
            "https://exam\nple.org/",
            " https://example.org",
            "--help",
            &long,
        ] {
            assert_eq!(web_address(link), None, "{link:?}");
        }
    }
}
