//! `tern-media://localhost/<id>`: pictures and files for the page, without passing them through a command.
//!
//! The calling window is checked, and only ids that the engine knows are answered. This version of the contract
//! names no media, so every id is unknown.

use tauri::http::{Method, Request, Response, StatusCode, header};

use crate::window;

/// The scheme's name.
pub(crate) const SCHEME: &str = "tern-media";

/// Answers one request of the window `label`.
pub(crate) fn answer(label: &str, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    if label != window::LABEL {
        return empty(StatusCode::FORBIDDEN);
    }
    if request.method() != Method::GET {
        return empty(StatusCode::METHOD_NOT_ALLOWED);
    }
    empty(StatusCode::NOT_FOUND)
}

fn empty(status: StatusCode) -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("no-store"),
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(label: &str, method: Method) -> StatusCode {
        let request = Request::builder()
            .method(method)
            .uri("tern-media://localhost/1")
            .body(Vec::new());
        answer(label, &request.expect("a request")).status()
    }

    #[test]
    fn another_window_is_refused() {
        assert_eq!(status("other", Method::GET), StatusCode::FORBIDDEN);
    }

    #[test]
    fn an_unknown_id_is_not_found() {
        assert_eq!(status(window::LABEL, Method::GET), StatusCode::NOT_FOUND);
    }

    #[test]
    fn only_reading_is_answered() {
        assert_eq!(
            status(window::LABEL, Method::POST),
            StatusCode::METHOD_NOT_ALLOWED
        );
    }
}
