//! Requests to servers and their replies, version 4: a list of a JSON head and an optional body.
//!
//! Layout: `l` ‖ head ‖ [body] ‖ `e`, each a byte string `<decimal length>:<bytes>`. A request has one or two strings, a
//! reply exactly two. Spec: onion §8 (ONI-16)

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::bencode::{self, Limits, Value};

/// What two length prefixes and the list's ends may take, in bytes.
const LIST_ROOM: usize = 32;

/// A request to an HTTP server through the onion path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerRequest {
    /// HTTP method in capitals.
    pub method: String,
    /// Path and query, starting with `/`.
    pub endpoint: String,
    /// Header names and values; a body needs its `Content-Type` here.
    pub headers: BTreeMap<String, String>,
    /// `None` for GET and DELETE.
    pub body: Option<Vec<u8>>,
}

/// A server's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerReply {
    /// HTTP status.
    pub code: u16,
    /// Header names in lower case, and values.
    pub headers: BTreeMap<String, String>,
    /// May be empty.
    pub body: Vec<u8>,
}

/// Why bytes are not a request or reply list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ListError {
    /// Not a list of byte strings.
    #[error("not a list of byte strings")]
    NotAList,
    /// A request with no or more than two strings, or a reply without a body.
    #[error("wrong number of parts")]
    PartCount,
    /// The head is not JSON or lacks a field.
    #[error("the head is malformed")]
    Head,
    /// The endpoint does not start with `/`.
    #[error("the endpoint does not start with a slash")]
    Endpoint,
}

#[derive(Serialize, Deserialize)]
struct RequestHead {
    endpoint: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    method: String,
}

#[derive(Serialize, Deserialize)]
struct ReplyHead {
    code: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
}

impl ServerRequest {
    /// Writes the list; the head's keys are sorted.
    pub fn encode(&self) -> Vec<u8> {
        let head = RequestHead {
            endpoint: self.endpoint.clone(),
            headers: self.headers.clone(),
            method: self.method.clone(),
        };
        let head = serde_json::to_vec(&head).expect("text always makes JSON");
        encode_list(&head, self.body.as_deref())
    }

    /// Reads a request list, as a server does.
    ///
    /// # Errors
    /// [`ListError`]
    pub fn parse(list: &[u8]) -> Result<Self, ListError> {
        let (head, body) = parse_list(list)?;
        let head: RequestHead = serde_json::from_slice(head).map_err(|_| ListError::Head)?;
        if !head.endpoint.starts_with('/') {
            return Err(ListError::Endpoint);
        }
        let RequestHead {
            endpoint,
            headers,
            method,
        } = head;
        Ok(Self {
            method,
            endpoint,
            headers,
            body: body.map(<[u8]>::to_vec),
        })
    }
}

impl ServerReply {
    /// Writes the list, as a server does.
    pub fn encode(&self) -> Vec<u8> {
        let head = ReplyHead {
            code: self.code,
            headers: self.headers.clone(),
        };
        encode_list(
            &serde_json::to_vec(&head).expect("text always makes JSON"),
            Some(&self.body),
        )
    }

    /// Reads a reply list.
    ///
    /// # Errors
    /// [`ListError`]
    pub fn parse(list: &[u8]) -> Result<Self, ListError> {
        let (head, body) = parse_list(list)?;
        let ReplyHead { code, headers } = serde_json::from_slice(head).map_err(|_| ListError::Head)?;
        let headers = headers
            .into_iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), value))
            .collect();
        Ok(Self {
            code,
            headers,
            body: body.ok_or(ListError::PartCount)?.to_vec(),
        })
    }
}

/// Writes a list of a head and an optional body.
pub fn encode_list(head: &[u8], body: Option<&[u8]>) -> Vec<u8> {
    let len = head
        .len()
        .saturating_add(body.map_or(0, <[u8]>::len))
        .saturating_add(LIST_ROOM);
    let mut list = Vec::with_capacity(len);
    Value::List(std::iter::once(head).chain(body).map(Value::from).collect()).encode_into(&mut list);
    list
}

/// Takes a list apart into its head and, if it has one, its body.
///
/// # Errors
/// [`ListError::NotAList`], [`ListError::PartCount`]
pub fn parse_list(list: &[u8]) -> Result<(&[u8], Option<&[u8]>), ListError> {
    let limits = Limits {
        max_depth: 1,
        ..Limits::default()
    };
    let Ok(Value::List(parts)) = bencode::parse(list, limits) else {
        return Err(ListError::NotAList);
    };
    let mut strings = parts.into_iter().map(|part| match part {
        Value::Bytes(Cow::Borrowed(bytes)) => Ok(bytes),
        _ => Err(ListError::NotAList),
    });
    let head = strings.next().ok_or(ListError::PartCount)??;
    let body = strings.next().transpose()?;
    if strings.next().is_some() {
        Err(ListError::PartCount)
    } else {
        Ok((head, body))
    }
}
