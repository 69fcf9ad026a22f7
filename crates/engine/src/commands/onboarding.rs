//! Making, restoring and naming the account; the steps of onboarding are stored, so that a restart resumes them.

use contract::{
    AccountView, CreateAccount, DiscardAccount, Done, ErrorCode, Event, FinishOnboarding, GetAccount,
    GetRestoreProgress, GetStartup, RestoreAccount, RestoreProgressView, SetDisplayName, SetNotificationMode,
    SkipRestoreWait, StartupView,
};
use protocol::account::{AccountKeys, Seed, recovery_phrase};
use store::{NewAccount, NotificationMode, Origin, Stage, Writing};
use zeroize::Zeroizing;

use super::codes;
use crate::core::Core;
use crate::failure::{Stopped, of_phrase};
use crate::restore::Progress;
use crate::view;

/// Longest display name in bytes of UTF-8.
const LONGEST_NAME: usize = 100;

pub(super) async fn get_startup(core: &Core, _: GetStartup) -> Result<StartupView, Stopped> {
    let account = core.read(|reading| Ok(reading.account()?)).await?;
    Ok(view::account::startup(account.as_ref(), &core.config))
}

pub(super) async fn get_account(core: &Core, _: GetAccount) -> Result<AccountView, Stopped> {
    core.read(|reading| {
        let account = reading.account()?.ok_or(ErrorCode::NoAccount)?;
        Ok(view::account::view(&account))
    })
    .await
}

pub(super) async fn create_account(core: &Core, _: CreateAccount) -> Result<AccountView, Stopped> {
    bring(core, Seed::generate(&mut core.rng()), Origin::Created).await
}

pub(super) async fn restore_account(core: &Core, params: RestoreAccount) -> Result<AccountView, Stopped> {
    let phrase = Zeroizing::new(params.phrase.into_exposed());
    let seed = recovery_phrase::decode(&phrase).map_err(|error| of_phrase(&error))?;
    bring(core, seed, Origin::Restored).await
}

/// A code holds the words, or the seed as hex. Only one that is a whole phrase is taken.
pub(crate) async fn restore_from_picture(
    core: &Core,
    picture: Vec<u8>,
) -> Result<Option<AccountView>, Stopped> {
    let read = |text: &str| recovery_phrase::decode(text).ok();
    match codes::find(core, picture, ErrorCode::QrNotPhrase, read).await? {
        Some(seed) => bring(core, seed, Origin::Restored).await.map(Some),
        None => Ok(None),
    }
}

pub(crate) async fn bring(core: &Core, seed: Seed, origin: Origin) -> Result<AccountView, Stopped> {
    let keys = AccountKeys::from_seed(&seed);
    let account = NewAccount {
        account_id: keys.account_id(),
        seed,
        origin,
        stage: match origin {
            Origin::Created => Stage::Name,
            Origin::Restored => Stage::Notifications,
        },
        created_at: core.network_now(),
    };
    let view = change(core, move |writing| Ok(writing.create_account(&account)?)).await?;
    core.set_restore_progress(|progress| *progress = Progress::default());
    core.set_keys(Some(keys));
    Ok(view)
}

/// Only an account whose onboarding is unfinished can be thrown away: nothing has left the device yet that anybody
/// could miss.
pub(super) async fn discard_account(core: &Core, _: DiscardAccount) -> Result<Done, Stopped> {
    core.write(|writing| {
        let account = writing.account()?.ok_or(ErrorCode::NoAccount)?;
        if account.stage == Stage::Home {
            return Err(ErrorCode::AccountExists.into());
        }
        Ok(writing.delete_account()?)
    })
    .await?;
    core.set_keys(None);
    core.transfer_wake.notify_one();
    core.events.send(Event::AccountChanged);
    core.events.send(Event::ConversationsChanged);
    core.events.send(Event::PreferencesChanged);
    Ok(Done {})
}

pub(super) async fn get_restore_progress(
    core: &Core,
    _: GetRestoreProgress,
) -> Result<RestoreProgressView, Stopped> {
    Ok(core.restore_progress().to_view())
}

pub(super) async fn skip_restore_wait(core: &Core, _: SkipRestoreWait) -> Result<Done, Stopped> {
    core.ask_for_name().await?;
    Ok(Done {})
}

pub(super) async fn set_display_name(core: &Core, params: SetDisplayName) -> Result<AccountView, Stopped> {
    let name = params.name.trim().to_owned();
    if name.is_empty() {
        return Err(ErrorCode::NameEmpty.into());
    }
    if name.len() > LONGEST_NAME {
        return Err(ErrorCode::NameLong.into());
    }
    let now = core.network_now();
    let view = change(core, move |writing| {
        let account = writing.account()?.ok_or(ErrorCode::NoAccount)?;
        writing.set_display_name(&name, now)?;
        match account.stage {
            Stage::Name => writing.set_stage(Stage::Notifications)?,
            Stage::RestoreName => writing.set_stage(Stage::Home)?,
            _ => {}
        }
        Ok(())
    })
    .await?;
    core.inbox_wake.notify_one();
    Ok(view)
}

pub(super) async fn set_notification_mode(
    core: &Core,
    params: SetNotificationMode,
) -> Result<AccountView, Stopped> {
    let mode = match params.mode {
        contract::NotificationMode::Fast => NotificationMode::Fast,
        contract::NotificationMode::Slow => NotificationMode::Slow,
    };
    let view = change(core, move |writing| {
        let account = writing.account()?.ok_or(ErrorCode::NoAccount)?;
        writing.set_notification_mode(mode)?;
        match (account.stage, account.origin) {
            (Stage::Notifications, Origin::Created) => writing.set_stage(Stage::SavePhrase)?,
            (Stage::Notifications, Origin::Restored) => writing.set_stage(Stage::Loading)?,
            _ => {}
        }
        Ok(())
    })
    .await?;
    core.inbox_wake.notify_one();
    Ok(view)
}

pub(super) async fn finish_onboarding(core: &Core, _: FinishOnboarding) -> Result<AccountView, Stopped> {
    change(core, |writing| {
        match writing.account()?.ok_or(ErrorCode::NoAccount)?.stage {
            Stage::SavePhrase | Stage::Home => Ok(writing.set_stage(Stage::Home)?),
            _ => Err(contract::Failure::new(ErrorCode::BadCommand)
                .with("reason", "onboarding")
                .into()),
        }
    })
    .await
}

/// Changes the account, tells shells, and answers with what it is then.
pub(super) async fn change(
    core: &Core,
    work: impl FnOnce(&Writing<'_>) -> Result<(), Stopped> + Send + 'static,
) -> Result<AccountView, Stopped> {
    let view = core
        .write(move |writing| {
            work(writing)?;
            let account = writing.account()?.ok_or(ErrorCode::NoAccount)?;
            Ok(view::account::view(&account))
        })
        .await?;
    core.events.send(Event::AccountChanged);
    Ok(view)
}
