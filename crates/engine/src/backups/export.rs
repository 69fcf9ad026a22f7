//! A conversation as a web page with its files beside it, for its owner. Nothing of it is encrypted.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use backup::Totals;
use contract::{DataReport, DataWorkKind, ErrorCode};
use protocol::account::AccountId;
use store::{Message, MessageKind, Progress, Store, StoreError, Window};

use super::page::{self, Line};
use super::{Turn, report};
use crate::attachments::safe_name;
use crate::core::Core;
use crate::failure::Stopped;
use crate::view;

const BATCH: u32 = 200;
/// The page within the folder.
const PAGE: &str = "conversation.html";
/// The folder of files beside it.
const FILES: &str = "files";

/// Writes a conversation into a new folder below `to`.
pub(crate) async fn export(core: &Core, with: AccountId, to: PathBuf) -> Result<DataReport, Stopped> {
    let turn = Turn::begin(core, DataWorkKind::Export)?;
    let now = core.device_now();
    core.with_store(move |store| {
        let names = Names::of(store, with)?;
        let title = format!("{} {}", names.theirs, page::stamp(now));
        let folder = to.join(match safe_name(&title.replace(':', ".")) {
            name if name.is_empty() => "Tern".to_owned(),
            name => name,
        });
        let draft = folder.with_file_name(format!(
            ".{}.part",
            folder.file_name().unwrap_or_default().to_string_lossy()
        ));
        let written = Work {
            store,
            with,
            names,
            turn,
            totals: Totals::default(),
        }
        .run(&draft, &folder);
        if written.is_err() {
            // What cannot be removed is seen beside the place by whoever chose it.
            let _ = fs::remove_dir_all(&draft);
        }
        Ok(report(written?, &folder))
    })
    .await
}

struct Names {
    theirs: String,
    mine: String,
}

impl Names {
    fn of(store: &Store, with: AccountId) -> Result<Self, Stopped> {
        store.read(|reading| {
            let account = reading.account()?.ok_or(ErrorCode::NoAccount)?;
            let contact = reading.contact(&with)?;
            let mine = match account.display_name.is_empty() {
                true => view::shortened(account.account_id),
                false => account.display_name.clone(),
            };
            let theirs = match with == account.account_id {
                true => mine.clone(),
                false => view::conversation::name(with, contact.as_ref()),
            };
            Ok(Self { theirs, mine })
        })
    }
}

struct Work<'s> {
    store: &'s Store,
    with: AccountId,
    names: Names,
    turn: Turn,
    totals: Totals,
}

impl Work<'_> {
    fn run(mut self, draft: &Path, folder: &Path) -> Result<Totals, Stopped> {
        if folder.exists() {
            return Err(ErrorCode::AttachmentSave.into());
        }
        let files = draft.join(FILES);
        fs::create_dir_all(&files).map_err(unwritten)?;
        let mut out = BufWriter::new(fs::File::create(draft.join(PAGE)).map_err(unwritten)?);
        page::begin(&mut out, &self.names.theirs).map_err(unwritten)?;
        let mut window = Window::Oldest;
        let mut day = String::new();
        loop {
            let with = self.with;
            let rows = self
                .store
                .read(|reading| reading.messages(&with, window, BATCH))?
                .rows;
            let Some(last) = rows.last() else { break };
            window = Window::After(last.id);
            for message in &rows {
                self.message(&mut out, message, &files, &mut day)?;
            }
            let progress = Progress {
                done: self.totals.messages,
                total: self.totals.messages.saturating_add(u64::from(BATCH)),
            };
            if self.turn.step(progress).is_break() {
                return Err(ErrorCode::Cancelled.into());
            }
        }
        page::end(&mut out).map_err(unwritten)?;
        out.flush()
            .and_then(|()| out.get_ref().sync_all())
            .and_then(|()| fs::rename(draft, folder))
            .map_err(unwritten)?;
        Ok(self.totals)
    }

    fn message(
        &mut self,
        out: &mut impl Write,
        message: &Message,
        files: &Path,
        day: &mut String,
    ) -> Result<(), Stopped> {
        if !message.kind.has_content() {
            return Ok(());
        }
        let stamp = page::stamp(message.sent_at);
        let (date, time) = stamp.split_once(' ').unwrap_or((&stamp, ""));
        if day != date {
            page::day(out, date).map_err(unwritten)?;
            date.clone_into(day);
        }
        let mut saved = Vec::new();
        for attachment in self.store.read(|reading| reading.attachments_of(message.id))? {
            let number = self.totals.files.saturating_add(1);
            let name = match safe_name(&attachment.facts.file_name) {
                name if name.is_empty() => number.to_string(),
                name => format!("{number}-{name}"),
            };
            let bytes = match &attachment.file {
                Some(file) => match self.store.files().read(file) {
                    Err(StoreError::NotFound) => None,
                    read => Some(read?),
                },
                None => None,
            };
            let Some(bytes) = bytes else {
                saved.push((attachment.facts.file_name.clone(), None));
                continue;
            };
            fs::write(files.join(&name), bytes).map_err(unwritten)?;
            self.totals.files = number;
            saved.push((name.clone(), Some(format!("{FILES}/{name}"))));
        }
        let quote = self.store.read(|reading| reading.quote(message.id))?;
        let quoted = quote
            .and_then(|quote| quote.original)
            .map(|original| original.body);
        let line = Line {
            mine: message.mine,
            author: match message.mine {
                true => &self.names.mine,
                false => &self.names.theirs,
            },
            time,
            quoted: quoted.as_deref(),
            text: match message.kind {
                MessageKind::Text => &message.body,
                _ => "",
            },
            files: &saved,
        };
        page::line(out, &line).map_err(unwritten)?;
        self.totals.messages = self.totals.messages.saturating_add(1);
        Ok(())
    }
}

fn unwritten(error: std::io::Error) -> Stopped {
    tracing::warn!(kind = ?error.kind(), "an export could not be written");
    match error.kind() {
        std::io::ErrorKind::StorageFull => ErrorCode::Disk.into(),
        _ => ErrorCode::AttachmentSave.into(),
    }
}
