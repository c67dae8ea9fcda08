//! Legal forms, and the company names that end or begin with one.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, Match};

use crate::fold::{fold, is_unspaced};
use crate::words;

/// Forms that follow the name. Written as usual; capitals also count where a
/// form is long enough not to be a common word.
static AFTER: LazyLock<Vec<String>> = LazyLock::new(|| words::list(include_str!("forms_after.txt")));

/// Forms that stand before the name.
static BEFORE: LazyLock<Vec<String>> = LazyLock::new(|| words::list(include_str!("forms_before.txt")));

/// Forms that are also words or parts of words elsewhere: they count only where
/// the name ends the line or a break follows.
const DOUBTFUL: &[&str] = &[
    "AS", "SE", "OG", "HB", "SA", "SL", "Bt.", "s.s.", "s.p.", "E.V.", "公司", "P.C.", "Ky", "NV", "C.B.", "A.E.",
    "O.E.",
];

static AFTER_FORMS: LazyLock<AhoCorasick> = LazyLock::new(|| words::finder(&AFTER));
static BEFORE_FORMS: LazyLock<AhoCorasick> = LazyLock::new(|| words::finder(&BEFORE));

/// The entry that was found.
fn form<'a>(forms: &'a [String], found: &Match) -> &'a str {
    forms.get(found.pattern().as_usize()).map_or("", String::as_str)
}

/// Longest line in which names are looked for, in bytes.
const LINE: usize = 2_000;
/// Most words of a name before its form.
const WORDS: usize = 9;

/// The names with a legal form in a line, in order.
pub(super) fn find(line: &str) -> Vec<&str> {
    if line.len() > LINE {
        return Vec::new();
    }
    let mut names: Vec<&str> = Vec::new();
    for found in AFTER_FORMS.find_iter(line) {
        if stands_alone(line, found.range(), form(&AFTER, &found)) {
            names.extend(name_before(line, &found.range()));
        }
    }
    if names.is_empty() || line.contains(is_unspaced) {
        for found in BEFORE_FORMS.find_iter(line) {
            if stands_before(line, &found.range(), form(&BEFORE, &found)) {
                names.extend(name_after(line, &found.range()));
            }
        }
    }
    names.retain(|name| name.chars().count() <= 90);
    names
}

