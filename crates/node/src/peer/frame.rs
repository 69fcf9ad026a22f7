//! The bytes of one frame, without the length in front of it.

use bytes::{Buf, Bytes};
use tokio_util::codec::LengthDelimitedCodec;

/// Longest frame in bytes: the largest reply of a server that a relay passes back, and room for the head.
pub(super) const MAX_FRAME_LEN: usize = 12 * 1024 * 1024;

/// A frame to be written, its length in front. What is in it is not copied, as it may be a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// The length and all that stands before the rest.
    pub(super) head: Bytes,
    /// The rest.
    pub(super) rest: Bytes,
}

impl Frame {
    /// `None` where the frame is too long.
    fn new(head: &[u8], rest: Bytes) -> Option<Self> {
        let len = head.len().saturating_add(rest.len());
        let len = u32::try_from(len).ok().filter(|_| len <= MAX_FRAME_LEN)?;
        let head = [&len.to_be_bytes(), head].concat().into();
        Some(Self { head, rest })
    }
}

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
    /// `None` where the command is too long to be named, or the frame too long.
    pub(super) fn encode(id: u32, command: &str, payload: Bytes) -> Option<Frame> {
        let command_len = u8::try_from(command.len()).ok()?;
        let head = [&id.to_be_bytes()[..], &[command_len], command.as_bytes()].concat();
        Frame::new(&head, payload)
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
    /// `None` where the frame is too long.
    pub(super) fn encode(id: u32, status: u16, body: Bytes) -> Option<Frame> {
        let head = [&id.to_be_bytes()[..], &status.to_be_bytes()].concat();
        Frame::new(&head, body)
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
        let whole = |frame: Frame| Bytes::from([frame.head, frame.rest].concat());
        let request = RequestFrame::encode(7, "sn.x", Bytes::from_static(b"payload"));
        let mut request = whole(request.unwrap());
        assert_eq!(&request.split_to(4)[..], b"\0\0\0\x10");
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
        let mut reply = whole(ReplyFrame::encode(7, 200, Bytes::from_static(b"body")).unwrap());
        assert_eq!(&reply.split_to(4)[..], b"\0\0\0\x0a");
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
        assert_eq!(RequestFrame::encode(1, &"x".repeat(256), Bytes::new()), None);
        let longest = Bytes::from(vec![0; MAX_FRAME_LEN - 6]);
        assert!(ReplyFrame::encode(1, 200, longest.clone()).is_some());
        assert_eq!(RequestFrame::encode(1, "xx", longest), None);
    }
}
