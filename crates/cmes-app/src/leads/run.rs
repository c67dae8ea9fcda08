//! One search for leads: what is done when, and how much at once.
//!
//! Four kinds of work go on at the same time: searches, lists that are read, first
//! pages that are looked at, and whole profiles. A profile costs ten times a first
//! page, so companies are looked at ahead and the best of those that may match are
//! profiled. No more profiles go on than leads are wanted: what is finished is paid.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use cmes_extract::fold::fold;
use cmes_fetch::Observer;
use cmes_leads::query::Query;
use cmes_search::{Merged, NoAnswer};
use cmes_types::{CompanyData, CompanySearch};
use tokio::sync::OnceCell;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use tracing::Instrument;

use super::look::{self, Look};
use super::meaning::Asked;
use super::pool::{Candidate, List, Listed, Name, Pool};
use super::ready::{Promise, Ready};
use super::remarks::Remarks;
use super::{Finder, Lead, Search, Taker, wording};
use crate::enrichment::{Enrich, Opened, compute};
use crate::{Error, Tariffs};

/// Companies that are looked at beyond those that are wanted, so that the best can be chosen.
const LOOK_AHEAD: usize = 6;
/// So many candidates for each lead that is still wanted are enough not to search on.
const ENOUGH: usize = 3;
/// Hits that are asked for at once, at least and at most.
const HITS: (usize, usize) = (30, 100);
/// Rounds of searches, each wider than the one before, while too few companies are found.
const ROUNDS: usize = 3;
/// A company that is searched for by its name is among the first few hits.
const HITS_FOR_A_NAME: usize = 5;
/// Lists and names that are followed at once.
const LISTS_AT_ONCE: usize = 3;
/// Profiles that may come to nothing: so many for each lead that is wanted, and some more. A query that no company
/// answers ends with them, whatever else could be found.
const IN_VAIN: usize = 8;
const IN_VAIN_AT_LEAST: usize = 40;

/// What was waited for.
enum Event {
    Worded(Vec<CompanySearch>),
    Searched(Result<Merged, NoAnswer>),
    NameSearched(Name, Result<Merged, NoAnswer>),
    ListRead(List, Listed),
    Looked(Candidate, Look),
    /// Whether its first page was plain.
    Profiled(bool, Option<Box<look::Matching>>),
    Written(Box<Lead>),
}

/// What all work of one search shares.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) finder: Finder,
    pub(super) query: Arc<Query>,
    pub(super) enrich: Arc<Enrich>,
    tariffs: Arc<Tariffs>,
    pub(super) observer: Option<Observer>,
    /// What is asked beyond the vocabulary, once somebody wants to know it.
    asked: Arc<OnceCell<Option<Asked>>>,
}

struct Run {
    shared: Shared,
    wanted: usize,
    is_extended: bool,
    searches: VecDeque<CompanySearch>,
    /// Rounds of searches that were begun.
    rounds: usize,
    /// Hits that are asked for.
    most: usize,
    pool: Pool,
    ready: Ready<Box<Opened>>,
    /// Profiles that may still come to nothing.
    in_vain_left: usize,
    /// Names and telephone numbers of leads: one company may have two domains.
    identities: HashSet<String>,
    /// Tasks of their own: they go on while a lead is stored, for which one of them may hold what storing waits for. They
    /// end with this value.
    going_on: JoinSet<Event>,
    searching: usize,
    following: usize,
    looking: usize,
    profiling: usize,
    remarks: Remarks,
    failure: Option<NoAnswer>,
    has_answers: bool,
}

pub(super) async fn run<'a>(finder: &Finder, search: Search<'a>, taker: &mut Taker<'a>) -> Result<(), Error> {
    let text = search.request.enrich.content.clone();
    let query = compute(move || Query::read(&text)).await?;
    let most_leads = search.request.max_count as usize;
    let most = most_leads.saturating_mul(ENOUGH).clamp(HITS.0, HITS.1);
    let searches = query.searches().into_iter().map(|search| CompanySearch { most, ..search }).collect();
    let until = Instant::now() + finder.settings.longest;
    let mut finished = search.finished.len();
    let mut run = Run {
        wanted: most_leads.saturating_sub(finished),
        is_extended: search.request.enrich.extended,
        searches,
        rounds: 1,
        most,
        identities: search.finished.iter().flat_map(|lead| identities(&lead.data)).collect(),
        pool: Pool::without(search.finished.into_iter().map(|lead| lead.domain)),
        ready: Ready::for_leads(most_leads),
        in_vain_left: IN_VAIN_AT_LEAST + IN_VAIN.saturating_mul(most_leads),
        going_on: JoinSet::new(),
        searching: 0,
        following: 0,
        looking: 0,
        profiling: 0,
        remarks: Remarks::to(search.remarks),
        failure: None,
        has_answers: false,
        shared: Shared {
            finder: finder.clone(),
            query: Arc::new(query),
            // What goes beyond the reference's fields is needed for judging.
            enrich: Arc::new(Enrich { extended: true, ..search.request.enrich.clone() }),
            tariffs: Arc::clone(search.tariffs),
            observer: search.observer,
            asked: Arc::default(),
        },
    };
    run.word();
    while run.wanted > 0 {
        run.start();
        let event = tokio::select! {
            event = run.going_on.join_next() => event,
            () = sleep_until(until) => None,
        };
        let Some(event) = event else { break };
        if let Some(lead) = run.happened(event.map_err(Error::internal)?) {
            finished += 1;
            taker(*lead, finished).await?;
        }
    }
    match run.failure {
        Some(failure) if finished == 0 && !run.has_answers => Err(Error::SearchFailed(failure)),
        _ => Ok(()),
    }
}

