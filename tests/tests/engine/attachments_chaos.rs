//! Twenty files cross a real network on loopback whose file server hangs up at random places, is killed and comes back.
//!
//! `TERN_CHAOS_FILE_BYTES` sets the size of each file; 10,000,000 is the largest that is sent.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use contract::{
    AttachmentState, AttachmentView, ConversationId, CreateAccount, FinishOnboarding, KeyCustody,
    ListMessages, MessageStatus, MessageWindow, NotificationMode, PollNow, Request, SaveFile, SendFiles,
    SendText, SetAutoDownload, SetDisplayName, SetNotificationMode,
};
use dialer::Dialer;
use engine::{Config, Engine, EngineParts, EventStream, Mode, NewFile, SeededEntropy, SystemClock};
use network::{MemoryCache, NetworkProfile, OnionNetwork};
use node::{Cut, LocalNetwork};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use store::{AttachmentId, Store};
use tempfile::TempDir;
use tests::story::file_store;

const FILES: usize = 20;
const FILES_OF_A_MESSAGE: usize = 5;

/// Of each file, unless the environment says otherwise.
const FILE_BYTES: usize = 1_000_000;

/// Connections that break in each direction.
const CUTS: usize = 10;

/// How long all of it may take.
const PATIENCE: Duration = Duration::from_secs(600);

struct Person {
    engine: Engine,
    store: Arc<Store>,
    id: ConversationId,
    folder: TempDir,
}

impl Person {
    async fn start(net: &LocalNetwork, name: &str, seed: u8) -> Self {
        let profile = NetworkProfile::from_json(&net.profile_json()).unwrap();
        let (clock, cache) = (Arc::new(SystemClock::new()), Arc::new(MemoryCache::default()));
        let network = OnionNetwork::start(
            Dialer::default(),
            profile.clone(),
            cache,
            clock.clone(),
            [seed; 32],
        )
        .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let store = file_store(&folder.path().join("tern.db"));
        let config = Config {
            profile,
            key_custody: KeyCustody::Memory,
            push_provider: None,
            nearby: tests::story::THIS_MACHINE,
            mode: Mode::Active,
            head_start: Duration::ZERO,
        };
        let parts = EngineParts {
            config,
            store: Arc::clone(&store),
            network: Arc::new(network),
            clock,
            entropy: Arc::new(SeededEntropy::new(u64::from(seed))),
            websites: Arc::new(previews::FixedWebsites::default()),
            ways_out: engine::WaysOut::default(),
        };
        let engine = Engine::open(parts).await.unwrap();
        let account = engine.request(CreateAccount {}).await.unwrap();
        let name = name.to_owned();
        engine.request(SetDisplayName { name }).await.unwrap();
        let mode = NotificationMode::Slow;
        engine.request(SetNotificationMode { mode }).await.unwrap();
        engine.request(FinishOnboarding {}).await.unwrap();
        Self {
            engine,
            store,
            id: ConversationId(account.account_id.0),
            folder,
        }
    }

    async fn ask<R: Request + 'static>(&self, request: R) -> R::Reply {
        self.engine.request(request).await.unwrap()
    }

    async fn writes(&self, to: &Self, text: &str) {
        let sending = SendText {
            conversation: to.id.clone(),
            text: text.to_owned(),
            reply_to: None,
            preview: None,
        };
        self.ask(sending).await;
        self.until_sent(to).await;
    }

    async fn until_sent(&self, to: &Self) {
        let mut events = self.engine.events();
        loop {
            let rows = self.rows(to).await;
            let failed = rows.iter().any(|row| row.status == Some(MessageStatus::Failed));
            assert!(!failed, "everything goes out by itself");
            let on_the_way = [MessageStatus::Queued, MessageStatus::Sending];
            if !rows
                .iter()
                .any(|row| row.status.is_some_and(|status| on_the_way.contains(&status)))
            {
                return;
            }
            next(&mut events).await;
        }
    }

    async fn rows(&self, with: &Self) -> Vec<contract::MessageRow> {
        let list = ListMessages {
            conversation: with.id.clone(),
            window: MessageWindow::Newest,
            limit: 200,
        };
        self.ask(list).await.rows
    }

    async fn files(&self, with: &Self) -> Vec<AttachmentView> {
        let rows = self.rows(with).await.into_iter();
        rows.flat_map(|row| row.attachments).collect()
    }

    /// Waits until so many files are whole here, and on the server when they are mine.
    async fn until_done(&self, with: &Self, count: usize) {
        let mut events = self.engine.events();
        loop {
            let done = |file: &&AttachmentView| file.state == AttachmentState::Done;
            if self.files(with).await.iter().filter(done).count() >= count {
                return;
            }
            next(&mut events).await;
        }
    }

    /// Waits until a transfer that has not come to its end has failed more often than now.
    async fn until_one_more_fails(&self, with: &Self) {
        let mut events = self.engine.events();
        let before = self.failures(with).await;
        while self.failures(with).await <= before {
            next(&mut events).await;
        }
    }

    async fn failures(&self, with: &Self) -> u32 {
        let files = self.files(with).await;
        self.store
            .read(|reading| {
                let attempts = files
                    .iter()
                    .map(|file| reading.attachment(AttachmentId(file.id.0)));
                let attempts = attempts.map(|found| found.map(|attachment| attachment.attempts));
                attempts.sum::<Result<u32, store::StoreError>>()
            })
            .unwrap()
    }

    /// Files on the disk of this person.
    fn on_disk(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.folder.path().join("files")).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    }

    /// What this person gets to see of a file, when there is something to see.
    async fn saved(&self, file: &AttachmentView) -> Option<Vec<u8>> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("saved");
        let saving = SaveFile {
            attachment: file.id,
            path: path.to_str().unwrap().to_owned(),
        };
        let saved = self.engine.request(saving).await;
        saved.ok().map(|_| std::fs::read(path).unwrap())
    }
}

