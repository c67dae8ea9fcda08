//! The country in which the company is at home.
//!
//! Every hint votes with a weight: an address says most, then tax numbers, the
//! domain, telephone numbers; the language of the page says least. The answer
//! carries the strongest hint as its evidence.

use std::cell::LazyCell;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use cmes_types::Method;
use regex::Regex;

use crate::facts::address::{self, PageKind, Place, page_kind};
use crate::facts::{Finding, Site, snippet};
use crate::page::{Page, Region};
use crate::places::{Country, fold};

/// Pages that are looked at; the rest repeats them.
const PAGES: usize = 20;
/// Less than this is a guess not worth making.
const LEAST: f32 = 0.4;

/// What speaks for a country.
struct Vote {
    country: Country,
    weight: f32,
    page: Option<u16>,
    method: Method,
    snippet: String,
}

/// The country, from addresses, international phone numbers, the domain and
/// the language. `site.country` is not yet known here.
#[must_use]
pub fn find(site: &Site<'_>) -> Option<Finding<Country>> {
    find_beside(site, address::find(&Site { country: None, ..*site }))
}

/// The same, when the site's addresses are known already.
pub(crate) fn find_beside(site: &Site<'_>, places: Vec<Finding<Place>>) -> Option<Finding<Country>> {
    let is_doubtful = |place: &Finding<Place>| place.value.guessed || place.value.country.is_none();
    let (guessed, places): (Vec<_>, Vec<_>) = places.into_iter().take(12).partition(is_doubtful);
    let mut votes = Vec::new();
    by_address(places, &mut votes);
    by_domain(site, &mut votes);
    for (index, page) in site.pages.iter().take(PAGES).enumerate() {
        let index = u16::try_from(index).ok();
        by_phone_links(page, index, &mut votes);
        by_lines(page, index, &mut votes);
        by_markup(page, index, &mut votes);
    }
    if guessed.is_empty() {
        by_language(site, &mut votes);
        return decide(&votes);
    }
    // What codes and words make likely, the language among them, is asked only
    // where nothing says more.
    decide(&votes).or_else(|| {
        by_address(guessed, &mut votes);
        decide(&votes)
    })
}

/// Adds up the votes. A hint that repeats on every page counts once.
fn decide(votes: &[Vote]) -> Option<Finding<Country>> {
    let mut sums: BTreeMap<Country, f32> = BTreeMap::new();
    let mut seen: Vec<(Country, Method, String)> = Vec::new();
    for vote in votes {
        let key = (vote.country, vote.method, vote.snippet.clone());
        if seen.len() < 200 && !seen.contains(&key) {
            seen.push(key);
            // The tenth telephone number adds little to the third.
            let sum = sums.entry(vote.country).or_default();
            *sum = (*sum + vote.weight).min((*sum).max(4.0));
        }
    }
    let mut order: Vec<(Country, f32)> = sums.into_iter().collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    let (best, sum) = order.first().copied()?;
    let rival = order.get(1).map_or(0.0, |(_, sum)| *sum);
    let strongest = votes.iter().filter(|vote| vote.country == best).max_by(|a, b| a.weight.total_cmp(&b.weight))?;
    let confidence = (0.3 + sum * 0.25 - rival / sum.max(0.1) * 0.25).clamp(0.0, 0.97);
    (confidence >= LEAST).then_some(Finding {
        value: best,
        page: strongest.page,
        method: strongest.method,
        snippet: strongest.snippet.clone(),
        confidence,
    })
}

fn by_address(places: Vec<Finding<Place>>, votes: &mut Vec<Vote>) {
    for (rank, finding) in places.into_iter().enumerate() {
        let Some(country) = finding.value.country else { continue };
        // The first is the head office; branches abroad say little.
        let weight = if rank == 0 { 2.5 } else { 0.3 } * finding.confidence;
        votes.push(Vote { country, weight, page: finding.page, method: finding.method, snippet: finding.snippet });
    }
}

fn by_domain(site: &Site<'_>, votes: &mut Vec<Vote>) {
    let tld = site.domain.rsplit('.').next().unwrap_or_default();
    if let Some(country) = Country::from_tld(tld) {
        let snippet = site.domain.to_owned();
        votes.push(Vote { country, weight: 1.3, page: None, method: Method::Inferred, snippet });
    }
}

