//! Stories of files that are kept and gone: whose are fetched, what is shown, what deleting takes away.

use contract::{
    AttachmentKind, AttachmentState, Block, ClearMessages, DeleteContact, DeleteConversation,
    DeleteForEveryone, DeleteMessageHere, DeleteOnMyDevices, DownloadFile, ErrorCode, SendFiles,
    SetAutoDownload,
};
use tests::file_server::Files;
use tests::simulated_network::World;
use tests::story::files::*;
use tests::story::{Device, alice, bob, deliver, file_store, person, until};

#[tokio::test]
async fn a_file_that_the_server_has_forgotten_is_gone() {
    let (world, _files, alice, bob) = friends_with_files(303).await;
    let message = sends(&alice, &bob, &[file("letter.pdf", PDF)], "").await;
    until_sent(&alice, message).await;
    bob.looks().await;
    // Another server in its place, without files.
    let _empty = Files::plug_in(&world);
    download(&bob, newest_files(&bob, &alice).await[0].id, false).await;
    until_state(&bob, &alice, &AttachmentState::Gone).await;
}

#[tokio::test]
async fn what_is_no_picture_is_not_shown_as_one() {
    let (_world, _files, alice, bob) = friends_with_files(307).await;
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
        reply_to: None,
    };
    assert_eq!(alice.refused(sending).await, ErrorCode::RequestLimit);
    let none = SendFiles {
        conversation: bob.conversation(),
        files: Vec::new(),
        text: "text".to_owned(),
        reply_to: None,
    };
    assert_eq!(alice.refused(none).await, ErrorCode::TextEmpty);
}

#[tokio::test]
async fn my_other_device_fetches_what_i_sent() {
    let (_world, _files, alice, bob) = friends_with_files(309).await;
    let tablet = alice.tablet(77).await;
    let message = sends(&alice, &bob, &[file("letter.pdf", PDF)], "look").await;
    until_sent(&alice, message).await;
    alice.rests().await;
    tablet.looks().await;
    until_state(&tablet, &bob, &AttachmentState::Done).await;
    let id = newest_files(&tablet, &bob).await[0].id;
    assert_eq!(bytes_of(&tablet, id).await, PDF);
}

#[tokio::test]
async fn att_67_who_is_no_longer_accepted_has_nothing_fetched() {
    let (_world, files, alice, bob) = friends_with_files(311).await;
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
    let (world, files, alice, bob) = friends_with_files(312).await;
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
    let (world, files, alice, bob) = friends_with_files(314).await;
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
