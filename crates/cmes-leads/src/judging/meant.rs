//! What each mention of a concept is in its text: what the text is about, those whom something is for, or what only
//! says of what sort something else is.

use cmes_extract::fold::is_unspaced;
use cmes_types::LanguageCode;

use super::lexicon::{Kind, Mention};
use super::setting::SETTING;

/// Decides what each mention is in its text.
pub(super) fn settle(text: &str, language: Option<LanguageCode>, found: &mut [Mention]) {
    let audiences = if found.is_empty() { Vec::new() } else { audiences(text, found) };
    for at in 0..found.len() {
        let Some(one) = found.get(at).cloned() else { continue };
        let is_audience = audiences.iter().any(|(from, to)| (*from..*to).contains(&one.start));
        let is_specifying = is_topic(one.kind)
            && (is_specifying(text, language, found, at, &one) || is_joined_to_specifying(text, found, at, &one));
        if let Some(mention) = found.get_mut(at) {
            mention.is_audience |= is_audience;
            mention.is_specifying = is_specifying;
        }
    }
}

/// The pipes in "nettoyage de cuves et tuyaux": what was specified goes on.
fn is_joined_to_specifying(text: &str, found: &[Mention], at: usize, one: &Mention) -> bool {
    const AND: &[&str] = &[" and ", " et ", " y ", " e ", " und ", " i ", " и ", " en ", " og ", " och ", " a ", ", "];
    let before =
        found.get(..at).unwrap_or_default().iter().rev().find(|other| is_topic(other.kind) && other.reach <= one.start);
    before.is_some_and(|other| {
        let is_behind_head =
            found.get(..at).unwrap_or_default().iter().any(|head| is_topic(head.kind) && head.reach < other.start);
        other.is_specifying
            && is_behind_head
            && text.get(other.reach..one.start).is_some_and(|between| AND.contains(&between))
    })
}

pub(super) fn is_topic(kind: Kind) -> bool {
    !matches!(kind, Kind::Role | Kind::Noise | Kind::Claim)
}

/// Whether words of this kind say nothing of what is wanted beside the rest.
pub(super) fn is_small(kind: Kind) -> bool {
    matches!(kind, Kind::Role | Kind::Noise)
}

/// Languages that put words together to one, the last of which says what it is.
pub(super) fn is_compounding(language: Option<LanguageCode>) -> bool {
    language.is_some_and(|own| {
        matches!(own.as_str(), "de" | "nl" | "sv" | "da" | "nb" | "nn" | "no" | "fi" | "et" | "hu" | "is")
    })
}

/// Languages in which what it is stands before that of which it is.
fn is_head_first(language: Option<LanguageCode>) -> bool {
    language.is_some_and(|own| {
        matches!(
            own.as_str(),
            "ru" | "uk"
                | "be"
                | "pl"
                | "cs"
                | "sk"
                | "bg"
                | "sr"
                | "hr"
                | "sl"
                | "ar"
                | "he"
                | "vi"
                | "th"
                | "fr"
                | "es"
                | "it"
                | "pt"
                | "ro"
                | "ca"
        )
    })
}

fn is_specifying(text: &str, language: Option<LanguageCode>, found: &[Mention], at: usize, one: &Mention) -> bool {
    const OPEN: &[&str] =
        &["of", "for", "fur", "de", "di", "do", "da", "del", "von", "van", "voor", "pour", "para", "per", "dla", "a"];
    const OF: &[&str] = &[
        " de ", " di ", " du ", " des ", " da ", " do ", " of ", " van ", " von ", " d'", " del ", " della ", " dei ",
        " delle ", " de la ", " der ",
    ];
    let others = || found.iter().enumerate().filter(move |(index, other)| *index != at && other.concept != one.concept);
    // Part of a longer word or phrase that ends elsewhere.
    if others().any(|(_, other)| {
        is_topic(other.kind) && other.start <= one.start && other.end > one.end && other.reach > one.reach
    }) {
        return true;
    }
    // Another begins within the rest of the word, or right behind it.
    let next = others()
        .filter(|(_, other)| other.start >= one.end)
        .min_by_key(|(_, other)| (other.start, usize::MAX - other.end));
    let adjacent = next.filter(|(_, other)| {
        let between = text.get(one.end..other.start).unwrap_or_default();
        let is_in_word =
            other.start <= one.reach && between.chars().count() <= 3 && between.chars().all(char::is_alphabetic);
        let behind = text.get(one.reach.min(other.start)..other.start).unwrap_or_default();
        is_in_word || other.start >= one.reach && matches!(behind, " " | "-" | "")
    });
    // A phrase that ends with "of" or "for" has what it is in front.
    let own = text.get(one.start..one.end).unwrap_or_default();
    let is_open = own.rsplit_once(' ').is_some_and(|(_, last)| OPEN.contains(&last));
    if let Some((_, other)) = adjacent.filter(|_| !is_open) {
        let is_first = is_head_first(language)
            && one.kind != Kind::Quality
            && !is_unspaced_at(text, one.start)
            && !is_slavic_adjective(text.get(one.start..one.reach).unwrap_or_default(), language);
        return is_topic(other.kind) && !is_first && other.kind != Kind::Quality;
    }
    let rest = text.get(one.end..one.reach).unwrap_or_default();
    let is_long = rest.chars().count() >= 5 && rest.is_ascii();
    if is_compounding(language) && is_long && !SETTING.is_company_of(rest, one.kind != Kind::Service) {
        return true;
    }
    if language.is_some_and(|own| own.as_str() == "en") && is_before_plural(text, one) {
        return true;
    }
    if one.kind == Kind::Service && is_adjective_of_things(text, language, one) {
        return true;
    }
    // "Fundición de válvulas", "ремонт насосов".
    let last = others()
        .filter(|(_, other)| other.reach <= one.start && is_topic(other.kind))
        .max_by_key(|(_, other)| other.end);
    last.is_some_and(|(_, other)| {
        let between = text.get(other.reach..one.start).unwrap_or_default();
        let of = OF.contains(&between) && other.kind != Kind::Quality;
        let word = text.get(one.start..one.reach).unwrap_or_default();
        let is_head_before = is_head_first(language) && other.kind == Kind::Work || is_slavic_adjective(word, language);
        of || between == " " && is_head_before
    })
}

