//! Files: encrypted ones, pointers to them, and what is said to and by their servers.

use protocol::attachment::{
    Complete, DecryptError, Decryptor, FileSecret, PictureChange, RemoteFile, legacy, picture, stream,
};
use protocol::file_server::{
    FileId, FileInfo, FileRequest, FileServer, FileUrl, QuicCommand, Uploaded, VersionAuth, VersionReply,
    downloaded,
};
use protocol::message::content::{AttachmentPointer, Content};
use protocol::onion::{ServerReply, ServerRequest};

/// Key and digest of the published attachment of one byte.
fn legacy_secrets() -> legacy::Secrets {
    let key: [u8; 64] = [
        0xba, 0x57, 0xa1, 0x98, 0x86, 0xd7, 0x7f, 0x47, 0x9f, 0x49, 0x1f, 0xb3, 0xb1, 0xdc, 0x15, 0x40, 0xf3,
        0xbb, 0x14, 0xa9, 0x25, 0x7e, 0xef, 0x74, 0xad, 0x8a, 0x17, 0xdd, 0x81, 0x09, 0x60, 0xa7, 0x07, 0x6f,
        0x29, 0x5b, 0xb9, 0x9e, 0x03, 0xdf, 0xc9, 0x93, 0x14, 0x59, 0x05, 0x40, 0xe1, 0xd4, 0x36, 0xb5, 0xfd,
        0x91, 0x27, 0xd1, 0x4b, 0x17, 0xd8, 0xf3, 0xda, 0xd8, 0x47, 0x4b, 0x15, 0xf0,
    ];
    let digest = [
        0xbd, 0x98, 0x5d, 0xfa, 0xc3, 0x74, 0x93, 0xbe, 0x84, 0xc1, 0xa9, 0x77, 0x55, 0xae, 0xa7, 0x8c, 0x29,
        0x5d, 0xd9, 0xa9, 0x87, 0x83, 0x87, 0x42, 0xe7, 0x12, 0x8b, 0xe5, 0xcd, 0x81, 0x6c, 0xf0,
    ];
    let key = legacy::Key::from_bytes(&key).expect("64 bytes are a key");
    legacy::Secrets { key, digest }
}

/// Key of the published stream of a thousand bytes.
fn stream_key() -> stream::Key {
    let key = [
        0x5d, 0xa9, 0xc5, 0xed, 0x35, 0x00, 0xda, 0x3c, 0xd2, 0x79, 0x83, 0x9b, 0xac, 0xc4, 0x16, 0x6c, 0x25,
        0xf9, 0x2f, 0x6d, 0x3f, 0x47, 0x2a, 0x92, 0xce, 0x69, 0x1c, 0xa9, 0x3e, 0xab, 0xdd, 0x78,
    ];
    stream::Key::from_bytes(&key).expect("32 bytes are a key")
}

/// Key of the published picture of one byte.
fn picture_key() -> picture::PictureKey {
    let key = [
        0x20, 0x33, 0x32, 0x5b, 0x1b, 0xd3, 0xa4, 0x92, 0x69, 0xd6, 0x86, 0x34, 0x6f, 0x4f, 0x7b, 0x15, 0xbf,
        0x88, 0x3c, 0x29, 0x43, 0xff, 0x5f, 0xbc, 0x25, 0x76, 0xae, 0xcb, 0xa2, 0xf1, 0x71, 0xf4,
    ];
    picture::PictureKey::from_bytes(&key).expect("32 bytes are a key")
}

/// Decrypts a file whole and in pieces; both must say the same.
fn both_ways(secret: FileSecret, data: &[u8]) -> Result<Vec<u8>, DecryptError> {
    let url = FileServer::main().url(FileId::from(1), protocol::file_server::FileEncryption::Legacy);
    let file = RemoteFile::new(url, secret);
    let whole = file.decrypt(data.to_vec());
    let piece_len = data.last().map_or(1, |byte| usize::from(*byte) * 16 + 1);
    assert_eq!(in_pieces(file.decryptor(), data, piece_len), whole);
    whole
}

