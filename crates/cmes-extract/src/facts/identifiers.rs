//! Numbers by which registers and tax offices know the company, each checked
//! by its own rule: a number whose check digits are wrong is no finding.

use std::ops::Range;
use std::sync::LazyLock;

use cmes_types::{Identifier, Method};

use crate::facts::address::{PageKind, page_kind};
use crate::facts::{Finding, Site, snippet};
use crate::fold::{fold, is_unspaced};
use crate::page::{Page, prefix};
use crate::words::Lists;

mod checks;

/// One kind of number, by a line of `kinds.txt`.
struct Kind {
    name: &'static str,
    country: &'static str,
    shapes: Vec<&'static str>,
    check: &'static str,
    labels: Vec<&'static str>,
    /// Fewest digits of a number of this kind.
    digits: usize,
}

static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    let lines = include_str!("identifiers/kinds.txt").lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let mut fields = line.split('|').map(str::trim);
            let list = |text: &'static str| text.split(';').collect::<Vec<_>>();
            let (name, country, shapes) = (fields.next()?, fields.next()?, list(fields.next()?));
            let (check, labels) = (fields.next()?, list(fields.next()?));
            let digits = shapes.iter().map(|shape| digits(shape)).min().unwrap_or(0);
            Some(Kind { name, country, shapes, check, labels, digits })
        })
        .collect()
});

/// The labels with the kinds that they may mean.
static LABELS: LazyLock<Lists<usize>> =
    LazyLock::new(|| Lists::new(KINDS.iter().enumerate().map(|(at, kind)| (at, kind.labels.iter().copied()))));

/// How far behind its label a number may stand, in bytes: `Umsatzsteuer-
/// Identifikationsnummer gemäß § 27 a Umsatzsteuergesetz: DE …`.
const FAR: usize = 110;
/// Longest line that is looked through.
const LONGEST: usize = 3_000;
/// Most labels of one line.
const MOST_LABELS: usize = 200;
/// Most numbers of one company.
const MOST: usize = 20;

/// The company's numbers, each once.
#[must_use]
pub fn find(site: &Site<'_>) -> Vec<Finding<Identifier>> {
    let home = site.country.as_ref().map(crate::places::Country::code);
    let mut found: Vec<Finding<Identifier>> = Vec::new();
    for (index, page) in (0_u16..).zip(site.pages) {
        let kind = page_kind(page);
        if kind == PageKind::Foreign {
            continue;
        }
        for finding in stated(page).chain(written(page, kind, home)) {
            let same = |known: &Finding<Identifier>| {
                known.value.number == finding.value.number && known.value.kind == finding.value.kind
            };
            if found.len() < MOST && !found.iter().any(same) {
                found.push(Finding { page: Some(index), ..finding });
            }
        }
    }
    found
}

/// What structured data states.
fn stated(page: &Page) -> impl Iterator<Item = Finding<Identifier>> + '_ {
    const PROPERTIES: &[(&str, &str)] =
        &[("vatID", "vat"), ("taxID", "vat"), ("leiCode", "lei"), ("duns", "duns"), ("iso6523Code", "siret")];
    let organizations = page.items.iter().filter(|item| item.is_organization());
    organizations.flat_map(|item| {
        PROPERTIES.iter().flat_map(move |(property, label)| {
            item.texts(property).filter_map(move |text| {
                let line = format!("{label}: {text}");
                let value = in_line(&line, None).into_iter().next()?;
                Some(Finding {
                    value,
                    page: None,
                    method: Method::SchemaOrg,
                    snippet: prefix(text, 200).to_owned(),
                    confidence: 0.95,
                })
            })
        })
    })
}

/// What stands in the text. A label may stand on the line before its number.
fn written<'a>(
    page: &'a Page,
    kind: PageKind,
    home: Option<&'a str>,
) -> impl Iterator<Item = Finding<Identifier>> + 'a {
    let confidence = match kind {
        PageKind::Imprint => 0.9,
        PageKind::Contact | PageKind::Home | PageKind::About => 0.85,
        _ => 0.7,
    };
    let lines = page.lines.iter().enumerate().filter(|(_, line)| line.text.len() <= LONGEST);
    lines.flat_map(move |(at, line)| {
        let next = page.lines.get(at + 1).map_or("", |next| prefix(&next.text, 60));
        let mut found = in_line(&line.text, home);
        let alone = line.text.chars().count() <= 60 && !line.text.contains(|c: char| c.is_ascii_digit());
        if alone {
            found.extend(in_line(&format!("{} {next}", line.text), home));
        }
        let court = court(page, at);
        found.into_iter().map(move |value| {
            let register = matches!(value.kind.as_str(), "HRB" | "HRA" | "VR");
            let authority = court.clone().filter(|_| register).unwrap_or_default();
            let text = if alone { format!("{} {next}", line.text) } else { line.text.clone() };
            Finding {
                snippet: snippet(&text, &value.number),
                value: Identifier { authority, ..value },
                page: None,
                method: Method::Text,
                confidence,
            }
        })
    })
}