/// "Трубопроводная арматура", "rury stalowe": an adjective, which stands before or behind what it is about.
fn is_slavic_adjective(word: &str, language: Option<LanguageCode>) -> bool {
    let endings: &[&str] = match language.as_ref().map(LanguageCode::as_str) {
        Some("ru" | "uk" | "be" | "bg") => {
            &["ый", "ий", "ой", "ая", "ое", "ые", "ых", "ого", "ому", "ым", "ыми", "ую", "их"]
        }
        Some("pl") => &["owy", "owa", "owe", "owej", "owego", "owych", "owymi", "nych", "nego", "skich", "skie", "ski"],
        Some("cs" | "sk") => &["ovy", "ova", "ove", "ovych", "oveho", "nich", "nych", "sky", "ske", "skych"],
        _ => &[],
    };
    endings.iter().any(|ending| word.ends_with(ending))
}

/// "Охранная сигнализация": an adjective of a service before what is no company; a "охранное предприятие" is one.
fn is_adjective_of_things(text: &str, language: Option<LanguageCode>, one: &Mention) -> bool {
    // In Polish it stands behind: "biuro rachunkowe".
    let is_behind = language.is_some_and(|own| own.as_str() == "pl");
    if is_behind || !is_slavic_adjective(text.get(one.start..one.reach).unwrap_or_default(), language) {
        return false;
    }
    let next = text.get(one.reach..).and_then(|rest| rest.strip_prefix(' ')).unwrap_or_default();
    let next = next.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    next.chars().count() > 3 && !SETTING.is_firm(next)
}

/// "Timber trucks", "wine glasses": an English noun before the plural of another.
fn is_before_plural(text: &str, one: &Mention) -> bool {
    let word = text.get(one.start..one.reach).unwrap_or_default();
    let Some(rest) = text.get(one.reach..).and_then(|rest| rest.strip_prefix(' ')) else { return false };
    let next = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    !word.ends_with('s') && next.len() > 4 && next.ends_with('s') && !next.ends_with("ss") && !SETTING.is_verb(next)
}

fn is_unspaced_at(text: &str, at: usize) -> bool {
    text.get(at..).and_then(|rest| rest.chars().next()).is_some_and(is_unspaced)
}

/// The parts of a text that name those whom something is for.
pub(super) fn audiences(text: &str, found: &[Mention]) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    if !SETTING.may_have_audience(text) {
        return spans;
    }
    let mut start = 0;
    let ends = text.char_indices().filter(|(at, c)| match c {
        ';' | '!' | '?' | '|' | '\n' | '。' | '•' | ':' => true,
        '.' | '-' => text.get(at + 1..).is_some_and(|rest| rest.starts_with(' ')),
        _ => false,
    });
    for end in ends.map(|(at, _)| at).chain([text.len()]) {
        let part = text.get(start..end).unwrap_or_default();
        // "Aux portes de Bordeaux" tells where, not for whom.
        let stands = |word: &String| part.find(word.as_str()).filter(|at| word != " aux " || *at > 1);
        if let Some(at) = SETTING.for_whom().0.iter().filter_map(stands).min() {
            // "Specialists for pumps" have pumps for their own field.
            let before = part.get(..at).unwrap_or_default().trim_end();
            let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            let is_own = SETTING.is_own_field(word)
                && !found.iter().any(|one| {
                    (start..start + at).contains(&one.start) && is_topic(one.kind) && one.kind != Kind::Quality
                });
            if !is_own {
                spans.push((start + at, end));
            }
        }
        if let Some((from, to)) = SETTING.who_clause(part) {
            spans.push((start + from, start + to));
        }
        if let Some(at) = SETTING.sold_to(part) {
            spans.push((start + at, end));
        }
        if let Some(at) = SETTING.for_whom().1.iter().filter_map(|word| part.find(word.as_str())).min() {
            spans.push((start, start + at));
        }
        start = end;
    }
    spans
}
