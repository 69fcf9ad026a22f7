//! Stories over a simulated network: relays that die and come back, that lie, that say nothing; a cut and a mended line.
//!
//! Time is tokio's paused time: it jumps from one deadline to the next, so that minutes pass at once and durations are
//! exact.

mod bootstrap;
mod clock;
mod lies;
mod offline;
mod relays_die;
mod servers;
mod silence;
mod simulation;

use std::sync::Arc;
use std::time::Duration;

use network::{ConnectionState, MemoryCache, Network, NetworkState, OnionNetwork, RequestError, SwarmAnswer};
use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::storage::{Namespace, Request, Store};
use tokio::time::{Instant, timeout};

use simulation::Simulation;

pub(crate) const MINUTE: Duration = Duration::from_secs(60);

/// Starts a client on a simulated network.
pub(crate) fn client(simulation: &Simulation) -> OnionNetwork {
    client_with(simulation, Arc::new(MemoryCache::default()), 1)
}

pub(crate) fn client_with(simulation: &Simulation, cache: Arc<MemoryCache>, seed: u8) -> OnionNetwork {
    let transport = Arc::new(simulation.clone());
    OnionNetwork::start_over(
        transport,
        simulation.profile(),
        cache,
        simulation.device_clock(),
        [seed; 32],
    )
    .expect("the simulation's profile is good")
}

pub(crate) fn account(number: u8) -> AccountId {
    let mut bytes = [number; 33];
    bytes[0] = 5;
    AccountId::from_bytes(bytes)
}

/// A request that stores `text` for an account.
pub(crate) fn store(account: AccountId, text: &str, now: TimestampMs) -> Request {
    Request::Store(Store {
        account,
        namespace: Namespace(0),
        data: text.as_bytes().to_vec(),
        timestamp: now,
        expiry: TimestampMs(now.0 + 86_400_000),
        proof: None,
    })
}

/// Stores `text` and returns the answer.
pub(crate) async fn send(
    network: &OnionNetwork,
    account: AccountId,
    text: &str,
) -> Result<SwarmAnswer, RequestError> {
    network
        .to_swarm(account, &|now, _| store(account, text, now))
        .await
}

/// Waits until the connection is as wanted, and returns how long that took.
#[track_caller]
pub(crate) fn reaches(
    network: &OnionNetwork,
    wanted: ConnectionState,
    within: Duration,
) -> impl Future<Output = Duration> + use<> {
    let mut state = network.state();
    let caller = std::panic::Location::caller();
    async move {
        let start = Instant::now();
        let reached = timeout(within, state.wait_for(|state| state.connection == wanted)).await;
        assert!(reached.is_ok(), "{caller}: still not {wanted:?} after {within:?}");
        start.elapsed()
    }
}

pub(crate) fn state(network: &OnionNetwork) -> NetworkState {
    network.state().borrow().clone()
}

#[tokio::test(start_paused = true)]
async fn a_message_goes_through_three_relays_to_every_member_of_its_swarm() {
    let simulation = Simulation::new(9, 3);
    let network = client(&simulation);
    let answer = send(&network, account(1), "hello").await.expect("stored");
    assert_eq!(answer.status, 200);
    assert!(simulation.members(&account(1)).contains(&answer.node));
    assert_eq!(simulation.copies(&account(1), "hello"), 3);

    let state = state(&network);
    assert_eq!(state.connection, ConnectionState::Connected);
    assert_eq!(state.path.len(), 3);
    assert!(state.path.iter().all(|relay| relay.node != answer.node));
}

#[tokio::test(start_paused = true)]
async fn only_guards_are_ever_connected_to() {
    let simulation = Simulation::new(30, 5);
    let network = client(&simulation);
    for number in 0..40 {
        send(&network, account(number), "hello").await.expect("stored");
    }
    let posted = simulation.posted_to();
    assert!(posted.len() <= 2, "{} guards", posted.len());
}

#[tokio::test(start_paused = true)]
async fn net_18_middle_and_exit_change_every_ten_minutes_and_the_guard_stays() {
    let simulation = Simulation::new(30, 5);
    let network = client(&simulation);
    send(&network, account(1), "before").await.expect("stored");
    let before = state(&network).path;
    tokio::time::sleep(11 * MINUTE).await;
    let mut guards = simulation.posted_to();
    send(&network, account(1), "after").await.expect("stored");
    let after = state(&network).path;
    assert_ne!(before, after);
    guards.extend(simulation.posted_to());
    guards.sort_unstable();
    guards.dedup();
    assert!(guards.len() <= 2, "rotation keeps the guards");
}

#[tokio::test(start_paused = true)]
async fn a_new_path_on_request_has_another_guard() {
    let simulation = Simulation::new(30, 5);
    let network = client(&simulation);
    send(&network, account(1), "before").await.expect("stored");
    let before = state(&network).path;
    let mut changes = network.state();
    network.new_path();
    let changed = changes.wait_for(|state| state.path.first() != before.first() && state.path.len() == 3);
    timeout(MINUTE, changed)
        .await
        .expect("a new path")
        .expect("alive");
    send(&network, account(1), "after").await.expect("stored");
}

#[tokio::test(start_paused = true)]
async fn a_hundred_requests_at_once_all_arrive() {
    let simulation = Simulation::new(9, 3);
    let network = client(&simulation);
    let texts: Vec<String> = (0..100).map(|number| number.to_string()).collect();
    let sending = texts.iter().map(|text| send(&network, account(1), text));
    let results = futures::future::join_all(sending).await;
    assert!(results.iter().all(Result::is_ok));
    assert!(texts.iter().all(|text| simulation.copies(&account(1), text) == 3));
}

#[tokio::test(start_paused = true)]
async fn dropping_the_network_ends_its_tasks() {
    let simulation = Simulation::new(9, 3);
    let network = client(&simulation);
    send(&network, account(1), "hello").await.expect("stored");
    network.close().await;
    let before = simulation.contacts();
    tokio::time::sleep(30 * MINUTE).await;
    assert_eq!(simulation.contacts(), before);
}

#[tokio::test(start_paused = true)]
async fn net_15_guards_survive_a_restart() {
    let simulation = Simulation::new(30, 5);
    let cache = Arc::new(MemoryCache::default());
    let network = client_with(&simulation, Arc::clone(&cache), 1);
    send(&network, account(1), "hello").await.expect("stored");
    tokio::time::sleep(MINUTE).await;
    network.close().await;
    let first = simulation.posted_to();
    let network = client_with(&simulation, cache, 2);
    send(&network, account(1), "again").await.expect("stored");
    tokio::time::sleep(MINUTE).await;
    let mut both = simulation.posted_to();
    both.retain(|guard| !first.contains(guard));
    assert_eq!(both, [], "no other guards than before");
}
