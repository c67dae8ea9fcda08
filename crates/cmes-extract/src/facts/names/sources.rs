//! Where on a page names of companies stand.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::{Mention, Source, forms, is_page_kind, label, mention, related, resemblance};
use crate::facts::address::{PageKind, page_kind};
use crate::fold::{fold, key};
use crate::page::{Line, Page, Region, prefix};
use crate::structured::{Item, Value};
use crate::words;

use copyright::{after_copyright, copyright_name, with_article};

mod copyright;
mod labels;

/// Adds what a page says.
pub(super) fn read(page: &Page, at: usize, own: Own<'_>, mentions: &mut Vec<Mention>) {
    let domain = own.domain;
    schema(page, at, mentions);
    meta(page, at, mentions);
    logos(page, at, domain, mentions);
    titles(page, at, domain, mentions);
    lines(page, at, own, mentions);
}

/// What is known beforehand of how the company calls itself.
#[derive(Clone, Copy)]
pub(super) struct Own<'a> {
    pub domain: &'a str,
    /// Folded names that the pages declare as the site's own.
    pub brands: &'a [String],
}

impl Own<'_> {
    fn is(&self, name: &str) -> bool {
        resemblance(name, self.domain).is_some_and(|r| r >= 0.5)
            || self.brands.iter().any(|own| is_named(forms::without(name), own))
    }
}

/// Whether a name has a brand for its words: `Link Ltd`, but not `LinkedIn Ltd`,
/// is the company of `Link`.
fn is_named(name: &str, brand: &str) -> bool {
    if !brand.is_ascii() {
        return related(&key(name), brand) > 0.0;
    }
    let words: Vec<String> = name.split_whitespace().map(key).filter(|word| !word.is_empty()).take(10).collect();
    (0..words.len()).any(|start| {
        let mut rest = brand;
        for word in words.get(start..).unwrap_or_default() {
            let Some(shorter) = rest.strip_prefix(word.as_str()) else { return false };
            rest = shorter;
            if rest.is_empty() {
                return true;
            }
        }
        false
    })
}

/// The names that pages declare for their site, folded, each once.
pub(super) fn brands(pages: &[Page]) -> Vec<String> {
    const MOST: usize = 8;
    let mut brands: Vec<String> = Vec::new();
    for page in pages {
        let declared =
            page.meta("og:site_name").filter(|name| is_plausible(name)).map(|name| key(forms::without(name)));
        if let Some(brand) = declared
            && brands.len() < MOST
            && brand.chars().count() >= 4
            && !brands.contains(&brand)
        {
            brands.push(brand);
        }
    }
    brands
}

fn schema(page: &Page, at: usize, mentions: &mut Vec<Mention>) {
    for item in &page.items {
        organization(item, at, mentions);
        // Pages name their publisher; products, ratings and jobs name others too.
        for role in ["publisher", "copyrightHolder", "mainEntity", "about", "sourceOrganization"] {
            item.items(role).for_each(|inner| organization(inner, at, mentions));
        }
    }
}

fn organization(item: &Item, at: usize, mentions: &mut Vec<Mention>) {
    let site = item.is_a(&["WebSite"]);
    if !site && !item.is_organization() {
        return;
    }
    let all = [("legalName", Source::LegalName), ("name", Source::SchemaName), ("alternateName", Source::SchemaSite)];
    for (property, source) in all {
        let source = if site { Source::SchemaSite } else { source };
        // A type that says nothing more may be a customer in a testimonial.
        for text in item.properties.iter().filter(|(name, _)| name == property).filter_map(|(_, value)| match value {
            Value::Text(text) => Some(text),
            Value::Item(_) => None,
        }) {
            if is_plausible(text) {
                mentions.push(mention(text, at, source, text));
            }
        }
    }
}

fn meta(page: &Page, at: usize, mentions: &mut Vec<Mention>) {
    for name in ["og:site_name", "application-name", "apple-mobile-web-app-title"] {
        if let Some(content) = page.meta(name).filter(|content| is_plausible(content)) {
            let source = if name == "og:site_name" { Source::SiteName } else { Source::Title };
            mentions.push(mention(content, at, source, content));
        }
    }
    for name in ["author", "copyright", "dc.publisher", "publisher", "og:title", "description"] {
        if let Some(content) = page.meta(name) {
            for found in forms::find(prefix(content, 500)) {
                mentions.push(mention(found, at, Source::Text, content));
            }
        }
    }
}

fn logos(page: &Page, at: usize, domain: &str, mentions: &mut Vec<Mention>) {
    for image in &page.images {
        let is_home = image.link.as_ref().is_some_and(|link| matches!(link.path(), "/" | "") || link.path().len() <= 4);
        let says_logo = image.hints.contains("logo")
            || image.hints.contains("brand")
            || image.src.path().to_lowercase().contains("logo");
        let is_top = matches!(image.region, Region::Header | Region::Nav);
        if !(is_home && is_top || says_logo && (is_home || is_top)) || image.alt.is_empty() {
            continue;
        }
        if image.link.as_ref().and_then(|link| link.host_str()).is_some_and(|host| !host.ends_with(domain)) {
            continue;
        }
        let name = without_logo(&image.alt);
        if is_plausible(name) {
            mentions.push(mention(name, at, Source::LogoAlt, &image.alt));
        }
    }
}

