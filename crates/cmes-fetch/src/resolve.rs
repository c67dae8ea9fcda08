//! From a name to addresses that may be connected to.
//!
//! The HTTP client asks this resolver and connects to what it answers, so a name
//! is resolved once and the judged addresses are the ones used: a name server
//! that gives a public address first and a private one later (DNS rebinding)
//! gains nothing. If a single address of a name is refused, the name is: an
//! honest site has no private addresses among its public ones.

use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use url::Host;

use crate::policy::AddressPolicy;

/// The future of a [`NameLookup`].
pub type LookupFuture = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// How names are looked up; by default with the system's resolver.
#[derive(Clone)]
pub struct NameLookup(Arc<dyn Fn(String) -> LookupFuture + Send + Sync>);

impl NameLookup {
    /// Looks names up with this function, which gets them in lower case,
    /// in their ASCII form and without a final dot.
    pub fn new<F>(lookup: impl Fn(String) -> F + Send + Sync + 'static) -> NameLookup
    where
        F: Future<Output = io::Result<Vec<IpAddr>>> + Send + 'static,
    {
        NameLookup(Arc::new(move |name| Box::pin(lookup(name))))
    }

    /// The system's resolver.
    pub fn system() -> NameLookup {
        NameLookup::new(|name| async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

impl std::fmt::Debug for NameLookup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NameLookup")
    }
}

/// Why a name leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ResolveError {
    /// One of its addresses is refused.
    #[error("the name leads to {rule}")]
    NotPublic {
        /// The rule of the address policy.
        rule: &'static str,
    },
    /// It has no address, or (temporarily) nobody could say.
    #[error("the name has no address")]
    NoAddress {
        /// Whether asking again may help.
        temporary: bool,
    },
}

/// Resolves names under an address policy.
#[derive(Debug, Clone)]
pub(crate) struct GuardedResolver {
    pub(crate) policy: Arc<AddressPolicy>,
    /// Fixed answers, with the port for URLs that name none.
    pub(crate) hosts: Arc<BTreeMap<String, SocketAddr>>,
    pub(crate) lookup: NameLookup,
    /// The host of the configured proxy: the operator named it, so it may be anywhere.
    pub(crate) proxy_host: Option<String>,
}

impl GuardedResolver {
    /// The addresses of a name, all of them judged. Port 0 means "the URL's".
    pub(crate) async fn addresses(&self, name: &str) -> Result<Vec<SocketAddr>, ResolveError> {
        let name = plain_name(name);
        let mut addresses = self.unjudged(&name).await?;
        addresses.dedup();
        for address in &addresses {
            self.policy.judge(address.ip()).map_err(|refusal| ResolveError::NotPublic { rule: refusal.rule })?;
        }
        Ok(addresses)
    }

