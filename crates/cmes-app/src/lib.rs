//! What cmes does: the use cases, without HTTP.
//!
//! A handler of the server and a command of the program call the same function
//! here, and that function calls the parts below it: the store, the reader of
//! the web, the extractors. Status codes live in the server, SQL in the store.

pub mod accounts;
pub mod assistants;
pub mod authentication;
pub mod caps;
pub mod directory;
pub mod enrichment;
pub mod error;
pub mod identifiers;
pub mod knowledge;
pub mod leads;
pub mod metrics;
pub mod model_calls;
mod questions;
mod reading;
pub mod statistics;
pub mod tariffs;
pub mod tasks;
pub mod turns;
pub mod warnings;
pub mod webhooks;
pub mod worker;
pub mod writing;

use std::sync::Arc;
use std::time::Duration;

use cmes_fetch::Fetcher;
use cmes_models::Models;
use cmes_queue::Queue;
use cmes_store::Db;
use cmes_types::Clock;
use uuid::Uuid;

pub use authentication::{Authenticator, Caller};
pub use error::{Error, Failure, FieldError};
pub use tariffs::{TariffBook, Tariffs};

/// What the use cases share: built once at the start and passed in.
pub struct App {
    /// The database.
    pub db: Db,
    /// This process's side of the queue.
    pub queue: Arc<Queue>,
    /// The web.
    pub fetcher: Fetcher,
    /// Reads companies from the web.
    pub enricher: enrichment::Enricher,
    /// Finds leads.
    pub finder: leads::Finder,
    /// Who writes, and who finds by meaning; there may be nobody.
    pub models: Models,
    /// Knows who holds a key.
    pub authenticator: Authenticator,
    /// Prices and exchange rates.
    pub tariffs: TariffBook,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The order of answers in dialogues.
    pub order: assistants::order::Order,
    /// Turns of synchronous calls.
    pub calls: turns::Turns,
    /// How the server answers a failure, for those who hear of it by webhook:
    /// the document of a problem with this request's id.
    pub problem_document: fn(&Failure, Uuid) -> String,
    /// Companies known to this server.
    pub directory: directory::Directory,
    /// What is held in memory for searching.
    pub knowledge: knowledge::search::Knowledge,
    /// Figures of what was done.
    pub metrics: metrics::Metrics,
}

/// How long a first answer is repeated to requests with its Idempotency-Key.
pub const IDEMPOTENCY_AGE: Duration = Duration::from_secs(24 * 3600);
