//! `cargo xtask sites`: the demo sites in a browser, or for a server under development.

use clap::Args;
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
pub async fn run(args: &SitesArgs) -> std::io::Result<()> {
    let sites = DemoSites::start(Some(args.port)).await?;
    println!("demo sites on http://{}", sites.addr());
    if args.print_hosts {
        println!("\n{}", hosts_as_toml(&sites));
    }
    tokio::signal::ctrl_c().await
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
