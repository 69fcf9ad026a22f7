//! Files, from one data folder to the other.

use serde_json::json;

use super::story::*;

/// Two people who have written to each other.
async fn friends(net: &Net) -> (Person, Person) {
    let (alice, bob) = (net.person("Alice").await, net.person("Bob").await);
    for (from, to) in [(&alice, &bob), (&bob, &alice)] {
        from.tern(&["send", "--to", &to.id, "--text", "hello"])
            .await
            .object();
        let mut listening = to.start(&["listen"]);
        listening.line_with(|line| line["text"] == "hello").await;
        assert_eq!(listening.interrupt().await, Some(130));
    }
    (alice, bob)
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_sent_listed_and_saved() {
    let net = Net::start().await;
    let (alice, bob) = friends(&net).await;
    let letter = alice.file("letter.pdf", "%PDF-1.7 a letter");
    let notes = alice.file("notes.txt", "remember the milk");
    let (letter, notes) = (letter.to_str().unwrap(), notes.to_str().unwrap());
    let send = [
        "send",
        "--to",
        &bob.id,
        "--file",
        letter,
        "--file",
        notes,
        "--text",
        "two files",
    ];
    let sent = alice.tern(&send).await.object();
    assert_eq!(sent["status"], "sent");

    let mut listening = bob.start(&["listen"]);
    let arrived = listening.line_with(|line| line["text"] == "two files").await;
    listening.interrupt().await;
    let ids: Vec<_> = (0..2)
        .map(|file| arrived["attachments"][file]["id"].as_i64().unwrap())
        .collect();
    let offered = |id, name: &str, size| json!({"id": id, "kind": "file", "file_name": name, "size": size, "state": "offered"});
    let files = json!([
        offered(ids[0], "letter.pdf", 17),
        offered(ids[1], "notes.txt", 17)
    ]);
    assert_eq!(arrived["attachments"], files);
    let listed = bob.tern(&["messages", "--with", &alice.id]).await.objects();
    assert_eq!(listed.last().unwrap()["attachments"], files);
    let conversations = bob.tern(&["conversations"]).await.object();
    assert_eq!(
        conversations["attachment"],
        json!({"kind": "file", "file_name": "letter.pdf"})
    );

    let to = bob.data().join("saved.txt");
    let id = ids[1].to_string();
    let save = ["save", "--attachment", &id, "--to", to.to_str().unwrap()];
    let saved = bob.tern(&save).await.object();
    assert_eq!(saved, json!({"attachment": ids[1], "path": to.to_str().unwrap()}));
    assert_eq!(std::fs::read_to_string(&to).unwrap(), "remember the milk");
    assert_eq!(bob.tern(&save).await.refused(), (1, "E-ATT-SAVE".to_owned()));
    let listed = bob.tern_in_words(&["messages", "--with", &alice.id]).await.stdout;
    assert!(
        listed.contains(&format!("[file {id}] notes.txt (17 bytes, done)")),
        "{listed}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_sent_or_saved_is_said() {
    let net = Net::start().await;
    let (alice, bob) = friends(&net).await;
    let empty = alice.file("empty", "");
    let missing = alice.data().join("missing");
    for file in [&empty, &missing] {
        let send = ["send", "--to", &bob.id, "--file", file.to_str().unwrap()];
        assert_eq!(alice.tern(&send).await.refused(), (1, "E-ATT-TYPE".to_owned()));
    }
    let to = alice.data().join("saved");
    let save = ["save", "--attachment", "4711", "--to", to.to_str().unwrap()];
    assert_eq!(alice.tern(&save).await.refused(), (1, "E-NOT-FOUND".to_owned()));
    assert!(!to.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_is_sent_as_a_voice_message_of_its_length() {
    let net = Net::start().await;
    let (alice, bob) = friends(&net).await;
    let tone = concat!(env!("CARGO_MANIFEST_DIR"), "/../media/tests/sounds/tone.mp3");
    let send = ["send", "--to", &bob.id, "--voice", tone];
    assert_eq!(alice.tern(&send).await.object()["status"], "sent");

    let mut listening = bob.start(&["listen"]);
    let arrived = listening
        .line_with(|line| line["attachments"][0]["kind"] == "voice")
        .await;
    listening.interrupt().await;
    assert_eq!(
        arrived["attachments"][0]["duration_ms"],
        json!(null),
        "nobody is believed"
    );

    let id = arrived["attachments"][0]["id"].to_string();
    let to = bob.data().join("saved.mp3");
    bob.tern(&["save", "--attachment", &id, "--to", to.to_str().unwrap()])
        .await
        .object();
    let listed = bob.tern(&["messages", "--with", &alice.id]).await.objects();
    assert_eq!(listed.last().unwrap()["attachments"][0]["duration_ms"], 1_567);

    let letter = alice.file("letter.pdf", "%PDF-1.7 a letter");
    let send = ["send", "--to", &bob.id, "--voice", letter.to_str().unwrap()];
    assert_eq!(alice.tern(&send).await.refused(), (1, "E-VOICE-PLAY".to_owned()));
}
