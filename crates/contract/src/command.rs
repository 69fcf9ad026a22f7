//! Commands and their replies.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::*;

mod declare;

use declare::commands;

/// A command's parameters as one type, with the type of its answer.
pub trait Request: Serialize + DeserializeOwned {
    /// The answer.
    type Reply: Serialize + DeserializeOwned;
    /// The command's snake_case name, as JSON-RPC and the IPC use it.
    const NAME: &'static str;
    /// Wraps the parameters.
    fn into_command(self) -> Command;
}

/// An answer without content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {}

commands! {
    /// What the first screen needs.
    GetStartup = "get_startup" {} -> StartupView;
    /// Makes a new account at once; its name follows by `set_display_name`.
    CreateAccount = "create_account" {} -> AccountView;
    /// Throws away an account whose onboarding is unfinished, with its keys.
    DiscardAccount = "discard_account" {} -> Done;
    /// Says what is known of a phrase being typed. Nothing is stored.
    CheckPhrase = "check_phrase" {
        /// As typed.
        text: SecretText,
    } -> PhraseCheck;
    /// Restores an account from its recovery phrase.
    RestoreAccount = "restore_account" {
        /// Words in any mix of spaces, commas, line breaks and letter case; or the seed as hex.
        phrase: SecretText,
    } -> AccountView;
    /// How far the loading of a restored account is.
    GetRestoreProgress = "get_restore_progress" {} -> RestoreProgressView;
    /// Goes on without waiting for the restored account's settings.
    SkipRestoreWait = "skip_restore_wait" {} -> Done;
    /// The account as its owner sees it.
    GetAccount = "get_account" {} -> AccountView;
    /// Sets the display name, 1 to 100 bytes of UTF-8 after trimming.
    SetDisplayName = "set_display_name" {
        /// The name.
        name: String,
    } -> AccountView;
    /// Makes a staged picture one's own: cut to a square, made smaller, shown at once and brought to the network.
    SetPicture = "set_picture" {
        /// Which file; it is not staged any more afterwards.
        attachment: AttachmentId,
        /// Which part of it; without it the middle.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        crop: Option<Crop>,
    } -> AccountView;
    /// Takes one's own picture away.
    RemovePicture = "remove_picture" {} -> AccountView;
    /// Chooses how new messages reach the phone.
    SetNotificationMode = "set_notification_mode" {
        /// The mode.
        mode: NotificationMode,
    } -> AccountView;
    /// The recovery phrase. Secret.
    GetRecoveryPhrase = "get_recovery_phrase" {} -> RecoveryPhraseView;
    /// Records that the words were visible on the screen.
    MarkPhraseSeen = "mark_phrase_seen" {} -> AccountView;
    /// Ends onboarding: the phrase was saved, or put off.
    FinishOnboarding = "finish_onboarding" {} -> AccountView;
    /// Never shows the recovery phrase on this device again; it is needed to come back.
    HidePhrase = "hide_phrase" {} -> AccountView;
    /// What came back with a restored account, until the report is dismissed.
    GetRestoreReport = "get_restore_report" {} -> Option<RestoreReport>;
    /// The report is not shown again.
    DismissRestoreReport = "dismiss_restore_report" {} -> Done;
    /// This device, and how far it is in step with the account's others.
    GetDevice = "get_device" {} -> DeviceView;
    /// Brings settings to the account's other devices and takes over theirs, now.
    SyncNow = "sync_now" {} -> DeviceView;
    /// Erases the account from this device, with everything it has here, and what the network keeps of it if that is
    /// wanted. Ends the engine: whoever asked closes it. Nothing is erased when relays do not confirm (`E-CLEAR-NET`).
    ClearData = "clear_data" {
        /// What goes.
        scope: ClearScope,
    } -> Done;
    /// The Account ID as a QR code.
    GetAccountQr = "get_account_qr" {} -> QrView;
    /// A window of the home list.
    ListConversations = "list_conversations" {
        /// Index of the first row.
        offset: u32,
        /// Rows at most (up to 200).
        limit: u32,
    } -> ConversationPage;
    /// A window of the message requests.
    ListRequests = "list_requests" {
        /// Index of the first row.
        offset: u32,
        /// Rows at most (up to 200).
        limit: u32,
    } -> ConversationPage;
    /// The head of a conversation; an Account ID never written to is fine and creates nothing.
    OpenConversation = "open_conversation" {
        /// Which one.
        conversation: ConversationId,
    } -> ConversationView;
    /// Checks what was typed as a recipient and names the conversation it leads to.
    ResolveRecipient = "resolve_recipient" {
        /// An Account ID, in any letter case and with blanks around it.
        text: String,
    } -> ConversationView;
    /// A window of a conversation's rows.
    ListMessages = "list_messages" {
        /// Which conversation.
        conversation: ConversationId,
        /// Which rows.
        window: MessageWindow,
        /// Rows at most (up to 200).
        limit: u32,
    } -> MessagePage;
    /// One row.
    GetMessage = "get_message" {
        /// Which row.
        message: MessageId,
    } -> MessageRow;
    /// Queues a text and returns at once; its state follows by events.
    SendText = "send_text" {
        /// To whom.
        conversation: ConversationId,
        /// 1 to 2,000 characters, not only blanks.
        text: String,
        /// The message of the same conversation that it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<MessageId>,
        /// What is shown of a link in it, as [`MakePreview`] gave it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        preview: Option<NewPreview>,
    } -> SentMessage;
    /// Visits a link of `https` for its title and its picture, if the user wants previews; the site learns the address of
    /// this device. Nothing when there is nothing to show.
    MakePreview = "make_preview" {
        /// As it stands in the text.
        url: String,
    } -> Option<LinkPreview>;
    /// Takes a file from this device to be sent: `send_files` names it. What a picture or a film tells of its maker is
    /// removed. For headless use; the app's page has no paths.
    StageFile = "stage_file" {
        /// Absolute path.
        path: String,
        /// Send it as a voice message. Other files than sound are refused.
        #[serde(default)]
        voice: bool,
        /// Keep all pixels of a picture, instead of as many as a screen shows.
        #[serde(default)]
        original: bool,
    } -> AttachmentView;
    /// Keeps a staged voice message with its conversation until it is sent or let go, also over restarts.
    KeepVoice = "keep_voice" {
        /// For whom it was recorded.
        conversation: ConversationId,
        /// Which one.
        attachment: AttachmentId,
    } -> Done;
    /// Lets go of a file that was to be sent.
    DiscardFile = "discard_file" {
        /// Which one.
        attachment: AttachmentId,
    } -> Done;
    /// Queues staged files, at most 32, as one message and returns at once.
    SendFiles = "send_files" {
        /// To whom.
        conversation: ConversationId,
        /// Which files, in order.
        files: Vec<AttachmentId>,
        /// At most 2,000 characters; may be empty.
        #[serde(default)]
        text: String,
        /// The message of the same conversation that it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<MessageId>,
    } -> SentMessage;
    /// Fetches a file of theirs, or tries again.
    DownloadFile = "download_file" {
        /// Which one.
        attachment: AttachmentId,
        /// From now on fetch this person's files without asking.
        trust: bool,
    } -> Done;
    /// Ends a file's transfer; it can be tried again.
    CancelTransfer = "cancel_transfer" {
        /// Which one.
        attachment: AttachmentId,
    } -> Done;
    /// Writes a whole file to this device, outside the encrypted store. For headless use.
    SaveFile = "save_file" {
        /// Which one.
        attachment: AttachmentId,
        /// Absolute path; must not exist yet.
        path: String,
    } -> Done;
    /// Whether files of this person are fetched without asking.
    SetAutoDownload = "set_auto_download" {
        /// Whose.
        conversation: ConversationId,
        /// Without asking.
        on: bool,
    } -> Done;
    /// Pictures and films of a conversation, or its other files, newest first.
    ListGallery = "list_gallery" {
        /// Which conversation.
        conversation: ConversationId,
        /// Pictures and films; otherwise all other files.
        media: bool,
        /// Older than this file.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<AttachmentId>,
        /// Items at most (up to 200).
        limit: u32,
    } -> GalleryPage;
    /// A file with the pictures or films before and after it in its conversation.
    GetNeighbours = "get_neighbours" {
        /// Of which one.
        attachment: AttachmentId,
    } -> Neighbours;
    /// Messages of a conversation with web links, newest first.
    ListLinks = "list_links" {
        /// Which conversation.
        conversation: ConversationId,
        /// Go on from here.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<MessageId>,
        /// Messages at most (up to 200).
        limit: u32,
    } -> LinkPage;
    /// Sends a message's text and files on; the files from what is here, cleaned as every file that is sent.
    ForwardMessage = "forward_message" {
        /// Which one.
        message: MessageId,
        /// To whom.
        to: ConversationId,
    } -> SentMessage;
    /// Tries a failed message again, with the same identity.
    RetryMessage = "retry_message" {
        /// Which row.
        message: MessageId,
    } -> Done;
    /// Removes a message from this device only.
    DeleteMessageHere = "delete_message_here" {
        /// Which row.
        message: MessageId,
    } -> Done;
    /// Removes a message from all my devices and from my swarm; the other side keeps theirs.
    DeleteOnMyDevices = "delete_on_my_devices" {
        /// Which row.
        message: MessageId,
    } -> Done;
    /// Takes back a message of mine: it is deleted at the other side, too.
    DeleteForEveryone = "delete_for_everyone" {
        /// Which row.
        message: MessageId,
    } -> Done;
    /// Adds or takes back a reaction of mine.
    React = "react" {
        /// To which row.
        message: MessageId,
        /// One emoji.
        emoji: String,
        /// Add it, or take it back.
        add: bool,
    } -> Done;
    /// Who reacted to a message.
    ListReactions = "list_reactions" {
        /// To which row.
        message: MessageId,
    } -> Vec<ReactionView>;
    /// Everything that is known of one message.
    GetMessageInfo = "get_message_info" {
        /// Which row.
        message: MessageId,
    } -> MessageInfo;
    /// Marks everything up to one row as read.
    MarkRead = "mark_read" {
        /// Which conversation.
        conversation: ConversationId,
        /// The newest row that was seen.
        up_to: MessageId,
    } -> Done;
    /// Keeps unsent text; empty removes it.
    SetDraft = "set_draft" {
        /// Which conversation.
        conversation: ConversationId,
        /// The text.
        text: String,
    } -> Done;
    /// Tells the other side that I am typing, or stopped, if typing indicators are on. Cheap; call it with each key.
    SetTyping = "set_typing" {
        /// Where.
        conversation: ConversationId,
        /// Typing, or not any more.
        typing: bool,
    } -> Done;
    /// Sets how my messages of a conversation disappear, and tells the other side.
    SetDisappearing = "set_disappearing" {
        /// Which conversation.
        conversation: ConversationId,
        /// `None` turns it off.
        setting: Option<Disappearing>,
    } -> Done;
    /// Somebody's Account ID as a QR code.
    GetContactQr = "get_contact_qr" {
        /// Whose.
        conversation: ConversationId,
    } -> QrView;
    /// Puts a conversation on top of the home list, or back into its place.
    PinConversation = "pin_conversation" {
        /// Which one.
        conversation: ConversationId,
        /// On top.
        pinned: bool,
    } -> Done;
    /// Keeps a conversation from notifying.
    MuteConversation = "mute_conversation" {
        /// Which one.
        conversation: ConversationId,
        /// How long; `None` lets it notify again.
        mute: Option<Mute>,
    } -> Done;
    /// Marks everything of a conversation as read, and takes a mark as unread back.
    MarkAllRead = "mark_all_read" {
        /// Which one.
        conversation: ConversationId,
    } -> Done;
    /// Marks a conversation as unread until it is opened again.
    MarkUnread = "mark_unread" {
        /// Which one.
        conversation: ConversationId,
    } -> Done;
    /// Names a person for oneself, 1 to 100 bytes after trimming; empty removes the nickname.
    SetNickname = "set_nickname" {
        /// Whom.
        conversation: ConversationId,
        /// The nickname.
        nickname: String,
    } -> Done;
    /// Takes Note to Self off the home list, or puts it there.
    HideNoteToSelf = "hide_note_to_self" {
        /// Off the list.
        hidden: bool,
    } -> Done;
    /// Removes a conversation with its messages; it comes back when somebody writes.
    DeleteConversation = "delete_conversation" {
        /// Which one.
        conversation: ConversationId,
    } -> Done;
    /// Removes a person and the conversation with them; what they write later is a message request.
    DeleteContact = "delete_contact" {
        /// Whom.
        conversation: ConversationId,
    } -> Done;
    /// Removes all messages of a conversation from this device.
    ClearMessages = "clear_messages" {
        /// Which one.
        conversation: ConversationId,
    } -> Done;
    /// Deletes all message requests; the senders are told nothing.
    ClearRequests = "clear_requests" {} -> Done;
    /// People I accepted, by name, without those I blocked.
    ListContacts = "list_contacts" {
        /// Index of the first row.
        offset: u32,
        /// Rows at most (up to 200).
        limit: u32,
    } -> PersonPage;
    /// People I blocked, by name.
    ListBlocked = "list_blocked" {
        /// Index of the first row.
        offset: u32,
        /// Rows at most (up to 200).
        limit: u32,
    } -> PersonPage;
    /// Looks through conversations, contacts and messages. Letter case and accents do not matter; each word may be
    /// the beginning of one.
    Search = "search" {
        /// What to look for, 1 to 200 characters.
        text: String,
        /// Only in this conversation.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        conversation: Option<ConversationId>,
        /// Give messages before this hit of an earlier answer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<MessageId>,
        /// Messages at most (up to 200).
        limit: u32,
    } -> SearchResults;
    /// Accepts a message request and tells the other side.
    AcceptRequest = "accept_request" {
        /// Whose.
        conversation: ConversationId,
    } -> Done;
    /// Deletes a message request; the sender is told nothing.
    DeleteRequest = "delete_request" {
        /// Whose.
        conversation: ConversationId,
    } -> Done;
    /// Blocks a person.
    Block = "block" {
        /// Whom.
        conversation: ConversationId,
    } -> Done;
    /// Unblocks a person.
    Unblock = "unblock" {
        /// Whom.
        conversation: ConversationId,
    } -> Done;
    /// What the user likes, on this device.
    GetPreferences = "get_preferences" {} -> Preferences;
    /// The proxy that connections go through.
    GetProxy = "get_proxy" {} -> ProxyState;
    /// Sets the proxy or takes it away. From then on nothing goes around it; connections that stand are not used again.
    SetProxy = "set_proxy" {
        /// The proxy; `None` for none.
        proxy: Option<ProxyView>,
    } -> Done;
    /// Connects to a place of the network through a proxy, and changes nothing. `E-PROXY` when that does not work.
    TestProxy = "test_proxy" {
        /// As typed.
        proxy: ProxyView,
    } -> Done;
    /// Replaces what the user likes.
    SetPreferences = "set_preferences" {
        /// All of it.
        preferences: Preferences,
    } -> Done;
    /// Whether people of communities may ask to write to me. `set_preferences` leaves it alone: all devices share it.
    SetCommunityRequests = "set_community_requests" {
        /// Whether they may.
        taken: bool,
    } -> Done;
    /// Whether a backup, a restore or an export is under way, when backups are made by themselves, and whether the disk is
    /// almost full.
    GetData = "get_data" {} -> DataView;
    /// Draws a passphrase for a backup: six words. It is kept nowhere.
    NewBackupPassphrase = "new_backup_passphrase" {} -> BackupPassphrase;
    /// Writes an encrypted backup and answers when it is whole. For headless use; the app's page has no paths.
    BackUp = "back_up" {
        /// Absolute path of a file, which is replaced, or of a folder, in which one is made.
        to: String,
        /// What will open it; letter case and blanks do not matter.
        passphrase: SecretText,
        /// With the account itself: who opens the backup then has the account.
        #[serde(default)]
        include_account: bool,
    } -> DataReport;
    /// Brings a backup back and answers when that is done. Without an account here it brings the account, too, if the backup
    /// has it. For headless use.
    RestoreBackup = "restore_backup" {
        /// Absolute path.
        from: String,
        /// What opens it.
        passphrase: SecretText,
    } -> DataReport;
    /// Makes backups by themselves from now on, the newest two of which are kept; or none. For headless use.
    SetBackupSchedule = "set_backup_schedule" {
        /// `None` ends it.
        schedule: Option<NewBackupSchedule>,
    } -> DataView;
    /// Writes a conversation with its files as a web page, which is not encrypted, into a new folder. For headless use.
    ExportConversation = "export_conversation" {
        /// Which one.
        conversation: ConversationId,
        /// Absolute path of the folder in which that folder is made.
        to: String,
    } -> DataReport;
    /// Ends the backup, the restore or the export that is under way.
    CancelData = "cancel_data" {} -> Done;
    /// What conversations take of the disk.
    ListSpace = "list_space" {} -> SpaceView;
    /// Removes the local copies of a conversation's files, which can be fetched again while the server has them, or its
    /// older messages.
    FreeSpace = "free_space" {
        /// Which one.
        conversation: ConversationId,
        /// Remove messages that are older than so many days, and no other file; without it all files and no message.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        older_than_days: Option<u32>,
    } -> FreedView;
    /// The move of history that is under way, or how the last one ended.
    GetHistory = "get_history" {} -> HistoryView;
    /// Offers this device's history in the local network, until another device of the account has taken it or
    /// [`CancelHistory`].
    SendHistory = "send_history" {} -> HistoryView;
    /// Takes the history of another device of the account, which offers it.
    ReceiveHistory = "receive_history" {
        /// Where it waits, as it says itself (`192.168.1.20:40123`); without it the device is looked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<String>,
    } -> HistoryView;
    /// Says whether both devices show the same code. Nothing passes before both have been told so.
    AnswerHistory = "answer_history" {
        /// The same.
        same: bool,
    } -> Done;
    /// Ends the move that is under way, and forgets how the last one ended.
    CancelHistory = "cancel_history" {} -> Done;
    /// Connection, relays of the path and clock.
    GetPath = "get_path" {} -> PathView;
    /// Builds another path.
    NewPath = "new_path" {} -> Done;
    /// The services this network profile names.
    ListServices = "list_services" {} -> Vec<ServiceView>;
    /// Looks for messages now.
    PollNow = "poll_now" {} -> Done;
    /// Tells what the device knows of its own connectivity.
    SetDeviceOnline = "set_device_online" {
        /// Whether it has any network.
        online: bool,
    } -> Done;
}
