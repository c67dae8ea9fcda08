//! Candidates for telephone numbers in a line of text.

use super::number::digit;

/// A run of digits that may be a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends, its extension included.
    pub end: usize,
    /// The number as written, without extension.
    pub written: String,
    /// Digits of the extension.
    pub extension: String,
    /// Written with `+` or `00`.
    pub international: bool,
    /// Looks like something else (a date, an amount, an IP address, a part of
    /// a longer code) unless a label says that it is a telephone.
    pub doubtful: bool,
}

/// Most digits in one run; longer ones are tables of data.
const LONGEST: usize = 60;

/// All candidates, in order.
pub(crate) fn scan(line: &str) -> Vec<Candidate> {
    if line.chars().filter(|c| digit(*c).is_some()).take(6).count() < 6 {
        return Vec::new();
    }
    let chars: Vec<(usize, char)> = line.char_indices().collect();
    let mut out = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if starts(&chars, at) {
            let end = run(&chars, at);
            split(line, &chars, at..end, &mut out);
            at = end.max(at + 1);
        } else {
            at += 1;
        }
    }
    out
}

fn is_digit(chars: &[(usize, char)], at: usize) -> bool {
    chars.get(at).is_some_and(|(_, c)| digit(*c).is_some())
}

fn is_plus(chars: &[(usize, char)], at: usize) -> bool {
    matches!(chars.get(at), Some((_, '+' | '＋')))
}

fn starts(chars: &[(usize, char)], at: usize) -> bool {
    let next_is_number = |from: usize| is_digit(chars, from) || (is_plus(chars, from) && is_digit(chars, from + 1));
    match chars.get(at).map(|(_, c)| *c) {
        Some('(' | '（' | '[') => next_is_number(at + 1),
        Some('+' | '＋') => {
            is_digit(chars, at + 1) || (matches!(chars.get(at + 1), Some((_, ' ' | '('))) && is_digit(chars, at + 2))
        }
        Some(c) => digit(c).is_some(),
        None => false,
    }
}

fn is_separator(c: char) -> bool {
    matches!(
        c,
        ' ' | '-' | '.' | '/' | '(' | ')' | '（' | '）' | '[' | ']' | '‐'
            ..='―' | '−' | 'ー' | '－' | '·' | '∙' | '•' | '\u{a0}' | '⁄' | '／' | '．'
    )
}

/// The end of the run of digits and separators that begins at `at`.
fn run(chars: &[(usize, char)], at: usize) -> usize {
    let mut end = at;
    let mut next = at + usize::from(!is_digit(chars, at));
    if is_plus(chars, next) {
        next += 1;
    }
    let mut digits = 0;
    while let Some((_, c)) = chars.get(next) {
        if digit(*c).is_some() {
            end = next + 1;
            digits += 1;
        } else if !is_separator(*c) || next - end >= 4 {
            break;
        }
        if digits > LONGEST {
            return skip_digits(chars, end);
        }
        next += 1;
    }
    end
}

/// A run that is too long is passed over as a whole.
fn skip_digits(chars: &[(usize, char)], from: usize) -> usize {
    chars
        .iter()
        .skip(from)
        .position(|(_, c)| digit(*c).is_none() && !is_separator(*c))
        .map_or(chars.len(), |length| from + length)
}

/// Splits a run where one number ends and the next begins.
fn split(line: &str, chars: &[(usize, char)], run: std::ops::Range<usize>, out: &mut Vec<Candidate>) {
    let mut piece = run.start;
    let mut at = run.start;
    while at < run.end {
        let strong = chars.get(at).is_some_and(|(_, c)| matches!(c, '/' | '-' | '–' | '—' | '·' | '•' | '／' | '∙'))
            && (is_blank(chars, at.wrapping_sub(1)) || matches!(chars.get(at), Some((_, '/' | '／'))));
        let digits = |range: std::ops::Range<usize>| range.filter(|i| is_digit(chars, *i)).count();
        if strong && at > piece && at - piece < 40 && digits(piece..at) >= 7 && digits(at..run.end.min(at + 40)) >= 7 {
            push(line, chars, piece..at, run.start, out);
            piece = at + 1;
            while matches!(chars.get(piece), Some((_, ' '))) {
                piece += 1;
            }
            at = piece;
        } else {
            at += 1;
        }
    }
    let end = other_line(chars, &(piece..run.end)).unwrap_or(run.end);
    push(line, chars, piece..end, run.start, out);
}

