//! One window of the real app under WebDriver.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tokio::process::{Child, Command};

use crate::display::Display;
use crate::driver::{age_of, binary, child_of, start_driver};

/// How long a step of a flow may take before it has failed. Reached only by failures.
#[derive(Clone, Copy, Debug)]
pub struct Patience(pub Duration);

impl Patience {
    /// For what the app does by itself.
    pub const SCREEN: Self = Self(Duration::from_secs(20));
    /// For what crosses the network.
    pub const NETWORK: Self = Self(Duration::from_secs(60));
    /// For what crosses the network in many pieces, after tries that fail.
    pub const FILE: Self = Self(Duration::from_secs(90));
}

/// How often a wait looks at the screen.
pub(crate) const LOOK: Duration = Duration::from_millis(60);

/// One running app window.
pub struct App {
    pub(crate) client: Client,
    driver: Child,
    /// Its own: windows that share one without a window manager take the keyboard from each other.
    _display: Display,
}

impl App {
    /// Starts the app on a display of its own, with its own arguments, and waits until its page can be spoken to.
    ///
    /// # Errors
    /// When driver or app cannot be started.
    pub async fn start(arguments: &[String], env: &[(String, String)]) -> anyhow::Result<Self> {
        let binary = binary()?;
        let display = Display::open_virtual()?;
        let (driver, port) = start_driver(&display, env).await?;
        let mut capabilities = fantoccini::wd::Capabilities::new();
        capabilities.insert(
            "webkitgtk:browserOptions".to_owned(),
            json!({"binary": binary, "args": arguments}),
        );
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .context("the app did not come up under WebDriver")?;
        Ok(Self {
            client,
            driver,
            _display: display,
        })
    }

    /// Waits for an element that can be seen.
    ///
    /// # Errors
    /// After `patience`.
    pub async fn wait(&self, id: &str, patience: Patience) -> anyhow::Result<Element> {
        let deadline = Instant::now() + patience.0;
        loop {
            if let Some(element) = self.visible(id).await {
                return Ok(element);
            }
            self.look_again(deadline, || format!("[{id}] did not appear"))
                .await?;
        }
    }

    /// Waits until no such element can be seen.
    ///
    /// # Errors
    /// After `patience`.
    pub async fn wait_gone(&self, id: &str, patience: Patience) -> anyhow::Result<()> {
        let deadline = Instant::now() + patience.0;
        while self.visible(id).await.is_some() {
            self.look_again(deadline, || format!("[{id}] did not go away"))
                .await?;
        }
        Ok(())
    }

    /// Waits until one of the elements named `id` shows a text that holds `part`.
    ///
    /// # Errors
    /// After `patience`, with the texts that were there.
    pub async fn wait_text(&self, id: &str, part: &str, patience: Patience) -> anyhow::Result<Element> {
        let deadline = Instant::now() + patience.0;
        loop {
            let mut seen = Vec::new();
            for element in self.all(id).await {
                let text = self.text_of(&element).await.unwrap_or_default();
                if text.contains(part) {
                    return Ok(element);
                }
                seen.push(text);
            }
            self.look_again(deadline, || format!("[{id}] does not show {part:?} but {seen:?}"))
                .await?;
        }
    }

    /// Waits until no element named `id` shows a text that holds `part`.
    ///
    /// # Errors
    /// After `patience`.
    pub async fn wait_gone_text(&self, id: &str, part: &str, patience: Patience) -> anyhow::Result<()> {
        let deadline = Instant::now() + patience.0;
        loop {
            let mut found = false;
            for element in self.all(id).await {
                found |= self.text_of(&element).await.unwrap_or_default().contains(part);
            }
            if !found {
                return Ok(());
            }
            self.look_again(deadline, || format!("[{id}] still shows {part:?}"))
                .await?;
        }
    }

    /// Waits until exactly `count` elements named `id` exist.
    ///
    /// # Errors
    /// After `patience`.
    pub async fn wait_count(&self, id: &str, count: usize, patience: Patience) -> anyhow::Result<()> {
        let deadline = Instant::now() + patience.0;
        loop {
            let found = self.all(id).await.len();
            if found == count {
                return Ok(());
            }
            self.look_again(deadline, || format!("{found} of [{id}], not {count}"))
                .await?;
        }
    }

    /// Clicks what `id` names, once it can be seen.
    ///
    /// # Errors
    /// When it does not appear, or stays covered.
    pub async fn click(&self, id: &str) -> anyhow::Result<()> {
        let deadline = Instant::now() + Patience::SCREEN.0;
        loop {
            let element = self.wait(id, Patience::SCREEN).await?;
            match element.click().await {
                Ok(()) => return Ok(()),
                Err(error) => {
                    // The driver scrolls to what is out of sight, not to what is cut off by an edge. It may be gone again.
                    let _ = self
                        .client
                        .execute(
                            "arguments[0].scrollIntoView({block: 'nearest'})",
                            vec![serde_json::to_value(&element)?],
                        )
                        .await;
                    self.look_again(deadline, || format!("[{id}] cannot be clicked: {error:?}"))
                        .await?
                }
            }
        }
    }

    /// Replaces the text of a field, key by key, and waits until the field holds it.
    ///
    /// # Errors
    /// When the field does not appear or does not take it.
    pub async fn fill(&self, id: &str, text: &str) -> anyhow::Result<()> {
        let field = self.wait(id, Patience::SCREEN).await?;
        field.clear().await?;
        if !text.is_empty() {
            field.send_keys(text).await?;
        }
        let deadline = Instant::now() + Patience::SCREEN.0;
        loop {
            let value = self.value(id).await?;
            if value == text {
                return Ok(());
            }
            self.look_again(deadline, || format!("[{id}] holds {value:?}, not {text:?}"))
                .await?;
        }
    }

