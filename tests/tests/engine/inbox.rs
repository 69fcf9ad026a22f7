//! Stories of what others put into one's swarm.

use contract::{Event, MessageBody};
use engine::Clock;
use protocol::TimestampMs;
use protocol::account::{AccountId, AccountKeys};
use protocol::message::content::Content;
use protocol::message::outgoing::{self, SenderProfile};
use protocol::storage::replies::{Retrieved, RetrievedMessage, Stamp};
use protocol::storage::{Namespace, Request, Store, compute_hash};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use tests::simulated_network::{Faults, SimulatedNetwork, World};
use tests::story::{Device, Person, bob, event, person, stranger};

/// Puts bytes into somebody's swarm, as anybody can.
pub(super) fn plant(world: &World, to: AccountId, data: Vec<u8>) {
    let now = world.clock.now();
    let request = Request::Store(Store {
        account: to,
        namespace: Namespace::MESSAGES,
        data,
        timestamp: now,
        expiry: now.plus_ms(14 * 24 * 3_600_000),
        proof: None,
    });
    let member = world.nodes.swarm_of(&to)[0];
    assert_eq!(
        world.nodes.handle_request(now, &member, request).unwrap().status,
        200
    );
}

fn profile(name: &str) -> SenderProfile {
    SenderProfile {
        display_name: name.to_owned(),
        updated_s: 1,
        picture: None,
    }
}

fn sealed(author: &AccountKeys, to: AccountId, sent_at: TimestampMs, content: &Content) -> Vec<u8> {
    let mut rng = ChaCha20Rng::seed_from_u64(u64::from_le_bytes(sent_at.0.to_le_bytes()));
    outgoing::seal(&mut rng, author, to, sent_at, content).unwrap()
}

fn text(author: &AccountKeys, to: AccountId, sent_at: TimestampMs, text: &str) -> Vec<u8> {
    sealed(
        author,
        to,
        sent_at,
        &outgoing::text(text, &profile("Mallory"), None, sent_at),
    )
}

#[tokio::test]
async fn inb_01_junk_is_passed_over_and_what_is_good_between_it_arrives() {
    let world = World::new(41);
    let bob = bob(&world).await;
    let mallory = stranger(66);
    let now = world.clock.now();
    let good = text(&mallory, bob.id, now, "good");
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    for round in 0..200_usize {
        let mut junk = good.clone();
        match round % 4 {
            0 => rng.fill_bytes(&mut junk),
            1 => junk.truncate(1 + round % good.len()),
            // Within the sealed bytes; at the end of the payload nobody looks.
            2 => junk[40 + round] ^= 1,
            _ => junk = vec![8; 1 + round],
        }
        plant(&world, bob.id, junk);
    }
    plant(&world, bob.id, good);
    bob.looks().await;
    assert_eq!(bob.requests().await, ["Mallory"]);
    let mallory = Person::returning(
        &world,
        Device::new(&world),
        Device::new(&world).open(1).await,
        mallory.account_id(),
    );
    assert_eq!(bob.texts(&mallory).await, ["good"]);
}

#[tokio::test]
async fn inb_04_the_same_message_under_two_hashes_is_one_row() {
    let world = World::new(42);
    let bob = bob(&world).await;
    let mallory = stranger(66);
    let now = world.clock.now();
    let content = outgoing::text("once", &profile("Mallory"), None, now);
    for seed in 0..3 {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        plant(
            &world,
            bob.id,
            outgoing::seal(&mut rng, &mallory, bob.id, now, &content).unwrap(),
        );
    }
    let mut events = bob.engine.events();
    bob.looks().await;
    event(&mut events, |event| {
        matches!(event, Event::MessageReceived { .. })
    })
    .await;
    let page = bob.ask(contract::ListRequests { offset: 0, limit: 10 }).await;
    assert_eq!((page.total, page.rows[0].unread, page.unread_requests), (1, 1, 1));
}

#[tokio::test]
async fn rcv_03_a_stranger_cannot_speak_for_me() {
    let world = World::new(43);
    let bob = bob(&world).await;
    let mallory = stranger(66);
    let now = world.clock.now();
    let mut content = outgoing::text("I owe you money", &profile("Bob"), None, now);
    content.data_message.as_mut().unwrap().sync_target = Some(stranger(67).account_id().to_hex());
    plant(&world, bob.id, sealed(&mallory, bob.id, now, &content));
    bob.looks().await;
    assert_eq!((bob.home().await, bob.requests().await), (vec![], vec![]));
}

