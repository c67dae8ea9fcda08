//! A SearXNG that knows the world: a real server on loopback with SearXNG's JSON.
//!
//! It ranks all pages of the world by words and by the ideas behind them, so that
//! lists, news and wrong companies come up among the right ones, as they do.

mod index;
mod words;

use std::time::Duration;

use super::World;
use crate::searxng::{SearchReply, SearchServer, Searched};
use index::Index;

/// Results of a page, as of most engines.
const PER_PAGE: usize = 10;
/// Pages after which there are no more.
const PAGES: usize = 5;

/// Answers until it is dropped.
#[derive(Debug)]
pub struct WorldSearch(SearchServer);

impl WorldSearch {
    /// Serves the pages of this world, each answer later by this delay.
    ///
    /// # Errors
    ///
    /// When loopback gives no port.
    pub async fn start(world: &World, delay: Duration) -> std::io::Result<Self> {
        let index = Index::new(world);
        let answer = move |searched: &Searched| {
            let skipped = searched.page.saturating_sub(1).min(PAGES) * PER_PAGE;
            let found = index.search(&searched.text, &searched.language, skipped, PER_PAGE);
            SearchReply::Found(found.into_iter().map(|it| (it.page.url.clone(), it.title, it.snippet)).collect())
        };
        SearchServer::answering(delay, answer).await.map(Self)
    }

    /// Its address, as an operator would write it into the configuration.
    #[must_use]
    pub fn url(&self) -> String {
        self.0.url()
    }

    /// What was asked so far.
    #[must_use]
    pub fn searched(&self) -> Vec<Searched> {
        self.0.searched()
    }
}

/// The ranking without a server: what the engine alone answers.
pub struct Ranking(Index);

impl Ranking {
    /// Of the pages of this world.
    #[must_use]
    pub fn new(world: &World) -> Self {
        Self(Index::new(world))
    }

    /// Addresses of the pages that it finds, best first.
    #[must_use]
    pub fn urls(&self, text: &str, language: &str) -> Vec<String> {
        self.0.search(text, language, 0, PAGES * PER_PAGE).into_iter().map(|found| found.page.url.clone()).collect()
    }
}
