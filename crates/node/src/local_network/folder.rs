//! What a local network keeps on disk: for each node a folder `node-N` with its keys, its port and its messages, and for
//! the file server a folder `files` with its keys, its port and its files.

use std::fs;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::LocalNetworkError;
use crate::file_server::FileHostConfig;
use crate::identity::NodeIdentity;
use crate::port::Port;
use crate::random;
use crate::secret_file;
use crate::tls::Certificate;

/// The folder of a whole network.
pub(super) enum Folder {
    /// Stays.
    Kept(PathBuf),
    /// Goes with the value.
    Temporary(TempDir),
}

/// What one node starts from.
pub(super) struct NodeFolder {
    pub(super) identity: NodeIdentity,
    pub(super) certificate: Certificate,
    pub(super) port: Port,
    pub(super) database: PathBuf,
}

impl Folder {
    pub(super) fn open(kept: Option<PathBuf>) -> Result<Self, LocalNetworkError> {
        match kept {
            Some(path) => {
                fs::create_dir_all(&path).map_err(unusable(&path))?;
                Ok(Self::Kept(path))
            }
            None => tempfile::tempdir()
                .map(Self::Temporary)
                .map_err(unusable(&std::env::temp_dir())),
        }
    }

    fn path(&self) -> &Path {
        match self {
            Self::Kept(path) => path,
            Self::Temporary(folder) => folder.path(),
        }
    }

    /// Opens the folder of one node, with new keys and a free port where it has none.
    pub(super) fn node(&self, number: usize) -> Result<NodeFolder, LocalNetworkError> {
        let path = self.path().join(format!("node-{number}"));
        fs::create_dir_all(&path).map_err(unusable(&path))?;
        let file = |name: &str| path.join(name);
        Ok(NodeFolder {
            identity: NodeIdentity::load_or_create(&file("identity"), &mut random::rng())
                .map_err(unusable(&file("identity")))?,
            certificate: Certificate::load_or_create(&file("tls-key.pem"))
                .map_err(unusable(&file("tls-key.pem")))?,
            port: port(&file("port")).map_err(unusable(&file("port")))?,
            database: file("messages.db"),
        })
    }

    /// What the file server starts from.
    pub(super) fn file_server(&self) -> Result<(FileHostConfig, Port), LocalNetworkError> {
        let path = self.path().join("files");
        let config = FileHostConfig::open(&path)?;
        let file = path.join("port");
        Ok((config, port(&file).map_err(unusable(&file))?))
    }
}

/// The port of the last run while it is free, so that clients that remember it find the node; else any free one.
fn port(file: &Path) -> std::io::Result<Port> {
    let last = secret_file::read(file)?
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(0);
    let port = Port::bind(Ipv4Addr::LOCALHOST, last).or_else(|_| Port::bind(Ipv4Addr::LOCALHOST, 0))?;
    if port.number() != last {
        secret_file::write(file, &format!("{}\n", port.number()))?;
    }
    Ok(port)
}

fn unusable<E>(path: &Path) -> impl FnOnce(E) -> LocalNetworkError
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let path = path.to_owned();
    |source| LocalNetworkError::Folder {
        path,
        source: source.into(),
    }
}
