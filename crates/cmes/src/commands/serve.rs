//! `cmes serve`: the API in this process, until it is told to stop.

use std::sync::Arc;

use cmes_server::Server;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use super::{Failure, print};
use crate::arguments::Role;
use crate::config::{Config, LogFormat};
use crate::parts;

pub async fn run(config: &Config, roles: &[Role]) -> Result<(), Failure> {
    if !roles.is_empty() && !roles.contains(&Role::Api) {
        return Err(Failure::new("this version has no tasks to work on; leave out --roles, or use --roles api"));
    }
    start_log(config)?;
    let app = Arc::new(parts::app(config).await?);
    let db = app.db.clone();
    let server = Server::new(app, parts::server_options(config));
    let listener = TcpListener::bind(config.server.listen).await.map_err(|error| {
        Failure::because(error).with(&format!("{} cannot be listened on; change server.listen", config.server.listen))
    })?;
    let address = listener.local_addr().map_err(Failure::because)?;
    tokio::task::spawn_blocking(cmes_app::enrichment::Enricher::warm_up);
    let stop = stop_signal()?;
    print(&format!("cmes is ready on http://{address}\n"))?;
    cmes_server::serve(server, listener, stop).await.map_err(Failure::because)?;
    db.close().await;
    tracing::info!("stopped");
    Ok(())
}

fn start_log(config: &Config) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(&config.log.level).map_err(|error| {
        Failure::because(error)
            .with("log.level takes error, warn, info, debug, trace, or filters such as info,cmes_fetch=debug")
    })?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match config.log.format {
        LogFormat::Text => log.with_ansi(console::colors_enabled_stderr()).try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| Failure::new(error.to_string()))
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
        tracing::info!("stopping: answering what is open");
    })
}