/// Where the last digits of further lines begin: `04-841 0142 / 3`.
fn other_line(chars: &[(usize, char)], piece: &std::ops::Range<usize>) -> Option<usize> {
    let slash = piece.clone().rev().find(|at| matches!(chars.get(*at), Some((_, '/' | '／'))))?;
    let digits = |range: std::ops::Range<usize>| range.filter(|at| is_digit(chars, *at)).count();
    let international = (piece.start..slash).any(|at| is_plus(chars, at));
    let whole = digits(piece.start..slash) >= if international { 9 } else { 7 };
    (whole && digits(slash..piece.end) <= 2).then_some(slash)
}

fn is_blank(chars: &[(usize, char)], at: usize) -> bool {
    matches!(chars.get(at), Some((_, ' ')))
}

fn push(line: &str, chars: &[(usize, char)], piece: std::ops::Range<usize>, run: usize, out: &mut Vec<Candidate>) {
    let offset = |at: usize| chars.get(at).map_or(line.len(), |(offset, _)| *offset);
    let piece = piece.start..unclosed(chars, &piece).unwrap_or(piece.end);
    let last = piece.clone().rev().find(|at| is_digit(chars, *at)).map_or(piece.start, |at| at + 1);
    let (start, end) = (offset(piece.start), offset(last));
    let written = line.get(start..end).unwrap_or_default().to_owned();
    let count = written.chars().filter(|c| digit(*c).is_some()).count();
    if !(6..=20).contains(&count) {
        return;
    }
    let rest = line.get(end..).unwrap_or_default();
    let (extension, length) = extension(rest);
    let rest = rest.get(length..).unwrap_or_default();
    let glued = (piece.start == run && glued_before(line, start)) || glued_behind(rest);
    let international = written.trim_start_matches(['(', '[', '（']).starts_with(['+', '＋'])
        || (super::number::clean(&written).starts_with("00") && count >= 11);
    let doubtful = glued || looks_otherwise(&written, rest);
    out.push(Candidate { start, end: end + length, written, extension, international, doubtful });
}

/// Where a bracket opens behind a whole number and is not closed within the
/// run: a remark follows, as in `0445 576012 (4 lines)`.
fn unclosed(chars: &[(usize, char)], piece: &std::ops::Range<usize>) -> Option<usize> {
    let open = piece.clone().rev().find(|at| matches!(chars.get(*at), Some((_, '(' | '（' | '['))))?;
    let closed = (open..piece.end).any(|at| matches!(chars.get(at), Some((_, ')' | '）' | ']'))));
    let digits = (piece.start..open).filter(|at| is_digit(chars, *at)).count();
    (!closed && digits >= 6).then_some(open)
}

/// Whether what stands right before makes it a part of something longer.
fn glued_before(line: &str, start: usize) -> bool {
    let mut before = line.get(..start).unwrap_or_default().chars().rev();
    let Some(last) = before.next() else { return false };
    match last {
        '#' | '=' | '@' | '_' | '&' | '£' | '€' | '$' | '¥' | '%' | '<' | '>' | '~' | '±' | '×' | '*' | '№' => {
            true
        }
        '-' | '/' | '.' | ',' => before.next().is_some_and(|c| match last {
            ',' => c.is_numeric(),
            '.' => c.is_ascii_digit(),
            _ => c.is_alphanumeric() && !is_unspaced(c),
        }),
        c => c.is_alphanumeric() && !is_unspaced(c),
    }
}

/// Scripts that put no blank between words.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{e7f}' | '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}')
}

