//! Reading the web, politely and safely: the only HTTP client of cmes.
//!
//! A [`Fetcher`] reads pages ([`Fetcher::page`]) and opens sites
//! ([`Fetcher::open_site`]) within a [`Budget`]. Every address is judged by the
//! [`AddressPolicy`] after name resolution and at each redirect, every site's
//! robots.txt is obeyed, every host gets its pauses, and every answer is limited
//! in time and size. Whatever a server does, the result is a page or a
//! [`FetchError`] that says what to do. [`Fetcher::post`] sends a message to an
//! address that a customer named, under the same policy; [`Fetcher::part`] gives
//! a browser what the page that it renders asks for. A [`ServiceClient`] is
//! for what the operator named, and under no policy; a [`Breaker`] and a
//! [`DailyBudget`] say when such a service is left alone.
//!
//! From the outside in: `site` (a domain becomes a page) → `page` (redirects,
//! text) → `robots` → `fetcher` (cache, pace) → `transport` (one request) →
//! `resolve` and `policy` (which addresses).

mod breaker;
mod budget;
mod cache;
mod charset;
mod content;
mod error;
mod fetcher;
mod freshness;
mod options;
mod pace;
mod page;
mod part;
mod policy;
mod post;
mod prescan;
mod resolve;
mod robots;
mod robots_txt;
mod service;
mod site;
mod tls;
mod transport;

pub use breaker::{Breaker, DailyBudget};
pub use budget::{Budget, BudgetLimits, FetchEvent, Observer};
pub use content::ContentKind;
pub use error::{BudgetLimit, FetchError, FetchErrorKind, RobotsReason, SetupError};
pub use fetcher::{Fetcher, Freshness};
pub use options::{FetchOptions, default_user_agent};
pub use page::Fetched;
pub use part::Part;
pub use policy::{AddressPolicy, Refusal};
pub use post::Posted;
pub use resolve::{LookupFuture, NameLookup};
pub use rustls::pki_types::CertificateDer;
pub use service::{ApiKey, ServiceAnswer, ServiceClient, ServiceError, ServiceOptions, ServiceProxy, is_in_house};
pub use site::SiteAddress;
