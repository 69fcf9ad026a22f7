//! Stories of files: sent, fetched, broken, refused.
#![allow(clippy::unwrap_used)] // A failing step is the failure of the test.

use std::sync::Arc;
use std::time::Duration;

use contract::{
    AttachmentId, AttachmentKind, AttachmentState, AttachmentView, Block, CancelTransfer, ClearMessages,
    DeleteContact, DeleteConversation, DeleteForEveryone, DeleteMessageHere, DeleteOnMyDevices, DownloadFile,
    ErrorCode, ListConversations, MessageBody, MessageId, MessageStatus, RetryMessage, SendFiles,
    SetAutoDownload, SnippetAttachment,
};
use engine::NewFile;
use tests::file_server::Files;
use tests::simulated_network::World;
use tests::story::{Device, Person, alice, bob, deliver, file_store, person};

const PDF: &[u8] = b"%PDF-1.7 a letter";

fn file(name: &str, bytes: &[u8]) -> NewFile {
    NewFile {
        name: name.to_owned(),
        bytes: bytes.to_vec(),
        voice: false,
    }
}

/// Two friends and a file server.
async fn friends(seed: u64) -> (Arc<World>, Files, Person, Person) {
    let world = World::new(seed);
    let files = Files::plug_in(&world);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    befriend(&alice, &bob).await;
    (world, files, alice, bob)
}

async fn befriend(alice: &Person, bob: &Person) {
    alice.writes(bob, "hello").await;
    deliver(&[alice, bob]).await;
    bob.writes(alice, "hello yourself").await;
    deliver(&[bob, alice]).await;
}

async fn sends(from: &Person, to: &Person, files: &[NewFile], text: &str) -> MessageId {
    let mut ids = Vec::new();
    for file in files {
        ids.push(from.engine.stage(file.clone()).await.unwrap().id);
    }
    let sending = SendFiles {
        conversation: to.conversation(),
        files: ids,
        text: text.to_owned(),
        voice: false,
        reply_to: None,
    };
    from.ask(sending).await.message_id
}

/// The files of the newest message.
async fn newest_files(of: &Person, with: &Person) -> Vec<AttachmentView> {
    of.rows(with).await.last().unwrap().attachments.clone()
}

async fn until(what: &str, mut done: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !done().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), waiting)
        .await
        .unwrap_or_else(|_| panic!("{what}"));
}

async fn until_sent(person: &Person, message: MessageId) {
    until("it is sent", async || {
        person.status(message).await == MessageStatus::Sent
    })
    .await;
}

async fn until_state(person: &Person, with: &Person, wanted: &AttachmentState) {
    until(&format!("it is {wanted:?}"), async || {
        newest_files(person, with)
            .await
            .iter()
            .all(|file| file.state == *wanted)
    })
    .await;
}

async fn download(person: &Person, file: AttachmentId, trust: bool) {
    person
        .ask(DownloadFile {
            attachment: file,
            trust,
        })
        .await;
}

async fn bytes_of(person: &Person, file: AttachmentId) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("saved");
    let saving = contract::SaveFile {
        attachment: file,
        path: path.to_str().unwrap().to_owned(),
    };
    person.ask(saving).await;
    std::fs::read(path).unwrap()
}

#[tokio::test]
async fn att_61_files_arrive_whole_and_in_order_and_the_first_waits_for_a_tap() {
    let (_world, files, alice, bob) = friends(301).await;
    let sent = [file("letter.pdf", PDF), file("notes.txt", b"remember the milk")];
    let message = sends(&alice, &bob, &sent, "two files").await;
    until_sent(&alice, message).await;
    alice.rests().await;
    bob.looks().await;

    let row = bob.rows(&alice).await.pop().unwrap();
    assert_eq!(
        row.body,
        MessageBody::Text {
            text: "two files".to_owned()
        }
    );
    let names: Vec<_> = row
        .attachments
        .iter()
        .map(|file| file.file_name.as_str())
        .collect();
    assert_eq!(names, ["letter.pdf", "notes.txt"]);
    assert!(
        row.attachments
            .iter()
            .all(|file| file.state == AttachmentState::Offered)
    );
    let fetched = |files: &Files| {
        files
            .asked()
            .iter()
            .filter(|line| line.starts_with("GET"))
            .count()
    };
    assert_eq!(fetched(&files), 0, "nothing is fetched before it is wanted");

    download(&bob, row.attachments[0].id, true).await;
    download(&bob, row.attachments[1].id, false).await;
    until_state(&bob, &alice, &AttachmentState::Done).await;
    assert_eq!(bytes_of(&bob, row.attachments[0].id).await, PDF);
    assert_eq!(bytes_of(&bob, row.attachments[1].id).await, b"remember the milk");

    // From now on hers come by themselves.
    let message = sends(&alice, &bob, &[file("next.pdf", PDF)], "").await;
    until_sent(&alice, message).await;
    bob.looks().await;
    until_state(&bob, &alice, &AttachmentState::Done).await;
    bob.ask(SetAutoDownload {
        conversation: alice.conversation(),
        on: false,
    })
    .await;
    let message = sends(&alice, &bob, &[file("third.pdf", PDF)], "").await;
    until_sent(&alice, message).await;
    bob.looks().await;
    assert_eq!(
        newest_files(&bob, &alice).await[0].state,
        AttachmentState::Offered
    );
}

