//! Enrichment: from a Content to a company's profile.
//!
//! Content → candidates → the first site that can be read → its telling pages,
//! in parallel → profile with evidence. Everything within one [`Budget`].

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cmes_browser::Browser;
use cmes_extract::brief::Brief;
use cmes_extract::content::{self, Candidate, Content};
use cmes_extract::exceptions::Exceptions;
use cmes_extract::facts::{Site, links, logo, offered};
use cmes_extract::page::Page;
use cmes_extract::profile::description::{Told, describe};
use cmes_extract::profile::{self, Material, Reading};
use cmes_fetch::{
    Budget, BudgetLimits, ContentKind, FetchError, FetchErrorKind, Fetched, Fetcher, Observer, SiteAddress,
};
use cmes_types::{CompanyData, Evidence, LanguageCode};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use url::Url;

use crate::writing::{Draft, Exchange, Wish, Writer};
use crate::{Error, Tariffs, reading};

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Enrich {
    /// A link, a domain, an e-mail address or any text.
    pub content: String,
    /// Words that the answer may not contain, separated by commas.
    pub exceptions: String,
    /// What is to be sold to the company; empty for nothing.
    pub products_and_services: String,
    /// Language of the descriptive texts.
    pub language: LanguageCode,
    /// Whether the evidence is wanted.
    pub explain: bool,
    /// The currency of the budget, ISO 4217; empty for that of the prices.
    pub currency: String,
    /// Whether what goes beyond the reference's fields is wanted.
    pub extended: bool,
}

/// Reads companies from the web.
#[derive(Clone)]
pub struct Enricher {
    fetcher: Fetcher,
    browser: Option<Browser>,
    writer: Writer,
    settings: Settings,
}

/// How much of a task is done, in percent, as it goes on.
#[derive(Clone, Debug)]
pub struct Progress(Option<watch::Sender<u8>>);

impl Progress {
    /// Progress and where it can be seen.
    #[must_use]
    pub fn new() -> (Self, watch::Receiver<u8>) {
        let (sender, receiver) = watch::channel(0);
        (Self(Some(sender)), receiver)
    }

    /// Progress that nobody looks at.
    #[must_use]
    pub fn unseen() -> Self {
        Self(None)
    }

    /// So many of so many steps between two percentages are done. It never falls.
    pub(crate) fn step(&self, from: u8, to: u8, done: usize, of: usize) {
        let Some(sender) = &self.0 else { return };
        let share = usize::from(to.saturating_sub(from)) * done.min(of) / of.max(1);
        let percent = from.saturating_add(u8::try_from(share).unwrap_or(0)).min(99);
        sender.send_if_modified(|known| {
            let is_more = percent > *known;
            *known = percent.max(*known);
            is_more
        });
    }

    fn reach(&self, percent: u8) {
        self.step(percent, percent, 1, 1);
    }
}

/// Limits of one enrichment.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Most pages of one site; eight at most are read as a rule.
    pub max_pages: usize,
    /// Time, requests and bytes for everything.
    pub budget: BudgetLimits,
}

/// Candidates that are tried before giving up.
const MOST_CANDIDATES: usize = 3;
/// Logo candidates that are asked for.
const MOST_LOGOS: usize = 3;
/// Most pages that a profile is made from as a rule (most sites have six or
/// fewer that promise enough); more are read only while it lacks what it cannot do
/// without.
const USUAL_PAGES: usize = 8;
/// Most documents of a frameset that are read as one page.
const FRAMES: usize = 4;
/// Pages read before it is asked what is lacking.
const FIRST_ROUND: usize = 3;
/// A home page with fewer links than this is helped out by the sitemap.
const FEW_LINKS: usize = 5;

/// A site whose first page has been read.
#[derive(Debug)]
pub struct Opened {
    content: Arc<Content>,
    budget: Budget,
    /// The pages that were read so far, the first one first: never empty.
    pub pages: Vec<Page>,
}

/// A site that was read, and the profile made of it.
#[derive(Debug)]
pub struct Profiled {
    /// The profile, whose texts are still to be written.
    pub draft: Draft,
    /// The pages, the first one first.
    pub pages: Vec<Page>,
}

