//! The world, served on loopback.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket};

use super::{Kind, State, World};
use crate::DemoSites;

/// The sites of a [`World`], served until this value is dropped.
#[derive(Debug)]
pub struct WorldServer {
    sites: DemoSites,
    hosts: BTreeMap<String, SocketAddr>,
    /// Holds a port on which nobody listens.
    _refusing: TcpSocket,
    /// Connections to it are made by the system, and nobody ever answers.
    _hanging: TcpListener,
}

impl WorldServer {
    /// Serves all of it, each answer later by this delay.
    ///
    /// # Errors
    ///
    /// When loopback gives no port.
    pub async fn start(world: &World, delay: Duration) -> std::io::Result<Self> {
        let refusing = TcpSocket::new_v4()?;
        refusing.bind((Ipv4Addr::LOCALHOST, 0).into())?;
        let hanging = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let sites = DemoSites::serve_delayed(world.sites.clone(), None, delay).await?;
        let mut hosts = sites.hosts();
        for (host, kind) in &world.kinds {
            let address = match kind {
                Kind::Parked(State::Refused) => refusing.local_addr()?,
                Kind::Parked(State::Hanging) => hanging.local_addr()?,
                _ => continue,
            };
            hosts.insert(host.clone(), address);
            hosts.insert(format!("www.{host}"), address);
        }
        Ok(Self { sites, hosts, _refusing: refusing, _hanging: hanging })
    }

    /// Every host of the world, for `FetchOptions::hosts`.
    #[must_use]
    pub fn hosts(&self) -> BTreeMap<String, SocketAddr> {
        self.hosts.clone()
    }

    /// How often each URL was asked for, as `host/path`.
    #[must_use]
    pub fn requests(&self) -> BTreeMap<String, u64> {
        self.sites.requests()
    }
}
