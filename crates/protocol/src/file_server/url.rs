//! URLs of files: where a file is, whose key its server has, and how it is encrypted.
//!
//! ```text
//! http[s]://HOST[:PORT]/file/ID[#FLAGS]      FLAGS: p=<64 hex digits> and d, joined by '&' in any order
//! ```
//!
//! The flags are never sent to a server. The file's key is not in the URL; it travels beside it.
//!
//! Spec: attachments §1 (ATT-01 to ATT-08)

use std::fmt;

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};

use super::FileId;
use crate::account::{ForeignKeyError, x25519_from_ed25519};
use crate::onion::{Protocol, ServerDestination};

/// Host of the server that clients use unless told otherwise.
pub const DEFAULT_SERVER_HOST: &str = "filev2.getsession.org";

/// Ed25519 key of that server and of its siblings, 32 bytes.
pub const DEFAULT_SERVER_ED25519: [u8; 32] = [
    0xb8, 0xee, 0xf9, 0x82, 0x14, 0x45, 0xae, 0x16, 0xe2, 0xe9, 0x7e, 0xf8, 0xaa, 0x6f, 0xe7, 0x82, 0xfd,
    0x11, 0xad, 0x52, 0x53, 0xcd, 0x67, 0x23, 0xb2, 0x81, 0x34, 0x1d, 0xba, 0x22, 0xe3, 0x71,
];

/// Hosts below this domain have the default key when a URL names none. Spec: attachments §1 (ATT-05)
const DEFAULT_DOMAIN: &str = ".getsession.org";

/// Longest URL that is read. Pictures in profiles may have 223 bytes; attachments' URLs are not much longer.
const LONGEST_URL: usize = 2_048;

/// How a file is encrypted. The URL says so, not the length of the key. Spec: attachments §1 (ATT-03)
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileEncryption {
    /// AES-CBC with a MAC (attachments) or AES-GCM (profile pictures), under a random key.
    Legacy,
    /// The deterministic stream, marked by `d`.
    Stream,
}

/// A URL of a file, taken apart; its server need not be known yet.
///
/// [`fmt::Display`] writes it: no port where it is the protocol's own, `p` before `d`, no `p` for the default key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileUrl {
    protocol: Protocol,
    host: String,
    port: u16,
    id: FileId,
    server_key: Option<[u8; 32]>,
    encryption: FileEncryption,
}

/// Why text is no URL of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FileUrlError {
    /// Longer than any client writes.
    #[error("the URL is too long")]
    TooLong,
    /// Neither `http` nor `https`.
    #[error("neither http nor https")]
    Protocol,
    /// No host, a user name, or a character that hosts do not have.
    #[error("not a host")]
    Host,
    /// The port is not a number from 1 to 65535.
    #[error("not a port")]
    Port,
    /// The path is not `/file/` and an id.
    #[error("the path is not that of a file")]
    Path,
    /// `p` is not 64 hex digits, or stands there twice.
    #[error("the server's key is malformed")]
    ServerKey,
}

