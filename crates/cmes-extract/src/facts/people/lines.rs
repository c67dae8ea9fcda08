//! Names and titles that stand together in one line of text.

use std::sync::LazyLock;

use super::{name, titles};
use crate::facts::phones::scan;
use crate::words::Lists;

/// A person as a line names them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Named {
    /// The name.
    pub name: String,
    /// The job title; empty when the line only says whom they represent.
    pub title: String,
    /// The title stands first with a colon, as in imprints (`Owner: Ann Lee`).
    pub announced: bool,
    /// Where the name begins in the line.
    pub at: usize,
}

/// What a part of a line is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Name(Vec<String>),
    Title,
    /// `Vertreten durch`: somebody follows whose job is not said.
    Represents,
    Both(Named),
    Other,
}

/// A part of a line between separators.
struct Segment<'a> {
    text: &'a str,
    /// Where it begins in the line.
    start: usize,
    /// The separator before it.
    before: char,
    part: Part,
}

/// Longest line looked into.
const LONGEST: usize = 1_500;

/// The people whom a line names with their titles.
pub(crate) fn read(line: &str) -> Vec<Named> {
    if line.len() > LONGEST
        || titles::is_vacancy(line) && !line.contains(['：', ':'])
        || line.starts_with(['—', '–', '"', '“', '„', '«', '»', '―'])
        || line.contains(['“', '„', '”'])
    {
        return Vec::new();
    }
    let segments = segments(line);
    if segments.len() == 1 && !segments.iter().any(|segment| matches!(segment.part, Part::Both(_))) {
        return Vec::new();
    }
    let prose = line.chars().count() > 160
        || segments.iter().filter(|s| s.part == Part::Other).any(|s| s.text.split_whitespace().count() > 7);
    let mut out = Vec::new();
    let mut at = 0;
    let mut pending: Option<String> = None;
    while let Some(segment) = segments.get(at) {
        let offered = segment.before == ':'
            && at.checked_sub(1).and_then(|at| segments.get(at)).is_some_and(|before| titles::is_vacancy(before.text));
        at += 1;
        if offered {
            continue;
        }
        match &segment.part {
            Part::Both(named)
                if !prose || segment.before == ':' || named.title.is_empty() || is_first(&segments, at) =>
            {
                let announced = segment.before == ':' || named.announced;
                out.push(Named { at: segment.start, announced, ..named.clone() });
            }
            Part::Both(_) => {}
            Part::Represents => pending = Some(String::new()),
            Part::Title => {
                let names_follow = segments.get(at).is_some_and(|next| matches!(next.part, Part::Name(_)));
                let colon = segments.get(at).is_some_and(|next| next.before == ':');
                if names_follow && (colon || !prose) {
                    pending = Some(clean(segment.text));
                }
            }
            Part::Name(names) => {
                let (title, used) = following_title(line, &segments, at);
                match (title, &pending) {
                    (Some(title), before)
                        if before.as_ref().is_none_or(String::is_empty) && !(prose && pending.is_none()) =>
                    {
                        out.extend(names.iter().map(|name| named(name, &title, segment, pending.is_some())));
                        at += used;
                    }
                    (_, Some(title)) => out.extend(names.iter().map(|name| named(name, title, segment, true))),
                    _ => {}
                }
            }
            Part::Other => {
                if !is_contact(segment.text) {
                    pending = None;
                }
            }
        }
    }
    out
}

fn named(name: &str, title: &str, segment: &Segment<'_>, announced: bool) -> Named {
    Named { name: name.to_owned(), title: title.to_owned(), announced, at: segment.start }
}

