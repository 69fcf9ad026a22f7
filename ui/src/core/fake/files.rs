//! Files of the stand-in: chosen, sent, fetched, all in a moment.

use contract::*;

use super::people::me;
use super::replies::State;
use crate::core::ChosenFile;

impl State {
    /// Takes a file as it is.
    pub(super) fn stage(&mut self, file: &ChosenFile) -> AttachmentView {
        self.next += 1;
        let view = AttachmentView {
            id: AttachmentId(self.next),
            kind: kind_of(&file.name, file.voice),
            file_name: file.name.clone(),
            content_type: String::new(),
            size: u64::from(file.bytes.length()),
            width: None,
            height: None,
            duration_ms: file.voice.then_some(3_000),
            state: AttachmentState::Staged,
            here: true,
        };
        self.staged.push(view.clone());
        view
    }

    /// Takes the picture; nothing shows it here.
    pub(super) fn set_picture(&mut self, it: &SetPicture) -> Result<AccountView, Failure> {
        self.staged.retain(|file| file.id != it.attachment);
        self.show_picture(Some(PictureId(format!("{:032x}", it.attachment.0))))
    }

    pub(super) fn remove_picture(&mut self) -> Result<AccountView, Failure> {
        self.show_picture(None)
    }

    fn show_picture(&mut self, picture: Option<PictureId>) -> Result<AccountView, Failure> {
        let account = AccountView {
            picture,
            ..self.account()?
        };
        self.account = Some(account.clone());
        Ok(account)
    }

    pub(super) fn send_files(&mut self, it: &SendFiles) -> Result<SentMessage, Failure> {
        self.next += 1;
        let (id, at) = (MessageId(self.next), TimestampMs(super::canned::now()));
        let (sent, kept) = std::mem::take(&mut self.staged)
            .into_iter()
            .partition::<Vec<_>, _>(|file| it.files.contains(&file.id));
        self.staged = kept;
        let attachments = sent.into_iter().map(|file| AttachmentView {
            state: AttachmentState::Done,
            ..file
        });
        let row = MessageRow {
            attachments: attachments.collect(),
            ..super::people::row(id.0, me(), true, at.0, &it.text)
        };
        self.sent = Some(id);
        self.thread(&it.conversation)?.rows.push(row);
        Ok(SentMessage {
            message_id: id,
            conversation: it.conversation.clone(),
            sent_at_ms: at,
        })
    }

    pub(super) fn set_file(&mut self, id: AttachmentId, state: AttachmentState) {
        for thread in &mut self.threads {
            for row in &mut thread.rows {
                let Some(file) = row.attachments.iter_mut().find(|file| file.id == id) else {
                    continue;
                };
                file.state = state.clone();
                self.events.push(Event::MessageChanged {
                    conversation: thread.with.clone().into(),
                    message: row.id,
                });
            }
        }
    }
}

fn kind_of(name: &str, voice: bool) -> AttachmentKind {
    match name.rsplit('.').next() {
        _ if voice => AttachmentKind::Voice,
        Some("jpg" | "jpeg" | "png" | "webp" | "gif") => AttachmentKind::Image,
        Some("mp4" | "webm") => AttachmentKind::Video,
        Some("mp3" | "ogg" | "m4a") => AttachmentKind::Audio,
        _ => AttachmentKind::File,
    }
}
