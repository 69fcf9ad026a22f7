//! Reading of request bodies within bounds.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Body;

use super::MAX_BODY_LEN;
use crate::memory::{Memory, Share};

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyError {
    /// More than [`MAX_BODY_LEN`], said or sent.
    TooLarge,
    /// All memory for bodies is in use.
    NoRoom,
    /// It did not come in time, or the connection broke.
    Broken,
}

/// A body and its share of the memory for bodies.
pub(crate) struct ReadBody {
    pub(crate) bytes: Bytes,
    _share: Share,
}

/// The memory for bodies of all requests.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    memory: Memory,
}

impl Room {
    pub(crate) fn new(memory: Memory) -> Self {
        Self { memory }
    }

    /// Reads a whole body. One that says its length is judged by that before anything of it is read; one that does not
    /// takes the share of the largest.
    pub(crate) async fn read<B>(&self, body: B, timeout: Duration) -> Result<ReadBody, BodyError>
    where
        B: Body<Data = Bytes>,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let said = body.size_hint().exact().map(usize::try_from);
        let len = match said {
            Some(Ok(len)) if len <= MAX_BODY_LEN => len,
            Some(_) => return Err(BodyError::TooLarge),
            None => MAX_BODY_LEN,
        };
        let share = self.memory.take(len).ok_or(BodyError::NoRoom)?;
        match tokio::time::timeout(timeout, Limited::new(body, MAX_BODY_LEN).collect()).await {
            Ok(Ok(collected)) => Ok(ReadBody {
                bytes: collected.to_bytes(),
                _share: share,
            }),
            Ok(Err(error)) if error.is::<LengthLimitError>() => Err(BodyError::TooLarge),
            Ok(Err(_)) | Err(_) => Err(BodyError::Broken),
        }
    }
}
