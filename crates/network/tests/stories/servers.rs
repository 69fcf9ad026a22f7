//! Requests to servers.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use network::{ServerAddress, ServerRequest, Transfer};
use protocol::onion::{self, ServerReply};
use tokio::sync::watch;

use super::simulation::{Behaviour, Line, Serving};
use super::*;

fn upload(body: &[u8]) -> ServerRequest {
    let request = onion::ServerRequest {
        method: "POST".to_owned(),
        endpoint: "/file".to_owned(),
        headers: BTreeMap::from([("Content-Type".to_owned(), "application/octet-stream".to_owned())]),
        body: Some(body.to_vec()),
    };
    ServerRequest::new(request, 10_000)
}

fn get(endpoint: &str, max_reply_len: usize) -> ServerRequest {
    let request = onion::ServerRequest {
        method: "GET".to_owned(),
        endpoint: endpoint.to_owned(),
        headers: BTreeMap::new(),
        body: None,
    };
    ServerRequest::new(request, max_reply_len)
}

async fn ask(
    network: &OnionNetwork,
    simulation: &Simulation,
    request: ServerRequest,
) -> Result<ServerReply, RequestError> {
    network.to_server(&simulation.server(), request).await
}

#[tokio::test(start_paused = true)]
async fn net_50_a_server_is_reached_and_any_status_is_its_answer() {
    let simulation = Simulation::new(9, 3);
    let network = client(&simulation);
    let response = ask(&network, &simulation, upload(b"bytes"))
        .await
        .expect("answered");
    assert_eq!((response.code, &response.body[..]), (200, &b"bytes"[..]));
    assert_eq!(
        (&*response.headers["method"], &*response.headers["endpoint"]),
        ("POST", "/file")
    );
    let request = get("/file/x?y=z", 100);
    let response = ask(&network, &simulation, request).await.expect("answered");
    assert_eq!(
        (&*response.headers["method"], &*response.headers["endpoint"]),
        ("GET", "/file/x?y=z")
    );
    for (asked, status) in [404, 413, 429, 500, 503].into_iter().enumerate() {
        simulation.set_serving(Serving::Status(status));
        let response = ask(&network, &simulation, upload(b"bytes"))
            .await
            .expect("answered");
        assert_eq!(
            (response.code, simulation.asked_server()),
            (status, asked + 3),
            "asked once"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn net_54_a_relay_that_swallows_requests_is_passed_by() {
    let simulation = Simulation::new(12, 3);
    let network = client(&simulation);
    send(&network, account(1), "before").await.expect("stored");
    let middle = state(&network).path[1].node;
    simulation.set(simulation.number(&middle), Behaviour::Drops);
    let start = Instant::now();
    for number in 0..10 {
        ask(&network, &simulation, upload(&[number]))
            .await
            .expect("answered");
    }
    assert!(
        start.elapsed() < Duration::from_secs(45),
        "took {:?}",
        start.elapsed()
    );
    assert_eq!(simulation.asked_server(), 10);
}

#[tokio::test(start_paused = true)]
async fn net_55_what_a_server_says_in_the_clear_costs_no_relay_anything() {
    let simulation = Simulation::new(12, 3);
    let network = client(&simulation);
    send(&network, account(1), "before").await.expect("stored");
    tokio::time::sleep(MINUTE).await;
    let path = state(&network).path;
    let guards = simulation.posted_to();
    let exit = HEXLOWER.encode(&path[2].node);
    for text in [
        (400, "Invalid v4 onion request".to_owned()),
        (400, "Invalid ciphertext".to_owned()),
        (500, "Invalid response from snode".to_owned()),
        (502, format!("Next node not found: {exit}")),
        (502, format!("Next node is currently unreachable: {exit}")),
        (503, format!("Snode not ready: {exit}")),
        (503, "Server busy, try again later".to_owned()),
        (503, "Service node is not ready: so there".to_owned()),
        (504, "Request time out".to_owned()),
    ] {
        simulation.set_serving(Serving::Says(text.0, text.1));
        let result = ask(&network, &simulation, upload(b"bytes")).await;
        assert_eq!(result, Err(RequestError::ServerSilent));
        tokio::time::sleep(MINUTE).await;
        assert_eq!(state(&network).connection, ConnectionState::Connected);
        assert_eq!(simulation.posted_to(), guards, "the guards stay");
    }
    let start = Instant::now();
    simulation.set_serving(Serving::Echo);
    ask(&network, &simulation, upload(b"bytes"))
        .await
        .expect("answered");
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn net_52_what_is_too_long_is_refused() {
    let simulation = Simulation::new(9, 3);
    let network = client(&simulation);
    send(&network, account(1), "before").await.expect("stored");
    let long = upload(&vec![0; 10 * 1024 * 1024]);
    assert_eq!(
        ask(&network, &simulation, long).await,
        Err(RequestError::TooLarge)
    );
    assert_eq!(simulation.asked_server(), 0);
    simulation.set_serving(Serving::Sends(1_001));
    let get = |most| get("/file/x", most);
    assert_eq!(
        ask(&network, &simulation, get(1_000)).await,
        Err(RequestError::TooLarge)
    );
    let response = ask(&network, &simulation, get(1_001)).await.expect("answered");
    assert_eq!(response.body.len(), 1_001);
    simulation.set_serving(Serving::Sends(1_000_000));
    let asked = simulation.asked_server();
    assert_eq!(
        ask(&network, &simulation, get(1_000)).await,
        Err(RequestError::TooLarge)
    );
    assert_eq!(
        simulation.asked_server(),
        asked + 2,
        "over two paths, as a relay may have made it up"
    );
    let start = Instant::now();
    send(&network, account(1), "after").await.expect("stored");
    assert!(
        start.elapsed() < Duration::from_secs(1),
        "no guard was given up for it"
    );
}

#[tokio::test(start_paused = true)]
async fn net_53_a_silent_server_ends_with_the_deadline() {
    let simulation = Simulation::new(9, 3);
    let network = client(&simulation);
    send(&network, account(1), "before").await.expect("stored");
    simulation.set_serving(Serving::Silent);
    for seconds in [5, 30, 300] {
        let mut request = upload(b"bytes");
        request.deadline = Duration::from_secs(seconds);
        let start = Instant::now();
        assert_eq!(
            ask(&network, &simulation, request.clone()).await,
            Err(RequestError::ServerSilent)
        );
        assert!(start.elapsed() <= request.deadline);
        assert!(
            start.elapsed() < Duration::from_secs(45),
            "nothing moves for 10 s, four times"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn net_51_an_address_or_key_that_cannot_be_used_is_named_and_blames_nobody() {
    let simulation = Simulation::new(12, 3);
    let network = client(&simulation);
    send(&network, account(1), "before").await.expect("stored");
    tokio::time::sleep(MINUTE).await;
    let guards = simulation.posted_to();
    let good = simulation.server();
    for bad in [
        ServerAddress {
            url: "ftp://files.test".parse().expect("a URL"),
            ..good.clone()
        },
        ServerAddress {
            url: "mailto:somebody".parse().expect("a URL"),
            ..good.clone()
        },
        ServerAddress {
            x25519: [0; 32],
            ..good.clone()
        },
    ] {
        let result = network.to_server(&bad, upload(b"bytes")).await;
        assert_eq!(result, Err(RequestError::UnusableServer), "{bad:?}");
    }
    let unknown = ServerAddress {
        url: "http://nowhere.test".parse().expect("a URL"),
        ..good
    };
    let result = network.to_server(&unknown, upload(b"bytes")).await;
    assert_eq!(result, Err(RequestError::ServerSilent));
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert_eq!(simulation.posted_to(), guards, "the guards stay");
    let start = Instant::now();
    send(&network, account(1), "after").await.expect("stored");
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn net_56_progress_is_told() {
    let simulation = Simulation::new(9, 3);
    let network = client(&simulation);
    let (progress, told) = watch::channel(Transfer::default());
    let request = upload(&[7; 100_000]);
    let request = ServerRequest {
        max_reply_len: 100_000,
        ..request
    }
    .with_progress(progress);
    ask(&network, &simulation, request).await.expect("answered");
    let transfer = *told.borrow();
    assert!(transfer.sent == transfer.to_send && transfer.to_send > 100_000);
    assert!(transfer.to_receive == Some(transfer.received) && transfer.received > 100_000);
}

#[tokio::test(start_paused = true)]
async fn net_56_an_upload_that_fills_the_line_is_not_taken_for_being_offline() {
    let simulation = Simulation::new(9, 3);
    let network = client(&simulation);
    send(&network, account(1), "before").await.expect("stored");
    let mut changes = network.state();
    changes.mark_unchanged();
    simulation.set_line(Line::Crowded);
    simulation.set_serving(Serving::Status(200));
    let uploading = ask(&network, &simulation, upload(&vec![7; 2_000_000]));
    let went_offline = async {
        let offline = changes.wait_for(|state| state.connection == ConnectionState::Offline);
        drop(offline.await.expect("alive"));
    };
    tokio::select! {
        response = uploading => assert_eq!(response.map(|response| response.code), Ok(200)),
        () = went_offline => panic!("offline"),
    }
}

#[tokio::test(start_paused = true)]
async fn twenty_requests_at_once_all_arrive_and_hold_no_message_up() {
    let simulation = Simulation::new(9, 3);
    let network = client(&simulation);
    send(&network, account(1), "before").await.expect("stored");
    let asking = (0..20).map(|number| ask(&network, &simulation, upload(&[number])));
    let sending = send(&network, account(1), "meanwhile");
    let (answers, sent) = futures::join!(futures::future::join_all(asking), sending);
    sent.expect("stored");
    for (number, answer) in (0..).zip(answers) {
        assert_eq!(answer.expect("answered").body[..], [number]);
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_network_a_request_to_a_server_fails_at_once() {
    let simulation = Simulation::new(9, 3);
    let network = client(&simulation);
    send(&network, account(1), "before").await.expect("stored");
    simulation.set_line(Line::Down);
    reaches(&network, ConnectionState::Offline, MINUTE).await;
    assert_eq!(
        ask(&network, &simulation, upload(b"x")).await,
        Err(RequestError::Offline)
    );
    simulation.set_line(Line::Up);
    reaches(&network, ConnectionState::Connected, MINUTE).await;
    ask(&network, &simulation, upload(b"x")).await.expect("answered");
}
