//! What somebody who means ill says of their picture, and what they put onto the file server.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use contract::{AcceptRequest, ConversationId, OpenConversation, PictureId};
use engine::Clock;
use image::{ImageFormat, Rgb, RgbImage};
use protocol::account::AccountKeys;
use protocol::attachment::picture::{PictureKey, encrypt};
use protocol::attachment::stream;
use protocol::file_server::{FileEncryption, FileUrl, file_reply};
use protocol::message::outgoing::{self, SenderProfile};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use tests::file_server::Files;
use tests::simulated_network::World;
use tests::story::files::asked;
use tests::story::{Person, bob, stranger, until};

use super::inbox::plant;

const KEY: [u8; 32] = [7; 32];

/// Bob, and Mallory, whom he has accepted.
struct Scene {
    world: Arc<World>,
    files: Files,
    bob: Person,
    mallory: AccountKeys,
    /// Seconds of Mallory's profile so far.
    second: Mutex<u64>,
}

impl Scene {
    async fn new(seed: u64) -> Self {
        let world = World::new(seed);
        let files = Files::plug_in(&world);
        let bob = bob(&world).await;
        let scene = Self {
            world,
            files,
            bob,
            mallory: stranger(66),
            second: Mutex::new(0),
        };
        scene.says(None).await;
        let conversation = scene.conversation();
        scene.bob.ask(AcceptRequest { conversation }).await;
        scene
    }

    fn conversation(&self) -> ConversationId {
        ConversationId(self.mallory.account_id().to_hex())
    }

    /// A message whose profile names a picture; the second one is newer.
    fn plant(&self, picture: Option<(&str, &[u8])>) {
        let (now, to) = (self.world.clock.now(), self.bob.id);
        let mut second = self.second.lock().unwrap_or_else(PoisonError::into_inner);
        *second += 1;
        let profile = SenderProfile {
            display_name: "Mallory".to_owned(),
            updated_s: *second,
            picture: None,
        };
        let sent_at = now.plus_ms(i64::try_from(*second).unwrap());
        let mut content = outgoing::text("psst", &profile, None, sent_at);
        let data = content.data_message.as_mut().unwrap();
        if let Some((url, key)) = picture {
            data.profile.as_mut().unwrap().profile_picture = Some(url.to_owned());
            data.profile_key = Some(key.to_vec());
        }
        let mut rng = ChaCha20Rng::seed_from_u64(*second);
        let data = outgoing::seal(&mut rng, &self.mallory, to, sent_at, &content).unwrap();
        plant(&self.world, to, data);
    }

    async fn says(&self, picture: Option<(&str, &[u8])>) {
        self.plant(picture);
        self.bob.looks().await;
    }

    /// A file on the server, encrypted as pictures are.
    fn upload(&self, picture: &[u8]) -> String {
        let mut rng = ChaCha20Rng::seed_from_u64(5);
        let key = PictureKey::from_bytes(&KEY).unwrap();
        self.put(&encrypt(&mut rng, &key, picture))
    }

    fn put(&self, file: &[u8]) -> String {
        self.files.put(self.world.clock.now(), file).to_string()
    }

    async fn shown(&self) -> Option<PictureId> {
        let conversation = self.conversation();
        self.bob.ask(OpenConversation { conversation }).await.picture
    }

    async fn until_shown_other_than(&self, before: Option<PictureId>) -> Option<PictureId> {
        until("another picture is shown", async || self.shown().await != before).await;
        self.shown().await
    }

    fn fetched(&self) -> usize {
        asked(&self.files, "GET")
    }