fn country_of_number(number: &str) -> Option<Country> {
    let plus = number.strip_prefix("00").map(|rest| format!("+{rest}"));
    let number = plus.as_deref().unwrap_or(number);
    if !number.starts_with('+') || number.len() > 40 {
        return None;
    }
    Country::from_code(super::phones::number::region_of(number)?.as_ref())
}

fn by_phone_links(page: &Page, index: Option<u16>, votes: &mut Vec<Vote>) {
    let numbers = page.links.iter().filter_map(|link| link.href.strip_prefix("tel:")).take(6);
    for (rank, number) in numbers.enumerate() {
        let decoded = percent_encoding::percent_decode_str(number).decode_utf8_lossy();
        if let Some(country) = country_of_number(decoded.trim()) {
            let weight = if rank == 0 { 0.9 } else { 0.3 };
            votes.push(Vote { country, weight, page: index, method: Method::Link, snippet: decoded.trim().to_owned() });
        }
    }
}

/// Tax and register numbers by their form, with the words around them left free.
const NUMBERS: &[(&str, &str)] = &[
    ("DE", r"\bDE ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}\b|\bHR[AB] ?[0-9]{2,6}\b"),
    ("AT", r"\bATU ?[0-9]{8}\b|\bFN ?[0-9]{4,6} ?[a-z]\b"),
    ("CH", r"\bCHE-?[0-9]{3}\.?[0-9]{3}\.?[0-9]{3}\b"),
    ("FR", r"\bFR ?[0-9A-Z]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}\b|\bSIRE[NT]\b"),
    ("BE", r"\bBE ?[01][0-9]{3}[. ]?[0-9]{3}[. ]?[0-9]{3}\b"),
    ("NL", r"\bNL ?[0-9]{9} ?B ?[0-9]{2}\b|\b(?i:kvk)\b"),
    ("LU", r"\bLU ?[0-9]{8}\b"),
    (
        "GB",
        r"\bGB ?[0-9]{3} ?[0-9]{4} ?[0-9]{2}\b|(?i)registered in (?:england|scotland|wales|northern ireland)|companies house",
    ),
    ("IE", r"\bIE ?[0-9][0-9A-Z][0-9]{5}[A-Z]{1,2}\b|(?i)registered in ireland"),
    ("ES", r"\bES ?[A-Z] ?-?[0-9]{8}\b|\bES ?[A-Z][0-9]{7}[0-9A-Z]\b|\b[CN]\.?I\.?F\.?:? ?[A-HJUV]-?[0-9]{8}\b"),
    ("PT", r"\bPT ?[0-9]{9}\b|\bNIPC\b"),
    ("IT", r"\bIT ?[0-9]{11}\b|(?i)\bp\.? ?iva\b|\bpartita iva\b"),
    ("PL", r"\bPL ?[0-9]{10}\b|\bREGON\b|\bKRS\b"),
    ("CZ", r"\bCZ ?[0-9]{8,10}\b"),
    ("SK", r"\bSK ?[0-9]{10}\b"),
    ("HU", r"\bHU ?[0-9]{8}\b|(?i)cégjegyzékszám|adószám"),
    ("RO", r"\bRO ?[0-9]{6,10}\b|\bCUI\b"),
    ("BG", r"\bBG ?[0-9]{9,10}\b|\bЕИК\b"),
    ("GR", r"\bEL ?[0-9]{9}\b|\bΑΦΜ\b|Α\.Φ\.Μ\."),
    ("SE", r"\bSE ?[0-9]{12}\b|(?i)F-skatt"),
    ("NO", r"\bNO ?[0-9]{3} ?[0-9]{3} ?[0-9]{3} ?MVA\b|(?i)foretaksregisteret"),
    ("DK", r"\bDK ?[0-9]{8}\b|\bCVR\b"),
    ("FI", r"\bFI ?[0-9]{8}\b|(?i)y-tunnus"),
    ("EE", r"\bEE ?[0-9]{9}\b|(?i)registrikood"),
    ("LV", r"\bLV ?[0-9]{11}\b"),
    ("LT", r"\bLT ?[0-9]{9}(?:[0-9]{3})?\b|(?i)įmonės kodas"),
    ("SI", r"\bSI ?[0-9]{8}\b"),
    ("HR", r"\bHR ?[0-9]{11}\b|\bOIB\b"),
    ("RU", r"\bОГРН|\bИНН ?:? ?[0-9]{10}"),
    ("UA", r"ЄДРПОУ"),
    ("TR", r"(?i)mersis|vergi no|vergi dairesi"),
    ("BR", r"\bCNPJ\b"),
    ("AR", r"\bCUIT\b"),
    ("MX", r"\bRFC ?:? ?[A-ZÑ&]{3,4}[0-9]{6}|\bS\.? ?A\.?(?: ?P\. ?I\.)? de C\.? ?V\b|\bS\. ?de R\. ?L\. de C\. ?V\b"),
    ("CO", r"\bNIT\.?:? ?[0-9]{3}\.?[0-9]{3}\.?[0-9]{3}-[0-9]\b"),
    ("CL", r"\bRUT:? ?[0-9]{2}\.[0-9]{3}\.[0-9]{3}-[0-9Kk]\b"),
    ("PE", r"\bRUC:? ?(?:10|20)[0-9]{9}\b"),
    ("ZA", r"\(Pty\) Ltd|\(Edms\) Bpk"),
    ("AE", r"\bTRN:? ?1[0-9]{14}\b"),
    ("KZ", r"\bТОО\b|\bБИН:? ?[0-9]{12}"),
    ("BY", r"\bУНП:? ?[0-9]{9}"),
    ("MY", r"(?i)\bsdn\.? bhd\b"),
    ("ID", r"\bNPWP\b"),
    ("TH", r"จำกัด"),
    ("VN", r"Công ty TNHH|CÔNG TY TNHH|\bMST:? ?[0-9]{10}"),
    ("RS", r"\bПИБ\b|\bPIB:? ?[0-9]{9}"),
    ("IS", r"(?i)\bkennitala\b|\bkt\. ?[0-9]{6}-[0-9]{4}"),
    ("AU", r"\bA[BC]N:? ?[0-9]{2,3} ?[0-9]{3} ?[0-9]{3}"),
    ("NZ", r"\bNZBN\b"),
    ("IN", r"\bGSTIN\b|\bCIN:? ?[UL][0-9]{5}[A-Z]{2}"),
    ("CN", r"ICP备|ICP证|公网安备"),
    ("TW", r"統一編號|統編"),
    ("KR", r"사업자등록번호|사업자 등록번호"),
    ("JP", r"特定商取引法"),
    ("SG", r"\bUEN:? ?[0-9]{8,9}[A-Z]|\bPte\.? Ltd\b"),
    ("US", r"(?i)\ba (?:delaware|california|texas|florida|nevada|new york) (?:corporation|llc|limited liability)"),
    ("SA", r"السجل التجاري|الرقم الضريبي:? ?3[0-9]{14}"),
    ("IL", r#"ח\.פ\.|בע["״”]מ"#),
];

static NUMBER: LazyLock<Vec<(Country, Regex)>> = LazyLock::new(|| {
    let all = NUMBERS.iter();
    all.filter_map(|(code, pattern)| Some((Country::from_code(code)?, Regex::new(pattern).ok()?))).collect()
});

static INTERNATIONAL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:\+|\b00)[1-9][0-9 ()./\u{a0}-]{6,20}[0-9]").ok());

