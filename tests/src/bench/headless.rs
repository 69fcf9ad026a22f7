//! `tern rpc` on a store with much history, as a script uses it: the real program, spoken to over its standard input
//! and output, on a local network.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};

use super::memory::{self, Memory};
use crate::large_store::{COMMON_WORD, RARE, RARE_WORD};

/// Starts of the program; the median of each figure counts.
const STARTS: usize = 5;
/// Rows of a window, as the app asks for them.
const WINDOW: u32 = 50;
/// Memory is at rest when it has not changed for so long.
const REST: Duration = Duration::from_secs(2);
/// No answer takes longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the program is opened with.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The program.
    pub tern: &'a Path,
    /// The data folder.
    pub data: &'a Path,
    /// The passphrase of its store.
    pub passphrase: &'a Path,
    /// The profile of a running network.
    pub network: &'a Path,
}

/// What was measured; each step is the first of its kind in a process that has just started.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// From the start of the process to the first window of the home list.
    pub first_list: Duration,
    /// Head and first window of the largest conversation.
    pub open_largest: Duration,
    /// The oldest window of it.
    pub jump_to_top: Duration,
    /// The first hits of a word that most messages have.
    pub search_common: Duration,
    /// All hits of a word that few messages have.
    pub search_rare: Duration,
    /// Memory afterwards, at rest and connected.
    pub memory: Memory,
}

/// Starts the program several times and takes the median of each figure.
///
/// # Errors
/// When it does not start or answers something else than what is in the store.
pub fn measure(place: Place<'_>, largest: &str) -> anyhow::Result<Measured> {
    let runs: Vec<Measured> = (0..STARTS)
        .map(|_| once(place, largest))
        .collect::<anyhow::Result<_>>()?;
    let time = |of: fn(&Measured) -> Duration| median(runs.iter().map(of).collect());
    Ok(Measured {
        first_list: time(|run| run.first_list),
        open_largest: time(|run| run.open_largest),
        jump_to_top: time(|run| run.jump_to_top),
        search_common: time(|run| run.search_common),
        search_rare: time(|run| run.search_rare),
        memory: median(runs.iter().map(|run| run.memory).collect()),
    })
}

fn once(place: Place<'_>, largest: &str) -> anyhow::Result<Measured> {
    let started = Instant::now();
    let mut tern = Tern::start(place)?;
    let list = tern.ask("list_conversations", json!({"offset": 0, "limit": WINDOW}))?;
    let first_list = started.elapsed();
    ensure!(rows(&list) == WINDOW as usize, "the first list is not whole");

    let window = |at: &str| json!({"conversation": largest, "window": {"at": at}, "limit": WINDOW});
    let started = Instant::now();
    tern.ask("open_conversation", json!({"conversation": largest}))?;
    let opened = tern.ask("list_messages", window("first_unread"))?;
    let open_largest = started.elapsed();
    ensure!(rows(&opened) == WINDOW as usize, "the conversation is not whole");

    let started = Instant::now();
    let top = tern.ask("list_messages", window("oldest"))?;
    let jump_to_top = started.elapsed();
    ensure!(
        top["more_before"] == false && top["more_after"] == true,
        "this is not the top"
    );

    let mut search = |word: &str, most: usize| {
        let started = Instant::now();
        let found = tern.ask("search", json!({"text": word, "limit": WINDOW}))?;
        let took = started.elapsed();
        let hits = found["messages"].as_array().map_or(0, Vec::len);
        ensure!(hits == most, "{hits} hits of {word}");
        Ok(took)
    };
    let search_common = search(COMMON_WORD, WINDOW as usize)?;
    let search_rare = search(RARE_WORD, RARE)?;
    let memory = memory::at_rest(tern.process.id(), REST)?;
    tern.end()?;
    Ok(Measured {
        first_list,
        open_largest,
        jump_to_top,
        search_common,
        search_rare,
        memory,
    })
}

fn rows(page: &Value) -> usize {
    page["rows"].as_array().map_or(0, Vec::len)
}

/// The middle one.
pub(super) fn median<T: Ord + Copy>(mut figures: Vec<T>) -> T {
    figures.sort_unstable();
    *figures.get(figures.len() / 2).expect("something was measured")
}

/// The running program.
pub(super) struct Tern {
    pub(super) process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Tern {
    pub(super) fn start(place: Place<'_>) -> anyhow::Result<Self> {
        let mut process = Command::new(place.tern)
            .arg("--data")
            .arg(place.data)
            .arg("--passphrase-file")
            .arg(place.passphrase)
            .arg("--network")
            .arg(place.network)
            .arg("rpc")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("tern does not start")?;
        Ok(Self {
            input: process.stdin.take(),
            output: BufReader::new(process.stdout.take().context("tern has no output")?),
            process,
        })
    }

    /// Asks, and passes over events until the answer comes.
    pub(super) fn ask(&mut self, method: &str, params: Value) -> anyhow::Result<Value> {
        let request = json!({"jsonrpc": "2.0", "id": method, "method": method, "params": params});
        let input = self.input.as_mut().context("its input is closed")?;
        writeln!(input, "{request}")?;
        let end = Instant::now() + PATIENCE;
        let mut line = String::new();
        while Instant::now() < end {
            line.clear();
            ensure!(self.output.read_line(&mut line)? > 0, "tern has ended");
            let mut answer: Value = serde_json::from_str(&line)?;
            if answer["id"] == method {
                ensure!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return Ok(answer["result"].take());
            }
        }
        bail!("{method} was not answered")
    }

    /// Closes its input and waits for its end.
    pub(super) fn end(mut self) -> anyhow::Result<()> {
        drop(self.input.take());
        // What it still has to say is read, so that it can end.
        std::io::copy(&mut self.output, &mut std::io::sink())?;
        let status = self.process.wait()?;
        ensure!(status.success(), "tern ended with {status}");
        Ok(())
    }
}
