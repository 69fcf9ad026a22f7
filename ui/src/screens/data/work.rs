//! What is said of a backup, a restore or an export when it has ended.

use contract::{DataReport, ErrorCode, Failure};

use crate::app::Ui;
use crate::locale::{failure_text, t};

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) title: String,
    pub(crate) body: String,
}

impl Told {
    /// A backup was made.
    pub(super) fn made(report: &DataReport) -> Self {
        Self {
            title: t!("data-made-title"),
            body: t!(
                "data-made",
                messages = report.messages,
                files = report.files,
                path = report.path.clone()
            ),
        }
    }

    /// A backup was brought back.
    pub(super) fn brought(report: &DataReport) -> Self {
        Self {
            title: t!("data-brought-title"),
            body: t!("data-brought", messages = report.messages, files = report.files),
        }
    }

    /// A conversation was taken out.
    pub(super) fn exported(report: &DataReport) -> Self {
        Self {
            title: t!("data-exported-title"),
            body: t!("data-exported", path = report.path.clone()),
        }
    }

    /// It did not work; what was cancelled is only told in passing.
    pub(super) fn failed(ui: Ui, title: String, failure: &Failure) -> Option<Self> {
        if failure.code == ErrorCode::Cancelled {
            ui.show_failure(failure);
            return None;
        }
        Some(Self {
            title,
            body: failure_text(failure),
        })
    }
}