/// Lines where a company speaks of itself: footers, imprint, contact.
fn by_lines(page: &Page, index: Option<u16>, votes: &mut Vec<Vote>) {
    let own_page = matches!(page_kind(page), PageKind::Imprint | PageKind::Contact | PageKind::Home | PageKind::About);
    let lines = page.lines.iter().filter(|line| line.text.len() < 600);
    let lines = lines.filter(|line| {
        own_page && !matches!(line.region, Region::Overlay | Region::Nav) || line.region == Region::Footer
    });
    let mut phones = 0;
    let is_list = LazyCell::new(|| is_list(page));
    for line in lines.take(2_000) {
        if line.text.len() < 3 || !line.text.bytes().any(|b| b.is_ascii_digit() || b >= 0x80 || b.is_ascii_uppercase())
        {
            continue;
        }
        by_number(&line.text, index, votes);
        if let Some(found) = INTERNATIONAL.as_ref().and_then(|regex| regex.find(&line.text)).filter(|_| phones < 4)
            && let Some(country) = country_of_number(&found.as_str().replace(['(', ')'], "").replace("  ", " "))
        {
            phones += 1;
            let weight = if phones == 1 { 0.7 } else { 0.2 };
            votes.push(Vote {
                country,
                weight,
                page: index,
                method: Method::Text,
                snippet: snippet(&line.text, found.as_str()),
            });
        }
        if line.text.len() < 60
            && let Some(country) = Country::from_name(&line.text).filter(|_| line.region == Region::Footer || !*is_list)
        {
            votes.push(Vote { country, weight: 0.25, page: index, method: Method::Text, snippet: line.text.clone() });
        }
    }
}

