//! The flow about much history: 100,000 messages, 40,000 of them in one conversation.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, ensure};
use app_tests::{App, Patience, Person, World};
use protocol::TimestampMs;
use store::keychain::Passphrase;
use store::{DataDir, Window};
use tests::large_store;

const MESSAGES: usize = 100_000;
/// How much longer than on a phone everything may take: this build is not optimised, and shares its machine.
const HEADROOM: u32 = 10;
/// From the start of the process to a list that can be used.
const COLD_START: Duration = Duration::from_millis(1_500);
/// Opening a conversation, or another place of it.
const OPENING: Duration = Duration::from_millis(200);
/// The first results of a search.
const SEARCH: Duration = Duration::from_millis(300);
/// Rows kept on the page.
const KEPT: u64 = 200;
/// Pages that are scrolled up.
const PAGES: usize = 6;
/// CSS pixels that nobody sees a row move by.
const UNSEEN: f64 = 2.0;

/// Scrolls to the upper edge of what is loaded and waits for the page before it. Answers with how far the bubble at that
/// edge was from its place in any painted frame, and whether its row still has the focus. An observer of intersections is
/// told of places as they are painted.
const SCROLL_UP: &str = "const [done] = arguments; \
    const view = document.querySelector('.messages'); \
    view.scrollTop = 0; \
    const edge = view.querySelector('.message-item'); \
    edge.tabIndex = -1; \
    edge.focus({preventScroll: true}); \
    const bubble = edge.querySelector('[data-testid=msg]'); \
    const top = bubble.getBoundingClientRect().top; \
    let moved = 0, frames = 0; \
    const look = () => new IntersectionObserver((seen, observer) => { \
        observer.disconnect(); \
        moved = Math.max(moved, Math.abs(seen[0].boundingClientRect.top - top)); \
        frames += view.querySelector('.message-item') === edge ? 0 : 1; \
        if (frames <= 20) return requestAnimationFrame(look); \
        done({moved, focused: document.activeElement === edge}); \
    }).observe(bubble); \
    look();";

/// Fills a person's store. Answers with the id of the largest conversation's first message.
fn fill(person: &Person) -> anyhow::Result<i64> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
    let passphrase = std::fs::read_to_string(person.passphrase_file())?;
    let folder = DataDir::prepare(&person.data())?;
    let (store, _) = folder.open_store(Passphrase::new(passphrase))?;
    let filled = large_store::fill(&store, MESSAGES, TimestampMs(i64::try_from(now)?))?;
    let top = store
        .read::<_, anyhow::Error>(|reading| Ok(reading.messages(&filled.largest, Window::Oldest, 1)?.rows))?;
    store.close();
    Ok(top.first().context("there are messages")?.id.0)
}

fn within(what: &str, took: Duration, budget: Duration) -> anyhow::Result<()> {
    println!("{what}: {took:?}");
    ensure!(
        took <= budget * HEADROOM,
        "{what} took {took:?}, and may take {budget:?} on a phone"
    );
    Ok(())
}

async fn rows(app: &App) -> anyhow::Result<u64> {
    let script = "return document.querySelectorAll('.message-item').length";
    app.script(script).await?.as_u64().context("a number of rows")
}

/// In the page: whether the beginning of a message is in the view.
fn shown(message: i64) -> String {
    format!(
        "(() => {{ \
             const view = document.querySelector('.messages')?.getBoundingClientRect(); \
             const top = document.getElementById('m{message}')?.getBoundingClientRect().top; \
             return top >= view?.top && top < view?.bottom; \
         }})()"
    )
}

#[tokio::test]
async fn flow_52_big_store() -> anyhow::Result<()> {
    let world = World::start().await?;
    let alice = world.person("alice")?;
    let oldest = fill(&alice)?;

    let app = world.open(&alice).await?;
    let row = app.wait_text("home-row", "Person 0", Patience::SCREEN).await?;
    within("cold start", app.age()?, COLD_START)?;

    app.stopwatch("click", "document.querySelector('[data-testid=conv-unread]')")
        .await?;
    row.click().await?;
    let took = app.stopped(Patience::SCREEN).await?;
    within("opening the largest conversation", took, OPENING)?;

    for _ in 0..PAGES {
        let edge = app.script_later(SCROLL_UP).await?;
        ensure!(
            edge["moved"].as_f64().is_some_and(|moved| moved <= UNSEEN) && edge["focused"] == true,
            "what was looked at was taken away: {edge}"
        );
        let rows = rows(&app).await?;
        ensure!(rows <= KEPT, "{rows} rows are kept");
    }

    app.stopwatch("keydown", &shown(oldest)).await?;
    app.script(
        "document.querySelector('.messages') \
             .dispatchEvent(new KeyboardEvent('keydown', {key: 'Home', bubbles: true, cancelable: true}))",
    )
    .await?;
    let took = app.stopped(Patience::SCREEN).await?;
    within("jumping to the top", took, OPENING)?;

    app.click("back").await?;
    app.click("home-search").await?;
    for word in [large_store::COMMON_WORD, large_store::RARE_WORD] {
        app.wait("search-input", Patience::SCREEN).await?;
        let found = format!(
            "[...document.querySelectorAll('[data-testid=search-hit]')].some(hit => hit.innerText.includes('{word}'))"
        );
        app.stopwatch("input", &found).await?;
        app.paste("search-input", word).await?;
        let took = app.stopped(Patience::SCREEN).await?;
        within(&format!("searching for {word}"), took, SEARCH)?;
    }

    // A place far from either end.
    let hits = app.all("search-hit").await;
    let hit = hits.get(large_store::RARE / 2).context("so many are found")?;
    let message = hit.attr("data-message").await?.context("its message")?;
    app.stopwatch("click", &shown(message.parse()?)).await?;
    hit.click().await?;
    let took = app.stopped(Patience::SCREEN).await?;
    within("opening a conversation at what was found", took, OPENING)?;
    app.close().await
}
