//! Demo web sites of invented companies, what a careful human would read from
//! them, and a server that shows them.
//!
//! Each folder below `sites/` (for developing and showing) and `measured/` (for
//! measuring alone) is one site: its pages as UTF-8 text, `site.toml`
//! for what the pages cannot say (charset, response headers, redirects), and
//! `expected.json` with the labels. The files are read from the source folder
//! at run time, so a page can be edited without compiling anything.
//!
//! Labels hold what belongs to the company: `Phones` and `Emails` are its
//! general ones, those of a person are under that person in `Contacts`. Fax
//! numbers, and whatever belongs to customers, partners or the site's agency,
//! are in neither.
//!
//! Companies, people and addresses are invented. Telephone numbers are from
//! the ranges that regulators reserve for fiction where such exist.

pub mod assistant;
mod embedder;
mod expected;
mod messages;
mod model_files;
pub mod models;
mod receiver;
mod saved;
mod searxng;
mod serve;
mod site;
mod texts;
pub mod world;

pub use embedder::{Behaviour, TestEmbedder};
pub use expected::{Expected, ExpectedLink, Outcome, expected};
pub use messages::{Message, MessageExpected, measured_messages, messages};
pub use model_files::model_file;
pub use receiver::{Receiver, Webhook};
pub use saved::{SavedPage, saved_pages};
pub use searxng::{SearchReply, SearchServer, Searched};
pub use serve::DemoSites;
pub use site::{Redirect, Site, SiteConfig, SiteFile, Source, all_sites, measured_sites, site, sites};
pub use texts::{BusinessLabel, Judgement, OfferPair, business_labels, offer_pairs, world_business_labels};
