//! Whatever is removed, blocked, deleted and started anew in the middle: nothing that went is ever shown again on the device
//! where it went, nothing whose time has passed is shown, and what was sent and not removed is shown exactly once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use contract::{
    Block, ClearMessages, DeleteConversation, DeleteForEveryone, DeleteOnMyDevices, Disappearing,
    DisappearingMode, MarkRead, MessageRow, PollNow, SendText, SetDeviceOnline, SetDisappearing, Unblock,
};
use engine::Clock;
use tests::simulated_network::{Faults, World};
use tests::story::devices::{Chance, Client, clients, text_of};
use tests::story::{Person, deliver, until};

/// Interleavings that are tried.
const SEEDS: std::ops::Range<u64> = 100..110;

/// What people do in one of them, all together.
const STEPS: usize = 80;

const HOUR: i64 = 3_600_000;

const SETTINGS: [Option<Disappearing>; 4] = [
    None,
    None,
    Some(Disappearing {
        mode: DisappearingMode::AfterRead,
        seconds: 300,
    }),
    Some(Disappearing {
        mode: DisappearingMode::AfterSend,
        seconds: 3_600,
    }),
];

/// What one device has shown.
#[derive(Default)]
struct Seen {
    shown: BTreeSet<String>,
    /// Once shown, and then not any more.
    gone: BTreeSet<String>,
    /// May be missing: it was sent to somebody who had blocked its author, or was removed before it came.
    excused: BTreeSet<String>,
    blocks: bool,
    /// Another device of its account has blocked somebody or deleted the conversation; when that comes here, and what is
    /// not taken because of it, nobody can say.
    told: bool,
}

/// What was done, in all.
#[derive(Default)]
struct Record {
    seen: Vec<Seen>,
    /// Texts and the device on which each was written.
    sent: BTreeMap<String, usize>,
    /// Texts that go by themselves, or were taken back.
    passing: BTreeSet<String>,
}

impl Record {
    /// Some texts may be missing on all devices that do not show them yet.
    fn excuse_elsewhere(&mut self, texts: &[String]) {
        for seen in &mut self.seen {
            let missing = texts.iter().filter(|text| !seen.shown.contains(*text));
            seen.excused.extend(missing.cloned());
        }
    }

    /// Everything that was sent so far may be missing on a device that does not show it yet.
    fn excuse_here(&mut self, device: usize) {
        let seen = &mut self.seen[device];
        let missing = self.sent.keys().filter(|text| !seen.shown.contains(*text));
        seen.excused.extend(missing.cloned());
    }

    /// What one device blocks or deletes, all devices of its account do, sooner or later.
    fn tell_others(&mut self, clients: &[Client], device: usize) {
        let account = clients[device].person().id;
        for (other, seen) in self.seen.iter_mut().enumerate() {
            seen.told |= other != device && clients[other].person().id == account;
        }
    }

    /// What came while its author was blocked does not come later.
    fn excuse_here_if_blocked(&mut self, device: usize) {
        if self.seen[device].blocks {
            self.excuse_here(device);
        }
    }

    /// Looks at a device: nothing twice, nothing that was gone, nothing whose time has passed.
    async fn look(&mut self, world: &World, device: usize, client: &Client, when: &str) {
        let due = |row: &MessageRow| {
            let at = row.expiry.and_then(|expiry| expiry.at_ms);
            at.is_some_and(|at| at.0 + 2_000 <= world.clock.now().0)
        };
        until("what is due goes", async || !client.texts().await.iter().any(due)).await;
        let rows = client.texts().await;
        let shown: BTreeSet<String> = rows.iter().map(|row| text_of(&row.body)).collect();
        assert_eq!(shown.len(), rows.len(), "{when}, device {device}: once each");
        let seen = &mut self.seen[device];
        let back: Vec<_> = seen.gone.intersection(&shown).collect();
        assert!(back.is_empty(), "{when}, device {device}: {back:?} came back");
        seen.gone.extend(seen.shown.difference(&shown).cloned());
        seen.shown = shown;
    }
}

/// Texts that a device has written and that may not have left it yet, or whose copy may not have.
async fn unfinished(record: &Record, device: usize, client: &Client) -> Vec<String> {
    let mut unfinished = Vec::new();
    for row in client.texts().await {
        let text = text_of(&row.body);
        if record.sent.get(&text) == Some(&device) {
            unfinished.push(text);
        }
    }
    unfinished
}

