//! The name of the company: legal name where the site gives it, else the name it uses.
//!
//! Names are gathered from everywhere a site writes its own name; those that
//! agree with one another and with the domain win. An imprint names others too
//! (the agency, the host, the register court), so a legal form alone is no proof.

use std::collections::{HashMap, HashSet};

use cmes_types::{LanguageCode, Method};

use crate::facts::{Finding, Site, snippet};
use crate::fold::{fold, key};
use crate::page::Page;

mod forms;
mod resemblance;
mod sources;

pub(crate) use resemblance::{label, resemblance};

/// Kinds of places where a name may stand, each counted once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Source {
    LegalName,
    SchemaName,
    SiteName,
    Copyright,
    Imprint,
    Footer,
    Text,
    /// Terms and privacy, where a company has to say who it is.
    Policy,
    /// Words beside it say that it is who runs the site.
    Operator,
    /// A label says that it is the company's name.
    Named,
    LogoAlt,
    Title,
    /// It stands in the titles of most pages.
    EveryTitle,
    SchemaSite,
    Domain,
}

impl Source {
    /// How much a name counts for standing there.
    fn weight(self) -> f32 {
        match self {
            Self::LegalName => 0.9,
            Self::Named => 0.8,
            Self::SchemaName => 0.7,
            Self::Imprint | Self::Operator => 0.65,
            Self::Copyright | Self::SiteName | Self::EveryTitle => 0.6,
            Self::SchemaSite => 0.5,
            Self::Footer => 0.45,
            Self::LogoAlt | Self::Title => 0.4,
            Self::Policy => 0.3,
            Self::Text => 0.25,
            Self::Domain => 0.1,
        }
    }

    fn method(self) -> Method {
        match self {
            Self::LegalName | Self::SchemaName | Self::SchemaSite => Method::SchemaOrg,
            Self::SiteName | Self::Title | Self::EveryTitle => Method::Meta,
            Self::LogoAlt => Method::Markup,
            Self::Copyright
            | Self::Imprint
            | Self::Footer
            | Self::Text
            | Self::Policy
            | Self::Operator
            | Self::Named => Method::Text,
            Self::Domain => Method::Inferred,
        }
    }
}

/// A name as it stands in one place.
struct Mention {
    name: String,
    page: usize,
    source: Source,
    snippet: String,
}

/// All mentions of one spelling.
struct Candidate {
    name: String,
    /// Folded, without legal form and punctuation.
    brand: String,
    has_form: bool,
    sources: HashSet<Source>,
    first: Mention,
}

/// Names, best first.
#[must_use]
pub fn find(site: &Site<'_>) -> Vec<Finding<String>> {
    let mut mentions = Vec::new();
    let own = sources::brands(site.pages);
    let own = sources::Own { domain: site.domain, brands: &own };
    for (at, page) in site.pages.iter().enumerate() {
        sources::read(page, at, own, &mut mentions);
    }
    sources::every_title(site.pages, &mut mentions);
    if let (Some(name), true) = (resemblance::spoken(site.domain), !site.pages.is_empty()) {
        let snippet = site.domain.to_owned();
        mentions.push(Mention { name, page: 0, source: Source::Domain, snippet });
    }
    let candidates = gather(mentions);
    let brands: Vec<(String, f32)> = candidates
        .iter()
        .filter(|candidate| !candidate.has_form && !candidate.sources.contains(&Source::Domain))
        .map(|candidate| (candidate.brand.clone(), own_weight(candidate)))
        .collect();
    let mut scored: Vec<(f32, &Candidate)> =
        candidates.iter().map(|candidate| (score(candidate, &candidates, &brands, site), candidate)).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let scored = legal_first(scored);
    scored.into_iter().filter(|(score, _)| *score > 0.0).take(8).map(|(score, c)| finding(score, c)).collect()
}

