use protocol::storage::{
    Access, Delete, DeleteAll, Expire, ExpireRule, GetExpiries, Namespace, NamespaceScope, Request,
    RevokeSubaccount, RevokedSubaccounts, SignedParams, SignedSubaccount, Signer, UnrevokeSubaccount,
};
use serde_json::json;

use crate::world::{
    DAY, MESSAGES, SECOND, World, alice, group, json as body, refused, unsigned_retrieve, unsigned_store,
};

const CONFIG: Namespace = Namespace(11);

/// Requests that need a bit each, signed by `signer`, in the order read, write, write and delete, delete.
fn asks(world: &World, signer: &Signer<'_>) -> [u16; 4] {
    let account = group(3).account;
    let now = world.now();
    let store = |namespace| {
        let store = unsigned_store(account, namespace, b"x", now, DAY).sign(now, signer);
        world.ask(Request::Store(store)).status
    };
    let read = Request::Retrieve(unsigned_retrieve(account, CONFIG).sign(now, signer));
    let delete_all = DeleteAll {
        account,
        scope: NamespaceScope::One(CONFIG),
        timestamp: now,
    }
    .sign(signer);
    [
        world.ask(read).status,
        store(CONFIG),
        store(Namespace(-1)),
        world.ask(Request::DeleteAll(delete_all)).status,
    ]
}

#[test]
fn sub_02_each_bit_allows_what_it_should() {
    let world = World::swarm_of(2);
    let (owner, member) = (group(3), group(4));
    for bits in 0..8 {
        let signer = member.with_token(owner.token(&member, Access(bits)));
        let expected = [1, 2, 6, 4].map(|needed| if bits & needed == needed { 200 } else { 401 });
        assert_eq!(asks(&world, &signer), expected, "bits {bits:03b}");
    }
    assert_eq!(asks(&world, &owner.signer()), [200; 4]);
    assert_eq!(asks(&world, &member.signer()), [401; 4], "a stranger may nothing");
    let forged = SignedSubaccount {
        signature: [7; 64],
        ..owner.token(&member, Access(7))
    };
    assert_eq!(asks(&world, &member.with_token(forged)), [401; 4]);
}

#[test]
fn sto_33_signatures_may_be_a_minute_off() {
    let world = World::swarm_of(1);
    let read = |off_ms| {
        let time = world.now().plus_ms(off_ms);
        world.ask(Request::Retrieve(
            unsigned_retrieve(alice().account, MESSAGES).sign(time, &alice().signer()),
        ))
    };
    for off_ms in [60 * SECOND, -60 * SECOND] {
        assert_eq!(read(off_ms).status, 200);
        refused(
            read(off_ms + off_ms.signum()),
            406,
            "retrieve timestamp too far from current time",
        );
    }
}

#[test]
fn sto_12_boxes_are_read_by_those_who_may() {
    let world = World::swarm_of(1);
    for (namespace, is_public) in [
        (0, false),
        (2, false),
        (-10, true),
        (-1, true),
        (-21, true),
        (-11, false),
        (10, false),
    ] {
        let answer = world.ask(Request::Retrieve(unsigned_retrieve(
            alice().account,
            Namespace(namespace),
        )));
        if is_public {
            assert_eq!(answer.status, 200, "{namespace}");
        } else {
            refused(answer, 401, "retrieve: request signature required");
        }
    }
}

#[test]
fn sto_11_boxes_are_written_by_those_who_may() {
    let world = World::swarm_of(1);
    for (namespace, is_public) in [
        (0, true),
        (10, true),
        (-10, true),
        (2, false),
        (-1, false),
        (-11, false),
    ] {
        let store = unsigned_store(alice().account, Namespace(namespace), b"x", world.now(), DAY);
        let answer = world.ask(Request::Store(store.clone()));
        if is_public {
            assert_eq!(answer.status, 200, "{namespace}");
            let signed_by_a_stranger = store.sign(world.now(), &group(4).signer());
            assert_eq!(
                world.ask(Request::Store(signed_by_a_stranger)).status,
                200,
                "a signature is passed over"
            );
        } else {
            let text = format!("store: signature required to store to namespace {namespace}");
            refused(answer, 401, &text);
            let signed_by_a_stranger = store.sign(world.now(), &group(4).signer());
            refused(
                world.ask(Request::Store(signed_by_a_stranger)),
                401,
                "store signature verification failed",
            );
        }
    }
}

fn revoke(world: &World, tokens: Vec<SignedSubaccount>) {
    let tokens = tokens.into_iter().map(|signed| signed.token).collect();
    let revoke = RevokeSubaccount {
        account: group(3).account,
        tokens,
        timestamp: world.now(),
    };
    world.entry(Request::RevokeSubaccount(revoke.sign(&group(3).signer())));
}

