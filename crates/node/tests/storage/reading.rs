use protocol::storage::replies::Retrieved;
use protocol::storage::{GetExpiries, Namespace, Request, Retrieve, SignedParams};
use serde_json::json;

use crate::world::{DAY, MESSAGES, World, alice, json as body, unsigned_retrieve};

/// Reads with limits; the data and whether there is more.
fn read(world: &World, change: impl FnOnce(&mut Retrieve)) -> (Vec<Vec<u8>>, bool) {
    let mut retrieve = unsigned_retrieve(alice().account, MESSAGES);
    change(&mut retrieve);
    let answer = world.ask(Request::Retrieve(retrieve.sign(world.now(), &alice().signer())));
    let retrieved = Retrieved::parse(&body(answer)).unwrap();
    (
        retrieved
            .messages
            .into_iter()
            .map(|message| message.data)
            .collect(),
        retrieved.more,
    )
}

fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

#[test]
fn sto_52_messages_come_in_the_order_of_arrival() {
    let world = World::swarm_of(1);
    for (text, made) in [("b", -2), ("a", -1), ("c", -3)] {
        let store = alice().store(MESSAGES, text.as_bytes(), world.now().plus_ms(made), DAY);
        assert_eq!(world.ask(Request::Store(store)).status, 200);
    }
    assert_eq!(read(&world, |_| {}), (texts(&["b", "a", "c"]), false));
    let last = alice().hash(MESSAGES, b"b");
    assert_eq!(
        read(&world, |retrieve| retrieve.last_hash = Some(last)),
        (texts(&["a", "c"]), false)
    );
    let last = alice().hash(MESSAGES, b"c");
    assert_eq!(
        read(&world, |retrieve| retrieve.last_hash = Some(last)),
        (texts(&[]), false)
    );
    let unknown = alice().hash(MESSAGES, b"unknown");
    assert_eq!(
        read(&world, |retrieve| retrieve.last_hash = Some(unknown))
            .0
            .len(),
        3
    );
}

#[test]
fn sto_52_a_hash_of_another_box_starts_from_the_beginning() {
    let world = World::swarm_of(1);
    world.put(&alice(), MESSAGES, b"a");
    let elsewhere = world.put(&alice(), Namespace(2), b"a");
    assert_eq!(
        read(&world, |retrieve| retrieve.last_hash = Some(elsewhere)).0,
        texts(&["a"])
    );
}

#[test]
fn sto_52_counts_limit_the_answer() {
    let world = World::swarm_of(1);
    for text in ["a", "b", "c"] {
        world.put(&alice(), MESSAGES, text.as_bytes());
    }
    let counted = |count| read(&world, |retrieve| retrieve.max_count = Some(count));
    assert_eq!(counted(2), (texts(&["a", "b"]), true));
    assert_eq!(counted(3), (texts(&["a", "b", "c"]), false));
    assert_eq!(counted(0), (texts(&["a", "b", "c"]), false));
    assert_eq!(counted(-1), (texts(&[]), false));
}

#[test]
fn sto_52_sizes_limit_the_answer_to_the_byte() {
    let world = World::swarm_of(1);
    let data = |n: u8| vec![n; 31];
    for n in 0..3 {
        world.put(&alice(), MESSAGES, &data(n));
    }
    // 100 + 43 + floor(4 * 31 / 3)
    let each = 184;
    let sized = |size| {
        let (messages, more) = read(&world, |retrieve| retrieve.max_size = Some(size));
        (messages.len(), more)
    };
    assert_eq!(sized(2 * each), (2, true));
    assert_eq!(sized(2 * each - 1), (1, true));
    assert_eq!(sized(3 * each), (3, false));
    assert_eq!(sized(1), (1, true), "one message is always answered");
    assert_eq!(
        sized(-7_800_000 / (2 * each)),
        (2, true),
        "a share of all that one answer may hold"
    );
    assert_eq!(sized(i32::MIN), (1, true));
    assert_eq!(sized(0), (3, false));
}

#[test]
fn sto_58_all_requests_of_a_batch_share_the_room_of_one_answer() {
    let world = World::swarm_of(1);
    for n in 0..50 {
        let store = alice().store(MESSAGES, &[n; 76_800], world.now(), DAY);
        assert_eq!(world.ask(Request::Store(store)).status, 200);
    }
    let mut retrieve = unsigned_retrieve(alice().account, MESSAGES);
    retrieve.max_size = Some(-1);
    let retrieve = Request::Retrieve(retrieve.sign(world.now(), &alice().signer()));
    let answer = body(world.ask(Request::Batch(vec![retrieve; 20])));
    let results = answer["results"].as_array().unwrap();
    let counts: Vec<_> = results
        .iter()
        .map(|result| {
            let retrieved = Retrieved::parse(&result["body"]).unwrap();
            (retrieved.messages.len(), retrieved.more)
        })
        .collect();
    // 102,543 bytes each in the answer: 76 make all of it, and one is always answered.
    assert_eq!(counts[..3], [(50, false), (26, true), (1, true)]);
    assert_eq!(counts[2..], [(1, true); 18]);
}

#[test]
fn sto_52_a_fifth_is_answered_unless_more_is_asked_for() {
    let world = World::swarm_of(1);
    // 102,543 bytes each in the answer: fifteen make a fifth of 7,800,000.
    for n in 0..17 {
        let store = alice().store(MESSAGES, &vec![n; 76_800], world.now(), DAY);
        assert_eq!(world.ask(Request::Store(store)).status, 200);
    }
    assert_eq!(read(&world, |_| {}).0.len(), 15);
    assert_eq!(read(&world, |retrieve| retrieve.max_size = Some(-1)).0.len(), 17);
    assert_eq!(read(&world, |retrieve| retrieve.max_count = Some(50)).0.len(), 17);
    assert_eq!(
        read(&world, |retrieve| retrieve.max_size = Some(i32::MAX))
            .0
            .len(),
        17
    );
}

#[test]
fn sto_57_expiries_are_told_for_what_is_there() {
    let world = World::swarm_of(1);
    let hash = world.put(&alice(), Namespace(3), b"x");
    let messages = vec![hash.as_bytes().to_vec(), b"all".to_vec(), vec![b'A'; 43]];
    let request = GetExpiries {
        account: alice().account,
        messages,
        timestamp: world.now(),
    };
    let answer = world.ask(Request::GetExpiries(request.sign(&alice().signer())));
    assert_eq!(
        body(answer),
        json!({ "expiries": { hash.as_str(): world.now().plus_ms(DAY).0 } })
    );
}
