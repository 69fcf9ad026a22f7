//! Reading an answer of bounded length.

#![deny(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};

use super::TransportError;

/// Reads a whole body, refusing it as soon as it is known to be longer than `max_len_bytes`.
pub(super) async fn read(mut body: Incoming, max_len_bytes: usize) -> Result<Bytes, TransportError> {
    let announced = body.size_hint().lower();
    if usize::try_from(announced).map_or(true, |len| len > max_len_bytes) {
        return Err(TransportError::TooLong);
    }
    let mut read = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| TransportError::Closed)?;
        let Ok(data) = frame.into_data() else { continue };
        if read.len().saturating_add(data.len()) > max_len_bytes {
            return Err(TransportError::TooLong);
        }
        read.extend_from_slice(&data);
    }
    Ok(read.freeze())
}
