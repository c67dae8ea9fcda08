//! Where the name after a legal form ends.

use super::start::{CONNECTORS, is_uncased};

/// Length of a name in a script without blanks, up to a break or a particle.
pub(super) fn unspaced_length(rest: &str) -> usize {
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

/// Words that close a name in Arabic script.
const CLOSERS: &[&str] = &["المحدودة", "المحدوده", "محدودة", "القابضة", "المساهمة", "المقفلة"];

/// Words of sentences in Arabic script, which no name goes on with.
const SENTENCE_WORDS: &[&str] = &[
    "في",
    "من",
    "على",
    "إلى",
    "هي",
    "وهي",
    "عام",
    "منذ",
    "التي",
    "عن",
    "هو",
    "أن",
    "تأسست",
    "تقدم",
    "تعتبر",
    "تعد",
    "در",
    "از",
];

/// Length of a name in Arabic script, up to the words that close it. Without
/// those it ends with a sign or a word of the sentence; where neither is near,
/// nothing tells where it would.
fn uncased_length(rest: &str) -> usize {
    const MOST: usize = 6;
    let clause = rest.split([',', '،', '؛', ';', ':', '|', '(']).next().unwrap_or_default();
    let words: Vec<&str> = clause.split_whitespace().take(10).map(|word| word.trim_end_matches(['.', ')'])).collect();
    let closes = |word: &&str| CLOSERS.contains(word) || word.contains('.');
    let closed = words.iter().skip(1).position(closes).map(|at| at + 2);
    let closed = closed.map(|count| count + words.iter().skip(count).take_while(|word| closes(word)).count());
    let natural = words.iter().position(|word| SENTENCE_WORDS.contains(word)).unwrap_or(words.len());
    let count = closed.filter(|count| *count <= natural).unwrap_or(if natural <= MOST { natural } else { 0 });
    let last = count.checked_sub(1).and_then(|last| words.get(last));
    // Both are slices of `rest`: the distance is where the word ends.
    last.map_or(0, |word| word.as_ptr() as usize - rest.as_ptr() as usize + word.len())
}

/// Words of sentences in Vietnamese, whose names have small words within.
const VIETNAMESE_WORDS: &[&str] = &[
    "là", "được", "chuyên", "có", "tại", "với", "đã", "xin", "cam", "luôn", "hoạt", "cung", "mong", "hân", "trân",
    "để", "thành",
];

/// Length of a name in Vietnamese, where only the first word of an expression
/// has a capital (`Đầu tư và Phát triển`): up to a sign or the sentence.
fn vietnamese_length(rest: &str) -> usize {
    const MOST: usize = 14;
    let clause = rest.split([',', ';', ':', '|', '(', '.', '–', '©', '"']).next().unwrap_or_default();
    let clause = clause.split(" - ").next().unwrap_or_default();
    let is_part =
        |word: &&str| !VIETNAMESE_WORDS.contains(word) && word.starts_with(|c: char| c.is_alphabetic() || c == '&');
    let words: Vec<&str> = clause.split_whitespace().take_while(is_part).take(MOST + 1).collect();
    let last = words.last().filter(|_| words.len() <= MOST);
    last.map_or(0, |word| word.as_ptr() as usize - rest.as_ptr() as usize + word.len())
}

/// Length of a name of capitalised words; scripts without capitals give up to
/// five words, and end at the form that closes them.
pub(super) fn words_length(rest: &str, form: &str) -> usize {
    if is_uncased(form) {
        return uncased_length(rest);
    }
    if form.starts_with(['C', 'c']) && !form.is_ascii() {
        return vietnamese_length(rest);
    }
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
        if first.is_none_or(|c| is_small(c) || !c.is_alphanumeric()) || is_latin && REGISTERS.contains(&plain) {
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

/// Whether a word that begins so is none of a name; Georgian has no capitals in
/// use, though Unicode has them.
fn is_small(c: char) -> bool {
    c.is_lowercase() && !matches!(c, '\u{10d0}'..='\u{10ff}')
}

/// A Korean word without the particle at its end.
fn without_particle(word: &str) -> &str {
    let shorter = ["에서", "는", "은", "의", "를", "을", "에"].iter().find_map(|particle| word.strip_suffix(particle));
    shorter.filter(|shorter| shorter.chars().count() >= 2).unwrap_or(word)
}
