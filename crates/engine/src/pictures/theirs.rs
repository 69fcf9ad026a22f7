//! Fetching other people's pictures: from one server only, so often a day, and nothing of it is kept before all of it was
//! verified and decoded. Spec: attachments §10 (ATT-83 to ATT-86)

use std::sync::Arc;

use contract::Event;
use futures::StreamExt;
use protocol::TimestampMs;
use protocol::attachment::ProfilePicture;
use protocol::file_server::{FileRequest, downloaded};
use store::WantedPicture;

use super::{Ended, REST_MS, ask, prepare, server};
use crate::attachments;
use crate::core::Core;
use crate::failure::Stopped;
use crate::outbox::schedule::{Next, after_transfer_failure};

/// Fetches at once.
const AT_ONCE: usize = 2;

/// Fetches that are begun before the queue is looked at again.
const BATCH: u32 = 16;

/// Longest encrypted picture, in bytes: twice as much as other clients send.
const LARGEST: usize = 10 * 1_024 * 1_024;

/// Fetches what is due, for ever.
pub(crate) async fn run(core: Arc<Core>) {
    loop {
        let next = match fetch_due(&core).await {
            Ok(next) => next,
            Err(error) => {
                tracing::warn!(%error, "pictures could not be fetched");
                Some(core.device_now().plus_ms(REST_MS))
            }
        };
        tokio::select! {
            () = core.picture_wake.notified() => {}
            () = core.wait_until(next) => {}
        }
    }
}

/// Fetches until nothing is due, and says when the next is.
async fn fetch_due(core: &Core) -> Result<Option<TimestampMs>, Stopped> {
    loop {
        let now = core.device_now();
        let (due, next) = core
            .read(move |reading| {
                Ok((
                    reading.pictures_due(now, BATCH)?,
                    reading.next_picture_after(now)?,
                ))
            })
            .await?;
        if due.is_empty() {
            return Ok(next);
        }
        let fetches = due.into_iter().map(|wanted| fetch(core, wanted));
        let mut under_way = futures::stream::iter(fetches).buffer_unordered(AT_ONCE);
        while let Some(fetched) = under_way.next().await {
            fetched?;
        }
    }
}

/// One try, and a note of what came of it.
async fn fetch(core: &Core, wanted: WantedPicture) -> Result<(), Stopped> {
    let (beginning, now) = (wanted.clone(), core.device_now());
    let may = core.write(move |writing| Ok(writing.begin_picture_fetch(&beginning, now)?));
    if !may.await? {
        return Ok(());
    }
    let since = match wanted.attempts {
        0 => now,
        _ => wanted.since,
    };
    let ended = match download(core, &wanted).await {
        Ok(()) => return Ok(()),
        Err(Ended::Stopped(error)) => return Err(error),
        Err(ended) => ended,
    };
    let later = |damaged| after_transfer_failure(wanted.attempts, since, core.device_now(), damaged);
    let next = match ended {
        Ended::Passing => later(false),
        Ended::Damaged => later(true),
        Ended::Gone | Ended::Final | Ended::Stopped(_) => Next::GiveUp,
    };
    core.write(move |writing| match next {
        Next::TryAt(time) => Ok(writing.record_picture_attempt(&wanted, time)?),
        Next::GiveUp => Ok(writing.give_picture_up(&wanted)?),
    })
    .await
}

async fn download(core: &Core, wanted: &WantedPicture) -> Result<(), Ended> {
    let address = &wanted.address;
    let picture = ProfilePicture::parse(&address.url, &address.key).map_err(|_| Ended::Final)?;
    // Whoever names another server would learn from it when their picture is fetched, and could have anything asked.
    let (known, server) = server(core).ok_or(Ended::Final)?;
    let named = picture.url().server().map_err(|_| Ended::Final)?;
    if named.ed25519() != known.ed25519() {
        return Err(Ended::Final);
    }
    let request = FileRequest::Download(picture.url().id().clone());
    let encrypted = downloaded(ask(core, &server, request, LARGEST).await?)?;
    keep(core, wanted.clone(), picture, encrypted).await
}

async fn keep(
    core: &Core,
    wanted: WantedPicture,
    picture: ProfilePicture,
    encrypted: Vec<u8>,
) -> Result<(), Ended> {
    let _turn = core.pictures.acquire().await.map_err(|_| Stopped::Task)?;
    let whose = wanted.account_id;
    let mine = core.own_id()? == whose;
    let kept = core.with_store(move |store| {
        let Ok(bytes) = picture.decrypt(encrypted) else {
            return Ok(None);
        };
        let encoded = match mine {
            true => prepare::mine_from_elsewhere(&bytes),
            false => prepare::theirs(&bytes),
        };
        let Ok(encoded) = encoded else {
            return Ok(None);
        };
        let kept = store.keep_file(&encoded.bytes, |writing, file| {
            writing.keep_picture(&wanted, file)
        })?;
        Ok(Some(kept))
    });
    let kept = kept.await?.ok_or(Ended::Damaged)?;
    // The one before is not needed any more; or this one, when another is wanted by now.
    attachments::sweep(core).await?;
    if kept {
        core.tell_conversation(whose);
        if mine {
            core.events.send(Event::AccountChanged);
        }
    }
    Ok(())
}