    async fn unjudged(&self, name: &str) -> Result<Vec<SocketAddr>, ResolveError> {
        if let Some(fixed) = self.hosts.get(name) {
            return Ok(vec![*fixed]);
        }
        // RFC 6761 §6.3: these names are loopback and never asked of DNS.
        if name == "localhost" || name.ends_with(".localhost") {
            return Ok(vec![SocketAddr::from((Ipv4Addr::LOCALHOST, 0))]);
        }
        let found = (self.lookup.0)(name.to_owned()).await.map_err(|error| no_address(&error))?;
        if found.is_empty() {
            return Err(ResolveError::NoAddress { temporary: false });
        }
        Ok(found.into_iter().map(|ip| SocketAddr::new(ip, 0)).collect())
    }
}

/// The table of fixed answers with its names in the form in which they are looked up.
pub(crate) fn table_of_hosts(hosts: &BTreeMap<String, SocketAddr>) -> BTreeMap<String, SocketAddr> {
    let ascii = |name: &str| match Host::parse(name) {
        Ok(Host::Domain(name)) => plain_name(&name),
        _ => plain_name(name),
    };
    hosts.iter().map(|(name, address)| (ascii(name), *address)).collect()
}

/// Lower case, without the final dot of a fully qualified name.
fn plain_name(name: &str) -> String {
    let name = name.strip_suffix('.').unwrap_or(name);
    name.to_ascii_lowercase()
}

fn no_address(error: &io::Error) -> ResolveError {
    // getaddrinfo's EAI_AGAIN arrives as text only; it is what a machine
    // without a reachable name server says.
    let temporary = error.kind() == io::ErrorKind::TimedOut || error.to_string().contains("emporary failure");
    ResolveError::NoAddress { temporary }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = self.clone();
        Box::pin(async move {
            let name = name.as_str();
            let is_proxy = resolver.proxy_host.as_deref().is_some_and(|host| host == plain_name(name));
            let addresses = match is_proxy {
                true => resolver.unjudged(&plain_name(name)).await?,
                false => resolver.addresses(name).await?,
            };
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolver(answers: &'static [(&'static str, &'static [&'static str])]) -> GuardedResolver {
        let lookup = NameLookup::new(move |name| async move {
            let found = answers.iter().find(|(known, _)| *known == name);
            let (_, addresses) = found.ok_or_else(|| io::Error::other("failed to lookup address information"))?;
            Ok(addresses.iter().map(|text| text.parse().expect("an address")).collect())
        });
        GuardedResolver {
            policy: Arc::default(),
            hosts: Arc::new(table_of_hosts(&BTreeMap::from([
                ("Table.example".to_owned(), SocketAddr::from(([1, 1, 1, 1], 8081))),
                ("müller.example.".to_owned(), SocketAddr::from(([1, 1, 1, 2], 0))),
            ]))),
            lookup,
            proxy_host: None,
        }
    }

    async fn check(name: &str, expected: Result<&[&str], ResolveError>) {
        let resolver = resolver(&[
            ("public.example", &["93.184.216.34", "2606:4700::1"]),
            ("mixed.example", &["93.184.216.34", "10.0.0.1"]),
            ("private.example", &["192.168.1.1"]),
            ("mapped.example", &["::ffff:127.0.0.1"]),
            ("empty.example", &[]),
            ("xn--bcher-kva.example", &["93.184.216.35"]),
        ]);
        let found = resolver.addresses(name).await;
        let expected = expected.map(|texts| texts.iter().map(|text| text.parse().expect("an address")).collect());
        assert_eq!(found, expected, "{name}");
    }

    #[tokio::test]
    async fn a_name_is_as_good_as_its_worst_address() {
        check("public.example", Ok(&["93.184.216.34:0", "[2606:4700::1]:0"])).await;
        check("mixed.example", Err(ResolveError::NotPublic { rule: "a private address" })).await;
        check("private.example", Err(ResolveError::NotPublic { rule: "a private address" })).await;
        check("mapped.example", Err(ResolveError::NotPublic { rule: "a loopback address" })).await;
        check("empty.example", Err(ResolveError::NoAddress { temporary: false })).await;
        check("unknown.example", Err(ResolveError::NoAddress { temporary: false })).await;
    }

    #[tokio::test]
    async fn names_are_compared_in_one_form() {
        check("PUBLIC.example.", Ok(&["93.184.216.34:0", "[2606:4700::1]:0"])).await;
        check("xn--bcher-kva.example", Ok(&["93.184.216.35:0"])).await;
        check("table.example", Ok(&["1.1.1.1:8081"])).await;
        check("xn--mller-kva.example", Ok(&["1.1.1.2:0"])).await;
        check("www.table.example", Err(ResolveError::NoAddress { temporary: false })).await;
    }

    #[tokio::test]
    async fn localhost_is_loopback_without_asking() {
        for name in ["localhost", "localhost.", "LOCALHOST", "app.localhost", "a.b.localhost."] {
            check(name, Err(ResolveError::NotPublic { rule: "a loopback address" })).await;
        }
    }

    #[test]
    fn a_missing_name_server_is_temporary() {
        let error = io::Error::other("failed to lookup address information: Temporary failure in name resolution");
        assert_eq!(no_address(&error), ResolveError::NoAddress { temporary: true });
    }
}