impl Enricher {
    /// With this reader of the web and these limits; texts are in the words of the pages.
    #[must_use]
    pub fn new(fetcher: Fetcher, settings: Settings) -> Self {
        Self { fetcher, browser: None, writer: Writer::default(), settings }
    }

    /// The same with a browser for pages that are made by script.
    #[must_use]
    pub fn with_browser(self, browser: Option<Browser>) -> Self {
        Self { browser, ..self }
    }

    /// Has the texts written.
    #[must_use]
    pub fn writing_with(self, writer: Writer) -> Self {
        Self { writer, ..self }
    }

    /// Builds the tables of the extractors, so that the first request need not
    /// wait for it.
    pub fn warm_up() {
        let _ = cmes_extract::facts::technologies::all();
        let _ = content::read("https://example.com +44 20 7946 0000");
        let _ = cmes_extract::trades::Proposal::read("pumps");
        let _ = cmes_extract::titles::names_in(LanguageCode::ENGLISH);
    }

    /// Enriches one company. `tariffs` hold the rates for a budget, `observer`
    /// hears what is being read, `progress` how much is done.
    ///
    /// # Errors
    /// [`Error::NothingToEnrich`], [`Error::SiteUnreachable`] and
    /// [`Error::NotACompany`]; all of them are free of charge.
    pub async fn enrich(
        &self,
        request: &Enrich,
        tariffs: &Arc<Tariffs>,
        observer: Option<Observer>,
        progress: Progress,
    ) -> Result<CompanyData, Error> {
        let opened = self.open(&request.content, observer, &progress).await?;
        let profiled = self.profile(opened, request, &progress).await?;
        Ok(self.finish(profiled.draft, request, tariffs).await)
    }

    /// The first page of the first candidate in a Content that can be read.
    ///
    /// # Errors
    /// [`Error::NothingToEnrich`] and [`Error::SiteUnreachable`].
    pub async fn open(&self, content: &str, observer: Option<Observer>, progress: &Progress) -> Result<Opened, Error> {
        let text = content.to_owned();
        let content = compute(move || content::read(&text)).await?;
        if content.candidates.is_empty() {
            return Err(Error::NothingToEnrich);
        }
        let budget = self.budget(observer);
        progress.reach(5);
        let mut failure: Option<FetchError> = None;
        for candidate in content.candidates.iter().take(MOST_CANDIDATES) {
            match self.open_site(candidate, &budget).await {
                Ok(home) => {
                    let home = self.read_page(home, &budget).await?;
                    progress.reach(25);
                    return Ok(Opened { content: Arc::new(content), budget, pages: vec![home] });
                }
                Err(error) => {
                    tracing::debug!(kind = ?error.kind(), "candidate not read");
                    failure = Some(worse(failure, error));
                }
            }
        }
        Err(failure.map_or(Error::NothingToEnrich, Error::SiteUnreachable))
    }

    /// The same with time, requests and bytes as at the beginning: for a site that was not read on at once.
    #[must_use]
    pub fn refreshed(&self, opened: Opened, observer: Option<Observer>) -> Opened {
        Opened { budget: self.budget(observer), ..opened }
    }

    /// The same with one more page of the site, where it can be read and belongs to it: what was found there is known
    /// to matter, wherever the first page leads.
    pub async fn read_found(&self, mut opened: Opened, url: &Url) -> Opened {
        let Ok(fetched) = self.fetcher.page(url, &opened.budget).await else { return opened };
        if fetched.content_type == ContentKind::Html
            && is_further_page(&fetched.url, &opened.pages)
            && let Ok(page) = self.read_page(fetched, &opened.budget).await
            // Scripts may have led elsewhere.
            && is_further_page(&page.url, &opened.pages)
        {
            opened.pages.push(page);
        }
        opened
    }

