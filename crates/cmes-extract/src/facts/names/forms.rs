//! Legal forms, and the company names that end or begin with one.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, Match};

use crate::fold::is_unspaced;
use crate::words;

use end::{unspaced_length, words_length};
use start::{is_lead, start_of_name, unspaced_start};

mod end;
mod start;

/// Forms that follow the name. Written as usual; capitals also count where a
/// form is long enough not to be a common word.
static AFTER: LazyLock<Vec<String>> = LazyLock::new(|| words::list(include_str!("forms_after.txt")));

/// The same, to ask for one in just these letters.
static AFTER_SPELLINGS: LazyLock<HashSet<&str>> = LazyLock::new(|| AFTER.iter().map(String::as_str).collect());

/// Forms that stand before the name.
static BEFORE: LazyLock<Vec<String>> = LazyLock::new(|| words::list(include_str!("forms_before.txt")));

/// Forms that are also words or parts of words elsewhere: they count only where
/// the name ends the line or a break follows.
const DOUBTFUL: &[&str] = &[
    "AS",
    "SE",
    "OG",
    "HB",
    "SA",
    "SL",
    "Bt.",
    "Bt",
    "s.s.",
    "s.p.",
    "E.V.",
    "公司",
    "P.C.",
    "Ky",
    "NV",
    "C.B.",
    "A.E.",
    "O.E.",
    "S.A",
    "S.C.",
    "s.c.",
    "A.C.",
    "C.A.",
    "C.V.",
    "A.S.",
    "A.D.",
    "a.d.",
    "k.d.",
    "Ab",
    "KB",
    "ANS",
    "IVS",
    "SPC",
    "OPC",
    "DAC",
    "CLG",
    "ULC",
    "NPC",
    "PLT",
    "SCA",
    "SCS",
    "SCI",
    "GCV",
    "FZC",
    "CRL",
    "DOO",
    "FIE",
    "MMC",
    "ry",
    "r.y.",
    "sf.",
    "Osk",
    "EIRL",
    "SGPS",
    "L.L.C",
    "Α.Ε",
    "Ι.Κ.Ε",
    "Ε.Π.Ε",
    "d.o.o",
    "s.r.o",
    "a.s",
    "Genossenschaft",
    "Coöperatie",
    "Osuuskunta",
    "družstvo",
    "Einzelunternehmen",
    "المساهمة",
];

static AFTER_FORMS: LazyLock<AhoCorasick> = LazyLock::new(|| words::finder(&AFTER));
static BEFORE_FORMS: LazyLock<AhoCorasick> = LazyLock::new(|| words::finder(&BEFORE));

/// The entry that was found.
fn form<'a>(forms: &'a [String], found: &Match) -> &'a str {
    forms.get(found.pattern().as_usize()).map_or("", String::as_str)
}

/// Longest line in which names are looked for, in bytes.
const LINE: usize = 2_000;

/// The names with a legal form in a line, in order.
pub(super) fn find(line: &str) -> Vec<&str> {
    if line.len() > LINE {
        return Vec::new();
    }
    let mut names: Vec<&str> = Vec::new();
    for found in AFTER_FORMS.find_iter(line) {
        if stands_alone(line, found.range(), form(&AFTER, &found)) {
            names.extend(name_before(line, &found.range()).map(|name| with_partners(line, name)));
        }
    }
    if names.is_empty() || line.contains(is_unspaced) {
        for found in BEFORE_FORMS.find_iter(line) {
            if stands_before(line, &found.range(), form(&BEFORE, &found)) {
                // A form on both sides has given the name already.
                names.extend(name_after(line, &found.range()).filter(|name| !names.iter().any(|n| n.contains(name))));
            }
        }
    }
    names.retain(|name| name.chars().count() <= 90);
    names
}

