//! A file server: keeps encrypted attachments and pictures for a while, for whoever knows their names.
//!
//! ```text
//! relay ──HTTP──▶ http ──▶ onion ──▶ FileServer::handle      POST /oxen/v4/lsrpc, the path of every private client
//! client ─HTTP──▶ http ──▶ transfer ──▶ archive              POST /file, GET /file/ID: streamed
//!                  └─────▶ FileServer::handle                everything else
//! ```
//!
//! [`FileServer`] answers requests and does no network I/O of its own, so that a simulated network can ask it; a
//! [`FileHost`] puts it on a port. It knows neither who uploads nor what: files are encrypted before they come, and a
//! relay carries them. Invariant: what was promised an id is whole, on the disk, and served until it expires.
//! Spec: file_server (FIL-01 to FIL-42)

mod archive;
mod host;
mod http;
mod onion;
mod transfer;

use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use protocol::TimestampMs;
use protocol::file_server::{
    FileInfo, FileRequest, FileRequestError, LARGEST_UPLOAD, Uploaded, VersionAuth, VersionAuthError,
    file_reply, legacy_file_reply, refusal,
};
use protocol::onion::{ServerReply, ServerRequest};

use crate::identity::NodeIdentity;
use archive::{Archive, Content};

pub use archive::ArchiveError;
pub use host::{FileHost, FileHostConfig, FileHostError};
pub use onion::OnionAnswer;

/// What a server keeps, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileLimits {
    /// Largest file in bytes. Spec: file_server §3 (FIL-10)
    pub max_file_len: u64,
    /// Most bytes of all files, each counted in whole blocks of 4 KiB.
    pub max_total_len: u64,
    /// How long a file stays unless its uploader says otherwise.
    pub lifetime: Duration,
    /// The longest that an uploader may ask for; `None` has nobody ask. Spec: file_server §3 (FIL-12)
    pub max_lifetime: Option<Duration>,
}

/// The header with an uploader's wish, in lower case. Spec: file_server §3 (FIL-12)
const TTL_HEADER: &str = "x-fs-ttl";
/// 9999-12-31T23:59:59Z: HTTP has no form for later dates.
const LAST_DATE: Duration = Duration::from_secs(253_402_300_799);
/// 14 days.
const LIFETIME: Duration = Duration::from_secs(14 * 24 * 60 * 60);

impl Default for FileLimits {
    /// As the deployed network: 10,223,616 bytes, which 10,000,000 bytes take when padded and encrypted, for 14 days; and
    /// 10 GiB in all.
    fn default() -> Self {
        Self {
            max_file_len: u64::try_from(LARGEST_UPLOAD).unwrap_or(u64::MAX),
            max_total_len: 10 * 1024 * 1024 * 1024,
            lifetime: LIFETIME,
            max_lifetime: Some(LIFETIME),
        }
    }
}

/// Answers requests about files. Calls block on the disk.
pub struct FileServer {
    identity: Arc<NodeIdentity>,
    archive: Arc<Archive>,
}

impl FileServer {
    /// Opens the files of a folder, which belongs to one server at a time.
    ///
    /// # Errors
    /// [`ArchiveError::Disk`], [`ArchiveError::Index`]
    pub fn open(
        identity: Arc<NodeIdentity>,
        folder: &Path,
        limits: FileLimits,
    ) -> Result<Self, ArchiveError> {
        let archive = Archive::open(folder, limits)?;
        Ok(Self { identity, archive })
    }

    /// A server whose files are gone when it is dropped.
    ///
    /// # Errors
    /// [`ArchiveError::Index`] when SQLite has no memory.
    pub fn in_memory(identity: Arc<NodeIdentity>, limits: FileLimits) -> Result<Self, ArchiveError> {
        let archive = Archive::in_memory(limits)?;
        Ok(Self { identity, archive })
    }

    /// The keys that requests are encrypted to.
    pub fn identity(&self) -> &NodeIdentity {
        &self.identity
    }

    /// Answers one request, whichever way it came. Spec: file_server §3 (FIL-10 to FIL-17)
    pub fn handle(&self, now: TimestampMs, request: ServerRequest) -> ServerReply {
        // Only who asks for releases may sign, and what was signed is the request as it came.
        let signed = request.endpoint.starts_with("/session_version");
        let signed = signed.then(|| request.clone());
        match self.parse(request) {
            Ok(FileRequest::Version { .. }) => version_reply(now, signed.as_ref()),
            Ok(request) => self
                .answer(now, request)
                .unwrap_or_else(|error| refusal(error.status())),
            Err(error) => refusal(error.status()),
        }
    }