    /// One page, for itself.
    ///
    /// # Errors
    /// [`Error::SiteUnreachable`].
    pub async fn page(&self, url: &Url, observer: Option<Observer>) -> Result<Page, Error> {
        let budget = self.budget(observer);
        let fetched = self.fetcher.page(url, &budget).await.map_err(Error::SiteUnreachable)?;
        self.read_page(fetched, &budget).await
    }

    /// Reads on from the first page, and puts a profile together.
    ///
    /// # Errors
    /// [`Error::NotACompany`].
    pub async fn profile(&self, opened: Opened, request: &Enrich, progress: &Progress) -> Result<Profiled, Error> {
        let Opened { content, budget, pages } = opened;
        let pages = self.read_on(pages, &content, &budget, progress).await?;
        progress.reach(85);
        let logo = self.logo(&pages, &budget).await;
        progress.reach(88);
        let translations = self.translations(&pages, request.language, &budget).await?;
        progress.reach(90);
        let (mut draft, pages) = assemble(pages, translations, content, request).await?;
        keep_logo(&mut draft.data, &mut draft.evidence, logo);
        Ok(Profiled { draft, pages })
    }

    /// Has the texts written, and leaves out what is not wanted.
    pub async fn finish(&self, mut draft: Draft, request: &Enrich, tariffs: &Arc<Tariffs>) -> CompanyData {
        let currency = if request.currency.is_empty() { tariffs.base.as_str() } else { &request.currency };
        let exchange = Exchange { currency: currency.to_owned(), tariffs: Arc::clone(tariffs) };
        let wish = Wish { language: request.language, offer: &request.products_and_services, exchange: &exchange };
        self.writer.write(&mut draft, &wish).await;
        let Draft { mut data, evidence, .. } = draft;
        data.evidence = request.explain.then_some(evidence);
        Exceptions::parse(&request.exceptions).apply(&mut data);
        data
    }

    fn budget(&self, observer: Option<Observer>) -> Budget {
        let budget = Budget::new(self.settings.budget);
        match observer {
            Some(observer) => budget.observed_by(observer),
            None => budget,
        }
    }

    async fn open_site(&self, candidate: &Candidate, budget: &Budget) -> Result<Fetched, FetchError> {
        let address = SiteAddress::parse(&candidate.address)?;
        self.fetcher.open_site(&address, budget).await
    }

    /// Reads what is worth reading beside the first page: first what is sure to
    /// tell much, then what the profile still lacks. A page linked deep in the
    /// site hands on links to those that tell most, and pages that could not be
    /// read are made up for, so there are several rounds.
    async fn read_on(
        &self,
        mut pages: Vec<Page>,
        content: &Arc<Content>,
        budget: &Budget,
        progress: &Progress,
    ) -> Result<Vec<Page>, Error> {
        let first = &pages[0];
        let sitemap: Arc<[Url]> = self.sitemap(first, budget).await.into();
        let frames = self.frames(first, budget).await?;
        // What was read before comes beside the pages that the profile needs.
        let parts = pages.len() + frames.len();
        let most = self.settings.max_pages;
        let mut tried: HashSet<Url> = frames.iter().chain(&pages[1..]).map(|page| page.url.clone()).collect();
        pages.splice(1..1, frames);
        for (from, to) in [(25, 45), (45, 65), (65, 75), (75, 85)] {
            let (known, content, sitemap) = (pages, content.clone(), sitemap.clone());
            let next;
            (pages, next) = compute(move || {
                let next = next_pages(&known, parts, &content, &sitemap, most);
                (known, next)
            })
            .await?;
            let next: Vec<Url> = next.urls.into_iter().filter(|url| !tried.contains(url)).take(next.room).collect();
            if next.is_empty() {
                break;
            }
            tried.extend(next.iter().cloned());
            let (of, done) = (next.len(), &AtomicUsize::new(0));
            let reads = next.into_iter().map(|url| {
                let (fetcher, budget) = (self.fetcher.clone(), budget.clone());
                async move {
                    let fetched = fetcher.page(&url, &budget).await;
                    progress.step(from, to, done.fetch_add(1, Ordering::Relaxed) + 1, of);
                    fetched
                }
            });
            let fetched = futures_util::future::join_all(reads).await.into_iter().flatten();
            let fetched = fetched.filter(|it| it.content_type == ContentKind::Html && is_further_page(&it.url, &pages));
            let read = fetched.map(|fetched| self.read_page(fetched, budget)).collect::<Vec<_>>();
            for page in futures_util::future::join_all(read).await {
                let page = page?;
                // Scripts may have led elsewhere, and two pages to one.
                if is_further_page(&page.url, &pages) {
                    pages.push(page);
                }
            }
        }
        Ok(pages)
    }