async fn next(events: &mut EventStream) {
    events.next().await.expect("the engine runs");
}

fn file_bytes() -> usize {
    let set = std::env::var("TERN_CHAOS_FILE_BYTES");
    set.map_or(FILE_BYTES, |bytes| bytes.parse().unwrap())
}

/// The content of a file, by its number.
fn content(number: usize) -> Vec<u8> {
    let mut bytes = vec![0; file_bytes()];
    ChaCha20Rng::seed_from_u64(number as u64).fill_bytes(&mut bytes);
    bytes
}

fn name(number: usize) -> String {
    format!("{number}.bin")
}

/// Whoever sees a file sees all of it, from the first moment on.
async fn check_what_is_shown(bob: &Person, alice: &Person, all: &[Vec<u8>]) {
    let mut events = bob.engine.events();
    let mut whole = BTreeSet::new();
    loop {
        for file in bob.files(alice).await {
            if whole.contains(&file.id) {
                continue;
            }
            if let Some(bytes) = bob.saved(&file).await {
                let number: usize = file.file_name.trim_end_matches(".bin").parse().unwrap();
                assert!(bytes == all[number], "{} is shown half", file.file_name);
                whole.insert(file.id);
            }
        }
        next(&mut events).await;
    }
}

/// Kills the file server when `count` files of somebody are done, and starts it again when that has made one fail.
async fn kill_at(net: &LocalNetwork, person: &Person, with: &Person, count: usize) {
    person.until_done(with, count).await;
    net.file_server().kill().await;
    person.until_one_more_fails(with).await;
    net.file_server().restart().await.unwrap();
}

async fn story() {
    let began = Instant::now();
    let net = LocalNetwork::start(9, 3).await.unwrap();
    let (alice, bob) = (
        Person::start(&net, "Alice", 1).await,
        Person::start(&net, "Bob", 2).await,
    );
    alice.writes(&bob, "hello").await;
    bob.ask(PollNow {}).await;
    bob.writes(&alice, "hello yourself").await;
    alice.ask(PollNow {}).await;
    let conversation = alice.id.clone();
    bob.ask(SetAutoDownload {
        conversation,
        on: true,
    })
    .await;

    let mut rng = ChaCha20Rng::seed_from_u64(2_010);
    let mut place = || rng.next_u64() % file_bytes() as u64;
    let cuts: Vec<_> = (0..CUTS)
        .flat_map(|_| [Cut::Request(place()), Cut::Answer(place())])
        .collect();
    let faults = net.file_server().faults();
    faults.cut(cuts);

    let all: Vec<_> = (0..FILES).map(content).collect();
    for (first, message) in all.chunks(FILES_OF_A_MESSAGE).enumerate() {
        let mut staged = Vec::new();
        for (place, bytes) in message.iter().enumerate() {
            let file = NewFile {
                name: name(first * FILES_OF_A_MESSAGE + place),
                bytes: bytes.clone(),
                voice: false,
                original: false,
            };
            staged.push(alice.engine.stage(file).await.unwrap().id);
        }
        let sending = SendFiles {
            conversation: bob.id.clone(),
            files: staged,
            text: String::new(),
            reply_to: None,
        };
        alice.ask(sending).await;
    }
    let arrive = async {
        tokio::join!(alice.until_sent(&bob), kill_at(&net, &alice, &bob, FILES / 4));
        eprintln!("all are uploaded after {:?}", began.elapsed());
        bob.ask(PollNow {}).await;
        tokio::join!(
            bob.until_done(&alice, FILES),
            kill_at(&net, &bob, &alice, FILES / 2)
        );
        eprintln!("all are downloaded after {:?}", began.elapsed());
    };
    tokio::select! {
        () = arrive => {}
        () = check_what_is_shown(&bob, &alice, &all) => {}
    }

    assert_eq!(faults.cuts_left(), 0, "every connection broke that was to break");
    let files = bob.files(&alice).await;
    let names: Vec<_> = files.iter().map(|file| file.file_name.clone()).collect();
    assert_eq!(names, (0..FILES).map(name).collect::<Vec<_>>());
    for (file, bytes) in files.iter().zip(&all) {
        assert!(
            bob.saved(file).await.as_ref() == Some(bytes),
            "{} is whole",
            file.file_name
        );
    }
    for person in [&alice, &bob] {
        assert_eq!(person.on_disk().len(), FILES, "nothing half is left");
    }
    alice.engine.close().await;
    bob.engine.close().await;
    net.stop_all().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn att_63_all_files_arrive_whole_however_often_connections_break() {
    tokio::time::timeout(PATIENCE, story())
        .await
        .expect("all files arrive in time");
}