/// `Nordwind Pumpen logo`, `Logo: Nordwind`, `Startseite Nordwind` without the
/// words that are none of the name.
fn without_logo(alt: &str) -> &str {
    const WORDS: [&str; 14] = [
        "logo",
        "logotipo",
        "logotype",
        "logótipo",
        "home",
        "homepage",
        "startseite",
        "accueil",
        "inicio",
        "zur",
        "zum",
        "of",
        "von",
        "de",
    ];
    let mut name = alt.trim();
    loop {
        let first = name.split([' ', ':', '-']).next().unwrap_or_default();
        let last = name.rsplit([' ', '-', '_']).next().unwrap_or_default();
        let is_word = |word: &str| !word.is_empty() && word.len() < name.len() && WORDS.contains(&fold(word).as_str());
        name = if is_word(first) && !matches!(first, "of" | "von" | "de" | "De" | "zum")
            || is_word(first) && name.len() < alt.trim().len()
        {
            name.get(first.len()..).unwrap_or_default()
        } else if matches!(fold(last).as_str(), "logo" | "homepage" | "startseite" | "logotipo")
            && last.len() < name.len()
        {
            name.get(..name.len() - last.len()).unwrap_or_default()
        } else {
            return name;
        }
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | '|' | '_' | ','));
    }
}

fn titles(page: &Page, at: usize, domain: &str, mentions: &mut Vec<Mention>) {
    for title in [page.title.as_str(), page.meta("og:title").unwrap_or_default()] {
        for found in forms::find(prefix(title, 300)) {
            mentions.push(mention(found, at, Source::Title, title));
        }
        let parts = title_parts(title);
        let is_single = parts.len() == 1;
        for part in parts {
            let alike = resemblance(part, domain);
            let is_name =
                alike.is_some_and(|r| r >= 0.6) || is_single && at == 0 && part.split_whitespace().count() <= 4;
            if is_name && is_plausible(part) && !forms::has(part) {
                mentions.push(mention(part, at, Source::Title, title));
            }
        }
    }
}

/// Adds the part that the titles of most pages have in common, which names the
/// site.
pub(super) fn every_title(pages: &[Page], mentions: &mut Vec<Mention>) {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for page in pages {
        let parts: HashSet<&str> = title_parts(&page.title).into_iter().collect();
        parts.into_iter().for_each(|part| *counts.entry(part).or_default() += 1);
    }
    let is_common = |count: usize| count >= 3 && count * 3 >= pages.len() * 2;
    let common = counts.iter().filter(|(part, count)| is_common(**count) && is_plausible(part));
    // The shorter of equally frequent ones stands within the longer.
    let name = common.max_by_key(|(part, count)| (**count, part.len())).map(|(part, _)| *part);
    if let Some((name, page)) = name.zip(pages.first()) {
        mentions.push(mention(name, 0, Source::EveryTitle, &page.title));
    }
}

/// The parts of a title between its separators.
fn title_parts(title: &str) -> Vec<&str> {
    let mut parts = vec![prefix(title, 300)];
    for separator in
        [" | ", "｜", " - ", " – ", " — ", " · ", " • ", " » ", " « ", ": ", "：", "_", " :: ", " / ", ", "]
    {
        // A comma may stand within the name, before its legal form.
        parts = parts
            .into_iter()
            .flat_map(
                |part| if separator == ", " && forms::has(part) { vec![part] } else { part.split(separator).collect() },
            )
            .collect();
    }
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).take(12).collect()
}

/// What a page is there for, as far as names go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Imprint,
    /// Privacy and terms name many other companies.
    Policy,
    Other,
}

fn kind(page: &Page) -> Kind {
    let heading = page.lines.iter().find(|line| line.heading == 1).map_or("", |line| prefix(&line.text, 100));
    let about = fold(&format!("{} {} {heading}", page.url.path(), prefix(&page.title, 200)));
    let says = |words: &[&str]| words.iter().any(|word| about.contains(word));
    const IMPRINT: &[&str] = &[
        "impressum",
        "imprint",
        "mentions-legales",
        "mentions legales",
        "mentions_legales",
        "aviso-legal",
        "aviso legal",
        "legal notice",
        "legal-notice",
        "note-legali",
        "note legali",
        "colophon",
        "colofon",
        "会社概要",
        "企業情報",
        "特定商取引",
        "公司简介",
        "联系我们",
        "реквизит",
        "kunye",
        "impresum",
        "tiedot",
        "company",
        "contact",
        "kontakt",
        "контакт",
        "iletisim",
        "dane-firmy",
        "회사",
        "اتصل",
        "/legal",
        "over-ons",
        "uber-uns",
        "ueber-uns",
        "about",
        "informacje",
    ];
    const POLICY: &[&str] = &[
        "privacy",
        "datenschutz",
        "cookie",
        "confidential",
        "privacid",
        "privacidad",
        "privacidade",
        "terms",
        "agb",
        "politique",
        "gdpr",
        "rgpd",
        "prywatnosci",
        "конфиденциал",
        "персональн",
        "個人情報",
        "プライバシー",
        "隐私",
        "개인정보",
        "integritet",
        "personvern",
        "voorwaarden",
        "conditions",
        "cgv",
    ];
    if says(POLICY) {
        return Kind::Policy;
    }
    match page_kind(page) {
        PageKind::Legal => Kind::Policy,
        PageKind::Imprint | PageKind::Contact | PageKind::About => Kind::Imprint,
        _ if says(IMPRINT) => Kind::Imprint,
        _ => Kind::Other,
    }
}

