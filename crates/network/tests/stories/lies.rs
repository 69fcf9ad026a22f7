//! Nodes that do not keep to the protocol.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::simulation::Behaviour;
use super::*;

/// Stores a message for 20 accounts, each of which must arrive.
async fn all_arrive(simulation: &Simulation, network: &OnionNetwork) {
    for number in 0..20 {
        let result = send(network, account(number), "hello").await;
        assert!(result.is_ok(), "account {number}: {result:?}");
        assert!(simulation.copies(&account(number), "hello") > 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_guard_that_answers_nonsense_is_replaced() {
    for behaviour in [
        Behaviour::Says(200, ""),
        Behaviour::Says(200, "nonsense"),
        Behaviour::Says(200, "AAAA"),
        Behaviour::Says(200, "{\"result\":\"AAAA\"}"),
        Behaviour::Says(500, "Invalid response from snode"),
        Behaviour::Says(503, "Service node is not ready: not in any swarm\n"),
        Behaviour::Says(502, "Next node not found: zz"),
        Behaviour::Says(302, ""),
        Behaviour::Huge,
        Behaviour::Silent,
    ] {
        let simulation = Simulation::new(9, 3);
        for number in [1, 5] {
            simulation.set(number, behaviour.clone());
        }
        let network = client(&simulation);
        all_arrive(&simulation, &network).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_storage_node_that_answers_nonsense_is_passed_over() {
    for behaviour in [
        Behaviour::Answers(200, ""),
        Behaviour::Answers(200, "nonsense"),
        Behaviour::Answers(500, "internal"),
        Behaviour::Answers(503, "Snode not ready"),
        Behaviour::Answers(429, "Too Many Requests"),
        Behaviour::Answers(421, "{}"),
        Behaviour::Answers(421, "{\"snodes\":[],\"swarm\":\"f\"}"),
        Behaviour::Answers(700, "?"),
    ] {
        let simulation = Simulation::new(9, 3);
        for number in [0, 1, 2] {
            simulation.set(number, behaviour.clone());
        }
        let network = client(&simulation);
        all_arrive(&simulation, &network).await;
    }
}

#[tokio::test(start_paused = true)]
async fn net_12_poisoned_swarm_answers_do_not_bring_in_strangers() {
    let simulation = Simulation::new(9, 3);
    for number in [0, 1, 2] {
        simulation.set(number, Behaviour::Redirects(vec![200, 201, 202]));
    }
    let network = client(&simulation);
    all_arrive(&simulation, &network).await;
}

#[tokio::test(start_paused = true)]
async fn net_12_a_member_that_sends_on_to_an_accomplice_does_not_take_the_account_over() {
    let simulation = Simulation::new(9, 3);
    let network = client(&simulation);
    send(&network, account(1), "before").await.expect("stored");
    let members = simulation.member_numbers(&account(1));
    let accomplice = (0..9)
        .find(|number| !members.contains(number))
        .expect("other swarms");
    simulation.set(members[0], Behaviour::Redirects(vec![accomplice]));
    simulation.set(accomplice, Behaviour::Answers(200, "{}"));
    let mut arrived = 0;
    for round in 0..30 {
        let text = format!("message {round}");
        send(&network, account(1), &text).await.expect("answered");
        arrived += usize::from(simulation.copies(&account(1), &text) > 0);
    }
    assert!(
        arrived >= 10,
        "two of three members are honest, yet only {arrived} arrived"
    );
}

#[tokio::test(start_paused = true)]
async fn net_12_nodes_that_send_in_circles_end_in_an_error() {
    let simulation = Simulation::new(9, 3);
    for number in 0..9 {
        simulation.set(number, Behaviour::Redirects(vec![(number + 1) % 9]));
    }
    let network = client(&simulation);
    assert_eq!(
        send(&network, account(1), "hello").await,
        Err(RequestError::SwarmSilent)
    );
}

#[tokio::test(start_paused = true)]
async fn net_32_a_refusal_is_final_and_blames_nobody() {
    let simulation = Simulation::new(9, 3);
    let network = client(&simulation);
    send(&network, account(1), "before").await.expect("stored");
    for number in simulation.member_numbers(&account(1)) {
        simulation.set(number, Behaviour::Answers(401, "store: signature required"));
    }
    let tries = AtomicUsize::new(0);
    let result = network
        .to_swarm(account(1), &|now, _| {
            tries.fetch_add(1, Ordering::Relaxed);
            store(account(1), "hello", now)
        })
        .await;
    let reason = "store: signature required".to_owned();
    let refused = RequestError::Refused { status: 401, reason };
    assert_eq!((result, tries.into_inner()), (Err(refused), 1));
    for number in simulation.member_numbers(&account(1)) {
        simulation.set(number, Behaviour::Honest);
    }
    send(&network, account(1), "after").await.expect("stored");
}

#[tokio::test(start_paused = true)]
async fn a_swarm_that_never_answers_ends_within_the_deadline() {
    let simulation = Simulation::new(9, 3);
    let network = client(&simulation);
    send(&network, account(1), "before").await.expect("stored");
    for number in simulation.member_numbers(&account(1)) {
        simulation.set(number, Behaviour::Answers(503, "busy"));
    }
    let start = Instant::now();
    assert_eq!(
        send(&network, account(1), "hello").await,
        Err(RequestError::SwarmSilent)
    );
    assert!(start.elapsed() <= Duration::from_secs(50));
}

#[tokio::test(start_paused = true)]
async fn net_35_a_batch_answers_with_its_first_failure() {
    let simulation = Simulation::new(9, 3);
    let network = client(&simulation);
    let batch = |now: TimestampMs, _: &[u8; 32]| {
        Request::Batch(vec![
            store(account(1), "good", now),
            Request::ActiveNodes,
            store(account(1), "too", now),
        ])
    };
    let answer = network.to_swarm(account(1), &batch).await.expect("answered");
    assert_eq!(answer.status, 400);
    assert_eq!(answer.body["results"][2]["code"], 200);
    assert_eq!(simulation.copies(&account(1), "too"), 3);
}
