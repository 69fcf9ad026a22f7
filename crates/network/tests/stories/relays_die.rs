//! Relays and storage nodes that die, with or without a word.

use super::simulation::Behaviour;
use super::*;

#[tokio::test(start_paused = true)]
async fn killing_each_node_in_turn_loses_nothing_and_costs_little_time() {
    for seed in 1..6 {
        let simulation = Simulation::new(9, 3);
        let network = client_with(&simulation, Arc::default(), seed);
        let mut slowest = Duration::ZERO;
        for victim in 0..9 {
            simulation.kill(victim);
            for number in 0..10 {
                let text = format!("{victim} {number}");
                let start = Instant::now();
                let result = send(&network, account(number), &text).await;
                assert!(result.is_ok(), "{text}: {result:?}");
                assert!(simulation.copies(&account(number), &text) >= 2);
                slowest = slowest.max(start.elapsed());
            }
            simulation.revive(victim);
        }
        assert!(
            slowest < Duration::from_secs(3),
            "the slowest message took {slowest:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn relays_that_swallow_requests_cost_one_deadline_each() {
    let simulation = Simulation::new(12, 3);
    let network = client(&simulation);
    send(&network, account(1), "before").await.expect("stored");
    let middle = state(&network).path[1].node;
    simulation.set(simulation.number(&middle), Behaviour::Drops);
    let start = Instant::now();
    for number in 0..10 {
        send(&network, account(number), "hello").await.expect("stored");
    }
    assert!(
        start.elapsed() < Duration::from_secs(60),
        "ten messages took {:?}",
        start.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn a_silent_member_is_passed_over() {
    let simulation = Simulation::new(12, 3);
    let network = client(&simulation);
    let members = simulation.member_numbers(&account(1));
    simulation.set(members[0], Behaviour::Silent);
    simulation.set(members[1], Behaviour::Silent);
    for round in 0..10 {
        send(&network, account(1), &round.to_string())
            .await
            .expect("stored");
    }
}

#[tokio::test(start_paused = true)]
async fn the_smallest_network_works_and_survives_no_one() {
    let simulation = Simulation::new(4, 1);
    let network = client(&simulation);
    for number in 0..10 {
        send(&network, account(number), "hello").await.expect("stored");
        assert_eq!(simulation.copies(&account(number), "hello"), 4);
    }
}

#[tokio::test(start_paused = true)]
async fn half_the_network_may_be_gone() {
    let simulation = Simulation::new(16, 2);
    let network = client(&simulation);
    send(&network, account(1), "before").await.expect("stored");
    (0..16)
        .filter(|number| number % 4 < 2)
        .for_each(|number| simulation.kill(number));
    for number in 0..20 {
        let result = send(&network, account(number), "hello").await;
        assert!(result.is_ok(), "account {number}: {result:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_idle_client_notices_a_dead_guard_before_it_is_needed() {
    let simulation = Simulation::new(12, 3);
    let network = client(&simulation);
    send(&network, account(1), "before").await.expect("stored");
    let guard = state(&network).path[0].node;
    simulation.kill(simulation.number(&guard));
    let mut changes = network.state();
    let replaced = changes.wait_for(|state| state.path.first().is_some_and(|relay| relay.node != guard));
    timeout(Duration::from_secs(10), replaced)
        .await
        .expect("noticed")
        .expect("alive");
}
