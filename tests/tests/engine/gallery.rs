//! Stories of what one can do with files that are here: look through them, answer them, send them on.

use contract::{
    AttachmentKind, AttachmentState, DownloadFile, ErrorCode, ForwardMessage, GetNeighbours, ListGallery,
    ListLinks, MessageBody, SetAutoDownload,
};
use tests::simulated_network::World;
use tests::story::files::*;
use tests::story::{Person, alice, bob, deliver, until};

const PHOTO: &[u8] = include_bytes!("pictures/upright.jpg");

async fn gallery(of: &Person, with: &Person, media: bool) -> Vec<contract::GalleryItem> {
    let listing = ListGallery {
        conversation: with.conversation(),
        media,
        before: None,
        limit: 50,
    };
    of.ask(listing).await.items
}

#[tokio::test]
async fn att_70_a_file_is_sent_on_from_what_is_here_without_fetching_it_again() {
    let world = World::new(341);
    let files = tests::file_server::Files::plug_in(&world);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    befriend(&alice, &bob).await;
    let carol = tests::story::person(&world, tests::story::Device::new(&world), "Carol", 3).await;
    befriend(&bob, &carol).await;
    let two = [file("photo.jpg", PHOTO), file("letter.pdf", PDF)];
    let message = sends(&alice, &bob, &two, "look").await;
    until_sent(&alice, message).await;
    deliver(&[&alice, &bob]).await;
    let row = bob.rows(&alice).await.pop().unwrap();
    let forward = || ForwardMessage {
        message: row.id,
        to: carol.conversation(),
    };
    assert_eq!(
        bob.refused(forward()).await,
        ErrorCode::NotFound,
        "it is not here yet"
    );
    for file in &row.attachments {
        download(&bob, file.id, false).await;
    }
    until_state(&bob, &alice, &AttachmentState::Done).await;
    let fetched = asked(&files, "GET");

    let sent = bob.ask(forward()).await;
    until_sent(&bob, sent.message_id).await;
    deliver(&[&bob, &carol]).await;
    assert_eq!(asked(&files, "GET"), fetched);
    let copy = carol.rows(&bob).await.pop().unwrap();
    let text = MessageBody::Text {
        text: "look".to_owned(),
    };
    assert_eq!((copy.body, copy.quote), (text, None));
    let names: Vec<_> = copy
        .attachments
        .iter()
        .map(|file| file.file_name.as_str())
        .collect();
    assert_eq!(names, ["photo.jpg", "letter.pdf"]);
    download(&carol, copy.attachments[1].id, false).await;
    until("it is whole", async || {
        newest_files(&carol, &bob).await[1].state == AttachmentState::Done
    })
    .await;
    assert_eq!(bytes_of(&carol, copy.attachments[1].id).await, PDF);

    // What may not be sent leaves nothing behind.
    let dave = tests::story::person(&world, tests::story::Device::new(&world), "Dave", 4).await;
    let refused = ForwardMessage {
        message: row.id,
        to: dave.conversation(),
    };
    assert_eq!(bob.refused(refused).await, ErrorCode::RequestLimit);
    let text_only = bob.writes(&alice, "only words").await;
    let sent = bob
        .ask(ForwardMessage {
            message: text_only,
            to: carol.conversation(),
        })
        .await;
    until_sent(&bob, sent.message_id).await;
    deliver(&[&bob, &carol]).await;
    assert_eq!(carol.texts(&bob).await.pop().unwrap(), "only words");
}

