//! The library as phones call it: through generated bindings, here Python's, which use the same C interface as Kotlin's
//! and Swift's.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use contract::{
    CreateAccount, Event, FinishOnboarding, GetMessage, MessageStatus, NotificationMode, SendText,
    SetDisplayName, SetNotificationMode,
};
use engine::{Activity, Engine, Missing, OpenEngine, Opening};
use node::LocalNetwork;
use serde_json::{Value, json};
use store::DataDir;
use store::keychain::{KeychainError, Passphrase};
use tempfile::TempDir;
use tokio::process::Command;
use uniffi::{GenerateOptions, TargetLanguage};

const PASSPHRASE: &str = "correct horse battery staple";
const PATIENCE: Duration = Duration::from_secs(60);

/// A network, a folder with Bob's account, and the Python module.
struct Phone {
    network: LocalNetwork,
    folder: TempDir,
}

impl Phone {
    async fn start() -> Self {
        let network = LocalNetwork::start(9, 3).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("network.json"), network.profile_json()).unwrap();
        generate(TargetLanguage::Python, folder.path());
        let library = library();
        std::fs::copy(&library, folder.path().join(library.file_name().unwrap())).unwrap();
        Self { network, folder }
    }

    /// An engine over somebody's folder, which a passphrase protects whatever keychain the machine has.
    async fn engine(&self, of: &str) -> OpenEngine {
        let folder = self.folder.path().join(of);
        let passphrase = || Passphrase::new(PASSPHRASE.to_owned());
        if !DataDir::holds_store(&folder) {
            let no_keychain = || Err(KeychainError::Unavailable);
            let data = DataDir::prepare(&folder).unwrap();
            data.open_store_with(no_keychain, passphrase()).unwrap();
        }
        let opening = Opening {
            data: folder,
            missing: Missing::Make,
            network: self.folder.path().join("network.json").display().to_string(),
            passphrase: passphrase(),
            activity: Activity::Constant,
            push_provider: None,
        };
        opening.open().await.unwrap()
    }

    /// Makes Bob's account in his folder, and leaves it closed.
    async fn bob(&self) -> String {
        let bob = self.engine("bob").await;
        let id = onboard(bob.engine(), "Bob").await;
        bob.close().await;
        id
    }

    /// Runs a script that knows `poll(**changes)` and whose last word is what it prints as JSON.
    async fn python(&self, script: &str) -> Output {
        let prelude = format!(
            "import json, time\nfrom tern_ffi import *\n\
             def poll(data_dir={:?}, network={:?}, key=KeyChoice.PASSPHRASE({PASSPHRASE:?}), budget_ms=30000):\n    \
             return poll_once(data_dir, network, key, budget_ms)\n\
             def show(visit):\n    \
             return {{'complete': visit.complete, 'unread': visit.unread, 'notifications': [\
             [n.kind.name, n.name, n.text, n.conversation_id] for n in visit.notifications]}}\n",
            self.folder.path().join("bob"),
            self.folder.path().join("network.json"),
        );
        let mut python = Command::new("python3");
        python
            .arg("-c")
            .arg(prelude + script)
            .env("PYTHONPATH", self.folder.path())
            .kill_on_drop(true);
        tokio::time::timeout(PATIENCE, python.output())
            .await
            .expect("it ends in time")
            .unwrap()
    }

    /// The JSON that a script prints.
    async fn answer(&self, script: &str) -> Value {
        let output = self.python(script).await;
        let (stdout, stderr) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        assert!(output.status.success(), "{stderr}");
        serde_json::from_str(&stdout).unwrap_or_else(|_| panic!("{stdout}{stderr}"))
    }
}

async fn onboard(engine: &Engine, name: &str) -> String {
    let account = engine.request(CreateAccount {}).await.unwrap();
    engine
        .request(SetDisplayName {
            name: name.to_owned(),
        })
        .await
        .unwrap();
    engine
        .request(SetNotificationMode {
            mode: NotificationMode::Slow,
        })
        .await
        .unwrap();
    engine.request(FinishOnboarding {}).await.unwrap();
    account.account_id.0
}

/// Sends a text and waits until the swarm has it.
async fn send(engine: &Engine, to: &str, text: &str) {
    let mut events = engine.events();
    let conversation = contract::ConversationId(to.to_owned());
    let message = engine
        .request(SendText {
            conversation,
            text: text.to_owned(),
            reply_to: None,
            preview: None,
        })
        .await
        .unwrap()
        .message_id;
    let sent = async {
        while engine.request(GetMessage { message }).await.unwrap().status != Some(MessageStatus::Sent) {
            while !matches!(events.next().await, Some(Event::MessageChanged { .. })) {}
        }
    };
    tokio::time::timeout(PATIENCE, sent)
        .await
        .expect("it is sent in time");
}

