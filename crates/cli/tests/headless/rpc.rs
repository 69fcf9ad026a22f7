//! JSON-RPC over standard input and output.

use serde_json::{Value, json};

use super::story::*;

/// Sends a request and gives its answer; events between are passed over.
async fn ask(run: &mut Running, method: &str, params: Value) -> Value {
    let request = json!({"jsonrpc": "2.0", "id": method, "method": method, "params": params});
    run.write(&request.to_string()).await;
    run.line_with(|line| line["id"] == method).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_made_and_a_message_sent_by_requests() {
    let net = Net::start().await;
    let bob = net.person("Bob").await;
    let mut run = net.nobody("Alice").start(&["rpc"]);
    assert_eq!(
        ask(&mut run, "get_startup", json!({})).await["result"]["stage"],
        "landing"
    );
    let created = ask(&mut run, "create_account", json!({})).await;
    let id = created["result"]["account_id"].as_str().unwrap().to_owned();
    ask(&mut run, "set_display_name", json!({"name": "Alice"})).await;
    ask(&mut run, "set_notification_mode", json!({"mode": "slow"})).await;
    let account = ask(&mut run, "finish_onboarding", json!({})).await;
    assert_eq!(account["result"]["display_name"], "Alice");
    assert_eq!(
        ask(&mut run, "get_startup", json!({})).await["result"]["stage"],
        "home"
    );

    let sent = ask(
        &mut run,
        "send_text",
        json!({"conversation": bob.id, "text": "hello"}),
    )
    .await;
    let message = sent["result"]["message_id"].clone();
    loop {
        run.line_with(|line| {
            line["params"]["event"] == "message_changed" && line["params"]["message"] == message
        })
        .await;
        let row = ask(&mut run, "get_message", json!({"message": message})).await;
        if row["result"]["status"] == "sent" {
            break;
        }
    }
    assert_eq!(bob.start(&["listen"]).line().await.unwrap()["from"], json!(id));
    assert_eq!(run.end_of_input().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_notifications_with_ids_only() {
    let net = Net::start().await;
    let (alice, bob) = (net.person("Alice").await, net.person("Bob").await);
    let mut run = bob.start(&["rpc"]);
    alice
        .tern(&["send", "--to", &bob.id, "--text", "a secret"])
        .await
        .object();
    let event = run
        .line_with(|line| line["params"]["event"] == "message_received")
        .await;
    assert_eq!(
        (&event["jsonrpc"], &event["method"]),
        (&json!("2.0"), &json!("event"))
    );
    assert_eq!(fields(&event), ["jsonrpc", "method", "params"]);
    assert_eq!(event["params"]["conversation"], json!(alice.id));
    assert!(!event.to_string().contains("secret"));
    let row = ask(
        &mut run,
        "get_message",
        json!({"message": event["params"]["message"]}),
    )
    .await;
    assert_eq!(row["result"]["body"], json!({"kind": "text", "text": "a secret"}));
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_lines_are_answered_and_the_run_goes_on() {
    let net = Net::start().await;
    let mut run = net.person("Alice").await.start(&["rpc"]);
    let lines = [
        ("{", -32700),
        ("[]", -32600),
        (r#"{"jsonrpc":"2.0","id":1}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":1,"method":"fly"}"#, -32601),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"send_text","params":{}}"#,
            -32602,
        ),
    ];
    for (line, code) in lines {
        run.write(line).await;
        assert_eq!(
            run.line_with(|line| line.get("error").is_some()).await["error"]["code"],
            code,
            "{line}"
        );
    }
    let refused = ask(&mut run, "set_display_name", json!({"name": ""})).await;
    assert_eq!(refused["error"]["data"]["code"], "E-NAME-EMPTY");
    assert_eq!(refused["error"]["code"], -32000);
    assert_eq!(
        ask(&mut run, "get_account", json!({})).await["result"]["display_name"],
        "Alice"
    );
    assert_eq!(run.end_of_input().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_answered_together_and_notifications_not_at_all() {
    let net = Net::start().await;
    let mut run = net.person("Alice").await.start(&["rpc"]);
    run.write(r#"{"jsonrpc":"2.0","method":"set_display_name","params":{"name":"Eve"}}"#)
        .await;
    run.write(
        r#"[{"jsonrpc":"2.0","id":1,"method":"get_account"},{"jsonrpc":"2.0","method":"poll_now"},7,{"jsonrpc":"2.0","id":2,"method":"list_conversations","params":{"offset":0,"limit":5}}]"#,
    )
    .await;
    let answers = run.line_with(Value::is_array).await;
    let answers = answers.as_array().unwrap();
    assert_eq!(answers.len(), 3);
    assert_eq!(
        (&answers[0]["id"], &answers[0]["result"]["display_name"]),
        (&json!(1), &json!("Eve"))
    );
    assert_eq!(
        (&answers[1]["id"], &answers[1]["error"]["code"]),
        (&json!(null), &json!(-32600))
    );
    assert_eq!(
        (&answers[2]["id"], &answers[2]["result"]["total"]),
        (&json!(2), &json!(0))
    );
    assert_eq!(run.end_of_input().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_before_the_end_of_input_are_all_answered() {
    let net = Net::start().await;
    let mut run = net.person("Alice").await.start(&["rpc"]);
    for id in 0..50 {
        run.write(&json!({"jsonrpc": "2.0", "id": id, "method": "get_account"}).to_string())
            .await;
    }
    run.close_input();
    let mut answered = Vec::new();
    while let Some(line) = run.line().await {
        answered.extend(line["id"].as_i64());
    }
    assert_eq!(answered, (0..50).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_for_messages_keeps_nobody_waiting() {
    let net = Net::start().await;
    let alice = net.person("Alice").await;
    let _silent = net.falls_silent();
    let mut run = alice.start(&["rpc"]);
    run.write(r#"{"jsonrpc":"2.0","id":"slow","method":"poll_now"}"#)
        .await;
    run.write(r#"{"jsonrpc":"2.0","id":"quick","method":"get_account"}"#)
        .await;
    let first = run.line_with(|line| line.get("id").is_some()).await;
    assert_eq!(first["id"], "quick");
    // With its input still open, as at a terminal.
    assert_eq!(run.interrupt().await, Some(130));
}
