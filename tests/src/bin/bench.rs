//! `bench`: measures our code against what it cannot do without, in one run, and prints each as a ratio.
//!
//! Ratios hold on any machine; times are only those of this one. `bench --ui DIR` also prints the size of the built UI.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use tests::bench::{backlog, seal_and_wrap, store_rate};

/// Rounds, requests of a round and connections of the node's bench.
const NODE_ROUNDS: usize = 5;
const NODE_REQUESTS: usize = 4_000;
const NODE_CONNECTIONS: usize = 8;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    for (cipher, wrapped) in seal_and_wrap::measure()? {
        print_ratio(
            &format!("seal and onion-wrap 1 kB, {cipher}, to its primitives"),
            wrapped.ratio(),
            "at most 1.3",
            &format!("{:?} to {:?}", wrapped.ours, wrapped.primitives),
        );
    }
    let runtime = tokio::runtime::Runtime::new()?;
    let opened = runtime.block_on(backlog::measure())?;
    print_ratio(
        "open, verify and store 10,000 messages, to primitives and plain inserts",
        opened.ratio(),
        "at most 1.5",
        &format!("{:?} to {:?}", opened.engine, opened.plain),
    );
    let rate = runtime.block_on(store_rate::measure(NODE_ROUNDS, NODE_REQUESTS, NODE_CONNECTIONS))?;
    print_ratio(
        "a node's stores over TLS, to a bare echo on the same server",
        rate.ratio(),
        "at least 0.5",
        &format!("{:.0} to {:.0} a second", rate.stores_per_s, rate.echoes_per_s),
    );
    if let [flag, folder] = arguments.as_slice()
        && flag == "--ui"
    {
        print_ui_size(Path::new(folder))?;
    }
    Ok(())
}

fn print_ratio(what: &str, ratio: f64, goal: &str, figures: &str) {
    println!("{ratio:6.2}  {what} (goal: {goal}; {figures})");
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
