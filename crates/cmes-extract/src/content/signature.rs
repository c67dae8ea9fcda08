//! The end of a message: who writes, in what position, for which company, and
//! where to reach them.

use std::sync::LazyLock;

use crate::facts::names;
use crate::facts::people::{lines, matching, name, titles};
use crate::facts::phones::{labels::Label, spoken};
use crate::words;

/// What stands below a message.
#[derive(Clone, Debug, Default)]
pub(super) struct Signature {
    /// The lines from the closing words on.
    pub start: usize,
    pub end: usize,
    /// Name, title and the line in which the name stands.
    pub person: Option<(String, String, String)>,
}

/// Words with which letters end, see the file.
static CLOSINGS: LazyLock<Vec<String>> = LazyLock::new(|| words::list(include_str!("closings.txt")));

/// Whether a line closes a message.
fn closes(line: &str) -> bool {
    let line = line.trim();
    if line.is_empty() || line.chars().count() > 80 {
        return false;
    }
    let lower = line.to_lowercase();
    let bare = lower.trim_end_matches(|c: char| !c.is_alphanumeric());
    CLOSINGS.iter().any(|words| match words.strip_prefix('=') {
        Some(whole) => bare == whole,
        None => lower.strip_prefix(words.as_str()).is_some_and(|rest| {
            rest.chars().count() <= 40
                && (words.ends_with([',', '.', '!'])
                    || rest.chars().next().is_none_or(|c| !c.is_alphanumeric())
                    || words.chars().any(titles::is_unspaced))
        }),
    })
}

const LONGEST: usize = 30;

/// Finds the signature of a message. `sender` is the name in its header.
pub(super) fn find(text: &[String], sender: &str) -> Option<Signature> {
    let end = text.iter().rposition(|line| !line.trim().is_empty())? + 1;
    let lines = text.get(..end)?;
    let delimiter = lines.iter().rposition(|line| matches!(line.trim_end_matches('\r'), "-- " | "--"));
    let from = end.saturating_sub(60);
    let closing = (from..end).rev().find(|at| lines.get(*at).is_some_and(|line| closes(line)));
    let closing = match (closing, delimiter) {
        // A closing word below the delimiter belongs to the disclaimer.
        (Some(closing), Some(delimiter)) if closing > delimiter => {
            (from..delimiter).rev().find(|at| lines.get(*at).is_some_and(|line| closes(line)))
        }
        (closing, _) => closing,
    };
    let start = match (closing, delimiter) {
        (Some(closing), _) => Some(closing),
        (None, Some(delimiter)) => Some(delimiter),
        (None, None) => named(lines, sender),
    };
    let start = start.or_else(|| trailing(lines))?;
    let end = end.min(start + LONGEST + 1);
    let lines = lines.get(start..end)?;
    Some(Signature { start, end, person: person(lines, sender) })
}

/// A line near the end that is the sender's name, or a name followed by a
/// title or contact data.
fn named(lines: &[String], sender: &str) -> Option<usize> {
    let from = lines.len().saturating_sub(20);
    let tells = |at: usize| lines.iter().skip(at + 1).take(4).any(|line| titles::is_title(line) || is_detail(line));
    (from..lines.len()).find(|at| {
        lines.get(*at).is_some_and(|line| {
            let who = stripped(line);
            let found = name::read(who).is_some_and(|name| shares_word(&name, sender) || tells(*at));
            found || (!lines::read(who).is_empty() && tells(*at))
        })
    })
}

/// The last lines, if they hold contact data.
fn trailing(lines: &[String]) -> Option<usize> {
    let from = lines.len().saturating_sub(8);
    let start = lines
        .iter()
        .enumerate()
        .skip(from)
        .rev()
        .take_while(|(_, line)| !line.trim().is_empty())
        .last()
        .map(|(at, _)| at)?;
    let block = lines.get(start..)?;
    (block.len() > 1
        && block.iter().filter(|line| is_detail(line)).count() >= 1
        && block.iter().all(|line| line.chars().count() < 120))
    .then_some(start)
}

fn is_detail(line: &str) -> bool {
    line.contains('@') && line.chars().count() < 100
        || line.chars().filter(|c| c.is_numeric()).count() >= 7 && line.chars().count() < 100
        || line.trim_start().starts_with("www.")
        || line.trim_start().starts_with("http")
}

