//! The end of a message: who writes, in what position, for which company, and
//! where to reach them.

use std::sync::LazyLock;

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
    for (at, line) in lines.iter().enumerate().take(10) {
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
        let mine = sender.is_empty() && (!title.is_empty() || at <= 1) || shares_word(&name, sender);
        if mine {
            return Some((name, title, line.trim().to_owned()));
        }
        best = best.or(Some((name, title, line.trim().to_owned())));
    }
    // Another name than the header's may be the company's line taken for one.
    best.filter(|(_, title, _)| !title.is_empty())
}

fn after_closing(line: &str) -> &str {
    line.split_once(", ").map_or("", |(_, rest)| rest)
}

/// `Ann Lee | Acme Ltd`: the name before a bar.
fn first_segment(line: &str) -> Option<String> {
    let (first, _) = line.split_once(['|', '·', '•'])?;
    name::read(first)
}

/// The title in the next lines.
fn title_below(lines: &[String], at: usize) -> Option<String> {
    let mut candidates = lines.iter().skip(at + 1).filter(|line| !line.trim().is_empty()).take(2);
    candidates.find_map(|line| {
        let line = line.trim().trim_matches(['*', '_']);
        if titles::is_title(line) && !line.contains(" | ") && !line.contains(" · ") {
            return Some(lines::clean(line));
        }
        let first = line.split(['|', '·', '•']).next().unwrap_or_default();
        let first = first.split(" - ").next().unwrap_or_default().split(" @ ").next().unwrap_or_default();
        let first = first.split(", ").take_while(|part| titles::is_title(part)).collect::<Vec<_>>().join(", ");
        titles::is_title(&first).then(|| lines::clean(&first))
    })
}

/// Telephone numbers of a line that are no fax, with what is said of them.
pub(super) fn phones(line: &str, regions: &[&str], trusted: bool) -> Vec<String> {
    let found = spoken(line, regions, || None);
    let accepted = found.into_iter().filter(|spoken| match spoken.label {
        Some(Label::Fax | Label::Other) => false,
        Some(_) => true,
        None => spoken.international || trusted && line.chars().count() <= 120,
    });
    accepted.map(|spoken| spoken.number.text).collect()
}

/// The number at which the writer is reached, not the switchboard's.
pub(super) fn own_phone(lines: &[String], regions: &[&str]) -> String {
    let parts = || lines.iter().take(LONGEST).flat_map(|line| line.split(['|', '·', '•', '\t']));
    let number = |part: &str| phones(part, regions, true).into_iter().next();
    let own = parts().filter(|part| !is_central(part)).find_map(number);
    own.or_else(|| parts().find_map(number)).unwrap_or_default()
}

/// Whether a number is said to be everybody's.
fn is_central(part: &str) -> bool {
    const WORDS: &[&str] = &[
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
    let lower = part.to_lowercase();
    WORDS.iter().any(|word| lower.contains(word))
}
