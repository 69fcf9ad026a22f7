//! `tern backup` and `tern export`.

use std::path::Path;

use contract::{
    BackUp, ConversationId, DataReport, ExportConversation, NewBackupPassphrase, RestoreBackup, SecretText,
};
use serde_json::json;

use crate::args::BackupCommand;
use crate::exit::Stop;
use crate::files::absolute;
use crate::output::Output;
use crate::secret_file;
use crate::session::Session;

/// Carries out what follows `tern backup`.
pub(crate) async fn run(command: BackupCommand, session: &Session, output: &Output) -> Result<(), Stop> {
    match command {
        BackupCommand::Words => {
            let made = session.call(NewBackupPassphrase {}).await?;
            let words: Vec<_> = made.words.iter().map(SecretText::expose_secret).collect();
            let words = words.join(" ");
            output.print(&json!({ "words": words }), || words.clone())
        }
        BackupCommand::Create {
            to,
            words_file,
            include_account,
        } => {
            let order = BackUp {
                to: absolute(&to)?,
                passphrase: words(&words_file, output)?,
                include_account,
            };
            let made = session.call(order).await?;
            report(&made, output, "are in")
        }
        BackupCommand::Restore { from, words_file } => {
            let order = RestoreBackup {
                from: absolute(&from)?,
                passphrase: words(&words_file, output)?,
            };
            let brought = session.call(order).await?;
            report(&brought, output, "brought back from")
        }
    }
}

/// Writes a conversation as a web page.
pub(crate) async fn export(with: String, to: &Path, session: &Session, output: &Output) -> Result<(), Stop> {
    let order = ExportConversation {
        conversation: ConversationId(with),
        to: absolute(to)?,
    };
    let made = session.call(order).await?;
    report(&made, output, "are in")
}

fn words(file: &Path, output: &Output) -> Result<SecretText, Stop> {
    Ok(SecretText::from(secret_file::read(file, output)?.as_str()))
}

fn report(report: &DataReport, output: &Output, what: &str) -> Result<(), Stop> {
    output.print(report, || {
        format!(
            "{} messages and {} files {what} {}.",
            report.messages, report.files, report.path
        )
    })
}
