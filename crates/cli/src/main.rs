//! `tern`: the messenger without a window, for people, scripts and bots. `docs/cli.md` describes it.
//!
//! Owns: arguments, what is printed, exit codes. Everything else is asked of the engine through the contract, as the app
//! window does. Results go to standard output and nothing else does; problems and logs go to standard error.

mod account;
mod args;
mod backup;
mod conversations;
mod echo;
mod exit;
mod feed;
mod files;
mod history;
mod interrupt;
mod listen;
mod output;
mod picture;
mod rpc;
mod secret_file;
mod send;
mod session;
mod wording;

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use tracing_subscriber::EnvFilter;

use args::{Arguments, Command};
use exit::Stop;
use output::Output;
use session::Session;

/// How long threads are waited for at the end.
const LAST_WAIT: Duration = Duration::from_millis(500);

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log_to_stderr();
    let output = Output::new(arguments.json);
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return exit::report(&output, &Stop::from(error)),
    };
    let result = runtime.block_on(run(arguments, &output));
    // OpenSSL cleans up when a process ends and must not meet a thread that is ending, too: all are waited for, but for one
    // that waits for standard input and would keep the program from ending.
    runtime.shutdown_timeout(LAST_WAIT);
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => exit::report(&output, &stop),
    }
}

async fn run(arguments: Arguments, output: &Output) -> Result<(), Stop> {
    let session = Session::open(&arguments, output).await?;
    let result = tokio::select! {
        result = carry_out(arguments.command, &session, output) => result,
        () = interrupt::wait() => Err(Stop::Interrupted),
    };
    session.close().await;
    result
}

async fn carry_out(command: Command, session: &Session, output: &Output) -> Result<(), Stop> {
    match command {
        Command::Account(command) => account::run(command, session, output).await,
        Command::Send {
            to,
            text,
            files,
            original,
            voice,
            timeout,
        } => {
            let text = text.unwrap_or_default();
            let draft = send::Draft {
                to,
                text,
                files,
                original,
                voice,
            };
            send::run(draft, timeout, session, output).await
        }
        Command::Save {
            attachment,
            to,
            timeout,
        } => files::save(attachment, &to, timeout, session, output).await,
        Command::Listen { duration } => listen::run(duration, session, output).await,
        Command::Messages { with, limit } => conversations::messages(&with, limit, session, output).await,
        Command::Backup(command) => backup::run(command, session, output).await,
        Command::History(command) => history::run(command, session, output).await,
        Command::Export { with, to } => backup::export(with, &to, session, output).await,
        Command::Conversations => conversations::list(session, output).await,
        Command::Echo { duration } => echo::run(duration, session, output).await,
        Command::Rpc => rpc::run(session).await,
    }
}

/// Logs say nothing unless `TERN_LOG` asks for it, for instance `TERN_LOG=engine=debug`.
fn log_to_stderr() {
    let filter = EnvFilter::try_from_env("TERN_LOG").unwrap_or_else(|_| EnvFilter::new("off"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}
