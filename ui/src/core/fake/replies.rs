//! The stand-in's answers.

use contract::*;

use super::canned::{account, check, now, qr, services};
use super::people::{self, Thread, me};

/// What opens the scene `passphrase`.
const PASSPHRASE: &str = "open sesame";

/// What the stand-in holds.
pub(crate) struct State {
    pub(super) account: Option<AccountView>,
    stage: Stage,
    start_failure: Option<Failure>,
    connection: Connection,
    clock_offset_ms: i64,
    pub(super) threads: Vec<Thread>,
    pub(super) next: i64,
    pub(super) preferences: Preferences,
    /// Files that were chosen and not sent yet.
    pub(super) staged: Vec<AttachmentView>,
    /// What is told of the devices.
    pub(super) devices: super::devices::Told,
    /// Nothing is ever answered.
    pub(crate) is_silent: bool,
    /// To be delivered after the answer.
    pub(crate) events: Vec<Event>,
    /// The move of history.
    pub(crate) history: HistoryView,
    /// A message that was just sent.
    pub(crate) sent: Option<MessageId>,
}

impl State {
    /// The state of a scene.
    pub(crate) fn of(scene: &str) -> Self {
        let now = now();
        let stage = match scene {
            "landing" => Stage::Landing,
            "name" => Stage::Name,
            "notifications" => Stage::Notifications,
            "save_phrase" => Stage::SavePhrase,
            "loading" => Stage::Loading,
            "restore_name" => Stage::RestoreName,
            _ => Stage::Home,
        };
        let mut threads = if matches!(scene, "empty" | "restored") {
            Vec::new()
        } else {
            people::threads(now)
        };
        if scene == "many" {
            threads.push(people::long_thread(now, 10_000));
            let more = (100..2_000).map(|n| Thread {
                with: people::id(n),
                name: format!("Person {n}"),
                rows: Vec::new(),
                ..people::long_thread(now, 0)
            });
            threads.extend(more);
        }
        let restored = matches!(scene, "restored" | "loading" | "restore_name");
        let start_failure = match scene {
            "store" => Some(Failure::new(ErrorCode::Store)),
            "keyring" => Some(Failure::new(ErrorCode::Keyring)),
            "passphrase" => Some(Failure::new(ErrorCode::PassphraseNeeded)),
            "new_passphrase" => Some(Failure::new(ErrorCode::PassphraseNeeded).with("first", "yes")),
            _ => None,
        };
        Self {
            account: (stage != Stage::Landing).then(|| account(restored, scene != "home")),
            stage,
            start_failure,
            connection: match scene {
                "offline" => Connection::Offline,
                "connecting" => Connection::Connecting,
                "nopath" => Connection::NotConnected,
                _ => Connection::Connected,
            },
            clock_offset_ms: if scene == "clock" { 10 * 60_000 } else { 0 },
            threads,
            next: 1_000_000,
            preferences: Preferences::default(),
            staged: Vec::new(),
            devices: super::devices::Told::of(scene),
            is_silent: scene == "slow",
            events: Vec::new(),
            history: HistoryView::default(),
            sent: None,
        }
    }

    /// Takes any new passphrase, and later only [`PASSPHRASE`].
    pub(crate) fn unlock(&mut self, passphrase: &str) -> Result<(), Failure> {
        let is_first = |failure: &Failure| failure.values.contains_key("first");
        if passphrase != PASSPHRASE && !self.start_failure.as_ref().is_some_and(is_first) {
            return Err(ErrorCode::PassphraseWrong.into());
        }
        self.start_failure = None;
        Ok(())
    }

    /// Answers one command, as JSON.
    pub(crate) fn answer(&mut self, command: Command) -> Result<String, Failure> {
        let reply = self.reply(command)?;
        serde_json::to_string(&reply).map_err(|_| ErrorCode::Unknown.into())
    }

