//! Reading of request bodies within bounds.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Body;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::MAX_BODY_LEN;

/// Bytes that one permit stands for.
const PERMIT_BYTES: usize = 1024;

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodyError {
    /// More than [`MAX_BODY_LEN`], said or sent.
    TooLarge,
    /// All memory for bodies is in use.
    NoRoom,
    /// It did not come in time, or the connection broke.
    Broken,
}

/// A body and its share of the memory for bodies.
pub(super) struct ReadBody {
    pub(super) bytes: Bytes,
    _share: OwnedSemaphorePermit,
}

/// The memory for bodies of all requests.
#[derive(Clone, Debug)]
pub(super) struct Room {
    permits: Arc<Semaphore>,
}

impl Room {
    pub(super) fn new(len_bytes: usize) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(len_bytes.div_ceil(PERMIT_BYTES))),
        }
    }

    /// Reads a whole body. One that says its length is judged by that before anything of it is read; one that does not
    /// takes the share of the largest.
    pub(super) async fn read<B>(&self, body: B, timeout: Duration) -> Result<ReadBody, BodyError>
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
        let permits = u32::try_from(len.div_ceil(PERMIT_BYTES)).map_err(|_| BodyError::TooLarge)?;
        let share = self
            .permits
            .clone()
            .try_acquire_many_owned(permits)
            .map_err(|_| BodyError::NoRoom)?;
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
