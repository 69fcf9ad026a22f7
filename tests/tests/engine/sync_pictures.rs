//! Pictures reach the account's other devices with its settings. Spec: sync §4 (SYN-36, SYN-37)

use contract::{AccountView, Block, GetAccount, OpenConversation, PictureSaving, RemovePicture, SetPicture};
use image::{ImageFormat, Rgb, RgbImage};
use tests::file_server::Files;
use tests::story::files::{asked, file, friends_with_files};
use tests::story::{Person, deliver, until};

const RED: [u8; 3] = [200, 20, 20];
const BLUE: [u8; 3] = [20, 20, 200];
const DAY: i64 = 24 * 3_600_000;

fn plain(colour: [u8; 3]) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    RgbImage::from_pixel(700, 700, Rgb(colour))
        .write_to(&mut bytes, ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

async fn account(of: &Person) -> AccountView {
    of.ask(GetAccount {}).await
}

async fn chooses(who: &Person, colour: [u8; 3]) {
    let staged = who.engine.stage(file("me.png", &plain(colour))).await.unwrap();
    who.ask(SetPicture {
        attachment: staged.id,
        crop: None,
    })
    .await;
}

async fn until_saved(who: &Person) {
    until("the picture is on the network", async || {
        account(who).await.picture_saving == PictureSaving::Done
    })
    .await;
}

/// The colour and the side of what is shown of an account, or of somebody.
async fn seen(by: &Person, picture: Option<contract::PictureId>) -> Option<([u8; 3], u32)> {
    let media = by.engine.picture(&picture?).await.ok()?;
    let picture = image::load_from_memory(&media.bytes).unwrap().into_rgb8();
    Some((picture.get_pixel(4, 4).0, picture.width()))
}

fn is_like(colour: [u8; 3], other: [u8; 3]) -> bool {
    let mut pairs = colour.iter().zip(other);
    pairs.all(|(one, other)| one.abs_diff(other) < 25)
}

async fn until_own(of: &Person, colour: [u8; 3]) {
    until("the other device shows it", async || {
        let shown = seen(of, account(of).await.picture).await;
        shown.is_some_and(|(seen, side)| is_like(seen, colour) && side == 640)
    })
    .await;
}

async fn picture_of(who: &Person, by: &Person) -> Option<contract::PictureId> {
    let conversation = who.conversation();
    by.ask(OpenConversation { conversation }).await.picture
}

async fn settle(devices: &[&Person]) {
    for _ in 0..2 {
        for device in devices {
            device.looks().await;
        }
    }
}

#[tokio::test]
async fn syn_36_my_picture_is_chosen_changed_and_removed_on_any_device() {
    let (world, _files, phone, bob) = friends_with_files(700).await;
    chooses(&phone, RED).await;
    until_saved(&phone).await;
    phone.looks().await;
    let tablet = phone.tablet(9).await;
    until_own(&tablet, RED).await;
    // It goes with what the other device sends, too.
    world.clock.advance(5_000);
    tablet.writes(&bob, "how do I look?").await;
    deliver(&[&tablet, &bob]).await;
    until("Bob sees it", async || {
        let shown = seen(&bob, picture_of(&phone, &bob).await).await;
        shown.is_some_and(|(colour, _)| is_like(colour, RED))
    })
    .await;

    world.clock.advance(60_000);
    chooses(&tablet, BLUE).await;
    until_saved(&tablet).await;
    settle(&[&tablet, &phone]).await;
    until_own(&phone, BLUE).await;

    world.clock.advance(60_000);
    phone.ask(RemovePicture {}).await;
    settle(&[&phone, &tablet]).await;
    assert_eq!(account(&tablet).await.picture, None);
    settle(&[&tablet, &phone]).await;
    assert_eq!(account(&phone).await.picture, None);
}

#[tokio::test]
async fn syn_36_a_picture_that_was_uploaded_again_is_the_same_everywhere() {
    let (world, _files, phone, _bob) = friends_with_files(701).await;
    chooses(&phone, RED).await;
    until_saved(&phone).await;
    phone.looks().await;
    let tablet = phone.tablet(9).await;
    until_own(&tablet, RED).await;
    let address = |of: &Person| of.store.read(|r| r.own_picture()).unwrap().unwrap().address;
    let first = address(&phone);
    assert_eq!(address(&tablet), first);
    // Another server in its place, without files.
    let _empty = Files::plug_in(&world);
    for _ in 0..14 {
        world.clock.advance(DAY);
        settle(&[&phone, &tablet]).await;
    }
    until("it lies elsewhere", async || {
        world.clock.advance(60_000);
        settle(&[&phone, &tablet]).await;
        address(&phone) != first && address(&phone) == address(&tablet)
    })
    .await;
    until_own(&tablet, RED).await;
    until_own(&phone, RED).await;
}

#[tokio::test]
async fn syn_37_pictures_of_contacts_reach_a_device_that_never_saw_a_message_with_them() {
    let (world, files, alice, bob) = friends_with_files(702).await;
    chooses(&bob, BLUE).await;
    until_saved(&bob).await;
    world.clock.advance(5_000);
    bob.writes(&alice, "look").await;
    deliver(&[&bob, &alice]).await;
    until("Alice sees Bob", async || {
        picture_of(&bob, &alice).await.is_some()
    })
    .await;
    settle(&[&alice]).await;
    // In the end all messages are gone from the swarm; the settings stay, and so does the file.
    for _ in 0..15 {
        let before = asked(&files, "POST");
        world.clock.advance(DAY + 1);
        until("Bob keeps his picture", async || asked(&files, "POST") > before).await;
        settle(&[&alice, &bob]).await;
    }
    world.nodes.clean_up(engine::Clock::now(&world.clock)).unwrap();
    let tablet = alice.tablet(9).await;
    until("the other device sees Bob", async || {
        let shown = seen(&tablet, picture_of(&bob, &tablet).await).await;
        shown.is_some_and(|(colour, _)| is_like(colour, BLUE))
    })
    .await;
    // Whoever is blocked is not fetched, whatever the settings name.
    let conversation = bob.conversation();
    alice.ask(Block { conversation }).await;
    settle(&[&alice]).await;
    let fetched = asked(&files, "GET");
    let third = alice.tablet(10).await;
    third.looks().await;
    assert_eq!(asked(&files, "GET"), fetched);
}