/// Does one thing at random.
async fn acts(
    world: &Arc<World>,
    clients: &mut [Client],
    device: usize,
    chance: &mut Chance,
    record: &mut Record,
    step: u64,
) {
    let conversation = clients[device].conversation();
    let own_texts = unfinished(record, device, &clients[device]).await;
    let client = &clients[device];
    let person = client.person();
    let texts = client.texts().await;
    match chance.below(18) {
        0..=4 => {
            let text = format!("message {step}");
            let sending = SendText {
                conversation: conversation.clone(),
                text: text.clone(),
                reply_to: None,
                preview: None,
            };
            let Ok(sent) = person.engine.request(sending).await else {
                assert!(
                    record.seen[device].blocks || record.seen[device].told,
                    "only who is blocked cannot be written to"
                );
                return;
            };
            if person.row(sent.message_id).await.expiry.is_some() {
                record.passing.insert(text.clone());
            }
            record.sent.insert(text.clone(), device);
            for (other, seen) in record.seen.iter_mut().enumerate() {
                let theirs = clients[other].peer == person.id;
                if theirs && seen.blocks {
                    seen.excused.insert(text.clone());
                }
            }
        }
        5 => {
            let setting = *chance.one_of(&SETTINGS).unwrap();
            let set = SetDisappearing {
                conversation,
                setting,
            };
            // Refused towards somebody who is blocked.
            let _ = person.engine.request(set).await;
        }
        6 => {
            if let Some(row) = chance.one_of(&texts) {
                let up_to = row.id;
                person.ask(MarkRead { conversation, up_to }).await;
            }
        }
        7 => {
            if let Some(row) = chance.one_of(&texts) {
                record.passing.insert(text_of(&row.body));
                let take_back = DeleteForEveryone { message: row.id };
                // Refused for what others wrote.
                let _ = person.engine.request(take_back).await;
            }
        }
        8 => {
            if let Some(row) = chance.one_of(&texts) {
                record.passing.insert(text_of(&row.body));
                person.ask(DeleteOnMyDevices { message: row.id }).await;
            }
        }
        9 => {
            record.excuse_elsewhere(&own_texts);
            // Some may have come since the last look.
            record.excuse_here(device);
            person.ask(ClearMessages { conversation }).await;
        }
        10 => {
            record.excuse_elsewhere(&own_texts);
            record.excuse_here(device);
            person.ask(DeleteConversation { conversation }).await;
            record.tell_others(&*clients, device);
        }
        11 => {
            record.excuse_elsewhere(&own_texts);
            record.excuse_here(device);
            person.ask(Block { conversation }).await;
            record.seen[device].blocks = true;
            record.tell_others(&*clients, device);
        }
        12 => {
            record.excuse_here(device);
            person.ask(Unblock { conversation }).await;
            record.seen[device].blocks = false;
            record.tell_others(&*clients, device);
            // By a clock that is behind, what is written right now was written before.
            world.clock.advance(4_000);
        }
        13 => {
            let online = chance.below(3) > 0;
            person.ask(SetDeviceOnline { online }).await;
        }
        14 => clients[device].restart(world, step + 1_000).await,
        15 => {
            let faults = Faults {
                lost_requests: 25,
                lost_replies: 25,
                repeated: 25,
                hesitation: 10,
                ..Faults::default()
            };
            person.network.set_faults(match chance.below(3) {
                0 => Faults::default(),
                _ => faults,
            });
        }
        _ => {
            // A look that fails is made up for later.
            let _ = person.engine.request(PollNow {}).await;
        }
    }
}

#[tokio::test]
async fn nothing_that_went_comes_back_and_all_else_is_shown_once() {
    for seed in SEEDS {
        let world = World::new(seed);
        let folder = tempfile::tempdir().unwrap();
        let mut chance = Chance::new(seed);
        let mut clients = clients(&world, folder.path(), &mut chance).await;
        let mut record = Record::default();
        record.seen.resize_with(clients.len(), Seen::default);
        for (device, client) in clients.iter().enumerate() {
            record.look(&world, device, client, "at first").await;
        }
        for step in 0..STEPS as u64 {
            let chosen = chance.below(clients.len());
            acts(&world, &mut clients, chosen, &mut chance, &mut record, step).await;
            let wait = match chance.below(6) {
                0 => 10 * 60_000,
                1 => 61 * 60_000,
                _ => 7,
            };
            world.clock.advance(wait + chance.below(50) as i64);
            for _ in 0..chance.below(200) {
                tokio::task::yield_now().await;
            }
            for (device, client) in clients.iter().enumerate() {
                let when = format!("seed {seed}, step {step}");
                record.look(&world, device, client, &when).await;
            }
        }
        for (device, client) in clients.iter().enumerate() {
            record.excuse_here_if_blocked(device);
            client.person().network.set_faults(Faults::default());
            client.person().ask(SetDeviceOnline { online: true }).await;
            let conversation = client.conversation();
            client.person().ask(Unblock { conversation }).await;
        }
        for round in 0..4 {
            let people: Vec<&Person> = clients.iter().map(Client::person).collect();
            world.clock.advance(HOUR);
            deliver(&people).await;
            for (device, client) in clients.iter().enumerate() {
                // The swarm is read from its beginning, by a process that has just begun.
                if round == 2 {
                    let store = &client.person().store;
                    store.write(|writing| writing.clear_last_hashes()).unwrap();
                }
                let when = format!("seed {seed}, at the end, round {round}");
                record.look(&world, device, client, &when).await;
            }
            for client in &mut clients {
                client.restart(&world, 5_000 + round).await;
            }
        }
        for (device, seen) in record.seen.iter().enumerate() {
            for text in record.sent.keys().filter(|text| !record.passing.contains(*text)) {
                let excused = seen.told || seen.gone.contains(text) || seen.excused.contains(text);
                assert!(
                    excused || seen.shown.contains(text),
                    "seed {seed}, device {device}: {text:?} is missing"
                );
            }
        }
    }
}
