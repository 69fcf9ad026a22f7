//! The bridge against a messenger made of closures.

use std::sync::atomic::{AtomicUsize, Ordering};

use contract::{ErrorCode, GetAccountQr, GetStartup, PollNow, Request};
use tokio::sync::{Notify, mpsc};

use super::*;

/// Answers every command with `Done`.
struct Fake {
    events: Mutex<Option<mpsc::UnboundedReceiver<Event>>>,
}

impl Messenger for Fake {
    fn handle(&self, _command: Command) -> BoxFuture<'_, Result<Reply, Failure>> {
        Box::pin(async { Ok(Reply::PollNow(contract::Done {})) })
    }
    fn stage(&self, _file: NewFile) -> BoxFuture<'_, Result<AttachmentView, Failure>> {
        Box::pin(async { Err(ErrorCode::AttachmentType.into()) })
    }
    fn media(&self, _id: AttachmentId, _side: Option<u32>) -> BoxFuture<'_, Result<Media, Failure>> {
        Box::pin(async { Err(ErrorCode::NotFound.into()) })
    }
    fn save(&self, _id: AttachmentId, _folder: &Path) -> BoxFuture<'_, Result<String, Failure>> {
        Box::pin(async { Err(ErrorCode::AttachmentSave.into()) })
    }
    fn picture(&self, _id: PictureId) -> BoxFuture<'_, Result<Media, Failure>> {
        Box::pin(async { Err(ErrorCode::NotFound.into()) })
    }
    fn scan_id(
        &self,
        _picture: Vec<u8>,
    ) -> BoxFuture<'_, Result<Option<contract::ConversationView>, Failure>> {
        Box::pin(async { Ok(None) })
    }

    fn scan_phrase(&self, _picture: Vec<u8>) -> BoxFuture<'_, Result<Option<AccountView>, Failure>> {
        Box::pin(async { Ok(None) })
    }
    fn events(&self) -> BoxStream<'static, Event> {
        let next =
            |mut events: mpsc::UnboundedReceiver<Event>| async move { Some((events.recv().await?, events)) };
        let taken = self.events.lock().unwrap_or_else(PoisonError::into_inner).take();
        futures::stream::unfold(taken.expect("asked once"), next).boxed()
    }
    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

fn fake() -> (Arc<Fake>, mpsc::UnboundedSender<Event>) {
    let (sender, events) = mpsc::unbounded_channel();
    (
        Arc::new(Fake {
            events: Mutex::new(Some(events)),
        }),
        sender,
    )
}

fn poll_now() -> Command {
    PollNow {}.into_command()
}

#[tokio::test]
async fn a_command_waits_until_the_messenger_is_open() {
    let gate = Arc::new(Notify::new());
    let opens = Arc::clone(&gate);
    let (messenger, _events) = fake();
    let shell = Shell::start(Box::new(move |_, _| {
        let (gate, messenger) = (Arc::clone(&opens), Arc::clone(&messenger));
        Box::pin(async move {
            gate.notified().await;
            Ok(messenger as Arc<dyn Messenger>)
        })
    }));
    let mut asked = Box::pin(shell.handle(poll_now()));
    assert!(futures::poll!(asked.as_mut()).is_pending());
    gate.notify_one();
    assert_eq!(asked.await, Ok(Reply::PollNow(contract::Done {})));
}

#[tokio::test]
async fn the_page_hears_how_far_an_earlier_store_is_before_it_is_open() {
    let (gate, opens) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (waits, says) = (Arc::clone(&gate), Arc::clone(&opens));
    let shell = Shell::start(Box::new(move |_, tell| {
        let (gate, opens) = (Arc::clone(&waits), Arc::clone(&says));
        Box::pin(async move {
            gate.notified().await;
            tell(Event::StoreUpdating { done: 1, of: 3 });
            opens.notified().await;
            Err(Failure::new(ErrorCode::Store))
        })
    }));
    let (heard, mut hears) = tokio::sync::mpsc::unbounded_channel();
    shell.watch(move |event| heard.send(event).is_ok());
    gate.notify_one();
    assert_eq!(hears.recv().await, Some(Event::StoreUpdating { done: 1, of: 3 }));
    opens.notify_one();
    assert_eq!(
        shell.handle(poll_now()).await,
        Err(Failure::new(ErrorCode::Store))
    );
}

