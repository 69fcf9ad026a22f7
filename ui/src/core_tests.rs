//! The client against the stand-in: what is asked is answered in the contract's types.

use contract::{
    ErrorCode, GetStartup, ListConversations, ListMessages, MessageWindow, ResolveRecipient, Stage,
};

use super::fake::Fake;
use super::*;

/// Where a transport keeps what it delivers to.
type Deliver = Rc<RefCell<Option<Rc<dyn Fn(Event)>>>>;

/// Polls once: the stand-in answers at once.
fn now<T>(answer: impl Future<Output = T>) -> T {
    let mut answer = Box::pin(answer);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match answer.as_mut().poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("the stand-in answers at once"),
    }
}

fn with_core<T>(scene: &str, test: impl FnOnce(Core) -> T) -> T {
    let owner = Owner::new();
    owner.with(|| test(Core::over(Box::new(Fake::new(scene)))))
}

#[test]
fn a_start_leads_to_its_stage() {
    for (scene, stage) in [
        ("landing", Stage::Landing),
        ("save_phrase", Stage::SavePhrase),
        ("home", Stage::Home),
    ] {
        let startup = with_core(scene, |core| now(core.ask(GetStartup {}))).expect("an answer");
        assert_eq!(startup.stage, stage);
        assert_eq!(startup.account.is_some(), stage != Stage::Landing);
    }
}

#[test]
fn a_failure_comes_as_its_code() {
    let failure = with_core("store", |core| now(core.ask(GetStartup {}))).expect_err("refused");
    assert_eq!(failure.code, ErrorCode::Store);
    let failure = with_core("home", |core| {
        now(core.ask(ResolveRecipient { text: "05ab".into() }))
    });
    assert_eq!(failure.expect_err("refused").code, ErrorCode::IdInvalid);
}

#[test]
fn a_passphrase_opens_what_waits_for_it() {
    with_core("passphrase", |core| {
        let refused = now(core.unlock("wrong".into())).expect_err("refused");
        assert_eq!(refused.code, ErrorCode::PassphraseWrong);
        let waiting = now(core.ask(GetStartup {})).expect_err("still closed");
        assert_eq!(waiting.code, ErrorCode::PassphraseNeeded);
        now(core.unlock("open sesame".into())).expect("the right one");
        now(core.ask(GetStartup {})).expect("open");
    });
}

#[test]
fn windows_of_a_long_conversation_join_without_gap_or_overlap() {
    with_core("many", |core| {
        let conversations = now(core.ask(ListConversations {
            offset: 0,
            limit: 200,
        }))
        .expect("rows");
        assert!(conversations.total > 1_000 && conversations.rows.len() == 200);
        let talk = conversations
            .rows
            .iter()
            .find(|row| row.name == "Long Talk")
            .expect("the long one");
        let ask = |window| ListMessages {
            conversation: talk.id.clone(),
            window,
            limit: 50,
        };
        let newest = now(core.ask(ask(MessageWindow::Newest))).expect("rows");
        let first = newest.rows.first().expect("a row");
        let before = now(core.ask(ask(MessageWindow::Before { message: first.id }))).expect("rows");
        assert_eq!(before.rows.last().map(|row| row.id.0 + 1), Some(first.id.0));
        assert!(newest.more_before && !newest.more_after && before.more_after);
    });
}

#[test]
fn what_cannot_be_read_is_an_unknown_failure() {
    struct Garbled;
    impl Transport for Garbled {
        fn call(&self, _: String) -> Answer {
            Box::pin(async { Ok("{".to_owned()) })
        }
        fn unlock(&self, _: String) -> Answer {
            Box::pin(std::future::pending())
        }
        fn subscribe(&self, _: Rc<dyn Fn(Event)>) {}
    }
    let owner = Owner::new();
    let failure = owner
        .with(|| now(Core::over(Box::new(Garbled)).ask(GetStartup {})))
        .expect_err("refused");
    assert_eq!(failure.code, ErrorCode::Unknown);
}

#[test]
fn every_listener_hears_every_event_until_it_is_removed() {
    struct Source(Deliver);
    impl Transport for Source {
        fn call(&self, _: String) -> Answer {
            Box::pin(std::future::pending())
        }
        fn unlock(&self, _: String) -> Answer {
            Box::pin(std::future::pending())
        }
        fn subscribe(&self, deliver: Rc<dyn Fn(Event)>) {
            *self.0.borrow_mut() = Some(deliver);
        }
    }
    let deliver: Deliver = Rc::default();
    let owner = Owner::new();
    let heard = Rc::new(RefCell::new(Vec::new()));
    let core = owner.with(|| Core::over(Box::new(Source(Rc::clone(&deliver)))));
    let screen = owner.child();
    for (place, name) in [(&owner, "app"), (&screen, "screen")] {
        let heard = Rc::clone(&heard);
        place.with(|| core.on_event(move |_| heard.borrow_mut().push(name)));
    }
    let tell = || deliver.borrow().clone().expect("subscribed")(Event::AccountChanged);
    tell();
    screen.cleanup();
    tell();
    assert_eq!(*heard.borrow(), ["app", "screen", "app"]);
}

#[test]
fn a_reaction_is_given_and_taken_back() {
    with_core("home", |core| {
        let list = ListConversations { offset: 0, limit: 50 };
        let rows = now(core.ask(list)).expect("a list").rows;
        let window = ListMessages {
            conversation: rows[0].id.clone(),
            window: MessageWindow::Newest,
            limit: 1,
        };
        let message = now(core.ask(window)).expect("rows").rows[0].id;
        let react = |add| contract::React {
            message,
            emoji: "\u{1f602}".into(),
            add,
        };
        let mine = || {
            let row = now(core.ask(contract::GetMessage { message })).expect("a row");
            row.reactions.iter().any(|count| count.mine)
        };
        now(core.ask(react(true))).expect("done");
        assert!(mine());
        now(core.ask(react(false))).expect("done");
        assert!(!mine());
    });
}

#[test]
fn a_request_is_written_as_the_command_is() {
    fn same<R: Request + Clone>(request: R) {
        let command = serde_json::to_string(&request.clone().into_command()).expect("JSON");
        assert_eq!(written(request), Ok(command));
    }
    same(GetStartup {});
    same(ResolveRecipient {
        text: "\"ä\\\n".into(),
    });
    same(ListConversations { offset: 3, limit: 50 });
}
