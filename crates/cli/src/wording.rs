//! Failures in English, for people at a terminal. Programs look at the code.

use contract::{ErrorCode, Failure};

/// One sentence or two, with the placeholders filled in.
pub(crate) fn describe(failure: &Failure) -> String {
    let mut text = template(failure.code).to_owned();
    for (name, value) in &failure.values {
        text = text.replace(&format!("{{{name}}}"), value);
    }
    text
}

fn template(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::NameEmpty => "Enter a name.",
        ErrorCode::NameLong => "That name is too long. Try a shorter one.",
        ErrorCode::ProfilePicture => "The picture could not be saved. Try another one.",
        ErrorCode::ProfileSave => "The profile was saved here but not yet on the network. It is tried again.",
        ErrorCode::NickLong => "That nickname is too long. Try a shorter one.",
        ErrorCode::PhraseShort => "A recovery phrase has 13 words. You entered {n}.",
        ErrorCode::PhraseWord => "“{word}” is not a recovery word. Did you mean “{guess}”?",
        ErrorCode::PhraseCheck => "These words do not form a recovery phrase. Check the order and spelling.",
        ErrorCode::PhraseIsId => {
            "That is an Account ID. To get back in you need the 13-word recovery phrase."
        }
        ErrorCode::PhraseQuiz => "That is not word {k}. Have another look.",
        ErrorCode::PhraseHidden => "The recovery phrase was hidden on this device.",
        ErrorCode::QrNotPhrase => "This code is not a recovery phrase.",
        ErrorCode::QrNotId => "This code is not an Account ID.",
        ErrorCode::CameraDenied => "The camera may not be used.",
        ErrorCode::Offline => "You are offline. Try again when connected.",
        ErrorCode::OfflineRestore => "No connection. Restoring carries on as soon as there is one.",
        ErrorCode::IdInvalid => "That is not a valid Account ID. It has 66 characters and starts with 05.",
        ErrorCode::OnsNone => "Nobody has registered that name.",
        ErrorCode::OnsNet => "The name could not be looked up. Check your connection.",
        ErrorCode::SendNet => "Not sent: no connection.",
        ErrorCode::SendPath => "Not sent: no path through the network.",
        ErrorCode::SendSwarm => "Not sent: the recipient's storage group did not answer.",
        ErrorCode::SendRefused => "Not sent: the network refused it ({reason}).",
        ErrorCode::TextLong => "The text is {n} characters too long.",
        ErrorCode::TextEmpty => "There is nothing to send.",
        ErrorCode::RequestLimit => "Files can be sent once {name} accepts your request.",
        ErrorCode::AttachmentSize => "That file is larger than 10 MB.",
        ErrorCode::AttachmentCount => "At most 32 files can be sent at once.",
        ErrorCode::AttachmentType => "That file is empty or cannot be read.",
        ErrorCode::AttachmentMeta => {
            "Not sent: what the file tells of its maker could not be removed from it."
        }
        ErrorCode::AttachmentUpload => "Not sent: the upload failed.",
        ErrorCode::AttachmentDownload => "The file could not be downloaded.",
        ErrorCode::AttachmentGone => "The file is no longer on the server. Ask for it to be sent again.",
        ErrorCode::AttachmentSave => "The file could not be saved.",
        ErrorCode::LockFail => "Not recognised.",
        ErrorCode::MicDenied => "The microphone may not be used.",
        ErrorCode::VoiceRecord => "Recording failed.",
        ErrorCode::VoicePlay => "That is not sound that can be played.",
        ErrorCode::BackupPassphrase => "Wrong backup passphrase, or the file is damaged.",
        ErrorCode::BackupOther => "This backup belongs to another account.",
        ErrorCode::BackupSpace => "Not enough space: {n} MB needed.",
        ErrorCode::HistoryNetwork => "This device is in no local network, or may not use it.",
        ErrorCode::HistoryAddress => {
            "That is no address of the local network. The other device shows it, for instance 192.168.1.20:40123."
        }
        ErrorCode::HistoryNobody => {
            "No other device of this account was found. Both must be in the same network."
        }
        ErrorCode::HistoryUnreachable => "No device waits at that address.",
        ErrorCode::HistoryOther => "What answers there is no device of this account.",
        ErrorCode::HistoryVersion => "The devices have different versions of the app. Update both.",
        ErrorCode::HistoryUnconfirmed => "Nobody confirmed the code in time.",
        ErrorCode::HistoryCode => {
            "The codes differ: somebody may stand between the devices. Nothing was moved."
        }
        ErrorCode::HistoryEnded => "The other device ended it.",
        ErrorCode::HistorySpace => "The other device has too little room.",
        ErrorCode::HistoryBroken => "The connection broke off. Nothing is lost; start again on both devices.",
        ErrorCode::Cancelled => "Cancelled.",
        ErrorCode::DeleteFailed => "Not yet deleted for everyone; that is tried again by itself.",
        ErrorCode::Sync => "Some settings are not yet on your other devices.",
        ErrorCode::ClearNetwork => "The network did not confirm. What it keeps may stay there up to 14 days.",
        ErrorCode::Decrypt => "A message could not be read.",
        ErrorCode::Clock => "This device's clock is wrong by {n} minutes.",
        ErrorCode::Disk => "The disk is full.",
        ErrorCode::Store => {
            "The messages could not be opened. If the keychain is locked, unlock it and try again."
        }
        ErrorCode::Keyring => {
            "This device no longer has the key to its messages. Restore the account by its recovery phrase \
             into an empty folder."
        }
        ErrorCode::PassphraseNeeded => {
            "No keychain answers here, so the messages are kept under a passphrase. Give it with --passphrase-file."
        }
        ErrorCode::PassphraseWrong => "The passphrase is wrong.",
        ErrorCode::NoAccount => "There is no account here. Make one with `tern account create --name NAME`.",
        ErrorCode::AccountExists => "There already is an account here.",
        ErrorCode::NotFound => "There is no such conversation or message.",
        ErrorCode::Blocked => "You blocked this contact.",
        ErrorCode::Profile => "The network profile cannot be used: {reason}.",
        ErrorCode::ShareNoAccount => "Create an account first.",
        ErrorCode::ShareTypes => {
            "Only photos and videos can be shared together. Send other files one at a time."
        }
        ErrorCode::BadCommand => "That cannot be done: {reason}.",
        ErrorCode::Unknown => "Something went wrong ({code}).",
        // Codes of a later contract; their text still says which.
        _ => "Something went wrong.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_own_sentence() {
        let sentences: std::collections::BTreeSet<_> =
            ErrorCode::ALL.iter().map(|code| template(*code)).collect();
        assert_eq!(sentences.len(), ErrorCode::ALL.len());
    }

    #[test]
    fn placeholders_are_filled_in() {
        let failure = Failure::new(ErrorCode::PhraseWord)
            .with("word", "tset")
            .with("guess", "test");
        assert_eq!(
            describe(&failure),
            "“tset” is not a recovery word. Did you mean “test”?"
        );
    }
}
