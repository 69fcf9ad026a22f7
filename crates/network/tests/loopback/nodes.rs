//! Messages through a local network of real nodes.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dialer::Dialer;
use network::{ConnectionState, MemoryCache, Network, NetworkProfile, OnionNetwork, SystemWallClock};
use node::{Fault, LocalNetwork};
use protocol::TimestampMs;
use protocol::account::{AccountId, AccountKeys, Seed};
use protocol::storage::{Namespace, Request, Retrieve, Signer, Store, replies::Retrieved};
use tokio::time::timeout;

const LONG: Duration = Duration::from_secs(60);

pub(crate) fn profile(local: &LocalNetwork) -> NetworkProfile {
    NetworkProfile::from_json(&local.profile_json()).expect("the local network's profile is good")
}

fn client(profile: NetworkProfile) -> OnionNetwork {
    client_through(Dialer::default(), profile)
}

pub(crate) fn client_through(dialer: Dialer, profile: NetworkProfile) -> OnionNetwork {
    let cache = Arc::new(MemoryCache::default());
    OnionNetwork::start(dialer, profile, cache, Arc::new(SystemWallClock), [5; 32]).expect("a good profile")
}

pub(crate) fn keys(number: u8) -> AccountKeys {
    AccountKeys::from_seed(&Seed::from_bytes(&[number; 16]).expect("16 bytes"))
}

pub(crate) async fn send(network: &OnionNetwork, account: AccountId, text: &str) {
    let build = |now: TimestampMs, _: &[u8; 32]| {
        Request::Store(Store {
            account,
            namespace: Namespace(0),
            data: text.as_bytes().to_vec(),
            timestamp: now,
            expiry: TimestampMs(now.0 + 3_600_000),
            proof: None,
        })
    };
    let answer = network.to_swarm(account, &build).await;
    assert_eq!(answer.map(|answer| answer.status), Ok(200), "{text}");
}

/// All texts that an account's swarm holds.
pub(crate) async fn received(network: &OnionNetwork, keys: &AccountKeys) -> Vec<String> {
    let build = |now: TimestampMs, _: &[u8; 32]| {
        let retrieve = Retrieve {
            account: keys.account_id(),
            namespace: Namespace(0),
            last_hash: None,
            max_count: None,
            max_size: Some(-1),
            proof: None,
        };
        Request::Retrieve(retrieve.sign(now, &Signer::account(keys)))
    };
    let answer = network
        .to_swarm(keys.account_id(), &build)
        .await
        .expect("answered");
    assert_eq!(answer.status, 200, "{}", answer.body);
    let retrieved = Retrieved::parse(&answer.body).expect("messages");
    let mut texts: Vec<String> = retrieved
        .messages
        .into_iter()
        .map(|message| String::from_utf8(message.data).expect("text"))
        .collect();
    texts.sort();
    texts
}

pub(crate) async fn reaches(network: &OnionNetwork, wanted: ConnectionState, within: Duration) {
    let mut state = network.state();
    let reached = timeout(within, state.wait_for(|state| state.connection == wanted)).await;
    assert!(reached.is_ok(), "still not {wanted:?} after {within:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_goes_through_three_relays_and_is_fetched() {
    let local = LocalNetwork::start(9, 3).await.expect("started");
    let network = client(profile(&local));
    let bob = keys(2);
    send(&network, bob.account_id(), "hello").await;
    assert_eq!(received(&network, &bob).await, ["hello"]);
    let state = network.state().borrow().clone();
    assert_eq!(
        (state.connection, state.path.len()),
        (ConnectionState::Connected, 3)
    );
    assert!(state.seeds_answered_ms.is_some(), "the pinned seed answered");
    assert!(state.clock_offset_ms.abs() < 2_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_relays_without_seeds_is_enough() {
    let local = LocalNetwork::start(9, 3).await.expect("started");
    let network = client(NetworkProfile {
        seeds: Vec::new(),
        ..profile(&local)
    });
    let bob = keys(2);
    send(&network, bob.account_id(), "hello").await;
    assert_eq!(received(&network, &bob).await, ["hello"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seed_with_another_key_is_refused() {
    let local = LocalNetwork::start(9, 3).await.expect("started");
    let mut profile = profile(&local);
    profile.relays.clear();
    profile
        .seeds
        .iter_mut()
        .for_each(|seed| seed.spki_sha256 = vec![[1; 32]]);
    let network = client(profile);
    reaches(&network, ConnectionState::NotConnected, LONG).await;
    assert_eq!(network.state().borrow().reason.as_deref(), Some("no-relays"));
}

#[tokio::test(flavor = "multi_thread")]
async fn killing_each_node_in_turn_during_a_stream_of_messages_loses_nothing() {
    let local = LocalNetwork::start(9, 3).await.expect("started");
    let network = client(profile(&local));
    let bob = keys(2);
    let mut sent = BTreeSet::new();
    let mut slowest = Duration::ZERO;
    for victim in 0..9 {
        for number in 0..6 {
            if number == 3 {
                local.stop_node(victim).await.expect("stopped");
            }
            let text = format!("{victim} {number}");
            let start = Instant::now();
            send(&network, bob.account_id(), &text).await;
            slowest = slowest.max(start.elapsed());
            sent.insert(text);
        }
        local.restart_node(victim).await.expect("restarted");
    }
    // Each of them is somewhere: a member that was down for some holds the others, and another device finds them all.
    let other_device = client(profile(&local));
    let mut found = BTreeSet::new();
    for _ in 0..60 {
        found.extend(received(&other_device, &bob).await);
        if found.len() == sent.len() {
            break;
        }
    }
    assert_eq!(found, sent);
    assert!(
        slowest < Duration::from_secs(5),
        "the slowest message took {slowest:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn net_40_the_state_follows_the_network_going_and_coming_back() {
    let local = LocalNetwork::start(9, 3).await.expect("started");
    let network = client(profile(&local));
    let bob = keys(2);
    send(&network, bob.account_id(), "before").await;
    local.stop_all().await;
    reaches(&network, ConnectionState::Offline, Duration::from_secs(5)).await;
    local.restart_all().await.expect("restarted");
    reaches(&network, ConnectionState::Connected, Duration::from_secs(15)).await;
    send(&network, bob.account_id(), "after").await;
    assert_eq!(received(&network, &bob).await, ["after", "before"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_arrive_though_some_nodes_answer_wrongly_hugely_or_late() {
    let local = LocalNetwork::start(9, 3).await.expect("started");
    let network = client(profile(&local));
    let faults = [
        Fault::WrongBytes,
        Fault::HugeReply(64 * 1024 * 1024),
        Fault::HugeReply(0),
        Fault::Refuse,
        Fault::Delay(Duration::from_millis(500)),
    ];
    for (round, fault) in faults.into_iter().enumerate() {
        for index in [0, 4] {
            local.faults(index).expect("a node").set(fault);
        }
        for number in 0..6 {
            send(&network, keys(number).account_id(), &format!("{round} {number}")).await;
        }
        for index in [0, 4] {
            local.faults(index).expect("a node").set(Fault::None);
        }
    }
    for number in 0..6 {
        let mut found = BTreeSet::new();
        for _ in 0..60 {
            found.extend(received(&network, &keys(number)).await);
            if found.len() == faults.len() {
                break;
            }
        }
        assert_eq!(found.len(), faults.len(), "account {number}: {found:?}");
    }
}
