//! Looking at one candidate: its first page, then its whole profile.

use std::sync::Arc;

use cmes_extract::page::Page;
use cmes_extract::profile::domain_of;
use cmes_fetch::Observer;
use cmes_leads::candidates::{self, Kind, Named};
use cmes_leads::judging::{Company, Judgement, judge};
use cmes_leads::query::Query;
use cmes_types::Standing;

use super::pool::{Candidate, List, Listed};
use super::ready::Promise;
use crate::enrichment::{Enrich, Enricher, Opened, Profiled, Progress, compute};
use crate::writing::Draft;

/// What a first page shows.
pub(super) enum Look {
    /// A company that may answer to the query.
    Promising(Promise<Box<Opened>>),
    /// A list that names companies.
    List(List, Listed),
    /// Nothing of use.
    No,
}

/// A company that answers to the query.
pub(super) struct Matching {
    pub(super) domain: String,
    pub(super) draft: Draft,
    pub(super) judgement: Judgement,
}

/// Reads the first page of a candidate and judges by it.
pub(super) async fn look(
    enricher: &Enricher,
    query: &Arc<Query>,
    candidate: &Candidate,
    observer: Option<Observer>,
) -> Look {
    let opened = match enricher.open(&candidate.home, observer, &Progress::unseen()).await {
        Ok(opened) => opened,
        Err(error) => {
            tracing::debug!(kind = error.kind(), "a candidate cannot be read");
            return Look::No;
        }
    };
    let query = Arc::clone(query);
    let score = candidate.score;
    let judged = compute(move || match candidates::by_page(&opened.home) {
        Kind::Company => {
            let judgement =
                judge(&query, &Company { pages: std::slice::from_ref(&opened.home), data: None, likeness: None });
            told("first page", &opened.home, &judgement);
            if !judgement.may_match() {
                return Look::No;
            }
            let is_plain = judgement.activity == Standing::Meets;
            Look::Promising(Promise { opened: Box::new(opened), fit: judgement.fit, is_plain, score })
        }
        Kind::Useless(kind) => {
            tracing::debug!(url = opened.home.url.as_str(), kind, "a candidate is none");
            Look::No
        }
        Kind::Listing => Look::List(List::found(opened.home.url.clone(), score), listed(&opened.home)),
    });
    judged.await.unwrap_or(Look::No)
}

/// The companies that a list, or an entry of one, names.
pub(super) async fn list(enricher: &Enricher, list: &List, observer: Option<Observer>) -> Listed {
    match enricher.page(&list.url, observer).await {
        Ok(page) if list.is_entry => {
            let named = compute(move || (candidates::entry_site(&page), candidates::named(&page))).await;
            let (site, named) = named.unwrap_or_default();
            let named = match site {
                Some(site) => vec![Named { site: Some(site), ..Named::default() }],
                None => named.into_iter().take(1).collect(),
            };
            Listed { named, next: None }
        }
        Ok(page) => compute(move || listed(&page)).await.unwrap_or_default(),
        Err(error) => {
            tracing::debug!(kind = error.kind(), "a list cannot be read");
            Listed::default()
        }
    }
}

fn listed(page: &Page) -> Listed {
    Listed { named: candidates::named(page), next: candidates::next_page(page) }
}

/// Reads a site on and judges by all of it; nothing when it does not answer to the query.
pub(super) async fn profile(
    enricher: &Enricher,
    query: &Arc<Query>,
    opened: Opened,
    enrich: &Enrich,
    observer: Option<Observer>,
) -> Option<Matching> {
    let opened = enricher.refreshed(opened, observer);
    let Profiled { draft, pages } = match enricher.profile(opened, enrich, &Progress::unseen()).await {
        Ok(profiled) => profiled,
        Err(error) => {
            tracing::debug!(kind = error.kind(), "a candidate is no company");
            return None;
        }
    };
    let query = Arc::clone(query);
    let judged = compute(move || {
        // A directory whose first page names few companies may name more on those behind it.
        if candidates::by_pages(&pages) != Kind::Company {
            return None;
        }
        let judgement = judge(&query, &Company { pages: &pages, data: Some(&draft.data), likeness: None });
        pages.first().into_iter().for_each(|home| told("all pages", home, &judgement));
        let domain = pages.first().map(|page: &Page| domain_of(&page.url)).unwrap_or_default();
        (judgement.is_match() && draft.data.is_lead()).then_some(Matching { domain, draft, judgement })
    });
    judged.await.ok().flatten()
}

/// How a company stands to the query, for those who look into a search.
fn told(by: &'static str, home: &Page, judgement: &Judgement) {
    tracing::debug!(by, url = home.url.as_str(), fit = judgement.fit, conditions = ?judgement.conditions, "a candidate is judged");
}
