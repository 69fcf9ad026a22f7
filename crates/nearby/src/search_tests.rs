use std::net::Ipv4Addr;

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use super::*;
use crate::{Offer, Scope};

fn rng(seed: u8) -> ChaCha20Rng {
    ChaCha20Rng::from_seed([seed; 32])
}

/// Ears at a free port of this machine, and the reach of those who speak to them.
async fn ears() -> (UdpSocket, Reach) {
    let ears = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let reach = Reach {
        scope: Scope::ThisMachine,
        announcements: Some(ears.local_addr().unwrap().port()),
    };
    (ears, reach)
}

#[tokio::test]
async fn mov_02_a_device_is_found_by_what_it_announces() {
    let (ears, reach) = ears().await;
    let secret = Secret::derive(&[1; 32]);
    let offer = Offer::open(reach, secret.clone()).await.unwrap();
    let (mut of_giver, mut of_taker) = (rng(1), rng(2));
    let (giver, taker) = tokio::join!(
        offer.meet(&mut of_giver),
        listen(&ears, reach, &secret, &mut of_taker)
    );
    assert_eq!(giver.unwrap().code(), taker.unwrap().code());
}

#[tokio::test]
async fn mov_02_noise_other_accounts_and_repeated_announcements_lead_nowhere() {
    let (ears, reach) = ears().await;
    let secret = Secret::derive(&[1; 32]);
    let mouth = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let to = ears.local_addr().unwrap();
    // A recorded announcement that is said again, with a stranger at its port.
    let stranger = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .unwrap();
    let port = stranger.local_addr().unwrap().port();
    let recorded = Announcement::new(port, &mut rng(5)).encode(&secret);
    for _ in 0..3 {
        mouth.send_to(&recorded, to).await.unwrap();
    }
    mouth.send_to(&[7; 2_000], to).await.unwrap();
    mouth.send_to(&[], to).await.unwrap();
    let foreign = Announcement::new(port, &mut rng(6)).encode(&Secret::derive(&[9; 32]));
    mouth.send_to(&foreign, to).await.unwrap();

    let offer = Offer::open(reach, secret.clone()).await.unwrap();
    let (mut of_giver, mut of_taker) = (rng(1), rng(2));
    let visits = async {
        let mut visits = 0;
        loop {
            let (stream, _) = stranger.accept().await.unwrap();
            drop(stream);
            visits += 1;
            assert_eq!(visits, 1, "once for each announcement");
        }
    };
    let met = async {
        tokio::join!(
            offer.meet(&mut of_giver),
            listen(&ears, reach, &secret, &mut of_taker)
        )
    };
    tokio::select! {
        () = visits => unreachable!("it counts for ever"),
        (giver, taker) = met => assert_eq!(giver.unwrap().code(), taker.unwrap().code()),
    }
}

#[tokio::test]
async fn mov_07_addresses_beyond_the_local_network_are_not_tried() {
    let secret = Secret::derive(&[1; 32]);
    for far in ["192.0.2.1:80", "8.8.8.8:443", "127.0.0.1:0"] {
        let met = connect(Reach::LOCAL_NETWORK, &secret, far.parse().unwrap(), &mut rng(1)).await;
        assert!(matches!(met, Err(NearbyError::Address)), "{far}");
    }
}
