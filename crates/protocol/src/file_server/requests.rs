//! What a file server is asked.
//!
//! ```text
//! POST /file              body = the file; X-FS-TTL: seconds (optional)
//! GET  /file/ID
//! GET  /file/ID/info
//! POST /file/ID/extend    X-FS-TTL: seconds (optional)
//! GET  /session_version?platform=NAME[&release_channel=NAME]
//! POST /files             {"file": base64}          old clients only
//! GET  /files/ID                                     old clients only
//! ```
//!
//! Spec: attachments §2 (ATT-09, ATT-13 to ATT-15)

use std::collections::BTreeMap;

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};

use super::FileId;
use super::version::{Platform, ReleaseChannel};
use crate::onion::ServerRequest;

/// Most bytes that the network's server takes, encrypted and padded. Spec: attachments §2 (ATT-13)
pub const LARGEST_UPLOAD: usize = 10_223_616;

const TTL_HEADER: &str = "X-FS-TTL";
const BINARY: &str = "application/octet-stream";
const FORM: &str = "application/x-www-form-urlencoded";

/// A request to a file server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileRequest {
    /// Keep these bytes.
    Upload {
        /// The encrypted file.
        file: Vec<u8>,
        /// How long to keep it, in seconds; `None` for as long as the server keeps files by itself.
        ttl_s: Option<u64>,
    },
    /// Give a file.
    Download(FileId),
    /// Say how large a file is and until when it is kept.
    Info(FileId),
    /// Keep a file for longer.
    Extend {
        /// The file.
        id: FileId,
        /// How long from the time of the request, in seconds; `None` as for uploads.
        ttl_s: Option<u64>,
    },
    /// Name the newest release of the official application.
    Version {
        /// On which system.
        platform: Platform,
        /// Of which kind; `None` for stable ones.
        channel: Option<ReleaseChannel>,
    },
    /// Keep these bytes, in the form of old clients; the answer is [`Uploaded::to_legacy_reply`](super::Uploaded).
    LegacyUpload(Vec<u8>),
    /// Give a file, in the form of old clients.
    LegacyDownload(FileId),
}

/// Why a server cannot make sense of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FileRequestError {
    /// No such path, or nothing that could have such an id.
    #[error("no such path")]
    NotFound,
    /// The path takes another method.
    #[error("the path takes another method")]
    Method,
    /// `X-FS-TTL` is no whole number of seconds.
    #[error("the time to live is no number")]
    Ttl,
    /// The body of an old client's upload is not the JSON that it should be.
    #[error("the body is malformed")]
    Body,
}

impl FileRequestError {
    /// The HTTP status that tells a client so.
    pub const fn status(self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::Method => 405,
            Self::Ttl | Self::Body => 400,
        }
    }
}

#[derive(Serialize, Deserialize)]
struct LegacyBody<'a> {
    #[serde(borrow)]
    file: std::borrow::Cow<'a, str>,
}

impl FileRequest {
    /// Writes the request; an uploaded file is moved, not copied.
    pub fn into_server_request(self) -> ServerRequest {
        let get = |endpoint| ServerRequest {
            method: "GET".to_owned(),
            endpoint,
            headers: BTreeMap::new(),
            body: None,
        };
        let post = |endpoint: String, headers: BTreeMap<String, String>, body| ServerRequest {
            method: "POST".to_owned(),
            endpoint,
            headers,
            body: Some(body),
        };
        match self {
            Self::Upload { file, ttl_s } => {
                let mut headers = ttl_headers(ttl_s);
                headers.insert("Content-Type".to_owned(), BINARY.to_owned());
                headers.insert("Content-Disposition".to_owned(), "attachment".to_owned());
                post("/file".to_owned(), headers, file)
            }
            Self::Download(id) => get(format!("/file/{id}")),
            Self::Info(id) => get(format!("/file/{id}/info")),
            Self::Extend { id, ttl_s } => post(format!("/file/{id}/extend"), ttl_headers(ttl_s), Vec::new()),
            Self::Version { platform, channel } => {
                let channel = channel.map_or_else(String::new, |channel| {
                    format!("&release_channel={}", channel.name())
                });
                get(format!("/session_version?platform={}{channel}", platform.name()))
            }
            Self::LegacyUpload(file) => {
                let file = BASE64.encode(&file).into();
                let body = serde_json::to_vec(&LegacyBody { file }).expect("text always makes JSON");
                let json = ("Content-Type".to_owned(), "application/json".to_owned());
                post("/files".to_owned(), BTreeMap::from([json]), body)
            }
            Self::LegacyDownload(id) => get(format!("/files/{id}")),
        }
    }

