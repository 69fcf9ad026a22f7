//! Ways in which a node can fail on purpose, so that clients can be tested against it.

use std::collections::VecDeque;
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

/// Where a connection to a file server breaks, in bytes from its beginning, heads included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// After so many bytes of what the client sends.
    Request(u64),
    /// After so many bytes of what the server answers.
    Answer(u64),
}

/// Cuts that have not struck yet.
#[derive(Debug, Default)]
struct Cuts {
    requests: VecDeque<u64>,
    answers: VecDeque<u64>,
}

/// The fault of one node; applies to clients and to other nodes, to open connections and to new ones. Clones are handles
/// to the same fault, which outlives restarts of the node.
#[derive(Clone, Debug)]
pub struct Faults {
    fault: Arc<watch::Sender<Fault>>,
    cuts: Arc<watch::Sender<Cuts>>,
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

impl Cuts {
    fn len(&self) -> usize {
        self.requests.len().saturating_add(self.answers.len())
    }
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            fault: Arc::new(watch::channel(Fault::None).0),
            cuts: Arc::new(watch::channel(Cuts::default()).0),
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

    /// Breaks connections, one for each cut: the first that gets as far as the first cut of its direction, then the first
    /// that gets as far as the next one. What gets less far is served. Only file servers break connections.
    pub fn cut(&self, cuts: impl IntoIterator<Item = Cut>) {
        self.cuts.send_modify(|left| {
            for cut in cuts {
                match cut {
                    Cut::Request(at) => left.requests.push_back(at),
                    Cut::Answer(at) => left.answers.push_back(at),
                }
            }
        });
    }

    /// How many cuts have not struck yet.
    pub fn cuts_left(&self) -> usize {
        self.cuts.borrow().len()
    }

    /// Waits until all cuts have struck.
    pub async fn wait_for_cuts(&self) {
        // The sender lives in `self`, so the wait cannot fail.
        let _ = self.cuts.subscribe().wait_for(|left| left.len() == 0).await;
    }

    /// How many bytes more a connection may read that has read so many; 0 breaks it, `None` does not matter to it.
    pub(crate) fn room_in_request(&self, read: u64) -> Option<u64> {
        self.room(read, |left| &mut left.requests)
    }

    /// The same for bytes written.
    pub(crate) fn room_in_answer(&self, written: u64) -> Option<u64> {
        self.room(written, |left| &mut left.answers)
    }

    fn room(&self, passed: u64, direction: impl Fn(&mut Cuts) -> &mut VecDeque<u64>) -> Option<u64> {
        let mut room = None;
        self.cuts.send_if_modified(|left| {
            let cuts = direction(left);
            room = cuts.front().map(|at| at.saturating_sub(passed));
            let strikes = room == Some(0);
            if strikes {
                cuts.pop_front();
            }
            strikes
        });
        room
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
