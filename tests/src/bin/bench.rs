//! `bench`: measures our code against what it cannot do without, in one run, and prints each as a ratio; then what a
//! person waits for with much history, as times.
//!
//! Ratios hold on any machine; times are only those of this one. `bench --ui DIR` also prints the size of the built UI.
//! Words name parts to run alone: `bench sealing backlog node history scrolling junk configs restore ui`; `--sizes 10000,100000` are the
//! stores of `history`. The program `tern` is expected beside this one.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use tests::bench::{backlog, configs, history, junk, restore, scrolling, seal_and_wrap, store_rate};

/// Rounds, requests of a round and connections of the node's bench.
const NODE_ROUNDS: usize = 5;
const NODE_REQUESTS: usize = 4_000;
const NODE_CONNECTIONS: usize = 8;
/// Messages of the stores, smallest first.
const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];
/// Messages of the store that is scrolled in.
const SCROLLED: usize = 100_000;

/// What to measure.
struct Arguments {
    parts: Vec<String>,
    ui: Option<PathBuf>,
    sizes: Vec<usize>,
}

impl Arguments {
    fn parse(arguments: impl Iterator<Item = String>) -> anyhow::Result<Self> {
        let mut parsed = Self {
            parts: Vec::new(),
            ui: None,
            sizes: SIZES.to_vec(),
        };
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--ui" => parsed.ui = Some(arguments.next().context("--ui needs a folder")?.into()),
                "--sizes" => {
                    let sizes = arguments.next().context("--sizes needs numbers")?;
                    parsed.sizes = sizes
                        .split(',')
                        .map(|size| Ok(size.parse()?))
                        .collect::<anyhow::Result<_>>()?;
                }
                "sealing" | "backlog" | "node" | "history" | "scrolling" | "junk" | "configs" | "restore"
                | "ui" => {
                    parsed.parts.push(argument);
                }
                other => bail!("there is no part {other}"),
            }
        }
        Ok(parsed)
    }

    fn wants(&self, part: &str) -> bool {
        self.parts.is_empty() || self.parts.iter().any(|wanted| wanted == part)
    }
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse(std::env::args().skip(1))?;
    let runtime = tokio::runtime::Runtime::new()?;
    if arguments.wants("sealing") {
        print_sealing()?;
    }
    if arguments.wants("backlog") {
        let opened = runtime.block_on(backlog::measure())?;
        print_ratio(
            "open, verify and store 10,000 messages, to primitives and plain inserts",
            opened.ratio(),
            "at most 1.5",
            &format!("{:?} to {:?}", opened.engine, opened.plain),
        );
    }
    if arguments.wants("node") {
        let rate = runtime.block_on(store_rate::measure(NODE_ROUNDS, NODE_REQUESTS, NODE_CONNECTIONS))?;
        print_ratio(
            "a node's stores over TLS, to a bare echo on the same server",
            rate.ratio(),
            "at least 0.5",
            &format!(
                "{:.0} to {:.0} a second; {:.2} by processor time, {:.1} us for each to {:.1}",
                rate.stores_per_s,
                rate.echoes_per_s,
                rate.cpu_ratio(),
                rate.store_cpu_us,
                rate.echo_cpu_us
            ),
        );
    }
    if arguments.wants("junk") {
        let cost = runtime.block_on(junk::measure())?;
        print_ratio(
            "cores in use while 50 junk messages a second come",
            cost.cores(),
            "at most 0.1",
            &format!("{:?} in {:?}", cost.used, cost.passed),
        );
    }
    if arguments.wants("scrolling") {
        print_scrolling(&runtime.block_on(scrolling::measure(SCROLLED))?);
    }
    if arguments.wants("configs") {
        print_configs()?;
    }
    if arguments.wants("restore") {
        let restored = runtime.block_on(restore::measure())?;
        println!(
            "{:6.1} s   restore with 1,000 contacts and 5,000 messages: until home (goal: at most 3; complete after {:.1} s, \
             goal: at most 20)",
            restored.home.as_secs_f64(),
            restored.complete.as_secs_f64(),
        );
    }
    drop(runtime);
    if arguments.wants("history") {
        let tern = std::env::current_exe()?.with_file_name("tern");
        print_history(&history::measure(&tern, &arguments.sizes)?);
    }
    match &arguments.ui {
        Some(folder) if arguments.wants("ui") => print_ui_size(folder),
        _ => Ok(()),
    }
}

