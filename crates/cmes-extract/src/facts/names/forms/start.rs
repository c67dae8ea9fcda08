//! Where the name before a legal form begins.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::fold::{fold, is_unspaced};
use crate::words;

/// Most words of a name before its form.
const WORDS: usize = 9;

/// Where a name in a script without blanks begins: at the last break.
pub(super) fn unspaced_start(before: &str) -> usize {
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
pub(super) const CONNECTORS: &[&str] = &[
    "&", "+", "and", "und", "et", "y", "e", "i", "og", "och", "en", "ve", "of", "for", "de", "del", "della", "dei",
    "di", "da", "do", "dos", "das", "des", "du", "la", "le", "los", "las", "der", "die", "für", "van", "von", "zu",
    "zum", "zur", "am", "im", "in", "the", "dla", "na", "w", "z", "și", "a", "ja", "al", "el", "con", "per", "pour",
    "på", "till", "voor", "het", "u.", "és", "ir", "un", "bij", "uit", "te", "aan", "op",
];

/// Words that stand before a name and are none of it, folded.
static LEADS: LazyLock<HashSet<String>> =
    LazyLock::new(|| words::list(include_str!("../leads.txt")).iter().map(|word| fold(word)).collect());

/// Whether a word only leads to a name.
pub(super) fn is_lead(word: &str) -> bool {
    LEADS.contains(&fold(word))
}

/// Where the name before a form begins; walks back word by word.
pub(super) fn start_of_name(before: &str, is_end: bool) -> Option<usize> {
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
        if word.is_empty() || !is_part || is_uncased(word) && is_lead(word) {
            break;
        }
        in_brackets |= word.ends_with(')');
        start = rest.len() - word.len();
        words += 1;
        if BEGINNINGS.contains(&word) {
            break;
        }
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

/// Arabic and Persian for company and the like, with which a name begins.
const BEGINNINGS: &[&str] = &["شركة", "مؤسسة", "مجموعة", "مصنع", "شرکت"];

/// Whether a word is of a script without capitals, which could tell where a
/// name begins.
pub(super) fn is_uncased(word: &str) -> bool {
    word.starts_with(|c: char| matches!(c, '\u{590}'..='\u{6ff}'))
}

/// `SV Blau-Weiß 1921 e.V.`
fn is_founding_year(word: &str) -> bool {
    word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()) && (word.starts_with("18") || word.starts_with("19"))
}

/// `Smith, Jones & Partners LLP`: the first partner, at the beginning of the
/// text or after words that lead to a name.
fn is_partner(before: &str, rest: &str, start: usize) -> bool {
    let Some(name) = rest.strip_suffix(',') else { return false };
    let (lead, name) = name.rsplit_once(' ').unwrap_or(("", name));
    let is_first = lead.is_empty()
        || lead.ends_with(':')
        || matches!(lead.split(' ').next_back(), Some("jest" | "ist" | "est" | "es" | "è" | "is" | "je" | "er" | "by"));
    let is_word = name.chars().all(|c| c.is_alphabetic() || c == '-') && name.starts_with(char::is_uppercase);
    let joined = before.get(start..).unwrap_or_default().split_whitespace().nth(1);
    is_first && is_word && matches!(joined, Some("&" | "and" | "und" | "et" | "y" | "i" | "e" | "en" | "og" | "och"))
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
            || !LEADS.contains(&folded)
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
            || is_short && letters >= 3 && !CONNECTORS.contains(&word) && !is_lead(word);
    }
    first.is_alphanumeric() || matches!(first, '&' | '+')
}
