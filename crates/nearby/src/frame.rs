//! What travels inside the encrypted stream: `kind (1) || body`.

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::code::NONCE_LEN;
use crate::{NearbyError, Reason};

/// Bytes of the longest part of what is passed on.
pub const LONGEST_PART: usize = 60 * 1024;
/// Bytes of the longest preface.
const LONGEST_PREFACE: usize = 1_024;

/// What is about to be passed on.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Contents {
    /// Its length in bytes, about.
    pub about: u64,
    /// What the other side needs to make use of it; at most 1,024 bytes. Secret.
    pub preface: Vec<u8>,
}

impl std::fmt::Debug for Contents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Contents")
            .field("about", &self.about)
            .finish_non_exhaustive()
    }
}

/// One frame. Numbers are big-endian. Spec: history-transfer, Frames (MOV-06).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// 0: the taker commits to its number.
    Commit([u8; 32]),
    /// 1: the giver's number.
    Number([u8; NONCE_LEN]),
    /// 2: the taker's number.
    Reveal([u8; NONCE_LEN]),
    /// 3: the person there says that the codes are the same.
    Agreed,
    /// 4: the other side ends it. `reason (1)`.
    Stop(Reason),
    /// 5: the giver is about to begin. `about how long (8) || preface`.
    Begin(Contents),
    /// 6: the taker is ready.
    Ready,
    /// 7: a part, 1 to [`LONGEST_PART`] bytes; all but the last have all of them.
    Part(Vec<u8>),
    /// 8: that was all. `length of all parts (8)`.
    End(u64),
    /// 9: the taker is at work.
    Busy,
    /// 10: the taker has everything.
    Taken,
}

/// A frame that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a frame of kind {0:?} cannot be read")]
pub struct FrameError(Option<u8>);

impl Frame {
    /// The frame as bytes.
    pub fn encode(&self) -> Vec<u8> {
        let (kind, parts): (u8, [&[u8]; 2]) = match self {
            Self::Commit(bytes) => (0, [bytes, &[]]),
            Self::Number(bytes) => (1, [bytes, &[]]),
            Self::Reveal(bytes) => (2, [bytes, &[]]),
            Self::Agreed => (3, [&[], &[]]),
            Self::Stop(reason) => (4, [&[*reason as u8], &[]]),
            Self::Begin(contents) => (5, [&contents.about.to_be_bytes(), &contents.preface]),
            Self::Ready => (6, [&[], &[]]),
            Self::Part(bytes) => (7, [bytes, &[]]),
            Self::End(len) => (8, [&len.to_be_bytes(), &[]]),
            Self::Busy => (9, [&[], &[]]),
            Self::Taken => (10, [&[], &[]]),
        };
        [&[kind][..], parts.concat().as_slice()].concat()
    }

    /// What it means where another one was waited for.
    pub(crate) fn instead(self) -> NearbyError {
        match self {
            Self::Stop(reason) => NearbyError::Ended(reason),
            _ => NearbyError::Invalid,
        }
    }

    /// Reads a frame.
    ///
    /// # Errors
    /// [`FrameError`] for an unknown kind and for a body of the wrong length.
    pub fn parse(bytes: &[u8]) -> Result<Self, FrameError> {
        let (kind, body) = bytes.split_first().ok_or(FrameError(None))?;
        let wrong = FrameError(Some(*kind));
        let empty = |frame| body.is_empty().then_some(frame).ok_or(wrong);
        let number = || <[u8; 32]>::try_from(body).map_err(|_| wrong);
        match kind {
            0 => number().map(Self::Commit),
            1 => number().map(Self::Number),
            2 => number().map(Self::Reveal),
            3 => empty(Self::Agreed),
            4 => match body {
                [reason] => Ok(Self::Stop(Reason::parse(*reason))),
                _ => Err(wrong),
            },
            5 => {
                let (about, preface) = body.split_first_chunk().ok_or(wrong)?;
                if preface.len() > LONGEST_PREFACE {
                    return Err(wrong);
                }
                Ok(Self::Begin(Contents {
                    about: u64::from_be_bytes(*about),
                    preface: preface.to_vec(),
                }))
            }
            6 => empty(Self::Ready),
            7 if (1..=LONGEST_PART).contains(&body.len()) => Ok(Self::Part(body.to_vec())),
            8 => Ok(Self::End(u64::from_be_bytes(body.try_into().map_err(|_| wrong)?))),
            9 => empty(Self::Busy),
            10 => empty(Self::Taken),
            _ => Err(wrong),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mov_06_every_frame_is_read_as_it_was_written_and_at_no_other_length() {
        let frames = [
            Frame::Commit([1; 32]),
            Frame::Number([2; 32]),
            Frame::Reveal([3; 32]),
            Frame::Agreed,
            Frame::Stop(Reason::Space),
            Frame::Ready,
            Frame::End(u64::MAX),
            Frame::Busy,
            Frame::Taken,
        ];
        for frame in frames {
            let bytes = frame.encode();
            assert_eq!(Frame::parse(&bytes), Ok(frame.clone()));
            let long = [&bytes[..], &[0]].concat();
            assert!(Frame::parse(&long).is_err(), "{frame:?}");
            assert!(Frame::parse(&bytes[..bytes.len() - 1]).is_err(), "{frame:?}");
        }
    }

    #[test]
    fn mov_06_parts_and_prefaces_are_bounded() {
        let begin = |preface: usize| {
            Frame::Begin(Contents {
                about: 7,
                preface: vec![1; preface],
            })
        };
        for fits in [
            begin(0),
            begin(LONGEST_PREFACE),
            Frame::Part(vec![9; LONGEST_PART]),
        ] {
            assert_eq!(Frame::parse(&fits.encode()), Ok(fits));
        }
        let empty = Frame::Part(Vec::new());
        for wrong in [
            begin(LONGEST_PREFACE + 1),
            Frame::Part(vec![9; LONGEST_PART + 1]),
            empty,
        ] {
            assert!(Frame::parse(&wrong.encode()).is_err());
        }
        assert_eq!(Frame::parse(&[]), Err(FrameError(None)));
        assert_eq!(Frame::parse(&[11]), Err(FrameError(Some(11))));
        assert_eq!(Frame::parse(&[4, 200]), Ok(Frame::Stop(Reason::Failed)));
    }
}
