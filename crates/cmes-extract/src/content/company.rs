//! The company that a signature names, and where it is.

use cmes_types::{Address, LanguageCode};
use url::Url;

use crate::facts::people::{matching, titles};
use crate::facts::{Site, address, names, snippet};
use crate::page::{self, RawPage};
use crate::places::Country;

/// Marks between the parts of a signature's line.
const MARKS: [char; 5] = ['|', '·', '•', '\t', '●'];

/// The company in a line of a signature; `domain` is its site's.
pub(super) fn name(line: &str, domain: &str) -> Option<String> {
    if line.chars().count() > 300 || is_registered(line) {
        return None;
    }
    let parts = || line.split(MARKS).flat_map(|part| part.split(" // ")).map(trim).filter(|part| !part.is_empty());
    let formal = parts().find_map(formal);
    formal.or_else(|| parts().find_map(|part| brand(part, domain)))
}

/// The name with a legal form in a part of a line.
fn formal(part: &str) -> Option<String> {
    let name = names::with_legal_form(part).into_iter().find(|name| !name.contains('@'))?;
    // `Zakłady "Powen" Sp. z o.o.`, `Cais Norte – Logística, Lda.`: quotes and
    // dashes within the name of a line that is nothing else.
    let before = part.strip_suffix(name).unwrap_or_default().trim_end();
    let goes_on = before.ends_with(['"', '„', '“', '«', '–', '—', '-']) && before.starts_with(char::is_uppercase);
    let is_short = part.split_whitespace().count() <= 9 && !part.contains([':', ';']);
    Some(if goes_on && is_short { part } else { name }.to_owned())
}

fn trim(part: &str) -> &str {
    part.trim().trim_matches(['*', ',', '_', ' '])
}

/// Lines that name a company to say where it is registered, or a bank.
fn is_registered(line: &str) -> bool {
    let lower = line.to_lowercase();
    ["registered in", "registered office", "amtsgericht", "iban", "bank:", "©"]
        .iter()
        .any(|words| lower.contains(words))
}

/// A name without a legal form is one when it spells the domain.
fn brand(part: &str, domain: &str) -> Option<String> {
    let pieces = [" - ", " – ", " — ", ", "]
        .iter()
        .fold(vec![part], |pieces, mark| pieces.into_iter().flat_map(|piece| piece.split(mark)).collect());
    let whole = std::iter::once(part).chain(pieces).map(trim);
    let is_name = |text: &str| {
        let words = text.split_whitespace().count();
        let is_host = words == 1 && text.contains('.');
        (1..=6).contains(&words) && !is_host && !text.contains(['@', ':', '/', '<']) && !titles::is_title(text)
    };
    let spells = |text: &&str| is_name(text) && is_spelt_by(text, domain);
    whole.into_iter().find(spells).map(str::to_owned)
}

/// Whether words spell a domain's own part, or most of it.
pub(super) fn is_spelt_by(words: &str, domain: &str) -> bool {
    let fold = |text: &str| matching::key(text).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let label = names::label(domain);
    let (spelt, label) = (fold(words), fold(label));
    label.chars().count() >= 3
        && (spelt == label || names::resemblance(words, domain).is_some_and(|alike| alike >= 0.9))
}

/// The address in the lines of a signature, with its country and the words;
/// `domain` is the company's.
pub(super) fn address(lines: &[String], domain: &str) -> Option<(Address, Option<Country>, String)> {
    // What the law wants to be said comes last: the seat is not where one works.
    let is_legal = |line: &String| line.chars().count() > 150 || is_registered(line);
    let legal = lines.iter().position(is_legal).unwrap_or(lines.len());
    let (own, legal) = lines.split_at(legal);
    first_address(own, domain).or_else(|| first_address(legal, domain))
}

fn first_address(lines: &[String], domain: &str) -> Option<(Address, Option<Country>, String)> {
    let url = Url::parse("http://content.invalid/contact").ok()?;
    let mut html = String::from("<address>");
    for line in lines.iter().filter(|line| !line.contains('@') && line.chars().count() < 300) {
        for part in line.split(MARKS) {
            html.extend(part.chars().map(|c| if matches!(c, '<' | '>' | '&') { ' ' } else { c }));
            html.push_str("<br>");
        }
    }
    let page = [page::read(&RawPage { url: &url, headers: &[], html: &html })];
    let site = Site { pages: &page, domain, language: None, country: None };
    let found = address::find(&site).into_iter().next()?;
    let country = found.value.country;
    let name = country.map_or("", |country| country.name(LanguageCode::ENGLISH));
    let address = Address { country: name.to_owned(), ..found.value.address };
    Some((address, country, snippet(&found.snippet, "")))
}
