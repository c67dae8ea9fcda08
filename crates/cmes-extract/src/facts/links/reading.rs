//! Which pages to read next: those that promise most of what a profile still
//! lacks.
//!
//! What a kind of page promises stands in one table, [`PROMISES`]. A page is
//! worth the chances of what is lacking, and something for the further numbers,
//! mailboxes and people that it may name beside.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use cmes_types::LinkKind;
use url::Url;

use super::address::{Address, Languages};
use super::words::{Meaning, meaning};
use super::{LINKS, Target, path_meaning, rank, targets};
use crate::facts::Site;

/// What a profile still lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lacking {
    /// A name with its legal form.
    pub legal_name: bool,
    /// A street or a post-office box.
    pub address: bool,
    /// A telephone number of the company.
    pub phone: bool,
    /// A mailbox of the company.
    pub email: bool,
    /// Anybody by name.
    pub people: bool,
    /// What the company does, in more than a phrase.
    pub business: bool,
    /// Numbers, mailboxes and people beyond the first.
    pub more: bool,
}

impl Lacking {
    /// Nothing is known yet.
    pub const EVERYTHING: Self =
        Self { legal_name: true, address: true, phone: true, email: true, people: true, business: true, more: true };

    /// Only what a profile cannot do without: who it is, where, and how to be
    /// reached. `None` when all of that is known.
    #[must_use]
    pub fn essentials(self) -> Option<Self> {
        let unreachable = self.phone && self.email;
        let essentials =
            Self { phone: unreachable, email: unreachable, people: false, business: false, more: false, ..self };
        (self.legal_name || self.address || unreachable).then_some(essentials)
    }
}

/// What a page is read for; each is worth a request once, less a second time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Promise {
    Imprint,
    Contacts,
    About,
    Team,
    Places,
    Terms,
    Privacy,
    Careers,
    Products,
    Partners,
    Support,
    Pricing,
}

/// Chances, in percent, that a page of this kind tells legal name, address,
/// telephone, e-mail, people and business; then what it is worth for further
/// contacts when nothing is lacking. By the sites that we measure with.
const PROMISES: &[(Promise, [u32; 6], u32)] = &[
    (Promise::Imprint, [95, 90, 70, 80, 60, 5], 150),
    (Promise::Contacts, [40, 85, 90, 90, 30, 5], 140),
    (Promise::About, [40, 20, 10, 10, 40, 70], 60),
    (Promise::Team, [5, 5, 15, 25, 95, 10], 110),
    (Promise::Places, [10, 60, 70, 50, 20, 0], 80),
    (Promise::Terms, [75, 50, 20, 35, 2, 0], 20),
    (Promise::Privacy, [70, 50, 20, 60, 10, 0], 30),
    (Promise::Careers, [10, 15, 20, 50, 35, 10], 45),
    (Promise::Products, [2, 0, 5, 5, 2, 60], 15),
    (Promise::Partners, [5, 5, 15, 10, 15, 5], 15),
    (Promise::Support, [5, 5, 30, 40, 5, 0], 30),
    (Promise::Pricing, [2, 5, 10, 15, 0, 15], 10),
];
/// A page worth less than this is not asked for; nor is one with a smaller
/// chance when only essentials are looked for.
const ENOUGH: u32 = 20;
const LIKELY: u32 = 50;
/// Where no imprint is usual, one page of terms or privacy names the company,
/// whatever else it is worth.
const LEGAL: u32 = 200;

impl Promise {
    fn of(meaning: Meaning, words: &str) -> Option<Self> {
        Some(match meaning {
            Meaning::Imprint => Self::Imprint,
            Meaning::Places => Self::Places,
            Meaning::Kind(LinkKind::Contacts) => Self::Contacts,
            Meaning::Kind(LinkKind::About) => Self::About,
            Meaning::Kind(LinkKind::Team) => Self::Team,
            Meaning::Kind(LinkKind::ProductsAndServices) => Self::Products,
            Meaning::Kind(LinkKind::Careers) => Self::Careers,
            Meaning::Kind(LinkKind::Partners) => Self::Partners,
            Meaning::Kind(LinkKind::Support) => Self::Support,
            Meaning::Kind(LinkKind::Pricing) => Self::Pricing,
            Meaning::Kind(LinkKind::Legal) if IS_PRIVACY.is_match(words) => Self::Privacy,
            Meaning::Kind(LinkKind::Legal) if IS_TERMS.is_match(words) => Self::Terms,
            _ => return None,
        })
    }

