//! The companies that a list names.
//!
//! Entries of a list look alike: elements of one name and class under parents
//! of one name and class, headings of one level with what follows them, or
//! lines with numbers in front. Each such group is read as entries; the group
//! counts whose entries name most companies: with a site of their own, a page
//! of the list, or a legal form.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use cmes_extract::facts::names;
use cmes_extract::fold::fold;
use cmes_extract::page::{Line, Link, Page, Region, prefix};
use cmes_extract::profile::domain_of;
use cmes_extract::structured::{self, Item};
use url::Url;

use super::names::{
    ABOUT, bare, can_be_site, cleaned, is_advertisement, is_all_labels, is_aside, is_generic, is_matter, is_name,
    is_share, is_shown, looks_like_host, redirected, split_name, without_number,
};
use super::{Named, words};

/// Most companies of one list.
const MOST: usize = 200;
/// Most elements of one group, and most lines that are read for all groups.
const GROUP: usize = 600;
const LINES: usize = 40_000;
/// Lines and links of one entry.
const ENTRY_LINES: u32 = 40;
const ENTRY_LINKS: u32 = 40;

/// An entry, with what it is worth.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) named: Named,
    worth: f32,
    /// It has a site of its own, or a legal form.
    pub(super) is_telling: bool,
}

/// See [`super::named`].
pub(super) fn named(page: &Page) -> Vec<Named> {
    gathered(page).into_iter().map(|found| found.named).collect()
}

/// The entries of the best group.
pub(super) fn gathered(page: &Page) -> Vec<Found> {
    let reader = Reader { page, domain: domain_of(&page.url) };
    let mut room = LINES;
    let mut best: (f32, Vec<Found>) = (0.0, Vec::new());
    let mut offer = |found: Vec<Found>, of: usize| {
        // A group of which few are companies is a menu.
        let share = found.len() as f32 / of.max(1) as f32;
        let worth = found.iter().map(|one| one.worth).sum::<f32>() * (0.3 + 0.7 * share);
        if found.len() >= 2 && share >= 0.3 && worth > best.0 {
            best = (worth, found);
        }
    };
    for (name, group) in reader.groups() {
        let may_be_plain = matches!(name, "li" | "tr" | "div" | "article" | "section");
        let lines: usize = group.iter().map(|(lines, _)| lines.len()).sum();
        if lines > room {
            continue;
        }
        room -= lines;
        let read = |how| group.iter().filter_map(|(lines, links)| reader.entry(lines, links, how)).collect::<Vec<_>>();
        let mut found = read(How::Element);
        if may_be_plain && group.len() >= 3 && found.len() * 2 >= group.len() && found.len() < group.len() {
            // Where most are companies, those without a link are too.
            found = read(How::AmongCompanies);
        }
        offer(found, group.len());
    }
    for level in 2..=4 {
        let group = reader.sections(level);
        let found: Vec<Found> =
            group.iter().filter_map(|(lines, links)| reader.entry(lines, links, How::Section)).collect();
        offer(found, group.len());
    }
    let (found, of) = reader.numbered();
    offer(found, of);
    let found = reader.structured();
    let of = found.len();
    offer(found, of);
    once(best.1)
}

/// Each company once.
fn once(found: Vec<Found>) -> Vec<Found> {
    let mut names = HashSet::new();
    let mut sites = HashSet::new();
    let is_new = |one: &Found| {
        let name: String = fold(&one.named.name).chars().filter(|c| c.is_alphanumeric()).collect();
        let is_site_known = one.named.site.as_ref().is_some_and(|site| !sites.insert(domain_of(site)));
        names.insert(name) && !is_site_known
    };
    let mut is_new = is_new;
    found.into_iter().filter(|one| is_new(one)).take(MOST).collect()
}

/// What an entry is taken from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Element,
    /// An element among others most of which are companies.
    AmongCompanies,
    /// A heading with what follows.
    Section,
}

type Span = (Range<u32>, Range<u32>);

struct Reader<'a> {
    page: &'a Page,
    domain: String,
}

