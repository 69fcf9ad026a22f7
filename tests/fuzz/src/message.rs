//! Messages, from the stored payload to the content.

use protocol::account::{AccountKeys, Seed};
use protocol::message::content::Content;
use protocol::message::padding::{pad, unpad};
use protocol::message::{VerifiedMessage, sealed_box, signed_box};

/// The recipient of the published example.
fn recipient() -> AccountKeys {
    let seed = Seed::from_bytes(&[
        0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff,
    ]);
    AccountKeys::from_seed(&seed.expect("16 bytes are a seed"))
}

pub(crate) fn content(data: &[u8]) {
    if let Ok(content) = Content::parse(data) {
        let again = Content::parse(&content.to_bytes()).expect("what was parsed can be parsed again");
        assert_eq!(again, content);
    }
}

pub(crate) fn payload(data: &[u8]) {
    if let Ok(message) = VerifiedMessage::open(&recipient(), data) {
        assert!(Content::parse(&message.content_bytes).is_ok());
    }
}

pub(crate) fn sealed_box(data: &[u8]) {
    let keys = recipient();
    let opened = sealed_box::open(&keys, data);
    assert!(opened.is_ok() || signed_box::open(&keys, data).is_err());
}

pub(crate) fn padding(data: &[u8]) {
    let content = unpad(data);
    assert!(content.len() <= data.len());
    let padded = pad(data.to_vec());
    assert_eq!(padded.len() % 160, 0);
    assert_eq!(unpad(&padded), data);
}
