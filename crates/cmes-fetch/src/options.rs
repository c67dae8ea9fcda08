//! How a [`crate::Fetcher`] is set up.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use rustls::pki_types::CertificateDer;

use crate::resolve::NameLookup;

/// Settings of a [`crate::Fetcher`]; most have a key in the section `fetch` of
/// the configuration.
#[derive(Clone)]
pub struct FetchOptions {
    /// Networks that may be read although they are not public (`fetch.allow_networks`).
    pub allow_networks: Vec<IpNet>,
    /// Fixed addresses of names (`fetch.resolve`), like curl's `--resolve`: the
    /// exact name leads to this address, and to this port if the URL names none. They are judged like all addresses.
    pub hosts: BTreeMap<String, SocketAddr>,
    /// A proxy for all requests (`fetch.proxy`), as a URL. It may be at any
    /// address. Sites are still judged before it is asked, as far as their names
    /// can be resolved here; names that cannot are left to the proxy.
    pub proxy: Option<String>,
    /// What cmes calls itself (`fetch.user_agent`).
    pub user_agent: String,
    /// Pause between the starts of two requests to one host (`fetch.per_host_delay_ms`).
    pub per_host_delay: Duration,
    /// Requests to one host at the same time.
    pub per_host_parallel: usize,
    /// Longest time for one request, from the connection to the last byte (`fetch.page_timeout_s`).
    pub page_timeout: Duration,
    /// Longest body, counted after decompression (`fetch.max_page_bytes`).
    pub max_page_bytes: u64,
    /// Folder of the page cache; none = no cache.
    pub cache_dir: Option<PathBuf>,
    /// Size of that folder.
    pub cache_max_bytes: u64,
    /// Certificate authorities trusted beside the machine's.
    pub extra_root_certificates: Vec<CertificateDer<'static>>,
    /// How names are looked up.
    pub lookup: NameLookup,
}

/// Without the proxy's address, which may hold a password.
impl std::fmt::Debug for FetchOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FetchOptions")
            .field("allow_networks", &self.allow_networks)
            .field("hosts", &self.hosts)
            .field("proxy", &self.proxy.is_some())
            .field("user_agent", &self.user_agent)
            .field("per_host_delay", &self.per_host_delay)
            .field("per_host_parallel", &self.per_host_parallel)
            .field("page_timeout", &self.page_timeout)
            .field("max_page_bytes", &self.max_page_bytes)
            .field("cache_dir", &self.cache_dir)
            .field("cache_max_bytes", &self.cache_max_bytes)
            .finish_non_exhaustive()
    }
}

impl Default for FetchOptions {
    fn default() -> FetchOptions {
        FetchOptions {
            allow_networks: Vec::new(),
            hosts: BTreeMap::new(),
            proxy: None,
            user_agent: default_user_agent(),
            per_host_delay: Duration::from_millis(150),
            per_host_parallel: 2,
            page_timeout: Duration::from_secs(10),
            max_page_bytes: 5 * 1024 * 1024,
            cache_dir: None,
            cache_max_bytes: 512 * 1024 * 1024,
            extra_root_certificates: Vec::new(),
            lookup: NameLookup::system(),
        }
    }
}

/// The honest name: what it is, which version, and where to read about it.
pub fn default_user_agent() -> String {
    format!("cmes/{} (+{})", env!("CARGO_PKG_VERSION"), env!("CARGO_PKG_REPOSITORY"))
}