/// The name without its legal forms.
pub(super) fn without(name: &str) -> &str {
    let mut name = name.trim();
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
    if found == form {
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
    let is_lead = LEADS.contains(&fold(own.trim()).as_str());
    let is_name = own.chars().filter(|c| c.is_alphanumeric()).count() >= 2 && own.chars().any(char::is_alphabetic);
    (!is_lead && is_name && !name.starts_with('(')).then_some(name)
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

/// Where a name in a script without blanks begins: at the last break.
fn unspaced_start(before: &str) -> usize {
    let trimmed = before.trim_end();
    let at = trimmed
        .char_indices()
        .rev()
        .take_while(|(_, c)| c.is_alphanumeric() || matches!(c, '・' | 'ー' | '&' | '＆' | '（' | '）' | '(' | ')'))
        .last()
        .map_or(trimmed.len(), |(at, _)| at);
    let mut start = at;
    // A Thai company has its form on both sides.
    let before_name = before.get(..start).unwrap_or_default().trim_end();
    if let Some(shorter) = before_name.strip_suffix("บริษัท") {
        start = shorter.len();
    }
    for lead in ["版权所有", "版權所有", "公司名称", "会社名", "商号", "名称"] {
        if before.get(start..).is_some_and(|text| text.starts_with(lead)) {
            start += lead.len();
        }
    }
    start
}

/// Small words within names.
const CONNECTORS: &[&str] = &[
    "&", "+", "and", "und", "et", "y", "e", "i", "og", "och", "en", "ve", "of", "for", "de", "del", "della", "dei",
    "di", "da", "do", "dos", "das", "des", "du", "la", "le", "los", "las", "der", "die", "für", "van", "von", "zu",
    "zum", "zur", "am", "im", "in", "the", "dla", "na", "w", "z", "și", "a", "ja", "al", "el", "con", "per", "pour",
    "på", "till", "voor", "het", "u.", "és", "ir", "un", "bij", "uit", "te", "aan", "op",
];

/// Words that stand before a name and are none of it, folded.
const LEADS: &[&str] = &[
    "the",
    "die",
    "der",
    "das",
    "dem",
    "den",
    "firma",
    "company",
    "copyright",
    "(c)",
    "impressum",
    "betreiber",
    "anbieter",
    "by",
    "from",
    "von",
    "bei",
    "with",
    "at",
    "welcome",
    "willkommen",
    "la",
    "le",
    "les",
    "el",
    "los",
    "il",
    "lo",
    "societa",
    "sociedad",
    "societe",
    "entreprise",
    "empresa",
    "azienda",
    "about",
    "contact",
    "kontakt",
    "adresse",
    "address",
    "name",
    "imprint",
    "inhaber",
    "verantwortlich",
    "herausgeber",
    "diensteanbieter",
    "titular",
    "our",
    "unsere",
    "we",
    "wir",
    "is",
    "and",
    "und",
    "et",
    "in",
    "a",
    "y",
    "e",
    "i",
    "of",
    "for",
    "fur",
    "zu",
    "to",
    "para",
    "pour",
    "per",
    "di",
    "de",
    "da",
    "do",
    "spolka",
    "firmy",
    "przez",
    "uber",
    "visit",
    "join",
    "legal",
    "notice",
    "site",
    "website",
    "proprietor",
    "owner",
    "publisher",
    "editeur",
    "bedrijf",
    "bedrijfsnaam",
    "foretag",
    "firmanavn",
    "firmenname",
    "am",
    "im",
    "m/s",
    "messrs",
    // Who is what, in the first sentences of legal texts.
    "ist",
    "est",
    "jest",
    "er",
    "je",
    "sa",
    "administratorem",
    "danych",
    "spravcem",
    "spravcom",
    "spolecnost",
    "spolecnosti",
    "spolocnost",
    "spolocnosti",
    "adatkezelo",
    "az",
    "bolaget",
    "foretaget",
    "selskabet",
    "virksomheden",
    "yritys",
    "titolare",
    "responsable",
];

/// Where the name before a form begins; walks back word by word.
fn start_of_name(before: &str, is_end: bool) -> Option<usize> {
    let mut start = before.len();
    let mut words = 0;
    let is_short = before.split_whitespace().count() <= 5;
    let mut rest = before.trim_end().trim_end_matches([',', '-', '–']).trim_end();
    // `(South West) Ltd`: a bracket that closes within the name.
    let mut in_brackets = false;
    while words < WORDS {
        let word = rest.rsplit(char::is_whitespace).next().unwrap_or_default();
        let is_part = belongs(word, words == 0, is_short)
            || words == 0 && is_founding_year(word)
            || is_partner(before, rest, start);
        if word.is_empty() || !is_part {
            break;
        }
        in_brackets |= word.ends_with(')');
        start = rest.len() - word.len();
        words += 1;
        rest = rest.get(..start)?.trim_end();
        if word.starts_with('(') && in_brackets {
            in_brackets = false;
        } else if word.starts_with(['„', '"', '“', '«', '(']) {
            // `„Зелена Долина“ ООД`: both quotes are the name's.
            let is_closed =
                before.get(start..).is_some_and(|name| name.contains(['“', '”', '»']) && word.starts_with(['„', '«']));
            if is_closed {
                break;
            }
            start += word.chars().next().map_or(0, char::len_utf8);
            break;
        }
    }
    if words == 0 {
        return None;
    }
    Some(after_leads(before, start, is_end))
}

/// `SV Blau-Weiß 1921 e.V.`
fn is_founding_year(word: &str) -> bool {
    word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()) && (word.starts_with("18") || word.starts_with("19"))
}

/// `Smith, Jones & Partners LLP`: the first partner, at the beginning of the text.
fn is_partner(before: &str, rest: &str, start: usize) -> bool {
    let Some(name) = rest.strip_suffix(',') else { return false };
    let is_word = name.chars().all(|c| c.is_alphabetic() || c == '-') && name.starts_with(char::is_uppercase);
    let joined = before.get(start..).unwrap_or_default().split_whitespace().nth(1);
    is_word && matches!(joined, Some("&" | "and" | "und" | "et" | "y"))
}

/// Without the small and leading words in front.
fn after_leads(before: &str, mut start: usize, is_end: bool) -> usize {
    // A line that begins with the name keeps its article (`La Poste SA`).
    let is_whole = start == 0 && is_end;
    loop {
        let rest = before.get(start..).unwrap_or_default();
        let Some((word, tail)) = rest.split_once(char::is_whitespace) else { return start };
        let folded = fold(word.trim_end_matches([':', ',']));
        let is_label = matches!(
            folded.as_str(),
            "copyright" | "(c)" | "impressum" | "firma" | "imprint" | "inhaber" | "by" | "m/s"
        );
        if tail.trim().is_empty()
            || !LEADS.contains(&folded.as_str())
            || (is_whole && !is_label && word.starts_with(char::is_uppercase) && before.split_whitespace().count() <= 4)
        {
            return start;
        }
        start += rest.len() - tail.trim_start().len();
    }
}

/// Whether a word, read backwards from the form, belongs to the name.
fn belongs(word: &str, is_last: bool, is_short: bool) -> bool {
    if word.ends_with([':', ';', '|', '•', '·', '!', '?', '»', '”', '©', '®', '/']) && word.chars().count() > 1
    {
        return word.ends_with(['»', '”', '®']) && is_last;
    }
    if matches!(word, "–" | "—" | "-" | "|" | "©" | "/" | "•" | "·" | ":" | "→" | "®" | "(c)" | "(C)") {
        return false;
    }
    if word.ends_with(',') && !is_last || word.contains(is_unspaced) {
        return false;
    }
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let digits = word.chars().filter(char::is_ascii_digit).count();
    if word.ends_with('.') && letters > 5 {
        return false;
    }
    if letters == 0 && digits >= 4 || word.contains('@') || word.contains("://") {
        return false;
    }
    let first = word.trim_start_matches(['„', '"', '“', '«', '(', '\'', '’']).chars().next();
    let Some(first) = first else { return false };
    if first.is_lowercase() {
        return CONNECTORS.contains(&word) && !is_last
            || is_short && letters >= 3 && !CONNECTORS.contains(&word) && !LEADS.contains(&fold(word).as_str());
    }
    first.is_alphanumeric() || matches!(first, '&' | '+')
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

/// Length of a name in a script without blanks, up to a break or a particle.
fn unspaced_length(rest: &str) -> usize {
    let run = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '・' | 'ー' | '&' | '＆' | '-')));
    let run = rest.get(..run.unwrap_or(rest.len())).unwrap_or_default();
    let particle = run.char_indices().skip(2).find(|(at, c)| {
        matches!(c, 'は' | 'が' | 'の' | 'を' | 'に' | 'で' | 'と' | 'も')
            && run.get(at + c.len_utf8()..).is_some_and(|after| !after.is_empty())
    });
    particle.map_or(run.len(), |(at, _)| at)
}

