#![allow(missing_docs, clippy::unwrap_used)]
use nearby::*;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
#[tokio::test(flavor = "multi_thread")]
async fn rate() {
    let reach = Reach {
        scope: Scope::ThisMachine,
        announcements: None,
    };
    let secret = Secret::derive(&[1; 32]);
    let offer = Offer::open(reach, secret.clone()).await.unwrap();
    let at = offer.addresses()[0];
    let (mut a, mut b) = (ChaCha20Rng::from_seed([1; 32]), ChaCha20Rng::from_seed([2; 32]));
    let giver = async {
        offer
            .meet(&mut a)
            .await
            .unwrap()
            .compare(async { Answer::Same })
            .await
            .unwrap()
    };
    let taker = async {
        connect(reach, &secret, at, &mut b)
            .await
            .unwrap()
            .compare(async { Answer::Same })
            .await
            .unwrap()
    };
    let (g, t) = tokio::join!(giver, taker);
    let begun = std::time::Instant::now();
    let len = 200_000_000u64;
    let give = tokio::spawn(async move {
        let mut g = Giving::begin(
            g,
            Contents {
                about: len,
                preface: vec![],
            },
        )
        .await
        .unwrap();
        let some = vec![7; 1_000_000];
        for _ in 0..200 {
            g.write(&some).await.unwrap();
        }
        g.finish().await.unwrap();
    });
    let take = tokio::spawn(async move {
        let (mut t, _) = Taking::begin(t).await.unwrap();
        t.ready().await.unwrap();
        while t.next().await.unwrap().is_some() {}
        t.taken().await.unwrap();
    });
    give.await.unwrap();
    take.await.unwrap();
    println!("RATE stream 200 MB in {:?}", begun.elapsed());
}
