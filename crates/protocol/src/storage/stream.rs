//! Framing of requests and replies on a QUIC stream: a pure codec, without the stream.

use crate::bencode::{self, Limits, Value};

/// Longest message in bytes, without its length.
const MAX_MESSAGE_LEN: usize = 10_000_000;
/// Longest length prefix in characters, with its colon.
const MAX_PREFIX_LEN: usize = 9;

/// One message on a stream. Ids are chosen by the asker and belong to their stream. STO-91.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StreamMessage {
    /// A request.
    Command {
        /// Its id.
        id: i64,
        /// What is asked.
        endpoint: String,
        /// Its parameters.
        body: Vec<u8>,
    },
    /// The answer to a request.
    Reply {
        /// The request's id.
        id: i64,
        /// The answer.
        body: Vec<u8>,
    },
    /// The refusal of a request.
    Error {
        /// The request's id.
        id: i64,
        /// What is wrong.
        body: Vec<u8>,
    },
}

/// Why a stream cannot be read any further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// The length is not made of digits, or too long.
    #[error("malformed length")]
    Length,
    /// The message is longer than 10,000,000 bytes.
    #[error("message is too long")]
    TooLong,
    /// The message is not strict bencode.
    #[error("malformed bencode: {0}")]
    Bencode(#[from] bencode::Error),
    /// The message is not a command, reply or error.
    #[error("not a command, reply or error")]
    Shape,
}

impl StreamMessage {
    /// Encodes the message with its length:
    ///
    /// ```text
    /// decimal length || ":" || ["C", id, endpoint, body] | ["R", id, body] | ["E", id, body]
    /// ```
    ///
    /// Spec: storage §14 (STO-90, STO-91).
    pub fn encode(&self) -> Vec<u8> {
        let items = match self {
            Self::Command { id, endpoint, body } => {
                vec![
                    Value::from("C"),
                    Value::from(*id),
                    Value::from(endpoint.as_str()),
                    Value::from(body.as_slice()),
                ]
            }
            Self::Reply { id, body } => {
                vec![Value::from("R"), Value::from(*id), Value::from(body.as_slice())]
            }
            Self::Error { id, body } => {
                vec![Value::from("E"), Value::from(*id), Value::from(body.as_slice())]
            }
        };
        let list = Value::List(items).to_bytes();
        let mut out = format!("{}:", list.len()).into_bytes();
        out.extend_from_slice(&list);
        out
    }

    fn parse(bytes: &[u8]) -> Result<Self, StreamError> {
        let list = bencode::parse(
            bytes,
            Limits {
                max_len_bytes: MAX_MESSAGE_LEN,
                max_depth: 1,
            },
        )?;
        Self::from_items(list.as_list().ok_or(StreamError::Shape)?).ok_or(StreamError::Shape)
    }

    fn from_items(items: &[Value<'_>]) -> Option<Self> {
        match items {
            [kind, id, endpoint, body] if kind.as_bytes()? == b"C" => Some(Self::Command {
                id: id.as_integer()?,
                endpoint: endpoint.as_text()?.to_owned(),
                body: body.as_bytes()?.to_vec(),
            }),
            [kind, id, body] => {
                let (id, body) = (id.as_integer()?, body.as_bytes()?.to_vec());
                match kind.as_bytes()? {
                    b"R" => Some(Self::Reply { id, body }),
                    b"E" => Some(Self::Error { id, body }),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

/// Takes messages off a stream of bytes that arrive in any pieces.
///
/// Push bytes with [`StreamDecoder::handle_bytes`], then take messages with [`StreamDecoder::poll_message`] until there
/// is none. After an error the stream is beyond repair: close it.
#[derive(Debug, Default)]
pub struct StreamDecoder {
    buffer: Vec<u8>,
}

impl StreamDecoder {
    /// Adds what arrived.
    pub fn handle_bytes(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole message, or `None` until more bytes arrive.
    ///
    /// # Errors
    /// [`StreamError`]. Spec: storage §14 (STO-90).
    pub fn poll_message(&mut self) -> Result<Option<StreamMessage>, StreamError> {
        let prefix = self
            .buffer
            .iter()
            .take(MAX_PREFIX_LEN)
            .position(|byte| *byte == b':');
        let Some(colon) = prefix else {
            let is_number = self.buffer.iter().all(u8::is_ascii_digit);
            return if is_number && self.buffer.len() < MAX_PREFIX_LEN {
                Ok(None)
            } else {
                Err(StreamError::Length)
            };
        };
        let digits = self.buffer.get(..colon).unwrap_or_default();
        let len = parse_len(digits).ok_or(StreamError::Length)?;
        if len > MAX_MESSAGE_LEN {
            return Err(StreamError::TooLong);
        }
        let start = colon.saturating_add(1);
        let end = start.saturating_add(len);
        let Some(message) = self.buffer.get(start..end) else {
            return Ok(None);
        };
        let message = StreamMessage::parse(message)?;
        self.buffer.drain(..end);
        Ok(Some(message))
    }
}

fn parse_len(digits: &[u8]) -> Option<usize> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
#[path = "peer/stream_tests.rs"]
mod tests;