    /// Lets an hour pass, a minute at a time, so that whatever would be tried again is.
    async fn waits(&self) {
        for _ in 0..60 {
            self.world.clock.advance(60_000);
            self.bob.looks().await;
        }
    }
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, y| Rgb([x as u8, y as u8, 90]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A few bytes that say they are a picture of 2 billion pixels.
fn bomb() -> Vec<u8> {
    let mut bytes = png(8, 8);
    bytes[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
    bytes[20..24].copy_from_slice(&40_000_u32.to_be_bytes());
    // The header's check value, so that the size is believed.
    let crc = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    bytes
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

#[tokio::test]
async fn att_85_both_encryptions_are_read_and_what_is_shown_is_not_what_was_sent() {
    let scene = Scene::new(521).await;
    let legacy = scene.upload(&png(900, 30));
    scene.says(Some((&legacy, &KEY))).await;
    let first = scene.until_shown_other_than(None).await;

    let seed = protocol::account::Seed::from_bytes(&[9; 16]).unwrap();
    let sent = png(40, 900);
    let (file, key) = stream::encrypt(&seed, stream::Use::ProfilePicture, &sent);
    let url = scene.files.put(scene.world.clock.now(), &file);
    let url = url.with_encryption(FileEncryption::Stream).to_string();
    scene.says(Some((&url, key.expose_secret()))).await;
    let second = scene.until_shown_other_than(first).await.unwrap();
    let media = scene.bob.engine.picture(&second).await.unwrap();
    assert_eq!(media.content_type, "image/jpeg");
    let shown = image::load_from_memory(&media.bytes).unwrap();
    assert_eq!((shown.width(), shown.height()), (40, 40));
}

#[tokio::test]
async fn att_85_nothing_that_is_wrong_with_a_picture_is_shown_or_takes_the_one_before_away() {
    let scene = Scene::new(522).await;
    let good = scene.upload(&png(64, 64));
    scene.says(Some((&good, &KEY))).await;
    let before = scene.until_shown_other_than(None).await;
    let mut tampered = {
        let mut rng = ChaCha20Rng::seed_from_u64(6);
        encrypt(&mut rng, &PictureKey::from_bytes(&KEY).unwrap(), &png(64, 64))
    };
    tampered[40] ^= 1;
    let bad = [
        scene.upload(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        scene.upload(b"<html><script>alert(1)</script></html>"),
        scene.upload(&bomb()),
        scene.upload(&png(64, 64)[..60]),
        scene.put(&tampered),
    ];
    for (number, url) in bad.iter().enumerate() {
        let fetched = scene.fetched();
        scene.says(Some((url, &KEY))).await;
        scene.waits().await;
        assert_eq!(scene.shown().await, before, "number {number}");
        assert_eq!(
            scene.fetched() - fetched,
            3,
            "number {number}: three tries and no more"
        );
        // The next one is another day's.
        scene.world.clock.advance(24 * 3_600_000);
    }
}

#[tokio::test]
async fn att_83_a_wrong_key_a_short_file_and_garbage_show_nothing() {
    let scene = Scene::new(523).await;
    let good = scene.upload(&png(64, 64));
    scene.says(Some((&good, &[8; 32]))).await;
    scene.waits().await;
    assert_eq!(scene.shown().await, None);
    // Keys of other lengths, and URLs that are none, change nothing and are not asked for.
    let fetched = scene.fetched();
    for (url, key) in [
        (good.as_str(), &KEY[..16]),
        ("ftp://files.test/file/1", &KEY),
        ("http://files.test/../etc/passwd", &KEY),
        (&format!("{good}{}", "x".repeat(300)), &KEY),
    ] {
        scene.says(Some((url, key))).await;
    }
    scene.waits().await;
    assert_eq!((scene.shown().await, scene.fetched()), (None, fetched));

    // The server answers with something else than the file, then with more than any picture has.
    for body in [b"garbage".to_vec(), vec![1; 10 * 1_024 * 1_024 + 1]] {
        scene
            .files
            .set_breaking(Some(Box::new(move |_| file_reply(body.clone()))));
        scene.world.clock.advance(24 * 3_600_000);
        scene.says(Some((&scene.upload(&png(9, 9)), &KEY))).await;
        scene.waits().await;
        assert_eq!(scene.shown().await, None);
    }
    scene.files.set_breaking(None);
    scene.world.clock.advance(24 * 3_600_000);
    scene.says(Some((&good, &KEY))).await;
    scene.until_shown_other_than(None).await;
}

#[tokio::test]
async fn att_83_no_server_of_their_choosing_is_ever_asked() {
    let scene = Scene::new(524).await;
    let asked_elsewhere = Arc::new(AtomicUsize::new(0));
    for host in ["evil.test", "evil.getsession.org", "filev2.getsession.org"] {
        let count = Arc::clone(&asked_elsewhere);
        let picture = png(20, 20);
        let answer = move |_, _: &_| {
            count.fetch_add(1, Ordering::SeqCst);
            let mut rng = ChaCha20Rng::seed_from_u64(5);
            let key = PictureKey::from_bytes(&KEY).unwrap();
            file_reply(encrypt(&mut rng, &key, &picture))
        };
        scene.world.plug_in(host, Arc::new(answer));
    }
    let theirs = data_encoding::HEXLOWER.encode(&stranger(3).ed25519_public());
    let id = "A".repeat(44);
    for url in [
        format!("http://evil.test/file/{id}#p={theirs}"),
        format!("https://evil.test:8443/file/{id}#p={theirs}&d"),
        format!("http://evil.getsession.org/file/{id}"),
        format!("http://filev2.getsession.org/file/{id}"),
        format!("http://files.test/file/{id}#p={theirs}"),
        format!("http://127.0.0.1/file/{id}#p={theirs}"),
    ] {
        assert!(FileUrl::parse(&url).is_ok(), "{url}");
        scene.says(Some((&url, &KEY))).await;
        scene.waits().await;
        scene.world.clock.advance(24 * 3_600_000);
    }
    assert_eq!((asked_elsewhere.load(Ordering::SeqCst), scene.fetched()), (0, 0));

    // Our server's key under another host: asked is our server, at our address.
    let good = scene.upload(&png(64, 64));
    let elsewhere = good.replace("files.test", "evil.test");
    assert_ne!(good, elsewhere);
    scene.says(Some((&elsewhere, &KEY))).await;
    scene.until_shown_other_than(None).await;
    assert_eq!((asked_elsewhere.load(Ordering::SeqCst), scene.fetched()), (0, 1));
}

#[tokio::test]
async fn att_86_a_thousand_changes_in_a_minute_cost_five_fetches() {
    let scene = Scene::new(525).await;
    let urls: Vec<String> = (1..=40).map(|n| scene.upload(&png(n, n))).collect();
    for round in 0..25 {
        for url in &urls {
            scene.plant(Some((url, &KEY)));
        }
        scene.world.clock.advance(2_000);
        scene.bob.looks().await;
        let fetched = scene.fetched();
        assert!(fetched <= 5, "{fetched} in round {round}");
    }
    scene.waits().await;
    let before = scene.shown().await;
    assert_eq!(scene.fetched(), 5);
    // A day later the last one is fetched, and nothing of what was between.
    scene.world.clock.advance(24 * 3_600_000);
    scene.until_shown_other_than(before).await;
    scene.waits().await;
    assert_eq!(scene.fetched(), 6);
}