#[tokio::test]
async fn att_64_a_broken_download_is_never_shown_and_is_tried_three_times() {
    let (world, files, alice, bob) = friends(302).await;
    let message = sends(&alice, &bob, &[file("letter.pdf", &[7; 50_000])], "").await;
    until_sent(&alice, message).await;
    bob.looks().await;
    let id = newest_files(&bob, &alice).await[0].id;
    files.set_breaking(Some(Box::new(|mut reply| {
        reply.body.truncate(reply.body.len() / 2);
        reply
    })));
    download(&bob, id, false).await;
    let failed = AttachmentState::Failed {
        failure: ErrorCode::AttachmentDownload.into(),
    };
    until("it is given up", async || {
        world.clock.advance(1_000);
        newest_files(&bob, &alice).await[0].state == failed
    })
    .await;
    let tries = files
        .asked()
        .iter()
        .filter(|line| line.starts_with("GET"))
        .count();
    assert_eq!(tries, 3);
    assert!(bob.engine.media(id, None).await.is_err());

    files.set_breaking(None);
    download(&bob, id, false).await;
    until_state(&bob, &alice, &AttachmentState::Done).await;
    assert_eq!(bytes_of(&bob, id).await, [7; 50_000]);
}

#[tokio::test]
async fn a_file_that_the_server_has_forgotten_is_gone() {
    let (world, _files, alice, bob) = friends(303).await;
    let message = sends(&alice, &bob, &[file("letter.pdf", PDF)], "").await;
    until_sent(&alice, message).await;
    bob.looks().await;
    // Another server in its place, without files.
    let _empty = Files::plug_in(&world);
    download(&bob, newest_files(&bob, &alice).await[0].id, false).await;
    until_state(&bob, &alice, &AttachmentState::Gone).await;
}

#[tokio::test]
async fn att_62_what_waits_to_be_uploaded_survives_a_restart_and_goes_once() {
    let world = World::new(304);
    let bob = bob(&world).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tern.db");
    let device = Device::with_store(&world, file_store(&path));
    let alice = person(&world, device, "Alice", 9).await;
    befriend(&alice, &bob).await;
    // There is no file server yet.
    let message = sends(&alice, &bob, &[file("letter.pdf", PDF)], "at last").await;
    let id = alice.id;
    let Person {
        engine,
        network,
        store,
        ..
    } = alice;
    engine.close().await;
    drop((network, store));

    let _files = Files::plug_in(&world);
    let device = Device::with_store(&world, file_store(&path));
    let engine = device.open(10).await;
    let alice = Person::returning(&world, device, engine, id);
    world.clock.advance(60_000);
    until_sent(&alice, message).await;
    bob.looks().await;
    assert_eq!(bob.texts(&alice).await, ["hello", "hello yourself", "at last"]);
    assert_eq!(newest_files(&bob, &alice).await.len(), 1);
}

#[tokio::test]
async fn an_upload_can_be_cancelled_and_tried_again() {
    let (world, files, alice, bob) = friends(305).await;
    files.set_breaking(Some(Box::new(|reply| protocol::onion::ServerReply {
        code: 500,
        ..reply
    })));
    let message = sends(&alice, &bob, &[file("letter.pdf", PDF)], "").await;
    let id = newest_files(&alice, &bob).await[0].id;
    alice.ask(CancelTransfer { attachment: id }).await;
    until("it failed", async || {
        alice.status(message).await == MessageStatus::Failed
    })
    .await;
    bob.looks().await;
    assert_eq!(
        bob.rows(&alice).await.len(),
        3,
        "the two greetings and the line of acceptance"
    );
    files.set_breaking(None);
    alice.ask(RetryMessage { message }).await;
    world.clock.advance(1);
    until_sent(&alice, message).await;
    bob.looks().await;
    assert_eq!(newest_files(&bob, &alice).await.len(), 1);
}

