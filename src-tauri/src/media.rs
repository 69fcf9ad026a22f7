//! `tern-media://localhost/<id>[?side=<pixels>]`: pictures for the page, without passing them through a command;
//! `tern-media://localhost/picture/<id>`: pictures of people.
//!
//! The calling window is checked, and only ids that the engine knows are answered. Pictures come decoded and encoded anew
//! by the engine.

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
        Ok(media) => whole(media),
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

fn whole(media: Media) -> Response<Vec<u8>> {
    let mut response = Response::new(media.bytes);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media.content_type));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
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
}