/// The name without its legal forms.
pub(super) fn without(name: &str) -> &str {
    let mut name = without_partners(name.trim());
    // More than one form may follow another (`Sp. z o.o. Sp. k.`).
    for _ in 0..3 {
        let last = AFTER_FORMS.find_iter(name).filter(|f| stands_alone(name, f.range(), form(&AFTER, f))).last();
        let Some(last) = last.filter(|f| is_rest(name.get(f.end()..))) else { break };
        let shorter = name.get(..last.start()).unwrap_or_default().trim_end_matches([' ', ',', '&', '–', '-']);
        if shorter.is_empty() {
            break;
        }
        name = shorter;
    }
    if let Some(first) = BEFORE_FORMS.find(name).filter(|f| f.start() == 0)
        && stands_before(name, &first.range(), form(&BEFORE, &first))
    {
        let inner = name.get(first.end()..).unwrap_or_default();
        let inner = inner.trim_matches(|c: char| c.is_whitespace() || matches!(c, '«' | '»' | '"' | '„' | '“' | '”'));
        if !inner.is_empty() {
            name = inner;
        }
    }
    name
}

/// Whether a name has a legal form.
pub(super) fn has(name: &str) -> bool {
    without(name).len() < name.trim().len()
}

fn is_rest(text: Option<&str>) -> bool {
    text.unwrap_or_default().chars().all(|c| matches!(c, '.' | ',' | ')' | ' '))
}

/// Whether what was found is the form and no part of a word.
fn stands_alone(line: &str, range: Range<usize>, form: &str) -> bool {
    let (Some(before), Some(found), Some(after)) =
        (line.get(..range.start), line.get(range.clone()), line.get(range.end..))
    else {
        return false;
    };
    if is_east_asian(form) {
        return !before.trim().is_empty();
    }
    let free_before = before.ends_with(|c: char| c.is_whitespace() || matches!(c, ',' | '-' | '.' | ')'));
    let joined_after = after.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '@' | '&' | '_'))
        || (after.starts_with(['-', '.']) && after.chars().nth(1).is_some_and(char::is_alphanumeric));
    if !free_before || joined_after || !is_cased(found, form) {
        return false;
    }
    let is_end = after.trim_start().is_empty() || after.starts_with([',', '.', ';', '|', ')']);
    let is_break = [" |", " –", " —", " - ", " ·"].iter().any(|mark| after.starts_with(mark));
    !DOUBTFUL.contains(&form) || (is_end || is_break) && before_is_name(before)
}

/// Whether a form is written without a blank beside it: `(주)`, not `(Pty) Ltd`.
fn is_east_asian(form: &str) -> bool {
    form.starts_with(is_unspaced)
        || form.starts_with(['㈜', '㈱', '（'])
        || form.strip_prefix('(').is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii()))
}

/// Capitals as the form has them, or throughout where it is long enough.
fn is_cased(found: &str, form: &str) -> bool {
    let letters = form.chars().filter(|c| c.is_alphabetic()).count();
    if AFTER_SPELLINGS.contains(found) {
        return true;
    }
    let is_upper = !found.chars().any(char::is_lowercase);
    let has_capital = found.chars().any(char::is_uppercase);
    let is_lower_form = !form.chars().any(char::is_uppercase);
    match letters {
        0..=2 => form.contains('.') && is_upper,
        _ => {
            is_upper
                || is_lower_form
                || (has_capital && found.chars().next().is_some_and(char::is_uppercase))
                // Long phrases of one language are no other words.
                || (letters > 12 && !form.is_ascii())
                || matches!(found, "gmbh" | "inc.")
        }
    }
}

fn before_is_name(before: &str) -> bool {
    before.split_whitespace().next_back().is_some_and(|word| word.chars().next().is_some_and(char::is_uppercase))
}

fn stands_before(line: &str, range: &Range<usize>, form: &str) -> bool {
    let (Some(before), Some(after)) = (line.get(..range.start), line.get(range.end..)) else { return false };
    let found = line.get(range.clone()).unwrap_or_default();
    if form.starts_with(is_unspaced) || form.starts_with(['(', '㈜', '㈱', '（', '주', '유']) {
        return !after.is_empty() && !before.ends_with(char::is_alphanumeric);
    }
    (found == form || found.chars().filter(|c| c.is_alphabetic()).count() > 5)
        && !before.ends_with(char::is_alphanumeric)
        && after.starts_with(|c: char| c.is_whitespace() || matches!(c, '«' | '"' | '“' | '„' | '\''))
}

