//! Devices of one account, whose clocks are wrong by hours, are offline, are killed and lose requests while somebody uses
//! all of them: in the end they hold the same configs byte for byte, and show the same. Spec: sync §1, config §8
//!
//! `TERN_STORIES` sets how many stories are tried; 8 without it.

use std::sync::Arc;

use contract::{
    Block, ConversationId, DeleteContact, Disappearing, DisappearingMode, HideNoteToSelf, Mute,
    MuteConversation, PinConversation, PollNow, SetDeviceOnline, SetDisappearing, SetDisplayName,
    SetNickname, Unblock,
};
use protocol::account::AccountKeys;
use protocol::config::{Config, ConfigType};
use tests::simulated_network::{Faults, START, World};
use tests::story::devices::{Chance, Client, devices_of_one};
use tests::story::stranger;

const STEPS: usize = 50;
const HOUR: i64 = 3_600_000;

fn people() -> Vec<ConversationId> {
    (1..=4)
        .map(|byte| ConversationId(stranger(byte).account_id().to_hex()))
        .collect()
}

async fn nickname(client: &Client, conversation: ConversationId, nickname: String) {
    let set = SetNickname {
        conversation,
        nickname,
    };
    client.person().ask(set).await;
}

/// Does one thing at random. What makes no sense at the moment is refused.
async fn acts(client: &mut Client, world: &Arc<World>, chance: &mut Chance, step: u64) {
    let conversation = chance.one_of(&people()).unwrap().clone();
    let yes = chance.below(2) == 0;
    let engine = &client.person().engine;
    match chance.below(14) {
        0..=1 => nickname(client, conversation, format!("nickname {step}")).await,
        2 => {
            let pin = PinConversation {
                conversation,
                pinned: yes,
            };
            let _ = engine.request(pin).await;
        }
        3 => {
            let mute = MuteConversation {
                conversation,
                mute: yes.then_some(Mute::Ever),
            };
            let _ = engine.request(mute).await;
        }
        4 => {
            let _ = match yes {
                true => engine.request(Block { conversation }).await.map(drop),
                false => engine.request(Unblock { conversation }).await.map(drop),
            };
        }
        5 => {
            let set = SetDisappearing {
                conversation,
                setting: yes.then_some(Disappearing {
                    mode: DisappearingMode::AfterRead,
                    seconds: 300,
                }),
            };
            let _ = engine.request(set).await;
        }
        6 => {
            let name = format!("Alice {step}");
            client.person().ask(SetDisplayName { name }).await;
        }
        7 => {
            let _ = engine.request(HideNoteToSelf { hidden: yes }).await;
        }
        8 if yes => {
            let _ = engine.request(DeleteContact { conversation }).await;
        }
        9 => {
            let online = chance.below(3) > 0;
            client.person().ask(SetDeviceOnline { online }).await;
        }
        10 => client.restart(world, step + 1_000).await,
        11 => {
            let faults = Faults {
                lost_requests: 25,
                lost_replies: 25,
                repeated: 25,
                hesitation: 10,
                ..Faults::default()
            };
            client.person().network.set_faults(match yes {
                true => Faults::default(),
                false => faults,
            });
        }
        _ => {
            // A look that fails is made up for later.
            let _ = engine.request(PollNow {}).await;
        }
    }
}

/// What a device would store again, all types.
fn bytes(client: &Client) -> Vec<Vec<Vec<u8>>> {
    let store = &client.person().store;
    let account = store.read(|reading| reading.account()).unwrap().unwrap();
    let keys = AccountKeys::from_seed(&account.seed);
    let message = |config_type: ConfigType| {
        let dump = store.read(|reading| reading.config_dump(config_type.namespace()));
        let mut config = match dump.unwrap() {
            Some(dump) => Config::load(config_type, &keys, &dump).unwrap(),
            None => Config::new(config_type, &keys),
        };
        assert!(!config.needs_push(), "{config_type:?} waits");
        config.push(START).unwrap().messages
    };
    ConfigType::ALL.into_iter().map(message).collect()
}

/// What a device shows of everybody, and of the account.
fn shows(client: &Client) -> (String, Vec<String>) {
    let store = &client.person().store;
    let name = store
        .read(|reading| reading.account())
        .unwrap()
        .unwrap()
        .display_name;
    let people = store.read(|reading| reading.shared_people()).unwrap();
    let known = people
        .into_iter()
        .filter(|person| person.approved || person.blocked || !person.nickname.is_empty());
    let mut people: Vec<_> = known
        .map(|person| {
            let place = person.conversation.map(|it| (it.pinned, it.mute));
            format!(
                "{} {} {} {} {:?} {:?}",
                person.account_id.to_hex(),
                person.nickname,
                person.approved,
                person.blocked,
                person.disappearing,
                place.filter(|place| *place != (0, None)),
            )
        })
        .collect();
    people.sort();
    (name, people)
}

#[tokio::test]
async fn syn_01_all_devices_come_to_the_same_configs_and_show_the_same() {
    let stories = std::env::var("TERN_STORIES").map_or(8, |stories| stories.parse().unwrap());
    for seed in 0..stories {
        let world = World::new(seed);
        let folder = tempfile::tempdir().unwrap();
        let mut chance = Chance::new(seed);
        let count = 2 + chance.below(3);
        let mut clients = devices_of_one(&world, folder.path(), &mut chance, count).await;
        for person in people() {
            nickname(&clients[0], person, "first".to_owned()).await;
        }
        for _ in 0..2 {
            for client in &clients {
                client.person().looks().await;
            }
        }
        for step in 0..STEPS as u64 {
            let chosen = chance.below(clients.len());
            acts(&mut clients[chosen], &world, &mut chance, step).await;
            let wait = match chance.below(4) {
                0 => 10 * 60_000,
                _ => 400,
            };
            world.clock.advance(wait);
            for _ in 0..chance.below(200) {
                tokio::task::yield_now().await;
            }
        }
        for client in &clients {
            client.person().network.set_faults(Faults::default());
            client.person().ask(SetDeviceOnline { online: true }).await;
        }
        for _ in 0..5 {
            world.clock.advance(HOUR);
            for client in &clients {
                client.person().looks().await;
            }
        }
        let (held, shown) = (bytes(&clients[0]), shows(&clients[0]));
        for (number, client) in clients.iter().enumerate() {
            assert_eq!(shows(client), shown, "seed {seed}, device {number}");
            assert!(
                bytes(client) == held,
                "seed {seed}, device {number}: byte for byte"
            );
        }
    }
}
