//! What shells ask for, one function a command; this file only finds the function.

mod conversations;
mod messages;
mod network;
mod onboarding;
mod phrase;
mod preferences;
mod requests;

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
    dispatch! { core, command,
        GetStartup => onboarding::get_startup,
        CreateAccount => onboarding::create_account,
        DiscardAccount => onboarding::discard_account,
        RestoreAccount => onboarding::restore_account,
        GetRestoreProgress => onboarding::get_restore_progress,
        SkipRestoreWait => onboarding::skip_restore_wait,
        GetAccount => onboarding::get_account,
        SetDisplayName => onboarding::set_display_name,
        SetNotificationMode => onboarding::set_notification_mode,
        FinishOnboarding => onboarding::finish_onboarding,
        CheckPhrase => phrase::check_phrase,
        GetRecoveryPhrase => phrase::get_recovery_phrase,
        MarkPhraseSeen => phrase::mark_phrase_seen,
        GetAccountQr => phrase::get_account_qr,
        ListConversations => conversations::list_conversations,
        ListRequests => conversations::list_requests,
        OpenConversation => conversations::open_conversation,
        ResolveRecipient => conversations::resolve_recipient,
        SetDraft => conversations::set_draft,
        ListMessages => messages::list_messages,
        GetMessage => messages::get_message,
        SendText => messages::send_text,
        RetryMessage => messages::retry_message,
        DeleteMessageHere => messages::delete_message_here,
        MarkRead => messages::mark_read,
        AcceptRequest => requests::accept_request,
        DeleteRequest => requests::delete_request,
        Block => requests::block,
        Unblock => requests::unblock,
        GetPreferences => preferences::get_preferences,
        SetPreferences => preferences::set_preferences,
        GetPath => network::get_path,
        NewPath => network::new_path,
        ListServices => network::list_services,
        PollNow => network::poll_now,
        SetDeviceOnline => network::set_device_online,
    }
}
