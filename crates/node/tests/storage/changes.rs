use std::collections::BTreeMap;

use protocol::storage::entries::{Affected, AppliedExpiry, Entry};
use protocol::storage::{
    Delete, DeleteAll, DeleteBefore, Expire, ExpireAll, ExpireRule, MessageHash, Namespace, NamespaceScope,
    Request, SignedParams,
};

use crate::world::{DAY, MESSAGES, SECOND, World, alice, refused};

fn sorted(mut hashes: Vec<MessageHash>) -> Vec<MessageHash> {
    hashes.sort_unstable();
    hashes
}

fn delete(messages: Vec<MessageHash>, required: bool) -> Request {
    Request::Delete(
        Delete {
            account: alice().account,
            messages,
            required,
        }
        .sign(&alice().signer()),
    )
}

#[test]
fn sto_55_delete_reaches_every_box_and_member() {
    let world = World::swarm_of(3);
    let (a, b) = (
        world.put(&alice(), MESSAGES, b"a"),
        world.put(&alice(), Namespace(3), b"b"),
    );
    let kept = world.put(&alice(), MESSAGES, b"c");
    let unknown = alice().hash(MESSAGES, b"unknown");
    let entry = world.entry(delete(vec![unknown, b, a, a], false));
    assert_eq!(entry, Entry::Deleted(Affected::One(sorted(vec![a, b]))));
    assert_eq!(world.kept(&alice(), MESSAGES), [kept]);
    assert_eq!(world.kept(&alice(), Namespace(3)), []);
}

#[test]
fn sto_55_a_required_delete_fails_when_nothing_was_there() {
    let world = World::swarm_of(2);
    let hash = world.put(&alice(), MESSAGES, b"a");
    assert_eq!(world.ask(delete(vec![hash], true)).status, 200);
    assert_eq!(world.ask(delete(vec![hash], true)).status, 404);
    assert_eq!(world.ask(delete(vec![hash], false)).status, 200);
}

#[test]
fn sto_55_delete_all_empties_one_box_or_all() {
    let world = World::swarm_of(2);
    let delete_all = |scope| {
        let request = DeleteAll {
            account: alice().account,
            scope,
            timestamp: world.now(),
        };
        world.entry(Request::DeleteAll(request.sign(&alice().signer())))
    };
    let (a, b) = (
        world.put(&alice(), MESSAGES, b"a"),
        world.put(&alice(), MESSAGES, b"b"),
    );
    let (c, d) = (
        world.put(&alice(), Namespace(-5), b"c"),
        world.put(&alice(), Namespace(2), b"d"),
    );
    let one = delete_all(NamespaceScope::One(MESSAGES));
    assert_eq!(one, Entry::Deleted(Affected::One(sorted(vec![a, b]))));
    let all = BTreeMap::from([(Namespace(-5), vec![c]), (Namespace(2), vec![d])]);
    assert_eq!(
        delete_all(NamespaceScope::All),
        Entry::Deleted(Affected::All(all))
    );
    assert_eq!(
        delete_all(NamespaceScope::All),
        Entry::Deleted(Affected::All(BTreeMap::new()))
    );
}

#[test]
fn sto_55_delete_before_goes_by_the_time_a_message_was_made() {
    let world = World::swarm_of(2);
    let early = world.put(&alice(), MESSAGES, b"early");
    let made = world.now();
    world.advance(SECOND);
    let late = world.put(&alice(), MESSAGES, b"late");
    let delete_before = |before, scope| {
        let request = DeleteBefore {
            account: alice().account,
            scope,
            before,
        };
        Request::DeleteBefore(request.sign(&alice().signer()))
    };
    let scope = NamespaceScope::One(MESSAGES);
    assert_eq!(
        world.entry(delete_before(made.plus_ms(-1), scope)),
        Entry::Deleted(Affected::One(vec![]))
    );
    assert_eq!(
        world.entry(delete_before(made, scope)),
        Entry::Deleted(Affected::One(vec![early]))
    );
    let all = Affected::All(BTreeMap::from([(MESSAGES, vec![late])]));
    assert_eq!(
        world.entry(delete_before(world.now(), NamespaceScope::All)),
        Entry::Deleted(all)
    );
    assert_eq!(
        world
            .ask(delete_before(world.now().plus_ms(60 * SECOND), scope))
            .status,
        200
    );
    let ahead = delete_before(world.now().plus_ms(60 * SECOND + 1), scope);
    refused(
        world.ask(ahead),
        401,
        "delete_before timestamp too far in the future",
    );
}

