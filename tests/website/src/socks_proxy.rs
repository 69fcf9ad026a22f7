//! A SOCKS5 proxy on loopback, which notes whom it was asked for.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

const VERSION: u8 = 5;
const NO_LOGIN: u8 = 0;
const BY_PASSWORD: u8 = 2;
const SUCCEEDED: u8 = 0;
const REFUSED: u8 = 5;

/// A running proxy; it and its connections end with the value. Spec: RFC 1928, RFC 1929
#[derive(Debug)]
pub struct SocksProxy {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl SocksProxy {
    /// Starts a proxy; with a user and a password it lets nobody else in.
    ///
    /// # Panics
    /// When loopback has no free port.
    pub async fn start(login: Option<(&'static str, &'static str)>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let noted = Arc::clone(&asked);
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let noted = Arc::clone(&noted);
                connections.spawn(async move { serve(stream, login, &noted).await });
                while connections.try_join_next().is_some() {}
            }
        });
        Self { address, asked, task }
    }

    /// Where it is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whom it was asked for, as `host:port`, in order.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for SocksProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    mut client: TcpStream,
    login: Option<(&str, &str)>,
    asked: &Mutex<Vec<String>>,
) -> io::Result<()> {
    let refused = || io::Error::from(io::ErrorKind::PermissionDenied);
    let [version, methods] = bytes(&mut client).await?;
    let methods = text(&mut client, methods).await?;
    let method = match login {
        Some(_) => BY_PASSWORD,
        None => NO_LOGIN,
    };
    if version != VERSION || !methods.contains(&method) {
        client.write_all(&[VERSION, 0xff]).await?;
        return Err(refused());
    }
    client.write_all(&[VERSION, method]).await?;
    if let Some((user, password)) = login {
        let [_, len] = bytes(&mut client).await?;
        let said_user = text(&mut client, len).await?;
        let [len] = bytes(&mut client).await?;
        let said_password = text(&mut client, len).await?;
        let right = said_user == user.as_bytes() && said_password == password.as_bytes();
        client.write_all(&[1, u8::from(!right)]).await?;
        if !right {
            return Err(refused());
        }
    }
    let [_, _, _, kind] = bytes(&mut client).await?;
    let host = match kind {
        1 => Ipv4Addr::from(bytes::<4>(&mut client).await?).to_string(),
        4 => Ipv6Addr::from(bytes::<16>(&mut client).await?).to_string(),
        _ => {
            let [len] = bytes(&mut client).await?;
            String::from_utf8_lossy(&text(&mut client, len).await?).into_owned()
        }
    };
    let port = u16::from_be_bytes(bytes(&mut client).await?);
    asked
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(format!("{host}:{port}"));
    let there = TcpStream::connect((host, port)).await;
    let outcome = if there.is_ok() { SUCCEEDED } else { REFUSED };
    client
        .write_all(&[VERSION, outcome, 0, 1, 0, 0, 0, 0, 0, 0])
        .await?;
    copy_bidirectional(&mut client, &mut there?).await?;
    Ok(())
}

async fn bytes<const N: usize>(client: &mut TcpStream) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    client.read_exact(&mut bytes).await?;
    Ok(bytes)
}

async fn text(client: &mut TcpStream, len: u8) -> io::Result<Vec<u8>> {
    let mut text = vec![0; usize::from(len)];
    client.read_exact(&mut text).await?;
    Ok(text)
}