fn is_first(segments: &[Segment<'_>], at: usize) -> bool {
    at == 1 && segments.len() <= 4
}

fn is_contact(text: &str) -> bool {
    text.contains('@') || text.chars().filter(char::is_ascii_digit).count() >= 5
}

/// The title right behind a name; several joined by commas are one.
fn following_title(line: &str, segments: &[Segment<'_>], at: usize) -> (Option<String>, usize) {
    // Degrees may stand between: `Ann Lee, PhD, Director`.
    let degrees = segments.iter().skip(at).take_while(|s| s.before == ',' && name::is_degree(s.text)).count();
    let at = at + degrees;
    let Some(first) = segments.get(at).filter(|next| next.part == Part::Title && next.before != ':') else {
        return (None, 0);
    };
    // `Name, Title: Name` – the title belongs to what follows.
    if segments.get(at + 1).is_some_and(|next| next.before == ':' && !is_contact(next.text)) {
        return (None, 0);
    }
    let more = segments
        .iter()
        .skip(at + 1)
        .take_while(|s| s.part == Part::Title && matches!(s.before, ',' | '&' | '/' | '、'))
        .count();
    let last = segments.get(at + more).unwrap_or(first);
    let text = line.get(first.start..last.start + last.text.len()).unwrap_or(first.text);
    (Some(clean(text)), degrees + more + 1)
}

/// The parts of a line between separators.
fn segments(line: &str) -> Vec<Segment<'_>> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut before = ' ';
    let mut previous = ' ';
    let chars: Vec<(usize, char)> = line.char_indices().collect();
    for (at, (offset, c)) in chars.iter().enumerate() {
        let next = chars.get(at + 1).map_or(' ', |(_, c)| *c);
        let kind = match c {
            ':' | '：' => ':',
            ',' | '，' | '،' => ',',
            ';' | '；' | '؛' | '。' | '|' | '｜' | '·' | '•' | '・' | '(' | ')' | '（' | '）' | '[' | ']' | '→' => {
                '|'
            }
            '、' => '、',
            '–' | '—' | '-' | '‐' | '―' | '－' if previous == ' ' && next == ' ' => '-',
            '/' if previous == ' ' || next == ' ' => '/',
            _ => {
                previous = *c;
                continue;
            }
        };
        previous = *c;
        if kind == ':' && next == '/' || kind == '|' && *c == '・' && !is_title_before(line, start, *offset) {
            continue;
        }
        push(line, start, *offset, before, &mut out);
        start = offset + c.len_utf8();
        before = kind;
    }
    push(line, start, line.len(), before, &mut out);
    out
}

/// The middle dot separates a title from a name, but also parts of foreign names.
fn is_title_before(line: &str, start: usize, end: usize) -> bool {
    line.get(start..end).is_some_and(titles::is_title)
}

fn push<'a>(line: &'a str, start: usize, end: usize, before: char, out: &mut Vec<Segment<'a>>) {
    let text = line.get(start..end).unwrap_or_default();
    let lead = text.len() - text.trim_start().len();
    let text = without_contact(text.trim());
    if !text.is_empty() {
        out.push(Segment { text, start: start + lead, before, part: part(text) });
    }
}

/// What is before the labels, numbers and addresses at the end of a part.
fn without_contact(text: &str) -> &str {
    let mut rest = text;
    while let Some((head, last)) = rest.rsplit_once(' ') {
        let year = last.trim_end_matches('.');
        let year = year.len() == 4 && (year.starts_with("19") || year.starts_with("20"));
        let contact = last.contains('@')
            || !year && last.chars().filter(|c| c.is_numeric()).count() >= 3
            || last.chars().count() > 1 && is_label(last);
        if !contact {
            break;
        }
        rest = head.trim_end();
    }
    rest
}

fn is_label(word: &str) -> bool {
    use crate::facts::phones::labels::{Label, before};
    matches!(before(word), Some(Label::Phone | Label::Mobile | Label::Fax))
        || matches!(word, "E-Mail" | "Email" | "email" | "邮箱" | "メール" | "이메일" | "e-mail" | "Mail")
}

