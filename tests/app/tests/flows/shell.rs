//! What a page that was taken over could do: nothing but send contract commands.

use app_tests::{App, Patience, World};

/// Runs a script that ends in a promise of one word.
async fn word(app: &App, script: &str) -> anyhow::Result<String> {
    let value = app.script(&format!("return {script}")).await?;
    Ok(value.as_str().unwrap_or_default().to_owned())
}

fn invoke(command: &str, arguments: &str) -> String {
    format!("window.__TAURI__.core.invoke('{command}', {arguments}).then(() => 'allowed', () => 'refused')")
}

#[tokio::test]
async fn the_page_reaches_nothing_but_the_contract() -> anyhow::Result<()> {
    let world = World::start().await?;
    let app = world.open(&world.person("alice")?).await?;
    app.wait("landing-create", Patience::SCREEN).await?;

    let startup = invoke("command", "{request: {method: 'get_startup', params: {}}}");
    assert_eq!(word(&app, &startup).await?, "allowed");
    for (command, arguments) in [
        ("command", "{request: {method: 'no_such_method', params: {}}}"),
        (
            "command",
            "{request: {method: 'get_startup', params: {extra: 1}}}",
        ),
        ("plugin:window|create", "{options: {label: 'other'}}"),
        (
            "plugin:webview|create_webview_window",
            "{options: {label: 'other'}}",
        ),
        ("plugin:event|emit", "{event: 'x', payload: null}"),
        ("plugin:path|resolve_directory", "{directory: 1}"),
        ("plugin:resources|close", "{rid: 0}"),
        ("plugin:app|version", "{}"),
    ] {
        assert_eq!(
            word(&app, &invoke(command, arguments)).await?,
            "refused",
            "{command} {arguments}"
        );
    }

    for address in [
        "https://example.org/",
        "http://127.0.0.1:9/",
        "file:///etc/hostname",
    ] {
        let fetch = format!("fetch('{address}').then(() => 'allowed', () => 'refused')");
        assert_eq!(word(&app, &fetch).await?, "refused", "{address}");
    }
    let image = "new Promise(done => { const image = new Image(); image.onload = () => done('allowed'); \
        image.onerror = () => done('refused'); image.src = 'tern-media://localhost/1'; })";
    assert_eq!(word(&app, image).await?, "refused");
    let inline = "(() => { const script = document.createElement('script'); script.textContent = 'window.taken = 1'; \
        document.head.append(script); return window.taken ? 'allowed' : 'refused'; })()";
    assert_eq!(word(&app, inline).await?, "refused");
    let evaluated = "(() => { try { (0, eval)('1'); return 'allowed'; } catch { return 'refused'; } })()";
    assert_eq!(word(&app, evaluated).await?, "refused");
    let window = "(window.open('https://example.org/') ? 'allowed' : 'refused')";
    assert_eq!(word(&app, window).await?, "refused");
    // A refused frame still tells that it has loaded; the report of the refusal may come after that.
    let frame = "new Promise(done => { const frame = document.createElement('iframe'); \
        document.addEventListener('securitypolicyviolation', violation => \
        violation.effectiveDirective === 'frame-src' && done('refused')); \
        setTimeout(() => done('allowed'), 3000); frame.src = 'https://example.org/'; document.body.append(frame); })";
    assert_eq!(word(&app, frame).await?, "refused");

    app.script("location.href = 'https://example.org/'").await?;

    // The page is still there after all that.
    app.click("landing-create").await?;
    app.wait("name-input", Patience::SCREEN).await?;
    app.close().await
}