    fn is_legal(self) -> bool {
        matches!(self, Self::Terms | Self::Privacy)
    }

    /// What the page is worth, as the `nth` of its kind (from 0).
    fn worth(self, lacking: Lacking, nth: u32) -> u32 {
        let wants =
            [lacking.legal_name, lacking.address, lacking.phone, lacking.email, lacking.people, lacking.business];
        let Some((_, chances, beside)) = PROMISES.iter().find(|(kind, ..)| *kind == self) else { return 0 };
        let wanted = chances.iter().zip(wants).filter(|(_, want)| *want).map(|(chance, _)| chance);
        let beside = if lacking.more { *beside } else { 0 };
        (wanted.sum::<u32>() + beside) >> nth.min(16)
    }
}

/// Words in addresses of terms of business.
const TERMS: &[&str] = &[
    "legal",
    "terms",
    "agb",
    "conditions",
    "cgv",
    "cgu",
    "podmink",
    "podmienk",
    "regulamin",
    "voorwaarden",
    "villkor",
    "vilkar",
    "vilkår",
    "betingelser",
    "ehdot",
    "aszf",
    "termeni",
    "termini",
    "condizioni",
    "condiciones",
    "termos",
    "rechtliches",
    "oferta",
    "利用規約",
    "条款",
    "이용약관",
];
static IS_TERMS: LazyLock<AhoCorasick> = LazyLock::new(|| crate::words::finder(TERMS));

/// Words in addresses and names of privacy notices.
const PRIVACY: &[&str] = &[
    "privacy",
    "privacidad",
    "privacidade",
    "privatsphäre",
    "datenschutz",
    "confidentialit",
    "donnees-personnelles",
    "données personnelles",
    "rgpd",
    "gdpr",
    "dsgvo",
    "rodo",
    "prywatno",
    "tietosuoja",
    "integritetspolicy",
    "personvern",
    "persondata",
    "privatliv",
    "adatkezel",
    "adatvédel",
    "osobnich-udaj",
    "osobních údaj",
    "osobnych-udaj",
    "osobných údaj",
    "confidentialitate",
    "поверителност",
    "конфиденц",
    "konfiden",
    "персональн",
    "personaldata",
    "aporrit",
    "απορρ",
    "gizlilik",
    "kvkk",
    "פרטיות",
    "pratiut",
    "الخصوصية",
    "プライバシー",
    "個人情報",
    "隐私",
    "隱私",
    "개인정보",
    "bao-mat",
    "bảo mật",
    "ความเป็นส่วนตัว",
];
static IS_PRIVACY: LazyLock<AhoCorasick> = LazyLock::new(|| crate::words::finder(PRIVACY));

/// A page that may be read next.
struct Candidate {
    key: String,
    url: Url,
    promise: Promise,
    /// Among those of the same promise; higher is better.
    rank: u32,
    from: Source,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Link,
    Sitemap,
    /// A path that is usual in the site's language.
    Guess,
}

impl Candidate {
    fn new(address: &Address, mut url: Url, promise: Promise, rank: u32, from: Source) -> Self {
        url.set_fragment(None);
        Self { key: address.key.clone(), url, promise, rank, from }
    }

    fn linked(target: Target, home: Option<&Url>) -> Option<Self> {
        let last = target.address.segments.last().map_or("", String::as_str);
        let promise = Promise::of(target.meaning, &format!("{last} {}", target.snippet).to_lowercase())?;
        // Other hosts of the company are shops and portals of their own.
        let same = home.is_none_or(|home| home.host_str() == target.url.host_str());
        let rank = rank(&target) + shallow(&target.address) * 5 + if same { 100 } else { 0 };
        Some(Self::new(&target.address, target.url, promise, rank, Source::Link))
    }
}

fn shallow(address: &Address) -> u32 {
    5_u32.saturating_sub(u32::try_from(address.segments.len()).unwrap_or(5))
}