/// Puts the full legal name before the brand that it belongs to: a brand stands
/// on every page and in every title, the legal name perhaps once in the terms,
/// and is the name of the company all the same.
fn legal_first(mut scored: Vec<(f32, &Candidate)>) -> Vec<(f32, &Candidate)> {
    let Some(&(most, best)) = scored.first() else { return scored };
    if best.is_legal() {
        return scored;
    }
    let stands = |candidate: &Candidate, source| candidate.sources.contains(&source);
    let is_its_name = |(score, candidate): &&(f32, &Candidate)| {
        // Without a form, what a label calls the name is the site's own.
        let is_named = !candidate.has_form && stands(candidate, Source::Named);
        *score > 0.6 && candidate.is_legal() && (is_named || related(&candidate.brand, &best.brand) >= 0.8)
    };
    // A brand of another name belongs to whom the legal texts say runs the site.
    let is_operator = |(score, candidate): &&(f32, &Candidate)| {
        *score > 0.6 && candidate.has_form && (stands(candidate, Source::Operator) || stands(candidate, Source::Named))
    };
    let only_operator = || {
        let mut operators = scored.iter().enumerate().filter(|(_, entry)| is_operator(entry));
        operators.next().filter(|_| operators.next().is_none()).map(|(at, _)| at)
    };
    if let Some(at) = scored.iter().position(|entry| is_its_name(&entry)).or_else(only_operator) {
        let (_, legal) = scored.remove(at);
        scored.insert(0, (most, legal));
    }
    scored
}

impl Candidate {
    /// Whether it is a company's full name, stated as that.
    fn is_legal(&self) -> bool {
        let is_stated = self.sources.iter().any(|source| !matches!(source, Source::Text));
        self.sources.contains(&Source::LegalName) || self.sources.contains(&Source::Named) || self.has_form && is_stated
    }
}

fn finding(score: f32, candidate: &Candidate) -> Finding<String> {
    Finding {
        value: candidate.name.clone(),
        page: u16::try_from(candidate.first.page).ok(),
        method: candidate.first.source.method(),
        snippet: candidate.first.snippet.clone(),
        confidence: (score / 2.2).clamp(0.05, 0.99),
    }
}

/// Mentions of the same spelling together; capitals and punctuation at the end
/// do not make another name. Most different names of one site are looked at.
fn gather(mentions: Vec<Mention>) -> Vec<Candidate> {
    const MOST: usize = 200;
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut candidates: Vec<Candidate> = Vec::new();
    for mention in mentions {
        let brand = key(forms::without(&mention.name));
        if brand.chars().count() < 2 {
            continue;
        }
        let spelling = key(&mention.name);
        match places.get(&spelling) {
            Some(&place) => {
                if let Some(known) = candidates.get_mut(place) {
                    known.sources.insert(mention.source);
                    if mention.source.weight() > known.first.source.weight() {
                        let keep_case = is_shouted(&mention.name) && !is_shouted(&known.name);
                        if !keep_case {
                            known.name.clone_from(&mention.name);
                        }
                        known.first = mention;
                    } else if is_shouted(&known.name) && !is_shouted(&mention.name) {
                        known.name = mention.name;
                    }
                }
            }
            None if candidates.len() < MOST => {
                places.insert(spelling, candidates.len());
                candidates.push(Candidate {
                    name: mention.name.clone(),
                    brand,
                    has_form: forms::has(&mention.name),
                    sources: HashSet::from([mention.source]),
                    first: mention,
                });
            }
            None => {}
        }
    }
    candidates
}

/// Written in capitals throughout.
fn is_shouted(name: &str) -> bool {
    let brand = forms::without(name);
    brand.chars().filter(|c| c.is_uppercase()).count() > 4 && !brand.chars().any(char::is_lowercase)
}

/// The weight of the places where a name stands: the best counts whole, each
/// other kind a little.
fn own_weight(candidate: &Candidate) -> f32 {
    let best = candidate.sources.iter().map(|source| source.weight()).fold(0.0, f32::max);
    let others = u8::try_from(candidate.sources.len().saturating_sub(1)).unwrap_or(9);
    best + 0.12 * f32::from(others.min(5))
}

