//! `cargo xtask sites`: the demo sites in a browser, or for a server under development.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use clap::Args;
use cmes_fetch::{FetchOptions, Fetcher};
use cmes_testkit::DemoSites;

/// Serve the demo sites on 127.0.0.1 until Ctrl-C.
#[derive(Debug, Args)]
pub struct SitesArgs {
    /// Port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 8091)]
    port: u16,
    /// Also print the host names as configuration (`fetch.resolve`).
    #[arg(long)]
    print_hosts: bool,
}

/// Serves until interrupted.
///
/// # Errors
///
/// When the port is taken.
#[expect(clippy::print_stdout, reason = "printing is what the command is for")]
pub async fn run(args: &SitesArgs) -> io::Result<()> {
    let sites = DemoSites::start(Some(args.port)).await?;
    println!("demo sites on http://{}", sites.addr());
    if args.print_hosts {
        println!("\n{}", hosts_as_toml(&sites));
    }
    tokio::signal::ctrl_c().await
}

/// How sites on loopback are read by whoever measures: under their names, without a pause between pages.
///
/// # Errors
///
/// None as long as loopback is written right here.
pub fn options(hosts: BTreeMap<String, SocketAddr>) -> io::Result<FetchOptions> {
    let loopback = "127.0.0.0/8".parse().map_err(io::Error::other)?;
    Ok(FetchOptions {
        allow_networks: vec![loopback],
        hosts,
        per_host_delay: Duration::ZERO,
        ..FetchOptions::default()
    })
}

/// Reads sites by these [`options`].
///
/// # Errors
///
/// When the fetcher cannot be made.
pub fn fetcher(hosts: BTreeMap<String, SocketAddr>) -> io::Result<Fetcher> {
    Fetcher::new(options(hosts)?).map_err(io::Error::other)
}

fn hosts_as_toml(sites: &DemoSites) -> String {
    let lines = sites.hosts().into_iter().map(|(host, addr)| format!("\"{host}\" = \"{addr}\"\n"));
    std::iter::once("[fetch.resolve]\n".to_owned()).chain(lines).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn hosts_are_printed_as_a_table_of_the_configuration() {
        let sites = DemoSites::start(None).await.expect("a free port");
        let text = hosts_as_toml(&sites);
        let line = format!("\"nordwind-pumpen.example\" = \"{}\"", sites.addr());
        assert!(text.starts_with("[fetch.resolve]\n") && text.contains(&line), "{text}");
    }
}
