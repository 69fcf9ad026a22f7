//! The bytes of one frame, without the length in front of it.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use tokio_util::codec::LengthDelimitedCodec;

/// Longest frame in bytes: the largest reply of a server that a relay passes back, and room for the head.
pub(super) const MAX_FRAME_LEN: usize = 12 * 1024 * 1024;

/// A command on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RequestFrame {
    /// Names the request on its connection; the reply repeats it.
    pub(super) id: u32,
    /// At most 255 bytes.
    pub(super) command: String,
    /// As the command says.
    pub(super) payload: Bytes,
}

/// The answer to a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ReplyFrame {
    /// The request's.
    pub(super) id: u32,
    /// As an HTTP status.
    pub(super) status: u16,
    /// As the command says.
    pub(super) body: Bytes,
}

/// Reads and writes the length in front of each frame.
pub(super) fn codec() -> LengthDelimitedCodec {
    LengthDelimitedCodec::builder()
        .length_field_type::<u32>()
        .max_frame_length(MAX_FRAME_LEN)
        .new_codec()
}

impl RequestFrame {
    /// `None` where the command is too long to be named.
    pub(super) fn encode(id: u32, command: &str, payload: &[u8]) -> Option<Bytes> {
        let command_len = u8::try_from(command.len()).ok()?;
        let head = command.len().saturating_add(5);
        let mut frame = BytesMut::with_capacity(payload.len().saturating_add(head));
        frame.put_u32(id);
        frame.put_u8(command_len);
        frame.put_slice(command.as_bytes());
        frame.put_slice(payload);
        Some(frame.freeze())
    }

    pub(super) fn parse(mut frame: Bytes) -> Option<Self> {
        let id = frame.try_get_u32().ok()?;
        let command_len = usize::from(frame.try_get_u8().ok()?);
        if frame.len() < command_len {
            return None;
        }
        let command = String::from_utf8(frame.split_to(command_len).into()).ok()?;
        Some(Self {
            id,
            command,
            payload: frame,
        })
    }
}

impl ReplyFrame {
    pub(super) fn encode(id: u32, status: u16, body: &[u8]) -> Bytes {
        let mut frame = BytesMut::with_capacity(body.len().saturating_add(6));
        frame.put_u32(id);
        frame.put_u16(status);
        frame.put_slice(body);
        frame.freeze()
    }

    pub(super) fn parse(mut frame: Bytes) -> Option<Self> {
        let id = frame.try_get_u32().ok()?;
        let status = frame.try_get_u16().ok()?;
        Some(Self {
            id,
            status,
            body: frame,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_survive_the_round_trip_and_every_truncation_of_the_head_is_refused() {
        let request = RequestFrame::encode(7, "sn.x", b"payload").unwrap();
        assert_eq!(&request[..], b"\0\0\0\x07\x04sn.xpayload");
        let parsed = RequestFrame {
            id: 7,
            command: "sn.x".into(),
            payload: Bytes::from_static(b"payload"),
        };
        assert_eq!(RequestFrame::parse(request.clone()), Some(parsed));
        for len in 0..9 {
            assert_eq!(RequestFrame::parse(request.slice(..len)), None, "{len} bytes");
        }
        let reply = ReplyFrame::encode(7, 200, b"body");
        assert_eq!(&reply[..], b"\0\0\0\x07\0\xc8body");
        assert_eq!(
            ReplyFrame::parse(reply.clone()),
            Some(ReplyFrame {
                id: 7,
                status: 200,
                body: Bytes::from_static(b"body")
            })
        );
        for len in 0..6 {
            assert_eq!(ReplyFrame::parse(reply.slice(..len)), None, "{len} bytes");
        }
    }

    #[test]
    fn a_command_that_is_no_text_is_refused_and_one_too_long_is_not_sent() {
        assert_eq!(
            RequestFrame::parse(Bytes::from_static(b"\0\0\0\x07\x01\xff")),
            None
        );
        assert_eq!(RequestFrame::encode(1, &"x".repeat(256), b""), None);
    }
}
