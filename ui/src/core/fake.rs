//! A stand-in for the engine with canned data, for tests and for looking at screens in a browser. Debug builds only.
//!
//! `?fake=SCENE` chooses what it holds: a [`Stage`](contract::Stage)'s name, `home`, `empty`, `restored`, `offline`,
//! `slow`, `many`, `clock`, `sync`, or a start that fails (`store`, `keyring`) or waits (`passphrase`, `new_passphrase`). It keeps what it is told for as long as the page.

mod canned;
mod data;
mod devices;
mod files;
mod heads;
mod history;
mod interaction;
mod lists;
mod people;
mod previews;
mod replies;

use std::cell::RefCell;
use std::rc::Rc;

use contract::{Command, Event, Failure, MessageId, MessageStatus};

use self::replies::State;
use super::{Answer, ChosenFile, PlaceKind, Transport};

type Deliver = Rc<dyn Fn(Event)>;

/// The stand-in.
pub(crate) struct Fake {
    state: Rc<RefCell<State>>,
    deliver: Rc<RefCell<Option<Deliver>>>,
}

impl Fake {
    /// A stand-in that holds one scene.
    pub(crate) fn new(scene: &str) -> Self {
        Self {
            state: Rc::new(RefCell::new(State::of(scene))),
            deliver: Rc::default(),
        }
    }
}

impl Transport for Fake {
    fn call(&self, command: String) -> Answer {
        let answer = serde_json::from_str::<Command>(&command)
            .map_err(|_| Failure::new(contract::ErrorCode::BadCommand))
            .and_then(|command| self.state.borrow_mut().answer(command));
        let events = std::mem::take(&mut self.state.borrow_mut().events);
        let sent = self.state.borrow_mut().sent.take();
        if let Some(deliver) = self.deliver.borrow().clone() {
            for event in events {
                deliver(event);
            }
            if let Some(message) = sent {
                self.walk(message, deliver);
            }
        }
        if self.state.borrow().is_silent {
            return Box::pin(std::future::pending());
        }
        Box::pin(async move { answer })
    }

    fn stage(&self, file: ChosenFile) -> Answer {
        let view = self.state.borrow_mut().stage(&file);
        Box::pin(async move { serde_json::to_string(&view).map_err(|_| contract::ErrorCode::Unknown.into()) })
    }

    fn save(&self, attachment: contract::AttachmentId) -> Answer {
        let name = format!("file {}", attachment.0);
        Box::pin(async move { serde_json::to_string(&name).map_err(|_| contract::ErrorCode::Unknown.into()) })
    }

    fn read_link(&self, url: String) -> Answer {
        let parts = self::previews::read(&url);
        Box::pin(
            async move { serde_json::to_string(&parts).map_err(|_| contract::ErrorCode::Unknown.into()) },
        )
    }

    fn choose_place(&self, kind: PlaceKind) -> Answer {
        let name = self::data::place(kind);
        Box::pin(async move { serde_json::to_string(&name).map_err(|_| contract::ErrorCode::Unknown.into()) })
    }

    fn unlock(&self, passphrase: String) -> Answer {
        let answer = self.state.borrow_mut().unlock(&passphrase);
        Box::pin(async move { answer.map(|()| String::new()) })
    }

    fn subscribe(&self, deliver: Deliver) {
        *self.deliver.borrow_mut() = Some(deliver);
    }
}

impl Fake {
    /// Walks a message through its states, as a network would.
    fn walk(&self, message: MessageId, deliver: Deliver) {
        for (ms, status) in [(300, MessageStatus::Sending), (1_200, MessageStatus::Sent)] {
            let (state, deliver) = (Rc::clone(&self.state), Rc::clone(&deliver));
            crate::browser::after(ms, move || {
                let event = state.borrow_mut().set_status(message, status);
                event.into_iter().for_each(|event| deliver(event));
            });
        }
    }
}
