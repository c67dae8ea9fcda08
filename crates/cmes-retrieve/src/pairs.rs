//! Words that stand together in a question and in a passage.
//!
//! “New Haven” is in a passage when both words are there side by side, not when one is in its first line and the other in
//! its last. An index does not know the order of words (that would double its memory), so this is asked of the best
//! passages alone, whose texts are at hand. How much a pair tells is taken from these passages, too: what most of
//! them have tells nothing, so that no list of common words is needed. (The idea is that of sequential dependence,
//! Metzler and Croft 2005; they count pairs over the whole collection.)

use std::collections::HashMap;

use crate::search::Hit;
use crate::words::segment::{Segment, normalised, segments};
use crate::words::{forms, hash};

/// So far from each other two words stand together: up to three others are between them.
const TOGETHER: usize = 4;

/// How many letters of a word are compared: the same for most of its forms, in languages that have endings.
const BEGINNING: usize = 5;

/// Evidence in nats for each nat of a pair's weight.
const WEIGHT: f32 = 0.7;

/// Most words of a question whose neighbours count; the rest of a pasted page would say little more.
const MOST_WORDS: usize = 64;

/// The words of a passage in their order, as far as pairs are looked for among them. Whoever keeps them needs no text to
/// weigh pairs; no text can be read from them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InOrder(Box<[u32]>);

impl InOrder {
    /// Those of a passage's text and of the headings above it.
    #[must_use]
    pub fn of(context: &str, text: &str) -> Self {
        let mut words = Vec::new();
        beginnings(context, |word| words.push(word));
        // So far from each other that none stands together with one of the text.
        words.extend([0; TOGETHER]);
        beginnings(text, |word| words.push(word));
        Self(words.into())
    }

    /// Memory that they take, in bytes.
    #[must_use]
    pub fn memory(&self) -> usize {
        size_of::<Self>() + size_of_val(&*self.0)
    }
}

/// Adds to hits what pairs of the question's words say, and puts them in their new order. `text_of` gives a passage's text,
/// best with the headings above it; a hit without one stays as it is.
pub fn weigh_pairs<'t>(question: &str, hits: &mut [Hit], text_of: impl Fn(&Hit) -> Option<(&'t str, &'t str)>) {
    let words_of = |hit: &Hit| text_of(hit).map(|(context, text)| InOrder::of(context, text));
    let words: HashMap<i64, InOrder> = hits.iter().filter_map(|hit| Some((hit.chunk, words_of(hit)?))).collect();
    weigh_pairs_in_order(question, hits, |hit| words.get(&hit.chunk));
}

/// The same for who has the passages' words in their order.
pub fn weigh_pairs_in_order<'w>(question: &str, hits: &mut [Hit], words_of: impl Fn(&Hit) -> Option<&'w InOrder>) {
    let pairs = Pairs::of(question);
    if pairs.pairs.is_empty() || hits.len() < 2 {
        return;
    }
    let held: Vec<Vec<bool>> =
        hits.iter().map(|hit| words_of(hit).map_or_else(Vec::new, |words| pairs.held_by(words))).collect();
    let weights = weights(&held, pairs.pairs.len());
    for (hit, held) in hits.iter_mut().zip(&held) {
        let more = held.iter().zip(&weights).filter(|(is_held, _)| **is_held).map(|(_, weight)| weight).sum::<f32>();
        *hit = hit.with_more(WEIGHT * more);
    }
    hits.sort_by(|a, b| b.has_quoted.cmp(&a.has_quoted).then(b.evidence.total_cmp(&a.evidence)));
}

/// How telling each pair is among these passages, in nats.
#[expect(clippy::cast_precision_loss, reason = "counts of passages")]
fn weights(held: &[Vec<bool>], pairs: usize) -> Vec<f32> {
    let count = |pair: usize| held.iter().filter(|held| held.get(pair).is_some_and(|is_held| *is_held)).count();
    (0..pairs).map(|pair| ((held.len() + 1) as f32 / (count(pair) as f32 + 0.5)).ln().max(0.0)).collect()
}

/// The pairs of words that follow each other in a question, as hashes of their beginnings.
struct Pairs {
    pairs: Vec<(u32, u32)>,
    /// A bit for each of the words, by the last six bits of its hash: most words of a text are none of them.
    bits: u64,
}

