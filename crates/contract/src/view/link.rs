//! Web addresses as they are read before they are opened.

use serde::{Deserialize, Serialize};

/// An address in the one form in which it goes to the browser, in parts: put together, the first three are all of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkParts {
    /// The scheme and what follows it up to the host.
    pub before: String,
    /// The host as it is looked up, ASCII only, and its port.
    pub host: String,
    /// Path, query and fragment, ASCII only.
    pub after: String,
    /// The host in its own letters, where these are others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_written: Option<String>,
}

impl LinkParts {
    /// The whole address, as it is opened.
    pub fn whole(&self) -> String {
        format!("{}{}{}", self.before, self.host, self.after)
    }
}
