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
use crate::trades::{self, ASSOCIATION, Occupation, Role, Trade};

/// The phrases of one language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Phrases {
    is: String,
    and: String,
    field: String,
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
    if data.business.is_empty() && !told.brief.is_empty() {
        let why = format!("the site has no sentences in {}, and no phrases say what it does", told.language);
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
    if data.company_name.is_empty() {
        return None;
    }
    let writer = Writer { phrases, column, language: told.language };
    let mut sentences = vec![phrases.is.replace("{x}", &data.company_name).replace("{y}", &writer.is(occupation)?)];
    if is_all {
        sentences.extend(writer.fields(occupation));
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

struct Writer<'a> {
    phrases: &'a Phrases,
    column: usize,
    language: LanguageCode,
}

impl Writer<'_> {
    /// What a company of this occupation is.
    fn is(&self, occupation: &Occupation) -> Option<String> {
        let own: Vec<&Trade> = occupation.trades.iter().copied().filter(|trade| !trade.is_field()).collect();
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
            occupation.role.or_else(|| Role::of("supplier"))
        };
        Some(self.in_role(role?, &goods))
    }

    fn in_role(&self, role: &Role, goods: &[&Trade]) -> String {
        let names: Vec<&str> = goods.iter().map(|trade| trade.name(self.column)).collect();
        let names = self.listed(&names);
        let phrase = role.phrase(self.column).replace("{x}", &names);
        if self.language.as_str() == "fr" { elided(&phrase, &names) } else { phrase }
    }

    fn fields(&self, occupation: &Occupation) -> Option<String> {
        let is_named = occupation.trades.first()?.own(self.column).is_some();
        let fields =
            occupation.trades.iter().skip(1).filter(|trade| trade.is_field() || trade.own(self.column).is_none());
        let names: Vec<&str> = fields.map(|trade| trade.name(self.column)).collect();
        if !is_named || names.is_empty() {
            return None;
        }
        let names = self.listed(&names);
        let phrase = self.phrases.field.replace("{x}", &names);
        Some(if self.language.as_str() == "fr" { elided(&phrase, &names) } else { phrase })
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
mod tests {
    use url::Url;

    use super::*;
    use crate::page::{RawPage, read};

    const GERMAN: &str = "<html lang=de><title>Kreiselpumpen für Schiffbau | Nordwind</title>\
        <link rel=alternate hreflang=en href=/en/><main><h1>Pumpen aus Hamburg</h1>\
        <p>Wir entwickeln und fertigen Kreiselpumpen für Werften und die Wasserwirtschaft in ganz Europa.\
        <p>Gegründet 1962, beschäftigt das Unternehmen heute 85 Mitarbeiter.</main>";
    const ENGLISH: &str = "<html lang=en><main><h1>Pumps</h1><p>We develop and manufacture centrifugal pumps for \
        shipyards and for water works all over Europe.</main>";

    fn page(path: &str, html: &str) -> Page {
        let url = Url::parse(&format!("https://www.nordwind.example{path}")).expect("a URL");
        read(&RawPage { url: &url, headers: &[], html })
    }

    /// What becomes of a profile whose `Business` is the site's own.
    fn described(html: &str, translation: Option<&str>, language: &str) -> (String, Vec<Evidence>) {
        let pages = [page("/", html)];
        let translations: Vec<Page> = translation.map(|html| page("/en/", html)).into_iter().collect();
        let address = cmes_types::Address { city: "Hamburg".into(), country: "Germany".into(), ..Default::default() };
        let mut data = CompanyData {
            company_name: "Nordwind GmbH".into(),
            business: "Another text.".into(),
            address,
            ..CompanyData::default()
        };
        let brief = Brief::read(&pages, &data);
        let language = language.parse().expect("a language");
        let told = Told { pages: &pages, translations: &translations, brief: &brief, language };
        let mut evidence = vec![Evidence { field: "Business".into(), ..Evidence::default() }];
        describe(&mut data, &mut evidence, &told);
        (data.business, evidence)
    }

    #[test]
    fn a_site_speaks_for_itself_in_its_language() {
        let (text, evidence) = described(GERMAN, None, "de");
        assert!(text.starts_with("Wir entwickeln und fertigen Kreiselpumpen"), "{text}");
        assert_eq!((evidence.len(), evidence[0].method), (1, Method::Text));
        let (text, evidence) = described(GERMAN, Some(ENGLISH), "en");
        assert_eq!(
            text,
            "We develop and manufacture centrifugal pumps for shipyards and for water works all over Europe."
        );
        assert_eq!(evidence[0].url, "https://www.nordwind.example/en/");
    }

    #[test]
    fn in_another_language_phrases_say_what_the_facts_say() {
        for (language, expected) in [
            (
                "en",
                "Nordwind GmbH is a manufacturer of pumps. Customers and markets: shipbuilding, water utilities. \
                 Location: Hamburg, Germany. Founded in 1962. Medium-sized enterprise, about 85 employees.",
            ),
            ("fr", "Nordwind GmbH est un fabricant de pompes. Clients et marchés :"),
            ("es", "Nordwind GmbH es un fabricante de bombas. Clientes y mercados:"),
            ("it", "Nordwind GmbH è un produttore di pompe. Clienti e mercati:"),
            ("pt", "Nordwind GmbH é um fabricante de bombas. Clientes e mercados:"),
            ("nl", "Nordwind GmbH is een fabrikant van pompen. Klanten en markten:"),
            ("pl", "Nordwind GmbH to producent pomp. Klienci i rynki:"),
            ("ru", "Nordwind GmbH — производитель насосов. Клиенты и рынки:"),
        ] {
            let (text, evidence) = described(GERMAN, None, language);
            assert!(text.starts_with(expected), "{language}: {text}");
            assert_eq!((evidence.len(), evidence[0].method), (1, Method::Inferred));
            assert!(evidence[0].snippet.contains("fixed phrases") && !evidence[0].url.is_empty(), "{evidence:?}");
        }
    }

    #[test]
    fn nothing_is_given_where_nothing_is_known() {
        let strange = "<html lang=de><p>Wir machen seit vielen Jahren alles anders als alle anderen in der Stadt.";
        for (html, language) in [(GERMAN, "sv"), (strange, "en")] {
            let (text, evidence) = described(html, None, language);
            assert_eq!(text, "");
            assert_eq!((evidence.len(), evidence[0].value.as_str()), (1, "not given"));
        }
        // A page that calls itself English and is not.
        let (text, _) = described(GERMAN, Some(&GERMAN.replace("lang=de", "lang=en")), "en");
        assert!(text.starts_with("Nordwind GmbH is a manufacturer"), "{text}");
    }

    #[test]
    fn sentences_that_leave_it_open_follow_a_phrase() {
        let (text, evidence) = described(
            "<html lang=fr><title>Centre médical à Toulouse</title><main><h1>Centre médical</h1>\
             <p>Sept praticiens, un plateau technique, un seul secrétariat pour vous.</main>",
            None,
            "fr",
        );
        assert_eq!(
            text,
            "Nordwind GmbH est un centre médical. Sept praticiens, un plateau technique, un seul secrétariat pour vous."
        );
        assert_eq!(evidence.len(), 2);
    }

    #[test]
    fn every_language_of_the_catalogue_has_its_phrases() {
        assert_eq!(TABLE.len(), trades::LANGUAGES.len());
        for language in trades::LANGUAGES {
            let phrases = &TABLE[language];
            assert!(phrases.is.contains("{x}") && phrases.is.contains("{y}") && phrases.founded.contains("{n}"));
            for text in [&phrases.field, &phrases.markets, &phrases.place] {
                assert!(text.contains("{x}"), "{text}");
            }
        }
        assert_eq!(elided("un fabricant de emballages", "emballages"), "un fabricant d'emballages");
    }
}
