//! Looking at one candidate: its first page, then its whole profile.

use std::sync::Arc;

use cmes_extract::page::Page;
use cmes_extract::profile::domain_of;
use cmes_fetch::Observer;
use cmes_leads::candidates::{self, Kind, Named};
use cmes_leads::judging::{ALIKE, Company, Judgement, descriptions, judge};
use cmes_types::Standing;

use super::meaning::Asked;
use super::pool::{Candidate, List, Listed};
use super::ready::Promise;
use super::run::Shared;
use crate::enrichment::{Enricher, Opened, Profiled, Progress, compute};
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
pub(super) async fn look(shared: &Shared, candidate: &Candidate) -> Look {
    let opened = match shared.finder.enricher.open(&candidate.home, shared.observer.clone(), &Progress::unseen()).await
    {
        Ok(opened) => opened,
        Err(error) => {
            tracing::debug!(kind = error.kind(), "a candidate cannot be read");
            return Look::No;
        }
    };
    let (query, score) = (Arc::clone(&shared.query), candidate.score);
    let judged = compute(move || match candidates::by_page(&opened.home) {
        Kind::Company => {
            let company = Company { pages: std::slice::from_ref(&opened.home), data: None, likeness: None };
            let judgement = judge(&query, &company);
            told("first page", &opened.home, &judgement);
            if !judgement.may_match() {
                return Look::No;
            }
            let is_plain = judgement.activity == Standing::Meets;
            Look::Promising(Promise { opened: Box::new(opened), fit: judgement.fit, is_plain, score, likeness: None })
        }
        Kind::Useless(kind) => {
            tracing::debug!(url = opened.home.url.as_str(), kind, "a candidate is none");
            Look::No
        }
        Kind::Listing => Look::List(List::found(opened.home.url.clone(), score), listed(&opened.home)),
    });
    match (judged.await.unwrap_or(Look::No), shared.asked().await) {
        (Look::Promising(promise), Some(asked)) => Look::Promising(compared(promise, asked).await),
        (look, _) => look,
    }
}

/// A promise with what the meaning of the first page says for it, where the query's words are in no vocabulary.
async fn compared(promise: Promise<Box<Opened>>, asked: &Asked) -> Promise<Box<Opened>> {
    let home = &promise.opened.home;
    let company = Company { pages: std::slice::from_ref(home), data: None, likeness: None };
    let likeness = asked.likeness(descriptions(&company)).await;
    tracing::debug!(url = home.url.as_str(), likeness, "a candidate is compared with what is meant");
    // The nearest are read first, and what is as near as a match has to be is no vague one.
    let fit = likeness.map_or(promise.fit, |near| promise.fit * 0.5 + f64::from(near.clamp(0.0, 1.0)) * 0.5);
    let is_plain = promise.is_plain || likeness.is_some_and(|near| near >= ALIKE);
    Promise { fit, is_plain, likeness, ..promise }
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
pub(super) async fn profile(shared: &Shared, opened: Opened, likeness: Option<f32>) -> Option<Matching> {
    let enricher = &shared.finder.enricher;
    let opened = enricher.refreshed(opened, shared.observer.clone());
    let Profiled { draft, pages } = match enricher.profile(opened, &shared.enrich, &Progress::unseen()).await {
        Ok(profiled) => profiled,
        Err(error) => {
            tracing::debug!(kind = error.kind(), "a candidate is no company");
            return None;
        }
    };
    let query = Arc::clone(&shared.query);
    let judged = compute(move || {
        // A directory whose first page names few companies may name more on those behind it.
        if candidates::by_pages(&pages) != Kind::Company {
            return None;
        }
        let judgement = judge(&query, &Company { pages: &pages, data: Some(&draft.data), likeness });
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
