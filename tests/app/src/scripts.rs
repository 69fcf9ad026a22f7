//! What the page itself is asked, by scripts that run in it.

use std::time::{Duration, Instant};

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

    /// Has the page measure from the next `event` anywhere in it until a frame was painted in which `shown`, an expression,
    /// holds. [`App::stopped`] answers with the time.
    ///
    /// # Errors
    /// When the page does not answer.
    pub async fn stopwatch(&self, event: &str, shown: &str) -> anyhow::Result<()> {
        let script = format!(
            "const [event] = arguments; window.took = null; \
             document.addEventListener(event, () => {{ \
                 const started = performance.now(); \
                 const look = () => requestAnimationFrame(!({shown}) ? look \
                     : () => {{ window.took = performance.now() - started; }}); \
                 look(); \
             }}, {{capture: true, once: true}});"
        );
        self.client.execute(&script, vec![json!(event)]).await?;
        Ok(())
    }

    /// What the stopwatch measured; waits until it stops.
    ///
    /// # Errors
    /// After `patience`, or when the page does not answer.
    pub async fn stopped(&self, patience: Patience) -> anyhow::Result<Duration> {
        let deadline = Instant::now() + patience.0;
        loop {
            if let Some(took) = self.script("return window.took").await?.as_f64() {
                return Ok(Duration::from_secs_f64(took / 1_000.0));
            }
            self.look_again(deadline, || "the stopwatch has not stopped".to_owned())
                .await?;
        }
    }

    /// Runs a script that answers later, by its first argument, and returns that value.
    ///
    /// # Errors
    /// When it throws, or does not answer for half a minute.
    pub async fn script_later(&self, script: &str) -> anyhow::Result<serde_json::Value> {
        Ok(self.client.execute_async(script, Vec::new()).await?)
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
