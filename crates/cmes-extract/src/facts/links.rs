//! The site's own noteworthy pages, and which of them to read next.
//!
//! What a page is about is decided by words in many languages, in the text of
//! the link, its address and the sections above it.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use cmes_types::{AdditionalLink, LinkKind, Method};
use url::Url;

use crate::facts::{Finding, Site};
use crate::page::{Link, Page, Region, prefix};

mod address;
#[cfg(test)]
mod tests;
mod words;

use address::{Address, Languages};
use words::{Meaning, meaning};

/// Most pages listed.
const TOTAL: usize = 25;
/// Most links looked at per page; what comes later is no navigation.
const LINKS: usize = 5_000;

/// A page that the site links to.
struct Target {
    address: Address,
    url: Url,
    meaning: Meaning,
    /// How plainly the words say so, 0 to 1.
    plain: f32,
    in_menu: bool,
    page: u16,
    snippet: String,
}

/// Noteworthy pages with what they are about, each once, in a stable order.
#[must_use]
pub fn find(site: &Site<'_>) -> Vec<Finding<AdditionalLink>> {
    let targets = targets(site);
    let mut chosen: Vec<(LinkKind, usize)> = Vec::new();
    let mut kinds: HashMap<LinkKind, Vec<usize>> = HashMap::new();
    for (index, target) in targets.iter().enumerate() {
        if let Some(kind) = target.meaning.kind() {
            kinds.entry(kind).or_default().push(index);
        }
    }
    for (kind, mut list) in kinds {
        let most = if kind == LinkKind::ProductsAndServices { 6 } else { 3 };
        list.sort_by_key(|index| std::cmp::Reverse(targets.get(*index).map_or(0, rank)));
        chosen.extend(list.into_iter().take(most).map(|index| (kind, index)));
    }
    chosen.sort_unstable();
    // Too many: those of no kind go first, then the least plain of kinds with several.
    while chosen.len() > TOTAL {
        let weakest = chosen
            .iter()
            .enumerate()
            .min_by_key(|(at, (kind, index))| {
                let only = chosen.iter().filter(|(other, _)| other == kind).count() == 1;
                (*kind != LinkKind::Etc, only, targets.get(*index).map_or(0, rank), std::cmp::Reverse(*at))
            })
            .map(|(at, _)| at);
        match weakest {
            Some(at) => drop(chosen.remove(at)),
            None => break,
        }
    }
    chosen.into_iter().filter_map(|(kind, index)| Some(finding(kind, targets.get(index)?))).collect()
}

fn finding(kind: LinkKind, target: &Target) -> Finding<AdditionalLink> {
    let Address { host, link, .. } = target.address.clone();
    Finding {
        value: AdditionalLink { host, link, description: kind },
        page: Some(target.page),
        method: Method::Link,
        snippet: target.snippet.clone(),
        confidence: (0.5 + target.plain * 0.45).clamp(0.0, 1.0),
    }
}

/// Higher is better: in a menu, said plainly.
fn rank(target: &Target) -> u32 {
    (target.plain * 100.0) as u32 + if target.in_menu { 30 } else { 0 }
}

/// Every page of the site that means something, in order of appearance.
fn targets(site: &Site<'_>) -> Vec<Target> {
    let languages = Languages::of(site);
    let homes: HashSet<String> =
        site.pages.first().and_then(|page| Address::of(&page.url, site.domain)).map(|a| a.key).into_iter().collect();
    let mut targets: Vec<Target> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (page, index) in site.pages.iter().zip(0..=u16::MAX) {
        for link in page.links.iter().take(LINKS) {
            let Some(address) = link.url.as_ref().and_then(|url| Address::of(url, site.domain)) else { continue };
            let home = address.is_home() || homes.contains(&address.key);
            if home || address.fragment && !is_plain(&address) || languages.is_foreign(&address) {
                continue;
            }
            let Some((meaning, plain)) = judge(link, &address, index == 0) else { continue };
            let in_menu = matches!(link.region, Region::Nav | Region::Header | Region::Footer);
            match places.get(&address.key).and_then(|at| targets.get_mut(*at)) {
                Some(known) => {
                    known.in_menu |= in_menu;
                    if better(meaning, plain, known) {
                        (known.meaning, known.plain) = (meaning, plain);
                    }
                }
                None => {
                    let Some(url) = link.url.clone() else { continue };
                    places.insert(address.key.clone(), targets.len());
                    let snippet = format!("{}: {}", prefix(&link.text, 80), prefix(&link.href, 110));
                    targets.push(Target { address, url, meaning, plain, in_menu, page: index, snippet });
                }
            }
        }
    }
    targets
}