impl Run {
    /// Begins whatever may begin, the most useful first.
    fn start(&mut self) {
        let parallel = self.shared.finder.settings.parallel.max(1);
        while self.looking + self.profiling < parallel && self.may_profile() {
            let Some(best) = self.ready.best() else { break };
            self.profile(best);
        }
        while self.looking + self.profiling < parallel && self.is_worth_looking() {
            let Some(candidate) = self.pool.next() else { break };
            self.look(candidate);
        }
        while self.following < LISTS_AT_ONCE && self.lacks_candidates() {
            if let Some(list) = self.pool.next_list() {
                self.follow(list);
            } else if let Some(name) = self.pool.next_name() {
                self.follow_name(name);
            } else {
                break;
            }
        }
        if self.searching == 0
            && self.lacks_candidates()
            && let Some(search) = self.next_search()
        {
            self.search(search);
        }
    }

    /// The next search, of the next round where one is asked.
    fn next_search(&mut self) -> Option<CompanySearch> {
        while self.searches.is_empty() && self.rounds < ROUNDS {
            let wider = self.shared.query.wider(self.rounds);
            self.searches.extend(wider.into_iter().map(|search| CompanySearch { most: self.most, ..search }));
            self.rounds += 1;
        }
        self.searches.pop_front()
    }

    /// Leads that are still to be found when all that is being profiled becomes one; none when too much was in vain.
    fn open(&self) -> usize {
        if self.in_vain_left == 0 { 0 } else { self.wanted.saturating_sub(self.profiling) }
    }

    /// Whether the best of those that promise something can be told: enough have been looked at, or no others wait.
    /// A provider or a site that takes its time does not hold up what is found already, unless that is vague.
    fn may_profile(&self) -> bool {
        let (plain, enough) = (self.ready.plain(), self.open().min(LOOK_AHEAD) + LOOK_AHEAD);
        let is_first_choice = plain >= enough || self.pool.waiting() == 0 && (plain > 0 || self.looking == 0);
        self.open() > 0 && is_first_choice
    }

    fn is_worth_looking(&self) -> bool {
        self.open() > 0 && self.ready.plain() + self.looking < self.open() + 2 * LOOK_AHEAD
    }

    fn lacks_candidates(&self) -> bool {
        self.open() > 0 && self.pool.waiting() + self.ready.len() < self.open() * ENOUGH
    }

    fn begin(&mut self, work: impl Future<Output = Event> + Send + 'static) {
        self.going_on.spawn(work.in_current_span());
    }

    /// Has a model word further searches, while the first one goes on.
    fn word(&mut self) {
        let Some(chat) = self.shared.finder.chat.clone() else { return };
        if let Some(first) = self.searches.pop_front() {
            self.search(first);
        }
        self.searching += 1;
        let (shared, most) = (self.shared.clone(), self.most);
        let deadline = Instant::now() + self.shared.finder.settings.wording;
        self.begin(async move {
            let kept = shared.finder.kept.as_deref();
            let searches = wording::searches(chat.as_ref(), kept, &shared.query, deadline).await;
            Event::Worded(searches.into_iter().map(|search| CompanySearch { most, ..search }).collect())
        });
    }

    fn search(&mut self, search: CompanySearch) {
        tracing::debug!(?search, "searching");
        self.searching += 1;
        let shared = self.shared.clone();
        self.begin(async move { Event::Searched(shared.search(&search).await) });
    }

    fn follow(&mut self, list: List) {
        self.following += 1;
        let shared = self.shared.clone();
        self.begin(async move {
            let listed = look::list(&shared.finder.enricher, &list, shared.observer.clone()).await;
            Event::ListRead(list, listed)
        });
    }

    fn follow_name(&mut self, name: Name) {
        self.following += 1;
        let shared = self.shared.clone();
        let place = self.shared.query.places.first();
        let search = CompanySearch {
            text: format!("{} {}", name.name, place.map(|place| place.words.as_str()).unwrap_or_default()),
            language: self.shared.query.language,
            activity: name.name.clone(),
            country: place.and_then(|place| place.country).map(|country| country.code().to_owned()),
            locality: None,
            most: HITS_FOR_A_NAME,
        };
        self.begin(async move {
            let found = shared.search(&search).await;
            Event::NameSearched(name, found)
        });
    }

