//! Clearing an account: nothing of it is left on the device.

use super::story::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_cleared_account_leaves_an_empty_folder() {
    let net = Net::start().await;
    for everywhere in [&[][..], &["--everywhere"]] {
        let alice = net.person("Alice").await;
        let without_yes = alice.tern(&["account", "clear"]).await;
        assert_eq!(without_yes.code, Some(2));
        assert_eq!(
            alice.tern(&["account", "show"]).await.object()["display_name"],
            "Alice"
        );
        let arguments = [&["account", "clear", "--yes"], everywhere].concat();
        let cleared = alice.tern(&arguments).await.object();
        assert_eq!(cleared["account_id"], alice.id.as_str());
        assert_eq!(std::fs::read_dir(alice.data()).unwrap().count(), 0);
        assert_eq!(
            alice.tern(&["account", "show"]).await.refused(),
            (1, "E-NO-ACCOUNT".to_owned())
        );
    }
}