/// `i. V. Max Muster`, `ppa.`: who signs for the company says so.
fn stripped(line: &str) -> &str {
    let mut rest =
        line.trim().trim_start_matches(['*', '-', '—', '–', '_', '|', ' ']).trim_end_matches(['*', ',', '|', ' ', '_']);
    for lead in [
        "م.",
        "د.",
        "أ.",
        "i. V.",
        "i.V.",
        "i. A.",
        "i.A.",
        "I.A.",
        "I.V.",
        "ppa.",
        "p.p.",
        "pp.",
        "per procura",
        "p.o.",
        "P.O.",
        "Dein ",
        "Deine ",
        "Ihr ",
        "Ihre ",
    ] {
        rest = rest.strip_prefix(lead).unwrap_or(rest).trim_start();
    }
    rest
}

/// Whether two names are one person's.
pub(super) fn shares_word(name: &str, sender: &str) -> bool {
    let (a, b) = (matching::key(name), matching::key(sender));
    !b.is_empty() && a.split(' ').any(|word| word.chars().count() > 1 && b.split(' ').any(|other| other == word))
}

/// The person and their title.
fn person(lines: &[String], sender: &str) -> Option<(String, String, String)> {
    let mut best: Option<(String, String, String)> = None;
    for (at, written) in lines.iter().enumerate().take(10) {
        let line = &hebrew(written);
        let who = stripped(if at == 0 && closes(line) { after_closing(line) } else { line });
        let inline = lines::read(who).into_iter().next();
        let found = match (name::read(who), inline) {
            (Some(name), _) if !titles::is_title(who) => {
                let title = title_below(lines, at).unwrap_or_default();
                Some((name, title))
            }
            (_, Some(named)) => Some((named.name, named.title)),
            _ => first_segment(who).map(|name| (name, title_below(lines, at).unwrap_or_default())),
        };
        let Some((name, title)) = found else { continue };
        let (name, title) = (restored(&name, written), restored(&title, lines.get(at + 1).unwrap_or(written)));
        let mine = sender.is_empty() && (!title.is_empty() || at <= 1) || shares_word(&name, sender);
        if mine {
            return Some((name, title, line.trim().to_owned()));
        }
        best = best.or(Some((name, title, line.trim().to_owned())));
    }
    // Another name than the header's may be the company's line taken for one.
    best.filter(|(_, title, _)| !title.is_empty())
}

/// Hebrew writes abbreviations and sounds with marks for which keyboards have
/// quotes, which no name and no title holds elsewhere.
fn hebrew(line: &str) -> String {
    let is_hebrew = |c: char| matches!(c, '\u{5d0}'..='\u{5ea}');
    if !line.contains(is_hebrew) {
        return line.to_owned();
    }
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        let after_letter = out.ends_with(is_hebrew);
        match c {
            '"' if after_letter => out.push('״'),
            '\'' | '׳' if after_letter => {}
            c => out.push(c),
        }
    }
    out
}

/// A text as its line was written.
fn restored(text: &str, line: &str) -> String {
    let as_written = |end: &str| hebrew(end) == text;
    let written = line.trim();
    let whole = as_written(written).then(|| written.to_owned());
    whole.unwrap_or_else(|| text.replace('״', "\""))
}

fn after_closing(line: &str) -> &str {
    line.split_once(", ").map_or("", |(_, rest)| rest)
}

/// `Ann Lee | Acme Ltd`: the name before a bar.
fn first_segment(line: &str) -> Option<String> {
    let (first, _) = line.split_once(['|', '·', '•'])?;
    name::read(first)
}

/// The title in the next lines, or in the one before.
fn title_below(lines: &[String], at: usize) -> Option<String> {
    let mut below = lines.iter().skip(at + 1).filter(|line| !line.trim().is_empty());
    let near: Vec<String> = below.by_ref().take(2).map(|line| hebrew(line)).collect();
    let known = near.iter().find_map(|line| title_in(line));
    known.or_else(|| title_by_place(near.first()?, near.get(1)?)).or_else(|| {
        let above = at.checked_sub(1).and_then(|above| lines.get(above))?;
        (!closes(above) && titles::is_title(above)).then(|| lines::clean(above))
    })
}

/// The title that a line begins with or is.
fn title_in(line: &str) -> Option<String> {
    let line = line.trim().trim_matches(['*', '_']);
    let first = line.split(BARS).next().unwrap_or_default();
    let first = first.split(" - ").next().unwrap_or_default().split(" @ ").next().unwrap_or_default();
    let is_title = |part: &&str| titles::is_title(part) && names::with_legal_form(part).is_empty();
    if first.len() == line.len() && is_title(&line) && !line.contains(", ") {
        return Some(lines::clean(line));
    }
    // `Head of Sales, Acme Ltd`: the company is none of it.
    let parts: Vec<&str> = first.split(", ").collect();
    let is_more = |part: &&str| is_title(part) || !part.contains(' ') && names::with_legal_form(part).is_empty();
    let own: Vec<&str> = parts.iter().take_while(|part| is_more(part)).copied().collect();
    let title = own.join(", ");
    titles::is_title(&title).then(|| lines::clean(&title))
}

