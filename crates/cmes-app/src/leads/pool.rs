//! Candidates for leads, and what else was found and may lead to some.
//!
//! Nothing is looked at twice: a company is known by its registrable domain, a
//! list by its address, a name by its letters.

use std::collections::{HashMap, HashSet};

use cmes_extract::fold::fold;
use cmes_leads::candidates::{Kind, Named, by_hit};
use cmes_types::Hit;
use url::Url;

/// Most candidates of one task. More would mean that the judging lets nothing through.
const MOST_CANDIDATES: usize = 2_000;
/// Most lists that are read for one task, further pages of theirs included.
const MOST_LISTS: usize = 40;
/// Most pages of one list.
const MOST_PAGES: usize = 5;
/// What a further page of a list counts of the page before it.
const FURTHER: f64 = 0.8;
/// So many companies of a list are looked at before it is believed to name none that fits.
const TRIED: usize = 5;
/// Most companies known by name alone that are searched for.
const MOST_NAMES: usize = 60;
/// Most pages within a site that are kept of those by which it was found.
const MOST_FOUND: usize = 2;
/// Entries of a list count this much of a hit at the list's own place.
const LISTED: f64 = 0.5;

/// A company's site that may be a lead.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Candidate {
    /// The registrable domain.
    pub(super) domain: String,
    /// The address to begin with: that of the host that was found.
    pub(super) home: String,
    /// What providers say for it, more is better.
    pub(super) score: f64,
    /// The site of the list that named it first.
    pub(super) listed_by: Option<String>,
    /// Pages within the site by which it was found, at most [`MOST_FOUND`].
    pub(super) found: Vec<Url>,
}

impl Candidate {
    /// Notes a page by which the site was found, when it is not its first one.
    fn found_at(&mut self, url: &Url) {
        let is_first_page = url.path() == "/" && url.query().is_none();
        if !is_first_page && self.found.len() < MOST_FOUND {
            let mut url = url.clone();
            url.set_fragment(None);
            if !self.found.contains(&url) {
                self.found.push(url);
            }
        }
    }
}

/// A list, directory or marketplace, or an entry in one, that may name companies.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct List {
    pub(super) url: Url,
    pub(super) score: f64,
    /// Whether it is the list's own page about one company.
    pub(super) is_entry: bool,
    /// Which of the list's pages it is, from 1.
    pub(super) page: usize,
}

impl List {
    /// A list as it was found.
    pub(super) fn found(url: Url, score: f64) -> Self {
        Self { url, score, is_entry: false, page: 1 }
    }

    fn site(&self) -> String {
        cmes_extract::profile::domain_of(&self.url)
    }
}

/// What a page of a list says.
#[derive(Clone, Debug, Default)]
pub(super) struct Listed {
    /// The companies that it names.
    pub(super) named: Vec<Named>,
    /// Where the list goes on.
    pub(super) next: Option<Url>,
}

/// How the companies fared that the lists of a site name.
#[derive(Clone, Copy, Debug, Default)]
struct Fared {
    looked_at: usize,
    promising: usize,
}

/// A company of which only the name is known.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Name {
    pub(super) name: String,
    pub(super) about: String,
    pub(super) score: f64,
}

impl Name {
    /// Whether a hit is about the company of this name: its title or its address holds the name's words.
    pub(super) fn is_meant_by(&self, hit: &Hit) -> bool {
        let Ok(url) = Url::parse(&hit.url) else { return false };
        if by_hit(&url, &hit.title, &hit.snippet) != Kind::Company {
            return false;
        }
        let host = fold(url.host_str().unwrap_or_default());
        let title = fold(&hit.title);
        let name = fold(&self.name);
        let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 2).collect();
        let told = words.iter().filter(|word| title.contains(**word) || host.contains(**word)).count();
        // Legal forms and the like are left out of titles.
        told > 0 && told * 3 >= words.len() * 2
    }
}

#[derive(Debug, Default)]
pub(super) struct Pool {
    waiting: HashMap<String, Candidate>,
    lists: Vec<List>,
    names: Vec<Name>,
    seen: HashSet<String>,
    seen_lists: HashSet<String>,
    /// By the lists' site.
    fared: HashMap<String, Fared>,
    /// Domains of companies that are leads.
    leads: HashSet<String>,
    lists_taken: usize,
    names_taken: usize,
}

impl Pool {
    /// Companies that are leads already are no candidates.
    pub(super) fn without(domains: impl IntoIterator<Item = String>) -> Self {
        let leads: HashSet<String> = domains.into_iter().collect();
        Self { seen: leads.clone(), leads, ..Self::default() }
    }

