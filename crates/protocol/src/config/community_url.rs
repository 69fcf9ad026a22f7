//! Addresses of communities, in the one form that all clients compare.
//!
//! ```text
//! full   <base>/<room>?public_key=<key>    also <base>/r/<room>?...
//! base   http or https, "://", host in lower case with a dot in it, ":port" unless it is the usual one
//! room   1 to 64 of a-z 0-9 _ -, compared in lower case
//! key    32 bytes: hex, base64 with or without "=", or z-base-32
//! ```
//!
//! Within a config, rooms stand under `o`: base -> `{ "#": key, "R": { room -> entry } }`. Spec: config §13 (CFG-65 to CFG-67)

use std::sync::LazyLock;

use data_encoding::{BASE64, BASE64_NOPAD, Encoding, HEXLOWER_PERMISSIVE, Specification};

use super::entry::array;
use super::state::Config;
use super::value::{Dict, Scalar, Value};

const COMMUNITIES: &[u8] = b"o";
const ROOMS: &[u8] = b"R";
const KEY: &[u8] = b"#";
const KEY_PARAMETER: &str = "?public_key=";
const MAX_BASE_LEN_BYTES: usize = 267;
const MAX_ROOM_LEN_BYTES: usize = 64;

/// One room of one community server. Two are the same when server and token are.
#[derive(Clone, Debug)]
pub struct CommunityRoom {
    base_url: String,
    name: String,
    token: String,
    key: [u8; 32],
}

/// Why a text is not the address of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CommunityUrlError {
    /// Neither http nor https.
    #[error("a community's address begins with http:// or https://")]
    Scheme,
    /// The host is none.
    #[error("the address has no usable host")]
    Host,
    /// The port is none.
    #[error("the address has no usable port")]
    Port,
    /// Something stands behind the host that does not belong there, or the address is too long.
    #[error("the address has something behind its host")]
    Trailing,
    /// The room is none.
    #[error("the room has characters that no room has, none, or too many")]
    Room,
    /// The key is missing or none.
    #[error("the server's key is missing or none")]
    Key,
}

impl CommunityRoom {
    /// Takes a full address apart.
    ///
    /// # Errors
    /// [`CommunityUrlError`].
    pub fn parse(url: &str) -> Result<Self, CommunityUrlError> {
        let (place, key) = url.rsplit_once(KEY_PARAMETER).ok_or(CommunityUrlError::Key)?;
        let key = parse_key(key).ok_or(CommunityUrlError::Key)?;
        let (base, room) = place
            .rsplit_once("/r/")
            .or_else(|| place.rsplit_once('/'))
            .ok_or(CommunityUrlError::Room)?;
        Self::new(base, room, key)
    }

    /// A room by its parts; `name` as its maker wrote it.
    ///
    /// # Errors
    /// [`CommunityUrlError`].
    pub fn new(base_url: &str, name: &str, key: [u8; 32]) -> Result<Self, CommunityUrlError> {
        Ok(Self {
            base_url: canonical_base_url(base_url)?,
            token: canonical_room(name)?,
            name: name.to_owned(),
            key,
        })
    }

    /// Server, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The room in lower case.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The room as its maker wrote it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The server's X25519 key.
    pub const fn key(&self) -> &[u8; 32] {
        &self.key
    }

    /// The full address.
    pub fn url(&self) -> String {
        let key = data_encoding::HEXLOWER.encode(&self.key);
        format!("{}/{}{KEY_PARAMETER}{key}", self.base_url, self.token)
    }
}

impl PartialEq for CommunityRoom {
    fn eq(&self, other: &Self) -> bool {
        (&self.base_url, &self.token) == (&other.base_url, &other.token)
    }
}

impl Eq for CommunityRoom {}

impl PartialOrd for CommunityRoom {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for CommunityRoom {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (&self.base_url, &self.token).cmp(&(&other.base_url, &other.token))
    }
}