#[tokio::test]
async fn a_picture_is_cleaned_before_it_goes_and_decoded_here_before_it_is_shown() {
    let (_world, _files, alice, bob) = friends(306).await;
    let mut photo = include_bytes!("pictures/upright.jpg").to_vec();
    let place = b"\xff\xe1\x00\x16Exif\0\x0052.5163 13.377";
    photo.splice(2..2, place.iter().copied());
    let message = sends(&alice, &bob, &[file("IMG_1.jpeg", &photo)], "").await;
    until_sent(&alice, message).await;
    bob.looks().await;
    let offered = newest_files(&bob, &alice).await.remove(0);
    assert_eq!(
        (offered.kind, offered.file_name.as_str()),
        (AttachmentKind::Image, "IMG_1.jpg")
    );
    download(&bob, offered.id, false).await;
    until_state(&bob, &alice, &AttachmentState::Done).await;
    let whole = bytes_of(&bob, offered.id).await;
    assert!(
        !whole
            .windows(4)
            .any(|window| window == b"Exif" || window == b"52.5")
    );
    let shown = bob.engine.media(offered.id, Some(16)).await.unwrap();
    assert_eq!(shown.content_type, "image/jpeg");
    assert!(shown.bytes.len() < whole.len());
}

#[tokio::test]
async fn what_is_no_picture_is_not_shown_as_one() {
    let (_world, _files, alice, bob) = friends(307).await;
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
    let message = sends(&alice, &bob, &[file("drawing.svg", svg)], "").await;
    until_sent(&alice, message).await;
    bob.looks().await;
    let id = newest_files(&bob, &alice).await[0].id;
    download(&bob, id, false).await;
    until_state(&bob, &alice, &AttachmentState::Done).await;
    assert_eq!(newest_files(&bob, &alice).await[0].kind, AttachmentKind::File);
    assert_eq!(
        bob.engine.media(id, None).await.unwrap_err().code,
        ErrorCode::NotFound
    );
}

#[tokio::test]
async fn who_has_not_accepted_yet_gets_no_files_and_fetches_none() {
    let world = World::new(308);
    let _files = Files::plug_in(&world);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    let staged = alice.engine.stage(file("letter.pdf", PDF)).await.unwrap();
    let sending = SendFiles {
        conversation: bob.conversation(),
        files: vec![staged.id],
        text: String::new(),
        voice: false,
        reply_to: None,
    };
    assert_eq!(alice.refused(sending).await, ErrorCode::RequestLimit);
    let none = SendFiles {
        conversation: bob.conversation(),
        files: Vec::new(),
        text: "text".to_owned(),
        voice: false,
        reply_to: None,
    };
    assert_eq!(alice.refused(none).await, ErrorCode::TextEmpty);
}

#[tokio::test]
async fn my_other_device_fetches_what_i_sent() {
    let (world, _files, alice, bob) = friends(309).await;
    let phrase = alice.ask(contract::GetRecoveryPhrase {}).await.words.join(" ");
    let device = Device::new(&world);
    let engine = device.open(77).await;
    let tablet = Person::returning(&world, device, engine, alice.id);
    tablet
        .ask(contract::RestoreAccount {
            phrase: phrase.into(),
        })
        .await;
    let mode = contract::NotificationMode::Slow;
    tablet.ask(contract::SetNotificationMode { mode }).await;
    let message = sends(&alice, &bob, &[file("letter.pdf", PDF)], "look").await;
    until_sent(&alice, message).await;
    alice.rests().await;
    tablet.looks().await;
    until_state(&tablet, &bob, &AttachmentState::Done).await;
    let id = newest_files(&tablet, &bob).await[0].id;
    assert_eq!(bytes_of(&tablet, id).await, PDF);
}

/// How often a file server was asked by one method.
fn asked(files: &Files, method: &str) -> usize {
    let lines = files.asked();
    lines.iter().filter(|line| line.starts_with(method)).count()
}

#[tokio::test]
async fn att_61_a_file_is_uploaded_once_and_the_home_list_names_it() {
    let (_world, files, alice, bob) = friends(310).await;
    let message = sends(&alice, &bob, &[file("letter.pdf", PDF), file("b.txt", b"b")], "").await;
    until_sent(&alice, message).await;
    deliver(&[&alice, &bob]).await;
    assert_eq!(asked(&files, "POST"), 2);
    for person in [&alice, &bob] {
        let list = ListConversations { offset: 0, limit: 9 };
        let snippet = person.ask(list).await.rows[0].snippet.clone().unwrap();
        let named = SnippetAttachment {
            kind: AttachmentKind::File,
            file_name: "letter.pdf".to_owned(),
        };
        assert_eq!(snippet.attachment, Some(named));
    }
}

