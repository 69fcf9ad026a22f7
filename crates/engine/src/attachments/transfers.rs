//! What is moving at the moment, and how far it is. In memory only: after a restart every transfer starts anew.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use contract::{AttachmentState, AttachmentView};
use store::AttachmentId;
use tokio_util::sync::CancellationToken;

/// Of 100.
type Progress = u8;

/// The transfers under way.
#[derive(Debug, Default)]
pub(crate) struct Transfers(Mutex<BTreeMap<AttachmentId, Transfer>>);

#[derive(Debug)]
struct Transfer {
    /// [`ToUpload`](store::AttachmentState::ToUpload) or [`ToDownload`](store::AttachmentState::ToDownload).
    state: store::AttachmentState,
    progress: Progress,
    cancel: CancellationToken,
}

impl Transfers {
    pub(super) fn begin(&self, id: AttachmentId, state: store::AttachmentState) {
        let transfer = Transfer {
            state,
            progress: 0,
            cancel: CancellationToken::new(),
        };
        self.lock().insert(id, transfer);
    }

    pub(super) fn end(&self, id: AttachmentId) {
        self.lock().remove(&id);
    }

    pub(super) fn end_all(&self) {
        self.lock().clear();
    }

    /// What moves, and which way.
    pub(super) fn under_way(&self) -> BTreeMap<AttachmentId, store::AttachmentState> {
        let transfers = self.lock();
        transfers
            .iter()
            .map(|(id, transfer)| (*id, transfer.state))
            .collect()
    }

    /// Ends when the transfer is not wanted any more.
    pub(super) fn cancelled(&self, id: AttachmentId) -> CancellationToken {
        self.lock()
            .get(&id)
            .map(|transfer| transfer.cancel.clone())
            .unwrap_or_default()
    }

    /// Ends a transfer; nothing happens when none is under way.
    pub(crate) fn cancel(&self, id: AttachmentId) {
        if let Some(transfer) = self.lock().get(&id) {
            transfer.cancel.cancel();
        }
    }

    /// Ends all transfers.
    pub(super) fn cancel_all(&self) {
        self.lock().values().for_each(|transfer| transfer.cancel.cancel());
    }

    /// Takes note of how far one is. Answers whether that is worth telling.
    pub(super) fn set_progress(&self, id: AttachmentId, progress: Progress) -> bool {
        const STEP: Progress = 4;
        match self.lock().get_mut(&id) {
            Some(transfer) if progress.abs_diff(transfer.progress) >= STEP => {
                transfer.progress = progress;
                true
            }
            _ => false,
        }
    }

    /// Says of files that wait how far they are, when they are under way.
    pub(crate) fn show(&self, files: &mut [AttachmentView]) {
        let transfers = self.lock();
        for file in files {
            let transfer = transfers.get(&AttachmentId(file.id.0));
            if let (AttachmentState::Waiting, Some(transfer)) = (&file.state, transfer) {
                let percent = transfer.progress;
                file.state = match transfer.state {
                    store::AttachmentState::ToUpload => AttachmentState::Uploading { percent },
                    _ => AttachmentState::Downloading { percent },
                };
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<AttachmentId, Transfer>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
