use protocol::storage::entries::Entry;
use protocol::storage::{Namespace, Request};

use crate::world::{DAY, MESSAGES, SECOND, World, alice, group, json, refused, unsigned_store};

#[test]
fn sto_51_a_stored_message_is_on_every_member() {
    let world = World::swarm_of(4);
    let hash = world.put(&alice(), MESSAGES, b"hello");
    assert_eq!(hash, alice().hash(MESSAGES, b"hello"));
    assert_eq!(world.kept(&alice(), MESSAGES), [hash]);
}

#[test]
fn sto_51_a_repeated_message_keeps_its_place_and_the_later_expiry() {
    let world = World::swarm_of(3);
    let store = |ttl_ms| Request::Store(alice().store(MESSAGES, b"x", world.now(), ttl_ms));
    let stored = |ttl_ms| match world.entry(store(ttl_ms)) {
        Entry::Stored { expiry, already, .. } => (expiry.since_ms(world.now()), already),
        other => panic!("{other:?}"),
    };
    assert_eq!(stored(2 * DAY), (2 * DAY, false));
    let other = world.put(&alice(), MESSAGES, b"y");
    assert_eq!(stored(DAY), (2 * DAY, true));
    assert_eq!(stored(3 * DAY), (3 * DAY, true));
    assert_eq!(
        world.kept(&alice(), MESSAGES),
        [alice().hash(MESSAGES, b"x"), other]
    );
}

#[test]
fn sto_70_the_entry_node_adds_its_clock_and_the_hash() {
    let world = World::swarm_of(2);
    let own = world.network.swarm_of(&alice().account)[0];
    let reply = json(world.ask(Request::Store(alice().store(MESSAGES, b"x", world.now(), DAY))));
    assert_eq!(
        reply["hash"],
        reply["swarm"][data_encoding::HEXLOWER.encode(&own)]["hash"]
    );
    assert_eq!(reply["t"], world.now().0);
    assert_eq!(reply["hf"], serde_json::json!([19, 4]));
    let clocks = reply["swarm"]
        .as_object()
        .unwrap()
        .values()
        .filter(|entry| entry.get("t").is_some())
        .count();
    assert_eq!(clocks, 1);
}

#[test]
fn sto_51_lifetimes_are_exact() {
    let world = World::swarm_of(1);
    let store = |namespace, ttl_ms| {
        world.ask(Request::Store(alice().store(
            namespace,
            b"x",
            world.now(),
            ttl_ms,
        )))
    };
    for (namespace, longest) in [
        (MESSAGES, 14 * DAY),
        (Namespace(2), 30 * DAY),
        (Namespace(-10), 14 * DAY),
    ] {
        assert_eq!(store(namespace, longest).status, 200);
        assert_eq!(store(namespace, 10 * SECOND).status, 200);
        for ttl_ms in [longest + 1, 10 * SECOND - 1, 0, -5] {
            refused(store(namespace, ttl_ms), 403, "Provided expiry/TTL is not valid.");
        }
    }
}

#[test]
fn sto_51_clocks_are_exact() {
    let world = World::swarm_of(1);
    let store = |ahead_ms| {
        let made = world.now().plus_ms(ahead_ms);
        world.ask(Request::Store(unsigned_store(
            alice().account,
            MESSAGES,
            b"x",
            made,
            10 * SECOND,
        )))
    };
    assert_eq!(store(10 * SECOND).status, 200);
    refused(store(10 * SECOND + 1), 406, "Timestamp error: check your clock");
    assert_eq!(store(-20 * SECOND).status, 200);
    refused(store(-20 * SECOND - 1), 406, "Timestamp error: check your clock");
}

#[test]
fn sto_12_a_public_outbox_holds_the_newest_message() {
    let world = World::swarm_of(2);
    let outbox = Namespace(-21);
    world.put(&alice(), outbox, b"old");
    let kept = world.put(&alice(), Namespace(-1), b"other box");
    let new = world.put(&alice(), outbox, b"new");
    assert_eq!(world.kept(&alice(), outbox), [new]);
    assert_eq!(world.kept(&alice(), Namespace(-1)), [kept]);
}

#[test]
fn sto_85_messages_go_when_they_expire_and_not_before() {
    let world = World::swarm_of(2);
    let short = world.entry(Request::Store(alice().store(
        MESSAGES,
        b"short",
        world.now(),
        10 * SECOND,
    )));
    let long = world.put(&alice(), MESSAGES, b"long");
    let Entry::Stored { hash: short, .. } = short else {
        panic!("{short:?}")
    };
    world.advance(10 * SECOND - 1);
    world.network.clean_up(world.now()).unwrap();
    assert_eq!(world.kept(&alice(), MESSAGES), [short, long]);
    world.advance(1);
    assert_eq!(
        world.kept(&alice(), MESSAGES),
        [short, long],
        "expired messages are answered until they are forgotten"
    );
    world.network.clean_up(world.now()).unwrap();
    assert_eq!(world.kept(&alice(), MESSAGES), [long]);
}

#[test]
fn boxes_and_accounts_do_not_mix() {
    let world = World::swarm_of(1);
    let mine = world.put(&alice(), MESSAGES, b"x");
    let theirs = world.put(&group(3), MESSAGES, b"x");
    let config = world.put(&alice(), Namespace(2), b"x");
    assert_eq!(world.kept(&alice(), MESSAGES), [mine]);
    assert_eq!(world.kept(&group(3), MESSAGES), [theirs]);
    assert_eq!(world.kept(&alice(), Namespace(2)), [config]);
}