#[tokio::test]
async fn a_conversation_shows_its_media_files_and_links() {
    let (_world, _files, alice, bob) = friends_with_files(342).await;
    for (files, text) in [
        (
            vec![file("one.jpg", PHOTO), file("two.jpg", PHOTO)],
            "two of them",
        ),
        (vec![file("letter.pdf", PDF)], "see https://example.org/a"),
        (vec![file("three.jpg", PHOTO)], ""),
    ] {
        let message = sends(&alice, &bob, &files, text).await;
        until_sent(&alice, message).await;
    }
    alice
        .writes(&bob, "httpd is no link, but HTTP://example.com is")
        .await;
    alice.writes(&bob, "and http alone is none").await;
    let names = |items: Vec<contract::GalleryItem>| {
        let names = items.into_iter().map(|item| item.attachment.file_name);
        names.collect::<Vec<_>>()
    };
    let media = gallery(&alice, &bob, true).await;
    let ids: Vec<_> = media.iter().map(|item| item.attachment.id).collect();
    assert_eq!(names(media), ["three.jpg", "two.jpg", "one.jpg"]);
    assert_eq!(names(gallery(&alice, &bob, false).await), ["letter.pdf"]);
    let around = alice.ask(GetNeighbours { attachment: ids[1] }).await;
    assert_eq!(around.this.attachment.id, ids[1]);
    let beside = [around.newer, around.older].map(|item| item.unwrap().attachment.id);
    assert_eq!(beside, [ids[0], ids[2]]);

    let links = |before| {
        alice.ask(ListLinks {
            conversation: bob.conversation(),
            before,
            limit: 2,
        })
    };
    let first = links(None).await;
    let texts: Vec<_> = first.items.iter().map(|item| item.text.as_str()).collect();
    assert_eq!(texts, ["httpd is no link, but HTTP://example.com is"]);
    let second = links(Some(first.next.unwrap())).await;
    let texts: Vec<_> = second.items.iter().map(|item| item.text.as_str()).collect();
    assert_eq!((texts, second.next), (vec!["see https://example.org/a"], None));
}

#[tokio::test]
async fn an_answer_shows_what_it_answers_and_small_pictures_are_made_once() {
    let (_world, _files, alice, bob) = friends_with_files(343).await;
    let message = sends(&alice, &bob, &[file("photo.jpg", PHOTO)], "").await;
    until_sent(&alice, message).await;
    deliver(&[&alice, &bob]).await;
    let row = bob.rows(&alice).await.pop().unwrap();
    let original = row.attachments[0].id;
    bob.ask(contract::SendText {
        conversation: alice.conversation(),
        text: "nice".to_owned(),
        reply_to: Some(row.id),
        preview: None,
    })
    .await;
    let quoted = async || {
        let answer = bob.rows(&alice).await.pop().unwrap();
        answer.quote.unwrap().original.unwrap().file.unwrap()
    };
    let file = quoted().await;
    assert_eq!(
        (file.id, file.kind, file.here),
        (original, AttachmentKind::Image, false)
    );
    assert!(bob.engine.media(original, Some(320)).await.is_err());
    bob.ask(DownloadFile {
        attachment: original,
        trust: false,
    })
    .await;
    until("it is here", async || quoted().await.here).await;
    let small = bob.engine.media(original, Some(320)).await.unwrap();
    assert_eq!(small.content_type, "image/jpeg");
    assert_eq!(bob.engine.media(original, Some(320)).await.unwrap(), small);
    let kept = bob.store.read(|r| r.thumbnail(store::AttachmentId(original.0)));
    let kept: Result<_, store::StoreError> = kept;
    assert_eq!(kept.unwrap(), Some(small.bytes));
}

#[tokio::test]
async fn what_my_other_device_could_not_fetch_can_be_tried_again() {
    let (world, files, alice, bob) = friends_with_files(344).await;
    let tablet = alice.tablet(78).await;
    let message = sends(&alice, &bob, &[file("letter.pdf", PDF)], "look").await;
    until_sent(&alice, message).await;
    alice.rests().await;
    files.set_breaking(Some(Box::new(|mut reply| {
        reply.body.truncate(reply.body.len() / 2);
        reply
    })));
    tablet.looks().await;
    until("it is given up", async || {
        world.clock.advance(1_000);
        matches!(
            newest_files(&tablet, &bob).await[0].state,
            AttachmentState::Failed { .. }
        )
    })
    .await;
    let failed = newest_files(&tablet, &bob).await.remove(0);
    assert!(!failed.here, "so that the shell offers to try again");
    assert!(newest_files(&alice, &bob).await[0].here);
    files.set_breaking(None);
    download(&tablet, failed.id, false).await;
    until_state(&tablet, &bob, &AttachmentState::Done).await;
}

#[tokio::test]
async fn the_head_of_a_conversation_says_whether_its_files_are_fetched() {
    let (_world, _files, alice, bob) = friends_with_files(345).await;
    let head = || {
        alice.ask(contract::OpenConversation {
            conversation: bob.conversation(),
        })
    };
    assert!(!head().await.auto_download);
    let on = SetAutoDownload {
        conversation: bob.conversation(),
        on: true,
    };
    alice.ask(on).await;
    assert!(head().await.auto_download);
    let note = contract::OpenConversation {
        conversation: alice.conversation(),
    };
    assert!(alice.ask(note).await.auto_download, "my own files always come");
}