impl<'a> Reader<'a> {
    /// Elements that look alike, in the order of their first.
    fn groups(&self) -> Vec<(&'static str, Vec<Span>)> {
        const ENTRIES: &[&str] = &[
            "li", "tr", "div", "article", "section", "p", "dt", "dd", "td", "a", "figure", "details", "h2", "h3", "h4",
        ];
        let mut at: HashMap<(&str, &str, &str, &str), usize> = HashMap::new();
        let mut groups: Vec<(&'static str, Vec<Span>)> = Vec::new();
        for element in self.page.elements.iter().skip(1) {
            if !is_matter(element.region) || element.lines.is_empty() || !ENTRIES.contains(&element.name) {
                continue;
            }
            let (lines, links) = (element.lines.len(), element.links.len());
            if lines > ENTRY_LINES as usize || links > ENTRY_LINKS as usize || is_advertisement(&element.class) {
                continue;
            }
            let parent = self.page.elements.get(element.parent as usize);
            let class = |class: &'a str| class.split(' ').next().unwrap_or_default();
            let key = (
                parent.map_or("", |parent| parent.name),
                parent.map_or("", |parent| class(&parent.class)),
                element.name,
                class(&element.class),
            );
            let index = *at.entry(key).or_insert_with(|| {
                groups.push((element.name, Vec::new()));
                groups.len() - 1
            });
            if let Some((_, group)) = groups.get_mut(index).filter(|(_, group)| group.len() < GROUP) {
                group.push((element.lines.clone(), element.links.clone()));
            }
        }
        groups.retain(|(_, group)| group.len() >= 2);
        groups
    }

    /// Headings of a level with the lines up to the next one.
    fn sections(&self, level: u8) -> Vec<Span> {
        let lines = &self.page.lines;
        let heads: Vec<u32> = (0_u32..)
            .zip(lines)
            .filter(|(_, line)| line.heading > 0 && line.heading <= level && is_shown(line))
            .map(|(at, _)| at)
            .collect();
        let mut spans = Vec::new();
        for (index, start) in heads.iter().enumerate() {
            if lines.get(*start as usize).is_none_or(|line| line.heading != level) || spans.len() >= GROUP {
                continue;
            }
            let end = heads.get(index + 1).copied().unwrap_or(lines.len() as u32).min(start + ENTRY_LINES);
            // What stands in the foot of the page belongs to no section.
            let end = (*start..end)
                .find(|at| lines.get(*at as usize).is_some_and(|line| !is_matter(line.region)))
                .unwrap_or(end);
            let first = self.page.links.partition_point(|link| link.line < *start);
            let last = self.page.links.partition_point(|link| link.line < end).min(first + ENTRY_LINKS as usize);
            spans.push((*start..end, first as u32..last as u32));
        }
        spans
    }

    /// Lines with numbers or marks in front: "1. Acme Pipes Inc., Houston, TX".
    fn numbered(&self) -> (Vec<Found>, usize) {
        let mut found = Vec::new();
        let mut count = 0;
        let mut last: Option<u32> = None;
        let lines = self.page.lines.iter().filter(|line| is_shown(line) && line.text.len() <= 600);
        for line in lines {
            let Some((number, rest)) = without_number(&line.text) else { continue };
            let follows = match (last, number) {
                (_, None) => true,
                (None, Some(number)) => number <= 1,
                (Some(last), Some(number)) => number == last + 1 || number <= 1,
            };
            if let Some(number) = number {
                last = Some(number);
            }
            count += 1;
            let (name, about) = split_name(rest);
            let has_form = names::has_legal_form(&name);
            if !follows || count > GROUP || !is_name(&name) || number.is_none() && !has_form {
                continue;
            }
            let named = Named { name, about: prefix(&about, ABOUT).to_owned(), ..Named::default() };
            found.push(Found { named, worth: if has_form { 2.3 } else { 0.8 }, is_telling: has_form });
        }
        (found, count)
    }

    /// The entries of an `ItemList` in structured data.
    fn structured(&self) -> Vec<Found> {
        let lists = structured::all(&self.page.items).map(|(_, item)| item).filter(|item| item.is_a(&["ItemList"]));
        let entries = lists.flat_map(|list| list.items("itemListElement")).take(MOST);
        entries
            .filter_map(|entry| {
                let item: &Item = entry.items("item").next().unwrap_or(entry);
                let name = item.text("name").or_else(|| entry.text("name"))?;
                let (name, about) = split_name(without_number(name).map_or(name, |(_, rest)| rest));
                if !is_name(&name)
                    || item.is_a(&[
                        "Product",
                        "Article",
                        "WebPage",
                        "SiteNavigationElement",
                        "BlogPosting",
                        "JobPosting",
                    ])
                {
                    return None;
                }
                let url = item.text("url").or_else(|| entry.text("url")).and_then(|url| self.page.url.join(url).ok());
                let is_own = url.as_ref().is_some_and(|url| domain_of(url) == self.domain);
                let site = url.clone().filter(|url| !is_own && can_be_site(url));
                let worth = if site.is_some() { 3.0 } else { 1.0 };
                let is_telling = site.is_some() || names::has_legal_form(&name);
                Some(Found { named: Named { name, site, entry: url.filter(|_| is_own), about }, worth, is_telling })
            })
            .collect()
    }

    /// One entry of a group.
    fn entry(&self, lines: &Range<u32>, links: &Range<u32>, how: How) -> Option<Found> {
        let all = self.page.lines.get(lines.start as usize..(lines.end as usize).min(self.page.lines.len()))?;
        let links = self
            .page
            .links
            .get(links.start as usize..(links.end as usize).min(self.page.links.len()))
            .unwrap_or_default();
        let shown: Vec<&Line> = all.iter().filter(|line| is_shown(line)).collect();
        let first = shown.first()?;
        if words::is_one("advertised", &fold(&first.text)) {
            return None;
        }
        let site = links.iter().find_map(|link| self.site(link));
        let heading = shown.iter().find(|line| line.heading > 0).map(|line| line.text.as_str());
        let linked = links.iter().find(|link| {
            let is_page = self.own(link).is_some() || self.site(link).is_some();
            is_page
                && !is_generic(&link.text)
                && is_name(&split_name(bare(&link.text)).0)
                && !looks_like_host(&link.text)
        });
        let plain = shown.iter().map(|line| line.text.as_str()).find(|text| text.chars().any(char::is_alphabetic));
        let source = heading.or(linked.map(|link| link.text.as_str())).or(plain)?;
        let is_ranked = without_number(source).is_some_and(|(number, _)| number.is_some());
        let (name, rest) = split_name(bare(source));
        if !is_name(&name) || is_generic(&name) || looks_like_host(&name) {
            return None;
        }
        let entry = links
            .iter()
            .filter_map(|link| Some((link, self.own(link)?)))
            .filter(|(link, _)| !is_aside(&link.text))
            .max_by_key(|(link, _)| (fold(&link.text).contains(&fold(&name)), usize::MAX - link.line as usize))
            .map(|(_, url)| url);
        let has_form = names::has_legal_form(&name);
        let is_entry_named = entry.is_some()
            && links.iter().any(|link| self.own(link).is_some() && fold(&link.text).contains(&fold(&name)));
        let about = self.about(&shown, links, &name, &rest);
        let has_data = about.chars().filter(char::is_ascii_digit).count() >= 4;
        let mut worth = 0.0;
        for (is_there, more) in [
            (site.is_some(), 3.0),
            (has_form, 1.5),
            (is_entry_named, 1.0),
            (is_ranked, 0.8),
            (has_data, 0.5),
            (entry.is_some() && !is_entry_named, 0.3),
        ] {
            worth += if is_there { more } else { 0.0 };
        }
        // A heading or an internal link alone may be anything.
        let is_company = site.is_some()
            || has_form
            || is_ranked
            || is_entry_named && (has_data || !about.is_empty() && how != How::Section);
        if !is_company && how != How::AmongCompanies {
            return None;
        }
        worth += if about.is_empty() { 0.0 } else { 0.3 };
        let is_telling = site.is_some() || has_form;
        Some(Found { named: Named { name, site, entry, about }, worth, is_telling })
    }

    /// What an entry says beside the name.
    fn about(&self, shown: &[&Line], links: &[Link], name: &str, rest: &str) -> String {
        let mut about = rest.to_owned();
        let mut is_named = false;
        for line in shown {
            let text = line.text.trim();
            if !is_named && text.contains(name) {
                is_named = true;
                continue;
            }
            if is_generic(text) || looks_like_host(text) || is_all_labels(text, links) {
                continue;
            }
            if about.chars().count() + text.chars().count() > ABOUT {
                break;
            }
            if !about.is_empty() {
                about.push_str(if about.ends_with(['.', '!', '?']) { " " } else { ", " });
            }
            about.push_str(text);
        }
        about
    }

    /// The site of another to which a link leads, also behind a redirect of the list.
    fn site(&self, link: &Link) -> Option<Url> {
        if link.rel.contains("sponsored") && link.text.is_empty() {
            return None;
        }
        let url = link.url.as_ref()?;
        let target = redirected(url).unwrap_or_else(|| url.clone());
        (domain_of(&target) != self.domain && can_be_site(&target) && !is_share(&target)).then(|| cleaned(target))
    }

    /// The page of the list to which a link leads.
    fn own(&self, link: &Link) -> Option<Url> {
        let url = link.url.as_ref().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        let is_other = url.path() != self.page.url.path() && url.path() != "/"
            || url.query() != self.page.url.query() && url.query().is_some();
        (domain_of(url) == self.domain && is_other && redirected(url).is_none()).then(|| cleaned(url.clone()))
    }
}

/// See [`super::entry_site`].
pub(super) fn entry_site(page: &Page) -> Option<Url> {
    let reader = Reader { page, domain: domain_of(&page.url) };
    let heading = page.lines.iter().find(|line| line.heading == 1 && !line.hidden).map(|line| line.text.as_str());
    let name = split_name(bare(heading.unwrap_or(&page.title))).0;
    let organizations = structured::all(&page.items).map(|(_, item)| item).filter(|item| item.is_organization());
    let stated = organizations
        .filter(|item| {
            item.text("name").is_none_or(|own| fold(own).contains(&fold(&name)) || fold(&name).contains(&fold(own)))
        })
        .flat_map(|item| item.texts("url").chain(item.texts("sameAs")))
        .filter_map(|text| Url::parse(text.trim()).ok())
        .find(|url| domain_of(url) != reader.domain && can_be_site(url));
    if stated.is_some() {
        return stated;
    }
    let resembles = |url: &Url| names::resembles(&name, &domain_of(url)).unwrap_or(0.0);
    let mut best: Option<(f32, Url)> = None;
    for link in page.links.iter().filter(|link| is_matter(link.region) || link.region == Region::Aside).take(2_000) {
        let Some(site) = reader.site(link) else { continue };
        let label = fold(&link.text);
        let is_labelled = words::has_one("website", &label) || looks_like_host(&link.text);
        let worth = resembles(&site) * 2.0
            + if is_labelled { 1.0 } else { 0.0 }
            + if link.rel.contains("sponsored") { -0.5 } else { 0.0 };
        if worth > 0.5 && best.as_ref().is_none_or(|(known, _)| worth > *known) {
            best = Some((worth, site));
        }
    }
    if let Some((_, site)) = best {
        return Some(site);
    }
    // An address that is written and no link.
    page.lines.iter().filter(|line| is_shown(line) && line.text.len() <= 200).find_map(|line| {
        let words =
            line.text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '/'));
        words.filter(|word| looks_like_host(word)).find_map(|word| {
            let url = if word.contains("://") {
                Url::parse(word).ok()?
            } else {
                Url::parse(&format!("https://{word}")).ok()?
            };
            (domain_of(&url) != reader.domain && can_be_site(&url)).then_some(url)
        })
    })
}