/// What stands between a name and the company, if it is a few words and
/// nothing else that signatures hold.
fn title_by_place(line: &str, next: &str) -> Option<String> {
    let line = line.trim();
    let is_short = (2..=6).contains(&line.split_whitespace().count()) && line.chars().count() <= 60;
    let is_plain = !line.contains(|c: char| c.is_numeric() || matches!(c, '@' | ':' | '/' | '|' | '.' | '·'));
    let is_company = |text: &str| !names::with_legal_form(text).is_empty();
    let fits = is_short && is_plain && !is_company(line) && !closes(line) && name::read(line).is_none();
    (fits && is_company(next)).then(|| lines::clean(line))
}

/// Marks between the parts of a line.
const BARS: [char; 5] = ['|', '·', '•', '\t', '●'];

/// Telephone numbers of a line that are no fax.
pub(super) fn phones(line: &str, regions: &[&str], trusted: bool) -> Vec<String> {
    let parts = line.split(BARS).flat_map(|part| spoken(part, regions, || None));
    let is_short = line.chars().count() <= 120;
    let accepted = parts.filter(|spoken| match spoken.label {
        Some(Label::Fax | Label::Other) => false,
        Some(_) => true,
        None => spoken.international || trusted && is_short,
    });
    accepted.map(|spoken| spoken.number.text).collect()
}

/// How near a number is to the writer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    Direct,
    Mobile,
    Office,
    /// Everybody's.
    Central,
}

/// The number at which the writer is reached best: their own line, a mobile,
/// the office, and only then the switchboard.
pub(super) fn own_phone(lines: &[String], regions: &[&str]) -> String {
    let lines = || lines.iter().take(LONGEST).filter(|line| line.chars().count() <= 200);
    let mut found: Vec<(Reach, String)> = Vec::new();
    for part in lines().flat_map(|line| line.split(BARS)) {
        let mut from = 0;
        for spoken in spoken(part, regions, || None) {
            let words = part.get(from..spoken.at).unwrap_or_default().to_lowercase();
            let rest = part.get(spoken.at..).unwrap_or_default();
            let behind = rest.trim_start_matches(|c: char| !c.is_alphabetic()).to_lowercase();
            let says = |list: &[&str]| has(&words, list) || words.trim().is_empty() && starts(&behind, list);
            let in_brackets = rest.split_once(['(', '（']).is_some_and(|(_, rest)| starts(rest, DIRECT));
            let reach = match spoken.label {
                Some(Label::Fax | Label::Other) => None,
                _ if says(CENTRAL) => Some(Reach::Central),
                _ if says(DIRECT) || in_brackets || words.trim().starts_with("d:") => Some(Reach::Direct),
                Some(Label::Mobile) => Some(Reach::Mobile),
                _ if spoken.number.mobile => Some(Reach::Mobile),
                _ if says(&["cell", "mobile", "mobil"]) || is_mobile(&words) => Some(Reach::Mobile),
                _ => Some(Reach::Office),
            };
            from = part.ceil_char_boundary(spoken.at + 1);
            found.extend(reach.map(|reach| (reach, spoken.number.text)));
        }
    }
    found.into_iter().min_by_key(|(reach, _)| *reach).map(|(_, number)| number).unwrap_or_default()
}

fn starts(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.starts_with(word))
}

fn has(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

/// Labels of one letter, which the reader of numbers does not take.
fn is_mobile(words: &str) -> bool {
    matches!(words.trim().trim_end_matches([':', '.', ' ']), "m" | "c" | "h" | "м")
}

const CENTRAL: &[&str] = &[
    "zentrale",
    "central",
    "switchboard",
    "standard",
    "centralino",
    "centralita",
    "conmutador",
    "pbx",
    "reception",
    "växel",
    "vaihde",
    "sentralbord",
    "omstilling",
    "hovednr",
    "hovednummer",
    "centrala",
    "hotline",
    "ústředna",
    "ústredňa",
    "központ",
    "santral",
    "receptie",
    "коммутатор",
    "приемная",
    "приёмная",
    "代表",
    "总机",
    "總機",
    "대표",
    "main",
];
const DIRECT: &[&str] = &[
    "direct",
    "direkt",
    "durchwahl",
    "ddi",
    "diretto",
    "directo",
    "direto",
    "doorkies",
    "bezpośredni",
    "přímá",
    "přímý",
    "priama",
    "közvetlen",
    "suora",
    "прямой",
    "прямий",
    "директен",
    "直通",
    "直线",
    "直線",
    "직통",
    "dahili",
    "مباشر",
    "ישיר",
];
