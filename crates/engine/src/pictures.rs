//! Pictures of people: mine on its way to others, theirs on their way here.
//!
//! Both are queues of the store, so that they go on after a restart. What is shown was decoded and encoded anew here,
//! whoever made it. Spec: attachments §7 (ATT-40 to ATT-46), §10 (ATT-80 to ATT-87)

mod own;
mod prepare;
mod theirs;

use network::{ServerAddress, ServerRequest};
use protocol::attachment::PictureChange;
use protocol::file_server::{FileRequest, FileServer};
use protocol::message::content::Profile;
use protocol::onion::ServerReply;
use store::{PictureAddress, PictureId, SaidPicture, StoreError};

pub(crate) use own::{remove, run as run_own, sent, set};
pub(crate) use prepare::Part;
pub(crate) use theirs::run as run_theirs;

use crate::attachments::Media;
use crate::core::Core;
use crate::failure::Stopped;

/// How long both queues rest after the store has failed.
const REST_MS: i64 = 30_000;

/// Why a request came to nothing.
enum Ended {
    /// Another try may help.
    Passing,
    /// The server has no such file.
    Gone,
    /// What came is no picture; it is fetched again a few times.
    Damaged,
    /// Nothing can be done.
    Final,
    /// Something here failed.
    Stopped(Stopped),
}

impl From<Stopped> for Ended {
    fn from(error: Stopped) -> Self {
        Self::Stopped(error)
    }
}

impl From<network::RequestError> for Ended {
    fn from(error: network::RequestError) -> Self {
        tracing::debug!(%error, "a request for a picture failed");
        match error.may_pass() {
            true => Self::Passing,
            false => Self::Final,
        }
    }
}

impl From<protocol::file_server::FileServerError> for Ended {
    fn from(error: protocol::file_server::FileServerError) -> Self {
        match error {
            protocol::file_server::FileServerError::NotFound => Self::Gone,
            error if error.is_final() => Self::Final,
            _ => Self::Passing,
        }
    }
}

/// The one server that is asked about pictures: that of the network profile. Spec: attachments §10 (ATT-83)
fn server(core: &Core) -> Option<(FileServer, ServerAddress)> {
    let service = core.config.profile.file_server.as_ref()?;
    let server = FileServer::parse(service.url.as_str(), service.ed25519?).ok()?;
    Some((server, service.into()))
}

async fn ask(
    core: &Core,
    server: &ServerAddress,
    request: FileRequest,
    longest_answer: usize,
) -> Result<ServerReply, Ended> {
    let request = ServerRequest::new(request.into_server_request(), longest_answer);
    Ok(core.network.to_server(server, request).await?)
}

/// What a message says of its author's picture. Spec: attachments §7 (ATT-45)
pub(crate) fn said(profile: &Profile, key: Option<&[u8]>) -> SaidPicture {
    match PictureChange::of_profile(profile, key) {
        PictureChange::Set(picture) => SaidPicture::Set(PictureAddress {
            url: picture.url().to_string(),
            key: *picture.key().expose_secret(),
        }),
        PictureChange::Remove => SaidPicture::Remove,
        PictureChange::Keep => SaidPicture::Keep,
    }
}

/// Pixels of the largest picture of a person that is encoded here: my own.
const MOST_SHOWN_PIXELS: u64 = (prepare::OWN_SIDE as u64).pow(2);

/// What is shown of a person. Spec: attachments §10 (ATT-85)
///
/// # Errors
/// `E-NOT-FOUND` when nobody has this picture any more.
pub(crate) async fn shown(core: &Core, id: PictureId) -> Result<Media, Stopped> {
    core.with_store(move |store| {
        let file = store.read(|reading| reading.picture(id))?;
        let bytes = store.files().read(&file)?;
        // One that a backup brought was encoded by whoever made the backup.
        if !media::is_within(&bytes, MOST_SHOWN_PIXELS) {
            return Err(StoreError::NotFound.into());
        }
        let (_, content_type) = media::sniff(&bytes);
        Ok(Media { bytes, content_type })
    })
    .await
}

/// Makes everything due that failed before, and looks whose picture is wanted by now.
pub(crate) async fn connection_returned(core: &Core) -> Result<(), Stopped> {
    let now = core.device_now();
    core.write(move |writing| Ok(writing.wake_pictures(now)?)).await?;
    core.own_picture_wake.notify_one();
    core.picture_wake.notify_one();
    Ok(())
}
