#![allow(missing_docs, clippy::unwrap_used)]
use contract::*;
use tests::simulated_network::World;
use tests::story::files::*;
use tests::story::*;
#[tokio::test(flavor = "multi_thread")]
async fn rate() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(901);
    let _f = tests::file_server::Files::plug_in(&world);
    for n in ["old", "new"] {
        std::fs::create_dir_all(folder.path().join(n)).unwrap();
    }
    let alice = person(
        &world,
        Device::with_store(&world, file_store(&folder.path().join("old/tern.db"))),
        "Alice",
        1,
    )
    .await;
    let bob = bob(&world).await;
    befriend(&alice, &bob).await;
    for i in 0..11u8 {
        sends(&alice, &bob, &[file("x.bin", &vec![i; 9_500_000])], "f").await;
    }
    let elsewhere = World::new(99);
    let new = alice
        .on(
            Device::with_store(&elsewhere, file_store(&folder.path().join("new/tern.db"))),
            9,
        )
        .await;
    let HistoryStage::Waiting { addresses } = alice.ask(SendHistory {}).await.stage else {
        panic!()
    };
    new.ask(ReceiveHistory {
        address: Some(addresses[0].clone()),
    })
    .await;
    for p in [&alice, &new] {
        until("code", async || {
            matches!(p.ask(GetHistory {}).await.stage, HistoryStage::Code { .. })
        })
        .await;
    }
    let begun = std::time::Instant::now();
    for p in [&alice, &new] {
        p.ask(AnswerHistory { same: true }).await;
    }
    let mut arrived = None;
    loop {
        let s = new.ask(GetHistory {}).await.stage;
        if matches!(s, HistoryStage::Storing { .. }) && arrived.is_none() {
            arrived = Some(begun.elapsed());
        }
        if !s.is_under_way() {
            println!(
                "RATE engine 104.5 MB: arrived after {arrived:?}, {s:?} after {:?}",
                begun.elapsed()
            );
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