/// The court that keeps a German register, within two lines.
fn court(page: &Page, at: usize) -> Option<String> {
    let from = at.saturating_sub(2);
    let near = page.lines.iter().enumerate().skip(from).take(5);
    let mut near: Vec<_> = near.filter(|(_, line)| line.text.len() < 500).collect();
    near.sort_by_key(|(index, _)| index.abs_diff(at));
    near.into_iter().find_map(|(_, line)| {
        let start = line.text.find("Amtsgericht")?;
        let rest = line.text.get(start + "Amtsgericht".len()..)?.trim_start_matches([':', ' ']);
        let words = rest.split(' ').take_while(|word| word.starts_with(|c: char| c.is_uppercase() || c == '('));
        let words: Vec<&str> = words.take(3).collect();
        let cut = words.iter().position(|word| word.ends_with([',', ';', ':', '.'])).map_or(words.len(), |at| at + 1);
        let name = words.get(..cut)?.iter().map(|word| word.trim_end_matches([',', ';', ':', '.']));
        let name = name.filter(|word| !matches!(*word, "HRB" | "HRA" | "VR" | "Handelsregister" | "Registernummer"));
        let name = name.collect::<Vec<_>>().join(" ");
        (!name.is_empty()).then(|| format!("Amtsgericht {name}"))
    })
}