#[tokio::test]
async fn a_failed_opening_is_tried_again_by_get_startup_only() {
    let tries = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&tries);
    let shell = Shell::start(Box::new(move |_, _| {
        counted.fetch_add(1, Ordering::SeqCst);
        Box::pin(async { Err(Failure::new(ErrorCode::Store)) })
    }));
    let refused = Err(Failure::new(ErrorCode::Store));
    assert_eq!(shell.handle(poll_now()).await, refused);
    assert_eq!(shell.handle(GetAccountQr {}.into_command()).await, refused);
    assert_eq!(tries.load(Ordering::SeqCst), 1);
    assert_eq!(shell.handle(GetStartup {}.into_command()).await, refused);
    assert_eq!(tries.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn nobody_opens_what_is_being_erased() {
    let tries = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&tries);
    let shell = Shell::start(Box::new(move |_, _| {
        counted.fetch_add(1, Ordering::SeqCst);
        Box::pin(async { Err(Failure::new(ErrorCode::Store)) })
    }));
    let refused = shell.handle(poll_now()).await;

    let not_this = shell
        .erase_unopened(|_| false, || panic!("nothing is erased"))
        .await;
    assert_eq!(not_this, Err(ErrorCode::BadCommand.into()));

    let (end, ends) = std::sync::mpsc::channel::<()>();
    let mut erasing = Box::pin(shell.erase_unopened(
        |failure| failure.code == ErrorCode::Store,
        move || {
            let _ = ends.recv();
            Ok(())
        },
    ));
    assert!(futures::poll!(erasing.as_mut()).is_pending());
    let mut again = Box::pin(shell.handle(GetStartup {}.into_command()));
    assert!(futures::poll!(again.as_mut()).is_pending());
    let twice = shell.erase_unopened(|_| true, || panic!("erased twice")).await;
    assert_eq!(twice, Err(ErrorCode::BadCommand.into()));
    assert_eq!(tries.load(Ordering::SeqCst), 1, "not opened meanwhile");

    end.send(()).expect("it is being erased");
    assert_eq!(erasing.await, Ok(()));
    assert_eq!(again.await, refused);
    shell
        .handle(GetStartup {}.into_command())
        .await
        .expect_err("tried anew");
    assert_eq!(tries.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_page_gets_events() {
    let (messenger, events) = fake();
    let shell = Shell::start(Box::new(move |_, _| {
        let messenger = Arc::clone(&messenger);
        Box::pin(async move { Ok(messenger as Arc<dyn Messenger>) })
    }));
    let (sender, mut seen) = mpsc::unbounded_channel();
    shell.watch(move |event| sender.send(event).is_ok());
    shell.handle(poll_now()).await.expect("open");
    events.send(Event::AccountChanged).expect("subscribed");
    assert_eq!(seen.recv().await, Some(Event::AccountChanged));
}

#[tokio::test]
async fn a_page_loaded_again_takes_the_place_of_the_earlier_one() {
    let (messenger, events) = fake();
    let shell = Shell::start(Box::new(move |_, _| {
        let messenger = Arc::clone(&messenger);
        Box::pin(async move { Ok(messenger as Arc<dyn Messenger>) })
    }));
    let (sender, mut earlier) = mpsc::unbounded_channel();
    shell.watch(move |event| sender.send(event).is_ok());
    let (sender, mut later) = mpsc::unbounded_channel();
    shell.watch(move |event| sender.send(event).is_ok());
    shell.handle(poll_now()).await.expect("open");
    events.send(Event::AccountChanged).expect("subscribed");
    assert_eq!(later.recv().await, Some(Event::AccountChanged));
    assert_eq!(earlier.recv().await, None);
}

#[tokio::test]
async fn a_page_that_is_too_slow_learns_that_it_lagged() {
    let (sender, events) = broadcast::channel(2);
    for _ in 0..3 {
        sender.send(Event::ConversationsChanged).expect("subscribed");
    }
    drop(sender);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&seen);
    forward(events, move |event| {
        kept.lock().unwrap_or_else(PoisonError::into_inner).push(event);
        true
    })
    .await;
    let expected = [
        Event::Lagged,
        Event::ConversationsChanged,
        Event::ConversationsChanged,
    ];
    assert_eq!(*seen.lock().unwrap_or_else(PoisonError::into_inner), expected);
}

#[tokio::test]
async fn a_typed_passphrase_opens_the_store() {
    let (messenger, _events) = fake();
    let shell = Shell::start(Box::new(move |passphrase, _| {
        let messenger = Arc::clone(&messenger);
        Box::pin(async move {
            match passphrase {
                Some(_) => Ok(messenger as Arc<dyn Messenger>),
                None => Err(Failure::new(ErrorCode::PassphraseNeeded)),
            }
        })
    }));
    assert_eq!(
        shell.handle(poll_now()).await,
        Err(Failure::new(ErrorCode::PassphraseNeeded))
    );
    let passphrase = Passphrase::new("correct".to_owned()).expect("not empty");
    assert_eq!(shell.unlock(passphrase).await, Ok(()));
    assert_eq!(
        shell.handle(poll_now()).await,
        Ok(Reply::PollNow(contract::Done {}))
    );
}