fn canonical_base_url(url: &str) -> Result<String, CommunityUrlError> {
    let (scheme, rest) = url.split_once("://").ok_or(CommunityUrlError::Scheme)?;
    let scheme = scheme.to_ascii_lowercase();
    let usual_port = match scheme.as_str() {
        "http" => 80,
        "https" => 443,
        _ => return Err(CommunityUrlError::Scheme),
    };
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let end = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.')))
        .unwrap_or(rest.len());
    let (host, behind) = rest.split_at_checked(end).ok_or(CommunityUrlError::Host)?;
    let host = host.to_ascii_lowercase();
    if host.len() < 4 || !host.contains('.') || host.split('.').any(str::is_empty) {
        return Err(CommunityUrlError::Host);
    }
    let port = match behind.strip_prefix(':') {
        Some(port) if port.bytes().all(|byte| byte.is_ascii_digit()) => {
            port.parse::<u16>().map_err(|_| CommunityUrlError::Port)?
        }
        Some(_) => return Err(CommunityUrlError::Port),
        None if behind.is_empty() => 0,
        None => return Err(CommunityUrlError::Trailing),
    };
    let base = if port == 0 || port == usual_port {
        format!("{scheme}://{host}")
    } else {
        format!("{scheme}://{host}:{port}")
    };
    if base.len() > MAX_BASE_LEN_BYTES {
        return Err(CommunityUrlError::Trailing);
    }
    Ok(base)
}

fn canonical_room(room: &str) -> Result<String, CommunityUrlError> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if room.is_empty() || room.len() > MAX_ROOM_LEN_BYTES || !room.bytes().all(is_allowed) {
        return Err(CommunityUrlError::Room);
    }
    Ok(room.to_ascii_lowercase())
}

fn parse_key(text: &str) -> Option<[u8; 32]> {
    let bytes = match text.len() {
        64 => HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?,
        43 => BASE64_NOPAD.decode(text.as_bytes()).ok()?,
        44 => BASE64.decode(text.as_bytes()).ok()?,
        52 => Z_BASE_32.decode(text.as_bytes()).ok()?,
        _ => return None,
    };
    bytes.try_into().ok()
}

/// The last four of the 260 bits are no part of the 32 bytes.
static Z_BASE_32: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification.symbols.push_str("ybndrfg8ejkmcpqxot1uwisza345h769");
    specification.translate.from.push_str("ABCDEFGHIJKMNOPQRSTUWXYZ");
    specification.translate.to.push_str("abcdefghijkmnopqrstuwxyz");
    specification.check_trailing_bits = false;
    specification.encoding().expect("32 symbols are an encoding")
});

/// Every room of a config, with its entry. What cannot be an address is passed over, and kept.
pub(super) fn rooms(config: &Config) -> impl Iterator<Item = (CommunityRoom, &Dict)> {
    let servers = config.get(&[COMMUNITIES]).and_then(Value::as_dict);
    servers.into_iter().flatten().flat_map(|(base_url, server)| {
        let server = server.as_dict();
        let key = server.and_then(|server| array::<32>(server, "#"));
        let rooms = server
            .and_then(|server| server.get(ROOMS))
            .and_then(Value::as_dict);
        rooms.into_iter().flatten().filter_map(move |(token, entry)| {
            let dict = entry.as_dict()?;
            let written = dict.get(b"n".as_slice()).and_then(Value::as_bytes);
            let base_url = std::str::from_utf8(base_url).ok()?;
            let room = [written.unwrap_or(token), token]
                .into_iter()
                .find_map(|name| CommunityRoom::new(base_url, std::str::from_utf8(name).ok()?, key?).ok())?;
            Some((room, dict))
        })
    })
}

/// Writes the key of a room's server.
pub(super) fn set_server_key(config: &mut Config, room: &CommunityRoom) {
    let path = [COMMUNITIES, room.base_url.as_bytes(), KEY];
    config.set(&path, Value::Scalar(Scalar::Bytes(room.key.to_vec())));
}

/// Removes a room, and with its last room the server. Returns whether it was there.
pub(super) fn erase_room(config: &mut Config, room: &CommunityRoom) -> bool {
    let server: [&[u8]; 2] = [COMMUNITIES, room.base_url.as_bytes()];
    let [communities, base_url] = server;
    let existed = config.remove(&[communities, base_url, ROOMS, room.token.as_bytes()]);
    let rooms = config
        .get(&[communities, base_url, ROOMS])
        .and_then(Value::as_dict);
    if existed && rooms.is_none_or(Dict::is_empty) {
        config.remove(&server);
    }
    existed
}

#[cfg(test)]
#[path = "community_url_tests.rs"]
mod tests;
