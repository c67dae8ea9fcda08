//! `cmes serve`: answers the API and works on tasks in this process, until it
//! is told to stop.

use std::sync::Arc;

use cmes_app::{App, worker};
use cmes_server::Server;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{Failure, print};
use crate::arguments::Role;
use crate::config::Config;
use crate::{parts, telemetry};

pub async fn run(config: &Config, roles: &[Role]) -> Result<(), Failure> {
    let has_role = |role| roles.is_empty() || roles.contains(&role);
    let telemetry = telemetry::start(&config.log)?;
    let app = Arc::new(parts::app(config).await?);
    tokio::task::spawn_blocking(cmes_app::enrichment::Enricher::warm_up);
    let stop = CancellationToken::new();
    tokio::spawn(tell(stop_signal()?, stop.clone()));

    // Leases are kept until everything that runs under them has ended.
    let ended = CancellationToken::new();
    let leases = {
        let (queue, ended) = (Arc::clone(&app.queue), ended.clone());
        tokio::spawn(async move { queue.keep_leases(ended).await })
    };
    let worker = has_role(Role::Worker).then(|| {
        let settings = parts::worker_settings(config);
        tokio::spawn(worker::run(Arc::clone(&app), settings, stop.clone()))
    });
    if has_role(Role::Api) {
        serve(config, Arc::clone(&app), stop.clone()).await?;
    } else {
        print("cmes is ready to work on tasks\n")?;
        stop.cancelled().await;
    }
    if let Some(worker) = worker {
        worker.await.map_err(Failure::because)?;
    }
    ended.cancel();
    leases.await.map_err(Failure::because)?;
    app.db.close().await;
    telemetry.stop().await;
    tracing::info!("stopped");
    Ok(())
}

async fn serve(config: &Config, app: Arc<App>, stop: CancellationToken) -> Result<(), Failure> {
    let server = Server::new(app, parts::server_options(config));
    let listener = TcpListener::bind(config.server.listen).await.map_err(|error| {
        Failure::because(error).with(&format!("{} cannot be listened on; change server.listen", config.server.listen))
    })?;
    let address = listener.local_addr().map_err(Failure::because)?;
    print(&format!("cmes is ready on http://{address}\n"))?;
    cmes_server::serve(server, listener, stop.cancelled_owned()).await.map_err(Failure::because)
}

async fn tell(signal: impl Future<Output = ()>, stop: CancellationToken) {
    signal.await;
    stop.cancel();
}

/// Ends at SIGTERM or SIGINT.
fn stop_signal() -> Result<impl Future<Output = ()> + Send + 'static, Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::because)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Failure::because)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: answering what is open, handing back what is not finished");
    })
}
