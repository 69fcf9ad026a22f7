//! `tern account set-picture`.

use std::path::Path;
use std::time::Duration;

use contract::{
    AccountView, ErrorCode, Event, Failure, GetAccount, PictureSaving, RemovePicture, SetPicture, StageFile,
};
use tokio::time::timeout;

use crate::exit::Stop;
use crate::files::absolute;
use crate::session::Session;

/// Takes the picture away.
pub(crate) async fn remove(session: &Session) -> Result<AccountView, Stop> {
    Ok(session.call(RemovePicture {}).await?)
}

/// Sets the picture and waits until it is on the network.
pub(crate) async fn set(file: &Path, patience: Duration, session: &Session) -> Result<AccountView, Stop> {
    let mut events = session.events();
    let path = absolute(file)?;
    let staged = session
        .call(StageFile {
            path,
            voice: false,
            original: false,
        })
        .await;
    let staged = staged.map_err(|_| Failure::new(ErrorCode::ProfilePicture))?;
    let setting = SetPicture {
        attachment: staged.id,
        crop: None,
    };
    let mut account = session.call(setting).await?;
    let saved = async {
        while account.picture_saving != PictureSaving::Done {
            if matches!(events.next().await, Event::AccountChanged | Event::Lagged) {
                account = session.call(GetAccount {}).await?;
            }
        }
        Ok(account)
    };
    timeout(patience, saved).await.map_err(|_| Stop::StillSaving)?
}
