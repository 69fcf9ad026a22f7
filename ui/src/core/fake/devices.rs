//! The stand-in's devices: two parts in step, one with changes; a restore of which most was found.

use contract::{
    Command, DeviceView, Done, Event, Found, Origin, RecoveryPhraseView, Reply, RestorePart,
    RestoreProgressView, RestoreReport, RestoredPart, SyncPart, SyncPartView, TimestampMs,
};

use super::canned::{WORDS, now, qr};
use super::replies::State;

/// What is told of the devices.
pub(super) struct Told {
    /// What came back with the account was not read as yet.
    report: bool,
    /// Settings have not reached the network for a while.
    delayed: bool,
}

impl Told {
    pub(super) fn of(scene: &str) -> Self {
        Self {
            report: scene == "restored",
            delayed: scene == "sync",
        }
    }
}

impl State {
    /// `None` for what is no affair of devices.
    pub(super) fn device(&mut self, command: &Command) -> Option<Reply> {
        Some(match command {
            Command::GetDevice(_) => Reply::GetDevice(self.this_device(3)),
            Command::SyncNow(_) => Reply::SyncNow(self.this_device(0)),
            Command::GetRestoreReport(_) => Reply::GetRestoreReport(self.devices.report.then(report)),
            Command::DismissRestoreReport(_) => {
                self.devices.report = false;
                Reply::DismissRestoreReport(Done {})
            }
            Command::GetRestoreProgress(_) => Reply::GetRestoreProgress(RestoreProgressView {
                swarm_found: true,
                settings_found: None,
                messages_fetched: false,
                failure: None,
            }),
            Command::GetRecoveryPhrase(_) => Reply::GetRecoveryPhrase(RecoveryPhraseView {
                words: WORDS.split(' ').map(str::to_owned).collect(),
                qr: qr(),
            }),
            Command::HidePhrase(_) => {
                let mut account = self.account.clone()?;
                account.phrase_hidden = true;
                self.account = Some(account.clone());
                Reply::HidePhrase(account)
            }
            Command::ClearData(_) => {
                self.account = None;
                self.events.push(Event::AccountChanged);
                Reply::ClearData(Done {})
            }
            _ => return None,
        })
    }

    fn this_device(&self, waiting: u32) -> DeviceView {
        let part = |part, waiting, ago_ms: i64| SyncPartView {
            part,
            waiting,
            synced_at_ms: Some(TimestampMs(now() - ago_ms)),
        };
        DeviceView {
            system: "linux".into(),
            origin: self
                .account
                .as_ref()
                .map_or(Origin::Created, |account| account.origin),
            since_ms: TimestampMs(now() - 40 * 24 * 3_600_000),
            parts: vec![
                part(SyncPart::Profile, 0, 60_000),
                part(SyncPart::Contacts, waiting, 3_600_000),
                part(SyncPart::Conversations, 0, 60_000),
                part(SyncPart::Groups, 0, 26 * 3_600_000),
            ],
            delayed: waiting > 0 && self.devices.delayed,
        }
    }
}

fn report() -> RestoreReport {
    let parts = [
        (RestorePart::Profile, Found::Found),
        (RestorePart::Contacts, Found::Found),
        (RestorePart::Conversations, Found::Found),
        (RestorePart::Groups, Found::Found),
        (RestorePart::Communities, Found::Empty),
        (RestorePart::Messages, Found::Looking),
    ];
    RestoreReport {
        contacts: 12,
        groups: 1,
        communities: 0,
        messages: 230,
        parts: parts.map(|(part, found)| RestoredPart { part, found }).to_vec(),
    }
}
