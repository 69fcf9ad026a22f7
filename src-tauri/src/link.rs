//! Links in messages: shown in the system's browser, never in the app.

use std::time::Instant;

use contract::{ErrorCode, Failure, LinkParts};
use tauri::{AppHandle, State, Url};
use tauri_plugin_opener::OpenerExt;

use crate::pace::Paces;

/// Longer addresses are no links that somebody would check before opening them.
const LONGEST: usize = 2_048;

/// `invoke("open_link", {url})`: shows a web page in the system's browser. To be called once the user has confirmed this
/// very address; not more often than a person would.
///
/// # Errors
/// `E-BAD-COMMAND` for anything but a plain web address, or too many of them; `E-UNKNOWN` when no browser could be started.
#[tauri::command]
pub(crate) fn open_link(app: AppHandle, paces: State<'_, Paces>, url: &str) -> Result<(), Failure> {
    let refused = |reason: &str| Failure::new(ErrorCode::BadCommand).with("reason", reason);
    let url = web_address(url).ok_or_else(|| refused("link"))?;
    if !paces.links.take(Instant::now()) {
        return Err(refused("pace"));
    }
    app.opener().open_url(url, None::<&str>).map_err(|_| {
        tracing::warn!("the system's browser could not be started");
        Failure::new(ErrorCode::Unknown).with("code", "browser")
    })
}

/// `invoke("read_link", {url})`: how an address will be opened, in parts, for the user to read before they decide.
///
/// # Errors
/// `E-BAD-COMMAND` for what [`open_link`] would not open.
#[tauri::command]
pub(crate) fn read_link(url: &str) -> Result<LinkParts, Failure> {
    let parts = web_address(url).as_ref().and_then(parts);
    parts.ok_or_else(|| Failure::new(ErrorCode::BadCommand).with("reason", "link"))
}

fn parts(url: &Url) -> Option<LinkParts> {
    let name = url.host_str()?;
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let host = format!("{name}{port}");
    // Without a user's name the host stands next to the scheme.
    let before = format!("{}://", url.scheme());
    let after = url
        .as_str()
        .strip_prefix(before.as_str())?
        .strip_prefix(host.as_str())?;
    let (written, valid) = idna::domain_to_unicode(name);
    // What is not well-formed has no letters of its own.
    let host_written = Some(written).filter(|written| valid.is_ok() && *written != name);
    Some(LinkParts {
        after: after.to_owned(),
        before,
        host,
        host_written,
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

    #[test]
    fn a_link_is_read_as_it_will_be_opened() {
        for (link, before, host, after, written) in [
            ("https://example.org", "https://", "example.org", "/", None),
            (
                "HTTP://EXAMPLE.org:8080/a?b#c",
                "http://",
                "example.org:8080",
                "/a?b#c",
                None,
            ),
            ("https://example.org:443/", "https://", "example.org", "/", None),
            // The host once more where a reader may take it for the host.
            (
                "https://a.example/a.example/",
                "https://",
                "a.example",
                "/a.example/",
                None,
            ),
            ("https://s/", "https://", "s", "/", None),
            (
                "https://b\u{fc}cher.example/\u{e4}",
                "https://",
                "xn--bcher-kva.example",
                "/%C3%A4",
                Some("b\u{fc}cher.example"),
            ),
            // Cyrillic letters that look like Latin ones.
            (
                "https://\u{430}\u{440}\u{440}\u{4cf}\u{435}.com/",
                "https://",
                "xn--80ak6aa92e.com",
                "/",
                Some("\u{430}\u{440}\u{440}\u{4cf}\u{435}.com"),
            ),
            (
                "https://xn--80ak6aa92e.com",
                "https://",
                "xn--80ak6aa92e.com",
                "/",
                Some("\u{430}\u{440}\u{440}\u{4cf}\u{435}.com"),
            ),
            ("https://[::1]:81/x", "https://", "[::1]:81", "/x", None),
            ("https://0x7f000001/", "https://", "127.0.0.1", "/", None),
        ] {
            let read = read_link(link).expect("it can be opened");
            let parts = (read.before.as_str(), read.host.as_str(), read.after.as_str());
            assert_eq!(parts, (before, host, after), "{link}");
            assert_eq!(read.host_written.as_deref(), written, "{link}");
            assert_eq!(Some(read.whole()), web_address(link).map(String::from), "{link}");
            assert!(read.whole().is_ascii(), "{link}");
        }
        for hidden in [
            "https://bank.example@evil.example/",
            "https://evil.example\\@bank.example/",
            "https://example.org/\u{202e}gpj.exe",
        ] {
            assert!(read_link(hidden).is_err(), "{hidden}");
        }
    }
}
