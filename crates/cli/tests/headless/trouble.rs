//! What goes wrong on the command line, and how it is said.

use super::story::*;

#[tokio::test(flavor = "multi_thread")]
async fn passphrases_are_checked() {
    let net = Net::start().await;
    let alice = net.person("Alice").await;
    let wrong = alice.file("wrong", "not this one");
    let empty = alice.file("empty", "\n");
    let with = |file: Option<&std::path::Path>| {
        let mut command = alice.bare();
        command.arg("--json").arg("--network").arg(alice.network_file());
        if let Some(file) = file {
            command.arg("--passphrase-file").arg(file);
        }
        command.args(["account", "show"]);
        alice.run(command)
    };
    assert_eq!(
        with(Some(&wrong)).await.refused(),
        (4, "E-PASSPHRASE-WRONG".to_owned())
    );
    assert_eq!(with(None).await.refused(), (4, "E-PASSPHRASE-NEEDED".to_owned()));
    assert_eq!(
        with(Some(&empty)).await.refused(),
        (2, "E-BAD-COMMAND".to_owned())
    );
    assert_eq!(
        with(Some(&alice.data().join("missing"))).await.refused(),
        (2, "E-BAD-COMMAND".to_owned())
    );
    assert_eq!(
        with(Some(&alice.passphrase_file())).await.object()["display_name"],
        "Alice"
    );
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_passphrase_that_others_can_read_is_told_and_taken() {
    let net = Net::start().await;
    let alice = net.person("Alice").await;
    let file = alice.passphrase_file();
    set_mode(file.parent().unwrap(), 0o755);
    set_mode(&file, 0o644);
    let shown = alice.tern(&["account", "show"]).await;
    assert_eq!(shown.code, Some(0));
    let warning: serde_json::Value = serde_json::from_str(&shown.stderr).unwrap();
    let message = warning["warning"]["message"].as_str().unwrap();
    assert!(message.contains("chmod 600"), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_network_file_is_named_before_anything_is_opened() {
    let net = Net::start().await;
    let nobody = net.nobody("nobody");
    for text in [
        "",
        "{",
        "{}",
        r#"{"name":"empty"}"#,
        r#"{"name":"x","seeds":[{"url":"ftp://a"}]}"#,
    ] {
        let file = nobody.file("bad.json", text);
        let mut command = nobody.bare();
        command
            .arg("--json")
            .arg("--network")
            .arg(file)
            .arg("--passphrase-file")
            .arg(nobody.passphrase_file());
        command.args(["account", "show"]);
        assert_eq!(
            nobody.run(command).await.refused(),
            (4, "E-PROFILE".to_owned()),
            "{text}"
        );
    }
    assert!(!nobody.data().exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_store_is_not_thrown_away() {
    let net = Net::start().await;
    let alice = net.person("Alice").await;
    let database = alice.data().join("tern.db");
    let whole = std::fs::read(&database).unwrap();
    std::fs::write(&database, &whole[..whole.len() - 1000]).unwrap();
    assert_eq!(
        alice.tern(&["account", "show"]).await.refused(),
        (4, "E-STORE".to_owned())
    );
    std::fs::write(&database, whole).unwrap();
    assert_eq!(
        alice.tern(&["account", "show"]).await.object()["display_name"],
        "Alice"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_have_their_codes() {
    let net = Net::start().await;
    let nobody = net.nobody("nobody");
    assert_eq!(
        nobody.tern(&["account", "show"]).await.refused(),
        (1, "E-NO-ACCOUNT".to_owned())
    );
    let name = "n".repeat(101);
    let long = nobody.tern(&["account", "create", "--name", &name]).await;
    assert_eq!(long.refused(), (1, "E-NAME-LONG".to_owned()));
    let blank = nobody.tern(&["account", "create", "--name", "  "]).await;
    assert_eq!(blank.refused(), (1, "E-NAME-EMPTY".to_owned()));
    assert_eq!(
        nobody.tern(&["account", "show"]).await.refused().1,
        "E-NO-ACCOUNT",
        "no half of an account is left"
    );
    let words = nobody.file("words", "just three words");
    let short = nobody
        .tern(&["account", "restore", "--phrase-file", words.to_str().unwrap()])
        .await;
    assert_eq!(short.refused(), (1, "E-PHRASE-SHORT".to_owned()));

    let alice = net.person("Alice").await;
    let bad_id = alice.tern(&["send", "--to", "05abc", "--text", "hi"]).await;
    assert_eq!(bad_id.refused(), (1, "E-ID-INVALID".to_owned()));
    let text = "x".repeat(2001);
    let long = alice.tern(&["send", "--to", &alice.id, "--text", &text]).await;
    assert_eq!(long.refused(), (1, "E-TEXT-LONG".to_owned()));
    let blank = alice.tern(&["send", "--to", &alice.id, "--text", " \n "]).await;
    assert_eq!(blank.refused(), (1, "E-TEXT-EMPTY".to_owned()));
    assert_eq!(
        alice.tern(&["conversations"]).await.objects(),
        Vec::<serde_json::Value>::new()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_use_is_told_apart_and_secrets_are_no_arguments() {
    let net = Net::start().await;
    let nobody = net.nobody("nobody");
    let wrong: [&[&str]; 5] = [
        &["fly"],
        &["send", "--to", "05"],
        &["listen", "--for", "soon"],
        &["account", "restore", "--phrase", "word word"],
        &["--passphrase", "secret", "account", "show"],
    ];
    for arguments in wrong {
        let ended = nobody.tern(arguments).await;
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (Some(2), ""),
            "{arguments:?}"
        );
    }
    assert!(!nobody.data().exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_go_to_standard_error_only_when_asked_for() {
    let net = Net::start().await;
    let alice = net.person("Alice").await;
    let mut command = alice.bare();
    command
        .env("TERN_LOG", "trace")
        .arg("--json")
        .arg("--network")
        .arg(alice.network_file());
    command.arg("--passphrase-file").arg(alice.passphrase_file());
    command.args(["send", "--to", &alice.id, "--text", "a very telling sentence"]);
    let logged = alice.run(command).await;
    assert_eq!(logged.code, Some(0));
    assert_eq!(logged.stdout.lines().count(), 1);
    assert!(!logged.stderr.is_empty());
    for secret in ["telling", &alice.id, "correct horse"] {
        assert!(!logged.stderr.contains(secret), "{secret} is in the logs");
    }
}
