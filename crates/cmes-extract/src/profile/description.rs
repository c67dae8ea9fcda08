//! `Business` in the language of the answer.
//!
//! The site's own sentences where it speaks that language, on the pages that a
//! profile is made from or on the one that it names as their translation. Else
//! fixed phrases of a catalogue, filled with facts of the profile; where there
//! are none for the language or nothing is known of the trade, nothing. No
//! sentence is translated.

use std::collections::HashMap;
use std::sync::LazyLock;

use cmes_types::{CompanyData, Evidence, LanguageCode, Method};
use serde::Deserialize;

use super::{domain_of, phrases, phrases::is_norwegian, rounded};
use crate::brief::Brief;
use crate::facts::{Finding, Site, business, founded, language};
use crate::page::{Page, prefix};
use crate::trades::{self, ASSOCIATION, Account, Occupation, Role, Trade};

/// The phrases of one language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Phrases {
    is: String,
    and: String,
    field: String,
    kinds: String,
    markets: String,
    place: String,
    founded: String,
}

static TABLE: LazyLock<HashMap<String, Phrases>> = LazyLock::new(|| {
    toml::from_str(include_str!("description.toml")).expect("the file is fixed and read by the tests")
});

/// What a description is made from beside the profile.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// The pages of the profile, home first.
    pub pages: &'a [Page],
    /// Pages of the site in the language of the answer that were read for their sentences alone.
    pub translations: &'a [Page],
    /// What the pages tell.
    pub brief: &'a Brief,
    /// Language of the answer.
    pub language: LanguageCode,
}

/// Puts `Business` into the language of the answer, and says in the evidence
/// where it comes from or why it is not given.
pub fn describe(data: &mut CompanyData, evidence: &mut Vec<Evidence>, told: &Told<'_>) {
    let said = spoken(told.pages, told).or_else(|| spoken(told.translations, told));
    let is_said = said.as_ref().is_some_and(|(page, found)| {
        let site =
            Site { pages: std::slice::from_ref(*page), domain: "", language: Some(told.language), country: None };
        told.brief.occupation.trades.is_empty() || told.brief.occupation.is_named_in(&found.value, &site)
    });
    // Sentences that do not say what the company does are told after a phrase that does.
    let made = if is_said { None } else { made(data, told, said.is_none()) };
    evidence.retain(|one| one.field != "Business");
    let mut note = |value: &str, url: &str, method, snippet: &str, confidence| {
        evidence.push(Evidence {
            field: "Business".to_owned(),
            value: value.to_owned(),
            url: url.to_owned(),
            snippet: prefix(snippet, 200).to_owned(),
            method,
            confidence: rounded(confidence),
        });
    };
    data.business.clear();
    if let Some((text, url, words)) = &made {
        data.business.clone_from(text);
        let why = format!("fixed phrases filled with facts of the profile; the trade by the words: {words}");
        note(text, url, Method::Inferred, &why, 0.5);
    }
    if let Some((page, found)) = said {
        if !data.business.is_empty() {
            data.business.push(' ');
        }
        data.business.push_str(&found.value);
        note(&found.value, page.url.as_str(), found.method, &found.snippet, found.confidence);
    }
    if data.business.is_empty() {
        let reason = if told.brief.is_empty() {
            "nothing else on it says what it does"
        } else if told.brief.occupation.account.is_in_doubt {
            "what trades it names, it does not plainly name as its own"
        } else {
            "no phrases say what it does"
        };
        let why = format!("the site has no sentences in {}, and {reason}", told.language);
        note("not given", "", Method::Inferred, &why, 0.0);
    }
}

/// The best sentences of pages in the language of the answer, with the page of the best.
fn spoken<'a>(pages: &'a [Page], told: &Told<'_>) -> Option<(&'a Page, Finding<String>)> {
    let domain = domain_of(&pages.first()?.url);
    let site = Site { pages, domain: &domain, language: Some(told.language), country: None };
    let found = business::find_about(&site, &told.brief.occupation)?;
    let is_other = language::is_other(&found.value, told.language, told.brief.language);
    let page = found.page.and_then(|page| pages.get(usize::from(page)))?;
    // Pages that do not say their language are in the site's.
    let is_same = |own: LanguageCode| own == told.language || is_norwegian(own) && is_norwegian(told.language);
    let is_declared = page.lang.parse().is_ok_and(is_same) || told.brief.language.is_some_and(is_same);
    (!is_other && (is_declared || language::detect_if_plain(&found.value) == Some(told.language)))
        .then_some((page, found))
}

/// A description of facts, with the page and the words that name the trade.
/// Beside the site's own sentences it is the first phrase alone.
fn made(data: &CompanyData, told: &Told<'_>, is_all: bool) -> Option<(String, String, String)> {
    let column = trades::column(told.language)?;
    let phrases = TABLE.get(told.language.as_str())?;
    let occupation = &told.brief.occupation;
    let account = &occupation.account;
    if data.company_name.is_empty() {
        return None;
    }
    let writer = Writer { phrases, column, language: told.language };
    let mut sentences = vec![phrases.is.replace("{x}", &data.company_name).replace("{y}", &writer.is(account)?)];
    if is_all {
        sentences.extend(writer.fields(account));
        sentences.extend(writer.kinds(account));
        sentences.extend(writer.markets(occupation));
        sentences.extend(writer.place(data));
        let domain = told.pages.first().map(|page| domain_of(&page.url)).unwrap_or_default();
        let site = Site { pages: told.pages, domain: &domain, language: told.brief.language, country: None };
        sentences.extend(
            founded::find(&site)
                .filter(|found| found.confidence >= 0.5)
                .map(|found| phrases.founded.replace("{n}", &found.value.to_string())),
        );
        if told.brief.employees.is_some() {
            sentences.push(phrases::company_size(told.language, told.brief.employees, 0, 1));
        }
    }
    let (page, words) = occupation.seen.clone().unwrap_or_default();
    let url = told.pages.get(usize::from(page)).map(|page| page.url.to_string()).unwrap_or_default();
    Some((sentences.join(" "), url, words))
}

