//! The first bytes of a transfer with a file server over QUIC.
//!
//! Each transfer is a stream of its own that begins with `<decimal length>:` and a bencoded dictionary of that length:
//!
//! ```text
//! {"!": "PUT", "s": size in bytes, "t": time to live in seconds (optional)}    the file follows
//! {"!": "GET", "#": id}                                                         nothing follows
//! ```
//!
//! Spec: attachments §2 (ATT-15)

use super::FileId;
use crate::bencode::{self, Limits, Value};

/// Longest dictionary that is read, in bytes.
const LONGEST: usize = 1_024;

/// What a stream is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuicCommand {
    /// The file follows.
    Put {
        /// Its size in bytes.
        size: u64,
        /// How long to keep it, in seconds.
        ttl_s: Option<u64>,
    },
    /// The server is to send a file.
    Get(FileId),
}

/// Why bytes are no command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QuicCommandError {
    /// More bytes are needed.
    #[error("more bytes are needed")]
    Incomplete,
    /// Not a dictionary with a length in front, or a field is missing or wrong.
    #[error("the command is malformed")]
    Malformed,
    /// A command of another name.
    #[error("an unknown command")]
    Unknown,
}

impl QuicCommand {
    /// Writes the command, its length in front.
    pub fn encode(&self) -> Vec<u8> {
        let dict = match self {
            Self::Put { size, ttl_s } => {
                let dict = Value::dict().with("!", "PUT").with("s", *size);
                match ttl_s {
                    Some(ttl_s) => dict.with("t", *ttl_s),
                    None => dict,
                }
            }
            Self::Get(id) => Value::dict().with("!", "GET").with("#", id.as_str()),
        };
        Value::from(dict.to_bytes()).to_bytes()
    }

    /// Reads a command from the first bytes of a stream; also gives what follows it.
    ///
    /// # Errors
    /// [`QuicCommandError`]
    pub fn parse(stream: &[u8]) -> Result<(Self, &[u8]), QuicCommandError> {
        let (dict, rest) = split_block(stream)?;
        let dict = bencode::parse(dict, Limits::default()).map_err(|_| QuicCommandError::Malformed)?;
        let command = match dict.get("!").and_then(Value::as_text) {
            Some("PUT") => Self::Put {
                size: dict
                    .get("s")
                    .and_then(Value::as_integer)
                    .ok_or(QuicCommandError::Malformed)?,
                ttl_s: match dict.get("t") {
                    None => None,
                    Some(ttl_s) => Some(ttl_s.as_integer().ok_or(QuicCommandError::Malformed)?),
                },
            },
            Some("GET") => dict
                .get("#")
                .and_then(Value::as_text)
                .and_then(|id| FileId::parse(id).ok())
                .map(Self::Get)
                .ok_or(QuicCommandError::Malformed)?,
            Some(_) => return Err(QuicCommandError::Unknown),
            None => return Err(QuicCommandError::Malformed),
        };
        Ok((command, rest))
    }
}

/// Splits `<decimal length>:<that many bytes>` from what follows.
fn split_block(stream: &[u8]) -> Result<(&[u8], &[u8]), QuicCommandError> {
    let digits = stream.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (len, rest) = stream.split_at_checked(digits).unwrap_or_default();
    let len = std::str::from_utf8(len)
        .ok()
        .and_then(|len| len.parse::<usize>().ok());
    match (len, rest.split_first()) {
        (Some(len), Some((b':', rest))) if len <= LONGEST => {
            rest.split_at_checked(len).ok_or(QuicCommandError::Incomplete)
        }
        (Some(len), None) if len <= LONGEST => Err(QuicCommandError::Incomplete),
        (None, _) if stream.is_empty() => Err(QuicCommandError::Incomplete),
        _ => Err(QuicCommandError::Malformed),
    }
}

#[cfg(test)]
#[path = "quic/quic_tests.rs"]
mod tests;
