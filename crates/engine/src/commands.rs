//! What shells ask for, one function a command; this file only finds the function.

pub(crate) mod attachments;
mod clearing;
mod codes;
pub(crate) mod conversations;
mod data;
mod deletion;
mod device;
mod disappearing;
mod forward;
mod gallery;
mod history;
mod lists;
mod message_info;
mod messages;
mod network;
pub(crate) mod onboarding;
mod phrase;
mod pictures;
mod preferences;
mod previews;
mod proxy;
mod reactions;
mod requests;
mod restored;
mod search;
mod typing;

use contract::{Command, Failure, Reply};

use crate::core::Core;
use crate::failure::Stopped;

macro_rules! dispatch {
    ($core:ident, $command:ident, $( $name:ident => $function:path, )*) => {
        match $command {
            $( Command::$name(params) => $function($core, params).await.map(Reply::$name), )*
            // The contract may grow ahead of the engine.
            other => Err(Stopped::Refused(
                Failure::new(contract::ErrorCode::BadCommand).with("reason", other.name()),
            )),
        }
    };
}

/// Runs one command.
pub(crate) async fn run(core: &Core, command: Command) -> Result<Reply, Stopped> {
    // Who cleared it closes the engine; whatever comes before that finds nobody.
    if core.cancel.is_cancelled() {
        return Err(contract::ErrorCode::NoAccount.into());
    }
    dispatch! { core, command,
        GetStartup => onboarding::get_startup,
        CreateAccount => onboarding::create_account,
        DiscardAccount => onboarding::discard_account,
        RestoreAccount => onboarding::restore_account,
        GetRestoreProgress => onboarding::get_restore_progress,
        SkipRestoreWait => onboarding::skip_restore_wait,
        GetAccount => onboarding::get_account,
        SetDisplayName => onboarding::set_display_name,
        SetPicture => pictures::set_picture,
        RemovePicture => pictures::remove_picture,
        SetNotificationMode => onboarding::set_notification_mode,
        FinishOnboarding => onboarding::finish_onboarding,
        CheckPhrase => phrase::check_phrase,
        GetRecoveryPhrase => phrase::get_recovery_phrase,
        MarkPhraseSeen => phrase::mark_phrase_seen,
        HidePhrase => phrase::hide_phrase,
        GetRestoreReport => restored::get_restore_report,
        DismissRestoreReport => restored::dismiss_restore_report,
        GetDevice => device::get_device,
        SyncNow => device::sync_now,
        ClearData => clearing::clear_data,
        GetAccountQr => phrase::get_account_qr,
        ListConversations => conversations::list_conversations,
        ListRequests => conversations::list_requests,
        OpenConversation => conversations::open_conversation,
        ResolveRecipient => conversations::resolve_recipient,
        SetDraft => conversations::set_draft,
        Search => search::search,
        GetContactQr => lists::get_contact_qr,
        PinConversation => lists::pin_conversation,
        MuteConversation => lists::mute_conversation,
        MarkAllRead => lists::mark_all_read,
        MarkUnread => lists::mark_unread,
        SetNickname => lists::set_nickname,
        HideNoteToSelf => lists::hide_note_to_self,
        DeleteConversation => lists::delete_conversation,
        DeleteContact => lists::delete_contact,
        ClearMessages => lists::clear_messages,
        ClearRequests => lists::clear_requests,
        ListContacts => lists::list_contacts,
        ListBlocked => lists::list_blocked,
        ListMessages => messages::list_messages,
        GetMessage => messages::get_message,
        SendText => messages::send_text,
        MakePreview => previews::make_preview,
        RetryMessage => messages::retry_message,
        StageFile => attachments::stage_file,
        KeepVoice => attachments::keep_voice,
        DiscardFile => attachments::discard_file,
        SendFiles => attachments::send_files,
        DownloadFile => attachments::download_file,
        CancelTransfer => attachments::cancel_transfer,
        SaveFile => attachments::save_file,
        SetAutoDownload => attachments::set_auto_download,
        ListGallery => gallery::list_gallery,
        GetNeighbours => gallery::get_neighbours,
        ListLinks => gallery::list_links,
        ForwardMessage => forward::forward_message,
        DeleteMessageHere => deletion::delete_message_here,
        DeleteOnMyDevices => deletion::delete_on_my_devices,
        DeleteForEveryone => deletion::delete_for_everyone,
        GetMessageInfo => message_info::get_message_info,
        MarkRead => messages::mark_read,
        React => reactions::react,
        ListReactions => reactions::list_reactions,
        SetTyping => typing::set_typing,
        SetDisappearing => disappearing::set_disappearing,
        AcceptRequest => requests::accept_request,
        DeleteRequest => requests::delete_request,
        Block => requests::block,
        Unblock => requests::unblock,
        GetPreferences => preferences::get_preferences,
        SetPreferences => preferences::set_preferences,
        SetCommunityRequests => preferences::set_community_requests,
        GetProxy => proxy::get_proxy,
        SetProxy => proxy::set_proxy,
        TestProxy => proxy::test_proxy,
        GetData => data::get_data,
        NewBackupPassphrase => data::new_backup_passphrase,
        BackUp => data::back_up,
        RestoreBackup => data::restore_backup,
        SetBackupSchedule => data::set_backup_schedule,
        ExportConversation => data::export_conversation,
        CancelData => data::cancel_data,
        ListSpace => data::list_space,
        FreeSpace => data::free_space,
        GetHistory => history::get_history,
        SendHistory => history::send_history,
        ReceiveHistory => history::receive_history,
        AnswerHistory => history::answer_history,
        CancelHistory => history::cancel_history,
        GetPath => network::get_path,
        NewPath => network::new_path,
        ListServices => network::list_services,
        PollNow => network::poll_now,
        SetDeviceOnline => network::set_device_online,
    }
}
