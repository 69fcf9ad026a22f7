//! `tern account`.

use std::path::Path;

use contract::{
    AccountView, ClearData, ClearScope, CreateAccount, FinishOnboarding, GetAccount, GetRecoveryPhrase,
    GetStartup, KeyCustody, MarkPhraseSeen, NotificationMode, RestoreAccount, SetDisplayName,
    SetNotificationMode, SkipRestoreWait, Stage,
};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::args::AccountCommand;
use crate::exit::Stop;
use crate::output::{Output, plain};
use crate::picture;
use crate::secret_file;
use crate::session::Session;

#[derive(Serialize)]
struct Created<'a> {
    account_id: &'a str,
    recovery_phrase: &'a str,
}

#[derive(Serialize)]
struct Shown<'a> {
    account_id: &'a str,
    display_name: &'a str,
}

#[derive(Serialize)]
struct Cleared<'a> {
    account_id: &'a str,
}

pub(crate) async fn run(command: AccountCommand, session: &Session, output: &Output) -> Result<(), Stop> {
    match command {
        AccountCommand::Create { name } => {
            let account = create(&name, session).await?;
            let phrase = Zeroizing::new(session.call(GetRecoveryPhrase {}).await?.words.join(" "));
            session.call(MarkPhraseSeen {}).await?;
            let created = Created {
                account_id: &account.account_id.0,
                recovery_phrase: &phrase,
            };
            output.print(&created, || {
                let custody = match session.custody() {
                    KeyCustody::Keychain => "The key to the messages on this device is in the system's keychain.",
                    KeyCustody::Passphrase => {
                        "No keychain answers here: the messages on this device are kept under your passphrase, \
                         which you need each time."
                    }
                    KeyCustody::Memory => "The key to the messages is gone when this program ends.",
                };
                format!(
                    "Account ID: {}\nRecovery phrase: {}\nKeep the phrase safe and secret: \
                     it is the only way back into this account.\n{custody}",
                    created.account_id, created.recovery_phrase
                )
            })
        }
        AccountCommand::Restore { phrase_file, name } => {
            let account = restore(&phrase_file, name, session, output).await?;
            show(&account, output)
        }
        AccountCommand::Show => show(&session.call(GetAccount {}).await?, output),
        // What was cleared is erased when the session is closed.
        AccountCommand::Clear { everywhere, .. } => {
            let scope = match everywhere {
                true => ClearScope::DeviceAndNetwork,
                false => ClearScope::Device,
            };
            let account = session.call(GetAccount {}).await?;
            session.call(ClearData { scope }).await?;
            let cleared = Cleared {
                account_id: &account.account_id.0,
            };
            output.print(&cleared, || format!("Cleared: {}", cleared.account_id))
        }
        AccountCommand::SetPicture { file, timeout, .. } => {
            let account = match file {
                Some(file) => picture::set(&file, timeout, session).await?,
                None => picture::remove(session).await?,
            };
            show(&account, output)
        }
    }
}

/// Makes an account and walks through its onboarding.
pub(crate) async fn create(name: &str, session: &Session) -> Result<AccountView, Stop> {
    // A run that was interrupted half-way is taken up again.
    if session.call(GetStartup {}).await?.stage != Stage::Name {
        session.call(CreateAccount {}).await?;
    }
    // A name that is refused must not leave a nameless account behind.
    if let Err(failure) = session
        .call(SetDisplayName {
            name: name.to_owned(),
        })
        .await
    {
        session.call(contract::DiscardAccount {}).await?;
        return Err(failure.into());
    }
    finish_onboarding(session).await
}

async fn restore(
    phrase_file: &Path,
    name: Option<String>,
    session: &Session,
    output: &Output,
) -> Result<AccountView, Stop> {
    let phrase = secret_file::read(phrase_file, output)?;
    session
        .call(RestoreAccount {
            phrase: phrase.as_str().into(),
        })
        .await?;
    let short_name = |account: &AccountView| account.account_id.0.chars().take(8).collect::<String>();
    session
        .call(SetNotificationMode {
            mode: NotificationMode::Slow,
        })
        .await?;
    if session.call(GetStartup {}).await?.stage == Stage::Loading {
        session.call(SkipRestoreWait {}).await?;
    }
    if session.call(GetStartup {}).await?.stage == Stage::RestoreName {
        let account = session.call(GetAccount {}).await?;
        let name = name.unwrap_or_else(|| short_name(&account));
        session.call(SetDisplayName { name }).await?;
    }
    finish_onboarding(session).await
}

/// Answers what onboarding still asks, as somebody without a window would.
pub(crate) async fn finish_onboarding(session: &Session) -> Result<AccountView, Stop> {
    if session.call(GetStartup {}).await?.stage == Stage::Notifications {
        session
            .call(SetNotificationMode {
                mode: NotificationMode::Slow,
            })
            .await?;
    }
    match session.call(GetStartup {}).await?.stage {
        Stage::Home => Ok(session.call(GetAccount {}).await?),
        _ => Ok(session.call(FinishOnboarding {}).await?),
    }
}

fn show(account: &AccountView, output: &Output) -> Result<(), Stop> {
    let shown = Shown {
        account_id: &account.account_id.0,
        display_name: &account.display_name,
    };
    output.print(&shown, || {
        format!(
            "Account ID: {}\nDisplay name: {}",
            shown.account_id,
            plain(shown.display_name)
        )
    })
}