/// The numbers in a line; what a label means that several countries use, the
/// company's own country tells.
fn in_line(line: &str, home: Option<&str>) -> Vec<Identifier> {
    if !line.contains(|c: char| c.is_ascii_digit()) {
        return Vec::new();
    }
    let folded = fold(line);
    let mut labels: Vec<(Range<usize>, &Kind)> = LABELS
        .all(&folded)
        .filter(|(_, range)| is_word(&folded, range))
        .filter_map(|(kind, range)| Some((range, KINDS.get(kind)?)))
        .collect();
    labels.sort_by_key(|(range, kind)| (range.start, home.is_some_and(|home| kind.country != home)));
    labels.truncate(MOST_LABELS);
    let mut found: Vec<(Range<usize>, Identifier)> = Vec::new();
    for (label, kind) in labels {
        let window = prefix(folded.get(label.start..).unwrap_or_default(), FAR);
        // Most labels are words of a sentence without any number.
        if digits(window) < kind.digits {
            continue;
        }
        let words = folded.get(label.clone()).unwrap_or_default();
        let is_home = home.is_none_or(|home| kind.country == home || kind.country == "ZZ");
        // Without check digits nothing but the country keeps kinds apart.
        if kind.check == "-" && !is_home {
            continue;
        }
        let is_sure = home == Some(kind.country) || home.is_none() && kind.check != "-" || is_one_countrys(words);
        let Some((range, number)) = first_match(kind, window, is_sure) else { continue };
        let range = label.start + range.start..label.start + range.end;
        if !found.iter().any(|(known, _)| known.start < range.end && range.start < known.end) {
            found.push((range, number));
        }
    }
    found.sort_by_key(|(range, _)| range.start);
    found.into_iter().map(|(_, number)| number).collect()
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// Whether a label is used in a single country, so that a number behind it
/// needs no sign of where it belongs.
fn is_one_countrys(label: &str) -> bool {
    let mut countries = KINDS.iter().filter(|kind| kind.labels.contains(&label)).map(|kind| kind.country);
    let first = countries.next();
    countries.all(|country| Some(country) == first)
}

/// Whether a label is no part of a longer word; scripts without blanks have none.
fn is_word(text: &str, range: &Range<usize>) -> bool {
    let is_edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    let before = text.get(..range.start).and_then(|text| text.chars().next_back());
    let after = text.get(range.end..).and_then(|text| text.chars().next());
    let label = text.get(range.clone()).unwrap_or_default();
    let is_part = label.starts_with(is_unspaced) || label.starts_with('사');
    // `Umsatzsteuer-ID`, `HRB12345`: long labels go on, and numbers may touch.
    is_part || is_edge(before) && (is_edge(after) || label.len() >= 7 || after.is_some_and(|c| c.is_ascii_digit()))
}

/// The first number of a kind in a text, and where it stands. Without its
/// country's sign it counts only when `is_sure`.
fn first_match(kind: &Kind, text: &str, is_sure: bool) -> Option<(Range<usize>, Identifier)> {
    let starts = text.char_indices().filter(|(_, c)| c.is_ascii_alphanumeric());
    let mut before = ' ';
    for (at, _) in starts {
        let is_inside = text.get(..at).and_then(|text| text.chars().next_back()).is_some_and(char::is_alphanumeric);
        if is_inside {
            continue;
        }
        let rest = text.get(at..)?;
        let matches = kind.shapes.iter().filter_map(|shape| match_shape(shape, rest));
        let valid = matches
            .filter(|found| (found.is_signed || is_sure) && checks::passes(kind.check, &found.bare) == Some(true));
        if let Some(found) = valid.max_by_key(|found| found.length) {
            let country = if kind.country == "ZZ" { "" } else { kind.country };
            let number = Identifier {
                kind: kind.name.to_owned(),
                number: found.number,
                country: country.to_owned(),
                authority: String::new(),
            };
            return Some((at..at + found.length, number));
        }
        // Of other numbers only that of a paragraph may stand between (`§ 27 a`).
        let digits = rest.chars().take_while(char::is_ascii_digit).count();
        if digits > 3 || digits > 0 && before == ' ' && at > 70 {
            return None;
        }
        before = rest.chars().next().unwrap_or(' ');
    }
    None
}

/// A number that has a kind's shape.
struct Match {
    /// With the country's sign, where its shape has one.
    number: String,
    /// Without signs and marks, as its check digits are computed.
    bare: String,
    /// The sign stands in the text, or the shape has letters of its own.
    is_signed: bool,
    /// Bytes of the text.
    length: usize,
}

/// The number at the beginning of a folded text, if it has the shape.
fn match_shape(shape: &str, text: &str) -> Option<Match> {
    let (sign, body) = shape.strip_prefix('[').and_then(|rest| rest.split_once(']')).unwrap_or(("", shape));
    let fixed = body.bytes().take_while(|b| b.is_ascii_uppercase() && !matches!(b, b'L' | b'X')).count();
    let signed = (!sign.is_empty()).then(|| follow(&format!("{sign}{body}"), text)).flatten();
    let is_signed = signed.is_some() || fixed > 1;
    let (number, length) =
        signed.or_else(|| follow(body, text).map(|(number, length)| (format!("{sign}{number}"), length)))?;
    let bare = number.chars().filter(char::is_ascii_alphanumeric).skip(sign.len() + fixed).collect();
    Some(Match { number, bare, is_signed, length })
}

/// Reads a text along a shape, and how far it goes; the shape's own marks are
/// written, all others left out.
fn follow(shape: &str, text: &str) -> Option<(String, usize)> {
    const MARKS: [char; 5] = [' ', '.', '-', '/', '\u{a0}'];
    let mut out = String::new();
    let mut rest = text;
    for want in shape.chars() {
        if matches!(want, '-' | '/' | ' ') {
            out.push(want);
            continue;
        }
        // At most two marks between the characters: `DE - 123`.
        for _ in 0..2 {
            rest = if out.is_empty() { rest } else { rest.strip_prefix(MARKS).unwrap_or(rest) };
        }
        let c = rest.chars().next()?.to_ascii_uppercase();
        let fits = match want {
            '9' => c.is_ascii_digit(),
            'L' => c.is_ascii_uppercase(),
            'X' => c.is_ascii_alphanumeric(),
            other => c == other,
        };
        if !fits {
            return None;
        }
        out.push(c);
        rest = rest.get(1..)?;
    }
    let goes_on = rest.starts_with(|c: char| c.is_ascii_alphanumeric())
        || rest.strip_prefix(MARKS).is_some_and(|more| more.chars().take_while(char::is_ascii_digit).count() >= 2);
    (!goes_on).then_some((out, text.len() - rest.len()))
}

#[cfg(test)]
mod tests;