fn in_pieces(mut decryptor: Decryptor, data: &[u8], piece_len: usize) -> Result<Vec<u8>, DecryptError> {
    let mut out = Vec::new();
    for piece in data.chunks(piece_len) {
        decryptor.update(piece, &mut out)?;
    }
    let Complete { len } = decryptor.finish(&mut out)?;
    assert_eq!(u64::try_from(out.len()), Ok(len));
    Ok(out)
}

/// Only the published file opens.
pub(crate) fn attachment_legacy(data: &[u8]) {
    let secrets = legacy_secrets();
    if let Ok(file) = both_ways(FileSecret::Legacy { secrets, size: 1 }, data) {
        assert_eq!(file, [0]);
    }
}

/// Only the published file opens.
pub(crate) fn attachment_stream(data: &[u8]) {
    let key = stream_key();
    if let Ok(file) = both_ways(FileSecret::Stream { key, size: None }, data) {
        assert_eq!(file.len(), 1_000);
    }
}

/// Only the published picture opens.
pub(crate) fn profile_picture(data: &[u8]) {
    if let Ok(picture) = picture::decrypt(&picture_key(), data.to_vec()) {
        assert_eq!(picture, [0]);
    }
}

/// A content whose pointers and profile are read.
pub(crate) fn pointer(data: &[u8]) {
    let Some(message) = Content::parse(data).ok().and_then(|content| content.data_message) else {
        return;
    };
    for pointer in &message.attachments {
        if let Ok(file) = RemoteFile::parse(pointer) {
            let mut written = AttachmentPointer::default();
            file.write_to(&mut written);
            assert_eq!(RemoteFile::parse(&written), Ok(file));
        }
    }
    if let Some(profile) = &message.profile
        && let PictureChange::Set(picture) =
            PictureChange::of_profile(profile, message.profile_key.as_deref())
    {
        let _ = picture.url().server();
    }
}

pub(crate) fn url(data: &[u8]) {
    if let Ok(url) = FileUrl::parse(&String::from_utf8_lossy(data)) {
        assert_eq!(FileUrl::parse(&url.to_string()).as_ref(), Ok(&url));
        if let Ok(server) = url.server() {
            assert_eq!(server.url(url.id().clone(), url.encryption()), url);
        }
    }
}

/// A request as the onion layer carries it.
pub(crate) fn request(data: &[u8]) {
    let Ok(request) = ServerRequest::parse(data) else {
        return;
    };
    if let Ok(Some(auth)) = VersionAuth::parse(&request.headers) {
        assert_eq!(VersionAuth::parse(&auth.to_headers()), Ok(Some(auth)));
    }
    if let Ok(request) = FileRequest::parse(request) {
        let written = request.clone().into_server_request();
        assert_eq!(FileRequest::parse(written), Ok(request));
    }
}

/// The first two bytes are the status.
pub(crate) fn answer(data: &[u8]) {
    let Some((status, body)) = data.split_first_chunk::<2>() else {
        return;
    };
    let reply = ServerReply {
        code: u16::from_be_bytes(*status),
        headers: [].into(),
        body: body.to_vec(),
    };
    if let Ok(uploaded) = Uploaded::parse(&reply) {
        assert_eq!(Uploaded::parse(&uploaded.to_reply()), Ok(uploaded));
    }
    if let Ok(info) = FileInfo::parse(&reply) {
        assert_eq!(FileInfo::parse(&info.to_reply()), Ok(info));
    }
    if let Ok(version) = VersionReply::parse(&reply) {
        assert_eq!(VersionReply::parse(&version.to_reply()), Ok(version));
    }
    let _ = downloaded(reply);
}

pub(crate) fn quic_command(data: &[u8]) {
    if let Ok((command, rest)) = QuicCommand::parse(data) {
        let mut written = command.encode();
        written.extend_from_slice(rest);
        assert_eq!(QuicCommand::parse(&written), Ok((command, rest)));
    }
}
