use node::storage::RpcBody;
use protocol::storage::entries::{Entry, MemberFailure};
use protocol::storage::replies::{MemberReplies, SwarmInfo};
use protocol::storage::{DeleteAll, NamespaceScope, Request, SignedParams};

use crate::world::{DAY, MESSAGES, SECOND, World, alice, group, json};

#[test]
fn sto_46_nodes_of_other_swarms_name_the_right_one() {
    let world = World::with(9, 3);
    let swarm = world.network.swarm_of(&alice().account);
    assert_eq!(swarm.len(), 3);
    let request = alice().retrieve(MESSAGES, world.now());
    for node in world.network.nodes() {
        let answer = world.ask_node(&node, request.clone());
        if swarm.contains(&node) {
            assert_eq!(answer.status, 200);
            continue;
        }
        assert_eq!(answer.status, 421);
        let told = json(answer);
        assert_eq!(
            told.as_object().unwrap().keys().collect::<Vec<_>>(),
            ["hf", "snodes", "swarm", "t"]
        );
        let told = SwarmInfo::parse(&told).unwrap();
        assert_eq!(
            told.members
                .iter()
                .map(|member| member.ed25519)
                .collect::<Vec<_>>(),
            swarm
        );
        assert_eq!(
            told,
            SwarmInfo::parse(&json(world.ask(Request::GetSwarm(alice().account)))).unwrap()
        );
    }
}

#[test]
fn sto_46_the_swarm_is_checked_before_the_clock() {
    let world = World::with(4, 2);
    let swarm = world.network.swarm_of(&alice().account);
    let stranger = world.network.nodes().find(|node| !swarm.contains(node)).unwrap();
    let mut store = alice().store(MESSAGES, b"x", world.now(), DAY);
    store.expiry = store.timestamp;
    assert_eq!(
        world.ask_node(&stranger, Request::Store(store.clone())).status,
        421
    );
    assert_eq!(world.ask(Request::Store(store)).status, 403);
}

#[test]
fn sto_73_a_silent_member_is_told_and_misses_the_message() {
    let world = World::swarm_of(3);
    let swarm = world.network.swarm_of(&alice().account);
    world.network.silence(swarm[2]);
    let request = Request::Store(alice().store(MESSAGES, b"x", world.now(), DAY));
    let answer = world.ask(request.clone());
    assert_eq!(answer.status, 200);
    let replies = MemberReplies::parse(&json(answer), &request).unwrap();
    assert_eq!(replies.members[&swarm[2]], Err(MemberFailure::Timeout));
    assert_eq!(replies.proven(&request).count(), 2);
    world.network.wake(&swarm[2]);
    assert_eq!(world.read(&swarm[1], &alice(), MESSAGES).len(), 1);
    assert_eq!(world.read(&swarm[2], &alice(), MESSAGES).len(), 0);
    // Sent again, it is on all of them.
    let Entry::Stored { already, .. } = world.entries(request).pop().unwrap() else {
        panic!("not stored")
    };
    assert!(already || world.read(&swarm[2], &alice(), MESSAGES).len() == 1);
    assert_eq!(world.kept(&alice(), MESSAGES).len(), 1);
}

#[test]
fn sto_62_forwarded_requests_may_be_seventy_seconds_old() {
    let world = World::swarm_of(2);
    let node = world.network.nodes().next().unwrap();
    let service = world.network.node(&node).unwrap();
    let forwarded = |request: Request, age_ms: i64| {
        let now = world.now().plus_ms(age_ms);
        service
            .admit_forwarded(now, request.method(), &request.to_forwarded().unwrap())
            .map_err(|refusal| refusal.status)
    };
    let delete_all = || {
        let scope = NamespaceScope::One(MESSAGES);
        let request = DeleteAll {
            account: alice().account,
            scope,
            timestamp: world.now(),
        };
        Request::DeleteAll(request.sign(&alice().signer()))
    };
    assert!(forwarded(delete_all(), 70 * SECOND).is_ok());
    assert_eq!(forwarded(delete_all(), 70 * SECOND + 1), Err(406));
    let store = Request::Store(group(3).store(protocol::storage::Namespace(11), b"x", world.now(), DAY));
    assert!(forwarded(store.clone(), 60 * SECOND).is_ok());
    assert_eq!(forwarded(store, 60 * SECOND + 1), Err(406));
}

#[test]
fn sto_60_what_is_not_passed_on_is_refused() {
    let world = World::swarm_of(2);
    let node = world.network.nodes().next().unwrap();
    let service = world.network.node(&node).unwrap();
    let refusal = service.admit_forwarded(world.now(), "info", b"de").unwrap_err();
    let text = "invalid request: received invalid forwarded non-forwardable request";
    assert_eq!(
        (refusal.status, refusal.body),
        (400, RpcBody::Text(text.to_owned()))
    );
    for payload in [&b""[..], b"d", b"x", b"d4:data1:xe"] {
        assert_eq!(
            service
                .admit_forwarded(world.now(), "store", payload)
                .unwrap_err()
                .status,
            400
        );
    }
}
