//! What stands before the name of a place: prepositions and distances.

use super::super::words::{Does, Gap};
use super::found::Reading;

/// Kilometres that count as near, where no number says it.
const NEAR: u16 = 40;
/// Farthest distance that is read.
const FARTHEST: u32 = 1_000;
/// Units of distance, folded.
const KILOMETRES: [&str; 10] =
    ["km", "kms", "kilometer", "kilometern", "kilometers", "kilometres", "kilometros", "chilometri", "км", "kilometre"];
const MILES: [&str; 3] = ["miles", "mile", "mi"];
/// Words around a distance, folded.
const AROUND: [&str; 16] = [
    "radius",
    "umkreis",
    "rayon",
    "radio",
    "raggio",
    "raio",
    "straal",
    "promieniu",
    "радиусе",
    "within",
    "dans",
    "un",
    "von",
    "um",
    "a",
    "em",
];

/// What stands before a name.
#[derive(Default)]
pub(super) struct Before {
    pub(super) from: usize,
    /// A preposition that says where.
    pub(super) is_expected: bool,
    /// "of", which may.
    pub(super) is_of: bool,
    /// "to" or "for": a market, not a seat.
    pub(super) is_target: bool,
    pub(super) around: Option<u16>,
}

impl Reading<'_> {
    pub(super) fn before(&self, name: usize) -> Before {
        let mut before = Before { from: name, ..Before::default() };
        let mut at = name;
        let mut is_near = false;
        while at > 0 && (at == name || self.gap(at) != Gap::Break) && !self.ends_between(at, name) {
            let word = self.tokens.get(at - 1).map_or("", |token| token.word.as_str());
            let near = self.marks.length_before(at, Does::Near);
            let within = self.marks.length_before(at, Does::In);
            let is_in =
                |at: usize| self.marks.length_before(at, Does::In) > 0 || self.marks.length_before(at, Does::Near) > 0;
            if near >= within && near > 0 {
                (is_near, before.is_expected) = (true, true);
                at -= near;
            } else if within > 0 {
                before.is_expected = true;
                at -= within;
            } else if let Some(kilometres) = self.distance(at) {
                before.around = Some(kilometres);
                before.is_expected = true;
                at -= 2;
            } else if AROUND.contains(&word) && before.around.is_some() {
                at -= 1;
            } else if self.marks.length_before(at, Does::Not) > 0 && at == name {
                before.is_expected = true;
                break;
            } else if self.marks.is(at - 1, Does::To) && at == name {
                before.is_target = true;
                break;
            } else if self.marks.is(at - 1, Does::Filler) && is_in(at - 1) && at > 1 {
                at -= 1;
            } else if self.marks.is(at - 1, Does::Of) {
                before.is_of = true;
                at -= 1;
            } else {
                break;
            }
            if at > 0 && self.is_used(at - 1) {
                break;
            }
        }
        before.from = if before.is_expected || before.is_of { at } else { name };
        if is_near && before.around.is_none() {
            before.around = Some(NEAR);
        }
        before
    }

    fn ends_between(&self, at: usize, name: usize) -> bool {
        self.gap(name) == Gap::Break || (at..name).any(|at| self.is_used(at))
    }

    /// A number with a unit of distance right before here.
    fn distance(&self, at: usize) -> Option<u16> {
        let unit = self.tokens.get(at.checked_sub(1)?)?;
        let number = self.tokens.get(at.checked_sub(2)?)?.number().filter(|number| *number <= FARTHEST)?;
        let kilometres = if KILOMETRES.contains(&unit.word.as_str()) {
            number
        } else if MILES.contains(&unit.word.as_str()) {
            number * 8 / 5
        } else {
            return None;
        };
        u16::try_from(kilometres).ok()
    }
}
