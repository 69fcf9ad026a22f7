//! The loading of a restored account.
//!
//! Where the account's settings are found, its name is theirs and nothing is asked for. Where the network knows no name, or
//! nobody wants to wait, it has to be typed; what is found later wins. Spec: messages §9 (ENG-20, ENG-21).

use std::sync::PoisonError;

use contract::{ErrorCode, Event, Failure, RestoreProgressView};
use store::Stage;

use crate::core::Core;
use crate::failure::Stopped;

/// How far it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) swarm_found: bool,
    pub(crate) settings_found: Option<bool>,
    pub(crate) messages_fetched: bool,
    pub(crate) failure: Option<Failure>,
}

impl Progress {
    pub(crate) fn to_view(&self) -> RestoreProgressView {
        RestoreProgressView {
            swarm_found: self.swarm_found,
            settings_found: self.settings_found,
            messages_fetched: self.messages_fetched,
            failure: self.failure.clone(),
        }
    }
}

impl Core {
    pub(crate) fn restore_progress(&self) -> Progress {
        self.progress
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Changes the progress and tells shells when that made a difference.
    pub(crate) fn set_restore_progress(&self, change: impl FnOnce(&mut Progress)) {
        let changed = {
            let mut progress = self.progress.write().unwrap_or_else(PoisonError::into_inner);
            let before = progress.clone();
            change(&mut progress);
            *progress != before
        };
        if changed {
            self.events.send(Event::RestoreProgress);
        }
    }

    /// Takes note of how looking for messages and for settings went while the account is loading.
    pub(crate) async fn note_restore(&self, answered: bool, settings: Option<bool>) -> Result<(), Stopped> {
        if !self.is_loading().await? {
            return Ok(());
        }
        self.set_restore_progress(|progress| match answered {
            true => {
                progress.swarm_found = true;
                progress.failure = None;
            }
            false => progress.failure = Some(ErrorCode::OfflineRestore.into()),
        });
        match settings.filter(|_| answered) {
            Some(true) => self.finish_restore(true, Stage::Home).await,
            Some(false) => self.ask_for_name().await,
            None => Ok(()),
        }
    }

    /// Ends the loading: without settings the name has to be asked for.
    pub(crate) async fn ask_for_name(&self) -> Result<(), Stopped> {
        self.finish_restore(false, Stage::RestoreName).await
    }

    /// Settings were found for the first time. When nobody waits for them any more they win over what was typed meanwhile,
    /// and a name that was not typed yet needs not be. Spec: messages §9 (ENG-21)
    pub(crate) async fn settings_were_found(&self) -> Result<(), Stopped> {
        let late = self
            .write(|writing| match writing.account()?.map(|account| account.stage) {
                Some(Stage::RestoreName) => {
                    writing.set_stage(Stage::Home)?;
                    Ok(true)
                }
                stage => Ok(stage == Some(Stage::Home)),
            })
            .await?;
        if late {
            self.events.send(Event::AccountChanged);
            self.events.send(Event::SettingsFound);
        }
        Ok(())
    }

    async fn finish_restore(&self, settings_found: bool, next: Stage) -> Result<(), Stopped> {
        // First the progress: who sees the next stage also sees why.
        self.set_restore_progress(|progress| {
            progress.settings_found = Some(settings_found);
            progress.messages_fetched = progress.swarm_found;
        });
        self.write(move |writing| match writing.account()? {
            Some(account) if account.stage == Stage::Loading => Ok(writing.set_stage(next)?),
            _ => Ok(()),
        })
        .await?;
        self.events.send(Event::AccountChanged);
        Ok(())
    }

    async fn is_loading(&self) -> Result<bool, Stopped> {
        self.read(|reading| {
            Ok(reading
                .account()?
                .is_some_and(|account| account.stage == Stage::Loading))
        })
        .await
    }
}