fn score(candidate: &Candidate, all: &[Candidate], brands: &[(String, f32)], site: &Site<'_>) -> f32 {
    let resembles = resemblance(&candidate.name, site.domain);
    let agreeing = brands
        .iter()
        .filter(|(brand, _)| *brand != candidate.brand || candidate.has_form)
        .map(|(brand, weight)| related(&candidate.brand, brand) * weight)
        .fold(0.0, f32::max);
    let mut score = own_weight(candidate) + 0.5 * resembles.unwrap_or(0.35) + 0.4 * agreeing.min(1.0);
    // A member's or customer's name may share a word with the domain.
    let is_passing = candidate.sources.iter().all(|source| matches!(source, Source::Text));
    let least = if is_passing { 0.75 } else { 0.5 };
    let is_own =
        resembles.is_some_and(|r| r >= least) || agreeing >= 0.25 || is_presented(candidate, resembles.is_none());
    if candidate.has_form {
        // The same company without its form is the shorter, not the better name.
        let legal = candidate.sources.iter().any(|source| !matches!(source, Source::Text));
        score += match (is_own, legal) {
            (true, true) => 0.8,
            (true, false) => 0.6,
            (false, _) if is_alone(candidate, all) => 0.1,
            (false, _) => -0.6,
        };
    } else if !is_own && resembles.is_some_and(|r| r < 0.2) {
        score -= 0.2;
    }
    if is_spelt_out(candidate, all) {
        score += 0.1;
    }
    if is_shouted(&candidate.name) {
        score -= 0.05;
    }
    if is_abbreviated(&candidate.name) {
        let is_full =
            |c: &&Candidate| c.has_form && !is_abbreviated(&c.name) && related(&c.brand, &candidate.brand) > 0.0;
        score -= if all.iter().any(|other| is_full(&other)) { 0.5 } else { 0.1 };
    }
    // The name for foreigners, beside the name itself.
    if candidate.brand.is_ascii()
        && site.language.is_some_and(has_own_script)
        && all.iter().any(|c| !c.brand.is_ascii())
    {
        score -= 0.6;
    }
    // A longer legal name says more than its abbreviation, a slogan less.
    let words = candidate.name.split_whitespace().count();
    if words > 8 { score - 0.3 } else { score }
}

/// Whether the site itself presents the name as its own, by where it stands.
fn is_presented(candidate: &Candidate, is_of_other_script: bool) -> bool {
    let stands = |source: Source| candidate.sources.contains(&source);
    [
        Source::LegalName,
        Source::Named,
        Source::SchemaName,
        Source::SiteName,
        Source::LogoAlt,
        Source::Operator,
        Source::EveryTitle,
    ]
    .into_iter()
    .any(stands)
        || is_of_other_script && stands(Source::Title)
        || candidate.sources.len() >= 4
}

/// Whether the name has its legal form in words where another place has it in
/// letters (`Private Limited` and `Pvt. Ltd.`).
fn is_spelt_out(candidate: &Candidate, all: &[Candidate]) -> bool {
    const SPELT: &[&str] =
        &["limited", "private limited", "incorporated", "corporation", "общество с ограниченнои ответственностью"];
    let form = |c: &Candidate| fold(&c.name).replace(&fold(forms::without(&c.name)), "");
    candidate.has_form
        && SPELT.iter().any(|spelt| form(candidate).contains(spelt))
        && all.iter().any(|c| c.has_form && c.brand == candidate.brand && form(c).len() < form(candidate).len())
}

/// Whether words of the name are cut short (`San. ve Tic.`).
fn is_abbreviated(name: &str) -> bool {
    let short =
        |word: &str| word.ends_with('.') && (3..=5).contains(&word.len()) && word.chars().any(char::is_lowercase);
    forms::without(name).split_whitespace().any(short)
}

/// Whether a language is written in other letters than Latin ones.
fn has_own_script(language: LanguageCode) -> bool {
    matches!(
        language.as_str(),
        "ja" | "zh"
            | "ko"
            | "ru"
            | "uk"
            | "be"
            | "bg"
            | "mk"
            | "sr"
            | "el"
            | "ar"
            | "fa"
            | "he"
            | "th"
            | "hi"
            | "ka"
            | "hy"
            | "kk"
    )
}

/// Whether no other name with a legal form resembles the site more: an operator
/// whose brand has another name than the company itself.
fn is_alone(candidate: &Candidate, all: &[Candidate]) -> bool {
    let is_stated = |c: &Candidate| {
        c.sources.contains(&Source::Imprint)
            || c.sources.contains(&Source::Copyright)
            || c.sources.contains(&Source::LegalName)
            || c.sources.contains(&Source::Named)
    };
    is_stated(candidate) && all.iter().filter(|other| other.has_form && is_stated(other)).count() == 1
}

