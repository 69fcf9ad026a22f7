//! Whatever happens on the way, all devices of a conversation end with the same messages: each once, with the same
//! answers and reactions, and nothing of what was taken back.

use std::collections::BTreeSet;
use std::sync::Arc;

use contract::{
    DeleteForEveryone, Disappearing, DisappearingMode, ListReactions, MarkRead, MessageBody, PollNow, React,
    SendText, SetDeviceOnline, SetDisappearing,
};
use tests::simulated_network::{Faults, World};
use tests::story::devices::{Chance, Client, clients, text_of};
use tests::story::{Person, deliver};

/// Interleavings that are tried.
const SEEDS: std::ops::Range<u64> = 0..14;

/// What people do in one of them, all together.
const STEPS: usize = 60;

const HOUR: i64 = 3_600_000;

/// Long enough to be there while people act.
const DAY_AFTER_SENDING: Disappearing = Disappearing {
    mode: DisappearingMode::AfterSend,
    seconds: 24 * 3_600,
};

const EMOJIS: [&str; 3] = ["😂", "🥰", "😡"];

/// What a device shows of a message.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Shown {
    sent_at: i64,
    author: String,
    text: String,
    answers: Option<(String, Option<String>)>,
    reactions: Vec<(String, String)>,
    disappears: Option<u32>,
}

/// What was done, in all.
#[derive(Default)]
struct Record {
    sent: BTreeSet<String>,
    taken_back: BTreeSet<String>,
}

async fn shows(client: &Client) -> Vec<Shown> {
    let mut shown = Vec::new();
    for row in client.texts().await {
        let reactions = client.person().ask(ListReactions { message: row.id }).await;
        let mut reactions: Vec<_> = reactions.into_iter().map(|it| (it.emoji, it.author.0)).collect();
        reactions.sort();
        let original = |body: MessageBody| text_of(&body);
        shown.push(Shown {
            sent_at: row.sent_at_ms.0,
            author: row.author.0,
            text: text_of(&row.body),
            answers: row
                .quote
                .map(|quote| (quote.author.0, quote.original.map(|it| original(it.body)))),
            reactions,
            disappears: row.expiry.map(|expiry| expiry.setting.seconds),
        });
    }
    shown
}

/// Does one thing at random.
async fn acts(client: &mut Client, world: &Arc<World>, chance: &mut Chance, record: &mut Record, step: u64) {
    let texts = client.texts().await;
    let conversation = client.conversation();
    match chance.below(14) {
        0..=3 => {
            let reply_to = match chance.below(2) {
                0 => None,
                _ => chance.one_of(&texts).map(|row| row.id),
            };
            let text = format!("message {step}");
            let send = SendText {
                conversation,
                text: text.clone(),
                reply_to,
                preview: None,
            };
            // What it answers may have been taken back a moment ago.
            if client.person().engine.request(send).await.is_ok() {
                record.sent.insert(text);
            }
        }
        4..=5 => {
            if let Some(row) = chance.one_of(&texts) {
                let emoji = chance.one_of(&EMOJIS).unwrap();
                let react = React {
                    message: row.id,
                    emoji: (*emoji).to_owned(),
                    add: chance.below(3) > 0,
                };
                // Refused where it would go to somebody whose request this device has not seen accepted.
                let _ = client.person().engine.request(react).await;
            }
        }
        6 => {
            let mine: Vec<_> = texts.into_iter().filter(|row| row.mine).collect();
            if let Some(row) = chance.one_of(&mine) {
                record.taken_back.insert(text_of(&row.body));
                // My other device may have been quicker.
                let take_back = DeleteForEveryone { message: row.id };
                let _ = client.person().engine.request(take_back).await;
            }
        }
        7 => {
            let online = chance.below(3) > 0;
            client.person().ask(SetDeviceOnline { online }).await;
        }
        8 => client.restart(world, step + 1_000).await,
        12 => {
            let setting = match chance.below(3) {
                0 => None,
                _ => Some(DAY_AFTER_SENDING),
            };
            let set = SetDisappearing {
                conversation,
                setting,
            };
            client.person().ask(set).await;
        }
        13 => {
            if let Some(row) = chance.one_of(&texts) {
                let up_to = row.id;
                client.person().ask(MarkRead { conversation, up_to }).await;
            }
        }
        9 => {
            let faults = Faults {
                lost_requests: 25,
                lost_replies: 25,
                repeated: 25,
                hesitation: 10,
                ..Faults::default()
            };
            client.person().network.set_faults(match chance.below(3) {
                0 => Faults::default(),
                _ => faults,
            });
        }
        _ => {
            // A look that fails is made up for later.
            let _ = client.person().engine.request(PollNow {}).await;
        }
    }
}

#[tokio::test]
async fn all_devices_come_to_show_the_same() {
    for seed in SEEDS {
        let world = World::new(seed);
        let folder = tempfile::tempdir().unwrap();
        let mut chance = Chance::new(seed);
        let mut clients = clients(&world, folder.path(), &mut chance).await;
        let mut record = Record::default();
        record.sent.insert("first".to_owned());
        for step in 0..STEPS as u64 {
            let chosen = chance.below(clients.len());
            acts(&mut clients[chosen], &world, &mut chance, &mut record, step).await;
            // Two devices of one account never send in the same millisecond.
            let wait = match chance.below(4) {
                0 => 10 * 60_000,
                _ => 7,
            };
            world.clock.advance(wait + chance.below(50) as i64);
            for _ in 0..chance.below(200) {
                tokio::task::yield_now().await;
            }
        }
        for client in &clients {
            client.person().network.set_faults(Faults::default());
            client.person().ask(SetDeviceOnline { online: true }).await;
        }
        let people: Vec<&Person> = clients.iter().map(Client::person).collect();
        for _ in 0..3 {
            world.clock.advance(HOUR);
            deliver(&people).await;
        }
        let first = shows(&clients[0]).await;
        for (number, client) in clients.iter().enumerate() {
            assert_eq!(shows(client).await, first, "seed {seed}, device {number}");
        }
        let shown: Vec<String> = first.iter().map(|shown| shown.text.clone()).collect();
        let left: BTreeSet<String> = record.sent.difference(&record.taken_back).cloned().collect();
        assert_eq!(shown.len(), left.len(), "seed {seed}: each once");
        assert_eq!(shown.into_iter().collect::<BTreeSet<_>>(), left, "seed {seed}");
        // What disappears does so everywhere, and the rest stays; answers to what disappeared lose their original.
        world.clock.advance(48 * HOUR);
        let names = |shown: &[Shown]| shown.iter().map(|it| it.text.clone()).collect::<Vec<_>>();
        let lasting: Vec<Shown> = first.into_iter().filter(|it| it.disappears.is_none()).collect();
        for client in &clients {
            while client.texts().await.len() > lasting.len() {
                tokio::task::yield_now().await;
            }
        }
        let first = shows(&clients[0]).await;
        assert_eq!(names(&first), names(&lasting), "seed {seed}: what lasts");
        for client in &clients {
            assert_eq!(shows(client).await, first, "seed {seed}: what lasts");
        }
        // Nor does anything come back from a swarm that is read from its beginning.
        for client in &clients {
            client
                .person()
                .store
                .write(|writing| writing.clear_last_hashes())
                .unwrap();
            client.person().looks().await;
            assert_eq!(shows(client).await, first, "seed {seed}: read again");
        }
    }
}