fn part(text: &str) -> Part {
    if text.len() > 160 {
        return Part::Other;
    }
    if let Some(names) = names(text) {
        return Part::Name(names);
    }
    if let Some(named) = title_and_name(text) {
        return Part::Both(named);
    }
    // `Vertretungsberechtigte Geschäftsführer` says the job as well.
    if titles::represents(text) && text.split_whitespace().count() <= 10 && !(has_job(text) && titles::is_title(text)) {
        return Part::Represents;
    }
    if titles::is_title(text) {
        return Part::Title;
    }
    Part::Other
}

const AND: &[&str] = &[
    " und ",
    " and ",
    " et ",
    " y ",
    " e ",
    " i ",
    " и ",
    " og ",
    " och ",
    " en ",
    " ja ",
    " & ",
    " und die ",
    " sowie ",
    " ve ",
    " a ",
];

static ANDS: LazyLock<Lists<()>> = LazyLock::new(|| Lists::new([((), AND)]));

/// One name, or several joined by “and”.
pub(crate) fn names(text: &str) -> Option<Vec<String>> {
    let several = ANDS.all(text).next().is_some();
    for and in AND.iter().filter(|_| several) {
        if text.contains(and) {
            let all: Option<Vec<String>> = text.split(and).map(name::read).collect();
            if let Some(all) = all.filter(|all| all.iter().all(|name| name.contains(' '))) {
                return Some(all);
            }
        }
    }
    name::read(text).map(|name| vec![name])
}

/// The names at the beginning of a line that goes on with contact data or a
/// remark in parentheses: `Max Müller, Durchwahl 12`, `Max Müller (Mo–Fr)`.
pub(crate) fn leading_names(line: &str) -> Option<Vec<String>> {
    let goes_on = || is_contact(line) || line.contains(['(', '（']) || scan::bare_extension(line).is_some();
    if line.len() > 240 || line.chars().count() > 120 || !goes_on() {
        return None;
    }
    let segments = segments(line);
    let (first, rest) = segments.split_first()?;
    let Part::Name(names) = &first.part else { return None };
    // The first word of the rest is that of a remark or a number, not of a title.
    let whole = line.trim().len() == first.text.len();
    let behind = line.get(first.start + first.text.len()..).unwrap_or_default();
    let contact = is_contact(behind) || scan::bare_extension(behind).is_some();
    let remark = behind.trim_start().starts_with(['(', '（']) && behind.trim_end().ends_with([')', '）']);
    let plain = rest.iter().all(|segment| matches!(segment.part, Part::Other));
    (whole || plain && (contact || remark)).then(|| names.clone())
}

/// A name, one separator and a few words, whatever they mean: the words with
/// the separator before them.
pub(crate) fn name_and_rest(line: &str) -> Option<(String, &str, char)> {
    let parted = line.contains([',', '，', '(', '（', '–', '—', '-', '|', '·', '•', '/', ';']);
    if !parted || line.len() > 200 || line.chars().count() > 100 {
        return None;
    }
    match segments(line).as_slice() {
        [Segment { part: Part::Name(names), .. }, rest] if rest.part == Part::Other || rest.part == Part::Title => {
            let [name] = names.as_slice() else { return None };
            let whole = line.get(rest.start..)?.trim().trim_end_matches([')', '）']);
            (whole == rest.text && rest.before != ':').then(|| (name.clone(), rest.text, rest.before))
        }
        _ => None,
    }
}

