//! One look for messages within a time budget.

use std::time::{Duration, Instant};

use contract::{Failure, MessageBody};
use engine::{Activity, Missing, Notification, Opening};
use store::keychain::Passphrase;

use crate::WakeError;

/// Where the key of the store is.
#[derive(uniffi::Enum)]
pub enum KeyChoice {
    /// In the system's keychain.
    Keychain,
    /// Sealed with a passphrase.
    Passphrase {
        /// What the user typed.
        passphrase: String,
    },
}

/// What one visit has brought.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Visit {
    /// What is worth a notification, oldest first.
    pub notifications: Vec<NotificationToShow>,
    /// Unread messages of accepted people in all, for the badge.
    pub unread: u32,
    /// Everything that waited was fetched; if not, come again soon.
    pub complete: bool,
}

/// One notification.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct NotificationToShow {
    /// Names the conversation; what a tap opens, and what notifications are grouped by.
    pub conversation_id: String,
    /// Names the message; the same message never has two.
    pub message_id: i64,
    /// Who writes: nickname, their name, or the shortened Account ID. Empty for message requests.
    pub name: String,
    /// The text. Empty for message requests, and for what cannot be shown: the shell words these.
    pub text: String,
    /// What to say.
    pub kind: NotificationKind,
    /// When it was sent, in milliseconds since the Unix epoch.
    pub sent_at_ms: i64,
}

/// What a notification says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum NotificationKind {
    /// A text: name and text.
    Text,
    /// "New message request", without name and text.
    MessageRequest,
    /// Something that has no text of its own.
    Other,
}

/// Opens the account in `data_dir`, looks for messages and sends what waits for at most `budget_ms`, and closes again.
/// Blocks; call it from a worker thread.
///
/// `network` is `mainnet`, `testnet` or the path of a network profile. A network that does not answer is no error: the
/// visit then is empty and not complete. What was fetched before the time was over is kept and reported.
///
/// # Errors
/// [`WakeError`]; nothing is lost then.
#[uniffi::export]
pub fn poll_once(
    data_dir: String,
    network: String,
    key: KeyChoice,
    budget_ms: u32,
) -> Result<Visit, WakeError> {
    let end = Instant::now() + Duration::from_millis(budget_ms.into());
    let passphrase = match key {
        KeyChoice::Keychain => None,
        KeyChoice::Passphrase { passphrase } => {
            Some(Passphrase::new(passphrase).ok_or(WakeError::PassphraseWrong)?)
        }
    };
    let opening = Opening {
        data: data_dir.into(),
        // A visit never makes an account.
        missing: Missing::Refuse,
        network,
        passphrase,
        activity: Activity::Visits,
        push_provider: None,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|_| WakeError::Unknown)?;
    let visit = runtime.block_on(visit(opening, end));
    // What still hangs in a system call is not waited for.
    runtime.shutdown_timeout(Duration::from_millis(200));
    Ok(visit?)
}

async fn visit(opening: Opening, end: Instant) -> Result<Visit, Failure> {
    let opened = opening.open().await?;
    let budget = end.saturating_duration_since(Instant::now());
    let report = opened.engine().poll_once(budget).await;
    opened.close().await;
    let report = report?;
    Ok(Visit {
        notifications: report.notifications.into_iter().map(to_show).collect(),
        unread: report.unread,
        complete: report.complete,
    })
}

fn to_show(notification: Notification) -> NotificationToShow {
    let message = notification.message;
    let (kind, name, text) = match (notification.request, message.body) {
        (true, _) => (NotificationKind::MessageRequest, String::new(), String::new()),
        (false, MessageBody::Text { text }) => (NotificationKind::Text, notification.name, text),
        (false, _) => (NotificationKind::Other, notification.name, String::new()),
    };
    NotificationToShow {
        conversation_id: notification.conversation.0,
        message_id: message.id.0,
        name,
        text,
        kind,
        sent_at_ms: message.sent_at_ms.0,
    }
}
