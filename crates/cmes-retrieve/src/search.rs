//! Ranking: which passages answer a question best, by words and by meaning.
//!
//! Both halves are read as evidence on one scale, in nats, and added. BM25 is that by its derivation: a sum of
//! log-odds over the words that a passage shares with the question, small of itself where few are
//! shared. The cosine becomes so when it is divided by a temperature, as in the loss that embedding models are trained
//! with; the spread of the question's cosines over the base stands for it, so that the
//! embedder's own range does not matter. Neither half is stretched to fill a range (what harms where
//! one knows nothing), no rank takes the place of a score, and no score is too low to be found.

use std::collections::{HashMap, HashSet};

use crate::Index;
use crate::index::{Bm25, Found, Slot};
use crate::vectors::rows::Question;
use crate::words::language::Language;
use crate::words::{self, Form, Kind, Term, marker};

/// A question.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    /// As it was asked.
    pub text: &'a str,
    /// Its meaning, of unit length; none when there is no embedder.
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
    /// From 0 to 1; comparable within one search. There is none below which a passage is not found.
    pub score: f32,
    /// Cosine of the question and the passage, where both have a vector.
    pub cosine: Option<f32>,
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

/// Most languages of a base that are told from each other, the commonest.
const MARKED: usize = 24;

/// From this share of one language on, a base is in that language and the others do not matter.
const ONE_LANGUAGE: f32 = 0.99;

/// The weight of a word that is asked for only to know who has it.
const UNWEIGHTED: f32 = 1e-6;

/// More than a passage has for that, by BM25.
const MARKER_SCORE: f32 = UNWEIGHTED * 3.0;

/// Which part of the question's words the right passage has at least, when it is in the question's language.
const EXPECTED: f32 = 0.3;

/// As how many passages of a language the average over all counts: of one passage nobody knows whether it is near by its language.
const SHRINK: f32 = 8.0;

/// At this much evidence the score is a half, and how much more makes it three quarters.
const HALF: f32 = 20.0;
const STEP: f32 = 8.0;

/// The best passages, best first. Several indices are ranked as if they were one.
#[must_use]
pub fn search(searched: &[Searched<'_>], query: &Query<'_>, limit: usize) -> Vec<Hit> {
    let base = Base::of(searched);
    let languages = base.languages();
    let is_mixed = languages.first().is_some_and(|(_, passages)| *passages < ONE_LANGUAGE * base.passages);
    let marked = if is_mixed { languages.len().min(MARKED) } else { 0 };
    let there: Vec<Language> = languages.iter().map(|(language, _)| *language).collect();
    let terms = base.weighted(&words::asked(query.text, &there), &languages);
    let markers = there.iter().take(marked).map(|language| (marker(*language), UNWEIGHTED));
    let asked: Vec<(u32, f32)> = markers.chain(terms.iter().map(|(form, weight)| (form.hash, *weight))).collect();
    let expected = expected(&terms, there.get(..marked).unwrap_or_default());
    let question = query.vector.map(Question::new);
    let top = CANDIDATES.max(limit.saturating_mul(2));
    let mut found: Vec<(usize, &Index, Found)> = Vec::new();
    let mut sample: Vec<(usize, f32)> = Vec::new();
    for (source, Searched { index, only }) in searched.iter().enumerate() {
        let near = question.as_ref().map(|question| index.nearest(question, *only, top)).unwrap_or_default();
        let near: HashSet<u32> = near.iter().map(|(slot, _)| *slot).collect();
        let sampled: HashSet<u32> = if question.is_some() { base.sample(index) } else { HashSet::new() };
        let also: Vec<u32> = near.union(&sampled).copied().collect();
        let by_words = index.words_best(&asked, &base.bm25(), *only, top, &also);
        let known: HashSet<u32> = by_words.iter().map(|found| found.slot).collect();
        let without =
            also.iter().filter(|slot| !known.contains(slot)).map(|slot| Found { slot: *slot, score: 0.0, matched: 0 });
        let all = by_words.iter().copied().chain(without);
        for one in all {
            if let Some(question) = &question
                && sampled.contains(&one.slot)
            {
                sample.extend(index.similarity(one.slot, question).map(|cosine| (language_of(&one, marked), cosine)));
            }
            // What was only looked at for the average may be in an article that is not searched.
            let article = index.slot(one.slot).map(|slot| slot.article);
            let is_searched = only.is_none_or(|only| article.is_some_and(|article| only.contains(&article)));
            if is_searched && (one.score > MARKER_SCORE || near.contains(&one.slot)) {
                found.push((source, index, one));
            }
        }
    }
    let meaning = question.as_ref().map(|question| Meaning::of(&sample, question));
    let mut hits: Vec<(f32, Hit)> = Vec::new();
    for (source, index, one) in found {
        let language = language_of(&one, marked);
        let by_words = one.score - expected.get(language).copied().unwrap_or_default();
        let by_meaning = meaning.as_ref().map_or(0.0, |meaning| meaning.evidence(index, one.slot, language));
        if let Some(Slot { article, passage, .. }) = index.slot(one.slot) {
            let evidence = by_words + by_meaning;
            let score = 1.0 / (1.0 + ((HALF - evidence) / STEP).exp());
            let cosine = question.as_ref().and_then(|question| index.similarity(one.slot, question));
            hits.push((evidence, Hit { source, article, chunk: passage, score, cosine }));
        }
    }
    hits.sort_by(|(a, hit_a), (b, hit_b)| {
        b.total_cmp(a).then((hit_a.source, hit_a.chunk).cmp(&(hit_b.source, hit_b.chunk)))
    });
    hits.into_iter().map(|(_, hit)| hit).take(limit).collect()
}

/// What is known of all that is searched.
struct Base<'a> {
    searched: &'a [Searched<'a>],
    passages: f32,
    average_length: f32,
}