fn revoked(world: &World) -> Vec<String> {
    let request = RevokedSubaccounts {
        account: group(3).account,
        timestamp: world.now(),
    };
    let reply = body(world.ask(Request::RevokedSubaccounts(request.sign(&group(3).signer()))));
    reply["revoked_subaccounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|token| token.as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn sub_05_revoked_tokens_may_nothing_but_read_why() {
    let world = World::swarm_of(2);
    let (owner, member) = (group(3), group(4));
    let token = owner.token(&member, Access(7));
    let other = owner.token(&member, Access(3));
    // No message is kept: the revocation must hold all the same.
    revoke(&world, vec![token]);
    assert_eq!(asks(&world, &member.with_token(token)), [401; 4]);
    assert_eq!(
        asks(&world, &member.with_token(other))[0],
        200,
        "revocation is of the exact token"
    );
    let notices = unsigned_retrieve(owner.account, Namespace::GROUP_REVOKED)
        .sign(world.now(), &member.with_token(token));
    assert_eq!(world.ask(Request::Retrieve(notices)).status, 200);
    assert_eq!(revoked(&world), [token.token.to_base64()]);
    let unrevoke = UnrevokeSubaccount {
        account: owner.account,
        tokens: vec![token.token, other.token],
        timestamp: world.now(),
    };
    let entry = world.entry(Request::UnrevokeSubaccount(unrevoke.sign(&owner.signer())));
    assert_eq!(entry, protocol::storage::entries::Entry::Unrevoked { count: 1 });
    assert_eq!(asks(&world, &member.with_token(token)), [200; 4]);
}

#[test]
fn sub_05_the_fifty_newest_revocations_are_kept() {
    let world = World::swarm_of(1);
    let (owner, member) = (group(3), group(4));
    let tokens: Vec<_> = (0..60).map(|bits| owner.token(&member, Access(bits))).collect();
    revoke(&world, tokens[..30].to_vec());
    revoke(&world, tokens[30..].to_vec());
    let expected: Vec<_> = tokens[10..]
        .iter()
        .map(|signed| signed.token.to_base64())
        .collect();
    assert_eq!(revoked(&world), expected);
}

#[test]
fn sub_05_revocations_outlive_messages_by_thirty_days() {
    let world = World::swarm_of(1);
    revoke(&world, vec![group(3).token(&group(4), Access(1))]);
    world.advance(30 * DAY - 1);
    world.network.clean_up(world.now()).unwrap();
    assert_eq!(revoked(&world).len(), 1);
    world.put(&group(3), CONFIG, b"x");
    world.advance(1);
    world.network.clean_up(world.now()).unwrap();
    assert_eq!(revoked(&world).len(), 1, "kept while there are messages");
    world.advance(DAY);
    world.network.clean_up(world.now()).unwrap();
    world.network.clean_up(world.now()).unwrap();
    assert_eq!(revoked(&world).len(), 0);
}

#[test]
fn sub_01_only_the_owner_revokes() {
    let world = World::swarm_of(1);
    let (owner, member) = (group(3), group(4));
    let token = owner.token(&member, Access(15));
    let revoke = RevokeSubaccount {
        account: owner.account,
        tokens: vec![token.token],
        timestamp: world.now(),
    };
    let answer = world.ask(Request::RevokeSubaccount(revoke.sign(&member.with_token(token))));
    refused(answer, 401, "revoke_subaccount signature verification failed");
    assert_eq!(revoked(&world).len(), 0);
}

#[test]
fn sto_35_a_token_without_delete_only_lengthens() {
    let world = World::swarm_of(1);
    let (owner, member) = (group(3), group(4));
    let hash = world.put(&owner, CONFIG, b"x");
    let token = owner.token(&member, Access::WRITE);
    let expire = |rule, ttl_ms| {
        let expiry = vec![world.now().plus_ms(ttl_ms)];
        let request = Expire {
            account: owner.account,
            messages: vec![hash],
            expiry,
            rule,
        };
        world.ask(Request::Expire(request.sign(&member.with_token(token))))
    };
    let updated = |answer| {
        let reply = body(answer);
        reply["swarm"].as_object().unwrap().values().next().unwrap()["updated"]
            .as_array()
            .unwrap()
            .len()
    };
    let text = "expire: shorten parameter cannot be used with this subaccount token (missing delete access)";
    refused(expire(ExpireRule::Shorten, SECOND), 400, text);
    assert_eq!(updated(expire(ExpireRule::Set, SECOND)), 0);
    assert_eq!(updated(expire(ExpireRule::Set, 2 * DAY)), 1);
}

#[test]
fn every_signed_request_is_refused_when_a_bit_of_its_signature_changes() {
    let world = World::swarm_of(1);
    let (account, now) = (alice().account, world.now());
    let owner = alice();
    let signer = owner.signer();
    let hash = alice().hash(MESSAGES, b"x");
    let scope = NamespaceScope::All;
    let requests = [
        alice().retrieve(MESSAGES, now),
        Request::Delete(
            Delete {
                account,
                messages: vec![hash],
                required: false,
            }
            .sign(&signer),
        ),
        Request::DeleteAll(
            DeleteAll {
                account,
                scope,
                timestamp: now,
            }
            .sign(&signer),
        ),
        Request::GetExpiries(
            GetExpiries {
                account,
                messages: vec![b"x".to_vec()],
                timestamp: now,
            }
            .sign(&signer),
        ),
        Request::RevokedSubaccounts(
            RevokedSubaccounts {
                account,
                timestamp: now,
            }
            .sign(&signer),
        ),
    ];
    for request in requests {
        assert_eq!(world.ask(request.clone()).status, 200, "{}", request.method());
        let mut changed = request.to_json();
        let signature = changed["params"]["signature"].as_str().unwrap().to_owned();
        let first = if signature.starts_with('A') { "B" } else { "A" };
        changed["params"]["signature"] = json!(format!("{first}{}", &signature[1..]));
        let changed = Request::parse(changed.to_string().as_bytes()).unwrap();
        assert_eq!(world.ask(changed).status, 401, "{}", request.method());
    }
}
