//! Ranking: which passages answer a question best, by words and by meaning.
//!
//! Both halves are read as evidence on one scale, in nats, and added. BM25 is that by its derivation: a sum of
//! log-odds over the words that a passage shares with the question, small of itself where few are
//! shared. The cosine becomes so when it is divided by a temperature, as in the loss that embedding models are trained
//! with; the spread of the question's cosines over the base stands for it, so that the
//! embedder's own range does not matter. Neither half is stretched to fill a range (what harms where
//! one knows nothing), no rank takes the place of a score, and no score is too low to be found.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::Index;
use crate::index::{Bm25, MOST_ASKED};
use crate::vectors::rows::Question;
use crate::words::language::Language;
use crate::words::{self, Form, Kind, Term};

/// A question.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    /// As it was asked.
    pub text: &'a str,
    /// Its meaning, as [`crate::common::without`] makes it; none when there is no embedder.
    pub vector: Option<&'a [f32]>,
}

/// An index to search, and of which articles; none = of all.
#[derive(Clone, Copy, Debug)]
pub struct Searched<'a> {
    /// The index.
    pub index: &'a Index,
    /// Keys of the articles that may be found.
    pub only: Option<&'a HashSet<i64>>,
}

/// A passage that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Which of the indices it is in.
    pub source: usize,
    /// The article's key.
    pub article: i64,
    /// The passage's key.
    pub chunk: i64,
    /// Its place in the index, as long as that does not change: an article's passages that follow each other have
    /// neighbouring ones.
    pub place: u32,
    /// From 0 to 1; comparable within one search. There is none below which a passage is not found.
    pub score: f32,
    /// What the score is made of, in nats.
    pub evidence: f32,
    /// Whether it has every word that the question has between quotation marks, and there is one.
    pub has_quoted: bool,
    /// Cosine of the question and the passage, where both have a vector.
    pub cosine: Option<f32>,
}

impl Hit {
    pub(crate) fn of(
        source: usize,
        article: i64,
        chunk: i64,
        evidence: f32,
        has_quoted: bool,
        cosine: Option<f32>,
    ) -> Self {
        let score = 1.0 / (1.0 + ((HALF - evidence) / STEP).exp());
        Self { source, article, chunk, place: 0, score, evidence, has_quoted, cosine }
    }

    /// The same with more evidence, in nats.
    pub(crate) fn with_more(&self, evidence: f32) -> Self {
        let more =
            Self::of(self.source, self.article, self.chunk, self.evidence + evidence, self.has_quoted, self.cosine);
        Self { place: self.place, ..more }
    }
}

/// What a passage at one spread above the average cosine has for it, in nats. For multilingual-e5 that makes
/// some 280 nats of a cosine of 1.
const MEANING: f32 = 7.5;

/// The spread that is usual (multilingual-e5), and how many passages it counts as: a base of three has none of its own.
const USUAL_SPREAD: f32 = 0.027;
const USUAL_PASSAGES: f32 = 8.0;

/// Most passages from which average and spread are estimated.
const SAMPLE: usize = 256;

/// Fewest candidates of each half.
const CANDIDATES: usize = 100;

/// From this share of one language on, a base is in that language and the others do not matter.
const ONE_LANGUAGE: f32 = 0.99;

/// Which part of the question's words the right passage has at least, when it is in the question's language.
const EXPECTED: f32 = 0.4;

/// The weight of a word between quotation marks.
const QUOTED: f32 = 2.0;

/// As how many passages of a language the average over all counts: of one passage nobody knows whether it is near by its language.
const SHRINK: f32 = 8.0;

/// At this much evidence the score is a half, and how much more makes it three quarters.
const HALF: f32 = 20.0;
const STEP: f32 = 8.0;