/// `Geschäftsführer Max Müller`, `Max Müller Geschäftsführer`, without a separator.
fn title_and_name(text: &str) -> Option<Named> {
    let words: Vec<(usize, &str)> = text
        .split(' ')
        .scan(0, |at, word| {
            let start = *at;
            *at += word.len() + 1;
            Some((start, word))
        })
        .collect();
    if !(2..=12).contains(&words.len()) || !(titles::represents(text) || titles::has_word(text)) {
        return None;
    }
    for (at, _) in words.iter().skip(1) {
        let (head, tail) = text.split_at_checked(*at)?;
        if tail.split(' ').count() > 5 {
            continue;
        }
        let head = without_verb(head);
        let title = titles::is_title(head);
        let represents = titles::represents(head);
        if !(title || represents) || head.trim_end().ends_with(',') || is_open(head) {
            continue;
        }
        if let Some(name) = name::read(tail) {
            let title = if represents && !has_job(head) { String::new() } else { clean(head) };
            return Some(Named { name, title, announced: represents, at: 0 });
        }
    }
    // In scripts with capitals a title may be taken for a name (`Trade Counter
    // Assistant`), so there this order counts only for titles in small letters.
    let unspaced = text.chars().any(titles::is_unspaced);
    for (at, word) in words.iter().skip(if unspaced { 1 } else { 2 }).take(3) {
        let (head, tail) = text.split_at_checked(*at)?;
        let begins = unspaced || titles::is_word(&word.to_lowercase()) && !word.starts_with(char::is_uppercase);
        if begins
            && titles::is_title(tail)
            && let Some(name) = name::read(head)
        {
            return Some(Named { name, title: clean(tail), ..Named::default() });
        }
    }
    None
}

/// `Le directeur de la publication` of `Le directeur de la publication est`.
fn without_verb(head: &str) -> &str {
    let head = head.trim_end();
    let (before, last) = head.rsplit_once(' ').unwrap_or(("", head));
    let is_verb = matches!(last, "est" | "ist" | "is" | "è" | "es" | "é" | "är" | "er" | "jest" | "on" | "este");
    if is_verb && before.contains(' ') { before } else { head }
}

/// Whether a title goes on: `Head of` Data Science.
fn is_open(title: &str) -> bool {
    let last = title.trim_end().rsplit(' ').next().unwrap_or_default().to_lowercase();
    let opens = [
        "of", "for", "für", "de", "du", "des", "di", "del", "della", "do", "da", "voor", "van", "av", "af", "för",
        "til", "till", "to", "and", "und", "et", "y", "&", "von", "im", "in", "for the", "ds.", "pro", "per",
    ];
    opens.contains(&last.as_str())
}

fn has_job(text: &str) -> bool {
    text.to_lowercase().split_whitespace().skip(1).any(titles::is_word)
}

/// Words before a title that are not part of it.
const LEADS: &[&str] = &[
    "vertreten durch",
    "gesetzlich vertreten durch",
    "vertretungsberechtigter",
    "vertretungsberechtigte",
    "represented by",
    "représentée par",
    "représenté par",
    "representada por",
    "rappresentata da",
    "reprezentowana przez",
    "unser",
    "unsere",
    "our",
    "notre",
    "nuestro",
    "nuestra",
    "il nostro",
    "la nostra",
    "the",
    "den",
    "die",
    "der",
    "das",
    "dem",
    "its",
    "son",
    "sa",
    "ihre",
    "ihr",
    "le",
    "la",
    "el",
    "durch",
    "w osobie",
    "alleinvertretungsberechtigter",
    "einzelvertretungsberechtigter",
    "в лице",
    "von",
    "in persona del",
    "dal",
    "ihren",
];

/// The title as it is returned.
pub(crate) fn clean(text: &str) -> String {
    let mut text = text.trim().trim_matches(|c: char| {
        matches!(c, ':' | ',' | ';' | '–' | '—' | '-' | '|' | '·' | '：' | '(' | ')' | '（' | '）' | '•' | ' ' | '/')
    });
    let mut again = true;
    while again {
        again = false;
        for lead in LEADS {
            let head = text.get(..lead.len()).map(str::to_lowercase);
            if head.as_deref() == Some(*lead) && text.get(lead.len()..).is_some_and(|rest| rest.starts_with([' ', ':']))
            {
                text = text.get(lead.len()..).unwrap_or_default().trim_start_matches([' ', ':']);
                again = true;
            }
        }
    }
    text.trim().to_owned()
}