/// Whether another link to the same page says more plainly what it is.
fn better(meaning: Meaning, plain: f32, known: &Target) -> bool {
    let etc = |meaning| meaning == Meaning::Kind(LinkKind::Etc);
    (etc(known.meaning) && !etc(meaning)) || (!etc(meaning) && plain > known.plain)
}

/// Whether the address alone says what the page is; only then a link to a
/// place within a page counts for the page.
fn is_plain(address: &Address) -> bool {
    address.segments.last().and_then(|last| meaning(last)).is_some_and(|(_, plain)| plain > 0.9)
}

/// What a link leads to, and how plainly that is said.
fn judge(link: &Link, address: &Address, is_home: bool) -> Option<(Meaning, f32)> {
    let by_path = path_meaning(address);
    // The text of a link into a page is about that place, not the page.
    let by_text = if address.fragment { None } else { meaning(&link.text) };
    let by_text = by_text.filter(|(text, _)| *text != Meaning::Vague);
    // `/policies/refund-policy` is a policy, though the menu calls it "Returns".
    let named = |kind| by_path.is_some_and(|(path, plain)| path == Meaning::Kind(kind) && plain > 0.9);
    let by_text = by_text.filter(|(text, _)| !(*text == Meaning::Kind(LinkKind::Support) && named(LinkKind::Legal)));
    let menu = matches!(link.region, Region::Nav | Region::Header);
    let enough = |plain: f32| plain >= if menu || link.region == Region::Footer { 0.4 } else { 0.6 };
    match (by_text, by_path) {
        (Some((Meaning::Skip, _)), _) | (_, Some((Meaning::Skip, _))) => None,
        // A word in passing (`/collections/shipping-boxes`) says less than the section.
        (None, Some((_, plain))) if plain < 0.9 && is_product(above(link, address, menu)) => above(link, address, menu),
        // Address and text disagree: the plainer one, and of equals the text.
        (Some((text, by)), Some((path, also))) if by >= 0.9 || by >= also => {
            enough(by).then_some((refine(text, path), if text == path { 1.0 } else { by }))
        }
        (_, Some((kind, plain))) if enough(plain) => Some((kind, plain)),
        (Some((kind, plain)), _) if enough(plain) => Some((kind, plain)),
        _ => above(link, address, menu).or_else(|| {
            let short = (2..=40).contains(&link.text.chars().count());
            (is_home && menu && short).then_some((Meaning::Kind(LinkKind::Etc), 0.5))
        }),
    }
}

fn is_product(found: Option<(Meaning, f32)>) -> bool {
    found.is_some_and(|(meaning, _)| meaning == Meaning::Kind(LinkKind::ProductsAndServices))
}

/// "Legal" in the text and `/impressum` in the address is an imprint. (A
/// "Contact" is that also where the address speaks of places.)
fn refine(text: Meaning, path: Meaning) -> Meaning {
    if text.kind() == path.kind() && (text == Meaning::Imprint || path == Meaning::Imprint) {
        Meaning::Imprint
    } else {
        text
    }
}

/// What the last segment means.
fn path_meaning(address: &Address) -> Option<(Meaning, f32)> {
    let last = address.segments.last()?;
    let name =
        last.rsplit_once('.').map_or(last.as_str(), |(name, ending)| if ending.len() <= 5 { name } else { last });
    let (mut meaning, plain) = meaning(name).filter(|(meaning, _)| *meaning != Meaning::Vague)?;
    // Shops keep every blog below `/blogs/`, the usual one as `news`.
    let section = address.segments.len().checked_sub(2).and_then(|at| address.segments.get(at));
    if meaning == Meaning::Kind(LinkKind::News) && section.is_some_and(|s| matches!(s.as_str(), "blog" | "blogs")) {
        meaning = Meaning::Kind(LinkKind::Blog);
    }
    // Deep down there are articles; their titles name all kinds of things.
    let deep = address.segments.len() > 2 && plain < 0.9;
    (!deep).then_some((meaning, plain * 0.97))
}