/// The best passages, best first; those with all words between quotation marks come before the others. (Whether the
/// words stand together there, [`crate::Quoted`] says.) Several indices are ranked as if they were one.
#[must_use]
pub fn search(searched: &[Searched<'_>], query: &Query<'_>, limit: usize) -> Vec<Hit> {
    search_marked(searched, query, &[], limit)
}

/// The same for a question that also asks for marks ([`words::pack_marked`]): each counts like a number in
/// the question, whatever the passage's language.
#[must_use]
pub fn search_marked(searched: &[Searched<'_>], query: &Query<'_>, marks: &[&str], limit: usize) -> Vec<Hit> {
    let base = Base::of(searched);
    let languages = base.languages();
    let is_mixed = languages.first().is_some_and(|(_, passages)| *passages < ONE_LANGUAGE * base.passages);
    let there: Vec<Language> = languages.iter().map(|(language, _)| *language).collect();
    let mut asked = words::asked(query.text, &there);
    asked.extend(marks.iter().map(|mark| words::asked_mark(mark)));
    let mut terms = base.weighted(&asked, &languages);
    terms.sort_by(|a, b| b.is_quoted.cmp(&a.is_quoted).then(b.weight.total_cmp(&a.weight)));
    terms.truncate(MOST_ASKED);
    let quoted: Vec<Vec<u32>> = asked.iter().filter(|term| term.is_quoted).map(Term::hashes).collect();
    let asked: Vec<(u32, f32)> = terms.iter().map(|term| (term.form.hash, term.weight)).collect();
    // Of a base in one language, all passages are taken for such.
    let language_of = |index: &Index, slot: u32| index.slot(slot).and_then(|slot| slot.language).filter(|_| is_mixed);
    let question = query.vector.map(Question::new);
    let meaning = question.as_ref().map(|question| {
        let sample = searched.iter().flat_map(|Searched { index, .. }| {
            let slots = base.sample(index);
            slots.filter_map(|slot| Some((language_of(index, slot), index.similarity(slot, question)?)))
        });
        Meaning::of(&sample.collect::<Vec<_>>(), question)
    });
    let top = CANDIDATES.max(limit.saturating_mul(2));
    let mut hits: Vec<(f32, Hit)> = Vec::new();
    for (source, Searched { index, only }) in searched.iter().enumerate() {
        let near = question.as_ref().map(|question| index.nearest(question, *only, top)).unwrap_or_default();
        let near: Vec<u32> = near.into_iter().map(|(slot, _)| slot).collect();
        let by_words = index.words_best(&asked, &quoted, &base.bm25(), *only, top, &near);
        let known: HashSet<u32> = by_words.iter().map(|found| found.slot).collect();
        let others = near.into_iter().filter(|slot| !known.contains(slot)).map(|slot| (slot, 0.0, false));
        let found = by_words.iter().map(|found| (found.slot, found.surrounded, found.has_quoted));
        for (slot, by_words, has_quoted) in found.chain(others) {
            let Some(there) = index.slot(slot) else { continue };
            let language = language_of(index, slot);
            let cosine = question.as_ref().and_then(|question| index.similarity(slot, question));
            let by_meaning = meaning.as_ref().zip(cosine);
            let by_meaning = by_meaning.map_or(0.0, |(meaning, own)| meaning.evidence(index, slot, own, language));
            let evidence = by_words - expected(&terms, language) + by_meaning;
            let (article, passage) = (there.article, there.passage);
            let hit = Hit::of(source, article, passage, evidence, has_quoted, cosine);
            hits.push((evidence, Hit { place: slot, ..hit }));
        }
    }
    hits.sort_by(|(a, hit_a), (b, hit_b)| {
        let places = (hit_a.source, hit_a.chunk).cmp(&(hit_b.source, hit_b.chunk));
        hit_b.has_quoted.cmp(&hit_a.has_quoted).then(b.total_cmp(a)).then(places)
    });
    hits.into_iter().map(|(_, hit)| hit).take(limit).collect()
}

/// What is known of all that is searched.
struct Base<'a> {
    searched: &'a [Searched<'a>],
    passages: f32,
    average_length: f32,
    average_surrounded: f32,
}

impl<'a> Base<'a> {
    #[expect(clippy::cast_precision_loss, reason = "figures to weigh by")]
    fn of(searched: &'a [Searched<'a>]) -> Self {
        let passages = searched.iter().map(|searched| searched.index.len()).sum::<usize>() as f32;
        let words = searched.iter().map(|searched| searched.index.total_length()).sum::<u64>() as f32;
        let surrounded = searched.iter().map(|searched| searched.index.total_surrounded()).sum::<f32>();
        let average = |sum: f32| sum / passages.max(1.0);
        Self { searched, passages, average_length: average(words), average_surrounded: average(surrounded) }
    }

    fn bm25(&self) -> Bm25 {
        let Self { average_length, average_surrounded, .. } = *self;
        Bm25 { k1: 1.2, b: 0.75, average_length, average_surrounded }
    }

    /// In how many passages each of some words is.
    #[expect(clippy::cast_precision_loss, reason = "figures to weigh by")]
    fn frequencies(&self, mut words: Vec<u32>) -> HashMap<u32, f32> {
        words.sort_unstable();
        words.dedup();
        let mut sums: HashMap<u32, f32> = HashMap::with_capacity(words.len());
        for searched in self.searched {
            for (word, frequency) in words.iter().zip(searched.index.document_frequencies(&words)) {
                if frequency > 0 {
                    *sums.entry(*word).or_default() += frequency as f32;
                }
            }
        }
        sums
    }

    /// The languages that its passages are in, each with how many are; most first.
    #[expect(clippy::cast_precision_loss, reason = "figures to weigh by")]
    fn languages(&self) -> Vec<(Language, f32)> {
        let mut counts: BTreeMap<Language, f32> = BTreeMap::new();
        for (language, count) in self.searched.iter().flat_map(|searched| searched.index.languages()) {
            *counts.entry(language).or_default() += count as f32;
        }
        let mut there: Vec<(Language, f32)> = counts.into_iter().filter(|(_, count)| *count > 0.0).collect();
        there.sort_by(|a, b| b.1.total_cmp(&a.1));
        there
    }

    /// Some of an index's slots, evenly spread.
    fn sample<'i>(&self, index: &'i Index) -> impl Iterator<Item = u32> + use<'i> {
        let all: usize = self.searched.iter().map(|searched| searched.index.len()).sum();
        index.every(all.div_ceil(SAMPLE))
    }

    /// The forms of terms that some passage has, with their weights. A term is as telling as it is
    /// rare, whatever form of it is there: among all passages, or among those in a language for a form that only these
    /// can have, as "the" is no rare word because most of a base is in French.
    fn weighted(&self, terms: &[Term], languages: &[(Language, f32)]) -> Vec<Weighted> {
        let frequencies = self.frequencies(terms.iter().flat_map(|term| &term.forms).map(|form| form.hash).collect());
        let mut weighted = Vec::new();
        for term in terms {
            let weight = match term.kind {
                Kind::Word => 1.0,
                Kind::Function => 0.5,
                // Whoever asks for a number wants that one and not the one that looks like it.
                Kind::Code => 3.0,
            };
            let weight = if term.is_quoted { f32::max(weight, QUOTED) } else { weight };
            let forms = term.forms.iter().filter_map(|form| Some((*form, *frequencies.get(&form.hash)?)));
            // A name in several forms is as rare as all of them.
            let of_names =
                forms.clone().filter(|(form, _)| form.language.is_none()).map(|(_, frequency)| frequency).sum::<f32>();
            weighted.extend(forms.map(|(form, frequency)| {
                let of_language = languages.iter().find(|(language, _)| Some(*language) == form.language);
                let passages = of_language.map_or(self.passages, |(_, passages)| *passages);
                let frequency = if form.language.is_none() { of_names } else { frequency }.min(passages);
                let idf = (1.0 + (passages - frequency + 0.5) / (frequency + 0.5)).ln();
                Weighted { form, weight: form.share * weight * idf, is_quoted: term.is_quoted }
            }));
        }
        weighted
    }
}