/// The role of those who make something.
const MAKER: &str = "maker";

struct Writer<'a> {
    phrases: &'a Phrases,
    column: usize,
    language: LanguageCode,
}

impl Writer<'_> {
    /// What a company of this occupation is.
    fn is(&self, account: &Account) -> Option<String> {
        let own: Vec<&Trade> = account.trades.iter().copied().filter(|trade| !trade.is_field()).collect();
        let first = own.first()?;
        let is_association = own.iter().any(|trade| trade.id == ASSOCIATION);
        let goods: Vec<&Trade> = own.iter().copied().filter(|trade| trade.id != ASSOCIATION).collect();
        if is_association && !goods.is_empty() {
            return Some(self.in_role(Role::of(ASSOCIATION)?, &goods));
        }
        if first.own(self.column).is_some() {
            let names: Vec<&str> = own.iter().filter_map(|trade| trade.own(self.column)).take(2).collect();
            return Some(self.listed(&names));
        }
        // What has a name of its own is no goods.
        let goods: Vec<&Trade> = own.iter().copied().filter(|trade| trade.own(self.column).is_none()).collect();
        let goods: Vec<&Trade> =
            goods.iter().copied().filter(|trade| trade.is_service() == first.is_service()).collect();
        let role = if first.is_service() {
            Role::of("provider")
        } else if first.is_software() {
            Role::of("developer")
        } else {
            let role = account.role.filter(|role| !(first.is_grown() && role.id == MAKER));
            role.or_else(|| Role::of(if account.role.is_some() { "grower" } else { "supplier" }))
        };
        Some(self.in_role(role?, &goods))
    }

    fn in_role(&self, role: &Role, goods: &[&Trade]) -> String {
        let names: Vec<&str> = goods.iter().map(|trade| trade.name(self.column)).collect();
        let names = self.listed(&names);
        let phrase = role.phrase(self.column).replace("{x}", &names);
        if self.language.as_str() == "fr" { elided(&phrase, &names) } else { phrase }
    }

    fn fields(&self, account: &Account) -> Option<String> {
        let first = account.trades.first()?;
        let is_named = first.own(self.column).is_some();
        let is_association = account.trades.iter().any(|trade| trade.id == ASSOCIATION);
        // What the first is a kind of is said with it.
        let is_more = |trade: &&&Trade| !trade.kinds().any(|kind| kind == first.id);
        let is_field = |trade: &&&Trade| trade.is_field() || !is_association && trade.own(self.column).is_none();
        let fields = account.trades.iter().skip(1).filter(is_field).filter(is_more);
        let names: Vec<&str> = fields.map(|trade| trade.name(self.column)).collect();
        if !is_named || names.is_empty() {
            return None;
        }
        let names = self.listed(&names);
        let phrase = self.phrases.field.replace("{x}", &names);
        Some(if self.language.as_str() == "fr" { elided(&phrase, &names) } else { phrase })
    }

    /// More exact trades that belong to those of the first sentence.
    fn kinds(&self, account: &Account) -> Option<String> {
        let names: Vec<&str> = account.kinds.iter().map(|trade| trade.name(self.column)).collect();
        (!names.is_empty()).then(|| self.phrases.kinds.replace("{x}", &names.join(", ")))
    }

    fn markets(&self, occupation: &Occupation) -> Option<String> {
        let names: Vec<&str> = occupation.markets.iter().filter_map(|trade| trade.market(self.column)).collect();
        (!names.is_empty()).then(|| self.phrases.markets.replace("{x}", &names.join(", ")))
    }

    /// Town and country, the town where readers of the language can read it.
    fn place(&self, data: &CompanyData) -> Option<String> {
        let address = &data.address;
        let is_cyrillic = self.language.as_str() == "ru";
        let is_legible = |town: &&str| {
            let mut letters = town.chars().filter(|c| c.is_alphabetic());
            letters.all(|c| {
                matches!(c, '\u{0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
                    || (is_cyrillic && matches!(c, '\u{400}'..='\u{4ff}'))
            })
        };
        let parts = [Some(address.city.as_str()).filter(is_legible), Some(address.country.as_str())];
        let parts: Vec<&str> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
        (!parts.is_empty()).then(|| self.phrases.place.replace("{x}", &parts.join(", ")))
    }

    /// "a", "a as well as b": a name may hold an "and" itself.
    fn listed(&self, names: &[&str]) -> String {
        let Some((last, before)) = names.split_last().filter(|(_, before)| !before.is_empty()) else {
            return names.concat();
        };
        let and = &self.phrases.and;
        format!("{} {and} {last}", before.join(", "))
    }
}

/// French: `d'` before a vowel.
fn elided(phrase: &str, names: &str) -> String {
    let is_vowel = names.chars().next().is_some_and(|c| "aeiouyéèêàâîôœ".contains(c));
    if is_vowel { phrase.replace(&format!("de {names}"), &format!("d'{names}")) } else { phrase.to_owned() }
}

#[cfg(test)]
mod tests;