    /// Reads a request, as a server does; header names in any case. The size of an upload is not judged.
    ///
    /// A body sent as a form counts as empty. Spec: attachments §2 (ATT-14)
    ///
    /// # Errors
    /// [`FileRequestError`]
    pub fn parse(request: ServerRequest) -> Result<Self, FileRequestError> {
        let ServerRequest {
            method,
            endpoint,
            headers,
            body,
        } = request;
        let (path, query) = endpoint.split_once('?').unwrap_or((&endpoint, ""));
        let mut parts = path.strip_prefix('/').unwrap_or(path).split('/');
        let route = (parts.next().unwrap_or_default(), parts.next(), parts.next());
        if parts.next().is_some() {
            return Err(FileRequestError::NotFound);
        }
        let id = |text| FileId::parse(text).map_err(|_| FileRequestError::NotFound);
        let body = body.unwrap_or_default();
        let (expected, request) = match route {
            ("file", None, None) => ("POST", Self::parse_upload(&headers, body)),
            ("file", Some(name), None) => ("GET", id(name).map(Self::Download)),
            ("file", Some(name), Some("info")) => ("GET", id(name).map(Self::Info)),
            ("file", Some(name), Some("extend")) => ("POST", id(name).and_then(|id| extend(id, &headers))),
            ("session_version", None, None) => ("GET", parse_version(query)),
            ("files", None, None) => ("POST", parse_legacy_upload(&body)),
            ("files", Some(name), None) => ("GET", id(name).map(Self::LegacyDownload)),
            _ => return Err(FileRequestError::NotFound),
        };
        if method == expected {
            request
        } else {
            Err(FileRequestError::Method)
        }
    }

    fn parse_upload(headers: &BTreeMap<String, String>, body: Vec<u8>) -> Result<Self, FileRequestError> {
        let is_form = header(headers, "Content-Type").is_some_and(|kind| kind.starts_with(FORM));
        Ok(Self::Upload {
            file: if is_form { Vec::new() } else { body },
            ttl_s: parse_ttl(headers)?,
        })
    }
}

fn extend(id: FileId, headers: &BTreeMap<String, String>) -> Result<FileRequest, FileRequestError> {
    Ok(FileRequest::Extend {
        id,
        ttl_s: parse_ttl(headers)?,
    })
}

fn parse_version(query: &str) -> Result<FileRequest, FileRequestError> {
    let value = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
    };
    let channel = match value("release_channel") {
        None => None,
        Some(name) => Some(ReleaseChannel::parse(name).ok_or(FileRequestError::NotFound)?),
    };
    Ok(FileRequest::Version {
        platform: value("platform")
            .and_then(Platform::parse)
            .ok_or(FileRequestError::NotFound)?,
        channel,
    })
}

fn parse_legacy_upload(body: &[u8]) -> Result<FileRequest, FileRequestError> {
    let body: LegacyBody<'_> = serde_json::from_slice(body).map_err(|_| FileRequestError::Body)?;
    BASE64
        .decode(body.file.as_bytes())
        .map(FileRequest::LegacyUpload)
        .map_err(|_| FileRequestError::Body)
}

fn ttl_headers(ttl_s: Option<u64>) -> BTreeMap<String, String> {
    ttl_s
        .map(|ttl_s| (TTL_HEADER.to_owned(), ttl_s.to_string()))
        .into_iter()
        .collect()
}

fn parse_ttl(headers: &BTreeMap<String, String>) -> Result<Option<u64>, FileRequestError> {
    let Some(text) = header(headers, TTL_HEADER) else {
        return Ok(None);
    };
    match text.bytes().all(|byte| byte.is_ascii_digit()) {
        true => text.parse().map(Some).map_err(|_| FileRequestError::Ttl),
        false => Err(FileRequestError::Ttl),
    }
}

/// The value of a header, whose name may be written in any case.
pub(super) fn header<'a>(headers: &'a BTreeMap<String, String>, name: &str) -> Option<&'a str> {
    headers
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

#[cfg(test)]
#[path = "requests/requests_tests.rs"]
mod tests;