/// The library that this test was built with.
fn library() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let name = format!(
        "{}tern_ffi{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    );
    tests.parent().unwrap().join(name)
}

fn generate(language: TargetLanguage, out_dir: &Path) {
    uniffi::generate(GenerateOptions {
        languages: vec![language],
        source: library().to_str().unwrap().into(),
        out_dir: out_dir.to_str().unwrap().into(),
        config_override: None,
        crate_filter: None,
        metadata_no_deps: true,
        format: false,
    })
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_brings_what_notifications_show() {
    let phone = Phone::start().await;
    let bob = phone.bob().await;
    let alice = phone.engine("alice").await;
    let alice_id = onboard(alice.engine(), "Alice").await;
    assert_eq!(
        phone.answer("print(json.dumps(show(poll())))").await,
        json!({"complete": true, "unread": 0, "notifications": []})
    );

    send(alice.engine(), &bob, "do not show this").await;
    let request = json!(["MESSAGE_REQUEST", "", "", alice_id]);
    assert_eq!(
        phone.answer("print(json.dumps(show(poll())))").await,
        json!({"complete": true, "unread": 0, "notifications": [request]})
    );
    // Of a request only the first message is told, and nothing twice.
    send(alice.engine(), &bob, "nor this").await;
    let visits = phone
        .answer("print(json.dumps([show(poll()), show(poll())]))")
        .await;
    let nothing = json!({"complete": true, "unread": 0, "notifications": []});
    assert_eq!(visits, json!([nothing, nothing]));

    accept(&phone, &alice_id).await;
    send(alice.engine(), &bob, "hello Bob 👋").await;
    let visit = phone.answer("print(json.dumps(show(poll())))").await;
    assert_eq!(
        visit["notifications"],
        json!([["TEXT", "Alice", "hello Bob 👋", alice_id]])
    );
    assert_eq!(visit["unread"], 3);
    alice.close().await;
}

/// Bob accepts Alice's request in the app.
async fn accept(phone: &Phone, alice_id: &str) {
    let bob = phone.engine("bob").await;
    let conversation = contract::ConversationId(alice_id.to_owned());
    bob.engine()
        .request(contract::AcceptRequest { conversation })
        .await
        .unwrap();
    bob.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_network_costs_no_more_than_the_budget() {
    let phone = Phone::start().await;
    phone.bob().await;
    phone.network.stop_all().await;
    let script = "
begun = time.monotonic()
visit = poll(budget_ms=1500)
print(json.dumps([visit.complete, len(visit.notifications), time.monotonic() - begun]))";
    let answer = phone.answer(script).await;
    assert_eq!((&answer[0], &answer[1]), (&json!(false), &json!(0)));
    assert!(answer[2].as_f64().unwrap() < 6.0, "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_are_a_flat_list_of_stable_codes() {
    let phone = Phone::start().await;
    phone.bob().await;
    let script = "
codes = []
for kind, changes in [
    (WakeError.PassphraseWrong, {'key': KeyChoice.PASSPHRASE('wrong')}),
    (WakeError.PassphraseWrong, {'key': KeyChoice.PASSPHRASE('')}),
    (WakeError.PassphraseNeeded, {'key': KeyChoice.KEYCHAIN()}),
    (WakeError.NoAccount, {'data_dir': '/nonexistent/folder'}),
    (WakeError.Profile, {'network': '/nonexistent/profile.json'}),
]:
    try:
        poll(**changes)
    except kind as error:
        codes.append(str(error))
print(json.dumps(codes))";
    let codes = [
        "E-PASSPHRASE-WRONG",
        "E-PASSPHRASE-WRONG",
        "E-PASSPHRASE-NEEDED",
        "E-NO-ACCOUNT",
        "E-PROFILE",
    ];
    assert_eq!(phone.answer(script).await, json!(codes));
}

#[test]
fn kotlin_and_swift_have_the_same_call() {
    let folder = tempfile::tempdir().unwrap();
    generate(TargetLanguage::Kotlin, folder.path());
    generate(TargetLanguage::Swift, folder.path());
    let kotlin = std::fs::read_to_string(folder.path().join("uniffi/tern_ffi/tern_ffi.kt")).unwrap();
    assert!(kotlin.contains("fun `pollOnce`(`dataDir`: kotlin.String"));
    let swift = std::fs::read_to_string(folder.path().join("tern_ffi.swift")).unwrap();
    assert!(swift.contains("public func pollOnce(dataDir: String"));
}