    fn reply(&mut self, command: Command) -> Result<Reply, Failure> {
        let done = Done {};
        if let Some(answer) = self.interact(&command).or_else(|| super::data::answer(&command)) {
            return answer;
        }
        if let Some(moved) = self.move_history(&command) {
            return moved;
        }
        if let Some(reply) = self.device(&command) {
            return Ok(reply);
        }
        if let Some(managed) = self.manage(&command) {
            return managed;
        }
        Ok(match command {
            Command::GetPreferences(_) => Reply::GetPreferences(self.preferences),
            Command::SetPreferences(it) => {
                self.preferences = it.preferences;
                Reply::SetPreferences(done)
            }
            Command::SetCommunityRequests(it) => {
                self.preferences.community_requests = it.taken;
                Reply::SetCommunityRequests(done)
            }
            Command::GetProxy(_) => Reply::GetProxy(ProxyState { proxy: None }),
            Command::SetProxy(_) => Reply::SetProxy(done),
            Command::TestProxy(_) => return Err(ErrorCode::Proxy.into()),
            Command::GetStartup(_) => Reply::GetStartup(self.startup()?),
            Command::CreateAccount(_) => Reply::CreateAccount(self.set_account(account(false, false), "")),
            Command::DiscardAccount(_) => {
                self.account = None;
                Reply::DiscardAccount(done)
            }
            Command::CheckPhrase(it) => Reply::CheckPhrase(check(it.text.expose_secret())),
            Command::RestoreAccount(it) => match check(it.phrase.expose_secret()).failure {
                Some(failure) => return Err(failure),
                None => Reply::RestoreAccount(self.set_account(account(true, false), "")),
            },
            Command::SetDisplayName(it) => Reply::SetDisplayName(self.rename(&it.name)?),
            Command::SetPicture(it) => Reply::SetPicture(self.set_picture(&it)?),
            Command::RemovePicture(_) => Reply::RemovePicture(self.remove_picture()?),
            Command::SetNotificationMode(it) => {
                let mut account = self.account()?;
                account.notification_mode = Some(it.mode);
                self.account = Some(account.clone());
                Reply::SetNotificationMode(account)
            }
            Command::GetAccount(_) => Reply::GetAccount(self.account()?),
            Command::FinishOnboarding(_) => Reply::FinishOnboarding(self.account()?),
            Command::MarkPhraseSeen(_) => Reply::MarkPhraseSeen(self.account()?),
            Command::GetAccountQr(_) => Reply::GetAccountQr(qr()),
            Command::ListConversations(it) => Reply::ListConversations(self.list(false, it.offset, it.limit)),
            Command::ListRequests(it) => Reply::ListRequests(self.list(true, it.offset, it.limit)),
            Command::OpenConversation(it) => Reply::OpenConversation(self.head(&it.conversation)?),
            Command::ResolveRecipient(it) => {
                let id = it.text.trim().to_lowercase();
                if id.len() != 66 || !id.starts_with("05") {
                    return Err(ErrorCode::IdInvalid.into());
                }
                Reply::ResolveRecipient(self.head(&ConversationId(id))?)
            }
            Command::ListMessages(it) => Reply::ListMessages(self.messages(&it)?),
            Command::GetMessage(it) => {
                let found = self
                    .threads
                    .iter()
                    .flat_map(|t| &t.rows)
                    .find(|row| row.id == it.message);
                Reply::GetMessage(found.cloned().ok_or(ErrorCode::NotFound)?)
            }
            Command::SendText(it) => Reply::SendText(self.send(&it)?),
            Command::MakePreview(it) => Reply::MakePreview(super::previews::made(&it.url)),
            Command::SendFiles(it) => Reply::SendFiles(self.send_files(&it)?),
            Command::KeepVoice(_) => Reply::KeepVoice(Done {}),
            Command::DiscardFile(it) => {
                self.staged.retain(|file| file.id != it.attachment);
                Reply::DiscardFile(Done {})
            }
            Command::DownloadFile(it) => {
                self.set_file(it.attachment, AttachmentState::Done);
                Reply::DownloadFile(Done {})
            }
            Command::CancelTransfer(it) => {
                let failure = ErrorCode::AttachmentUpload.into();
                self.set_file(it.attachment, AttachmentState::Failed { failure });
                Reply::CancelTransfer(Done {})
            }
            Command::MarkRead(it) => {
                let thread = self.thread(&it.conversation)?;
                thread.rows.iter_mut().for_each(|row| row.read = true);
                self.events.push(Event::ConversationsChanged);
                Reply::MarkRead(done)
            }
            Command::GetPath(_) => Reply::GetPath(self.path()),
            Command::ListServices(_) => Reply::ListServices(services()),
            Command::AcceptRequest(it) => {
                self.thread(&it.conversation)?.approval = Approval::Accepted;
                Reply::AcceptRequest(done)
            }
            Command::SetDraft(it) => {
                if let Ok(thread) = self.thread(&it.conversation) {
                    thread.draft = it.text;
                }
                Reply::SetDraft(done)
            }
            _ => Reply::PollNow(done),
        })
    }

    /// Changes a message's state; gives the event that says so.
    pub(crate) fn set_status(&mut self, message: MessageId, status: MessageStatus) -> Option<Event> {
        let thread = self
            .threads
            .iter_mut()
            .find(|thread| thread.rows.iter().any(|row| row.id == message))?;
        let row = thread.rows.iter_mut().find(|row| row.id == message)?;
        row.status = Some(status);
        Some(Event::MessageChanged {
            conversation: thread.with.clone().into(),
            message,
        })
    }