impl<'a> Base<'a> {
    #[expect(clippy::cast_precision_loss, reason = "figures to weigh by")]
    fn of(searched: &'a [Searched<'a>]) -> Self {
        let passages = searched.iter().map(|searched| searched.index.len()).sum::<usize>() as f32;
        let words = searched.iter().map(|searched| searched.index.total_length()).sum::<u64>() as f32;
        Self { searched, passages, average_length: words / passages.max(1.0) }
    }

    fn bm25(&self) -> Bm25 {
        Bm25 { k1: 1.2, b: 0.75, average_length: self.average_length }
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
    fn languages(&self) -> Vec<(Language, f32)> {
        let frequencies = self.frequencies(Language::all().map(marker).collect());
        let there = Language::all().filter_map(|language| Some((language, *frequencies.get(&marker(language))?)));
        let mut there: Vec<(Language, f32)> = there.collect();
        there.sort_by(|a, b| b.1.total_cmp(&a.1));
        there
    }

    /// Some of an index's slots, evenly spread.
    fn sample(&self, index: &Index) -> HashSet<u32> {
        let all: usize = self.searched.iter().map(|searched| searched.index.len()).sum();
        let step = all.div_ceil(SAMPLE).max(1);
        (0..index.len()).step_by(step).filter_map(|slot| u32::try_from(slot).ok()).collect()
    }

    /// The forms of terms that some passage has, with their weights. A term is as telling as it is
    /// rare, whatever form of it is there: among all passages, or among those in a language for a form that only these
    /// can have, as "the" is no rare word because most of a base is in French.
    fn weighted(&self, terms: &[Term], languages: &[(Language, f32)]) -> Vec<(Form, f32)> {
        let frequencies = self.frequencies(terms.iter().flat_map(|term| &term.forms).map(|form| form.hash).collect());
        let mut weighted = Vec::new();
        for term in terms {
            let weight = match term.kind {
                Kind::Word => 1.0,
                Kind::Function => 0.5,
                Kind::Quoted => 2.0,
                // Whoever asks for a number wants that one and not the one that looks like it.
                Kind::Code => 3.0,
            };
            let forms = term.forms.iter().filter_map(|form| Some((*form, *frequencies.get(&form.hash)?)));
            // A name in several forms is as rare as all of them.
            let of_names =
                forms.clone().filter(|(form, _)| form.language.is_none()).map(|(_, frequency)| frequency).sum::<f32>();
            weighted.extend(forms.map(|(form, frequency)| {
                let of_language = languages.iter().find(|(language, _)| Some(*language) == form.language);
                let passages = of_language.map_or(self.passages, |(_, passages)| *passages);
                let frequency = if form.language.is_none() { of_names } else { frequency }.min(passages);
                (form, form.share * weight * (1.0 + (passages - frequency + 0.5) / (frequency + 0.5)).ln())
            }));
        }
        weighted
    }
}