/// A server without a key in the URL that is not known either. Spec: attachments §1 (ATT-05)
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnknownServer {
    /// No key is given and the host is none of the default server's.
    #[error("the server's key is not known")]
    NoKey,
    /// The given key is no key that a server can have.
    #[error(transparent)]
    Key(#[from] ServerKeyError),
}

/// An Ed25519 key with which no request can be encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the server's key is unusable")]
pub struct ServerKeyError(#[from] ForeignKeyError);

/// A file server that can be asked: its address and both forms of its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileServer {
    protocol: Protocol,
    host: String,
    port: u16,
    ed25519: [u8; 32],
    x25519: [u8; 32],
}

impl FileUrl {
    /// Parses a URL. Unknown flags and a slash at the end are ignored, `/files/` counts as `/file/`, and `d=` as `d`.
    ///
    /// # Errors
    /// [`FileUrlError`]
    pub fn parse(text: &str) -> Result<Self, FileUrlError> {
        if text.len() > LONGEST_URL {
            return Err(FileUrlError::TooLong);
        }
        let (address, flags) = text.split_once('#').unwrap_or((text, ""));
        let (protocol, rest) = split_protocol(address)?;
        let (authority, path) = rest.split_once('/').ok_or(FileUrlError::Path)?;
        let (host, port) = split_port(authority)?;
        let id = path
            .strip_prefix("file/")
            .or_else(|| path.strip_prefix("files/"))
            .map(|id| id.strip_suffix('/').unwrap_or(id))
            .and_then(|id| FileId::parse(id).ok())
            .ok_or(FileUrlError::Path)?;
        let (server_key, encryption) = parse_flags(flags)?;
        Ok(Self {
            protocol,
            host: host.to_ascii_lowercase(),
            port: port.unwrap_or(own_port(protocol)),
            id,
            server_key: server_key.filter(|key| *key != DEFAULT_SERVER_ED25519),
            encryption,
        })
    }

    /// The URL of a file that only has a number, as very old messages do. Spec: attachments §1 (ATT-07)
    pub fn of_number(number: u64) -> Self {
        FileServer::main().url(number.into(), FileEncryption::Legacy)
    }

    /// The same file with another way of encryption; for building, as parsing never needs it.
    #[must_use]
    pub fn with_encryption(self, encryption: FileEncryption) -> Self {
        Self { encryption, ..self }
    }

    /// The protocol to reach the server with.
    pub const fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// The host, in lower case, without the port; IPv6 addresses in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, also where the URL leaves it out.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The file's name on its server.
    pub const fn id(&self) -> &FileId {
        &self.id
    }

    /// The Ed25519 key in the URL; `None` where none is given and for the default one.
    pub const fn server_key(&self) -> Option<&[u8; 32]> {
        self.server_key.as_ref()
    }

    /// How the file is encrypted.
    pub const fn encryption(&self) -> FileEncryption {
        self.encryption
    }

    /// The server to ask for the file. Spec: attachments §1 (ATT-04, ATT-05)
    ///
    /// # Errors
    /// [`UnknownServer`]: such a file cannot be fetched.
    pub fn server(&self) -> Result<FileServer, UnknownServer> {
        let ed25519 = match self.server_key {
            Some(key) => key,
            None if self.host.ends_with(DEFAULT_DOMAIN) => DEFAULT_SERVER_ED25519,
            None => return Err(UnknownServer::NoKey),
        };
        let server = FileServer::with_key(self.protocol, self.host.clone(), self.port, ed25519)?;
        Ok(server)
    }
}

impl fmt::Display for FileUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.protocol.name(), self.host)?;
        if self.port != own_port(self.protocol) {
            write!(f, ":{}", self.port)?;
        }
        write!(f, "/file/{}", self.id)?;
        let stream = self.encryption == FileEncryption::Stream;
        match (&self.server_key, stream) {
            (None, false) => Ok(()),
            (None, true) => f.write_str("#d"),
            (Some(key), false) => write!(f, "#p={}", HEXLOWER.encode(key)),
            (Some(key), true) => write!(f, "#p={}&d", HEXLOWER.encode(key)),
        }
    }
}

impl FileServer {
    /// The server that clients use unless told otherwise.
    pub fn main() -> Self {
        Self::with_key(
            Protocol::Http,
            DEFAULT_SERVER_HOST.to_owned(),
            own_port(Protocol::Http),
            DEFAULT_SERVER_ED25519,
        )
        .expect("the default key is sound")
    }

    /// A server by its base URL, `http[s]://HOST[:PORT]` with nothing but a slash behind it, and its Ed25519 key.
    ///
    /// # Errors
    /// [`FileUrlError`]; [`FileUrlError::ServerKey`] also for keys that no server can have.
    pub fn parse(base_url: &str, ed25519: [u8; 32]) -> Result<Self, FileUrlError> {
        let (protocol, rest) = split_protocol(base_url)?;
        let (host, port) = split_port(rest.strip_suffix('/').unwrap_or(rest))?;
        let port = port.unwrap_or(own_port(protocol));
        Self::with_key(protocol, host.to_ascii_lowercase(), port, ed25519)
            .map_err(|ServerKeyError(_)| FileUrlError::ServerKey)
    }