    fn look(&mut self, candidate: Candidate) {
        self.looking += 1;
        let shared = self.shared.clone();
        self.begin(async move {
            let look = look::look(&shared, &candidate).await;
            Event::Looked(candidate, look)
        });
    }

    fn profile(&mut self, promise: Promise<Box<Opened>>) {
        self.profiling += 1;
        let Promise { opened, is_plain, likeness, .. } = promise;
        let shared = self.shared.clone();
        self.begin(async move {
            let matching = look::profile(&shared, *opened, likeness).await;
            Event::Profiled(is_plain, matching.map(Box::new))
        });
    }

    fn write(&mut self, matching: look::Matching) {
        let (shared, is_extended) = (self.shared.clone(), self.is_extended);
        self.begin(async move {
            let look::Matching { domain, draft, judgement } = matching;
            let mut data = shared.finder.enricher.finish(draft, &shared.enrich, &shared.tariffs).await;
            data.extended = data.extended.filter(|_| is_extended);
            data.conditions = shared.enrich.explain.then_some(judgement.conditions);
            Event::Written(Box::new(Lead { domain, fit: judgement.fit, data }))
        });
    }

    /// Takes what was waited for; gives a lead when it is finished.
    fn happened(&mut self, event: Event) -> Option<Box<Lead>> {
        match event {
            // What the model words comes before what the catalogue would.
            Event::Worded(searches) => {
                self.searching -= 1;
                searches.into_iter().rev().for_each(|search| self.searches.push_front(search));
            }
            Event::Searched(found) => {
                self.searching -= 1;
                match found {
                    Ok(merged) => {
                        self.has_answers = true;
                        self.remarks.answered(&merged);
                        tracing::debug!(hits = merged.hits.len(), "a search is answered");
                        for hit in &merged.hits {
                            self.pool.found(&hit.hit, hit.worth);
                            hit.others.iter().for_each(|other| self.pool.found_beside(other, hit.worth));
                        }
                    }
                    // The next search may be answered: by another provider, or after a rest. The first failure says why;
                    // later ones say that providers are left alone for a while.
                    Err(failure) => {
                        self.remarks.unanswered(&failure);
                        self.failure.get_or_insert(failure);
                    }
                }
            }
            Event::NameSearched(name, found) => {
                self.following -= 1;
                let merged = found.unwrap_or_else(|failure| {
                    self.remarks.unanswered(&failure);
                    Merged::default()
                });
                self.remarks.answered(&merged);
                if let Some(hit) = merged.hits.iter().find(|hit| name.is_meant_by(&hit.hit)) {
                    self.pool.found(&hit.hit, name.score);
                }
            }
            Event::ListRead(list, listed) => {
                self.following -= 1;
                self.pool.listed(&list, listed);
            }
            Event::Looked(candidate, look) => {
                self.looking -= 1;
                self.pool.looked_at(&candidate, matches!(look, Look::Promising(_)));
                match look {
                    Look::Promising(promise) => self.ready.keep(promise),
                    Look::List(list, listed) => self.pool.listed(&list, listed),
                    Look::No => {}
                }
            }
            Event::Profiled(was_plain, matching) => match matching {
                Some(matching) if self.is_new(&matching) => {
                    if !was_plain {
                        self.ready.vague_one_is_lead();
                    }
                    self.write(*matching);
                }
                _ => {
                    self.profiling -= 1;
                    self.in_vain_left = self.in_vain_left.saturating_sub(1);
                }
            },
            Event::Written(lead) => {
                self.profiling -= 1;
                // An exception may have taken its name away.
                if lead.data.is_lead() {
                    self.wanted -= 1;
                    return Some(lead);
                }
            }
        }
        None
    }

    /// Whether it is no lead yet, under another domain either; from now on it is one.
    fn is_new(&mut self, matching: &look::Matching) -> bool {
        let identities = identities(&matching.draft.data);
        let is_new = identities.iter().all(|identity| !self.identities.contains(identity));
        // The domain under which it was found is claimed already; the one to which it led may be another.
        let is_elsewhere = self.pool.is_lead(&matching.domain);
        if is_new && !is_elsewhere {
            self.pool.lead(&matching.domain);
            self.identities.extend(identities);
            return true;
        }
        false
    }
}

/// What two sites of one company have in common: its name with one of its telephone numbers.
fn identities(data: &CompanyData) -> Vec<String> {
    let name = fold(&data.company_name);
    data.phones.iter().map(|phone| format!("{name} {}", phone.phone_number)).collect()
}

impl Shared {
    /// What is asked beyond the vocabulary, by an embedder.
    pub(super) async fn asked(&self) -> Option<&Asked> {
        let meaning = self.finder.meaning.as_ref()?;
        self.asked.get_or_init(|| meaning.asked(&self.query)).await.as_ref()
    }

    async fn search(&self, search: &CompanySearch) -> Result<Merged, NoAnswer> {
        self.finder.searcher.search(search, self.finder.kept.as_deref()).await
    }
}
