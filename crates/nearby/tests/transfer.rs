//! Two devices, somebody between them, and connections that break: over TCP on this machine.

#![allow(clippy::unwrap_used)] // A failing step is the failure of the test.

use std::net::SocketAddrV4;

use nearby::{Answer, Contents, Giving, Meeting, NearbyError, Offer, Reach, Scope, Secret, Taking, connect};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const HERE: Reach = Reach {
    scope: Scope::ThisMachine,
    announcements: None,
};

fn rng(seed: u8) -> ChaCha20Rng {
    ChaCha20Rng::from_seed([seed; 32])
}

fn secret() -> Secret {
    Secret::derive(&[1; 32])
}

async fn offer(secret: Secret) -> (Offer, SocketAddrV4) {
    let offer = Offer::open(HERE, secret).await.unwrap();
    let address = offer.addresses()[0];
    (offer, address)
}

async fn same() -> Answer {
    Answer::Same
}

/// Gives some bytes; answers whether all of them arrived.
async fn gives(meeting: Meeting, bytes: &[u8]) -> Result<(), NearbyError> {
    let contents = Contents {
        about: bytes.len() as u64,
        preface: vec![1, 2, 3],
    };
    let mut giving = Giving::begin(meeting.compare(same()).await?, contents).await?;
    for some in bytes.chunks(10_007) {
        giving.write(some).await?;
    }
    giving.finish().await
}

/// Takes what comes.
async fn takes(meeting: Meeting) -> Result<Vec<u8>, NearbyError> {
    let (mut taking, contents) = Taking::begin(meeting.compare(same()).await?).await?;
    assert_eq!(contents.preface, [1, 2, 3]);
    taking.ready().await?;
    let mut taken = Vec::new();
    while let Some(part) = taking.next().await? {
        taken.extend(part);
    }
    taking.busy().await?;
    taking.taken().await?;
    Ok(taken)
}

#[tokio::test]
async fn everything_passes_as_it_was() {
    for len in [0, 1, 61_440, 61_441, 700_000] {
        let mut bytes = vec![0; len];
        rng(9).fill_bytes(&mut bytes);
        let (offer, address) = offer(secret()).await;
        let giver = async { gives(offer.meet(&mut rng(1)).await?, &bytes).await };
        let taker = async { takes(connect(HERE, &secret(), address, &mut rng(2)).await?).await };
        let (given, taken) = tokio::join!(giver, taker);
        given.unwrap();
        assert_eq!(taken.unwrap(), bytes, "{len} bytes");
    }
}

#[tokio::test]
async fn another_account_and_silent_strangers_are_turned_away_and_the_offer_stands() {
    let (offer, address) = offer(secret()).await;
    let mut silent = Vec::new();
    for _ in 0..6 {
        silent.push(TcpStream::connect(address).await.unwrap());
    }
    let visitors = async {
        let other = Secret::derive(&[2; 32]);
        let refused = connect(HERE, &other, address, &mut rng(3)).await;
        assert!(matches!(refused, Err(NearbyError::OtherAccount)), "{refused:?}");
        let mut rude = TcpStream::connect(address).await.unwrap();
        rude.write_all(&[b'G'; 5_000]).await.unwrap();
        connect(HERE, &secret(), address, &mut rng(2)).await.unwrap()
    };
    let mut of_giver = rng(1);
    let (giver, taker) = tokio::join!(offer.meet(&mut of_giver), visitors);
    assert_eq!(giver.unwrap().code(), taker.code());
    let late = connect(HERE, &secret(), address, &mut rng(4)).await;
    assert!(late.is_err(), "one device, and nobody after it");
}

#[tokio::test]
async fn somebody_between_with_the_recovery_phrase_shows_two_codes() {
    let mut differing = 0;
    for round in 0..8 {
        let (true_offer, true_address) = offer(secret()).await;
        let (false_offer, false_address) = offer(secret()).await;
        let mut rngs = [rng(round), rng(round + 50), rng(round + 100), rng(round + 150)];
        let [giver, to_giver, to_taker, taker] = &mut rngs;
        let secret = secret();
        let (giver, to_giver, to_taker, taker) = tokio::join!(
            true_offer.meet(giver),
            connect(HERE, &secret, true_address, to_giver),
            false_offer.meet(to_taker),
            connect(HERE, &secret, false_address, taker),
        );
        let (giver, taker) = (giver.unwrap(), taker.unwrap());
        assert_eq!(giver.code(), to_giver.unwrap().code());
        assert_eq!(taker.code(), to_taker.unwrap().code());
        differing += u32::from(giver.code() != taker.code());
    }
    assert_eq!(differing, 8);
}

/// What a bad line does to the bytes from the giver to the taker.
#[derive(Clone, Copy, Debug)]
enum Fault {
    Cut(usize),
    Flip(usize),
}

/// A line with a fault; its address.
async fn line(to: SocketAddrV4, fault: Fault) -> SocketAddrV4 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let std::net::SocketAddr::V4(address) = listener.local_addr().unwrap() else {
        panic!("an IPv4 address");
    };
    tokio::spawn(async move {
        let (taker, _) = listener.accept().await.unwrap();
        let (mut from_taker, mut to_taker) = taker.into_split();
        let giver = TcpStream::connect(to).await.unwrap();
        let (mut from_giver, mut to_giver) = giver.into_split();
        let back = tokio::spawn(async move { tokio::io::copy(&mut from_taker, &mut to_giver).await });
        let (mut passed, mut some) = (0, [0; 4_096]);
        while let Ok(len @ 1..) = from_giver.read(&mut some).await {
            let (bytes, ends) = match fault {
                Fault::Cut(at) if at < passed + len => (&mut some[..at - passed], true),
                Fault::Flip(at) if (passed..passed + len).contains(&at) => {
                    some[at - passed] ^= 1;
                    (&mut some[..len], false)
                }
                _ => (&mut some[..len], false),
            };
            if to_taker.write_all(bytes).await.is_err() || ends {
                break;
            }
            passed += len;
        }
        back.abort();
    });
    address
}

#[tokio::test]
async fn a_line_that_breaks_or_lies_anywhere_gives_nothing_wrong_and_ends_at_both_sides() {
    let mut bytes = vec![0; 150_000];
    rng(9).fill_bytes(&mut bytes);
    // All that a giver says: its first bytes, three small frames, three parts and the end.
    let total = 150_000 + 57 + 200;
    let mut chance = rng(77);
    for round in 0..60 {
        let at = match round {
            0..30 => chance.next_u32() as usize % 300,
            _ => chance.next_u32() as usize % (total - 60),
        };
        let fault = if round % 2 == 0 {
            Fault::Cut(at)
        } else {
            Fault::Flip(at)
        };
        let (offer, address) = offer(secret()).await;
        let between = line(address, fault).await;
        let over = tokio::sync::Notify::new();
        let giver = async {
            let mut of_giver = rng(1);
            // One whose handshake broke off waits for the next device.
            let met = tokio::select! {
                met = offer.meet(&mut of_giver) => met?,
                () = over.notified() => return Err(NearbyError::Broken),
            };
            gives(met, &bytes).await
        };
        let taker = async {
            let taken = async { takes(connect(HERE, &secret(), between, &mut rng(2)).await?).await }.await;
            over.notify_one();
            taken
        };
        let (given, taken) = tokio::join!(giver, taker);
        assert!(taken.is_err(), "{fault:?}");
        assert!(given.is_err(), "{fault:?}");
    }
}
