//! Moving history to another device of the account: one move at a time, which a person begins, watches and ends.
//!
//! `nearby` brings the devices together and passes bytes; here a backup is made of one side's history and brought back at
//! the other. Spec: history-transfer.

mod failure;
mod receive;
mod send;

use std::net::SocketAddrV4;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use contract::{ErrorCode, Event, Failure, HistoryRole, HistoryStage, HistoryView};
use nearby::{Answer, Channel, Meeting, NearbyError, Offer, Secret};
use tokio::sync::{Notify, oneshot};
use tokio_util::sync::CancellationToken;

use crate::core::Core;
use crate::events::Events;
use crate::failure::Stopped;
use failure::of_nearby;

/// How long the other device is looked for.
const LONGEST_WAIT_MS: i64 = 15 * 60_000;

/// The move that is under way.
pub(crate) struct HistoryState {
    inner: Mutex<Inner>,
    events: Events,
    /// A move was ordered.
    wake: Notify,
}

#[derive(Default)]
struct Inner {
    view: HistoryView,
    order: Option<Order>,
    /// Takes what the person says of the code.
    answer: Option<oneshot::Sender<Answer>>,
    /// Ends the move.
    stop: CancellationToken,
}

/// What was ordered.
enum Order {
    Send(Offer),
    /// From an address, or from whoever announces itself.
    Receive(Option<SocketAddrV4>),
}

impl HistoryState {
    pub(crate) fn new(events: Events) -> Self {
        Self {
            inner: Mutex::default(),
            events,
            wake: Notify::new(),
        }
    }

    /// Takes what the person says of the code.
    pub(crate) fn answer(&self, same: bool) -> Result<(), Failure> {
        let mut inner = self.lock();
        let (HistoryStage::Code { confirmed, .. }, true) = (&mut inner.view.stage, same) else {
            return match inner.answer.take() {
                Some(answer) => {
                    let _ = answer.send(Answer::Different);
                    Ok(())
                }
                None => Err(busy("no code")),
            };
        };
        *confirmed = true;
        if let Some(answer) = inner.answer.take() {
            // A move that has just ended needs no answer.
            let _ = answer.send(Answer::Same);
        }
        drop(inner);
        self.events.send(Event::HistoryChanged);
        Ok(())
    }

    /// Ends the move that is under way, and forgets how the last one ended.
    pub(crate) fn cancel(&self) {
        let mut inner = self.lock();
        inner.stop.cancel();
        if !inner.view.stage.is_under_way() {
            inner.view = HistoryView::default();
        }
        drop(inner);
        self.events.send(Event::HistoryChanged);
    }

    fn begin(&self, role: HistoryRole, addresses: Vec<String>, order: Order) -> Result<(), Failure> {
        let mut inner = self.lock();
        // Who still looks for the other device may be told where it is.
        let looks = inner.view.role == Some(HistoryRole::Receive)
            && matches!(inner.view.stage, HistoryStage::Waiting { .. });
        let replaces = looks && role == HistoryRole::Receive;
        if !replaces && (inner.view.stage.is_under_way() || inner.order.is_some()) {
            return Err(busy("busy"));
        }
        inner.stop.cancel();
        inner.view = HistoryView {
            role: Some(role),
            stage: HistoryStage::Waiting { addresses },
        };
        inner.order = Some(order);
        inner.stop = CancellationToken::new();
        drop(inner);
        self.wake.notify_one();
        self.events.send(Event::HistoryChanged);
        Ok(())
    }

    fn take_order(&self) -> Option<(Order, CancellationToken)> {
        let mut inner = self.lock();
        let order = inner.order.take()?;
        Some((order, inner.stop.clone()))
    }

    /// Shows how a move ended, unless the next one was ordered already.
    fn end(&self, stage: HistoryStage) {
        let mut inner = self.lock();
        inner.answer = None;
        inner.view.stage = match inner.order.is_some() {
            true => HistoryStage::Waiting {
                addresses: Vec::new(),
            },
            false => stage,
        };
        drop(inner);
        self.events.send(Event::HistoryChanged);
    }

    /// Shows another stage, unless it is the one that is shown.
    fn show(&self, stage: HistoryStage) {
        let mut inner = self.lock();
        if inner.view.stage == stage {
            return;
        }
        inner.view.stage = stage;
        drop(inner);
        self.events.send(Event::HistoryChanged);
    }