    /// Takes what a provider found, with what it says for it.
    pub(super) fn found(&mut self, hit: &Hit, score: f64) {
        let Ok(url) = Url::parse(&hit.url) else {
            self.name(&hit.title, &hit.snippet, score);
            return;
        };
        match by_hit(&url, &hit.title, &hit.snippet) {
            Kind::Company => self.site(&url, score, None),
            Kind::Listing => self.list(List::found(url, score)),
            Kind::Useless(kind) => tracing::debug!(kind, "a hit of no use"),
        }
    }

    /// Takes a further page of a site that was found: a directory has many lists, a company is one.
    pub(super) fn found_beside(&mut self, hit: &Hit, score: f64) {
        let Ok(url) = Url::parse(&hit.url) else { return };
        match by_hit(&url, &hit.title, &hit.snippet) {
            Kind::Listing => self.list(List::found(url, score)),
            Kind::Company => {
                if let Some(known) = self.waiting.get_mut(&cmes_extract::profile::domain_of(&url)) {
                    known.found_at(&url);
                }
            }
            Kind::Useless(_) => {}
        }
    }

    /// Takes the companies that a list names, and its next page when some of them are new.
    pub(super) fn listed(&mut self, list: &List, listed: Listed) {
        let known = (self.seen.len(), self.seen_lists.len());
        let by = list.site();
        for (place, named) in listed.named.into_iter().enumerate() {
            let score = list.score * LISTED / (1.0 + place as f64 / 50.0);
            match (named.site, named.entry) {
                (Some(site), _) => {
                    if by_hit(&site, &named.name, "") == Kind::Company {
                        self.site(&site, score, Some(&by));
                    }
                }
                (None, Some(entry)) if !list.is_entry => {
                    self.list(List { is_entry: true, ..List::found(entry, score) });
                }
                (None, _) => self.name(&named.name, &named.about, score),
            }
        }
        let has_news = (self.seen.len(), self.seen_lists.len()) != known;
        if let Some(next) = listed.next.filter(|_| has_news && !list.is_entry && list.page < MOST_PAGES) {
            self.list(List { url: next, score: list.score * FURTHER, is_entry: false, page: list.page + 1 });
        }
    }

    /// Takes how a candidate's first page looked, for the list that named it.
    pub(super) fn looked_at(&mut self, candidate: &Candidate, is_promising: bool) {
        if let Some(by) = &candidate.listed_by {
            let fared = self.fared.entry(by.clone()).or_default();
            fared.looked_at += 1;
            fared.promising += usize::from(is_promising);
        }
    }

    fn list(&mut self, list: List) {
        let url = &list.url;
        let key = format!(
            "{}{}",
            url.host_str().unwrap_or_default(),
            &url[url::Position::BeforePath..url::Position::AfterQuery]
        );
        if matches!(url.scheme(), "http" | "https") && self.seen_lists.insert(key) {
            self.lists.push(list);
        }
    }

    fn site(&mut self, url: &Url, score: f64, listed_by: Option<&str>) {
        let (Some(host), true) = (url.host_str(), matches!(url.scheme(), "http" | "https")) else { return };
        let domain = cmes_extract::profile::domain_of(url);
        if let Some(known) = self.waiting.get_mut(&domain) {
            // Found again, by other words or elsewhere.
            known.score += score;
            if listed_by.is_none() {
                known.found_at(url);
            }
        } else if self.seen.len() < MOST_CANDIDATES && self.seen.insert(domain.clone()) {
            let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
            // Whoever says https may only suppose it; a bare host is tried in every way, with https first.
            let scheme = if url.scheme() == "http" { "http://" } else { "" };
            let home = format!("{scheme}{host}{port}");
            let listed_by = listed_by.map(str::to_owned);
            let mut candidate = Candidate { domain: domain.clone(), home, score, listed_by, found: Vec::new() };
            candidate.found_at(url);
            self.waiting.insert(domain, candidate);
        }
    }

    fn name(&mut self, name: &str, about: &str, score: f64) {
        let key = fold(name);
        if !key.trim().is_empty() && self.seen_lists.insert(key) {
            self.names.push(Name { name: name.trim().to_owned(), about: about.to_owned(), score });
        }
    }

    /// Whether the company of this domain is a lead.
    pub(super) fn is_lead(&self, domain: &str) -> bool {
        self.leads.contains(domain)
    }

    /// The company of this domain has become a lead.
    pub(super) fn lead(&mut self, domain: &str) {
        self.leads.insert(domain.to_owned());
        self.seen.insert(domain.to_owned());
        self.waiting.remove(domain);
    }

    /// How many candidates wait.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// The candidate that providers say most for; equal ones in the order of their names, so that runs are alike.
    pub(super) fn next(&mut self) -> Option<Candidate> {
        let best = self.waiting.values().max_by(|a, b| a.score.total_cmp(&b.score).then(b.domain.cmp(&a.domain)))?;
        let domain = best.domain.clone();
        self.waiting.remove(&domain)
    }