    fn with_key(
        protocol: Protocol,
        host: String,
        port: u16,
        ed25519: [u8; 32],
    ) -> Result<Self, ServerKeyError> {
        Ok(Self {
            protocol,
            host,
            port,
            ed25519,
            x25519: x25519_from_ed25519(&ed25519)?,
        })
    }

    /// The URL of a file on this server.
    pub fn url(&self, id: FileId, encryption: FileEncryption) -> FileUrl {
        FileUrl {
            protocol: self.protocol,
            host: self.host.clone(),
            port: self.port,
            id,
            server_key: Some(self.ed25519).filter(|key| *key != DEFAULT_SERVER_ED25519),
            encryption,
        }
    }

    /// Where an onion request to this server ends.
    pub fn destination(&self) -> ServerDestination {
        ServerDestination {
            host: self.host.clone(),
            protocol: self.protocol,
            port: self.port,
            x25519: self.x25519,
        }
    }

    /// Its Ed25519 key, 32 bytes.
    pub const fn ed25519(&self) -> &[u8; 32] {
        &self.ed25519
    }

    /// Its X25519 key, 32 bytes, for the onion layer.
    pub const fn x25519(&self) -> &[u8; 32] {
        &self.x25519
    }
}

const fn own_port(protocol: Protocol) -> u16 {
    match protocol {
        Protocol::Http => 80,
        Protocol::Https => 443,
    }
}

fn split_protocol(url: &str) -> Result<(Protocol, &str), FileUrlError> {
    let (scheme, rest) = url.split_once("://").ok_or(FileUrlError::Protocol)?;
    let protocol = [Protocol::Http, Protocol::Https]
        .into_iter()
        .find(|protocol| scheme.eq_ignore_ascii_case(protocol.name()))
        .ok_or(FileUrlError::Protocol)?;
    Ok((protocol, rest))
}

/// Splits `HOST[:PORT]`, where an IPv6 address stands in brackets.
fn split_port(authority: &str) -> Result<(&str, Option<u16>), FileUrlError> {
    let host_len = if authority.starts_with('[') {
        authority.find(']').and_then(|end| end.checked_add(1))
    } else {
        Some(authority.find(':').unwrap_or(authority.len()))
    };
    let (host, port) = host_len
        .and_then(|len| authority.split_at_checked(len))
        .ok_or(FileUrlError::Host)?;
    if !is_host(host) {
        return Err(FileUrlError::Host);
    }
    if port.is_empty() {
        return Ok((host, None));
    }
    let digits = port.strip_prefix(':').ok_or(FileUrlError::Host)?;
    let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    match digits.parse() {
        Ok(port) if port > 0 && all_digits => Ok((host, Some(port))),
        _ => Err(FileUrlError::Port),
    }
}

fn is_host(host: &str) -> bool {
    match host.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            (1..=253).contains(&host.len())
                && !host.starts_with(['.', '-'])
                && host
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
        }
    }
}

fn parse_flags(flags: &str) -> Result<(Option<[u8; 32]>, FileEncryption), FileUrlError> {
    let mut server_key = None;
    let mut encryption = FileEncryption::Legacy;
    for flag in flags.split('&') {
        match flag.split_once('=').unwrap_or((flag, "")) {
            ("d", _) => encryption = FileEncryption::Stream,
            ("p", hex) => {
                let key = HEXLOWER_PERMISSIVE
                    .decode(hex.as_bytes())
                    .ok()
                    .and_then(|key| <[u8; 32]>::try_from(key).ok())
                    .filter(|_| server_key.is_none())
                    .ok_or(FileUrlError::ServerKey)?;
                server_key = Some(key);
            }
            _ => {}
        }
    }
    Ok((server_key, encryption))
}

#[cfg(test)]
#[path = "url/url_tests.rs"]
mod tests;
