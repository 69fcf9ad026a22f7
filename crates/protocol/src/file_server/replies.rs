//! What a file server answers.
//!
//! ```text
//! upload          {"id": text, "uploaded": s, "expires": s}      both times may be missing
//! info, extend    {"size": bytes, "uploaded": s, "expires": s}
//! old upload      {"status_code": 200, "result": text or number}
//! refusal         {"status_code": status}
//! ```
//!
//! Times are seconds since 1970 with a fraction. Spec: attachments §3 (ATT-16 to ATT-19)

use std::collections::BTreeMap;

use data_encoding::BASE64;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::FileId;
use crate::TimestampMs;
use crate::onion::ServerReply;

/// The end of the year 9999 in seconds: later times are not believed.
const LATEST_S: f64 = 253_402_300_799.0;

/// A file was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uploaded {
    /// Its name.
    pub id: FileId,
    /// When, in the server's time; older servers do not say.
    pub uploaded: Option<TimestampMs>,
    /// Until when it is kept, in the server's time; older servers do not say.
    pub expires: Option<TimestampMs>,
}

/// How large a file is and until when it is kept: the answer to `info` and to `extend`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileInfo {
    /// In bytes, encrypted and padded.
    pub size: u64,
    /// When it was last uploaded, in the server's time.
    pub uploaded: TimestampMs,
    /// Until when it is kept, in the server's time.
    pub expires: TimestampMs,
}

/// Why an answer is not what was asked for. [`FileServerError::is_final`] tells whether to ask again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FileServerError {
    /// The server has no such file: it never had it, or its time is up.
    #[error("the server has no such file")]
    NotFound,
    /// The file is empty or larger than the server takes.
    #[error("the server does not take a file of this size")]
    Size,
    /// Another refusal; its HTTP status.
    #[error("the server answered with status {0}")]
    Refused(u16),
    /// The status is good but the body is not of the expected form.
    #[error("the answer is malformed")]
    Malformed,
}

impl FileServerError {
    /// Whether the same request would meet the same answer. Spec: attachments §3 (ATT-18)
    pub const fn is_final(self) -> bool {
        match self {
            Self::NotFound | Self::Size => true,
            Self::Refused(status) => {
                matches!(status, 400..=499) && !matches!(status, 406 | 408 | 421 | 425 | 429)
            }
            Self::Malformed => false,
        }
    }

    /// Says what a status means; `None` for a good one.
    pub const fn of_status(status: u16) -> Option<Self> {
        match status {
            200..=299 => None,
            404 => Some(Self::NotFound),
            413 => Some(Self::Size),
            other => Some(Self::Refused(other)),
        }
    }
}

/// An id as servers write it: text, or a number in the answers of old ones.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum AnyId {
    Text(String),
    Number(u64),
}

#[derive(Serialize, Deserialize)]
struct UploadedJson {
    id: AnyId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    uploaded: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires: Option<f64>,
}

#[derive(Serialize, Deserialize)]
struct InfoJson {
    size: u64,
    uploaded: f64,
    expires: f64,
}

#[derive(Serialize)]
struct LegacyJson<'a> {
    status_code: u16,
    result: &'a str,
}

impl Uploaded {
    /// Reads the answer to an upload. A time that cannot be one is left out. Spec: attachments §3 (ATT-16)
    ///
    /// # Errors
    /// [`FileServerError`]
    pub fn parse(reply: &ServerReply) -> Result<Self, FileServerError> {
        let json: UploadedJson = parse_json(reply)?;
        let id = match json.id {
            AnyId::Text(text) => FileId::parse(&text).map_err(|_| FileServerError::Malformed)?,
            AnyId::Number(number) => number.into(),
        };
        Ok(Self {
            id,
            uploaded: json.uploaded.and_then(time_from_seconds),
            expires: json.expires.and_then(time_from_seconds),
        })
    }