const UNITS: &[&str] = &[
    "mm",
    "cm",
    "m",
    "km",
    "kg",
    "g",
    "t",
    "l",
    "ml",
    "m²",
    "m2",
    "m³",
    "qm",
    "sqm",
    "ft",
    "€",
    "eur",
    "euro",
    "usd",
    "$",
    "£",
    "gbp",
    "chf",
    "pln",
    "zł",
    "kr",
    "sek",
    "руб",
    "₽",
    "円",
    "元",
    "원",
    "%",
    "stück",
    "stk",
    "pcs",
    "szt",
    "uhr",
    "h",
    "hrs",
    "°c",
    "v",
    "kw",
    "kwh",
    "w",
    "hz",
    "bar",
    "rpm",
    "mw",
    "gb",
    "mb",
    "st",
    "am",
    "pm",
    "mio",
    "million",
    "mrd",
    "millionen",
];

/// Whether what follows makes it an amount, or a part of something longer.
fn glued_behind(rest: &str) -> bool {
    let mut chars = rest.chars();
    match chars.next() {
        None => false,
        Some('€' | '$' | '£' | '%' | '°' | '@' | '_' | '²' | '³' | '=' | '&' | '″' | '×') => true,
        Some(',' | '.' | ':') => chars.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) if c.is_alphanumeric() => {
            !is_unspaced(c) || matches!(c, '円' | '元' | '원' | '万' | '億' | '年' | '号' | '號')
        }
        Some(' ') => {
            let word = chars.as_str().split([' ', ',', ';', ')']).next().unwrap_or_default();
            word.len() <= 12 && UNITS.contains(&word.trim_end_matches('.').to_lowercase().as_str())
        }
        Some(_) => false,
    }
}

/// Dates, years, IP addresses, coordinates, amounts.
fn looks_otherwise(written: &str, rest: &str) -> bool {
    let groups: Vec<&str> = written.split(|c: char| digit(c).is_none()).filter(|group| !group.is_empty()).collect();
    let separators: String = written.trim().chars().filter(|c| digit(*c).is_none()).collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.chars().count()).collect();
    let value = |at: usize| groups.get(at).and_then(|group| group.parse::<u32>().ok()).unwrap_or(u32::MAX);
    let year = |at: usize| lengths.get(at) == Some(&4) && (1800..2100).contains(&value(at));
    let date = match lengths.as_slice() {
        [1..=2, 1..=2, 4, ..] => year(2) && value(0) <= 31 && value(1) <= 31,
        [4, 1..=2, 1..=2, ..] => year(0) && value(1) <= 12 && value(2) <= 31 && !separators.contains('('),
        [4, 4] => year(0) && year(1),
        [4, 2] => year(0),
        _ => false,
    };
    let dots = separators.chars().all(|c| c == '.');
    let address = dots && groups.len() == 4 && lengths.iter().all(|l| *l <= 3) && (0..4).all(|at| value(at) <= 255);
    let amount = dots
        && groups.len() >= 2
        && lengths.first().is_some_and(|l| *l <= 3)
        && lengths.iter().skip(1).all(|l| *l == 3)
        && rest.starts_with([',', ' '])
        && !written.starts_with('0');
    let decimal = dots
        && groups.len() == 2
        && lengths.first().is_some_and(|l| *l <= 3)
        && rest.starts_with([',', ' ', '°'])
        && rest.trim_start_matches([',', ' ', '°', '-']).chars().take(10).filter(|c| *c == '.').count() == 1
        && rest.trim_start_matches([',', ' ', '°', '-']).starts_with(|c: char| c.is_ascii_digit());
    date || address || amount || decimal || is_hours(written)
}

/// Opening hours: `09.00–17.00`.
fn is_hours(written: &str) -> bool {
    let time = |text: &str| {
        let (hours, minutes) = text.trim().split_once(['.', ':']).unwrap_or(("", ""));
        let value = |text: &str| text.parse::<u32>().unwrap_or(u32::MAX);
        hours.len() <= 2 && minutes.len() == 2 && value(hours) <= 24 && value(minutes) < 60
    };
    written.split_once(['-', '–', '—']).is_some_and(|(from, to)| time(from) && time(to))
}