/// Pages worth reading for what is lacking, best first; not those in
/// `site.pages`. `sitemap` are addresses from the site's sitemaps, which count
/// when the pages do not link to such a page.
#[must_use]
pub fn worth_reading(site: &Site<'_>, sitemap: &[Url], lacking: Lacking) -> Vec<Url> {
    let languages = Languages::of(site);
    let home = site.pages.first().map(|page| &page.url);
    let mut list: Vec<Candidate> = targets(site).into_iter().filter_map(|t| Candidate::linked(t, home)).collect();
    from_sitemap(site, sitemap, &languages, &mut list);
    let counts = counts_of_read(site, &list);
    guesses(site, &languages, &counts, &mut list);
    let addresses = site.pages.iter().filter_map(|page| Address::of(&page.url, site.domain));
    let mut seen: HashSet<String> = addresses.map(|address| address.key).collect();
    list.sort_by_key(|candidate| Reverse(candidate.rank));
    list.retain(|candidate| seen.insert(candidate.key.clone()));
    choose(site, list, counts, lacking)
}

fn from_sitemap(site: &Site<'_>, sitemap: &[Url], languages: &Languages, list: &mut Vec<Candidate>) {
    for url in sitemap.iter().take(LINKS) {
        let Some(address) = Address::of(url, site.domain) else { continue };
        if address.is_home() || languages.is_foreign(&address) {
            continue;
        }
        let Some((meaning, plain)) = path_meaning(&address).filter(|(_, plain)| *plain >= 0.8) else { continue };
        let last = address.segments.last().map_or("", String::as_str);
        let Some(promise) = Promise::of(meaning, last) else { continue };
        if list.iter().all(|other| other.from != Source::Link || other.promise != promise) {
            let rank = (plain * 10.0) as u32 + shallow(&address);
            list.push(Candidate::new(&address, url.clone(), promise, rank, Source::Sitemap));
        }
    }
}

/// How many pages of each promise have been read, by the links to them, or by
/// their addresses where they were redirected.
fn counts_of_read(site: &Site<'_>, list: &[Candidate]) -> HashMap<Promise, u32> {
    let mut counts = HashMap::new();
    for page in site.pages.iter().skip(1) {
        let Some(address) = Address::of(&page.url, site.domain) else { continue };
        let by_link = list.iter().find(|candidate| candidate.key == address.key).map(|candidate| candidate.promise);
        let by_path = || {
            let (meaning, _) = path_meaning(&address)?;
            Promise::of(meaning, address.segments.last()?)
        };
        if let Some(promise) = by_link.or_else(by_path) {
            *counts.entry(promise).or_default() += 1;
        }
    }
    counts
}

/// What is worth most first, as long as it is worth a request.
fn choose(site: &Site<'_>, list: Vec<Candidate>, mut counts: HashMap<Promise, u32>, lacking: Lacking) -> Vec<Url> {
    let is_legal_told = counts.keys().any(|promise| promise.is_legal() || *promise == Promise::Imprint);
    let is_imprint_offered = list.iter().any(|c| c.promise == Promise::Imprint && c.from != Source::Guess);
    let is_legal_wanted = !is_legal_told && !is_imprint_offered;
    let enough = if lacking.more { ENOUGH } else { LIKELY };
    let mut order: Vec<(u32, Candidate)> = Vec::new();
    for candidate in list {
        let count = counts.entry(candidate.promise).or_default();
        let worth = candidate.promise.worth(lacking, *count);
        *count += 1;
        order.push((if candidate.from == Source::Guess { worth / 2 } else { worth }, candidate));
    }
    if site.pages.len() < 2 {
        // The first page may not link to the imprint, so that what stands in for
        // it waits until others have been read.
        order.retain(|(_, candidate)| !candidate.promise.is_legal());
    } else if is_legal_wanted {
        let legal = order.iter_mut().filter(|(_, candidate)| candidate.promise.is_legal());
        if let Some((worth, _)) = legal.max_by_key(|(worth, _)| *worth) {
            *worth += LEGAL;
        }
    }
    order.retain(|(worth, _)| *worth >= enough);
    order.sort_by_key(|(worth, _)| Reverse(*worth));
    order.into_iter().map(|(_, candidate)| candidate.url).collect()
}

/// Usual paths, best first.
type Paths = &'static [&'static str];