/// 0 to 1: how far two folded brands are one: equal, one within the other.
fn related(one: &str, other: &str) -> f32 {
    if one == other {
        return 1.0;
    }
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let letters = short.chars().count();
    let least = if short.is_ascii() { 4 } else { 2 };
    if letters < least {
        return 0.0;
    }
    if long.starts_with(short) {
        return 0.9;
    }
    if long.contains(short) {
        return 0.8;
    }
    // The first letters in common: `واحةالنخيلللتموين`, `واحةالنخيللخدماتالتموين`.
    let common = short.chars().zip(long.chars()).take_while(|(a, b)| a == b).count();
    if common >= 8 && common * 2 >= letters { 0.7 } else { 0.0 }
}

/// The names with a legal form in a line, in order.
pub(crate) fn with_legal_form(line: &str) -> Vec<&str> {
    forms::find(line)
}

/// The name without its legal form.
pub(crate) fn without_form(name: &str) -> &str {
    forms::without(name)
}

/// Whether a name says in which legal form its bearer is.
#[must_use]
pub fn has_legal_form(name: &str) -> bool {
    forms::has(name)
}

/// How much a name resembles a registrable domain, 0 to 1; `None` where nothing follows.
#[must_use]
pub fn resembles(name: &str, domain: &str) -> Option<f32> {
    resemblance(name, domain)
}

/// Whether two names may be one company's.
pub(crate) fn are_related(one: &str, other: &str) -> bool {
    related(&key(forms::without(one)), &key(forms::without(other))) > 0.0
}

/// The brand as the site writes it in short form: folded, to recognise
/// sentences and images that name the company.
pub(crate) fn brand_words(pages: &[Page], domain: &str) -> Vec<String> {
    let mut words = vec![key(label(domain))];
    for page in pages.iter().take(3) {
        words.extend(page.meta("og:site_name").map(key));
    }
    words.retain(|word| word.chars().count() >= 3);
    words.sort_unstable();
    words.dedup();
    words
}

/// Whether a text is the name of a page and no name of a company, folded.
fn is_page_kind(text: &str) -> bool {
    const KINDS: &[&str] = &[
        "home",
        "homepage",
        "home page",
        "start",
        "startseite",
        "accueil",
        "inicio",
        "pagina principal",
        "principal",
        "welcome",
        "willkommen",
        "bienvenue",
        "bienvenidos",
        "benvenuti",
        "hem",
        "forside",
        "hjem",
        "etusivu",
        "strona glowna",
        "glavna",
        "главная",
        "главная страница",
        "главная страница сайта",
        "domu",
        "uvod",
        "kezdolap",
        "anasayfa",
        "ana sayfa",
        "トップ",
        "トップページ",
        "ホーム",
        "首页",
        "首頁",
        "홈",
        "الرئيسية",
        "index",
        "untitled",
        "untitled document",
        "logo",
        "menu",
        "contact",
        "contact us",
        "kontakt",
        "contacto",
        "contatti",
        "contato",
        "about",
        "about us",
        "uber uns",
        "a propos",
        "impressum",
        "imprint",
        "blog",
        "news",
        "shop",
        "products",
        "produkte",
        "services",
        "leistungen",
        "team",
        "careers",
        "karriere",
        "datenschutz",
        "privacy",
        "privacy policy",
        "terms",
        "mentions legales",
        "aviso legal",
        "all rights reserved",
        "alle rechte vorbehalten",
        "logo image",
        "header logo",
        "site logo",
        "company logo",
        "image",
        "banner",
        "wordpress",
        "my site",
        "mysite",
        "website",
        "site",
        "página inicial",
        "pagina inicial",
        "strona główna",
        "会社概要",
        "お問い合わせ",
        "главное",
    ];
    let folded = fold(text);
    KINDS.contains(&folded.trim())
}

#[cfg(test)]
mod tests;

/// A mention with the words around it.
fn mention(name: &str, page: usize, source: Source, around: &str) -> Mention {
    Mention { name: name.trim().to_owned(), page, source, snippet: snippet(around, name) }
}
