//! The app's shell: a window around the UI, and a narrow bridge to the engine.
//!
//! Owns: the window and where it may navigate, the IPC commands of `bridge` and `link`, the `tern-media` scheme,
//! and the opening of the engine in the background while the first screen shows. Never: what a command does (that
//! is `engine`), what a user sees (that is `ui`), or bytes of the protocol.
//!
//! The page is not trusted: it may call the commands that `capabilities/main.json` names and nothing else of
//! Tauri; it cannot load, connect to or navigate to anything outside the app.

#[cfg(target_os = "android")]
mod android;
mod bridge;
#[cfg(all(unix, desktop))]
mod handover;
#[cfg(mobile)]
mod lent;
mod link;
mod logs;
mod media;
mod opening;
mod options;
mod owner;
mod pace;
mod permission;
mod place;
mod rescue;
mod screen;
mod share;
mod share_out;
mod shell;
mod voice;
mod window;

use std::path::PathBuf;

use tauri::Manager;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

use crate::logs::Journal;
use crate::options::Options;
use crate::pace::Paces;
use crate::place::Chosen;
use crate::rescue::DataFolder;
use crate::share::Shared;
use crate::shell::Shell;
use crate::voice::Voice;

/// What the journal keeps: what libraries warn of, and what our own parts do.
const KEPT: &str = "warn,engine=debug,nearby=debug,network=debug,store=debug,tern_app=debug,voice=debug";

/// Starts the app and returns when its window was closed.
///
/// # Panics
/// When the window system cannot be reached: there is no window in which to say so.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn run() {
    let options = Options::from_command_line();
    let journal = Journal::default();
    start_log(&journal);
    let builder = tauri::Builder::default();
    #[cfg(mobile)]
    let builder = builder
        .plugin(tauri_plugin_biometric::init())
        .plugin(tauri_plugin_fs::init());
    let app = builder
        .plugin(
            tauri_plugin_opener::Builder::new()
                .open_js_links_on_click(false)
                .build(),
        )
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(tauri::generate_handler![
            bridge::command,
            bridge::events,
            rescue::erase_unopened,
            link::open_link,
            permission::open_settings,
            link::read_link,
            logs::logs,
            logs::save_logs,
            share::take_shared,
            share_out::share_text,
            bridge::save,
            place::choose_place,
            place::command_at_place,
            screen::protect_screen,
            bridge::scan_id,
            bridge::scan_phrase,
            bridge::stage,
            bridge::unlock,
            voice::finish_voice,
            voice::forget_voice,
            voice::sound,
            voice::start_voice
        ])
        .register_asynchronous_uri_scheme_protocol(media::SCHEME, |context, request, responder| {
            let (app, label) = (context.app_handle().clone(), context.webview_label().to_owned());
            tauri::async_runtime::spawn(async move {
                let shell = app.state::<Shell>();
                responder.respond(media::answer(&shell, &label, request).await);
            });
        })
        .setup(move |app| {
            let data = match options.data.clone() {
                Some(folder) => folder,
                None => app.path().app_data_dir()?,
            };
            app.manage(journal);
            app.manage(DataFolder(data.clone()));
            app.manage(Paces::new());
            app.manage(Voice::default());
            app.manage(Chosen::default());
            let shared = absolute(&options.share);
            #[cfg(all(unix, desktop))]
            if !shared.is_empty() && handover::hand_over(&data, &shared) {
                std::process::exit(0);
            }
            app.manage(Shared::new(shared));
            app.manage(Shell::start(opening::opener(data.clone(), options)));
            #[cfg(all(unix, desktop))]
            handover::listen(&data, taking_over(app.handle().clone()));
            window::open(app, &data)?;
            Ok(())
        })
        .build(tauri::generate_context!())
        .expect("the window system can be reached");
    app.run(|app, event| match event {
        tauri::RunEvent::Exit => tauri::async_runtime::block_on(app.state::<Shell>().close()),
        #[cfg(mobile)]
        tauri::RunEvent::Opened { urls } => take_over_lent(app, urls),
        _ => {}
    });
}

/// As they are named from any folder.
fn absolute(files: &[PathBuf]) -> Vec<PathBuf> {
    let whole = |file: &PathBuf| std::path::absolute(file).unwrap_or_else(|_| file.clone());
    files.iter().map(whole).collect()
}

/// What the open window does with files that a second start hands over.
#[cfg(all(unix, desktop))]
fn taking_over(app: tauri::AppHandle) -> impl Fn(Vec<PathBuf>) + Send + 'static {
    move |files| {
        let files = files.into_iter().map(share::SharedFile::Path).collect();
        app.state::<Shared>().replace(files);
        app.state::<Shell>().tell(contract::Event::FilesShared);
        window::raise(&app);
    }
}

/// What the app does with files that another app of the phone shares.
#[cfg(mobile)]
fn take_over_lent(app: &tauri::AppHandle, uris: Vec<tauri::Url>) {
    let lent = uris.into_iter().filter_map(|uri| lent::Lent::new(app, uri));
    let files: Vec<_> = lent.map(share::SharedFile::Lent).collect();
    if let (Some(shared), Some(shell), false) = (
        app.try_state::<Shared>(),
        app.try_state::<Shell>(),
        files.is_empty(),
    ) {
        shared.replace(files);
        shell.tell(contract::Event::FilesShared);
    }
}

/// Counts, durations, kinds and codes: to standard error as `TERN_LOG` chooses, and more of them to the journal.
fn start_log(journal: &Journal) {
    let chosen = EnvFilter::try_from_env("TERN_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    let shown = fmt::layer().with_writer(std::io::stderr).with_filter(chosen);
    let journal = journal.clone();
    let kept = fmt::layer()
        .with_ansi(false)
        .with_writer(move || journal.clone())
        .with_filter(EnvFilter::new(KEPT));
    // A second start in one process keeps the first log.
    let _ = tracing_subscriber::registry().with(shown).with(kept).try_init();
}
