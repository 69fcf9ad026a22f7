use std::net::SocketAddrV4;

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use tokio::io::{DuplexStream, duplex};
use tokio::net::TcpStream;

use super::*;
use crate::channel::LONGEST_SILENCE;
use crate::{Contents, Giving, LONGEST_PART, Offer, Reach, Scope, Taking};

fn secret() -> Secret {
    Secret::derive(&[1; 32])
}

fn seeds(seed: u8) -> Seeds {
    Seeds::draw(&mut ChaCha20Rng::from_seed([seed; 32]))
}

async fn gives(stream: DuplexStream, secret: &Secret, seeds: Seeds) -> Result<Meeting, NearbyError> {
    welcome(stream, secret, seeds).await?.exchange().await
}

async fn meetings() -> (Meeting, Meeting) {
    let (giver, taker) = duplex(1 << 20);
    let secret = secret();
    let (giver, taker) = tokio::join!(
        gives(giver, &secret, seeds(1)),
        approach(taker, &secret, seeds(2)),
    );
    (giver.unwrap(), taker.unwrap())
}

async fn says(answer: Answer) -> Answer {
    answer
}

async fn channels() -> (Channel, Channel) {
    let (giver, taker) = meetings().await;
    let (giver, taker) = tokio::join!(
        giver.compare(says(Answer::Same)),
        taker.compare(says(Answer::Same))
    );
    (giver.unwrap(), taker.unwrap())
}

fn contents(about: u64) -> Contents {
    Contents {
        about,
        preface: b"preface".to_vec(),
    }
}

/// A transfer of which nothing has come yet.
async fn transfer(about: u64) -> (Giving, Taking) {
    let (giver, taker) = channels().await;
    let taking = async {
        let (mut taking, told) = Taking::begin(taker).await.unwrap();
        assert_eq!(told, contents(about));
        taking.ready().await.unwrap();
        taking
    };
    let (giving, taking) = tokio::join!(Giving::begin(giver, contents(about)), taking);
    (giving.unwrap(), taking)
}

async fn as_fake_taker(mut stream: DuplexStream, reveal: [u8; 32]) -> Channel {
    let mut handshake = Handshake::new(Side::Taker, &secret(), &seeds(3).noise).unwrap();
    stream.write_all(&handshake.write().unwrap()).await.unwrap();
    handshake.read(&read_first(&mut stream).await.unwrap()).unwrap();
    let (keys, hash) = handshake.finish().unwrap();
    let mut channel = Channel::new(stream, keys);
    let commitment = code::commitment(&hash, &[7; 32]);
    channel.send(&Frame::Commit(commitment)).await.unwrap();
    let Ok(Frame::Number(_)) = channel.receive().await else {
        panic!("the giver's number comes");
    };
    channel.send(&Frame::Reveal(reveal)).await.unwrap();
    channel
}

/// Connects to an offer, gets so far as to know the code, and leaves.
async fn leaves_with_the_number(at: SocketAddrV4) -> Result<Frame, NearbyError> {
    let mut stream = TcpStream::connect(at).await.map_err(NearbyError::Io)?;
    let mut handshake = Handshake::new(Side::Taker, &secret(), &seeds(3).noise)?;
    stream
        .write_all(&handshake.write()?)
        .await
        .map_err(NearbyError::Io)?;
    handshake.read(&read_first(&mut stream).await?)?;
    let (keys, hash) = handshake.finish().unwrap();
    let mut channel = Channel::new(stream, keys);
    let commitment = code::commitment(&hash, &[7; 32]);
    channel.send(&Frame::Commit(commitment)).await?;
    channel.receive().await
}

#[tokio::test]
async fn mov_04_a_number_is_told_once_and_an_offer_ends_with_it() {
    let here = Reach {
        scope: Scope::ThisMachine,
        announcements: None,
    };
    let offer = Offer::open(here, secret()).await.unwrap();
    let at = offer.addresses()[0];
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let (met, told) = tokio::join!(offer.meet(&mut rng), async {
        tokio::join!(
            leaves_with_the_number(at),
            leaves_with_the_number(at),
            leaves_with_the_number(at)
        )
    });
    assert!(met.is_err(), "the person sees that somebody came and left");
    let numbers = [told.0, told.1, told.2].into_iter().filter(Result::is_ok);
    assert_eq!(numbers.count(), 1, "whoever tries often learns one number");
    assert!(TcpStream::connect(at).await.is_err());
}

#[tokio::test]
async fn mov_05_both_devices_show_the_same_code() {
    let (giver, taker) = meetings().await;
    assert_eq!(giver.code(), taker.code());
}

#[tokio::test]
async fn mov_04_who_reveals_another_number_than_the_committed_one_gets_no_further() {
    for (reveal, right) in [([7; 32], true), ([8; 32], false)] {
        let (giver, taker) = duplex(1 << 16);
        let secret = secret();
        let (met, _) = tokio::join!(gives(giver, &secret, seeds(1)), as_fake_taker(taker, reveal));
        assert_eq!(met.is_ok(), right);
    }
}

