//! A small web of invented companies, by which looking for leads is measured.
//!
//! More than 300 companies in many countries, languages and trades, with labels
//! for what a careful human would know of each; around them what a real web
//! has too: directories, articles, parked domains, the same company twice, pages
//! that lie. All is made by program from the text files below `world/`, the same
//! in every run. `world/README.md` says how, and what counts as a right answer.

mod around;
mod company;
mod data;
mod import;
mod page;
mod pick;
mod query;
pub mod search;
mod serve;
mod slug;

use std::collections::BTreeMap;

pub use company::WorldCompany;
pub use data::{ListStyle, Part, State};
pub use query::{Level, Verdict, WorldQuery};
pub use search::WorldSearch;
pub use serve::WorldServer;

use crate::site::{Redirect, Site, SiteFile};
use data::{Around, Data};
use page::{Layout, visible};

/// What kind of site a host is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A company's own site.
    Company,
    /// Another domain of the company with this host.
    Duplicate(String),
    /// A directory, list or marketplace.
    List(ListStyle),
    /// News, blog, job board, encyclopedia.
    Article,
    /// Nobody's any more.
    Parked(State),
    /// Wants to deceive or harm.
    Hostile,
}

/// A page as a search engine remembers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorldPage {
    /// Where it is.
    pub url: String,
    /// Its title.
    pub title: String,
    /// What visitors can read; empty where robots are not let in.
    pub text: String,
    /// Its language, ISO 639-1.
    pub language: String,
    /// Country that its site belongs to, where that is known.
    pub country: Option<String>,
}

/// The whole of it.
pub struct World {
    /// The companies, each once.
    pub companies: Vec<WorldCompany>,
    /// All sites that answer.
    pub sites: Vec<Site>,
    /// All hosts.
    pub kinds: BTreeMap<String, Kind>,
    /// What search engines know.
    pub pages: Vec<WorldPage>,
    /// Which companies each list names, by host.
    pub lists: BTreeMap<String, Vec<String>>,
    data: Data,
}

impl World {
    /// Makes it.
    ///
    /// # Panics
    ///
    /// When a file below `world/` is broken.
    #[must_use]
    pub fn new() -> Self {
        Self::of(Data::read())
    }

    /// One with so many companies of one trade and country beside the others: the keys of `trades/`, `activities.toml`
    /// and `countries.toml`. For measuring; the questions with labels are about [`World::new`].
    ///
    /// # Panics
    ///
    /// When there is no such trade or no city of that country, or when a file below `world/` is broken.
    #[must_use]
    pub fn crowded(language: &str, activity: &str, country: &str, count: usize) -> Self {
        let mut data = Data::read();
        let cities = data.cities.iter().filter(|(_, city)| city.country == country).map(|(key, _)| key.clone());
        let cities: Vec<String> = cities.collect();
        assert!(!cities.is_empty(), "cities.tsv has none of {country}");
        let places: Vec<&str> = cities.iter().map(String::as_str).cycle().take(count).collect();
        let key = (Part::First, language.to_owned(), activity.to_owned());
        let Some(trade) = data.trades.get_mut(&key) else { panic!("{language}.toml has no {activity}") };
        trade.places = places.join(" ");
        Self::of(data)
    }

    fn of(data: Data) -> Self {
        let companies = company::companies(&data);
        let mut world = Self {
            companies,
            sites: Vec::new(),
            kinds: BTreeMap::new(),
            pages: Vec::new(),
            lists: BTreeMap::new(),
            data,
        };
        world.add_companies();
        world.add_duplicates();
        world.add_around();
        world
    }

    /// The company with this host, or whose other host this is, with or without `www.`.
    #[must_use]
    pub fn company(&self, host: &str) -> Option<&WorldCompany> {
        let host = host.strip_prefix("www.").unwrap_or(host);
        let own = match self.kinds.get(host)? {
            Kind::Company => host,
            Kind::Duplicate(of) => of,
            _ => return None,
        };
        self.companies.iter().find(|company| company.host == own)
    }

    fn add_companies(&mut self) {
        let layouts: BTreeMap<String, Layout> =
            self.data.layouts.iter().map(|(name, text)| (name.clone(), Layout::parse(text))).collect();
        for number in 0..self.companies.len() {
            let company = &self.companies[number];
            let mut files = layouts[&company.layout].files(&page::values(&self.data, company));
            if !company.readable {
                files.push(SiteFile::made("/robots.txt", "User-agent: *\nDisallow: /\n"));
            }
            let (language, country) = (company.language.clone(), company.country.clone());
            let site = Site::made(&company.host, files);
            let texts = self.add(site, Kind::Company, &language, Some(&country));
            self.companies[number].text = texts.join("\n");
        }
    }

