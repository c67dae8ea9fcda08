//! Lead generation: from a sentence to companies that answer to it.
//!
//! Query → searches → candidates → their first pages, judged → the whole profile
//! of the best, judged again → leads, told one by one. What the sentence means and
//! whether a company answers to it is decided in `cmes-leads`; here is the order of
//! things: what is read when, how much at once, and when to stop.

mod kept;
mod look;
mod meaning;
mod pool;
mod ready;
mod remarks;
mod run;
mod wording;

use std::sync::Arc;

use cmes_fetch::Observer;
use cmes_models::{ChatModel, Embedder};
use cmes_search::{AnswerCache, Searcher};
use cmes_types::CompanyData;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::enrichment::{Enrich, Enricher};
use crate::writing::EMBEDDED;
use crate::{Error, Tariffs};
pub use kept::KeptAnswers;

/// Longest query, in characters. A sentence is much shorter; what is longer is no query.
pub const LONGEST_QUERY: usize = 2_000;

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FindLeads {
    /// Most leads.
    pub max_count: u32,
    /// How each is enriched. Its Content is the query, "Pipe manufacturers, USA"; its evidence says also how a lead stands
    /// to that.
    pub enrich: Enrich,
}

/// A company that answers to the query, its profile finished.
#[derive(Clone, Debug)]
pub struct Lead {
    /// What it is known by: its registrable domain.
    pub domain: String,
    /// How well it fits, 0 to 1.
    pub fit: f64,
    /// Its profile.
    pub data: CompanyData,
}

/// A lead that an earlier run has finished.
#[derive(Clone, Debug)]
pub struct Finished {
    /// Its registrable domain.
    pub domain: String,
    /// Its profile.
    pub data: CompanyData,
}

/// Hears of each lead as soon as it is finished, and how many there are now; what it refuses ends the search.
pub type Taker<'a> = dyn FnMut(Lead, usize) -> BoxFuture<'a, Result<(), Error>> + Send + 'a;

/// What is handed to a search beside the request.
pub struct Search<'a> {
    /// What is asked for.
    pub request: &'a FindLeads,
    /// What an earlier run has finished: counts, and is not found again.
    pub finished: Vec<Finished>,
    /// The rates for budgets.
    pub tariffs: &'a Arc<Tariffs>,
    /// Hears what is being read.
    pub observer: Option<Observer>,
    /// Is told what the owner should know though leads are found, such as which provider of search does not answer and
    /// what to mend; sentences without keys and addresses, each once.
    pub remarks: watch::Sender<Vec<String>>,
}

/// Limits of one search for leads.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Sites that are read at once.
    pub parallel: usize,
    /// After this time the search ends with the leads that there are.
    pub longest: std::time::Duration,
    /// For so long the model may think about the words of searches.
    pub wording: std::time::Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            parallel: 8,
            longest: std::time::Duration::from_secs(20 * 60),
            wording: std::time::Duration::from_secs(30),
        }
    }
}

/// Finds leads. Cheap to clone.
#[derive(Clone)]
pub struct Finder {
    searcher: Searcher,
    kept: Option<Arc<dyn AnswerCache>>,
    chat: Option<Arc<dyn ChatModel>>,
    meaning: Option<Arc<meaning::Meaning>>,
    enricher: Enricher,
    settings: Settings,
}

impl Finder {
    /// With these providers of search and this reader of companies.
    #[must_use]
    pub fn new(searcher: Searcher, enricher: Enricher, settings: Settings) -> Self {
        Self { searcher, kept: None, chat: None, meaning: None, enricher, settings }
    }

    /// Keeps what providers answer.
    #[must_use]
    pub fn remembering(self, kept: Arc<dyn AnswerCache>) -> Self {
        Self { kept: Some(kept), ..self }
    }

    /// Has further searches worded by this model. The small one in the program is not asked: in few languages does it
    /// know the words of trades.
    #[must_use]
    pub fn worded_by(self, chat: Option<Arc<dyn ChatModel>>) -> Self {
        Self { chat: chat.filter(|chat| chat.provider() != EMBEDDED), ..self }
    }

    /// Has this embedder say what is meant by words that no vocabulary has.
    #[must_use]
    pub fn meant_by(self, embedder: Option<Arc<dyn Embedder>>) -> Self {
        Self { meaning: embedder.map(|embedder| Arc::new(meaning::Meaning::new(embedder))), ..self }
    }

    /// The providers of search.
    #[must_use]
    pub fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    /// Finds leads and hands each to `taker` when it is finished, in about the order of their fit.
    ///
    /// # Errors
    /// [`Error::SearchFailed`] when no provider of search answered and no lead was found; what `taker` refuses.
    pub async fn find<'a>(&self, search: Search<'a>, taker: &mut Taker<'a>) -> Result<(), Error> {
        run::run(self, search, taker).await
    }
}
