//! Stories of what is told of a restored account, and of hiding its phrase.

use contract::{
    BackUp, DismissRestoreReport, ErrorCode, Found, GetAccount, GetRecoveryPhrase, GetRestoreReport,
    HidePhrase, MarkPhraseSeen, NewBackupPassphrase, RestorePart, RestoreReport, SkipRestoreWait,
};
use tests::simulated_network::{Faults, World};
use tests::story::settings::rename;
use tests::story::{Device, Person, alice, deliver, friends, until};

async fn report(of: &Person) -> Option<RestoreReport> {
    of.ask(GetRestoreReport {}).await
}

fn found(report: &RestoreReport, part: RestorePart) -> Found {
    report.parts.iter().find(|it| it.part == part).unwrap().found
}

#[tokio::test]
async fn an_account_that_was_made_here_has_no_report() {
    let world = World::new(711);
    assert_eq!(report(&alice(&world).await).await, None);
}

#[tokio::test]
async fn a_restored_account_says_what_came_back_until_that_was_read() {
    let world = World::new(712);
    let (alice, bob) = friends(&world).await;
    bob.writes(&alice, "one").await;
    bob.writes(&alice, "two").await;
    deliver(&[&bob, &alice]).await;
    let tablet = alice.tablet(3).await;
    until("the account is at home", async || {
        world.clock.advance(1_500);
        tablet.looks().await;
        report(&tablet).await.is_some_and(|report| report.contacts == 1)
    })
    .await;
    let told = report(&tablet).await.unwrap();
    assert_eq!((told.groups, told.communities), (0, 0));
    assert!(told.messages >= 2, "{told:?}");
    for (part, wanted) in [
        (RestorePart::Profile, Found::Found),
        (RestorePart::Contacts, Found::Found),
        (RestorePart::Groups, Found::Empty),
        (RestorePart::Communities, Found::Empty),
        (RestorePart::Messages, Found::Found),
    ] {
        assert_eq!(found(&told, part), wanted, "{part:?}");
    }
    tablet.ask(DismissRestoreReport {}).await;
    assert_eq!(report(&tablet).await, None);
    tablet.looks().await;
    assert_eq!(report(&tablet).await, None);
}

#[tokio::test]
async fn what_nobody_could_look_for_is_still_looked_for_and_not_empty() {
    let world = World::new(713);
    let device = Device::new(&world);
    device.network.set_faults(Faults {
        hangs: true,
        ..Default::default()
    });
    let engine = device.open(1).await;
    let somebody = Person::returning(&world, device, engine, tests::story::stranger(1).account_id());
    somebody
        .ask(contract::RestoreAccount {
            phrase: "000102030405060708090a0b0c0d0e0f".into(),
        })
        .await;
    assert_eq!(report(&somebody).await, None, "not before home");
    somebody
        .ask(contract::SetNotificationMode {
            mode: contract::NotificationMode::Slow,
        })
        .await;
    somebody.ask(SkipRestoreWait {}).await;
    rename(&somebody, "Somebody").await;
    let told = report(&somebody).await.unwrap();
    assert!(
        told.parts.iter().all(|part| part.found == Found::Looking),
        "{told:?}"
    );
}

#[tokio::test]
async fn a_hidden_phrase_is_shown_to_nobody_any_more() {
    let world = World::new(714);
    let alice = alice(&world).await;
    assert!(!alice.ask(GetAccount {}).await.phrase_hidden);
    alice.ask(GetRecoveryPhrase {}).await;
    let account = alice.ask(HidePhrase {}).await;
    assert!(account.phrase_hidden && !account.phrase_reminder);
    assert_eq!(alice.refused(GetRecoveryPhrase {}).await, ErrorCode::PhraseHidden);
    assert!(alice.ask(MarkPhraseSeen {}).await.phrase_hidden);
    // A backup with the account would show it to whoever made the backup.
    let passphrase = alice.ask(NewBackupPassphrase {}).await.words;
    let words: Vec<_> = passphrase
        .iter()
        .map(contract::SecretText::expose_secret)
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let with_account = |include_account| BackUp {
        to: folder.path().display().to_string(),
        passphrase: words.join(" ").into(),
        include_account,
    };
    assert_eq!(alice.refused(with_account(true)).await, ErrorCode::PhraseHidden);
    alice.ask(with_account(false)).await;
}