    /// Shows a code; what the person says of it comes out of the receiver.
    fn show_code(&self, code: String) -> oneshot::Receiver<Answer> {
        let (sender, receiver) = oneshot::channel();
        self.lock().answer = Some(sender);
        self.show(HistoryStage::Code {
            code,
            confirmed: false,
        });
        receiver
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is shown of the move.
pub(crate) fn view(core: &Core) -> HistoryView {
    let mut view = core.history.lock().view.clone();
    if let (HistoryStage::Storing { percent }, Some(HistoryRole::Receive)) = (&mut view.stage, view.role) {
        *percent = core.data.running().map(|work| work.percent);
    }
    view
}

/// Offers this device's history, from now on until somebody takes it or the offer is cancelled.
pub(crate) async fn offer(core: &Core) -> Result<(), Stopped> {
    let secret = secret(core)?;
    let offer = Offer::open(core.config.nearby, secret).await.map_err(of_nearby)?;
    let addresses = offer.addresses().iter().map(SocketAddrV4::to_string).collect();
    Ok(core
        .history
        .begin(HistoryRole::Send, addresses, Order::Send(offer))?)
}

/// Asks another device for its history.
pub(crate) fn ask(core: &Core, address: Option<SocketAddrV4>) -> Result<(), Stopped> {
    core.own_id()?;
    if address.is_some_and(|address| !core.config.nearby.allows(*address.ip())) {
        return Err(ErrorCode::HistoryAddress.into());
    }
    Ok(core
        .history
        .begin(HistoryRole::Receive, Vec::new(), Order::Receive(address))?)
}

/// Carries out what is ordered, for ever.
pub(crate) async fn run(core: Arc<Core>) {
    loop {
        core.history.wake.notified().await;
        while let Some((order, stop)) = core.history.take_order() {
            let moved = match order {
                Order::Send(offer) => send::run(&core, offer, &stop).await,
                Order::Receive(address) => receive::run(&core, address, &stop).await,
            };
            core.history.end(match moved {
                Ok(totals) => HistoryStage::Done {
                    messages: totals.messages,
                    files: totals.files,
                },
                Err(_) if stop.is_cancelled() => HistoryStage::Idle,
                Err(stopped) => HistoryStage::Failed {
                    failure: Failure::from(stopped),
                },
            });
        }
    }
}

/// Waits for the other device.
async fn find(
    core: &Core,
    meeting: impl Future<Output = Result<Meeting, NearbyError>>,
    stop: &CancellationToken,
) -> Result<Meeting, Stopped> {
    let deadline = core.device_now().plus_ms(LONGEST_WAIT_MS);
    tokio::select! {
        met = meeting => Ok(met.map_err(of_nearby)?),
        () = core.clock.sleep_until(deadline) => Err(ErrorCode::HistoryNobody.into()),
        () = stop.cancelled() => Err(ErrorCode::Cancelled.into()),
    }
}

/// Shows the code and waits until both people have confirmed it.
async fn agree(core: &Core, meeting: Meeting, stop: &CancellationToken) -> Result<Channel, Stopped> {
    let said = core.history.show_code(meeting.code().to_string());
    let answer = async {
        tokio::select! {
            said = said => said.unwrap_or(Answer::Cancelled),
            () = stop.cancelled() => Answer::Cancelled,
        }
    };
    let confirmed_and_cancelled = async {
        stop.cancelled().await;
        // Who has not answered yet says good-bye with the answer.
        let confirmed = matches!(
            core.history.lock().view.stage,
            HistoryStage::Code { confirmed: true, .. }
        );
        if !confirmed {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        agreed = meeting.compare(answer) => Ok(agreed.map_err(of_nearby)?),
        () = confirmed_and_cancelled => Err(ErrorCode::Cancelled.into()),
    }
}

/// What all devices of the account know.
fn secret(core: &Core) -> Result<Secret, Stopped> {
    let keys = core.keys()?;
    let secret = keys.expose_ed25519_secret();
    let seed = secret.first_chunk().ok_or(ErrorCode::NoAccount)?;
    Ok(Secret::derive(seed))
}

fn busy(reason: &str) -> Failure {
    Failure::new(ErrorCode::BadCommand).with("reason", reason)
}