/// What registers and tax offices call their numbers: the name ends before.
const REGISTERS: &[&str] =
    &["RCS", "SIRET", "SIREN", "TVA", "APE", "NAF", "CVR", "CVR-nr", "CIF", "NIF", "KVK", "KvK", "RSIN", "KRS", "NIP"];

/// Length of a name of capitalised words; scripts without capitals give up to
/// five words, and end at the form that closes them.
fn words_length(rest: &str, form: &str) -> usize {
    let is_korean = matches!(form, "주식회사" | "유한회사" | "(주)" | "㈜");
    let most = if is_korean { 1 } else { 5 };
    let is_latin = form.chars().all(|c| c.is_ascii_uppercase()) && form.len() > 2 || form.len() > 6;
    let mut length = 0;
    let mut words = rest.split_whitespace().take(if is_latin { 9 } else { most });
    while let Some(word) = words.next() {
        let plain = word.trim_end_matches([',', '.', ';', ':', ')']);
        let first = plain.chars().next();
        // `SARL Domaine de la Roche`: small words within the name.
        if is_latin && length > 0 && CONNECTORS.contains(&word) {
            let next = words.clone().find(|next| !CONNECTORS.contains(next));
            if next.is_some_and(|next| next.starts_with(char::is_uppercase)) {
                continue;
            }
        }
        if first.is_none_or(|c| c.is_lowercase() || !c.is_alphanumeric()) || is_latin && REGISTERS.contains(&plain) {
            break;
        }
        // Both are slices of `rest`: the distance is where the word ends.
        let at = word.as_ptr() as usize - rest.as_ptr() as usize;
        let plain = if is_korean && word.len() + at < rest.trim_end().len() { without_particle(plain) } else { plain };
        length = at + plain.len();
        if plain.len() < word.len() {
            break;
        }
    }
    length
}

/// A Korean word without the particle at its end.
fn without_particle(word: &str) -> &str {
    let shorter = ["에서", "는", "은", "의", "를", "을", "에"].iter().find_map(|particle| word.strip_suffix(particle));
    shorter.filter(|shorter| shorter.chars().count() >= 2).unwrap_or(word)
}

#[cfg(test)]
mod tests;