/// Which of the base's languages a passage is in: its place, or [`MARKED`] when none of those that were asked for.
fn language_of(found: &Found, marked: usize) -> usize {
    let first = found.matched.trailing_zeros() as usize;
    if first < marked { first } else { MARKED }
}

/// What a passage in each language has to show of the question's words. Where the question's own words can be, their
/// absence tells against a passage; in another language it tells nothing.
fn expected(terms: &[(Form, f32)], languages: &[Language]) -> Vec<f32> {
    let of = |language: &Language| {
        let weights = terms.iter().filter(|(form, _)| form.language == Some(*language)).map(|(_, weight)| weight);
        EXPECTED * weights.sum::<f32>()
    };
    languages.iter().map(of).collect()
}

/// How near passages are to a question, as evidence.
struct Meaning<'a> {
    question: &'a Question<'a>,
    /// By language: models find texts in the question's language nearer, whatever they say.
    averages: Vec<f32>,
    /// Nats for a cosine of 1.
    weight: f32,
}

impl<'a> Meaning<'a> {
    /// From some passages' cosines, each with its language.
    #[expect(clippy::cast_precision_loss, reason = "figures to weigh by")]
    fn of(sample: &[(usize, f32)], question: &'a Question<'a>) -> Self {
        let count = sample.len() as f32;
        let average = sample.iter().map(|(_, cosine)| cosine).sum::<f32>() / count.max(1.0);
        let of_language = |language: usize| {
            let there = sample.iter().filter(|(of, _)| *of == language);
            let (sum, count) = there.fold((0.0, 0.0), |(sum, count), (_, cosine)| (sum + cosine, count + 1.0));
            (sum + SHRINK * average) / (count + SHRINK)
        };
        let averages: Vec<f32> = (0..=MARKED).map(of_language).collect();
        let around = |(language, cosine): &(usize, f32)| cosine - averages.get(*language).unwrap_or(&average);
        let squares: f32 = sample.iter().map(|one| around(one).powi(2)).sum();
        let spread = ((squares + USUAL_PASSAGES * USUAL_SPREAD.powi(2)) / (count + USUAL_PASSAGES)).sqrt();
        Self { question, averages, weight: MEANING / spread }
    }

    /// That of a passage: its own, and as much that of the text around it. None for one without a vector.
    fn evidence(&self, index: &Index, slot: u32, language: usize) -> f32 {
        let (Some(there), Some(own)) = (index.slot(slot), index.similarity(slot, self.question)) else { return 0.0 };
        let words = |slot: &Slot| f32::from(slot.length.max(1));
        let (mut sum, mut length) = (own * words(&there), words(&there));
        for beside in [slot.checked_sub(1), slot.checked_add(1)].into_iter().flatten() {
            if let Some(beside_it) = index.slot(beside).filter(|beside| beside.article == there.article)
                && let Some(cosine) = index.similarity(beside, self.question)
            {
                sum += cosine * words(&beside_it);
                length += words(&beside_it);
            }
        }
        let average = self.averages.get(language).copied().unwrap_or_default();
        self.weight * (f32::midpoint(own, sum / length) - average)
    }
}

#[cfg(test)]
mod tests;