fn lines(page: &Page, at: usize, own: Own<'_>, mentions: &mut Vec<Mention>) {
    let domain = own.domain;
    let kind = kind(page);
    for (number, line) in page.lines.iter().enumerate() {
        if line.hidden || line.region == Region::Overlay {
            continue;
        }
        let copyright = after_copyright(&line.text);
        let names = forms::find(copyright.unwrap_or(&line.text));
        for name in &names {
            let is_own = own.is(name);
            if !is_own && is_of_others(page, number, name) || kind == Kind::Other && is_aside(&line.text, name) {
                continue;
            }
            let is_stated = kind != Kind::Other || line.region == Region::Footer || copyright.is_some();
            let said = labels::source(page, number, name).filter(|_| is_stated);
            let source = if let Some(said) = said {
                said
            } else if !is_own && kind == Kind::Policy {
                continue;
            } else {
                source(line, kind, copyright.is_some())
            };
            let name = copyright.and_then(|text| with_article(text, name)).unwrap_or(name);
            mentions.push(mention(name, at, source, &line.text));
        }
        if names.is_empty()
            && let Some(name) = labels::named(page, number, own).filter(|name| is_plausible(name))
        {
            mentions.push(mention(name, at, Source::Named, &line.text));
        } else if names.is_empty()
            && let Some(name) = copyright.and_then(copyright_name).filter(|name| is_plausible(name))
            && (resemblance(name, domain).is_none_or(|r| r > 0.0) || !is_of_others(page, number, name))
        {
            mentions.push(mention(name, at, Source::Copyright, &line.text));
        }
    }
}

/// Whether a name stands in brackets, as a branch abroad has its own beside it:
/// `Laredo (Miller Freight LLC)`.
fn is_aside(line: &str, name: &str) -> bool {
    let Some((before, after)) = line.split_once(name) else { return false };
    before.ends_with(['(', '（']) && after.trim_start_matches('.').starts_with([')', '）'])
}

fn source(line: &Line, kind: Kind, is_copyright: bool) -> Source {
    match (is_copyright, kind, line.region) {
        (true, ..) => Source::Copyright,
        (_, Kind::Imprint, _) => Source::Imprint,
        (_, _, Region::Footer) => Source::Footer,
        (_, Kind::Policy, _) => Source::Policy,
        _ => Source::Text,
    }
}

/// Words, folded, that mark what follows as another company's.
static OTHERS: LazyLock<Vec<String>> = LazyLock::new(|| words::list(include_str!("others.txt")));
static OTHERS_WORDS: LazyLock<AhoCorasick> = LazyLock::new(|| words::finder(&OTHERS));

/// Whether the line, the few before it or the blocks around it say that the
/// name is someone else's.
fn is_of_others(page: &Page, number: usize, name: &str) -> bool {
    let Some(line) = page.lines.get(number) else { return false };
    let own = fold(name);
    let says = |text: &str| {
        let text = fold(prefix(text, 300)).replace(&own, " ");
        OTHERS_WORDS.is_match(&text)
    };
    if says(&line.text) {
        return true;
    }
    let before = page.lines.get(number.saturating_sub(3)..number).unwrap_or_default();
    // A label or heading above speaks for what stands below it, a sentence does not.
    let labels = before.iter().filter(|above| above.heading > 0 || above.text.chars().count() <= 40);
    if labels.into_iter().any(|above| above.element != 0 && says(&above.text)) {
        return true;
    }
    page.ancestors(line.element).take(6).any(|(_, element)| {
        ["testimonial", "client", "customer", "partner", "referenc", "sponsor", "credit", "kunden", "agency", "quote"]
            .iter()
            .any(|word| element.class.contains(word) || element.id.contains(word))
            || matches!(element.name, "blockquote" | "cite" | "figcaption")
    })
}

/// Whether a text can be a company's name at all.
fn is_plausible(text: &str) -> bool {
    let text = text.trim();
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    letters >= 2
        && text.chars().count() <= 100
        && text.split_whitespace().count() <= 12
        && !text.contains("://")
        && !text.contains('@')
        && !text.contains("{{")
        && !text.ends_with(['!', '?'])
        && !is_page_kind(text)
        && text.chars().any(char::is_alphabetic)
        && key(text) != key(&format!("www{}", label(text)))
}