    /// Some companies have a second domain: the same pages again, an old name that leads on, a subdomain for a language.
    fn add_duplicates(&mut self) {
        for number in (3..self.companies.len()).step_by(23) {
            let company = self.companies[number].clone();
            let Some(site) = self.sites.iter().find(|site| site.name == company.host) else { continue };
            let (stem, ending) = company.host.split_once('.').unwrap_or((&company.host, "example"));
            let of = Kind::Duplicate(company.host.clone());
            let twin = match (number / 23) % 3 {
                0 => Site::made(format!("{}-online.{ending}", stem.replace('-', "")), site.files.clone()),
                1 => {
                    let mut site = Site::made(format!("old-{stem}.example"), Vec::new());
                    let to = format!("http://{}/", company.host);
                    site.config.redirects = vec![Redirect { from: "/".to_owned(), to, status: 301 }];
                    site
                }
                _ => Site::made(format!("{}.{}", company.language, company.host), site.files.clone()),
            };
            self.add(twin, of, &company.language, Some(&company.country));
        }
    }

    fn add_around(&mut self) {
        let parts = std::mem::take(&mut self.data.around);
        for (part, around) in &parts {
            // Who wrote a part knew nobody of those that came later.
            let known = self.companies.partition_point(|company| company.part <= *part);
            self.add_part(around, known);
        }
        self.data.around = parts;
    }

    /// What stands around the first companies, so many of them.
    fn add_part(&mut self, around: &Around, known: usize) {
        for list in &around.lists {
            let (site, entries) = around::list(&self.data, list, &self.companies[..known]);
            self.lists.insert(list.host.clone(), entries);
            let country = list.countries.first().filter(|_| list.countries.len() == 1).map(String::as_str);
            self.add(site, Kind::List(list.style), &list.language, country);
        }
        let mut papers: BTreeMap<&str, (Vec<SiteFile>, &str)> = BTreeMap::new();
        for article in &around.articles {
            let file = around::article(article, &self.companies[..known]);
            papers.entry(&article.host).or_insert_with(|| (Vec::new(), &article.language)).0.push(file);
        }
        for (host, (files, language)) in papers {
            self.add(Site::made(host, files), Kind::Article, language, None);
        }
        for hostile in &around.hostile {
            self.add(around::hostile(hostile), Kind::Hostile, &hostile.language, None);
        }
        for parked in &around.parked {
            self.kinds.insert(parked.host.clone(), Kind::Parked(parked.state));
            self.sites.extend(around::parked(parked));
            // Indices remember what stood there once.
            self.pages.push(WorldPage {
                url: format!("http://{}/", parked.host),
                title: parked.remembered.clone(),
                text: format!("{} {}", parked.name, parked.remembered),
                language: parked.language.clone(),
                country: Some(parked.country.clone()),
            });
        }
    }

    /// Adds a site, and says what visitors read on its pages.
    fn add(&mut self, site: Site, kind: Kind, language: &str, country: Option<&str>) -> Vec<String> {
        let mut texts = Vec::new();
        let is_open = site.file("/robots.txt").is_none();
        let leads_on = !site.config.redirects.is_empty();
        for file in site.files.iter().filter(|file| file.is_html()) {
            let html = file.text();
            let title = html.split_once("<title>").or_else(|| html.split_once("<TITLE>"));
            let title = title.and_then(|(_, rest)| rest.split('<').next()).unwrap_or_default().replace("&amp;", "&");
            // An index keeps the first part of a long page.
            let start: String = html.chars().take(40_000).collect();
            let text = visible(&start);
            texts.push(text.clone());
            let page = WorldPage {
                url: format!("http://{}{}", site.name, file.path),
                title,
                text: if is_open { text } else { String::new() },
                language: language.to_owned(),
                country: country.map(str::to_owned),
            };
            self.pages.push(page);
        }
        if leads_on {
            let of = match &kind {
                Kind::Duplicate(of) => self.pages.iter().find(|page| page.url == format!("http://{of}/")).cloned(),
                _ => None,
            };
            self.pages.extend(of.map(|page| WorldPage { url: format!("http://{}/", site.name), ..page }));
        }
        self.kinds.insert(site.name.clone(), kind);
        self.sites.push(site);
        texts
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}