impl Pairs {
    fn of(question: &str) -> Self {
        let mut words: Vec<u32> = Vec::new();
        beginnings(question, |word| words.push(word));
        words.truncate(MOST_WORDS);
        let neighbours = words.iter().zip(words.iter().skip(1));
        let mut pairs: Vec<(u32, u32)> = neighbours.filter(|(a, b)| a != b).map(|(a, b)| (*a, *b)).collect();
        pairs.sort_unstable();
        pairs.dedup();
        Self { bits: words.iter().fold(0, |bits, word| bits | bit(*word)), pairs }
    }

    /// Which of them a passage has.
    fn held_by(&self, words: &InOrder) -> Vec<bool> {
        let mut held = vec![false; self.pairs.len()];
        // Where each word of each pair was last.
        let mut last: Vec<(Option<usize>, Option<usize>)> = vec![(None, None); self.pairs.len()];
        for (at, word) in words.0.iter().copied().enumerate().filter(|(_, word)| self.bits & bit(*word) != 0) {
            for ((pair, last), held) in self.pairs.iter().zip(&mut last).zip(&mut held) {
                let other = if word == pair.0 {
                    last.0 = Some(at);
                    last.1
                } else if word == pair.1 {
                    last.1 = Some(at);
                    last.0
                } else {
                    None
                };
                *held |= other.is_some_and(|other| at - other <= TOGETHER);
            }
        }
        held
    }
}

fn bit(word: u32) -> u64 {
    1 << (word & 63)
}

/// Hashes of the beginnings of a text's words, and of its numbers, in their order.
fn beginnings(text: &str, mut take: impl FnMut(u32)) {
    let text = normalised(text);
    let mut form = String::new();
    segments(&text, |segment| {
        form.clear();
        match segment {
            // Most words of most texts, by a shorter way to the same.
            Segment::Word(word) if word.is_ascii() => {
                form.extend(word.chars().take(BEGINNING).map(|letter| letter.to_ascii_lowercase()));
            }
            Segment::Word(word) => {
                let lower = forms::lower(word);
                // Article and prepositions are written in front of an Arabic word: its beginning says nothing.
                if word.starts_with(|letter| ('\u{620}'..='\u{6d3}').contains(&letter)) {
                    forms::arabic(&lower, &mut form);
                } else {
                    forms::folded(&lower, &mut form);
                }
                if let Some((end, _)) = form.char_indices().nth(BEGINNING) {
                    form.truncate(end);
                }
            }
            Segment::Number(digits) => forms::number(digits, &mut form),
            Segment::Pair(pair) => form.push_str(pair),
            Segment::Joined(_) => return,
        }
        take(hash(&form));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(question: &str, texts: &[&str], expected: &[usize]) {
        let hit = |at: i64| Hit::of(0, 0, at, 20.0, false, None);
        let mut hits: Vec<Hit> = (0..).take(texts.len()).map(hit).collect();
        let text = |hit: &Hit| usize::try_from(hit.chunk).ok().and_then(|at| texts.get(at)).map(|text| ("", *text));
        weigh_pairs(question, &mut hits, text);
        let order: Vec<usize> = hits.iter().filter_map(|hit| usize::try_from(hit.chunk).ok()).collect();
        assert_eq!(order, expected, "{question}");
    }

    #[test]
    fn words_that_stand_together_count() {
        let haven = "A haven for ships of all kinds, and new ones are built.";
        check("Who lives in New Haven?", &[haven, "They lived at New Haven."], &[1, 0]);
        check("Haven New", &[haven, "They live in New Haven."], &[1, 0]);
        check(
            "valves of steel",
            &["A steel frame without a valve or any such thing", "the valve, of stainless steel"],
            &[1, 0],
        );
        check("المضخة القديمة", &["المضخة في الحديقة، وهي كبيرة وقديمة", "هذه مضخة قديمة"], &[1, 0]);
        check("电池保修", &["整机保修，电池另算", "电池保修六个月"], &[1, 0]);
    }

    #[test]
    fn what_all_have_and_single_words_change_nothing() {
        check("the pump", &["the pump is red", "the pump is green"], &[0, 1]);
        check("pump", &["a", "pump"], &[0, 1]);
        check("", &["a", "b"], &[0, 1]);
    }

    #[test]
    fn quoted_words_stay_in_front() {
        let mut hits = vec![Hit::of(0, 0, 0, 1.0, true, None), Hit::of(0, 0, 1, 1.0, false, None)];
        weigh_pairs("new haven", &mut hits, |hit| Some(("", if hit.chunk == 1 { "new haven" } else { "haven" })));
        assert_eq!(hits.iter().map(|hit| hit.chunk).collect::<Vec<_>>(), [0, 1]);
        assert!(hits[1].evidence > 1.0 && hits[1].score > hits[0].score);
    }
}
