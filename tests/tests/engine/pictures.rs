//! Stories of people's pictures: mine on its way to others, theirs on their way here.

use contract::{
    AccountView, Block, Crop, ErrorCode, GetAccount, ListContacts, OpenConversation, PictureId,
    PictureSaving, RemovePicture, SetDisplayName, SetPicture, Unblock,
};
use image::{ImageFormat, Rgb, RgbImage};
use tests::file_server::Files;
use tests::simulated_network::World;
use tests::story::files::*;
use tests::story::{Device, Person, alice, bob, deliver, file_store, friends, person, until};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

const RED: [u8; 3] = [200, 20, 20];
const BLUE: [u8; 3] = [20, 20, 200];

/// A picture whose left half has one colour and whose right half another.
fn halves(width: u32, height: u32, left: [u8; 3], right: [u8; 3]) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, _| {
        Rgb(if x < width / 2 { left } else { right })
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn plain(colour: [u8; 3]) -> Vec<u8> {
    halves(900, 700, colour, colour)
}

async fn chooses(who: &Person, bytes: &[u8], crop: Option<Crop>) -> AccountView {
    let staged = who.engine.stage(file("me.png", bytes)).await.unwrap();
    let attachment = staged.id;
    who.ask(SetPicture { attachment, crop }).await
}

async fn until_saved(who: &Person) {
    until("the picture is on the network", async || {
        who.ask(GetAccount {}).await.picture_saving == PictureSaving::Done
    })
    .await;
}

async fn picture_of(who: &Person, seen_by: &Person) -> Option<PictureId> {
    let conversation = who.conversation();
    seen_by.ask(OpenConversation { conversation }).await.picture
}

/// Size and the colour near the upper left corner of a picture.
async fn look(who: &Person, id: &PictureId) -> Option<((u32, u32), [u8; 3])> {
    let media = who.engine.picture(id).await.ok()?;
    assert_eq!(media.content_type, "image/jpeg");
    let picture = image::load_from_memory(&media.bytes).unwrap().into_rgb8();
    Some((picture.dimensions(), picture.get_pixel(4, 4).0))
}

fn is_like(colour: [u8; 3], other: [u8; 3]) -> bool {
    colour
        .iter()
        .zip(other)
        .all(|(one, other)| one.abs_diff(other) < 25)
}

/// Waits until somebody's picture has a colour.
async fn until_seen(who: &Person, seen_by: &Person, colour: [u8; 3]) {
    until("the picture is seen", async || {
        match picture_of(who, seen_by).await {
            // It may be replaced between the two looks.
            Some(id) => look(seen_by, &id)
                .await
                .is_some_and(|(_, seen)| is_like(seen, colour)),
            None => false,
        }
    })
    .await;
}

#[tokio::test]
async fn att_80_a_picture_is_cut_shown_at_once_and_goes_with_the_next_message() {
    let (world, files, alice, bob) = friends_with_files(501).await;
    let crop = Crop {
        x: 450,
        y: 0,
        side: 400,
    };
    let account = chooses(&alice, &halves(900, 700, RED, BLUE), Some(crop)).await;
    let own = account.picture.unwrap();
    let (size, colour) = look(&alice, &own).await.unwrap();
    assert_eq!(size, (400, 400), "cut, not made larger");
    assert!(is_like(colour, BLUE), "{colour:?}");
    until_saved(&alice).await;
    assert_eq!(picture_of(&alice, &bob).await, None, "nobody was told yet");

    world.clock.advance(5_000);
    alice.writes(&bob, "how do I look?").await;
    deliver(&[&alice, &bob]).await;
    until_seen(&alice, &bob, BLUE).await;
    let seen = picture_of(&alice, &bob).await.unwrap();
    assert_eq!(look(&bob, &seen).await.unwrap().0, (320, 320));
    let contacts = ListContacts { offset: 0, limit: 9 };
    assert_eq!(bob.ask(contacts).await.rows[0].picture, Some(seen));
    assert_eq!(asked(&files, "GET"), 1);

    // The same again says nothing new.
    alice.writes(&bob, "well?").await;
    deliver(&[&alice, &bob]).await;
    assert_eq!(asked(&files, "GET"), 1);
}

#[tokio::test]
async fn att_80_what_is_no_picture_is_refused() {
    let (_world, _files, alice, _bob) = friends_with_files(502).await;
    for bytes in [&b"%PDF-1.7"[..], b"<svg xmlns='http://www.w3.org/2000/svg'/>"] {
        let attachment = alice.engine.stage(file("me.png", bytes)).await.unwrap().id;
        let setting = SetPicture {
            attachment,
            crop: None,
        };
        assert_eq!(alice.refused(setting).await, ErrorCode::ProfilePicture);
    }
    let nothing = SetPicture {
        attachment: contract::AttachmentId(4_711),
        crop: None,
    };
    assert_eq!(alice.refused(nothing).await, ErrorCode::ProfilePicture);
    assert_eq!(alice.ask(GetAccount {}).await.picture, None);
}

#[tokio::test]
async fn att_81_a_change_and_a_removal_reach_friends_and_an_older_profile_does_not() {
    let (world, files, alice, bob) = friends_with_files(503).await;
    for colour in [RED, BLUE] {
        chooses(&alice, &plain(colour), None).await;
        until_saved(&alice).await;
        alice.writes(&bob, "look").await;
        deliver(&[&alice, &bob]).await;
        until_seen(&alice, &bob, colour).await;
    }
    let before = picture_of(&alice, &bob).await.unwrap();
    // In the same second as the last change.
    let name = "Alicia".to_owned();
    alice.ask(SetDisplayName { name }).await;
    let account = alice.ask(RemovePicture {}).await;
    assert_eq!(
        (account.picture, account.picture_saving),
        (None, PictureSaving::Done)
    );
    alice.writes(&bob, "better without").await;
    deliver(&[&alice, &bob]).await;
    assert_eq!(picture_of(&alice, &bob).await, None);
    assert_eq!(bob.home().await, ["Alicia"]);
    assert_eq!(
        bob.engine.picture(&before).await.unwrap_err().code,
        ErrorCode::NotFound
    );
    world.clock.advance(DAY);
    assert_eq!(asked(&files, "GET"), 2);
}

#[tokio::test]
async fn att_82_a_picture_waits_for_the_network_over_a_restart_and_others_have_the_one_before() {
    let world = World::new(504);
    let bob = bob(&world).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tern.db");
    let device = Device::with_store(&world, file_store(&path));
    let alice = person(&world, device, "Alice", 9).await;
    befriend(&alice, &bob).await;
    // There is no file server yet.
    chooses(&alice, &plain(RED), None).await;
    until("it says that it waits", async || {
        alice.ask(GetAccount {}).await.picture_saving == PictureSaving::Waits
    })
    .await;
    alice.writes(&bob, "soon you will see me").await;
    deliver(&[&alice, &bob]).await;
    assert_eq!(picture_of(&alice, &bob).await, None);
    let id = alice.id;
    let Person { engine, .. } = alice;
    engine.close().await;

    let files = Files::plug_in(&world);
    let device = Device::with_store(&world, file_store(&path));
    let engine = device.open(10).await;
    let alice = Person::returning(&world, device, engine, id);
    until("it is uploaded", async || {
        world.clock.advance(1_000);
        alice.ask(GetAccount {}).await.picture_saving == PictureSaving::Done
    })
    .await;
    assert_eq!(asked(&files, "POST /file"), 1);
    alice.writes(&bob, "now").await;
    deliver(&[&alice, &bob]).await;
    until_seen(&alice, &bob, RED).await;
}

#[tokio::test]
async fn att_84_of_requests_and_blocked_people_nothing_is_fetched() {
    let world = World::new(505);
    let files = Files::plug_in(&world);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    chooses(&alice, &plain(RED), None).await;
    until_saved(&alice).await;
    alice.writes(&bob, "do you know me?").await;
    deliver(&[&alice, &bob]).await;
    world.clock.advance(HOUR);
    bob.looks().await;
    assert_eq!((picture_of(&alice, &bob).await, asked(&files, "GET")), (None, 0));

    bob.accepts(&alice).await;
    until_seen(&alice, &bob, RED).await;
    let conversation = alice.conversation();
    bob.ask(Block { conversation }).await;
    chooses(&alice, &plain(BLUE), None).await;
    until_saved(&alice).await;
    alice.writes(&bob, "and now?").await;
    deliver(&[&alice, &bob]).await;
    world.clock.advance(HOUR);
    bob.looks().await;
    assert_eq!(asked(&files, "GET"), 1);
    let conversation = alice.conversation();
    bob.ask(Unblock { conversation }).await;
    alice.writes(&bob, "friends again").await;
    deliver(&[&alice, &bob]).await;
    until_seen(&alice, &bob, BLUE).await;
}

#[tokio::test]
async fn att_87_a_picture_is_kept_on_the_server_for_as_long_as_its_owner_is_there() {
    let (world, files, alice, bob) = friends_with_files(506).await;
    chooses(&alice, &plain(RED), None).await;
    until_saved(&alice).await;
    let extended = || {
        files
            .asked()
            .iter()
            .filter(|line| line.ends_with("/extend"))
            .count()
    };
    for day in 1..=20 {
        world.clock.advance(DAY + 1);
        until("it is extended", async || extended() == day).await;
    }
    assert_eq!(asked(&files, "POST /file"), 1 + 20, "uploaded once");
    alice.writes(&bob, "long time no see").await;
    deliver(&[&alice, &bob]).await;
    until_seen(&alice, &bob, RED).await;
}

#[tokio::test]
async fn att_87_a_picture_that_the_server_has_forgotten_is_uploaded_again_and_friends_keep_theirs() {
    let (world, _files, alice, bob) = friends_with_files(507).await;
    chooses(&alice, &plain(RED), None).await;
    until_saved(&alice).await;
    alice.writes(&bob, "me").await;
    deliver(&[&alice, &bob]).await;
    until_seen(&alice, &bob, RED).await;
    let seen = picture_of(&alice, &bob).await;

    // Another server in its place, without files: after a day nothing, after twelve the picture.
    let empty = Files::plug_in(&world);
    let uploads = || empty.asked().iter().filter(|line| *line == "POST /file").count();
    for day in 1..=13 {
        world.clock.advance(DAY + 1);
        until("it was looked after", async || empty.asked().len() >= day).await;
        assert!(day >= 12 || uploads() == 0, "on day {day}");
    }
    until("it is there again", async || uploads() == 1).await;
    assert_eq!(picture_of(&alice, &bob).await, seen);

    // Carol has never seen it; she gets the new address with the next message.
    let carol = person(&world, Device::new(&world), "Carol", 33).await;
    befriend(&alice, &carol).await;
    until_seen(&alice, &carol, RED).await;
    alice.writes(&bob, "still me").await;
    deliver(&[&alice, &bob]).await;
    until_seen(&alice, &bob, RED).await;
}

#[tokio::test]
async fn a_picture_that_is_gone_leaves_the_one_before() {
    let world = World::new(508);
    let files = Files::plug_in(&world);
    let (alice, bob) = friends(&world).await;
    chooses(&alice, &plain(RED), None).await;
    until_saved(&alice).await;
    alice.writes(&bob, "red").await;
    deliver(&[&alice, &bob]).await;
    until_seen(&alice, &bob, RED).await;
    let seen = picture_of(&alice, &bob).await;
    chooses(&alice, &plain(BLUE), None).await;
    until_saved(&alice).await;
    let empty = Files::plug_in(&world);
    alice.writes(&bob, "blue").await;
    deliver(&[&alice, &bob]).await;
    until("it was asked for", async || asked(&empty, "GET") == 1).await;
    world.clock.advance(DAY);
    bob.looks().await;
    assert_eq!(picture_of(&alice, &bob).await, seen);
    assert_eq!((asked(&empty, "GET"), asked(&files, "GET")), (1, 1));
}