const EXTENSION_WORDS: &[&str] = &[
    "extension",
    "ext.",
    "ext",
    "extn.",
    "extn",
    "durchwahl",
    "dw.",
    "dw",
    "apparat",
    "app.",
    "poste",
    "interno",
    "int.",
    "anexo",
    "ramal",
    "доб.",
    "доб",
    "добавочный",
    "вн.",
    "внутр.",
    "内線",
    "内线",
    "分机",
    "轉",
    "转",
    "내선",
    "wew.",
    "wewn.",
    "toestel",
    "tst.",
    "klapka",
    "kl.",
    "anknytning",
    "anslutning",
    "lok.",
    "dahili",
    "داخلي",
    "تحويلة",
    "x",
    "×",
    "#",
    "extensión",
    "mellék",
    "εσωτ.",
    "εσωτ",
    "εσωτερικό",
    "שלוחה",
    "вътр.",
    "вътр",
    "дод.",
    "дод",
    "внутренний",
    "linka",
    "kućni",
    "máy lẻ",
    "ต่อ",
    "lokal",
    "lok",
    "alanumero",
    "internnr",
    "داخلی",
    "тел. доб.",
    "bağlantı",
];

/// Words for an extension that stand behind it: `/12 mellék`.
const BEHIND_EXTENSION: &[&str] =
    &["mellék", "-es mellék", "-as mellék", "-os mellék", "-ös mellék", "es mellék", "as mellék"];

/// The extension that follows, and how many bytes it takes.
fn extension(rest: &str) -> (String, usize) {
    let none = (String::new(), 0);
    let head = crate::page::prefix(rest, 48);
    let trimmed = head.trim_start_matches([' ', ',', ';', '(', '（', '/', '-', '–']);
    if head.len() - trimmed.len() > 4 {
        return none;
    }
    let Some(length) = EXTENSION_WORDS.iter().filter_map(|word| starts_with(trimmed, word)).max() else {
        return extension_before_word(head, trimmed).unwrap_or(none);
    };
    let after = trimmed.get(length..).unwrap_or_default();
    let value = after.trim_start_matches([' ', '.', ':', '：', '-', '–', '.']);
    let digits: String = value.chars().map_while(digit).collect();
    let bytes: usize = value.chars().take_while(|c| digit(*c).is_some()).map(char::len_utf8).sum();
    let more = value.get(bytes..).and_then(|rest| rest.chars().next());
    if !(1..=6).contains(&digits.len()) || more.is_some_and(|c| c.is_alphanumeric() && !is_unspaced(c)) {
        return none;
    }
    (digits, head.len() - value.len() + bytes)
}

/// The extension that a short text gives without the number that it belongs to:
/// `Ann Lee (int. 14)`, `x204`.
pub(crate) fn bare_extension(text: &str) -> Option<String> {
    if text.len() > 120 || !text.chars().any(|c| digit(c).is_some()) {
        return None;
    }
    let starts = text.char_indices().filter(|(at, c)| {
        let before = text.get(..*at).and_then(|before| before.chars().next_back());
        (c.is_alphabetic() || *c == '#') && before.is_none_or(|before| !before.is_alphanumeric() || is_unspaced(before))
    });
    // `Durchwahl -11` takes the place of the last digits, which nobody marks.
    let marked =
        |from: &str| from.split(|c: char| digit(c).is_some()).next().is_some_and(|word| !word.ends_with(['-', '–']));
    let found = starts
        .filter_map(|(at, _)| text.get(at..).filter(|from| marked(from)))
        .map(|from| extension(from).0)
        .find(|digits| digits.len() >= 2)?;
    scan(text).is_empty().then_some(found)
}

/// `12 mellék`: the extension stands before its word.
fn extension_before_word(head: &str, trimmed: &str) -> Option<(String, usize)> {
    let digits: String = trimmed.chars().map_while(digit).take(5).collect();
    let rest = trimmed.get(digits.len()..).filter(|_| (1..=4).contains(&digits.len()))?;
    let word = rest.trim_start();
    let length = BEHIND_EXTENSION.iter().filter_map(|behind| starts_with(word, behind)).max()?;
    Some((digits, head.len() - word.len() + length))
}

/// The length of `word` if the text begins with it, in any case.
fn starts_with(text: &str, word: &str) -> Option<usize> {
    let mut length = 0;
    let mut chars = text.chars();
    for expected in word.chars() {
        let c = chars.next()?;
        if !c.to_lowercase().eq(expected.to_lowercase()) {
            return None;
        }
        length += c.len_utf8();
    }
    Some(length)
}