    /// The documents of a frameset: together with the first page they are what a
    /// visitor sees as one.
    async fn frames(&self, first: &Page, budget: &Budget) -> Result<Vec<Page>, Error> {
        let mut frames = Vec::new();
        let own = first.frames.iter().filter(|url| same_site(&first.url, url));
        let reads = own.take(FRAMES).map(|url| self.fetcher.page(url, budget));
        for fetched in futures_util::future::join_all(reads).await.into_iter().flatten() {
            if fetched.content_type == ContentKind::Html && same_site(&first.url, &fetched.url) {
                frames.push(self.read_page(fetched, budget).await?);
            }
        }
        Ok(frames)
    }

    async fn read_page(&self, fetched: Fetched, budget: &Budget) -> Result<Page, Error> {
        reading::read(self.browser.as_ref(), fetched, budget).await
    }

    /// The first page in the language of the answer, when none that was read is in it and the site names one.
    async fn translations(&self, pages: &[Page], language: LanguageCode, budget: &Budget) -> Result<Vec<Page>, Error> {
        let Some(url) = offered::translation(pages, language) else { return Ok(Vec::new()) };
        let is_of_site = |url: &Url| pages.first().is_some_and(|home| same_site(&home.url, url));
        let fetched = if is_of_site(&url) { self.fetcher.page(&url, budget).await.ok() } else { None };
        let fetched = fetched.filter(|it| it.content_type == ContentKind::Html && is_of_site(&it.url));
        match fetched {
            Some(fetched) => Ok(vec![self.read_page(fetched, budget).await?]),
            None => Ok(Vec::new()),
        }
    }

    /// Addresses from the site's sitemaps, when its first page shows few links.
    async fn sitemap(&self, first: &Page, budget: &Budget) -> Vec<Url> {
        let links = first.links.iter().filter_map(|link| link.url.as_ref()).filter(|url| same_site(&first.url, url));
        if links.count() >= FEW_LINKS {
            return Vec::new();
        }
        let mut sitemaps = self.fetcher.sitemaps(&first.url, budget).await.unwrap_or_default();
        if sitemaps.is_empty() {
            sitemaps.extend(first.url.join("/sitemap.xml").ok());
        }
        let mut urls = Vec::new();
        for sitemap in sitemaps.iter().take(2) {
            if let Ok(fetched) = self.fetcher.page(sitemap, budget).await {
                urls.extend(sitemap_addresses(&fetched.text));
            }
        }
        urls
    }

    /// The best logo candidate that answers with an image.
    async fn logo(&self, pages: &[Page], budget: &Budget) -> Option<Url> {
        let candidates: Vec<Url> = {
            let domain = pages.first().map(|page| profile::domain_of(&page.url)).unwrap_or_default();
            let site = Site { pages, domain: &domain, language: None, country: None };
            logo::find(&site).into_iter().map(|finding| finding.value).take(MOST_LOGOS).collect()
        };
        for candidate in candidates {
            if let Ok(fetched) = self.fetcher.page(&candidate, budget).await
                && fetched.content_type == ContentKind::Image
            {
                return Some(candidate);
            }
        }
        None
    }
}

/// Addresses in a sitemap (sitemaps.org), at most a few thousand.
fn sitemap_addresses(xml: &str) -> Vec<Url> {
    xml.split("<loc>")
        .skip(1)
        .filter_map(|rest| rest.split("</loc>").next())
        .filter_map(|address| Url::parse(&address.trim().replace("&amp;", "&")).ok())
        .take(5_000)
        .collect()
}

