//! Flows about how the app looks, and about what can be read of it.

use app_tests::{App, Patience, World};

async fn attribute(app: &App, name: &str) -> anyhow::Result<String> {
    let script = format!("return document.documentElement.dataset.{name} ?? ''");
    Ok(app.script(&script).await?.as_str().unwrap_or_default().to_owned())
}

/// Whether something of the page stands out at the side.
async fn overflows(app: &App) -> anyhow::Result<bool> {
    let script = "return [document.documentElement, ...document.querySelectorAll('.page, .onboarding, dialog[open]')] \
        .some(part => part.scrollWidth > part.clientWidth + 1)";
    Ok(app.script(script).await? == true)
}

#[tokio::test]
async fn flow_01_legal_links() -> anyhow::Result<()> {
    let world = World::start().await?;
    let app = world.open(&world.person("alice")?).await?;
    for (row, address) in [("legal-terms", "/terms"), ("legal-privacy", "/privacy")] {
        app.click("landing-legal").await?;
        app.click(row).await?;
        let shown = app.text("dlg-body").await?;
        assert!(
            shown.starts_with("https://") && shown.ends_with(address),
            "{shown}"
        );
        app.wait("url-open", Patience::SCREEN).await?;
        app.click("dlg-cancel").await?;
        app.wait_gone("url-dialog", Patience::SCREEN).await?;
    }
    app.close().await
}

#[tokio::test]
async fn looks_are_kept_and_large_text_fits() -> anyhow::Result<()> {
    let world = World::start().await?;
    let alice = world.person("alice")?;
    let (app, _) = world.create_account(&alice, "Alice").await?;
    app.click("home-avatar").await?;
    app.click("set-appearance").await?;
    app.click("theme-contrast").await?;
    app.click("accent-violet").await?;
    app.click("look-motion").await?;
    let script = "const slider = document.querySelector('[data-testid=look-text-size]'); slider.value = 200; \
        slider.dispatchEvent(new Event('input', {bubbles: true})); slider.dispatchEvent(new Event('change', {bubbles: true}));";
    app.script(script).await?;
    app.wait_text("look-text-value", "200", Patience::SCREEN).await?;
    app.close().await?;

    let app = world.open(&alice).await?;
    app.wait("home-avatar", Patience::SCREEN).await?;
    assert_eq!(attribute(&app, "theme").await?, "contrast");
    assert_eq!(attribute(&app, "accent").await?, "violet");
    assert_eq!(attribute(&app, "motion").await?, "reduced");
    let size = app
        .script("return getComputedStyle(document.documentElement).fontSize")
        .await?;
    assert_eq!(size, "32px");

    app.resize(320, 640).await?;
    app.click("home-avatar").await?;
    app.wait("settings", Patience::SCREEN).await?;
    assert!(!overflows(&app).await?, "settings");
    for (row, screen) in [
        ("set-path", "path-retry"),
        ("set-privacy", "privacy"),
        ("set-appearance", "appearance"),
        ("set-conversations", "conversation-settings"),
        ("set-help", "help"),
    ] {
        app.click(row).await?;
        if screen != "path-retry" {
            app.wait(screen, Patience::SCREEN).await?;
        }
        assert!(!overflows(&app).await?, "{screen}");
        app.click("back").await?;
        app.wait("settings", Patience::SCREEN).await?;
    }
    app.click("set-help").await?;
    app.click("help-question").await?;
    app.click("help-licences").await?;
    app.wait_text("licence", "MIT", Patience::SCREEN).await?;
    app.close().await
}
