//! Stories of voice messages: recognised, measured, played only when they are sound, fetched again.

use contract::{AttachmentKind, AttachmentState, AttachmentView, DownloadFile, ErrorCode};
use engine::NewFile;
use tests::file_server::Files;
use tests::story::files::*;
use tests::story::{Person, until};

const TONE: &[u8] = include_bytes!("../../../crates/media/tests/sounds/tone.mp3");
const TONE_MS: u32 = 1_567;
const PHONE: &[u8] = include_bytes!("../../../crates/media/tests/sounds/fragments.mp4");

fn recording(bytes: &[u8]) -> NewFile {
    NewFile {
        voice: true,
        ..file("voice.mp3", bytes)
    }
}

/// Alice sends, Bob looks and fetches.
async fn arrives(alice: &Person, bob: &Person, sent: NewFile) -> AttachmentView {
    let message = sends(alice, bob, &[sent], "").await;
    until_sent(alice, message).await;
    bob.looks().await;
    let offered = newest_files(bob, alice).await.remove(0);
    download(bob, offered.id, false).await;
    until_state(bob, alice, &AttachmentState::Done).await;
    newest_files(bob, alice).await.remove(0)
}

#[tokio::test]
async fn a_voice_message_arrives_as_one_and_lasts_as_long_as_its_bytes() {
    let (_world, _files, alice, bob) = friends_with_files(901).await;
    let message = sends(&alice, &bob, &[recording(TONE)], "").await;
    let mine = newest_files(&alice, &bob).await.remove(0);
    assert_eq!(
        (mine.kind, mine.duration_ms),
        (AttachmentKind::Voice, Some(TONE_MS))
    );
    until_sent(&alice, message).await;
    bob.looks().await;
    let offered = newest_files(&bob, &alice).await.remove(0);
    assert_eq!(
        (offered.kind, offered.duration_ms, offered.content_type.as_str()),
        (AttachmentKind::Voice, None, "audio/mpeg")
    );

    let here = arrives(&alice, &bob, recording(TONE)).await;
    assert_eq!(
        (here.kind, here.duration_ms, here.file_name.as_str()),
        (AttachmentKind::Voice, Some(TONE_MS), "voice.mp3")
    );
    let played = bob.engine.media(here.id, None).await.unwrap();
    let sent = alice.engine.media(mine.id, None).await.unwrap();
    assert_eq!(played.content_type, "audio/mpeg");
    assert!(played == sent && !sent.bytes.is_empty(), "he hears what she said");

    // What a phone's web view records is in a film's container.
    let phone = arrives(&alice, &bob, recording(PHONE)).await;
    assert_eq!(
        (phone.kind, phone.duration_ms),
        (AttachmentKind::Voice, Some(1_523))
    );
    assert_eq!(
        bob.engine.media(phone.id, None).await.unwrap().content_type,
        "audio/mp4"
    );
}

#[tokio::test]
async fn what_is_no_sound_is_not_sent_as_a_voice_message() {
    let (_world, _files, alice, _bob) = friends_with_files(902).await;
    for bytes in [PDF, &TONE[..100]] {
        let refused = alice.engine.stage(recording(bytes)).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::VoicePlay);
    }
}

#[tokio::test]
async fn sound_that_does_not_fit_together_never_reaches_a_player_and_can_be_fetched_again() {
    let (_world, files, alice, bob) = friends_with_files(903).await;
    // Its sender's program made it so: the first bytes of a sound, and then none.
    let broken = [&TONE[..40], &[0; 2_000]].concat();
    let here = arrives(&alice, &bob, file("song.mp3", &broken)).await;
    assert_eq!((here.kind, here.duration_ms), (AttachmentKind::Audio, None));
    let refused = bob.engine.media(here.id, None).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotFound);

    let (before, fetched) = (bytes_of(&bob, here.id).await, asked(&files, "GET"));
    fetches_again(&bob, &here).await;
    until("it is fetched again", async || asked(&files, "GET") > fetched).await;
    until_state(&bob, &alice, &AttachmentState::Done).await;
    assert!(bytes_of(&bob, here.id).await == before);
}

async fn fetches_again(person: &Person, file: &AttachmentView) {
    let again = DownloadFile {
        attachment: file.id,
        trust: false,
    };
    person.ask(again).await;
}

#[tokio::test]
async fn what_plays_is_not_lost_when_the_server_has_it_no_longer() {
    let (world, _files, alice, bob) = friends_with_files(904).await;
    let here = arrives(&alice, &bob, recording(TONE)).await;
    let before = bytes_of(&bob, here.id).await;
    // Another server in its place, without files.
    let _empty = Files::plug_in(&world);
    fetches_again(&bob, &here).await;
    until_state(&bob, &alice, &AttachmentState::Done).await;
    bob.rests().await;
    assert_eq!(newest_files(&bob, &alice).await[0].state, AttachmentState::Done);
    assert!(bytes_of(&bob, here.id).await == before);
}