    /// Reads a request; the wish for a lifetime is passed over where nobody is to have one.
    fn parse(&self, mut request: ServerRequest) -> Result<FileRequest, FileRequestError> {
        if self.archive.limits().max_lifetime.is_none() {
            request
                .headers
                .retain(|name, _| !name.eq_ignore_ascii_case(TTL_HEADER));
        }
        FileRequest::parse(request)
    }

    /// Forgets what has expired.
    ///
    /// # Errors
    /// [`ArchiveError::Index`]
    pub fn clean_up(&self, now: TimestampMs) -> Result<(), ArchiveError> {
        self.archive.clean_up(now)
    }

    fn answer(&self, now: TimestampMs, request: FileRequest) -> Result<ServerReply, ArchiveError> {
        let archive = &self.archive;
        match request {
            FileRequest::Upload { file, ttl_s } => {
                let lifetime = archive.limits().lifetime_of(ttl_s);
                Ok(self.keep(now, &file, lifetime)?.to_reply())
            }
            FileRequest::LegacyUpload(file) => {
                let lifetime = archive.limits().lifetime_of(None);
                Ok(self.keep(now, &file, lifetime)?.to_legacy_reply())
            }
            FileRequest::Download(id) => {
                let (info, content) = archive.open_file(now, &id)?;
                let mut reply = file_reply(read(&info, content)?);
                reply
                    .headers
                    .insert("expires".to_owned(), http_date(info.expires));
                Ok(reply)
            }
            FileRequest::LegacyDownload(id) => {
                let (info, content) = archive.open_file(now, &id)?;
                Ok(legacy_file_reply(&read(&info, content)?))
            }
            FileRequest::Info(id) => Ok(archive.info(now, &id)?.to_reply()),
            FileRequest::Extend { id, ttl_s } => {
                let lifetime = archive.limits().lifetime_of(ttl_s)?;
                Ok(archive.extend(now, &id, lifetime)?.to_reply())
            }
            // No release is known.
            FileRequest::Version { .. } => Ok(refusal(502)),
        }
    }

    /// Judges a file by its size before anything else. Spec: file_server §3 (FIL-10)
    fn keep(
        &self,
        now: TimestampMs,
        file: &[u8],
        lifetime: Result<Duration, ArchiveError>,
    ) -> Result<Uploaded, ArchiveError> {
        match u64::try_from(file.len()).unwrap_or(u64::MAX) {
            0 => return Err(ArchiveError::Empty),
            len if len > self.archive.limits().max_file_len => return Err(ArchiveError::TooLarge),
            _ => {}
        }
        let (id, info) = self.archive.keep(now, file, lifetime?)?;
        Ok(Uploaded {
            id,
            uploaded: Some(info.uploaded),
            expires: Some(info.expires),
        })
    }
}

impl FileLimits {
    /// How long a file stays whose uploader asks for so many seconds.
    fn lifetime_of(&self, ttl_s: Option<u64>) -> Result<Duration, ArchiveError> {
        let (Some(ttl_s), Some(longest)) = (ttl_s, self.max_lifetime) else {
            return Ok(self.lifetime);
        };
        Some(Duration::from_secs(ttl_s))
            .filter(|wish| *wish <= longest)
            .ok_or(ArchiveError::Lifetime)
    }
}

/// This server knows of no release, and says so to whoever signs rightly or not at all.
/// Spec: file_server §5 (FIL-30, FIL-31)
fn version_reply(now: TimestampMs, request: Option<&ServerRequest>) -> ServerReply {
    let checked = match request.map(|request| (request, VersionAuth::parse(&request.headers))) {
        None | Some((_, Ok(None))) => Ok(()),
        Some((request, Ok(Some(auth)))) => auth.verify(now, request),
        Some((_, Err(error))) => Err(error),
    };
    match checked {
        Ok(()) => refusal(502),
        Err(error) => unauthorized(error),
    }
}

fn unauthorized(error: VersionAuthError) -> ServerReply {
    text_reply(error.status(), &error.to_string())
}

/// Words about a refusal.
fn text_reply(code: u16, text: &str) -> ServerReply {
    let kind = ("content-type".to_owned(), "text/plain; charset=utf-8".to_owned());
    ServerReply {
        code,
        headers: [kind].into(),
        body: text.as_bytes().to_vec(),
    }
}

/// Reads a whole file.
fn read(info: &FileInfo, content: Content) -> Result<Vec<u8>, ArchiveError> {
    let mut bytes = Vec::with_capacity(usize::try_from(info.size).unwrap_or(0));
    content.take(info.size).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A time as HTTP has it, in whole seconds.
fn http_date(at: TimestampMs) -> String {
    let since = Duration::from_millis(u64::try_from(at.0).unwrap_or(0));
    httpdate::fmt_http_date(UNIX_EPOCH.checked_add(since.min(LAST_DATE)).unwrap_or(UNIX_EPOCH))
}

#[cfg(test)]
#[path = "file_server/file_server_tests.rs"]
mod tests;