/// A form of a term, with what it counts.
struct Weighted {
    form: Form,
    weight: f32,
    is_quoted: bool,
}

/// What a passage in a language has to show of the question's words. Where the question's own words can be, their
/// absence tells against a passage; in another language it tells nothing.
fn expected(terms: &[Weighted], language: Option<Language>) -> f32 {
    let Some(language) = language else { return 0.0 };
    let weights = terms.iter().filter(|term| term.form.language == Some(language)).map(|term| term.weight);
    EXPECTED * weights.sum::<f32>()
}

/// How near passages are to a question, as evidence.
struct Meaning<'a> {
    question: &'a Question<'a>,
    /// By language: models find texts in the question's language nearer, whatever they say.
    averages: BTreeMap<Option<Language>, f32>,
    /// Of all.
    average: f32,
    /// Nats for a cosine of 1.
    weight: f32,
}

impl<'a> Meaning<'a> {
    /// From some passages' cosines, each with its language.
    #[expect(clippy::cast_precision_loss, reason = "figures to weigh by")]
    fn of(sample: &[(Option<Language>, f32)], question: &'a Question<'a>) -> Self {
        let count = sample.len() as f32;
        let average = sample.iter().map(|(_, cosine)| cosine).sum::<f32>() / count.max(1.0);
        let mut sums: BTreeMap<Option<Language>, (f32, f32)> = BTreeMap::new();
        for (language, cosine) in sample {
            let (sum, count) = sums.entry(*language).or_default();
            *sum += cosine;
            *count += 1.0;
        }
        let of_language = |(sum, count): (f32, f32)| (sum + SHRINK * average) / (count + SHRINK);
        let averages: BTreeMap<Option<Language>, f32> =
            sums.into_iter().map(|(language, sums)| (language, of_language(sums))).collect();
        let around = |(language, cosine): &(Option<Language>, f32)| cosine - averages.get(language).unwrap_or(&average);
        let squares: f32 = sample.iter().map(|one| around(one).powi(2)).sum();
        let spread = ((squares + USUAL_PASSAGES * USUAL_SPREAD.powi(2)) / (count + USUAL_PASSAGES)).sqrt();
        Self { question, averages, average, weight: MEANING / spread }
    }

    /// That of a passage: its own cosine, and as much that of the text around it.
    fn evidence(&self, index: &Index, slot: u32, own: f32, language: Option<Language>) -> f32 {
        let words = |slot: u32| index.slot(slot).map_or(1.0, |slot| f32::from(slot.length.max(1)));
        let (mut sum, mut length) = (own * words(slot), words(slot));
        for beside in index.beside(slot).into_iter().flatten() {
            if let Some(cosine) = index.similarity(beside, self.question) {
                sum += cosine * words(beside);
                length += words(beside);
            }
        }
        // In a language of which none was in the sample.
        let average = self.averages.get(&language).copied().unwrap_or(self.average);
        self.weight * (f32::midpoint(own, sum / length) - average)
    }
}

#[cfg(test)]
mod tests;