#[tokio::test]
async fn whoever_says_that_the_codes_differ_ends_it_for_both() {
    for giver_says in [Answer::Different, Answer::Same] {
        let taker_says = match giver_says {
            Answer::Different => Answer::Same,
            _ => Answer::Different,
        };
        let (giver, taker) = meetings().await;
        let (at_giver, at_taker) =
            tokio::join!(giver.compare(says(giver_says)), taker.compare(says(taker_says)));
        let (refused, told) = match giver_says {
            Answer::Different => (at_giver, at_taker),
            _ => (at_taker, at_giver),
        };
        assert!(matches!(refused, Err(NearbyError::CodesDiffer)));
        assert!(
            matches!(told, Err(NearbyError::Ended(Reason::CodesDiffer))),
            "{told:?}"
        );
    }
}

#[tokio::test]
async fn nothing_passes_before_both_have_agreed() {
    let (giver, taker) = meetings().await;
    // The giver agrees and begins at once; the taker's person has not answered.
    let eager = async {
        let mut channel = giver.channel;
        channel.send(&Frame::Begin(contents(1))).await.unwrap();
        channel
    };
    let (_, refused) = tokio::join!(eager, taker.compare(std::future::pending()));
    assert!(matches!(refused, Err(NearbyError::Invalid)));
}

#[tokio::test(start_paused = true)]
async fn who_says_nothing_is_waited_for_so_long_and_no_longer() {
    let (giver, _silent) = duplex(1 << 16);
    let begun = tokio::time::Instant::now();
    let met = gives(giver, &secret(), seeds(1)).await;
    assert!(matches!(met, Err(NearbyError::Broken)));
    assert_eq!(begun.elapsed().as_secs(), LONGEST_FIRST.as_secs());

    let (giver, taker) = meetings().await;
    let begun = tokio::time::Instant::now();
    let (at_giver, at_taker) = tokio::join!(
        giver.compare(says(Answer::Same)),
        taker.compare(std::future::pending())
    );
    assert!(at_giver.is_err());
    assert!(matches!(at_taker, Err(NearbyError::Unconfirmed)));
    assert!(begun.elapsed() <= LONGEST_COMPARISON + LONGEST_SILENCE);

    let (giving, mut taking) = transfer(100).await;
    let begun = tokio::time::Instant::now();
    assert!(matches!(taking.next().await, Err(NearbyError::Broken)));
    assert_eq!(begun.elapsed().as_secs(), LONGEST_SILENCE.as_secs());
    drop(giving);
}

#[tokio::test(start_paused = true)]
async fn a_taker_that_no_longer_reads_does_not_hold_the_giver() {
    let (mut giving, taking) = transfer(100 << 20).await;
    let begun = tokio::time::Instant::now();
    let stuck = async {
        loop {
            if let Err(error) = giving.write(&[7; LONGEST_PART]).await {
                return error;
            }
        }
    };
    assert!(matches!(stuck.await, NearbyError::Broken));
    assert!(begun.elapsed() < 2 * LONGEST_SILENCE);
    drop(taking);
}

#[tokio::test]
async fn a_taker_without_room_is_understood() {
    let (giver, taker) = channels().await;
    let taking = async {
        let (taking, _) = Taking::begin(taker).await.unwrap();
        taking.stop(Reason::Space).await;
    };
    let (begun, ()) = tokio::join!(Giving::begin(giver, contents(1)), taking);
    assert!(matches!(begun, Err(NearbyError::Ended(Reason::Space))));
}

#[tokio::test]
async fn a_word_in_the_middle_ends_it_with_its_reason() {
    let (mut giving, taking) = transfer(10).await;
    taking.stop(Reason::Cancelled).await;
    let error = loop {
        if let Err(error) = giving.write(&[7; LONGEST_PART]).await {
            break error;
        }
    };
    assert!(
        matches!(error, NearbyError::Ended(Reason::Cancelled)),
        "{error:?}"
    );
}

#[tokio::test]
async fn more_than_was_announced_is_not_taken() {
    let (mut giving, mut taking) = transfer(1_000).await;
    let give = async { while giving.write(&[7; LONGEST_PART]).await.is_ok() {} };
    let take = async {
        let mut taken = 0;
        loop {
            match taking.next().await {
                Ok(part) => taken += part.unwrap().len(),
                Err(error) => {
                    drop(taking);
                    return (taken, error);
                }
            }
        }
    };
    let ((), (taken, error)) = tokio::join!(give, take);
    assert!(matches!(error, NearbyError::Invalid));
    assert!(taken <= 2_000 + (64 << 20), "{taken}");
}

#[tokio::test]
async fn parts_that_are_not_full_and_wrong_lengths_are_refused() {
    for frames in [
        vec![Frame::Part(vec![1]), Frame::Part(vec![2])],
        vec![Frame::Part(vec![1]), Frame::End(2)],
        vec![Frame::End(1)],
        vec![Frame::Agreed],
    ] {
        let (mut giver, taker) = channels().await;
        giver.send(&Frame::Begin(contents(10))).await.unwrap();
        let (mut taking, _) = Taking::begin(taker).await.unwrap();
        taking.ready().await.unwrap();
        for frame in &frames {
            giver.send(frame).await.unwrap();
        }
        let refused = loop {
            match taking.next().await {
                Ok(Some(_)) => {}
                other => break other,
            }
        };
        assert!(matches!(refused, Err(NearbyError::Invalid)), "{frames:?}");
    }
}