/// Usual paths by language: imprint, contact, about; empty where none is usual.
const USUAL: &[(&str, Paths, Paths, Paths)] = &[
    ("de", &["/impressum"], &["/kontakt"], &["/ueber-uns", "/unternehmen"]),
    ("fr", &["/mentions-legales"], &["/contact"], &["/a-propos", "/qui-sommes-nous"]),
    ("es", &["/aviso-legal"], &["/contacto"], &["/empresa", "/sobre-nosotros"]),
    ("it", &["/note-legali"], &["/contatti"], &["/chi-siamo", "/azienda"]),
    ("pt", &[], &["/contato", "/contacto"], &["/sobre", "/quem-somos"]),
    ("nl", &["/colofon"], &["/contact"], &["/over-ons"]),
    ("pl", &[], &["/kontakt"], &["/o-nas", "/o-firmie"]),
    ("cs", &[], &["/kontakt", "/kontakty"], &["/o-nas"]),
    ("sk", &[], &["/kontakt"], &["/o-nas"]),
    ("hu", &["/impresszum"], &["/kapcsolat"], &["/rolunk"]),
    ("ro", &[], &["/contact"], &["/despre-noi"]),
    ("sv", &[], &["/kontakt"], &["/om-oss"]),
    ("da", &[], &["/kontakt"], &["/om-os"]),
    ("no", &[], &["/kontakt"], &["/om-oss"]),
    ("nb", &[], &["/kontakt"], &["/om-oss"]),
    ("fi", &[], &["/yhteystiedot"], &["/yritys"]),
    ("hr", &[], &["/kontakt"], &["/o-nama"]),
    ("sl", &[], &["/kontakt"], &["/o-podjetju"]),
    ("tr", &["/kunye"], &["/iletisim"], &["/hakkimizda", "/kurumsal"]),
    ("ru", &["/rekvizity"], &["/contacts", "/kontakty"], &["/about", "/o-kompanii"]),
    ("ja", &["/tokushoho"], &["/contact"], &["/company"]),
    ("zh", &[], &["/contact.html", "/contact"], &["/about.html", "/about"]),
    ("ko", &[], &["/contact"], &["/company", "/about"]),
    ("", &[], &["/contact", "/contact-us"], &["/about", "/about-us"]),
];

/// Adds usual paths for what neither links nor the sitemap offer.
fn guesses(site: &Site<'_>, languages: &Languages, counts: &HashMap<Promise, u32>, list: &mut Vec<Candidate>) {
    let Some(home) = site.pages.first().map(|page| &page.url) else { return };
    let language = site.language.map(|language| language.to_string()).unwrap_or_default();
    let usual = USUAL.iter().find(|(code, ..)| *code == language).or(USUAL.last());
    let Some((_, imprint, contact, about)) = usual else { return };
    let usual = [(*imprint, Promise::Imprint), (*contact, Promise::Contacts), (*about, Promise::About)];
    let parts = parts_of_home(site).filter_map(|meaning| Promise::of(meaning, ""));
    let known: HashSet<Promise> = counts.keys().copied().chain(parts).collect();
    let base = languages.base();
    for (paths, promise) in usual {
        if list.iter().any(|candidate| candidate.promise == promise) || known.contains(&promise) {
            continue;
        }
        for (path, rank) in paths.iter().zip([1, 0]) {
            let Ok(url) = home.join(&format!("{base}{path}")) else { continue };
            let Some(address) = Address::of(&url, site.domain) else { continue };
            list.push(Candidate::new(&address, url, promise, rank, Source::Guess));
        }
    }
}

/// What the parts of the first page are about, to which its menu leads
/// (`/#contact`): no page of its own is to be expected for them.
fn parts_of_home(site: &Site<'_>) -> impl Iterator<Item = Meaning> {
    let home = site.pages.first();
    let links = home.into_iter().flat_map(|page| page.links.iter().take(LINKS).map(move |link| (page, link)));
    links.filter_map(|(page, link)| {
        let url = link.url.as_ref()?;
        let fragment = url.fragment().filter(|fragment| !fragment.is_empty())?;
        let here = url.host_str() == page.url.host_str() && url.path() == page.url.path();
        let (found, _) =
            here.then(|| meaning(&link.text).or_else(|| meaning(fragment)))?.filter(|(_, by)| *by >= 0.9)?;
        Some(found)
    })
}
