//! Names beside a copyright sign.

use crate::fold::fold;
use crate::page::prefix;

/// What follows a copyright sign, or stands before it at the end of a line.
pub(super) fn after_copyright(line: &str) -> Option<&str> {
    let line = prefix(line, 400);
    let (at, mark) = ["©", "(c)", "(C)", "Copyright", "copyright", "COPYRIGHT", "ⓒ", "Ⓒ"]
        .iter()
        .filter_map(|mark| line.find(mark).map(|at| (at, mark.len())))
        .min()?;
    let after = line.get(at + mark..).unwrap_or_default();
    let name = without_years(after);
    if name.chars().filter(|c| c.is_alphabetic()).count() >= 2 { Some(name) } else { line.get(..at) }
}

/// Without years, signs and the words that lead to the name.
fn without_years(text: &str) -> &str {
    let mut rest = text;
    loop {
        let shorter = rest.trim_start_matches(|c: char| {
            c.is_whitespace()
                || c.is_ascii_digit()
                || matches!(c, '©' | 'ⓒ' | ',' | '.' | '-' | '–' | '—' | '/' | '|' | ':' | '•' | '·' | '年')
        });
        let word =
            shorter.split(|c: char| c.is_whitespace() || c.is_ascii_digit() || c == '©').next().unwrap_or_default();
        let is_lead = matches!(
            fold(word).as_str(),
            "copyright" | "(c)" | "by" | "c" | "today" | "seit" | "since" | "present" | "heute"
        );
        let next = if is_lead { shorter.get(word.len()..).unwrap_or_default() } else { shorter };
        if next.len() == rest.len() {
            return next;
        }
        rest = next;
    }
}

/// The name in what follows a copyright sign, where no legal form marks its end.
pub(super) fn copyright_name(text: &str) -> Option<&str> {
    const ENDS: &[&str] = &[
        " | ",
        " – ",
        " — ",
        " - ",
        " · ",
        " • ",
        ". ",
        " all rights",
        " alle rechte",
        " tous droits",
        " todos los",
        " todos os",
        " tutti i",
        " wszelkie",
        " alle rechten",
        " все права",
        " tum haklari",
        "版权所有",
        " 版权",
        " impressum",
        " datenschutz",
        " privacy",
        " powered",
        " design",
        " mentions",
        " aviso",
        " | ",
        ", ",
        " / ",
        "|",
        " cookie",
        " terms",
        " alla ratt",
        " copyright",
    ];
    let lower = fold(text);
    let same = lower.len() == text.len() && lower.is_ascii();
    let haystack = if same { lower } else { text.to_lowercase() };
    let haystack = if haystack.len() == text.len() { haystack } else { text.to_owned() };
    let end = ENDS.iter().filter_map(|end| haystack.find(end)).min().unwrap_or(text.len());
    let name = text.get(..end)?.trim().trim_end_matches(['.', ',', '|', '-', '–', '—']).trim();
    let words = name.split_whitespace().count();
    (words <= 7 && name.chars().count() <= 60).then_some(name)
}

/// A name after a copyright sign with the article that it begins with there,
/// where no sentence leads to it: `© The Copper Kettle Ltd`.
pub(super) fn with_article<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (article, rest) = text.split_once(' ')?;
    let is_article =
        matches!(article, "The" | "La" | "Le" | "Les" | "El" | "Los" | "Il" | "De" | "Het" | "Die" | "Der");
    (is_article && rest.starts_with(name)).then(|| text.get(..article.len() + 1 + name.len())).flatten()
}
