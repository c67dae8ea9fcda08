//! Listening, and stopping without dropping what is being answered.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;

use crate::{Server, router};

/// Serves until `stop` ends, then answers what is open, for at most
/// [`crate::ServerOptions::patience`].
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    server: Arc<Server>,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let service = router(&server).into_make_service_with_connect_info::<SocketAddr>();
    // Answers are written whole; waiting for more only delays them.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let (stopped, has_stopped) = tokio::sync::oneshot::channel();
    let patience = server.options.patience;
    let serving = axum::serve(listener, service).with_graceful_shutdown(async move {
        stop.await;
        server.stop();
        let _ = stopped.send(());
    });
    tokio::select! {
        served = serving.into_future() => served,
        () = async { let _ = has_stopped.await; tokio::time::sleep(patience).await } => Ok(()),
    }
}
