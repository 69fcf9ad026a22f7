//! Members that keep silent, and relays that speak ill of others.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::simulation::{Behaviour, Line};
use super::*;

/// Stores `text`; gives back how long that took and how often the request was built.
async fn send_counted(
    network: &OnionNetwork,
    account: AccountId,
    text: &str,
) -> (Result<SwarmAnswer, RequestError>, Duration, usize) {
    let built = AtomicUsize::new(0);
    let start = Instant::now();
    let result = network
        .to_swarm(account, &|now, _| {
            built.fetch_add(1, Ordering::Relaxed);
            store(account, text, now)
        })
        .await;
    (result, start.elapsed(), built.into_inner())
}

#[tokio::test(start_paused = true)]
async fn net_36_a_silent_member_costs_a_moment_at_most() {
    for seed in 1..10 {
        let simulation = Simulation::new(12, 3);
        let network = client_with(&simulation, Arc::default(), seed);
        send(&network, account(1), "before").await.expect("stored");
        let silent = simulation.member_numbers(&account(1))[0];
        simulation.set(silent, Behaviour::Late(60 * MINUTE));
        for round in 0..10 {
            let (result, took, _) = send_counted(&network, account(1), &round.to_string()).await;
            result.expect("stored");
            assert!(took < Duration::from_millis(2_900), "round {round} took {took:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn net_36_a_try_asks_two_members_at_most() {
    let simulation = Simulation::new(12, 3);
    let network = client(&simulation);
    send(&network, account(1), "before").await.expect("stored");
    for number in simulation.member_numbers(&account(1)) {
        simulation.set(number, Behaviour::Late(Duration::from_secs(6)));
    }
    let (result, took, built) = send_counted(&network, account(1), "hello").await;
    result.expect("stored");
    assert!(
        took < Duration::from_secs(7),
        "the first one's answer is waited for, {took:?}"
    );
    assert_eq!(built, 2);
    for number in simulation.member_numbers(&account(1)) {
        simulation.set(number, Behaviour::Late(60 * MINUTE));
    }
    let (result, took, built) = send_counted(&network, account(1), "hello").await;
    assert_eq!(result, Err(RequestError::SwarmSilent));
    assert!(took <= Duration::from_secs(50));
    assert!((2..=10).contains(&built), "{built} questions");
}

#[tokio::test(start_paused = true)]
async fn net_36_a_quick_answer_is_asked_for_once() {
    let simulation = Simulation::new(12, 3);
    let network = client(&simulation);
    send(&network, account(1), "before").await.expect("stored");
    for round in 0..20 {
        let (result, _, built) = send_counted(&network, account(1), &round.to_string()).await;
        assert_eq!((result.expect("stored").status, built), (200, 1));
    }
    for number in simulation.member_numbers(&account(1)) {
        simulation.set(number, Behaviour::Late(Duration::from_secs(2)));
    }
    let (result, _, built) = send_counted(&network, account(1), "late").await;
    assert_eq!((result.expect("stored").status, built), (200, 1));
}

#[tokio::test(start_paused = true)]
async fn net_36_an_answer_on_its_way_over_a_slow_line_is_asked_for_once() {
    let simulation = Simulation::new(12, 3);
    let network = client(&simulation);
    send(&network, account(1), "before").await.expect("stored");
    simulation.set_line(Line::Slow);
    let (result, took, built) = send_counted(&network, account(1), "hello").await;
    assert_eq!((result.expect("stored").status, built), (200, 1));
    assert!(took > Duration::from_secs(4), "took {took:?}");
}

#[tokio::test(start_paused = true)]
async fn net_09_relays_that_deny_their_neighbours_hold_nothing_up_and_put_nobody_out() {
    for seed in 1..4 {
        let simulation = Simulation::new(16, 2);
        let network = client_with(&simulation, Arc::default(), seed);
        send(&network, account(1), "before").await.expect("stored");
        for number in [2, 7, 11] {
            simulation.set(number, Behaviour::Denies);
        }
        for number in 0..40 {
            let (result, took, _) = send_counted(&network, account(number), "hello").await;
            assert!(result.is_ok(), "account {number}: {result:?}");
            assert!(took < Duration::from_secs(3), "account {number} took {took:?}");
        }
        // Who was spoken ill of is on paths again as soon as the others do no longer lie.
        for number in [2, 7, 11] {
            simulation.set(number, Behaviour::Honest);
        }
        let mut used = std::collections::BTreeSet::new();
        for _ in 0..80 {
            tokio::time::sleep(2 * MINUTE).await;
            network.new_path();
            used.extend(state(&network).path.iter().map(|relay| relay.node));
        }
        assert_eq!(used.len(), 16, "seed {seed}");
    }
}