    /// Writes the answer, as a server does.
    pub fn to_reply(&self) -> ServerReply {
        json_reply(
            200,
            &UploadedJson {
                id: AnyId::Text(self.id.as_str().to_owned()),
                uploaded: self.uploaded.map(to_seconds),
                expires: self.expires.map(to_seconds),
            },
        )
    }

    /// Writes the answer to [`FileRequest::LegacyUpload`](super::FileRequest).
    pub fn to_legacy_reply(&self) -> ServerReply {
        legacy_reply(self.id.as_str())
    }
}

impl FileInfo {
    /// Reads the answer to `info` or `extend`.
    ///
    /// # Errors
    /// [`FileServerError`]
    pub fn parse(reply: &ServerReply) -> Result<Self, FileServerError> {
        let json: InfoJson = parse_json(reply)?;
        Ok(Self {
            size: json.size,
            uploaded: time_from_seconds(json.uploaded).ok_or(FileServerError::Malformed)?,
            expires: time_from_seconds(json.expires).ok_or(FileServerError::Malformed)?,
        })
    }

    /// Writes the answer, as a server does.
    pub fn to_reply(&self) -> ServerReply {
        json_reply(
            200,
            &InfoJson {
                size: self.size,
                uploaded: to_seconds(self.uploaded),
                expires: to_seconds(self.expires),
            },
        )
    }
}

/// The file in the answer to a download; moved, not copied.
///
/// # Errors
/// [`FileServerError`]; [`FileServerError::NotFound`] says that its time is up.
pub fn downloaded(reply: ServerReply) -> Result<Vec<u8>, FileServerError> {
    match FileServerError::of_status(reply.code) {
        None => Ok(reply.body),
        Some(error) => Err(error),
    }
}

/// The answer with a file, as a server writes it.
pub fn file_reply(file: Vec<u8>) -> ServerReply {
    let kind = ("content-type".to_owned(), "application/octet-stream".to_owned());
    ServerReply {
        code: 200,
        headers: BTreeMap::from([kind]),
        body: file,
    }
}

/// The answer with a file to [`FileRequest::LegacyDownload`](super::FileRequest): `result` is base64.
pub fn legacy_file_reply(file: &[u8]) -> ServerReply {
    legacy_reply(&BASE64.encode(file))
}

/// A refusal, as a server writes it.
pub fn refusal(status: u16) -> ServerReply {
    json_reply(status, &BTreeMap::from([("status_code", status)]))
}

fn legacy_reply(result: &str) -> ServerReply {
    json_reply(
        200,
        &LegacyJson {
            status_code: 200,
            result,
        },
    )
}

/// Reads a JSON answer with a good status. Error bodies may be anything and are not looked at.
pub(super) fn parse_json<T: DeserializeOwned>(reply: &ServerReply) -> Result<T, FileServerError> {
    match FileServerError::of_status(reply.code) {
        None => serde_json::from_slice(&reply.body).map_err(|_| FileServerError::Malformed),
        Some(error) => Err(error),
    }
}

pub(super) fn json_reply(code: u16, body: &impl Serialize) -> ServerReply {
    let kind = ("content-type".to_owned(), "application/json".to_owned());
    ServerReply {
        code,
        headers: BTreeMap::from([kind]),
        body: serde_json::to_vec(body).expect("numbers and text always make JSON"),
    }
}

/// A time in seconds, if it lies between 1970 and 9999.
pub(super) fn time_from_seconds(seconds: f64) -> Option<TimestampMs> {
    (0.0..=LATEST_S)
        .contains(&seconds)
        .then(|| TimestampMs((seconds * 1_000.0).round() as i64))
}

/// A time as servers write it. Exact for every time that is read back.
pub(super) fn to_seconds(time: TimestampMs) -> f64 {
    time.0 as f64 / 1_000.0
}

#[cfg(test)]
#[path = "replies/replies_tests.rs"]
mod tests;
