//! `tern-node`: runs a whole network on loopback, one node of a network of one's own, or a file server.

use std::net::SocketAddrV4;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Parser, Subcommand};
use node::{FileHost, FileHostConfig, FileLimits, LocalNetwork, LocalNetworkOptions, Port, RunConfig};
use tokio::signal::unix::{SignalKind, signal};

/// Storage and relay nodes for Tern.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs a whole network on this machine until interrupted.
    Local {
        /// How many nodes.
        #[arg(long, default_value_t = 9)]
        nodes: usize,
        /// How many swarms they are spread over.
        #[arg(long, default_value_t = 3)]
        swarms: usize,
        /// Where to write the network profile once the network is ready.
        #[arg(long)]
        profile: PathBuf,
        /// Keeps keys, ports and messages for the next run; without it, all of it is forgotten.
        #[arg(long)]
        data: Option<PathBuf>,
    },
    /// Runs one node of a network until interrupted.
    Run {
        /// What the node is and which nodes there are; see docs/tern-node.md.
        #[arg(long)]
        config: PathBuf,
    },
    /// Runs a file server until interrupted and prints what a network profile says of it.
    Files {
        /// Where to listen, IPv4 address and port.
        #[arg(long)]
        listen: SocketAddrV4,
        /// The folder of its keys and files.
        #[arg(long)]
        data: PathBuf,
        /// Where clients reach it, `http[s]://host[:port]`, when that is not where it listens.
        #[arg(long)]
        url: Option<String>,
        /// Most mebibytes of all files together.
        #[arg(long, default_value_t = 10 * 1024)]
        max_total_mib: u64,
    },
    /// Prints a node's public keys, making the keys where there are none.
    Identity {
        /// The node's folder.
        #[arg(long)]
        data: PathBuf,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    match Arguments::parse().command {
        Command::Local {
            nodes,
            swarms,
            profile,
            data,
        } => local(LocalNetworkOptions { nodes, swarms, data }, profile).await,
        Command::Run { config } => run(&RunConfig::load(&config)?).await,
        Command::Files {
            listen,
            data,
            url,
            max_total_mib,
        } => {
            let config = FileHostConfig::open(&data)?;
            let files = FileLimits {
                max_total_len: max_total_mib.saturating_mul(1024 * 1024),
                ..config.files
            };
            serve_files(FileHostConfig { files, ..config }, listen, url).await
        }
        Command::Identity { data } => {
            println!("{}", node::public_keys_json(&data)?);
            Ok(())
        }
    }
}

async fn local(options: LocalNetworkOptions, profile: PathBuf) -> anyhow::Result<()> {
    let interrupted = interrupted()?;
    let network = LocalNetwork::start_with(options).await?;
    node::write_whole(&profile, &network.profile_json())
        .with_context(|| format!("cannot write {}", profile.display()))?;
    eprintln!(
        "{} nodes are ready; their profile is in {}",
        network.node_count(),
        profile.display()
    );
    interrupted.await;
    network.stop_all().await;
    Ok(())
}

async fn run(config: &RunConfig) -> anyhow::Result<()> {
    let interrupted = interrupted()?;
    let node = config.start().await?;
    eprintln!("listening on {}", node.address());
    interrupted.await;
    node.stop().await;
    Ok(())
}

async fn serve_files(
    config: FileHostConfig,
    listen: SocketAddrV4,
    url: Option<String>,
) -> anyhow::Result<()> {
    let interrupted = interrupted()?;
    let port =
        Port::bind(*listen.ip(), listen.port()).with_context(|| format!("cannot listen on {listen}"))?;
    let host = FileHost::start(config, port).await?;
    let url = url.unwrap_or_else(|| format!("http://{}", host.address()));
    let profile = serde_json::json!({ "file_server": host.profile_json_at(&url) });
    println!("{profile:#}");
    eprintln!("serving files on {}", host.address());
    interrupted.await;
    host.stop().await;
    Ok(())
}

/// Ends with Ctrl-C or SIGTERM; from the call on, neither ends the process by itself.
fn interrupted() -> anyhow::Result<impl Future<Output = ()>> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
