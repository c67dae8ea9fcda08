//! Numbers in a line of text or a link, each with what is said of it.

use std::ops::Range;

use super::labels::{self, Label};
use super::number::{self, Number};
use super::scan;
use crate::page::Page;

/// Most numbers looked at in one line.
const MOST_IN_LINE: usize = 40;

/// A number in a line of text, with what is said of it there.
#[derive(Clone, Debug)]
pub(crate) struct Spoken {
    /// The number.
    pub number: Number,
    /// What the words before it say.
    pub label: Option<Label>,
    /// Written with a country code.
    pub international: bool,
    /// Where it begins in the line.
    pub at: usize,
}

/// What a `tel:` or WhatsApp link dials.
pub(super) struct Target {
    pub(super) number: String,
    /// No telephone number for sure: for messages.
    pub(super) weak: bool,
}

impl Target {
    pub(super) fn is(href: &str) -> bool {
        Self::of(href).is_some()
    }

    pub(super) fn of(href: &str) -> Option<Self> {
        let head = crate::page::prefix(href, 200);
        let lower = head.to_ascii_lowercase();
        if let Some(scheme) = ["tel:", "callto:", "phone:", "sms:"].iter().find(|scheme| lower.starts_with(**scheme)) {
            let rest = head.get(scheme.len()..)?.trim_start_matches('/');
            let number = percent_encoding::percent_decode_str(rest).decode_utf8_lossy().into_owned();
            return Some(Self { number, weak: *scheme == "sms:" });
        }
        let rest = lower.split_once("wa.me/").or_else(|| {
            let (_, rest) = lower.split_once("whatsapp")?;
            rest.split_once("phone=")
        });
        let digits: String = rest?
            .1
            .trim_start_matches(['+', ' '])
            .trim_start_matches("%2b")
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        (digits.len() >= 8).then(|| Self { number: format!("+{digits}"), weak: true })
    }
}

/// Reads a text that is nothing but a number.
pub(crate) fn whole(text: &str, regions: &[&str]) -> Option<Number> {
    let text = crate::page::prefix(text.trim(), 80);
    let (base, parameters) = text.split_once([';', ',']).unwrap_or((text, ""));
    let dialled = parameters.trim_start_matches([',', ';', ' ']);
    let dialled = dialled.strip_prefix("ext=").unwrap_or(dialled);
    if !dialled.is_empty() && dialled.len() <= 6 && dialled.bytes().all(|b| b.is_ascii_digit()) {
        return number::read(base, dialled, regions);
    }
    match scan::scan(text).as_slice() {
        [only, ..] => number::read(&only.written, &only.extension, regions),
        [] => None,
    }
}

/// The numbers in a line, each with its label; `above` is asked for the label
/// of a number before which the line says nothing.
pub(crate) fn spoken(text: &str, regions: &[&str], above: impl Fn() -> Option<Label>) -> Vec<Spoken> {
    let mut out = Vec::new();
    let mut last: Option<(Range<usize>, Option<Label>)> = None;
    let candidates = scan::scan(text);
    for (at, candidate) in candidates.iter().enumerate().take(MOST_IN_LINE) {
        let from = last.as_ref().map_or(0, |(range, _)| range.end);
        let between = text.get(from..candidate.start).unwrap_or_default();
        let mut label = labels::before(between);
        if label.is_none() {
            label = match &last {
                None if !between.chars().any(char::is_alphabetic) => above(),
                None => None,
                Some((_, Some(Label::Both))) if between.trim() == "/" => Some(Label::Fax),
                Some((_, previous)) if between.chars().count() <= 25 => *previous,
                Some(_) => None,
            };
        }
        let until = candidates.get(at + 1).map_or(text.len(), |next| next.start);
        let rest = text.get(candidate.end..until).unwrap_or_default();
        // A word between two numbers is the second one's unless it stands in brackets.
        let bracketed = rest.trim_start().starts_with(['(', '[', '（']);
        let behind = labels::behind(rest).filter(|_| candidates.len() == at + 1 || bracketed);
        let taken =
            behind.and_then(|_| rest.find([')', ']', '）'])).map_or(0, |close| rest.ceil_char_boundary(close + 1));
        last = Some((candidate.start..candidate.end + taken, if behind.is_some() { None } else { label }));
        label = behind.or(label);
        let named = matches!(label, Some(Label::Phone | Label::Mobile | Label::Both | Label::Fax));
        let sure = named && directly(between) && !candidate_is_glued(text, candidate.start);
        if candidate.doubtful && !sure {
            continue;
        }
        let read = |written: &str| number::read(written, &candidate.extension, regions);
        let beside = || {
            let close = !between.contains(char::is_alphabetic) && between.chars().count() <= 4;
            let other = out.last().filter(|_| close && named).map(|other: &Spoken| &other.number)?;
            number::read_beside(&candidate.written, &candidate.extension, other)
        };
        let number = read(&candidate.written)
            .or_else(|| without_further_line(&candidate.written).filter(|_| named).and_then(read))
            .or_else(beside);
        if let Some(number) = number {
            out.push(Spoken { number, label, international: candidate.international, at: candidate.start });
        }
    }
    out
}

