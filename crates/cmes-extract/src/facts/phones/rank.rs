//! Sightings of numbers put in the order in which a person would choose.

use std::collections::{HashMap, HashSet};

use super::{PERSONAL, Sighting};
use crate::facts::{Finding, people};

/// Everything known of one number.
struct Known {
    best: Sighting,
    pages: HashSet<u16>,
    personal: bool,
    first: usize,
}

/// Most numbers returned; a site that shows more is a directory.
const MOST: usize = 60;

/// Each number once, the main one first.
pub(super) fn rank(sightings: Vec<Sighting>, cards: &[people::Card]) -> Vec<Finding<String>> {
    let places: HashMap<(u16, u32), &people::Card> =
        cards.iter().flat_map(|card| card.lines.clone().map(move |line| ((card.page, line), card))).collect();
    let mut known: HashMap<String, Known> = HashMap::new();
    for (first, sighting) in sightings.into_iter().enumerate() {
        let personal = sighting.personal || in_card(&sighting, &places);
        let page = sighting.page;
        match known.get_mut(&sighting.number.key) {
            None => {
                let pages = HashSet::from([page]);
                known.insert(sighting.number.key.clone(), Known { best: sighting, pages, personal, first });
            }
            Some(entry) => {
                entry.pages.insert(page);
                entry.personal &= personal;
                if sighting.score > entry.best.score {
                    let confidence = entry.best.confidence.max(sighting.confidence);
                    entry.best = sighting;
                    entry.best.confidence = confidence;
                }
            }
        }
    }
    let mut all: Vec<Known> = known.into_values().collect();
    all.sort_unstable_by_key(|known| (std::cmp::Reverse(known.score()), known.first));
    all.into_iter().take(MOST).map(Known::finding).collect()
}

/// Whether a number stands on the card of a person whose number it is.
fn in_card(sighting: &Sighting, places: &HashMap<(u16, u32), &people::Card>) -> bool {
    sighting
        .line
        .and_then(|line| places.get(&(sighting.page, line)))
        .is_some_and(|card| card.contact.phone == sighting.number.text)
}

impl Known {
    fn score(&self) -> i32 {
        let pages = i32::try_from(self.pages.len().min(5)).unwrap_or(5) * 3;
        let mobile = if self.best.number.mobile { -20 } else { 0 };
        let service = if self.best.number.service { -8 } else { 0 };
        let personal = if self.personal { -200 } else { 0 };
        let extension = if self.best.number.key.contains('x') { -10 } else { 0 };
        self.best.score + pages + mobile + service + personal + extension
    }

    fn finding(self) -> Finding<String> {
        Finding {
            value: self.best.number.text,
            page: Some(self.best.page),
            method: self.best.method,
            snippet: self.best.snippet,
            confidence: if self.personal { PERSONAL } else { self.best.confidence },
        }
    }
}
