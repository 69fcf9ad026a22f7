//! What a hand does with the pointer besides clicking: holding, sliding, letting go.

use std::time::Duration;

use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};

use crate::{App, Patience};

/// The driver knows the pointer by its name, from one order to the next.
const POINTER: &str = "hand";
/// How long a slide takes: a hand does not jump.
const SLIDE: Duration = Duration::from_millis(200);

const DOWN: PointerAction = PointerAction::Down {
    button: MOUSE_BUTTON_LEFT,
};
const UP: PointerAction = PointerAction::Up {
    button: MOUSE_BUTTON_LEFT,
};

impl App {
    /// Presses on what `id` names, and holds.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn press(&self, id: &str) -> anyhow::Result<()> {
        let there = self.onto(id).await?;
        self.hand(vec![there, DOWN]).await
    }

    /// Presses on what `id` names for so long.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn press_for(&self, id: &str, duration: Duration) -> anyhow::Result<()> {
        let there = self.onto(id).await?;
        self.hand(vec![there, DOWN, PointerAction::Pause { duration }, UP])
            .await
    }

    /// Slides what is held, in CSS pixels.
    ///
    /// # Errors
    /// When the driver does not answer.
    pub async fn slide(&self, right: f64, down: f64) -> anyhow::Result<()> {
        // In two steps, as a hand would be seen on its way.
        let half = PointerAction::MoveBy {
            duration: Some(SLIDE / 2),
            x: right / 2.0,
            y: down / 2.0,
        };
        self.hand(vec![half.clone(), half]).await
    }

    /// Lets go.
    ///
    /// # Errors
    /// When the driver does not answer.
    pub async fn lift(&self) -> anyhow::Result<()> {
        self.hand(vec![UP]).await
    }

    async fn onto(&self, id: &str) -> anyhow::Result<PointerAction> {
        Ok(PointerAction::MoveToElement {
            element: self.wait(id, Patience::SCREEN).await?,
            duration: None,
            x: 0.0,
            y: 0.0,
        })
    }

    async fn hand(&self, actions: Vec<PointerAction>) -> anyhow::Result<()> {
        let hand = MouseActions::new(POINTER.to_owned());
        let hand = actions.into_iter().fold(hand, MouseActions::then);
        Ok(self.client.perform_actions(hand).await?)
    }
}
