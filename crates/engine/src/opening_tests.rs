//! Opening a folder without any network: what is made, what is refused, and under which code.

use contract::{CreateAccount, ErrorCode, Failure, GetPath, GetStartup, Stage};
use store::keychain::KeychainError;
use tempfile::TempDir;

use super::*;

const PASSPHRASE: &str = "correct horse battery staple";

fn passphrase(text: &str) -> Option<Passphrase> {
    Passphrase::new(text.to_owned())
}

/// A folder whose key is sealed with [`PASSPHRASE`], whatever keychain the machine has.
fn sealed_folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let data = DataDir::prepare(folder.path()).unwrap();
    let no_keychain = || Err(KeychainError::Unavailable);
    data.open_store_with(no_keychain, passphrase(PASSPHRASE)).unwrap();
    folder
}

fn opening(data: &Path, with: Option<Passphrase>, missing: Missing) -> Opening {
    Opening {
        data: data.to_owned(),
        missing,
        network: "testnet".to_owned(),
        passphrase: with,
        activity: Activity::Offline,
        push_provider: None,
    }
}

#[track_caller]
fn code(opened: Result<OpenEngine, OpeningError>) -> ErrorCode {
    match opened {
        Ok(_) => panic!("the folder was opened"),
        Err(error) => Failure::from(error).code,
    }
}

#[tokio::test]
async fn a_sealed_folder_opens_with_its_passphrase_only() {
    let folder = sealed_folder();
    let open = |with| opening(folder.path(), with, Missing::Make).open();
    let needed = open(None).await.err().unwrap();
    assert!(matches!(needed, OpeningError::PassphraseNeeded { first: false }));
    assert_eq!(code(open(passphrase("wrong")).await), ErrorCode::PassphraseWrong);
    let opened = open(passphrase(PASSPHRASE)).await.unwrap();
    assert_eq!(opened.key_custody(), KeyCustody::Passphrase);
    let startup = opened.engine().request(GetStartup {}).await.unwrap();
    assert_eq!(
        (startup.stage, startup.network.as_str()),
        (Stage::Landing, "testnet")
    );
    opened.close().await;
}

#[tokio::test]
async fn an_offline_engine_has_no_network_under_it() {
    let folder = sealed_folder();
    let opened = opening(folder.path(), passphrase(PASSPHRASE), Missing::Make)
        .open()
        .await
        .unwrap();
    assert!(opened.network.is_none());
    let path = opened.engine().request(GetPath {}).await.unwrap();
    assert_eq!(path.connection, contract::Connection::Offline);
    opened.close().await;
}

#[tokio::test]
async fn whoever_makes_nothing_is_told_that_there_is_no_account() {
    let folder = sealed_folder();
    let nowhere = folder.path().join("nowhere");
    let refused = opening(&nowhere, None, Missing::Refuse).open().await;
    assert_eq!(code(refused), ErrorCode::NoAccount);
    assert!(!nowhere.exists());

    // A store alone is no account.
    let visit = || opening(folder.path(), passphrase(PASSPHRASE), Missing::Refuse).open();
    assert_eq!(code(visit().await), ErrorCode::NoAccount);
    let opened = opening(folder.path(), passphrase(PASSPHRASE), Missing::Make)
        .open()
        .await
        .unwrap();
    opened.engine().request(CreateAccount {}).await.unwrap();
    opened.close().await;
    visit().await.unwrap().close().await;
}

#[tokio::test]
async fn a_profile_that_cannot_be_read_leaves_the_folder_alone() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let wrong = Opening {
        network: folder.path().join("none.json").display().to_string(),
        ..opening(&data, None, Missing::Make)
    };
    assert_eq!(code(wrong.open().await), ErrorCode::Profile);
    assert!(!data.exists());
}

#[test]
fn a_first_passphrase_is_asked_for_as_such() {
    let failure = Failure::from(OpeningError::PassphraseNeeded { first: true });
    assert_eq!(
        failure,
        Failure::new(ErrorCode::PassphraseNeeded).with("first", "yes")
    );
}

/// Opens the folder, makes an account in it and clears it.
async fn cleared(folder: &Path) -> OpenEngine {
    let opened = opening(folder, passphrase(PASSPHRASE), Missing::Make)
        .open()
        .await
        .unwrap();
    opened.engine().request(CreateAccount {}).await.unwrap();
    let clear = contract::ClearData {
        scope: contract::ClearScope::Device,
    };
    opened.engine().request(clear).await.unwrap();
    opened
}

#[tokio::test]
async fn a_cleared_folder_is_empty_once_it_is_closed() {
    let folder = sealed_folder();
    cleared(folder.path()).await.close().await;
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    let refused = opening(folder.path(), passphrase(PASSPHRASE), Missing::Refuse)
        .open()
        .await;
    assert_eq!(code(refused), ErrorCode::NoAccount);
}

#[test]
fn clearing_that_a_killed_process_left_is_finished_by_the_next() {
    let process = || tokio::runtime::Runtime::new().unwrap();
    let folder = sealed_folder();
    let account = folder.path().join("tern.db");
    // Without `close` nothing is erased, as when the process is killed.
    process().block_on(async { drop(cleared(folder.path()).await) });
    assert!(account.exists());
    let next = opening(folder.path(), passphrase(PASSPHRASE), Missing::Refuse);
    let refused = process().block_on(next.open());
    assert_eq!(code(refused), ErrorCode::NoAccount);
    assert!(!account.exists());
}
