//! The site's own noteworthy pages, and which of them to read next.
//!
//! What a page is about is decided by words in many languages, in the text of
//! the link, its address and the sections above it.

use std::collections::{HashMap, HashSet};

use cmes_types::{AdditionalLink, LinkKind, Method};
use url::Url;

use crate::facts::{Finding, Site};
use crate::page::{Link, Region, prefix};

mod address;
mod reading;
#[cfg(test)]
mod tests;
mod words;

use address::{Address, Languages};
pub use reading::{Lacking, worth_reading};
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
