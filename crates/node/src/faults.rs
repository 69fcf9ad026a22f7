//! Ways in which a node can fail on purpose, so that clients can be tested against it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

/// What a node does wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// Hangs up on every connection and request.
    Refuse,
    /// Takes connections and requests and says nothing, until the fault is set to something else; then it hangs up.
    Silence,
    /// Answers rightly, but so much later.
    Delay(Duration),
    /// Answers every request with status 200 and bytes that mean nothing.
    WrongBytes,
    /// Answers every request with status 200 and this many bytes.
    HugeReply(usize),
}

/// The fault of one node; applies to clients and to other nodes, to open connections and to new ones. Clones are handles
/// to the same fault, which outlives restarts of the node.
#[derive(Clone, Debug)]
pub struct Faults {
    fault: Arc<watch::Sender<Fault>>,
}

/// What is left of a request once the fault is through with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is answered as it should be.
    Answer,
    /// The connection ends.
    HangUp,
    /// These bytes are the answer.
    Bytes(Vec<u8>),
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            fault: Arc::new(watch::channel(Fault::None).0),
        }
    }
}

impl Faults {
    /// Sets what the node does wrong from the next request on.
    pub fn set(&self, fault: Fault) {
        self.fault.send_replace(fault);
    }

    /// What the node does wrong.
    pub fn current(&self) -> Fault {
        *self.fault.borrow()
    }

    /// Whether a new connection is to be served, once it is time to.
    pub(crate) async fn admit(&self) -> bool {
        match self.current() {
            Fault::Refuse => false,
            Fault::Silence => {
                self.end_of_silence().await;
                false
            }
            Fault::None | Fault::Delay(_) | Fault::WrongBytes | Fault::HugeReply(_) => true,
        }
    }

    /// What becomes of a request, once it is time to act.
    pub(crate) async fn judge(&self) -> Fate {
        match self.current() {
            Fault::None => Fate::Answer,
            Fault::Refuse => Fate::HangUp,
            Fault::Silence => {
                self.end_of_silence().await;
                Fate::HangUp
            }
            Fault::Delay(delay) => {
                tokio::time::sleep(delay).await;
                Fate::Answer
            }
            // No valid UTF-8, JSON, base64, bencode or ciphertext.
            Fault::WrongBytes => Fate::Bytes((0..=u8::MAX).rev().collect()),
            Fault::HugeReply(len_bytes) => Fate::Bytes(vec![b'A'; len_bytes]),
        }
    }

    async fn end_of_silence(&self) {
        // The sender lives in `self`, so the wait cannot fail.
        let _ = self
            .fault
            .subscribe()
            .wait_for(|fault| *fault != Fault::Silence)
            .await;
    }
}
