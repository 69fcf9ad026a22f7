//! Network time.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::simulation::Behaviour;
use super::*;

#[tokio::test(start_paused = true)]
async fn net_20_a_device_with_a_wrong_clock_sends_at_once() {
    let hour = 3_600_000;
    for off in [hour, -hour] {
        let simulation = Simulation::new(9, 3).with_device_clock_off(off);
        let network = client(&simulation);
        send(&network, account(1), "hello").await.expect("stored");
        let learnt = state(&network).clock_offset_ms;
        assert!((learnt + off).abs() < 100, "off by {off}, learnt {learnt}");
    }
}

#[tokio::test(start_paused = true)]
async fn net_21_a_refused_time_is_learnt_anew_and_the_request_built_again() {
    let simulation = Simulation::new(9, 3);
    let network = client(&simulation);
    send(&network, account(1), "before").await.expect("stored");
    tokio::time::sleep(MINUTE).await;
    let calls = AtomicUsize::new(0);
    let answer = network
        .to_swarm(account(1), &|now, _| {
            // The first time as a device would whose clock was just changed.
            let off = if calls.fetch_add(1, Ordering::Relaxed) == 0 {
                300_000
            } else {
                0
            };
            store(account(1), "after", TimestampMs(now.0 + off))
        })
        .await
        .expect("stored");
    assert_eq!((answer.status, calls.load(Ordering::Relaxed)), (200, 2));
}

#[tokio::test(start_paused = true)]
async fn net_21_a_time_that_stays_refused_is_a_refusal() {
    let simulation = Simulation::new(9, 3);
    let network = client(&simulation);
    let calls = AtomicUsize::new(0);
    let result = network
        .to_swarm(account(1), &|now, _| {
            calls.fetch_add(1, Ordering::Relaxed);
            store(account(1), "text", TimestampMs(now.0 + 300_000))
        })
        .await;
    assert!(
        matches!(result, Err(RequestError::Refused { status: 406, .. })),
        "{result:?}"
    );
    assert_eq!(calls.load(Ordering::Relaxed), 3);
}

#[tokio::test(start_paused = true)]
async fn net_20_one_node_that_lies_about_the_time_is_outvoted() {
    let simulation = Simulation::new(9, 3);
    simulation.set(5, Behaviour::TimeOff(7_200_000));
    let network = client(&simulation);
    for round in 0..8 {
        send(&network, account(round), "hello").await.expect("stored");
        assert!(state(&network).clock_offset_ms.abs() < 100);
        tokio::time::sleep(11 * MINUTE).await;
    }
}

#[tokio::test(start_paused = true)]
async fn net_23_a_clock_that_is_months_off_is_put_right_by_a_second_look() {
    let month = 30 * 24 * 3_600_000;
    for off in [month, -600 * month] {
        let simulation = Simulation::new(9, 3).with_device_clock_off(off);
        let network = client(&simulation);
        let start = Instant::now();
        send(&network, account(1), "hello").await.expect("stored");
        assert!(
            start.elapsed() < Duration::from_secs(3),
            "took {:?}",
            start.elapsed()
        );
        let learnt = state(&network).clock_offset_ms;
        assert!((learnt + off).abs() < 100, "off by {off}, learnt {learnt}");
    }
}

#[tokio::test(start_paused = true)]
async fn net_23_liars_met_at_first_are_not_believed() {
    let month = 30 * 24 * 3_600_000;
    for seed in 1..30 {
        let simulation = Simulation::new(12, 3);
        for (number, months) in [(1, 1), (4, 2), (7, 3), (8, 4)] {
            simulation.set(number, Behaviour::TimeOff(months * month));
        }
        let network = client_with(&simulation, Arc::default(), seed);
        send(&network, account(1), "hello").await.expect("stored");
        assert!(state(&network).clock_offset_ms.abs() < 100);
    }
}