/// What to read next. The first `parts` pages are what a visitor sees as the first page.
struct Next {
    urls: Vec<Url>,
    /// How many of them at once.
    room: usize,
}

fn next_pages(pages: &[Page], parts: usize, content: &Content, sitemap: &[Url], max_pages: usize) -> Next {
    let lacking = profile::lacking(&Material { pages, content, language: LanguageCode::default(), extended: false });
    let usual = max_pages.min(USUAL_PAGES);
    // The parts of the first page count as one.
    let read = pages.len().saturating_sub(parts) + 1;
    let (lacking, room) = if read < 2 {
        (lacking, FIRST_ROUND.min(usual.saturating_sub(1)))
    } else if read < usual {
        (lacking, usual - read)
    } else if let Some(essentials) = lacking.essentials() {
        (essentials, max_pages.saturating_sub(read))
    } else {
        return Next { urls: Vec::new(), room: 0 };
    };
    let domain = pages.first().map(|page| profile::domain_of(&page.url)).unwrap_or_default();
    let language = cmes_extract::facts::language::find(pages).map(|finding| finding.value);
    let site = Site { pages, domain: &domain, language, country: None };
    Next { urls: links::worth_reading(&site, sitemap, lacking), room }
}

/// Whether two addresses belong to one registrable domain.
fn same_site(a: &Url, b: &Url) -> bool {
    profile::domain_of(a) == profile::domain_of(b)
}

/// Whether an address is of the site whose pages these are, and none of them.
fn is_further_page(url: &Url, pages: &[Page]) -> bool {
    pages.first().is_some_and(|home| same_site(&home.url, url)) && pages.iter().all(|page| page.url != *url)
}

async fn assemble(
    pages: Vec<Page>,
    translations: Vec<Page>,
    content: Arc<Content>,
    request: &Enrich,
) -> Result<(Draft, Vec<Page>), Error> {
    let host = pages.first().and_then(|page| page.url.host_str()).unwrap_or_default().to_owned();
    let (language, extended) = (request.language, request.extended);
    let draft =
        compute(move || match profile::assemble(&Material { pages: &pages, content: &content, language, extended }) {
            Reading::Profile(data, evidence) => {
                let brief = Brief::read(&pages, &data);
                let (mut data, mut evidence) = (*data, evidence);
                let told = Told { pages: &pages, translations: &translations, brief: &brief, language };
                describe(&mut data, &mut evidence, &told);
                Ok((Draft { data, evidence, brief }, pages))
            }
            Reading::NotACompany(words) => Err(words),
        });
    draft.await?.map_err(|words| Error::NotACompany { host, words })
}

/// Work of more than a moment, away from the threads that serve requests.
pub(crate) async fn compute<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Internal(Box::new(error)))
}

/// A logo that does not answer with an image is no logo.
fn keep_logo(data: &mut CompanyData, evidence: &mut Vec<Evidence>, logo: Option<Url>) {
    let logo = logo.map(String::from).unwrap_or_default();
    if data.logo_link == logo {
        return;
    }
    data.logo_link = logo;
    let is_logo = |e: &Evidence| e.field == "LogoLink";
    if data.logo_link.is_empty() {
        evidence.retain(|e| !is_logo(e));
    } else if let Some(e) = evidence.iter_mut().find(|e| is_logo(e)) {
        e.value.clone_from(&data.logo_link);
        e.snippet.clone_from(&data.logo_link);
    }
}

/// The error that tells more of two: a site that answers wrongly says more
/// than a name that leads nowhere.
fn worse(known: Option<FetchError>, new: FetchError) -> FetchError {
    let rank = |error: &FetchError| match error.kind() {
        FetchErrorKind::Dns | FetchErrorKind::BadUrl => 0,
        FetchErrorKind::Connect => 1,
        _ => 2,
    };
    match known {
        Some(known) if rank(&known) >= rank(&new) => known,
        _ => new,
    }
}

/// Makes an observer from a function.
pub fn observer(f: impl Fn(cmes_fetch::FetchEvent) + Send + Sync + 'static) -> Observer {
    Arc::new(f)
}
