//! What devices nearby say: announcements, the first bytes of a connection, frames.

use nearby::{Announcement, FIRST_LEN, Frame, Handshake, HandshakeError, Secret, Side};
use zeroize::Zeroizing;

fn secret() -> Secret {
    Secret::derive(&[7; 32])
}

/// A datagram of anybody: one that is read was written with the account's key, and in one way only.
pub(crate) fn announcement(data: &[u8]) {
    if let Some(read) = Announcement::open(data, &secret()) {
        assert_eq!(read.encode(&secret()), data);
    }
}

/// The first bytes of a connection, at either side: nobody without the account's key gets an answer.
pub(crate) fn first(data: &[u8]) {
    let Some(first) = data.first_chunk::<FIRST_LEN>() else {
        return;
    };
    for side in [Side::Giver, Side::Taker] {
        let mut handshake = Handshake::new(side, &secret(), &Zeroizing::new([3; 32])).expect("it begins");
        if side == Side::Taker {
            handshake.write().expect("the taker speaks first");
        }
        let read = handshake.read(first);
        assert!(
            read != Err(HandshakeError::Internal),
            "a stranger's bytes are no bug of ours"
        );
        if read.is_ok() && side == Side::Giver {
            handshake.write().expect("who was understood is answered");
        }
    }
}

/// What is inside a frame, as a device of the account with other plans may send it.
pub(crate) fn frame(data: &[u8]) {
    if let Ok(read) = Frame::parse(data) {
        assert_eq!(Frame::parse(&read.encode()), Ok(read));
    }
}