/// The name that ends with the form at `range`.
fn name_before<'a>(line: &'a str, range: &Range<usize>) -> Option<&'a str> {
    let before = line.get(..range.start)?;
    let form = line.get(range.clone())?;
    let start = if is_east_asian(form) || form.starts_with(['주', '유']) {
        unspaced_start(before)
    } else {
        let is_end = is_rest(line.get(range.end..));
        start_of_name(before, is_end)?
    };
    let name = line.get(start..range.end)?.trim();
    let own = name.get(..name.len().checked_sub(form.len())?)?;
    // `Ltd. All rights reserved`, `Ltda. CNPJ 12`: the stop is the sentence's.
    let after = line.get(range.end..).unwrap_or_default();
    let ends_sentence = after.starts_with(' ') && after.trim_start().starts_with(char::is_uppercase);
    let name = if ends_sentence && is_also_plain(form) { name.trim_end_matches('.') } else { name };
    // `La SARL Dupont`: what stands before is no name, the name comes after.
    let is_lead = is_lead(own.trim());
    let is_name = own.chars().filter(|c| c.is_alphanumeric()).count() >= 2 && own.chars().any(char::is_alphabetic);
    (!is_lead && is_name && !name.starts_with('(')).then_some(name)
}

/// Forms of Italian partnerships, after which the partners are named.
const PARTNERSHIPS: &[&str] = &["s.a.s.", "s.n.c.", "s.a.s", "s.n.c", "sas", "snc"];

/// `Al Ponte S.a.s. di Rossi Anna & C.` up to its form.
fn without_partners(name: &str) -> &str {
    let Some(at) = name.find(" di ") else { return name };
    let before = name.get(..at).unwrap_or_default();
    let is_partnership = PARTNERSHIPS.iter().any(|form| before.to_ascii_lowercase().ends_with(&format!(" {form}")));
    if is_partnership { before } else { name }
}

/// An Italian partnership with the partners after its form:
/// `Al Ponte S.a.s. di Rossi Anna & C.`
fn with_partners<'a>(line: &'a str, name: &'a str) -> &'a str {
    const ENDS: &[&str] = &["& C.", "e C.", "& c.", "E C.", "& C", "& Figli"];
    let is_partnership =
        PARTNERSHIPS.iter().any(|form| name.len() > form.len() && name.to_ascii_lowercase().ends_with(form));
    let start = name.as_ptr() as usize - line.as_ptr() as usize;
    let rest = line.get(start + name.len()..).unwrap_or_default();
    if !is_partnership || !rest.trim_start_matches('.').to_ascii_lowercase().starts_with(" di ") {
        return name;
    }
    let near = crate::page::prefix(rest, 80);
    let end = ENDS.iter().find_map(|end| near.find(end).map(|at| at + end.len()));
    end.and_then(|end| line.get(start..start + name.len() + end)).unwrap_or(name)
}

/// Whether a form with a stop is as often written without one; not so one that
/// is abbreviated throughout (`Co., Ltd.`).
fn is_also_plain(form: &str) -> bool {
    if form.matches('.').count() != 1 {
        return false;
    }
    let end = form.get(form.len().saturating_sub(4)..).unwrap_or_default();
    end.ends_with("td.") || end.eq_ignore_ascii_case("tda.")
}

/// The name that begins with the form at `range`.
fn name_after<'a>(line: &'a str, range: &Range<usize>) -> Option<&'a str> {
    let after = line.get(range.end..)?;
    let lead = after.len() - after.trim_start().len();
    let rest = after.trim_start();
    let length = match rest.chars().next()? {
        quote @ ('«' | '"' | '“' | '„' | '\'') => {
            let close = match quote {
                '«' => '»',
                '“' => '”',
                '„' => '“',
                other => other,
            };
            let inner = rest.get(quote.len_utf8()..)?;
            let end = inner.find(close).filter(|end| *end <= 120)?;
            quote.len_utf8() + end + close.len_utf8()
        }
        first if is_unspaced(first) || rest.starts_with(is_unspaced) => unspaced_length(rest),
        _ => words_length(rest, line.get(range.clone())?),
    };
    let name = line.get(range.start..range.end + lead + length)?.trim().trim_end_matches([',', ' ']);
    (length > 1).then_some(name)
}

#[cfg(test)]
mod tests;
