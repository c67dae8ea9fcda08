//! The words that all of cmes shares: identifiers, money, languages, the
//! company profile and the evidence behind it.
//!
//! Nothing here reads a file or a socket, and nothing here knows HTTP
//! or SQL; every other crate of the workspace may depend on this one.

pub mod company;
pub mod dialogue;
pub mod document;
pub mod evidence;
pub mod extended;
pub mod ids;
pub mod language;
pub mod lead;
pub mod lenient_json;
pub mod money;
pub mod search;
pub mod timestamp;

pub use company::{AdditionalLink, Address, CompanyData, Contact, Email, LinkKind, Phone, WebLink};
pub use dialogue::{MessageAnswer, OptionalId, Source, Speaker};
pub use document::{Block, Document};
pub use evidence::{Evidence, Method};
pub use extended::{EmployeeRange, Extended, Identifier, Location, OpenPosition, OpeningHours, Signal};
pub use ids::{AccountId, ArticleId, CapId, DeliveryId, KeyId, KnowledgeBaseId, ProjectId, TaskId};
pub use language::LanguageCode;
pub use lead::{Condition, Standing};
pub use money::{Currency, Money};
pub use search::{CompanySearch, Hit};
pub use timestamp::{Clock, DayEnd, SystemClock, Timestamp};

/// An error with its causes, on one line, for a log.
#[must_use]
pub fn error_chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
