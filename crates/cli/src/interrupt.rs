//! Ctrl-C and the polite kill.

/// Ends when the user interrupts the program or the system asks it to end.
pub(crate) async fn wait() {
    #[cfg(unix)]
    if let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    if tokio::signal::ctrl_c().await.is_err() {
        // No handler could be installed: the system's own default then ends the program.
        std::future::pending().await
    }
}
