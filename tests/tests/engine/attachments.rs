//! Stories of files on their way: sent, fetched, broken, tried again.

use contract::{
    AttachmentKind, AttachmentState, CancelTransfer, ErrorCode, ForwardMessage, ListConversations,
    MessageBody, MessageStatus, RetryMessage, SetAutoDownload, SnippetAttachment,
};
use engine::NewFile;
use tests::file_server::Files;
use tests::simulated_network::World;
use tests::story::files::*;
use tests::story::{Device, Person, bob, deliver, file_store, person, until};

#[tokio::test]
async fn att_61_files_arrive_whole_and_in_order_and_the_first_waits_for_a_tap() {
    let (_world, files, alice, bob) = friends_with_files(301).await;
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
    let (world, files, alice, bob) = friends_with_files(302).await;
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
    let (world, files, alice, bob) = friends_with_files(305).await;
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
    let (_world, _files, alice, bob) = friends_with_files(306).await;
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
async fn att_60_a_picture_goes_with_all_its_pixels_when_that_is_wanted() {
    let (_world, _files, alice, bob) = friends_with_files(307).await;
    let wide = image::RgbImage::from_fn(3_000, 40, |x, y| image::Rgb([x as u8, y as u8, (x / 256) as u8]));
    let mut png = std::io::Cursor::new(Vec::new());
    wide.write_to(&mut png, image::ImageFormat::Png).unwrap();
    let usual = file("wide.png", png.get_ref());
    let original = NewFile {
        original: true,
        ..usual.clone()
    };
    let view = alice.engine.stage(usual).await.unwrap();
    assert_eq!((view.width, view.file_name.as_str()), (Some(2_048), "wide.jpg"));
    let view = alice.engine.stage(original.clone()).await.unwrap();
    assert_eq!((view.width, view.file_name.as_str()), (Some(3_000), "wide.webp"));
    let message = sends(&alice, &bob, &[original], "").await;
    let to = bob.conversation();
    alice.ask(ForwardMessage { message, to }).await;
    let forwarded = newest_files(&alice, &bob).await.remove(0);
    assert_eq!(forwarded.width, Some(3_000), "and is sent on with them");
    let sent = image::load_from_memory(&bytes_of(&alice, view.id).await).unwrap();
    assert_eq!(sent.into_rgb8(), wide, "every pixel");
}

#[tokio::test]
async fn att_61_a_file_is_uploaded_once_and_the_home_list_names_it() {
    let (_world, files, alice, bob) = friends_with_files(310).await;
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
