//! Where the list of relays comes from.

use super::simulation::Behaviour;
use super::*;

#[tokio::test(start_paused = true)]
async fn net_01_the_first_list_comes_from_a_seed() {
    let simulation = Simulation::with_seeds(12, 3, 2, 0);
    let network = client(&simulation);
    send(&network, account(1), "hello").await.expect("stored");
    assert_eq!(simulation.copies(&account(1), "hello"), 4);
    assert!(state(&network).seeds_answered_ms.is_some());
}

#[tokio::test(start_paused = true)]
async fn net_01_a_slow_seed_holds_nobody_up_for_long() {
    let simulation = Simulation::with_seeds(12, 3, 3, 0);
    simulation.slow_down_seeds(2);
    let network = client(&simulation);
    let start = Instant::now();
    send(&network, account(1), "hello").await.expect("stored");
    assert!(
        start.elapsed() < Duration::from_secs(8),
        "took {:?}",
        start.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn net_01_without_seeds_the_profiles_relays_lead_to_the_others() {
    let simulation = Simulation::with_seeds(30, 5, 2, 5);
    simulation.silence_seeds();
    let network = client(&simulation);
    send(&network, account(1), "first").await.expect("stored");
    tokio::time::sleep(MINUTE).await;
    // The five of the profile are not even a swarm's worth: that all members are known shows the list was fetched.
    for number in 0..20 {
        let answer = send(&network, account(number), "hello").await.expect("stored");
        assert!(simulation.members(&account(number)).contains(&answer.node));
    }
    assert_eq!(state(&network).seeds_answered_ms, None);
}

#[tokio::test(start_paused = true)]
async fn net_06_one_lying_relay_of_three_changes_nothing() {
    let simulation = Simulation::with_seeds(9, 3, 1, 9);
    simulation.silence_seeds();
    simulation.set(4, Behaviour::Lists(vec![0, 1, 2, 3]));
    let network = client(&simulation);
    send(&network, account(1), "hello").await.expect("stored");
    tokio::time::sleep(MINUTE).await;
    for number in 0..20 {
        let answer = send(&network, account(number), "hello").await.expect("stored");
        assert!(simulation.members(&account(number)).contains(&answer.node));
    }
}

#[tokio::test(start_paused = true)]
async fn net_06_a_seeds_list_that_is_too_short_is_refused() {
    let simulation = Simulation::with_seeds(9, 3, 1, 0);
    simulation.seeds_list(vec![0, 1, 2]);
    let network = client(&simulation);
    reaches(&network, ConnectionState::NotConnected, MINUTE).await;
    assert_eq!(state(&network).reason.as_deref(), Some("no-relays"));
    assert_eq!(
        send(&network, account(1), "hello").await,
        Err(RequestError::NoPath)
    );
    simulation.seeds_list((0..9).collect());
    reaches(&network, ConnectionState::Connected, MINUTE).await;
    send(&network, account(1), "hello").await.expect("stored");
}

#[tokio::test(start_paused = true)]
async fn a_saved_pool_makes_seeds_unnecessary() {
    let simulation = Simulation::with_seeds(12, 3, 1, 0);
    let cache = Arc::new(MemoryCache::default());
    let network = client_with(&simulation, Arc::clone(&cache), 1);
    send(&network, account(1), "hello").await.expect("stored");
    tokio::time::sleep(MINUTE).await;
    network.close().await;
    simulation.silence_seeds();
    let network = client_with(&simulation, cache, 2);
    send(&network, account(1), "again").await.expect("stored");
}
