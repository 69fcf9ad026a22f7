//! Accounts and messages, between people who have nothing but `tern`.

use serde_json::json;

use super::story::*;

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_made_shown_and_restored() {
    let net = Net::start().await;
    let alice = net.nobody("alice");
    let created = alice
        .tern(&["account", "create", "--name", "Alice"])
        .await
        .object();
    assert_eq!(fields(&created), ["account_id", "recovery_phrase"]);
    let phrase = created["recovery_phrase"].as_str().unwrap();
    assert_eq!(phrase.split(' ').count(), 13);
    let shown = alice.tern(&["account", "show"]).await.object();
    assert_eq!(
        shown,
        json!({"account_id": created["account_id"], "display_name": "Alice"})
    );

    let second_device = net.nobody("second");
    let file = second_device.file("phrase", &phrase.to_uppercase().replace(' ', ",\n"));
    let file = file.to_str().unwrap();
    let restored = second_device
        .tern(&["account", "restore", "--phrase-file", file, "--name", "Alice too"])
        .await;
    assert_eq!(
        restored.object(),
        json!({"account_id": created["account_id"], "display_name": "Alice too"})
    );
    let again = second_device
        .tern(&["account", "restore", "--phrase-file", file])
        .await;
    assert_eq!(again.refused(), (1, "E-ACCOUNT-EXISTS".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_arrives_exactly_once() {
    let net = Net::start().await;
    let (alice, bob) = (net.person("Alice").await, net.person("Bob").await);
    let text = "hello Bob – \"quoted\"\nsecond line 👋";
    let sent = alice
        .tern(&["send", "--to", &bob.id, "--text", text])
        .await
        .object();
    assert_eq!(fields(&sent), ["message_id", "sent_at_ms", "status"]);
    assert_eq!(sent["status"], "sent");

    let mut listening = bob.start(&["listen"]);
    let message = json!({
        "event": "message",
        "conversation": alice.id,
        "from": alice.id,
        "text": text,
        "sent_at_ms": sent["sent_at_ms"],
    });
    assert_eq!(listening.line().await.unwrap(), message);
    alice
        .tern(&["send", "--to", &bob.id, "--text", "and another"])
        .await
        .object();
    assert_eq!(listening.line().await.unwrap()["text"], "and another");
    assert_eq!(listening.interrupt().await, Some(130));
    assert_eq!(
        bob.tern(&["listen", "--for", "1s"]).await.objects(),
        Vec::<serde_json::Value>::new()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_is_printed_without_a_network() {
    let net = Net::start().await;
    let (alice, bob) = (net.person("Alice").await, net.person("Bob").await);
    for text in ["one", "two", "three"] {
        alice
            .tern(&["send", "--to", &bob.id, "--text", text])
            .await
            .object();
    }
    bob.start(&["listen"])
        .line_with(|line| line["text"] == "three")
        .await;
    net.goes_down().await;

    let rows = bob
        .tern(&["messages", "--with", &alice.id, "--limit", "2"])
        .await
        .objects();
    assert_eq!(
        rows.iter()
            .map(|row| row["text"].as_str().unwrap())
            .collect::<Vec<_>>(),
        ["two", "three"]
    );
    assert_eq!(
        (
            &rows[0]["from"],
            &rows[0]["mine"],
            &rows[0]["kind"],
            &rows[0]["status"]
        ),
        (&json!(alice.id), &json!(false), &json!("text"), &json!(null))
    );
    let mine = alice.tern(&["messages", "--with", &bob.id]).await.objects();
    assert_eq!(mine.len(), 3);
    assert!(
        mine.iter()
            .all(|row| row["mine"] == true && row["status"] == "sent" && row["read"] == true)
    );

    let row = bob.tern(&["conversations"]).await.object();
    assert_eq!(
        (&row["conversation"], &row["name"], &row["request"], &row["text"]),
        (&json!(alice.id), &json!("Alice"), &json!(true), &json!("three"))
    );
    let stranger = alice.tern(&["messages", "--with", &alice.id]).await.objects();
    assert_eq!(stranger, Vec::<serde_json::Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn echo_answers_what_it_hears() {
    let net = Net::start().await;
    let alice = net.person("Alice").await;
    let echo = net.nobody("echo");
    let mut echoing = echo.start(&["echo"]);
    let ready = echoing.line().await.unwrap();
    assert_eq!(
        (fields(&ready), &ready["event"]),
        (vec!["account_id", "event"], &json!("ready"))
    );
    let id = ready["account_id"].as_str().unwrap().to_owned();

    let mut listening = alice.start(&["listen"]);
    alice
        .tern(&["send", "--to", &id, "--text", "is there an echo?"])
        .await
        .object();
    let heard = echoing.line().await.unwrap();
    assert_eq!(
        (&heard["from"], &heard["text"]),
        (&json!(alice.id), &json!("is there an echo?"))
    );
    let answer = listening.line().await.unwrap();
    assert_eq!(
        (&answer["from"], &answer["text"]),
        (&json!(id), &json!("is there an echo?"))
    );
    assert_eq!(echoing.interrupt().await, Some(130));
    // The answer accepted the request.
    assert_eq!(echo.tern(&["conversations"]).await.object()["request"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_waits_for_the_network_and_arrives_once() {
    let net = Net::start().await;
    let (alice, bob) = (net.person("Alice").await, net.person("Bob").await);
    net.goes_down().await;
    let waiting = alice
        .tern(&[
            "send",
            "--to",
            &bob.id,
            "--text",
            "patience",
            "--timeout",
            "500ms",
        ])
        .await;
    let (code, reason) = waiting.refused();
    assert_eq!(code, 3);
    assert!(reason.starts_with("E-SEND-"), "{reason}");
    let row = alice.tern(&["messages", "--with", &bob.id]).await.object();
    assert!(row["status"] == "queued" || row["status"] == "sending", "{row}");

    net.comes_back().await;
    // Any run that uses the network sends what waits.
    let mut next_run = alice.start(&["rpc"]);
    next_run
        .line_with(|line| line["params"]["event"] == "message_changed")
        .await;
    let message = bob.start(&["listen"]).line().await.unwrap();
    assert_eq!(
        (&message["text"], &message["sent_at_ms"]),
        (&json!("patience"), &row["sent_at_ms"])
    );
    assert_eq!(next_run.end_of_input().await, Some(0));
    assert_eq!(
        bob.tern(&["messages", "--with", &alice.id]).await.objects().len(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_run_loses_and_doubles_nothing() {
    let net = Net::start().await;
    let (alice, bob) = (net.person("Alice").await, net.person("Bob").await);
    for round in 0..4 {
        let mut run = alice.start(&["rpc"]);
        let params = json!({"conversation": bob.id, "text": format!("round {round}")});
        run.write(&json!({"jsonrpc": "2.0", "id": 1, "method": "send_text", "params": params}).to_string())
            .await;
        run.line_with(|line| line["id"] == 1).await;
        if round % 2 == 1 {
            // Later: while the request is under way, or after it.
            run.line_with(|line| line["params"]["event"] == "message_changed")
                .await;
        }
        run.kill().await;
    }
    alice
        .tern(&["send", "--to", &bob.id, "--text", "the end"])
        .await
        .object();
    let mut finishing = alice.start(&["rpc"]);
    let mut heard = Vec::new();
    let mut listening = bob.start(&["listen"]);
    while heard.len() < 5 {
        heard.push(
            listening.line().await.unwrap()["text"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    heard.sort();
    assert_eq!(heard, ["round 0", "round 1", "round 2", "round 3", "the end"]);
    finishing
        .write(r#"{"jsonrpc":"2.0","id":2,"method":"get_account"}"#)
        .await;
    finishing.line_with(|line| line["id"] == 2).await;
    assert_eq!(finishing.end_of_input().await, Some(0));
    assert_eq!(listening.interrupt().await, Some(130));
    assert_eq!(
        bob.tern(&["messages", "--with", &alice.id]).await.objects().len(),
        5
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_json_it_speaks_to_people() {
    let net = Net::start().await;
    let (alice, bob) = (net.person("Alice").await, net.person("Bob").await);
    let sent = alice
        .tern_in_words(&["send", "--to", &bob.id, "--text", "hi \u{1b}[31mred"])
        .await;
    assert_eq!((sent.code, sent.stdout.as_str()), (Some(0), "Sent.\n"));
    bob.start(&["listen"]).line().await.unwrap();
    let shown = bob.tern_in_words(&["messages", "--with", &alice.id]).await;
    assert!(shown.stdout.contains("hi \u{fffd}[31mred"), "{}", shown.stdout);
    let created = net
        .nobody("Carol")
        .tern_in_words(&["account", "create", "--name", "Carol"])
        .await;
    assert!(
        created.stdout.contains("No keychain answers here"),
        "{}",
        created.stdout
    );
}
