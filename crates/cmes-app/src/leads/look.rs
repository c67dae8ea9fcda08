//! Looking at one candidate: its first page, then its whole profile.

use std::sync::Arc;

use cmes_extract::page::Page;
use cmes_extract::profile::domain_of;
use cmes_fetch::Observer;
use cmes_leads::candidates::{self, Kind, Named};
use cmes_leads::judging::{ALIKE, Company, Judgement, descriptions, judge};
use cmes_leads::query::Query;
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

/// Reads the first page of a candidate and judges by it. Where that does not say that the company does what is asked
/// for, a page within the site by which it was found may: a search finds "services/drying" of a company whose first
/// page greets its visitors.
pub(super) async fn look(shared: &Shared, candidate: &Candidate) -> Look {
    let enricher = &shared.finder.enricher;
    let opened = match enricher.open(&candidate.home, shared.observer.clone(), &Progress::unseen()).await {
        Ok(opened) => opened,
        Err(error) => {
            tracing::debug!(kind = error.kind(), "a candidate cannot be read");
            return Look::No;
        }
    };
    let (mut opened, mut judgement) = match by_first_page(shared, opened, candidate.score).await {
        Ok(judged) => judged,
        Err(look) => return *look,
    };
    for url in &candidate.found {
        if judgement.activity == Standing::Meets {
            break;
        }
        let known = opened.pages.len();
        opened = enricher.read_found(opened, url).await;
        if opened.pages.len() > known {
            let Some(judged) = by_found_page(shared, opened).await else { return Look::No };
            (opened, judgement) = judged;
        }
    }
    if !judgement.may_match() {
        return Look::No;
    }
    let is_plain = judgement.activity == Standing::Meets;
    let (opened, fit, score) = (Box::new(opened), judgement.fit, candidate.score);
    let promise = Promise { opened, fit, is_plain, score, likeness: None };
    match shared.asked().await {
        Some(asked) => Look::Promising(compared(promise, asked).await),
        None => Look::Promising(promise),
    }
}

/// How a company stands to the query by its first page, or what else that is.
async fn by_first_page(shared: &Shared, opened: Opened, score: f64) -> Result<(Opened, Judgement), Box<Look>> {
    let query = Arc::clone(&shared.query);
    let judged = compute(move || {
        let [home, ..] = opened.pages.as_slice() else { return Err(Box::new(Look::No)) };
        match candidates::by_page(home) {
            Kind::Company => {
                let judgement = judge_so_far(&query, &opened, "first page");
                Ok((opened, judgement))
            }
            Kind::Useless(kind) => {
                tracing::debug!(url = home.url.as_str(), kind, "a candidate is none");
                Err(Box::new(Look::No))
            }
            Kind::Listing => Err(Box::new(Look::List(List::found(home.url.clone(), score), listed(home)))),
        }
    });
    judged.await.unwrap_or_else(|_| Err(Box::new(Look::No)))
}

async fn by_found_page(shared: &Shared, opened: Opened) -> Option<(Opened, Judgement)> {
    let query = Arc::clone(&shared.query);
    let judged = compute(move || {
        let judgement = judge_so_far(&query, &opened, "found page");
        (opened, judgement)
    });
    judged.await.ok()
}

fn judge_so_far(query: &Query, opened: &Opened, by: &'static str) -> Judgement {
    let judgement = judge(query, &Company { pages: &opened.pages, data: None, likeness: None });
    opened.pages.first().into_iter().for_each(|home| told(by, home, &judgement));
    judgement
}

/// A promise with what the meaning of the pages says for it, where the query's words are in no vocabulary.
async fn compared(promise: Promise<Box<Opened>>, asked: &Asked) -> Promise<Box<Opened>> {
    let company = Company { pages: &promise.opened.pages, data: None, likeness: None };
    let likeness = asked.likeness(descriptions(&company)).await;
    let url = promise.opened.pages.first().map(|home| home.url.as_str());
    tracing::debug!(url, likeness, "a candidate is compared with what is meant");
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