fn expire(world: &World, messages: &[MessageHash], ttls_ms: &[i64], rule: ExpireRule) -> Request {
    let expiry = ttls_ms
        .iter()
        .map(|ttl_ms| world.now().plus_ms(*ttl_ms))
        .collect();
    let request = Expire {
        account: alice().account,
        messages: messages.to_vec(),
        expiry,
        rule,
    };
    Request::Expire(request.sign(&alice().signer()))
}

#[test]
fn sto_56_expiries_move_as_the_rule_allows() {
    let world = World::swarm_of(2);
    let hash = world.put(&alice(), MESSAGES, b"x");
    let moved = |ttl_ms, rule| match world.entry(expire(&world, &[hash], &[ttl_ms], rule)) {
        Entry::Expired {
            expiry: AppliedExpiry::One(expiry),
            updated,
            unchanged,
        } => {
            assert_eq!(expiry.since_ms(world.now()), ttl_ms.min(30 * DAY));
            (
                updated.len(),
                unchanged.map(|unchanged| unchanged.values().map(|t| t.since_ms(world.now())).collect()),
            )
        }
        other => panic!("{other:?}"),
    };
    let none: Vec<i64> = Vec::new();
    assert_eq!(moved(2 * DAY, ExpireRule::Shorten), (0, Some(vec![DAY])));
    assert_eq!(moved(2 * DAY, ExpireRule::Extend), (1, Some(none.clone())));
    assert_eq!(moved(DAY, ExpireRule::Extend), (0, Some(vec![2 * DAY])));
    assert_eq!(moved(DAY, ExpireRule::Shorten), (1, Some(none)));
    assert_eq!(moved(3 * DAY, ExpireRule::Set), (1, None));
    assert_eq!(
        moved(90 * DAY, ExpireRule::Set),
        (1, None),
        "capped at thirty days"
    );
    assert_eq!(moved(31 * DAY, ExpireRule::Extend), (0, Some(vec![30 * DAY])));
}

#[test]
fn sto_56_each_message_may_have_an_expiry_of_its_own() {
    let world = World::swarm_of(2);
    let hashes: Vec<_> = [b"a", b"b", b"c"]
        .map(|data| world.put(&alice(), MESSAGES, data))
        .to_vec();
    let unknown = alice().hash(MESSAGES, b"unknown");
    let asked = [hashes[0], unknown, hashes[1], hashes[2]];
    let ttls = [2 * DAY, 3 * DAY, 4 * DAY, 5 * DAY];
    let expected: BTreeMap<_, _> = asked
        .iter()
        .zip(ttls)
        .filter(|(hash, _)| **hash != unknown)
        .map(|(hash, ttl)| (*hash, world.now().plus_ms(ttl)))
        .collect();
    let entry = world.entry(expire(&world, &asked, &ttls, ExpireRule::Set));
    let updated = expected.keys().copied().collect();
    let expiry = AppliedExpiry::Each(expected.into_values().collect());
    assert_eq!(
        entry,
        Entry::Expired {
            expiry,
            updated,
            unchanged: None
        }
    );
}

#[test]
fn sto_56_the_past_is_refused() {
    let world = World::swarm_of(1);
    let hash = world.put(&alice(), MESSAGES, b"x");
    assert_eq!(
        world
            .ask(expire(&world, &[hash], &[-60 * SECOND], ExpireRule::Set))
            .status,
        200
    );
    let past = expire(&world, &[hash], &[-60 * SECOND - 1], ExpireRule::Set);
    refused(
        world.ask(past),
        401,
        "expire: timestamp should be >= current time",
    );
}

#[test]
fn sto_56_expire_all_only_shortens() {
    let world = World::swarm_of(2);
    let (a, b) = (
        world.put(&alice(), MESSAGES, b"a"),
        world.put(&alice(), Namespace(2), b"b"),
    );
    let expire_all = |ttl_ms, scope| {
        let request = ExpireAll {
            account: alice().account,
            scope,
            expiry: world.now().plus_ms(ttl_ms),
        };
        world.entry(Request::ExpireAll(request.sign(&alice().signer())))
    };
    let one = NamespaceScope::One(MESSAGES);
    assert_eq!(expire_all(2 * DAY, one), Entry::ExpiredAll(Affected::One(vec![])));
    assert_eq!(expire_all(SECOND, one), Entry::ExpiredAll(Affected::One(vec![a])));
    let all = BTreeMap::from([(Namespace(2), vec![b])]);
    assert_eq!(
        expire_all(SECOND, NamespaceScope::All),
        Entry::ExpiredAll(Affected::All(all))
    );
}