#[tokio::test]
async fn att_67_who_is_no_longer_accepted_has_nothing_fetched() {
    let (_world, files, alice, bob) = friends(311).await;
    bob.ask(SetAutoDownload {
        conversation: alice.conversation(),
        on: true,
    })
    .await;
    bob.ask(DeleteContact {
        conversation: alice.conversation(),
    })
    .await;
    _world.clock.advance(60_000);
    let message = sends(&alice, &bob, &[file("letter.pdf", PDF)], "").await;
    until_sent(&alice, message).await;
    bob.looks().await;
    assert_eq!(bob.requests().await, ["Alice"]);
    let offered = newest_files(&bob, &alice).await.remove(0);
    assert_eq!(offered.state, AttachmentState::Offered);
    let asking = DownloadFile {
        attachment: offered.id,
        trust: true,
    };
    assert_eq!(bob.refused(asking).await, ErrorCode::NotFound);
    bob.accepts(&alice).await;
    assert_eq!(asked(&files, "GET"), 0);
    download(&bob, offered.id, false).await;
    until_state(&bob, &alice, &AttachmentState::Done).await;
}

#[tokio::test]
async fn att_67_blocking_ends_what_waits_to_be_fetched() {
    let (world, files, alice, bob) = friends(312).await;
    let message = sends(&alice, &bob, &[file("letter.pdf", PDF)], "").await;
    until_sent(&alice, message).await;
    bob.looks().await;
    files.set_breaking(Some(Box::new(|reply| protocol::onion::ServerReply {
        code: 500,
        ..reply
    })));
    let id = newest_files(&bob, &alice).await[0].id;
    download(&bob, id, false).await;
    until("it waits after the second try", async || {
        asked(&files, "GET") == 2
    })
    .await;
    bob.ask(Block {
        conversation: alice.conversation(),
    })
    .await;
    files.set_breaking(None);
    until("it is only offered", async || {
        world.clock.advance(1_000);
        newest_files(&bob, &alice).await[0].state == AttachmentState::Offered
    })
    .await;
    assert_eq!(asked(&files, "GET"), 2);
}

#[tokio::test]
async fn whatever_deletes_a_message_takes_its_files_off_the_disk() {
    let world = World::new(313);
    let _files = Files::plug_in(&world);
    let bob = bob(&world).await;
    let folder = tempfile::tempdir().unwrap();
    let device = Device::with_store(&world, file_store(&folder.path().join("tern.db")));
    let alice = person(&world, device, "Alice", 9).await;
    befriend(&alice, &bob).await;
    let on_disk = || std::fs::read_dir(folder.path().join("files")).map_or(0, Iterator::count);
    let conversation = bob.conversation();
    for way in 0..6 {
        let two = [file("a.pdf", PDF), file("b.txt", b"b")];
        let message = sends(&alice, &bob, &two, "").await;
        until_sent(&alice, message).await;
        alice.rests().await;
        assert_eq!(on_disk(), 2, "way {way}");
        let conversation = conversation.clone();
        match way {
            0 => drop(alice.ask(DeleteMessageHere { message }).await),
            1 => drop(alice.ask(DeleteOnMyDevices { message }).await),
            2 => drop(alice.ask(DeleteForEveryone { message }).await),
            3 => drop(alice.ask(ClearMessages { conversation }).await),
            4 => drop(alice.ask(DeleteConversation { conversation }).await),
            _ => drop(alice.ask(DeleteContact { conversation }).await),
        }
        until(&format!("way {way}"), async || on_disk() == 0).await;
        world.clock.advance(60_000);
    }
}

#[tokio::test]
async fn what_is_taken_back_before_it_was_uploaded_is_not_sent() {
    let (world, files, alice, bob) = friends(314).await;
    files.set_breaking(Some(Box::new(|reply| protocol::onion::ServerReply {
        code: 500,
        ..reply
    })));
    let message = sends(&alice, &bob, &[file("letter.pdf", PDF)], "oops").await;
    until("two uploads failed", async || asked(&files, "POST") == 2).await;
    alice.ask(DeleteForEveryone { message }).await;
    files.set_breaking(None);
    world.clock.advance(3_600_000);
    deliver(&[&alice, &bob]).await;
    assert_eq!(asked(&files, "POST"), 2);
    assert_eq!(bob.texts(&alice).await, ["hello", "hello yourself"]);
}