    /// The list that is to be read next.
    pub(super) fn next_list(&mut self) -> Option<List> {
        // Entries are short and cost a page for one company; they do not use up what there is for lists.
        // A list goes on in vain when nobody whom it has named so far fits.
        let fared = &self.fared;
        let is_vain = |list: &List| {
            list.page > 1
                && fared.get(&list.site()).is_some_and(|fared| fared.looked_at >= TRIED && fared.promising == 0)
        };
        self.lists.retain(|list| !is_vain(list));
        let best = best(&self.lists, |list| list.score)?;
        let list = self.lists.swap_remove(best);
        if !list.is_entry {
            self.lists_taken += 1;
            if self.lists_taken > MOST_LISTS {
                return None;
            }
        }
        Some(list)
    }

    /// The name that is to be searched for next.
    pub(super) fn next_name(&mut self) -> Option<Name> {
        if self.names_taken >= MOST_NAMES {
            return None;
        }
        let best = best(&self.names, |name| name.score)?;
        self.names_taken += 1;
        Some(self.names.swap_remove(best))
    }
}

/// Where the first of the best stands.
fn best<T>(items: &[T], score: impl Fn(&T) -> f64) -> Option<usize> {
    let better = |(i, a): &(usize, &T), (j, b): &(usize, &T)| score(a).total_cmp(&score(b)).then(j.cmp(i));
    items.iter().enumerate().max_by(better).map(|(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(url: &str, title: &str) -> Hit {
        Hit { url: url.to_owned(), title: title.to_owned(), snippet: String::new() }
    }

    #[test]
    fn a_company_is_one_candidate_however_often_it_is_found() {
        let mut pool = Pool::without(["done.example".to_owned()]);
        pool.found(&hit("https://www.acme-pipes.example/products", "Acme"), 1.0);
        pool.found(&hit("https://shop.acme-pipes.example/", "Acme shop"), 1.0);
        pool.found(&hit("https://other.example/", "Other"), 1.5);
        pool.found(&hit("https://done.example/", "Done"), 9.0);
        let order: Vec<String> = std::iter::from_fn(|| pool.next()).map(|candidate| candidate.home).collect();
        assert_eq!(order, ["www.acme-pipes.example", "other.example"]);
        assert!(pool.is_lead("done.example") && !pool.is_lead("other.example"));
    }

    #[test]
    fn what_a_list_names_are_sites_entries_and_names() {
        let mut pool = Pool::default();
        let url = |text: &str| Url::parse(text).expect("a URL");
        let list = List::found(url("https://list.example/"), 1.0);
        let named = |name: &str, site: Option<&str>, entry: Option<&str>| Named {
            name: name.to_owned(),
            site: site.map(url),
            entry: entry.map(url),
            about: String::new(),
        };
        let names = vec![
            named("A", Some("https://a.example/x"), Some("https://list.example/a")),
            named("B", None, Some("https://list.example/b")),
            named("C", None, None),
            named("c", None, None),
        ];
        pool.listed(&list, Listed { named: names, next: None });
        assert_eq!(pool.next().map(|candidate| candidate.home).as_deref(), Some("a.example"));
        let entry = pool.next_list().expect("an entry");
        assert!(entry.is_entry);
        pool.listed(&entry, Listed { named: vec![named("B", Some("https://b.example/"), None)], next: None });
        assert_eq!(pool.next().map(|candidate| candidate.domain).as_deref(), Some("b.example"));
        assert_eq!(pool.next_name().map(|name| name.name).as_deref(), Some("C"));
        assert_eq!(pool.next_name(), None);
    }

    #[test]
    fn a_list_is_read_on_while_it_names_companies_that_fit() {
        let url = |text: &str| Url::parse(text).expect("a URL");
        // How many pages are read of a list that never ends, with so many companies a page.
        let check = |each: usize, is_promising: bool, expected: usize| {
            let mut pool = Pool::default();
            pool.list(List::found(url("https://list.example/"), 1.0));
            let mut read = 0;
            while let Some(list) = pool.next_list() {
                read += 1;
                let site = |number: usize| Some(url(&format!("https://c{read}-{number}.example/")));
                let named = (0..each).map(|number| Named { site: site(number), ..Named::default() }).collect();
                let next = Some(url(&format!("https://list.example/?page={}", read + 1)));
                pool.listed(&list, Listed { named, next });
                while let Some(candidate) = pool.next() {
                    pool.looked_at(&candidate, is_promising);
                }
            }
            assert_eq!(read, expected, "{each} companies a page, {is_promising}");
        };
        check(3, true, MOST_PAGES);
        check(3, false, 2);
        check(TRIED, false, 1);
        check(0, true, 1);
    }
}