    /// Puts a long text into a field at once, as pasting does.
    ///
    /// # Errors
    /// When the field does not appear.
    pub async fn paste(&self, id: &str, text: &str) -> anyhow::Result<()> {
        let field = self.wait(id, Patience::SCREEN).await?;
        let script = "const [field, text] = arguments; field.focus(); \
            const proto = field.tagName === 'TEXTAREA' ? HTMLTextAreaElement : HTMLInputElement; \
            Object.getOwnPropertyDescriptor(proto.prototype, 'value').set.call(field, text); \
            field.dispatchEvent(new InputEvent('input', {bubbles: true, inputType: 'insertFromPaste'}));";
        self.client
            .execute(script, vec![serde_json::to_value(&field)?, json!(text)])
            .await?;
        Ok(())
    }

    /// The text of the first element named `id`.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn text(&self, id: &str) -> anyhow::Result<String> {
        self.text_of(&self.wait(id, Patience::SCREEN).await?).await
    }

    /// The text of an element as the page lays it out. The driver's own idea of text leaves out what cannot be selected.
    ///
    /// # Errors
    /// When the element is gone.
    pub async fn text_of(&self, element: &Element) -> anyhow::Result<String> {
        let text = self
            .client
            .execute(
                "return arguments[0].innerText",
                vec![serde_json::to_value(element)?],
            )
            .await?;
        Ok(text.as_str().unwrap_or_default().trim().to_owned())
    }

    /// Waits until an attribute of an element holds `part`.
    ///
    /// # Errors
    /// After `patience`.
    pub async fn wait_attribute(
        &self,
        id: &str,
        name: &str,
        part: &str,
        patience: Patience,
    ) -> anyhow::Result<()> {
        let deadline = Instant::now() + patience.0;
        loop {
            let value = match self.visible(id).await {
                Some(element) => element.attr(name).await.ok().flatten().unwrap_or_default(),
                None => String::new(),
            };
            if value.contains(part) {
                return Ok(());
            }
            self.look_again(deadline, || format!("[{id}] has {name}={value:?}, not {part:?}"))
                .await?;
        }
    }

    /// The value of a field.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn value(&self, id: &str) -> anyhow::Result<String> {
        Ok(self
            .wait(id, Patience::SCREEN)
            .await?
            .prop("value")
            .await?
            .unwrap_or_default())
    }

    /// Whether an element named `id` can be seen at this moment.
    pub async fn shows(&self, id: &str) -> bool {
        self.visible(id).await.is_some()
    }

    /// All elements named `id`, in the order of the page.
    pub async fn all(&self, id: &str) -> Vec<Element> {
        self.client
            .find_all(Locator::Css(&selector(id)))
            .await
            .unwrap_or_default()
    }

    /// Writes a picture of the page as PNG.
    ///
    /// # Errors
    /// When it cannot be taken or written.
    pub async fn picture(&self, path: &Path) -> anyhow::Result<()> {
        std::fs::write(path, self.client.screenshot().await?)?;
        Ok(())
    }

    /// Sets the size of the window, in CSS pixels.
    ///
    /// # Errors
    /// When the window does not take it.
    pub async fn resize(&self, width: u32, height: u32) -> anyhow::Result<()> {
        self.client.set_window_size(width, height).await?;
        Ok(())
    }

    /// How long ago the app's process was started; to a hundredth of a second.
    ///
    /// # Errors
    /// When its process is not found.
    pub fn age(&self) -> anyhow::Result<Duration> {
        let driver = self.driver.id().context("the driver has ended")?;
        age_of(child_of(driver).context("the app's process was not found")?)
    }

    /// Closes the window as a user would.
    ///
    /// # Errors
    /// When the driver does not answer.
    pub async fn close(mut self) -> anyhow::Result<()> {
        self.client.close().await?;
        self.driver.kill().await?;
        Ok(())
    }

    /// Ends the app at once, without any chance to tidy up (`kill -9`).
    ///
    /// # Errors
    /// When its process is not found.
    pub async fn kill(mut self) -> anyhow::Result<()> {
        let driver = self.driver.id().context("the driver has ended")?;
        let app = child_of(driver).context("the app's process was not found")?;
        let killed = Command::new("kill")
            .args(["-9", &app.to_string()])
            .status()
            .await?;
        if !killed.success() {
            bail!("the app could not be killed");
        }
        self.driver.kill().await?;
        Ok(())
    }

    /// Lets the app go on for a while, then ends it as [`App::kill`] does.
    ///
    /// # Errors
    /// When its process is not found.
    pub async fn kill_after(self, delay: Duration) -> anyhow::Result<()> {
        tokio::time::sleep(delay).await;
        self.kill().await
    }

    async fn visible(&self, id: &str) -> Option<Element> {
        for element in self.all(id).await {
            if element.is_displayed().await.unwrap_or(false) {
                return Some(element);
            }
        }
        None
    }

    pub(crate) async fn look_again(
        &self,
        deadline: Instant,
        why: impl FnOnce() -> String,
    ) -> anyhow::Result<()> {
        if Instant::now() < deadline {
            tokio::time::sleep(LOOK).await;
            return Ok(());
        }
        let page = self
            .script("return document.body.innerText")
            .await
            .unwrap_or_default();
        bail!(
            "{}; the screen says: {}",
            why(),
            page.as_str().unwrap_or("nothing")
        )
    }
}

fn selector(id: &str) -> String {
    format!("[data-testid=\"{id}\"]")
}
