//! What the page itself is asked, by scripts that run in it.

use std::time::Instant;

use serde_json::json;

use crate::{App, Patience};

impl App {
    /// Runs a script in the page and returns its value.
    ///
    /// # Errors
    /// When the script throws.
    pub async fn script(&self, script: &str) -> anyhow::Result<serde_json::Value> {
        Ok(self.client.execute(script, Vec::new()).await?)
    }

    /// Waits until a script returns `true`; `what` says what that means.
    ///
    /// # Errors
    /// When the script throws, or after `patience`.
    pub async fn wait_true(&self, what: &str, script: &str, patience: Patience) -> anyhow::Result<()> {
        let deadline = Instant::now() + patience.0;
        while self.script(script).await? != true {
            self.look_again(deadline, || format!("not so: {what}")).await?;
        }
        Ok(())
    }

    /// Switches the theme and waits until a frame was painted with it.
    ///
    /// # Errors
    /// When the page does not paint.
    pub async fn show_theme(&self, theme: &str) -> anyhow::Result<()> {
        let script = "const [theme, done] = arguments; document.documentElement.dataset.theme = theme; \
            requestAnimationFrame(() => requestAnimationFrame(() => done()));";
        self.client.execute_async(script, vec![json!(theme)]).await?;
        Ok(())
    }
}