    fn startup(&self) -> Result<StartupView, Failure> {
        if let Some(failure) = &self.start_failure {
            return Err(failure.clone());
        }
        Ok(StartupView {
            stage: self.stage,
            account: self.account.clone(),
            push_provider: Some("Google".into()),
            key_custody: KeyCustody::Keychain,
            network: "testnet".into(),
        })
    }

    pub(super) fn account(&self) -> Result<AccountView, Failure> {
        self.account.clone().ok_or_else(|| ErrorCode::NoAccount.into())
    }

    fn set_account(&mut self, mut account: AccountView, name: &str) -> AccountView {
        name.clone_into(&mut account.display_name);
        self.account = Some(account.clone());
        account
    }

    fn rename(&mut self, name: &str) -> Result<AccountView, Failure> {
        let account = self.account()?;
        Ok(self.set_account(account, name))
    }

    pub(super) fn thread(&mut self, id: &ConversationId) -> Result<&mut Thread, Failure> {
        self.threads
            .iter_mut()
            .find(|thread| thread.with.0 == id.0)
            .ok_or_else(|| ErrorCode::NotFound.into())
    }

    fn messages(&mut self, it: &ListMessages) -> Result<MessagePage, Failure> {
        let empty = Vec::new();
        let rows = self
            .thread(&it.conversation)
            .map_or(&empty, |thread| &thread.rows);
        let limit = it.limit as usize;
        let first_unread = rows.iter().position(|row| !row.read);
        let place = |message: MessageId| rows.iter().position(|row| row.id == message).unwrap_or(0);
        let around = |index: usize| index.saturating_sub(limit / 2)..(index + limit / 2).min(rows.len());
        let newest = rows.len().saturating_sub(limit)..rows.len();
        let range = match it.window {
            MessageWindow::Newest => newest,
            MessageWindow::Oldest => 0..limit.min(rows.len()),
            MessageWindow::FirstUnread => first_unread.map_or(newest, around),
            MessageWindow::Around { message } => around(place(message)),
            MessageWindow::Before { message } => place(message).saturating_sub(limit)..place(message),
            MessageWindow::After { message } => {
                place(message) + 1..(place(message) + 1 + limit).min(rows.len())
            }
        };
        Ok(MessagePage {
            more_before: range.start > 0,
            more_after: range.end < rows.len(),
            first_unread: first_unread.and_then(|index| rows.get(index)).map(|row| row.id),
            unread: rows.iter().filter(|row| !row.read).count() as u32,
            rows: rows.get(range).map(<[MessageRow]>::to_vec).unwrap_or_default(),
        })
    }

    fn send(&mut self, it: &SendText) -> Result<SentMessage, Failure> {
        self.next += 1;
        let (id, at) = (MessageId(self.next), TimestampMs(now()));
        self.sent = Some(id);
        self.thread(&it.conversation)?.rows.push(MessageRow {
            id,
            author: me(),
            mine: true,
            body: MessageBody::Text {
                text: it.text.clone(),
            },
            sent_at_ms: at,
            received_at_ms: at,
            status: Some(MessageStatus::Queued),
            failure: None,
            read: true,
            quote: None,
            reactions: Vec::new(),
            expiry: None,
            preview: it.preview.as_ref().map(super::previews::sent),
            attachments: Vec::new(),
        });
        Ok(SentMessage {
            message_id: id,
            conversation: it.conversation.clone(),
            sent_at_ms: at,
        })
    }

    fn path(&self) -> PathView {
        let relay = |ip: &str, country: Option<&str>| RelayView {
            ip: ip.into(),
            country: country.map(str::to_owned),
        };
        let relays = [
            relay("203.0.113.7", Some("SE")),
            relay("198.51.100.23", Some("CA")),
            relay("192.0.2.160", None),
        ];
        PathView {
            connection: self.connection,
            relays: if self.connection == Connection::Connected {
                relays.to_vec()
            } else {
                Vec::new()
            },
            reason: (self.connection == Connection::NotConnected).then(|| "no-guard".into()),
            clock_offset_ms: self.clock_offset_ms,
        }
    }
}

pub(super) fn kind(thread: &Thread) -> ConversationKind {
    if thread.with == me() {
        ConversationKind::NoteToSelf
    } else {
        ConversationKind::Direct
    }
}

pub(super) fn unread(thread: &Thread) -> u32 {
    thread.rows.iter().filter(|row| !row.read).count() as u32
}