#[tokio::test]
async fn inb_07_a_message_from_the_far_future_is_not_believed() {
    let world = World::new(44);
    let bob = bob(&world).await;
    let mallory = stranger(66);
    let now = world.clock.now();
    plant(
        &world,
        bob.id,
        text(&mallory, bob.id, now.plus_ms(25 * 3_600_000), "first for ever"),
    );
    plant(
        &world,
        bob.id,
        text(
            &mallory,
            bob.id,
            now.plus_ms(23 * 3_600_000),
            "a clock that is wrong",
        ),
    );
    bob.looks().await;
    let page = bob.ask(contract::ListRequests { offset: 0, limit: 10 }).await;
    let snippet = page.rows[0].snippet.clone().unwrap().body;
    assert_eq!(
        snippet,
        MessageBody::Text {
            text: "a clock that is wrong".to_owned()
        }
    );
    assert_eq!(page.rows[0].unread, 1);
}

#[tokio::test]
async fn inb_06_what_this_version_cannot_show_is_kept_and_said() {
    let world = World::new(45);
    let bob = bob(&world).await;
    let mallory = stranger(66);
    let now = world.clock.now();
    let mut content = outgoing::text("", &profile("Mallory"), None, now);
    let invitation = protocol::message::content::CommunityInvitation {
        url: Some(format!("https://example.org/room?public_key={}", "ab".repeat(32))),
        name: Some("Sailing".to_owned()),
    };
    content.data_message.as_mut().unwrap().open_group_invitation = Some(invitation);
    plant(&world, bob.id, sealed(&mallory, bob.id, now, &content));
    bob.looks().await;
    let page = bob.ask(contract::ListRequests { offset: 0, limit: 10 }).await;
    assert_eq!(
        page.rows[0].snippet.clone().unwrap().body,
        MessageBody::Unsupported
    );
    let raw = bob.store.read(|reading| {
        let rows = reading
            .messages(&mallory.account_id(), store::Window::Newest, 1)?
            .rows;
        reading.raw_content(rows[0].id)
    });
    assert_eq!(raw.unwrap(), Some(content.to_bytes()));
}

#[tokio::test]
async fn inb_02_a_backlog_of_many_pages_is_fetched_to_the_end_and_only_once() {
    let world = World::new(46);
    let device = Device::new(&world);
    let bob = person(&world, device, "Bob", 9).await;
    let mallory = stranger(66);
    for number in 0..700_i64 {
        let sent_at = world.clock.now().plus_ms(number);
        plant(
            &world,
            bob.id,
            text(&mallory, bob.id, sent_at, &format!("message {number}")),
        );
    }
    bob.looks().await;
    let page = bob.ask(contract::ListRequests { offset: 0, limit: 10 }).await;
    assert_eq!(page.rows[0].unread, 700);
    for _ in 0..5 {
        bob.looks().await;
    }
    let page = bob.ask(contract::ListRequests { offset: 0, limit: 10 }).await;
    assert_eq!(page.rows[0].unread, 700);
}

#[tokio::test]
async fn inb_07_relays_that_lie_about_the_time_lose_no_message() {
    let world = World::new(47);
    let mut device = Device::new(&world);
    device.network = SimulatedNetwork::with_clock_offset(&world, -48 * 3_600_000);
    let bob = person(&world, device, "Bob", 10).await;
    let now = world.clock.now();
    plant(&world, bob.id, text(&stranger(66), bob.id, now, "just now"));
    bob.looks().await;
    assert_eq!(bob.requests().await, ["Mallory"]);
}

#[tokio::test]
async fn inb_03_a_node_that_lies_about_expiry_does_not_bring_deleted_messages_back() {
    let world = World::new(48);
    let bob = bob(&world).await;
    let now = world.clock.now();
    let data = text(&stranger(66), bob.id, now, "to be deleted");
    plant(&world, bob.id, data.clone());
    let message = RetrievedMessage {
        hash: compute_hash(bob.id, Namespace::MESSAGES, &data),
        timestamp: now,
        expiry: TimestampMs(0),
        data,
    };
    let forged = Retrieved {
        messages: vec![message],
        more: false,
    };
    bob.network.set_faults(Faults {
        nonsense: Some(forged.to_json(Stamp { now, hf: [19, 4] })),
        ..Faults::default()
    });
    bob.looks().await;
    let requests = bob.ask(contract::ListRequests { offset: 0, limit: 10 }).await;
    let conversation = requests.rows[0].id.clone();
    bob.ask(contract::DeleteRequest { conversation }).await;
    bob.network.set_faults(Faults::default());
    bob.store
        .write(|writing| writing.purge_expired(now.plus_ms(3 * 24 * 3_600_000)))
        .unwrap();
    for _ in 0..5 {
        bob.looks().await;
    }
    assert_eq!(bob.requests().await, [] as [&str; 0]);
}

#[tokio::test]
async fn inb_10_a_name_cannot_reorder_what_stands_around_it() {
    let world = World::new(49);
    let bob = bob(&world).await;
    let mallory = stranger(66);
    let now = world.clock.now();
    let content = outgoing::text("hi", &profile("\u{202e}Mal\u{200b}lory\n"), None, now);
    plant(&world, bob.id, sealed(&mallory, bob.id, now, &content));
    bob.looks().await;
    assert_eq!(bob.requests().await, ["Mallory"]);
}