fn print_sealing() -> anyhow::Result<()> {
    for (cipher, wrapped) in seal_and_wrap::measure()? {
        print_ratio(
            &format!("seal and onion-wrap 1 kB, {cipher}, to its primitives"),
            wrapped.ratio(),
            "at most 1.3",
            &format!("{:?} to {:?}", wrapped.ours, wrapped.primitives),
        );
    }
    Ok(())
}

fn print_configs() -> anyhow::Result<()> {
    for (what, measured) in configs::measure()? {
        print_ratio(
            &format!("merge, edit, push and dump {what}, to writing them down once"),
            measured.ratio(),
            "at most 5",
            &format!(
                "{:?} to {:?}; {:?} of it are its compression, hashes, ciphers and signatures; {} bytes of data; one edit \
                 sends {}",
                measured.ours,
                measured.plain,
                measured.primitives,
                measured.data_bytes,
                measured.pushed_bytes
            ),
        );
    }
    Ok(())
}

fn print_ratio(what: &str, ratio: f64, goal: &str, figures: &str) {
    println!("{ratio:6.2}  {what} (goal: {goal}; {figures})");
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

fn print_scrolling(measured: &scrolling::Measured) {
    println!(
        "{:6.1} ms  a window of the largest conversation of {SCROLLED} messages while {} are received, median of {} (worst: \
         {:.1} ms; otherwise {:.1} ms; received in {:.1} s)",
        ms(measured.median),
        scrolling::BACKLOG,
        measured.windows,
        ms(measured.worst),
        ms(measured.quiet),
        measured.backlog.as_secs_f64(),
    );
}

/// One line a figure, one column a size, and how much the largest store costs beside the smallest.
fn print_history(sizes: &[history::Size]) {
    type Figure = fn(&history::Size) -> f64;
    let figures: [(&str, &str, Figure); 7] = [
        ("ms  tern rpc: process start to first list", "100", |size| {
            ms(size.program.first_list)
        }),
        ("ms  tern rpc: open the largest conversation", "10", |size| {
            ms(size.program.open_largest)
        }),
        ("ms  tern rpc: jump to its top", "10", |size| {
            ms(size.program.jump_to_top)
        }),
        ("ms  tern rpc: search a common word", "15", |size| {
            ms(size.program.search_common)
        }),
        ("ms  tern rpc: search a rare word", "15", |size| {
            ms(size.program.search_rare)
        }),
        ("MB  tern rpc: memory at rest (proportional)", "30", |size| {
            size.program.memory.proportional_kb as f64 / 1_000.0
        }),
        ("MB  tern rpc: memory at rest (resident)", "30", |size| {
            size.program.memory.resident_kb as f64 / 1_000.0
        }),
    ];
    let heads: String = sizes
        .iter()
        .map(|size| format!("{:>11}", size.messages))
        .collect();
    println!("{heads}   messages in 300 conversations, four tenths of them in one");
    for (what, goal, figure) in figures {
        let columns: String = sizes
            .iter()
            .map(|size| format!("{:11.1}", figure(size)))
            .collect();
        let growth = match (sizes.first(), sizes.last()) {
            (Some(first), Some(last)) => figure(last) / figure(first),
            _ => 1.0,
        };
        println!("{columns} {what} (goal: at most {goal}; grows {growth:.2} times, goal: at most 1.5)");
    }
    let made: String = sizes
        .iter()
        .map(|size| format!("{:11.1}", size.filled.as_secs_f64()))
        .collect();
    println!("{made} s   to make the store");
    let large: String = sizes
        .iter()
        .map(|size| format!("{:11.1}", size.bytes as f64 / 1e6))
        .collect();
    println!("{large} MB  its file");
}

/// The compiled UI as a web server would send it.
fn print_ui_size(folder: &Path) -> anyhow::Result<()> {
    let wasm = std::fs::read(folder.join("ui_bg.wasm")).context("the UI is not built")?;
    let mut gzip = Command::new("gzip")
        .args(["-9", "-c"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut input = gzip.stdin.take().context("gzip takes no input")?;
    let writer = std::thread::spawn(move || input.write_all(&wasm));
    let packed = gzip.wait_with_output()?;
    ensure!(packed.status.success(), "gzip failed");
    writer.join().ok().context("gzip was not fed")??;
    println!(
        "{:6} kB  compiled UI, gzip (goal: at most 600 kB)",
        packed.stdout.len().div_ceil(1_000)
    );
    Ok(())
}
