//! What people do with files.

use std::sync::Arc;

use contract::{
    AttachmentId, AttachmentState, AttachmentView, DownloadFile, MessageId, MessageStatus, SaveFile,
    SendFiles,
};
use engine::NewFile;

use super::{Person, World, alice, bob, deliver, until};
use crate::file_server::Files;

/// A file that no program looks into.
pub const PDF: &[u8] = b"%PDF-1.7 a letter";

/// A file as somebody chooses it.
pub fn file(name: &str, bytes: &[u8]) -> NewFile {
    NewFile {
        name: name.to_owned(),
        bytes: bytes.to_vec(),
        voice: false,
        original: false,
    }
}

/// Two friends and a file server.
pub async fn friends_with_files(seed: u64) -> (Arc<World>, Files, Person, Person) {
    let world = World::new(seed);
    let files = Files::plug_in(&world);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    befriend(&alice, &bob).await;
    (world, files, alice, bob)
}

/// Both write and look, so that each has accepted the other.
pub async fn befriend(alice: &Person, bob: &Person) {
    alice.writes(bob, "hello").await;
    deliver(&[alice, bob]).await;
    bob.writes(alice, "hello yourself").await;
    deliver(&[bob, alice]).await;
}

/// Sends files as one message.
pub async fn sends(from: &Person, to: &Person, files: &[NewFile], text: &str) -> MessageId {
    let mut ids = Vec::new();
    for file in files {
        ids.push(from.engine.stage(file.clone()).await.expect("it can be sent").id);
    }
    let sending = SendFiles {
        conversation: to.conversation(),
        files: ids,
        text: text.to_owned(),
        reply_to: None,
    };
    from.ask(sending).await.message_id
}

/// The files of the newest message.
pub async fn newest_files(of: &Person, with: &Person) -> Vec<AttachmentView> {
    of.rows(with).await.last().expect("a message").attachments.clone()
}

/// Waits until a message is sent.
pub async fn until_sent(person: &Person, message: MessageId) {
    until("it is sent", async || {
        person.status(message).await == MessageStatus::Sent
    })
    .await;
}

/// Waits until all files of the newest message are in a state.
pub async fn until_state(person: &Person, with: &Person, wanted: &AttachmentState) {
    until(&format!("it is {wanted:?}"), async || {
        newest_files(person, with)
            .await
            .iter()
            .all(|file| file.state == *wanted)
    })
    .await;
}

/// Asks for a file.
pub async fn download(person: &Person, file: AttachmentId, trust: bool) {
    person
        .ask(DownloadFile {
            attachment: file,
            trust,
        })
        .await;
}

/// What a whole file holds.
pub async fn bytes_of(person: &Person, file: AttachmentId) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("saved");
    let saving = SaveFile {
        attachment: file,
        path: path.to_str().expect("a path in UTF-8").to_owned(),
    };
    person.ask(saving).await;
    std::fs::read(path).expect("it was saved")
}

/// How often a file server was asked by one method.
pub fn asked(files: &Files, method: &str) -> usize {
    let lines = files.asked();
    lines.iter().filter(|line| line.starts_with(method)).count()
}
