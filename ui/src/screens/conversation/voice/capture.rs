//! Where sound comes from: the shell's microphone, or the web view's where the shell has none.

use std::rc::Rc;

use contract::{AttachmentView, Failure, VoiceProgress, VoiceSource};

use super::page_recorder::PageRecorder;
use crate::core::Core;

/// An open microphone.
pub(super) enum Capture {
    Shell,
    Page(PageRecorder),
}

impl Capture {
    /// Opens it; `tell` hears what happens from then on.
    pub(super) async fn start(core: Core, tell: Rc<dyn Fn(VoiceProgress)>) -> Result<Self, Failure> {
        match core.start_voice(Rc::clone(&tell)).await? {
            VoiceSource::Shell => Ok(Self::Shell),
            VoiceSource::Page => Ok(Self::Page(PageRecorder::start(tell).await?)),
        }
    }

    /// Closes it, and stages what it heard.
    pub(super) async fn finish(self, core: Core) -> Result<AttachmentView, Failure> {
        match self {
            Self::Shell => core.finish_voice().await,
            Self::Page(recorder) => core.stage(recorder.finish().await?).await,
        }
    }

    /// Closes it, and forgets what it heard.
    pub(super) fn forget(self, core: Core) {
        match self {
            Self::Shell => leptos::task::spawn_local(async move {
                // The next recording, or the next page, forgets it otherwise.
                let _ = core.forget_voice().await;
            }),
            Self::Page(recorder) => drop(recorder),
        }
    }

    /// Whether it goes on while the page cannot be seen. Phones stop their web views.
    pub(super) fn hears_in_background(&self) -> bool {
        matches!(self, Self::Shell)
    }
}