/// Pages below a section take its meaning when the menu names them.
fn above(link: &Link, address: &Address, menu: bool) -> Option<(Meaning, f32)> {
    if !menu || address.fragment || link.text.is_empty() || link.text.chars().count() > 60 {
        return None;
    }
    let sections = address.segments.iter().rev().skip(1);
    let (found, _) = sections.filter_map(|segment| meaning(segment)).find(|(_, plain)| *plain >= 0.9)?;
    let inherits = [LinkKind::ProductsAndServices, LinkKind::Industries, LinkKind::About, LinkKind::Support];
    found.kind().filter(|kind| inherits.contains(kind)).map(|kind| (Meaning::Kind(kind), 0.4))
}

/// Pages worth reading for a profile, best first: imprint, contact, about,
/// team, products, places, terms, jobs; not those in `site.pages`. `sitemap` are addresses from the
/// site's sitemaps, which count when the pages do not link to such a page.
#[must_use]
pub fn worth_reading(site: &Site<'_>, sitemap: &[Url]) -> Vec<Url> {
    let languages = Languages::of(site);
    let read: HashSet<String> =
        site.pages.iter().filter_map(|page| Address::of(&page.url, site.domain)).map(|address| address.key).collect();
    let home = site.pages.first().map(|page| &page.url);
    let mut list: Vec<Candidate> = targets(site)
        .into_iter()
        .filter_map(|t| Candidate::new(&t.address, t.url.clone(), t.meaning, rank(&t), home))
        .collect();
    for url in sitemap.iter().take(LINKS) {
        let Some(address) = Address::of(url, site.domain) else { continue };
        if address.is_home() || languages.is_foreign(&address) {
            continue;
        }
        if let Some((meaning, plain)) = path_meaning(&address).filter(|(_, plain)| *plain >= 0.8) {
            let shallow = 10_u32.saturating_sub(u32::try_from(address.segments.len()).unwrap_or(10));
            let candidate = Candidate::new(&address, url.clone(), meaning, (plain * 10.0) as u32 + shallow, home);
            let offered = |c: &Candidate| list.iter().any(|other| other.from_link && other.gain == c.gain);
            list.extend(candidate.map(|c| Candidate { from_link: false, ..c }).filter(|c| !offered(c)));
        }
    }
    // The first page may not link to what tells more (a team page below "about"),
    // so that the room for those is kept until others have been read.
    if site.pages.len() < 2 {
        list.retain(|c| c.gain < LEGAL);
    }
    let named = |page: &Page| path_meaning(&Address::of(&page.url, site.domain)?).map(|(meaning, _)| meaning);
    if site.pages.iter().any(|page| named(page) == Some(Meaning::Imprint)) {
        list.retain(|c| c.gain != LEGAL);
    }
    guesses(site, &languages, &mut list);
    choose(list, read)
}

/// A page that may be read next.
struct Candidate {
    key: String,
    url: Url,
    /// What it promises; lower is better.
    gain: u8,
    /// Among those of the same promise; higher is better.
    rank: u32,
    from_link: bool,
}

impl Candidate {
    fn new(address: &Address, mut url: Url, meaning: Meaning, rank: u32, home: Option<&Url>) -> Option<Self> {
        let gain = match meaning {
            Meaning::Imprint => 0,
            Meaning::Kind(LinkKind::Contacts) => 1,
            Meaning::Kind(LinkKind::About) => ABOUT,
            Meaning::Kind(LinkKind::Team) => 3,
            Meaning::Kind(LinkKind::ProductsAndServices) => PRODUCTS,
            Meaning::Places => 5,
            // Where no imprint is usual, the terms name the company.
            Meaning::Kind(LinkKind::Legal) if is_terms(address) => LEGAL,
            // Who may be asked about jobs is named there.
            Meaning::Kind(LinkKind::Careers) => CAREERS,
            _ => return None,
        };
        url.set_fragment(None);
        // Other hosts of the company are shops and portals of their own.
        let same = home.is_none_or(|home| home.host_str() == url.host_str());
        let shallow = 5_u32.saturating_sub(u32::try_from(address.segments.len()).unwrap_or(5));
        let rank = rank + shallow * 5 + if same { 100 } else { 0 };
        Some(Self { key: address.key.clone(), url, gain, rank, from_link: true })
    }
}

