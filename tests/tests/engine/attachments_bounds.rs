//! Stories of what bounds files: transfers that nobody wants any more, places for both directions, short visits, saving.

use std::time::Duration;

use contract::{
    AttachmentId, AttachmentState, Block, DeleteMessageHere, MessageStatus, SetAutoDownload, SetPreferences,
    Unblock,
};
use engine::Mode;
use tests::file_server::Files;
use tests::simulated_network::{Faults, World};
use tests::story::files::*;
use tests::story::{Device, Person, bob, deliver, person, until};

/// From now on everything that the person asks of the network hangs for ever.
fn hang(person: &Person) {
    person.network.set_faults(Faults {
        hangs: true,
        ..Faults::default()
    });
}

fn heal(person: &Person) {
    person.network.set_faults(Faults::default());
}

/// Alice sends Bob a file, and Bob asks for it: nothing of it comes.
async fn hanging_download(alice: &Person, bob: &Person, name: &str) -> (contract::MessageId, AttachmentId) {
    let message = sends(alice, bob, &[file(name, PDF)], "").await;
    until_sent(alice, message).await;
    alice.rests().await;
    bob.looks().await;
    let row = bob.rows(alice).await.pop().unwrap();
    hang(bob);
    let asked_before = bob.network.requests();
    download(bob, row.attachments[0].id, false).await;
    until_state(bob, alice, &AttachmentState::Downloading { percent: 0 }).await;
    until("it hangs", async || bob.network.requests() > asked_before).await;
    heal(bob);
    (row.id, row.attachments[0].id)
}

#[tokio::test]
async fn att_67_blocking_ends_what_is_being_fetched() {
    let (_world, files, alice, bob) = friends_with_files(331).await;
    hanging_download(&alice, &bob, "letter.pdf").await;
    let conversation = alice.conversation();
    bob.ask(Block {
        conversation: conversation.clone(),
    })
    .await;
    until_state(&bob, &alice, &AttachmentState::Offered).await;
    assert_eq!(asked(&files, "GET"), 0);
    bob.ask(Unblock { conversation }).await;
    bob.looks().await;
    assert_eq!(
        newest_files(&bob, &alice).await[0].state,
        AttachmentState::Offered
    );
}

#[tokio::test]
async fn what_is_deleted_while_it_is_fetched_makes_room_and_each_direction_has_its_own() {
    let (_world, files, alice, bob) = friends_with_files(332).await;
    let (first, _) = hanging_download(&alice, &bob, "first.pdf").await;
    let (second, _) = hanging_download(&alice, &bob, "second.pdf").await;

    let message = sends(&bob, &alice, &[file("mine.pdf", PDF)], "").await;
    until_sent(&bob, message).await;

    let message = sends(&alice, &bob, &[file("third.pdf", PDF)], "").await;
    until_sent(&alice, message).await;
    alice.rests().await;
    bob.looks().await;
    let third = newest_files(&bob, &alice).await[0].id;
    download(&bob, third, false).await;
    assert_eq!(
        newest_files(&bob, &alice).await[0].state,
        AttachmentState::Waiting
    );
    for message in [first, second] {
        bob.ask(DeleteMessageHere { message }).await;
    }
    until_state(&bob, &alice, &AttachmentState::Done).await;
    assert_eq!(asked(&files, "GET"), 1);
}

#[tokio::test]
async fn a_short_visit_uploads_what_waits_and_sends_its_message() {
    let world = World::new(333);
    let _files = Files::plug_in(&world);
    let bob = bob(&world).await;
    let mut device = Device::new(&world);
    device.mode = Mode::OnDemand;
    let alice = person(&world, device, "Alice", 9).await;
    let visit = async || alice.engine.poll_once(Duration::from_secs(20)).await.unwrap();
    alice.writes(&bob, "hello").await;
    visit().await;
    bob.looks().await;
    bob.writes(&alice, "hello yourself").await;
    bob.rests().await;
    visit().await;
    let message = sends(
        &alice,
        &bob,
        &[file("a.pdf", PDF), file("b.txt", b"b")],
        "on my way",
    )
    .await;

    hang(&alice);
    let cut_off = alice.engine.poll_once(Duration::from_secs(20));
    let time_passes = async {
        loop {
            world.clock.advance(1_000);
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        visit = cut_off => assert!(!visit.unwrap().complete),
        () = time_passes => {}
    }
    assert_eq!(alice.status(message).await, MessageStatus::Queued);

    heal(&alice);
    visit().await;
    assert_eq!(alice.status(message).await, MessageStatus::Sent);
    bob.looks().await;
    assert_eq!(newest_files(&bob, &alice).await.len(), 2);
}

#[tokio::test]
async fn saving_counts_names_up_and_leaves_nothing_else() {
    let (_world, _files, alice, bob) = friends_with_files(334).await;
    sends(&alice, &bob, &[file("letter.pdf", PDF)], "").await;
    let id = newest_files(&alice, &bob).await[0].id;
    let folder = tempfile::tempdir().unwrap();
    for name in ["letter.pdf", "letter (1).pdf"] {
        assert_eq!(alice.engine.save(id, folder.path()).await.unwrap(), name);
        assert_eq!(std::fs::read(folder.path().join(name)).unwrap(), PDF);
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    let nowhere = folder.path().join("none");
    let refused = alice.engine.save(id, &nowhere).await.unwrap_err();
    assert_eq!(refused.code, contract::ErrorCode::AttachmentSave);
}

#[tokio::test]
async fn att_67_what_is_liked_for_everybody_holds_for_whom_nothing_was_decided() {
    let (_world, _files, alice, bob) = friends_with_files(335).await;
    let preferences = contract::Preferences {
        auto_download: true,
        ..contract::Preferences::default()
    };
    bob.ask(SetPreferences { preferences }).await;
    let arrives = async |name| {
        let message = sends(&alice, &bob, &[file(name, PDF)], "").await;
        until_sent(&alice, message).await;
        deliver(&[&alice, &bob]).await;
    };
    arrives("first.pdf").await;
    until_state(&bob, &alice, &AttachmentState::Done).await;
    bob.ask(SetAutoDownload {
        conversation: alice.conversation(),
        on: false,
    })
    .await;
    arrives("second.pdf").await;
    assert_eq!(
        newest_files(&bob, &alice).await[0].state,
        AttachmentState::Offered
    );
}
