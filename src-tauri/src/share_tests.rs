//! Shared files against a messenger that stages by name.

use std::path::Path;
use std::sync::Arc;

use contract::{AttachmentId, AttachmentState, Done, Event, KeyCustody, StartupView};
use engine::{Media, NewFile};
use futures::future::BoxFuture;
use futures::stream::{self, BoxStream, StreamExt};

use super::*;
use crate::shell::{Messenger, Opened};

/// A file whose name ends in `.jpg` is a picture, one in `.bad` cannot be sent.
struct Stager {
    stage: Stage,
    /// Staged and not let go of.
    staged: Mutex<Vec<i64>>,
}

impl Messenger for Stager {
    fn handle(&self, command: Command) -> BoxFuture<'_, Result<Reply, Failure>> {
        let mut staged = self.staged.lock().expect("no test has panicked");
        let answer = match command {
            Command::GetStartup(_) => Ok(Reply::GetStartup(StartupView {
                stage: self.stage,
                account: None,
                push_provider: None,
                key_custody: KeyCustody::Memory,
                network: "local".to_owned(),
            })),
            Command::StageFile(it) if it.path.ends_with(".bad") => Err(ErrorCode::AttachmentMeta.into()),
            Command::StageFile(it) => {
                let id = staged.last().copied().unwrap_or_default() + 1;
                staged.push(id);
                Ok(Reply::StageFile(view(id, it.path.ends_with(".jpg"))))
            }
            Command::DiscardFile(it) => {
                staged.retain(|id| *id != it.attachment.0);
                Ok(Reply::DiscardFile(Done {}))
            }
            other => panic!("not asked for: {}", other.name()),
        };
        Box::pin(async { answer })
    }
    fn stage(&self, _: NewFile) -> BoxFuture<'_, Result<AttachmentView, Failure>> {
        Box::pin(async { Err(ErrorCode::AttachmentType.into()) })
    }
    fn media(&self, _: AttachmentId, _: Option<u32>) -> BoxFuture<'_, Result<Media, Failure>> {
        Box::pin(async { Err(ErrorCode::NotFound.into()) })
    }
    fn picture(&self, _: contract::PictureId) -> BoxFuture<'_, Result<Media, Failure>> {
        Box::pin(async { Err(ErrorCode::NotFound.into()) })
    }
    fn save(&self, _: AttachmentId, _: &Path) -> BoxFuture<'_, Result<String, Failure>> {
        Box::pin(async { Err(ErrorCode::AttachmentSave.into()) })
    }
    fn scan_id(
        &self,
        _picture: Vec<u8>,
    ) -> BoxFuture<'_, Result<Option<contract::ConversationView>, Failure>> {
        Box::pin(async { Ok(None) })
    }

    fn scan_phrase(
        &self,
        _picture: Vec<u8>,
    ) -> BoxFuture<'_, Result<Option<contract::AccountView>, Failure>> {
        Box::pin(async { Ok(None) })
    }
    fn events(&self) -> BoxStream<'static, Event> {
        stream::empty().boxed()
    }
    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

fn view(id: i64, picture: bool) -> AttachmentView {
    serde_json::from_value(serde_json::json!({
        "id": id,
        "kind": if picture { AttachmentKind::Image } else { AttachmentKind::File },
        "file_name": "",
        "content_type": "",
        "size": 1,
        "width": null,
        "height": null,
        "duration_ms": null,
        "state": AttachmentState::Staged,
    }))
    .expect("a view")
}

fn shell(stage: Stage) -> (Shell, Arc<Stager>) {
    let stager = Arc::new(Stager {
        stage,
        staged: Mutex::default(),
    });
    let opened = Arc::clone(&stager);
    let shell = Shell::start(Box::new(move |_, _| {
        let opened = Arc::clone(&opened) as Arc<dyn Messenger>;
        Box::pin(async move { Ok(opened) })
    }));
    (shell, stager)
}

fn shared(names: &[&str]) -> Shared {
    Shared::new(names.iter().map(PathBuf::from).collect())
}

async fn staged(names: &[&str]) -> (Result<usize, ErrorCode>, usize) {
    let (shell, stager) = shell(Stage::Home);
    let answer = stage_shared(&shell, &shared(names)).await;
    let left = stager.staged.lock().expect("no test has panicked").len();
    (
        answer.map(|views| views.len()).map_err(|failure| failure.code),
        left,
    )
}

#[tokio::test]
async fn pictures_go_together_and_other_files_one_at_a_time() {
    assert_eq!(staged(&[]).await, (Ok(0), 0));
    assert_eq!(staged(&["a.jpg"]).await, (Ok(1), 1));
    assert_eq!(staged(&["a.jpg", "b.jpg"]).await, (Ok(2), 2));
    assert_eq!(staged(&["a.pdf"]).await, (Ok(1), 1));
    assert_eq!(staged(&["a.jpg", "b.pdf"]).await, (Err(ErrorCode::ShareTypes), 0));
    assert_eq!(
        staged(&["a.jpg", "b.bad"]).await,
        (Err(ErrorCode::AttachmentMeta), 0)
    );
    assert_eq!(staged(&["a.jpg"; 33]).await, (Err(ErrorCode::AttachmentCount), 0));
}

#[tokio::test]
async fn files_are_taken_once() {
    let (shell, _) = shell(Stage::Home);
    let files = shared(&["a.jpg"]);
    assert_eq!(stage_shared(&shell, &files).await.expect("staged").len(), 1);
    assert_eq!(stage_shared(&shell, &files).await, Ok(Vec::new()));
}

#[tokio::test]
async fn without_an_account_nothing_is_staged() {
    for stage in [Stage::Landing, Stage::Name, Stage::SavePhrase] {
        let (shell, stager) = shell(stage);
        let answer = stage_shared(&shell, &shared(&["a.jpg"])).await;
        assert_eq!(answer, Err(ErrorCode::ShareNoAccount.into()));
        assert!(stager.staged.lock().expect("no test has panicked").is_empty());
    }
}

#[tokio::test]
async fn what_was_shared_with_a_locked_store_waits_until_it_is_open() {
    let (opened, _) = shell(Stage::Home);
    let files = shared(&["a.jpg"]);
    let locked = Shell::start(Box::new(|_, _| {
        Box::pin(async { Opened::Err(ErrorCode::PassphraseNeeded.into()) })
    }));
    assert_eq!(
        stage_shared(&locked, &files).await,
        Err(ErrorCode::PassphraseNeeded.into())
    );
    assert_eq!(stage_shared(&opened, &files).await.expect("staged").len(), 1);
}
