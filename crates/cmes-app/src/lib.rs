//! What cmes does: the use cases, without HTTP.
//!
//! A handler of the server and a command of the program call the same function
//! here, and that function calls the parts below it: the store, the reader of
//! the web, the extractors. Status codes live in the server, SQL in the store.

pub mod accounts;
pub mod authentication;
pub mod enrichment;
pub mod error;
pub mod tariffs;

use std::sync::Arc;

use cmes_store::Db;
use cmes_types::Clock;

pub use authentication::{Authenticator, Caller};
pub use error::{Error, FieldError};
pub use tariffs::Tariffs;

/// What the use cases share: built once at the start and passed in.
pub struct App {
    /// The database.
    pub db: Db,
    /// Reads companies from the web.
    pub enricher: enrichment::Enricher,
    /// Knows who holds a key.
    pub authenticator: Authenticator,
    /// Prices and exchange rates.
    pub tariffs: Tariffs,
    /// The time.
    pub clock: Arc<dyn Clock>,
}
