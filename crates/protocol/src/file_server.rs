//! The file server: where encrypted files wait to be fetched, what it is asked and what it answers.
//!
//! Owns the URL of a file ([`FileUrl`]), the requests ([`FileRequest`]) and the answers ([`Uploaded`], [`FileInfo`]), as
//! a client writes and a server reads them, and the other way round. Does not know how a request travels (an onion
//! request of version 4, or plain HTTP) nor how a file is encrypted (that is [`attachment`](crate::attachment)). A file
//! id is an opaque string to clients; only a server computes one.
//!
//! Spec: attachments §1 to §3 (ATT-01 to ATT-19)

mod file_id;
mod quic;
mod replies;
mod requests;
mod url;
mod version;

pub use file_id::{FileId, FileIdError, FileIdHasher};
pub use quic::{QuicCommand, QuicCommandError};
pub use replies::{FileInfo, FileServerError, Uploaded, downloaded, file_reply, legacy_file_reply, refusal};
pub use requests::{FileRequest, FileRequestError, LARGEST_UPLOAD};
pub use url::{
    DEFAULT_SERVER_ED25519, DEFAULT_SERVER_HOST, FileEncryption, FileServer, FileUrl, FileUrlError,
    ServerKeyError, UnknownServer,
};
pub use version::{Platform, ReleaseChannel, VersionAuth, VersionAuthError, VersionReply};