/// A page of many countries' names (a form's list, the sites of a group).
fn is_list(page: &Page) -> bool {
    page.lines
        .iter()
        .filter(|line| line.text.len() < 40)
        .take(400)
        .filter(|line| Country::from_name(&line.text).is_some())
        .count()
        > 3
}

fn by_number(text: &str, index: Option<u16>, votes: &mut Vec<Vote>) {
    for (country, regex) in NUMBER.iter() {
        if let Some(found) = regex.find(text) {
            let snippet = snippet(text, found.as_str());
            votes.push(Vote { country: *country, weight: 1.2, page: index, method: Method::Text, snippet });
        }
    }
}

/// `lang="de-AT"`, `og:locale`. A template's `en_US` says next to nothing.
fn by_markup(page: &Page, index: Option<u16>, votes: &mut Vec<Vote>) {
    for tag in [Some(page.lang.as_str()), page.meta("og:locale")].into_iter().flatten() {
        let Some(country) = tag
            .rsplit(['-', '_'])
            .next()
            .filter(|region| region.len() == 2 && tag.len() > 3)
            .and_then(Country::from_code)
        else {
            continue;
        };
        let weight = if country.code() == "US" { 0.05 } else { 0.35 };
        votes.push(Vote { country, weight, page: index, method: Method::Meta, snippet: tag.to_owned() });
    }
    if let Some(country) =
        page.meta("geo.region").and_then(|region| Country::from_code(region.split('-').next().unwrap_or(region)))
    {
        votes.push(Vote { country, weight: 0.8, page: index, method: Method::Meta, snippet: fold(country.code()) });
    }
}

/// Languages spoken in one country above all.
const HOME_OF: &[(&str, &str)] = &[
    ("ja", "JP"),
    ("pl", "PL"),
    ("cs", "CZ"),
    ("sk", "SK"),
    ("hu", "HU"),
    ("fi", "FI"),
    ("da", "DK"),
    ("no", "NO"),
    ("nn", "NO"),
    ("sv", "SE"),
    ("is", "IS"),
    ("et", "EE"),
    ("lv", "LV"),
    ("lt", "LT"),
    ("bg", "BG"),
    ("el", "GR"),
    ("hr", "HR"),
    ("sl", "SI"),
    ("sr", "RS"),
    ("uk", "UA"),
    ("he", "IL"),
    ("th", "TH"),
    ("vi", "VN"),
    ("id", "ID"),
    ("ms", "MY"),
    ("tr", "TR"),
    ("it", "IT"),
    ("ko", "KR"),
    ("ro", "RO"),
    ("nl", "NL"),
    ("ka", "GE"),
    ("hy", "AM"),
    ("fa", "IR"),
    ("de", "DE"),
    ("fr", "FR"),
    ("ru", "RU"),
    ("zh", "CN"),
];

fn by_language(site: &Site<'_>, votes: &mut Vec<Vote>) {
    let Some(language) = site.language else { return };
    let home = HOME_OF
        .iter()
        .find(|(code, _)| *code == language.as_str())
        .and_then(|(_, country)| Country::from_code(country));
    if let Some(country) = home {
        let snippet = language.to_string();
        votes.push(Vote { country, weight: 0.45, page: None, method: Method::Inferred, snippet });
    }
}

#[cfg(test)]
mod tests;
