//! The whole engine on the world: its sites, its search engine, its list of companies.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use cmes_app::directory::{self, Directory};
use cmes_app::enrichment::{Enrich, Enricher, Settings};
use cmes_app::leads::{self, FindLeads, Finder, Lead, Search};
use cmes_app::tariffs::Tariffs;
use cmes_fetch::{BudgetLimits, FetchOptions, Fetcher};
use cmes_models::Models;
use cmes_search::{SearchProvider, Searcher, SearxNg, ServiceSettings};
use cmes_store::{Connect, Db};
use cmes_testkit::world::search::WorldSearch;
use cmes_testkit::world::{World, WorldServer};
use cmes_types::{Clock, Currency, SystemClock};

use super::From;
use super::world::Around;
use crate::knowledge;

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// The engine, and whatever it needs for as long as it lives.
pub struct Engine {
    finder: Finder,
    enricher: Enricher,
    tariffs: Arc<Tariffs>,
    _world: Option<(WorldServer, WorldSearch)>,
    _folder: Option<Folder>,
}

/// A folder that goes with this value.
pub struct Folder(pub PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left there is in the way of nobody.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Engine {
    /// With candidates from one of the two sources; every page takes this long.
    pub async fn new(world: &World, from: From, embeddings: Option<&PathBuf>, delay: Duration) -> Outcome<Self> {
        let folder = Folder(std::env::temp_dir().join(format!("cmes-leads-{}-{from:?}", std::process::id())));
        std::fs::create_dir_all(&folder.0)?;
        let db = Db::connect(&Connect::to(format!("sqlite:{}", folder.0.join("world.db").display()))).await?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let (sites, search) = (WorldServer::start(world, delay).await?, WorldSearch::start(world, delay).await?);
        let embedder = embeddings.map(|file| knowledge::embedder(file));
        let none = || "measuring needs none".to_owned();
        let meaning = embedder.clone();
        let models = Models::new(Err(none()), embedder.ok_or_else(none));
        let provider: Arc<dyn SearchProvider> = match from {
            From::Searxng => searxng(&search.url(), &clock)?,
            From::Directory => {
                let directory = Directory::new(db, models, Arc::clone(&clock), directory::Settings::default());
                directory.import(io::Cursor::new(world.directory_csv().into_bytes()), |_| ()).await?;
                let worker = cmes_types::ids::uuid_at(clock.now());
                directory.embed(worker, true, true, |_| ()).await.map_err(|trouble| format!("{trouble:?}"))?;
                Arc::new(directory)
            }
        };
        let mut engine = Self::with(sites.hosts(), vec![provider], clock)?;
        engine.finder = engine.finder.meant_by(meaning);
        Ok(Self { _world: Some((sites, search)), _folder: Some(folder), ..engine })
    }

    /// In a world that another process serves, with candidates from its search engine. Nothing is kept but in memory.
    pub fn within(world: &Around) -> Outcome<Self> {
        Self::asking(world, None)
    }

    /// The same, with candidates from a directory too.
    pub fn asking(world: &Around, directory: Option<Directory>) -> Outcome<Self> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let mut providers = vec![searxng(&world.search, &clock)?];
        providers.extend(directory.map(|directory| Arc::new(directory) as Arc<dyn SearchProvider>));
        Self::with(world.hosts.clone(), providers, clock)
    }

    /// What finds leads, and what reads companies.
    pub fn parts(self) -> (Finder, Enricher) {
        (self.finder, self.enricher)
    }

    fn with(
        hosts: BTreeMap<String, SocketAddr>,
        providers: Vec<Arc<dyn SearchProvider>>,
        clock: Arc<dyn Clock>,
    ) -> Outcome<Self> {
        let options = FetchOptions { page_timeout: Duration::from_secs(3), ..crate::sites::options(hosts)? };
        let enricher =
            Enricher::new(Fetcher::new(options)?, Settings { max_pages: 10, budget: BudgetLimits::default() });
        let tariffs = Tariffs { base: Currency::gbp(), prices: Vec::new(), rates: BTreeMap::new() };
        Ok(Self {
            finder: Finder::new(Searcher::new(providers, clock), enricher.clone(), leads::Settings::default()),
            enricher,
            tariffs: Arc::new(tariffs),
            _world: None,
            _folder: None,
        })
    }

    /// The leads that answer to a query, best first.
    pub async fn leads(&self, query: &str, most: u32) -> Outcome<Vec<Lead>> {
        let enrich = Enrich { content: query.to_owned(), explain: true, ..Enrich::default() };
        let request = FindLeads { max_count: most, enrich };
        let remarks = tokio::sync::watch::Sender::default();
        let search =
            Search { request: &request, finished: Vec::new(), tariffs: &self.tariffs, observer: None, remarks };
        let mut found: Vec<Lead> = Vec::new();
        let mut taker = |lead: Lead, _: usize| {
            found.push(lead);
            Box::pin(async { Ok(()) }) as _
        };
        self.finder.find(search, &mut taker).await?;
        found.sort_by(|a, b| b.fit.total_cmp(&a.fit));
        Ok(found)
    }
}

fn searxng(url: &str, clock: &Arc<dyn Clock>) -> Outcome<Arc<dyn SearchProvider>> {
    let settings = ServiceSettings { base_url: Some(url.parse()?), ..ServiceSettings::new("cmes") };
    Ok(Arc::new(SearxNg::new(settings, Arc::clone(clock))?))
}
