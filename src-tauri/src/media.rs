//! `tern-media://localhost/<id>[?side=<pixels>]`: pictures, sound and films for the page, without passing them through a
//! command; `tern-media://localhost/picture/<id>`: pictures of people.
//!
//! The calling window is checked, and only ids that the engine knows are answered. Pictures come decoded and encoded anew
//! by the engine; sound and films may be asked for in ranges, as players do.

use contract::{AttachmentId, PictureId};
use engine::Media;
use tauri::http::{HeaderValue, Method, Request, Response, StatusCode, Uri, header};

use crate::shell::Shell;
use crate::window;

/// The scheme's name.
pub(crate) const SCHEME: &str = "tern-media";

/// Answers one request of the window `label`.
pub(crate) async fn answer(shell: &Shell, label: &str, request: Request<Vec<u8>>) -> Response<Vec<u8>> {
    let found = match wanted(label, &request) {
        Ok(Wanted::File(id, side)) => shell.media(id, side).await,
        Ok(Wanted::Picture(id)) => shell.picture(id).await,
        Err(status) => return empty(status),
    };
    match found {
        Ok(media) => part(media, request.headers().get(header::RANGE)),
        Err(_) => empty(StatusCode::NOT_FOUND),
    }
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Wanted {
    /// A file of a message, and how large.
    File(AttachmentId, Option<u32>),
    /// A person's picture.
    Picture(PictureId),
}

fn wanted(label: &str, request: &Request<Vec<u8>>) -> Result<Wanted, StatusCode> {
    if label != window::LABEL {
        return Err(StatusCode::FORBIDDEN);
    }
    if request.method() != Method::GET {
        return Err(StatusCode::METHOD_NOT_ALLOWED);
    }
    parse(request.uri()).ok_or(StatusCode::NOT_FOUND)
}

fn parse(uri: &Uri) -> Option<Wanted> {
    let path = uri.path().strip_prefix('/')?;
    if let Some(id) = path.strip_prefix("picture/") {
        return Some(Wanted::Picture(PictureId(id.to_owned())));
    }
    let id = path.parse().ok()?;
    let side = match uri.query() {
        Some(query) => Some(query.strip_prefix("side=")?.parse().ok()?),
        None => None,
    };
    Some(Wanted::File(AttachmentId(id), side))
}

/// All of it, or the one range that was asked for (RFC 9110 §14).
fn part(media: Media, range: Option<&HeaderValue>) -> Response<Vec<u8>> {
    let whole = media.bytes.len();
    let asked = range.and_then(|range| range.to_str().ok());
    let mut response = match asked.and_then(|asked| parse_range(asked, whole)) {
        Some((first, last)) => {
            let bytes = media.bytes.get(first..=last).unwrap_or_default().to_vec();
            let mut response = Response::new(bytes);
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            if let Ok(value) = HeaderValue::from_str(&format!("bytes {first}-{last}/{whole}")) {
                response.headers_mut().insert(header::CONTENT_RANGE, value);
            }
            response
        }
        None => Response::new(media.bytes),
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media.content_type));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// First and last byte of `bytes=a-b`, `bytes=a-` or `bytes=-n`; `None` for what cannot be given in one part.
fn parse_range(text: &str, whole: usize) -> Option<(usize, usize)> {
    let end = whole.checked_sub(1)?;
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    let (first, last) = match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(first), Ok(last)) => (first, last.min(end)),
        (Ok(first), Err(_)) if last.is_empty() => (first, end),
        (Err(_), Ok(length)) if first.is_empty() => (whole.saturating_sub(length), end),
        _ => return None,
    };
    (first <= last).then_some((first, last))
}

fn empty(status: StatusCode) -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(label: &str, method: Method, uri: &str) -> Result<Wanted, StatusCode> {
        let request = Request::builder().method(method).uri(uri).body(Vec::new());
        wanted(label, &request.expect("a request"))
    }

    #[test]
    fn only_the_window_may_read_and_only_by_number() {
        let own = window::LABEL;
        let uri = "tern-media://localhost/17";
        assert_eq!(
            asked(own, Method::GET, uri),
            Ok(Wanted::File(AttachmentId(17), None))
        );
        assert_eq!(
            asked(own, Method::GET, "tern-media://localhost/17?side=320"),
            Ok(Wanted::File(AttachmentId(17), Some(320)))
        );
        let picture = PictureId("00ff".to_owned());
        assert_eq!(
            asked(own, Method::GET, "tern-media://localhost/picture/00ff"),
            Ok(Wanted::Picture(picture))
        );
        assert_eq!(asked("other", Method::GET, uri), Err(StatusCode::FORBIDDEN));
        assert_eq!(asked(own, Method::POST, uri), Err(StatusCode::METHOD_NOT_ALLOWED));
        for uri in [
            "/",
            "/../etc/passwd",
            "/1/2",
            "/99999999999999999999",
            "/1?side=-1",
            "/1?path=/etc",
        ] {
            let uri = format!("tern-media://localhost{uri}");
            assert_eq!(asked(own, Method::GET, &uri), Err(StatusCode::NOT_FOUND), "{uri}");
        }
    }

    #[test]
    fn players_get_the_range_they_ask_for() {
        let answer = |range: &'static str| {
            let media = Media {
                bytes: b"0123456789".to_vec(),
                content_type: "audio/ogg",
            };
            let response = part(media, Some(&HeaderValue::from_static(range)));
            let text = String::from_utf8(response.body().clone()).expect("digits");
            (response.status().as_u16(), text)
        };
        assert_eq!(answer("bytes=2-4"), (206, "234".to_owned()));
        assert_eq!(answer("bytes=8-"), (206, "89".to_owned()));
        assert_eq!(answer("bytes=-3"), (206, "789".to_owned()));
        assert_eq!(answer("bytes=5-99"), (206, "56789".to_owned()));
        for whole in [
            "bytes=9-2",
            "bytes=20-30",
            "bytes=0-1,3-4",
            "lines=1-2",
            "bytes=-",
        ] {
            assert_eq!(answer(whole), (200, "0123456789".to_owned()), "{whole}");
        }
    }
}