/// A number without the last digits of a further line: `2310 550142-3`.
fn without_further_line(written: &str) -> Option<&str> {
    let (head, tail) = written.rsplit_once(['-', '–', ','])?;
    let digits = |text: &str| text.chars().filter(|c| number::digit(*c).is_some()).count();
    (digits(head) >= 7 && digits(tail) <= 2).then_some(head)
}

/// Whether a label stands right before the number, with no other word between.
fn directly(between: &str) -> bool {
    let tail = between.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '☎');
    let word = tail.rsplit(|c: char| c.is_whitespace()).next().unwrap_or_default();
    labels::before(word).is_some()
}

/// Whether a letter or a digit of something else touches the number, unless
/// the letters are a label (`TEL0266-53-0142`).
fn candidate_is_glued(text: &str, start: usize) -> bool {
    let before = text.get(..start).unwrap_or_default();
    let Some(last) = before.chars().next_back() else { return false };
    if !last.is_alphanumeric() {
        return matches!(last, '#' | '=' | '@' | '_' | '&' | '€' | '$' | '£' | ',');
    }
    let start = before.rfind(|c: char| !c.is_alphanumeric()).map_or(0, |at| before.ceil_char_boundary(at + 1));
    let word = before.get(start..).unwrap_or_default();
    !matches!(labels::before(word), Some(Label::Phone | Label::Mobile | Label::Fax | Label::Both))
}

/// What elements say of the number in a line by their class: those that hold it
/// (hCard and its like), and the icon before it.
pub(super) fn marks(page: &Page) -> Vec<Option<Label>> {
    let mut out = vec![None; page.lines.len()];
    for element in &page.elements {
        let size = element.lines.end.saturating_sub(element.lines.start);
        let holds = size == 1;
        let icon = size == 0 && matches!(element.name, "i" | "span" | "em" | "b");
        if !(holds || icon) || element.class.is_empty() {
            continue;
        }
        let of = if icon { icon_label } else { class_label };
        let label = element.class.split_ascii_whitespace().find_map(of);
        if let (Some(label), Some(slot)) = (label, out.get_mut(element.lines.start as usize)) {
            *slot = match slot {
                Some(earlier) if *earlier != label => None,
                _ => Some(label),
            };
        }
    }
    out
}

fn class_label(word: &str) -> Option<Label> {
    match word {
        "tel" | "phone" | "telephone" | "p-tel" | "telefon" => Some(Label::Phone),
        "fax" | "telefax" => Some(Label::Fax),
        _ => None,
    }
}

/// `fa-phone`, `bi-telephone-fill`, `icon-fax`.
fn icon_label(word: &str) -> Option<Label> {
    word.split(['-', '_']).skip(1).find_map(|part| match part {
        "phone" | "telephone" | "tel" => Some(Label::Phone),
        "mobile" | "whatsapp" => Some(Label::Mobile),
        "fax" => Some(Label::Fax),
        _ => None,
    })
}