/// Promises of some pages; see [`Candidate::new`].
const ABOUT: u8 = 2;
const PRODUCTS: u8 = 4;
const LEGAL: u8 = 6;
const CAREERS: u8 = 7;

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

fn is_terms(address: &Address) -> bool {
    address.segments.last().is_some_and(|last| IS_TERMS.is_match(last))
}

/// Most pages to read next.
const NEXT: usize = 12;

/// The best of each promise first, then the second best, and so on.
fn choose(mut list: Vec<Candidate>, mut read: HashSet<String>) -> Vec<Url> {
    list.sort_by_key(|c| (c.gain, std::cmp::Reverse(c.rank)));
    list.retain(|c| read.insert(c.key.clone()));
    if list.iter().any(|c| c.gain == 0) {
        list.retain(|c| c.gain != LEGAL);
    }
    let mut rounds: HashMap<u8, u8> = HashMap::new();
    let mut order: Vec<(u8, u8, Url)> = Vec::new();
    for candidate in list {
        let round = rounds.entry(candidate.gain).or_default();
        // A second page of products or terms tells nothing new.
        let most = if matches!(candidate.gain, PRODUCTS | LEGAL | CAREERS) { 1 } else { 4 };
        if *round < most {
            order.push((*round, candidate.gain, candidate.url));
        }
        *round = round.saturating_add(1);
    }
    order.sort_by_key(|(round, gain, _)| (*round, *gain));
    order.into_iter().take(NEXT).map(|(.., url)| url).collect()
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
fn guesses(site: &Site<'_>, languages: &Languages, list: &mut Vec<Candidate>) {
    let Some(home) = site.pages.first().map(|page| &page.url) else { return };
    let language = site.language.map(|language| language.to_string()).unwrap_or_default();
    let usual = USUAL.iter().find(|(code, ..)| *code == language).or(USUAL.last());
    let Some((_, imprint, contact, about)) = usual else { return };
    let usual = [
        (*imprint, Meaning::Imprint, 0),
        (*contact, Meaning::Kind(LinkKind::Contacts), 1),
        (*about, Meaning::Kind(LinkKind::About), ABOUT),
    ];
    let mut known: HashSet<Meaning> = site
        .pages
        .iter()
        .filter_map(|page| path_meaning(&Address::of(&page.url, site.domain)?))
        .map(|(meaning, _)| meaning)
        .collect();
    known.extend(parts_of_home(site));
    let base = languages.base();
    for (paths, meaning, gain) in usual {
        if list.iter().any(|c| c.gain == gain) || known.contains(&meaning) {
            continue;
        }
        for (path, rank) in paths.iter().zip([1, 0]) {
            let Ok(url) = home.join(&format!("{base}{path}")) else { continue };
            let Some(address) = Address::of(&url, site.domain) else { continue };
            list.extend(Candidate::new(&address, url, meaning, rank, None).map(|c| Candidate { rank, ..c }));
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

/// Whether a heading or the name of a page says that people are introduced there.
pub(crate) fn is_team(text: &str) -> bool {
    meaning(text).is_some_and(|(meaning, plain)| meaning == Meaning::Kind(LinkKind::Team) && plain >= 0.6)
}

/// Whether a heading says that something else than people follows: values,
/// products, news.
pub(crate) fn is_about_else(text: &str) -> bool {
    let people = [LinkKind::Team, LinkKind::Contacts, LinkKind::Support].map(Meaning::Kind);
    meaning(text).is_some_and(|(meaning, plain)| meaning.kind().is_some() && !people.contains(&meaning) && plain >= 0.6)
}

/// Whether the address of a page says that people are introduced there.
pub(crate) fn is_team_page(url: &Url) -> bool {
    let mut segments = url.path_segments().into_iter().flatten().filter(|segment| !segment.is_empty());
    segments.next_back().is_some_and(|last| {
        let last = percent_encoding::percent_decode_str(last).decode_utf8_lossy();
        is_team(last.rsplit_once('.').map_or(&*last, |(name, _)| name))
    })
}
