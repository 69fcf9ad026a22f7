//! The device without a network.

use super::simulation::Line;
use super::*;

const FIVE_SECONDS: Duration = Duration::from_secs(5);

#[tokio::test(start_paused = true)]
async fn net_40_a_cut_line_is_noticed_within_five_seconds_and_a_mended_one_too() {
    let simulation = Simulation::new(12, 3);
    let network = client(&simulation);
    send(&network, account(1), "before").await.expect("stored");
    for (idle, cut) in [
        (0, Line::Down),
        (1_999, Line::Down),
        (61_000, Line::Down),
        (0, Line::Swallows),
        (1_999, Line::Swallows),
        (61_000, Line::Swallows),
    ] {
        tokio::time::sleep(Duration::from_millis(idle)).await;
        simulation.set_line(cut);
        reaches(&network, ConnectionState::Offline, FIVE_SECONDS).await;
        assert_eq!(state(&network).path, []);
        assert_eq!(
            send(&network, account(1), "cut").await,
            Err(RequestError::Offline)
        );
        tokio::time::sleep(10 * MINUTE).await;
        assert_eq!(state(&network).connection, ConnectionState::Offline);
        simulation.set_line(Line::Up);
        reaches(&network, ConnectionState::Connected, FIVE_SECONDS).await;
        send(&network, account(1), "after").await.expect("stored");
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_under_way_when_the_line_is_cut_ends_soon() {
    let simulation = Simulation::new(12, 3);
    let network = client(&simulation);
    send(&network, account(1), "before").await.expect("stored");
    let sending = send(&network, account(1), "hello");
    let cutting = async {
        tokio::time::sleep(Duration::from_millis(30)).await;
        simulation.set_line(Line::Down);
    };
    let (result, ()) = tokio::join!(sending, cutting);
    assert_eq!(result, Err(RequestError::Offline));
}

#[tokio::test(start_paused = true)]
async fn a_device_that_says_it_is_offline_is_offline_at_once() {
    let simulation = Simulation::new(12, 3);
    let network = client(&simulation);
    send(&network, account(1), "before").await.expect("stored");
    network.set_device_online(false);
    assert_eq!(state(&network).connection, ConnectionState::Offline);
    assert_eq!(state(&network).reason.as_deref(), Some("device-offline"));
    tokio::time::sleep(Duration::from_secs(30)).await;
    let contacts = simulation.contacts();
    tokio::time::sleep(10 * MINUTE).await;
    assert_eq!(simulation.contacts(), contacts, "nothing is tried meanwhile");
    assert_eq!(state(&network).connection, ConnectionState::Offline);
    network.set_device_online(true);
    reaches(&network, ConnectionState::Connected, FIVE_SECONDS).await;
    send(&network, account(1), "after").await.expect("stored");
}

#[tokio::test(start_paused = true)]
async fn starting_without_a_network_ends_in_offline_and_heals() {
    for simulation in [Simulation::new(9, 3), Simulation::with_seeds(9, 3, 2, 0)] {
        simulation.set_line(Line::Down);
        let network = client(&simulation);
        reaches(&network, ConnectionState::Offline, FIVE_SECONDS).await;
        assert_eq!(
            send(&network, account(1), "hello").await,
            Err(RequestError::Offline)
        );
        simulation.set_line(Line::Up);
        reaches(&network, ConnectionState::Connected, MINUTE).await;
        send(&network, account(1), "hello").await.expect("stored");
    }
}

#[tokio::test(start_paused = true)]
async fn being_offline_costs_no_relay_its_good_name() {
    let simulation = Simulation::new(12, 3);
    let network = client(&simulation);
    send(&network, account(1), "before").await.expect("stored");
    for _ in 0..5 {
        simulation.set_line(Line::Down);
        for number in 0..3 {
            assert!(send(&network, account(number), "cut").await.is_err());
        }
        tokio::time::sleep(MINUTE).await;
        simulation.set_line(Line::Up);
        reaches(&network, ConnectionState::Connected, FIVE_SECONDS).await;
    }
    for number in 0..20 {
        send(&network, account(number), "after").await.expect("stored");
    }
}
