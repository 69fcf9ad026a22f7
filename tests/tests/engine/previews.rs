//! Stories of previews: made by the sender when they want them, shown from the message alone.

use std::sync::Arc;

use contract::{
    AttachmentState, GetPreferences, LinkPreview, MakePreview, MessageId, MessageRow, MessageStatus,
    NewPreview, Preferences, SendText, SetPreferences,
};
use previews::Page;
use protocol::onion::ServerReply;
use tests::file_server::Files;
use tests::simulated_network::World;
use tests::story::files::*;
use tests::story::{Device, Person, bob, deliver, person, until};

const LINK: &str = "https://terns.example/arctic";

fn page(title: &str, picture: bool) -> Page {
    Page {
        title: title.to_owned(),
        picture: picture.then(|| include_bytes!("pictures/upright.jpg").to_vec()),
    }
}

/// Alice, who can reach a page, and her friend Bob, who cannot reach any.
async fn friends(seed: u64, page: Page) -> (Arc<World>, Files, Person, Person) {
    let world = World::new(seed);
    let files = Files::plug_in(&world);
    let alice = reader(&world, page).await;
    let bob = bob(&world).await;
    befriend(&alice, &bob).await;
    (world, files, alice, bob)
}

async fn reader(world: &Arc<World>, page: Page) -> Person {
    let mut device = Device::new(world);
    device.websites.0.insert(LINK.to_owned(), page);
    person(world, device, "Alice", 1).await
}

async fn turns_previews_on(person: &Person) {
    let preferences = Preferences {
        link_previews: true,
        link_previews_asked: true,
        ..person.ask(GetPreferences {}).await
    };
    person.ask(SetPreferences { preferences }).await;
}

async fn makes(person: &Person, url: &str) -> Option<LinkPreview> {
    let url = url.to_owned();
    person.ask(MakePreview { url }).await
}

fn to_send(made: LinkPreview) -> NewPreview {
    NewPreview {
        url: made.url,
        title: made.title,
        picture: made.picture.map(|picture| picture.id),
    }
}

async fn sends_with(from: &Person, to: &Person, text: &str, preview: Option<LinkPreview>) -> MessageId {
    let sending = SendText {
        conversation: to.conversation(),
        text: text.to_owned(),
        reply_to: None,
        preview: preview.map(to_send),
    };
    from.ask(sending).await.message_id
}

async fn newest(of: &Person, with: &Person) -> MessageRow {
    of.rows(with).await.pop().unwrap()
}

#[tokio::test]
async fn prv_02_nobody_is_visited_before_the_user_has_said_so() {
    let (_world, _files, alice, _bob) = friends(501, page("Terns", true)).await;
    assert_eq!(makes(&alice, LINK).await, None);
    turns_previews_on(&alice).await;
    let made = makes(&alice, LINK).await.unwrap();
    assert_eq!((made.url.as_str(), made.title.as_str()), (LINK, "Terns"));
    assert_eq!(made.picture.unwrap().state, AttachmentState::Staged);
    assert_eq!(makes(&alice, "https://elsewhere.example/").await, None);
    assert_eq!(makes(&alice, "http://terns.example/arctic").await, None);
}

#[tokio::test]
async fn prv_04_title_and_picture_come_with_the_message_under_the_rules_for_files() {
    let (_world, files, alice, bob) = friends(502, page("Arctic\n terns", true)).await;
    turns_previews_on(&alice).await;
    let made = makes(&alice, LINK).await;
    let text = format!("look: {LINK}!");
    let message = sends_with(&alice, &bob, &text, made).await;
    until_sent(&alice, message).await;
    deliver(&[&alice, &bob]).await;

    let row = newest(&bob, &alice).await;
    assert_eq!(row.attachments, []);
    let shown = row.preview.unwrap();
    assert_eq!((shown.url.as_str(), shown.title.as_str()), (LINK, "Arctic terns"));
    let picture = shown.picture.unwrap();
    assert_eq!(picture.state, AttachmentState::Offered);
    assert_eq!(asked(&files, "GET"), 0, "nothing is fetched unasked");
    download(&bob, picture.id, false).await;
    until("the picture is there", async || {
        let preview = newest(&bob, &alice).await.preview.unwrap();
        preview.picture.unwrap().state == AttachmentState::Done
    })
    .await;
    assert_eq!(
        bob.engine.media(picture.id, Some(64)).await.unwrap().content_type,
        "image/jpeg"
    );

    // Her own row shows the same.
    let own = newest(&alice, &bob).await.preview.unwrap();
    assert_eq!(own.title, "Arctic terns");
    assert_eq!(own.picture.unwrap().state, AttachmentState::Done);
}

#[tokio::test]
async fn prv_01_a_preview_of_a_link_that_is_not_in_the_text_does_not_go() {
    let (_world, _files, alice, bob) = friends(503, page("Terns", false)).await;
    turns_previews_on(&alice).await;
    let made = makes(&alice, LINK).await;
    let message = sends_with(&alice, &bob, "another text", made.clone()).await;
    until_sent(&alice, message).await;
    let message = sends_with(&alice, &bob, LINK, made).await;
    until_sent(&alice, message).await;
    deliver(&[&alice, &bob]).await;
    let rows = bob.rows(&alice).await;
    let previews: Vec<_> = rows
        .iter()
        .rev()
        .take(2)
        .map(|row| row.preview.is_some())
        .collect();
    assert_eq!(previews, [true, false]);
}

#[tokio::test]
async fn prv_03_a_message_goes_without_a_picture_that_cannot_be_uploaded() {
    let (world, files, alice, bob) = friends(504, page("Terns", true)).await;
    turns_previews_on(&alice).await;
    files.set_breaking(Some(Box::new(|reply| ServerReply { code: 500, ..reply })));
    let made = makes(&alice, LINK).await;
    let message = sends_with(&alice, &bob, LINK, made).await;
    until("it is sent", async || {
        world.clock.advance(10);
        alice.status(message).await == MessageStatus::Sent
    })
    .await;
    assert_eq!(asked(&files, "POST"), 1, "one try is enough");
    deliver(&[&alice, &bob]).await;
    for row in [newest(&bob, &alice).await, newest(&alice, &bob).await] {
        let preview = row.preview.unwrap();
        assert_eq!((preview.title.as_str(), preview.picture), ("Terns", None));
    }
}

#[tokio::test]
async fn prv_03_who_has_not_accepted_gets_the_title_alone() {
    let world = World::new(505);
    let files = Files::plug_in(&world);
    let (alice, bob) = (reader(&world, page("Terns", true)).await, bob(&world).await);
    turns_previews_on(&alice).await;
    let made = makes(&alice, LINK).await;
    let message = sends_with(&alice, &bob, LINK, made).await;
    until_sent(&alice, message).await;
    deliver(&[&alice, &bob]).await;
    let preview = newest(&bob, &alice).await.preview.unwrap();
    assert_eq!((preview.title.as_str(), preview.picture), ("Terns", None));
    assert_eq!(files.asked().len(), 0);
}
