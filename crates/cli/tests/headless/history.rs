//! Moving history from one data folder to another of the same account.

use super::story::*;

/// Alice's old folder, in which Bob has written, and a new one of the same account that has found nothing.
async fn old_and_new(net: &Net) -> (Person, Person, Person) {
    let (alice, bob) = (net.person("Alice").await, net.person("Bob").await);
    bob.tern(&["send", "--to", &alice.id, "--text", "remember this"])
        .await
        .object();
    let mut listening = alice.start(&["listen"]);
    listening.line_with(|line| line["text"] == "remember this").await;
    listening.interrupt().await;
    let mut new = net.nobody("new");
    let mut rpc = alice.start(&["rpc"]);
    rpc.write(r#"{"jsonrpc": "2.0", "id": 1, "method": "get_recovery_phrase", "params": {}}"#)
        .await;
    let answer = rpc.line_with(|line| line["id"] == 1).await;
    rpc.end_of_input().await;
    let words: Vec<_> = answer["result"]["words"].as_array().unwrap().iter().collect();
    let words: Vec<_> = words.iter().map(|word| word.as_str().unwrap()).collect();
    let file = new.file("words", &words.join(" "));
    set_mode(&file, 0o600);
    let restore = [
        "account",
        "restore",
        "--name",
        "Alice",
        "--phrase-file",
        file.to_str().unwrap(),
    ];
    new.tern(&restore).await.object();
    new.id = alice.id.clone();
    (alice, new, bob)
}

/// Both runs up to the code.
async fn meet(old: &Person, new: &Person) -> (Running, Running) {
    let (sending, address) = wait_for_the_other(old).await;
    meet_at(sending, &address, new).await
}

async fn wait_for_the_other(old: &Person) -> (Running, String) {
    let mut sending = old.start(&["history", "send"]);
    let waiting = sending.line_with(|line| line["stage"] == "waiting").await;
    (sending, waiting["addresses"][0].as_str().unwrap().to_owned())
}

async fn meet_at(mut sending: Running, address: &str, new: &Person) -> (Running, Running) {
    let mut receiving = new.start(&["history", "receive", "--from", address]);
    let here = sending.line_with(|line| line["stage"] == "code").await;
    let there = receiving.line_with(|line| line["stage"] == "code").await;
    assert_eq!(here["code"], there["code"]);
    (sending, receiving)
}

#[tokio::test(flavor = "multi_thread")]
async fn history_moves_between_two_folders_when_both_confirm() {
    let net = Net::start().await;
    let (old, new, bob) = old_and_new(&net).await;
    let (mut sending, mut receiving) = meet(&old, &new).await;
    sending.write("yes").await;
    receiving.write("Yes").await;
    let sent = sending.line_with(|line| line["stage"] == "done").await;
    let received = receiving.line_with(|line| line["stage"] == "done").await;
    assert_eq!((&sent["messages"], &received["messages"]), (&1.into(), &1.into()));
    assert_eq!(sending.end_of_input().await, Some(0));
    assert_eq!(receiving.end_of_input().await, Some(0));
    let rows = new.tern(&["messages", "--with", &bob.id]).await.objects();
    assert_eq!(rows.last().unwrap()["text"], "remember this");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_yes_from_before_the_code_confirms_nothing() {
    let net = Net::start().await;
    let (old, new, bob) = old_and_new(&net).await;
    let (mut sending, address) = wait_for_the_other(&old).await;
    sending.write("yes").await;
    let (mut sending, mut receiving) = meet_at(sending, &address, &new).await;
    receiving.write("yes").await;
    sending.write("no").await;
    assert_eq!(sending.end_of_input().await, Some(1));
    assert_eq!(receiving.end_of_input().await, Some(1));
    assert_eq!(
        new.tern(&["messages", "--with", &bob.id]).await.objects(),
        Vec::<serde_json::Value>::new()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_code_and_a_killed_sender_move_nothing() {
    let net = Net::start().await;
    let (old, new, bob) = old_and_new(&net).await;
    let (mut sending, mut receiving) = meet(&old, &new).await;
    sending.write("yes").await;
    receiving.write("no").await;
    assert_eq!(sending.end_of_input().await, Some(1));
    assert_eq!(receiving.end_of_input().await, Some(1));

    let (sending, mut receiving) = meet(&old, &new).await;
    receiving.write("yes").await;
    sending.kill().await;
    assert_eq!(receiving.end_of_input().await, Some(1));
    assert_eq!(
        new.tern(&["messages", "--with", &bob.id]).await.objects(),
        Vec::<serde_json::Value>::new()
    );

    let nobody = net.nobody("nobody").tern(&["history", "send"]).await;
    assert_eq!(nobody.refused(), (1, "E-NO-ACCOUNT".to_owned()));
}
