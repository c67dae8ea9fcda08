//! The index against a plain list of what was put into it.

use std::collections::{BTreeMap, HashSet};

use proptest::collection::{btree_map, hash_set, vec};
use proptest::prelude::*;

use super::*;
use crate::vectors::{pack, rows::Question};

const WORDS: u32 = 40;
const BM25: Bm25 = Bm25 { k1: 1.2, b: 0.75, average_length: 9.0, average_surrounded: 14.0 };

#[derive(Clone, Debug)]
struct Plain {
    words: BTreeMap<u32, u8>,
    vectors: Vec<Vec<f32>>,
}

#[derive(Clone, Debug)]
enum Change {
    Replace(i64, Vec<Plain>),
    Remove(i64),
    Settle,
}

/// Dimensions that fill a line, and that do not.
fn changes() -> impl Strategy<Value = (usize, Vec<Change>)> {
    (prop_oneof![Just(5usize), Just(64), Just(70)], any::<bool>()).prop_flat_map(|(dimension, ordinary)| {
        let vector = vec(-1.0f32..1.0, dimension);
        let words = btree_map(0..WORDS, prop_oneof![4 => Just(1u8), 1 => any::<u8>()], 0..12);
        // As a rule each passage has one vector; then rows are kept without their slots.
        let vectors = if ordinary { vec(vector, 1..2) } else { vec(vector, 0..3) };
        let passage = (words, vectors).prop_map(|(words, vectors)| Plain { words, vectors });
        let change = prop_oneof![
            4 => (0..30i64, vec(passage, 0..8)).prop_map(|(article, passages)| Change::Replace(article, passages)),
            1 => (0..30i64).prop_map(Change::Remove),
            1 => Just(Change::Settle),
        ];
        (Just(dimension), vec(change, 0..120))
    })
}

/// Words as they are packed now.
fn pack_words(words: &BTreeMap<u32, u8>) -> Vec<u8> {
    words.iter().flat_map(|(word, count)| word.to_le_bytes().into_iter().chain([*count])).collect()
}

fn key(article: i64, at: usize) -> i64 {
    article * 100 + i64::try_from(at).expect("a small number")
}

fn put(index: &mut Index, article: i64, passages: &[Plain]) {
    let packed: Vec<(Vec<u8>, Vec<u8>)> = passages
        .iter()
        .map(|passage| (pack_words(&passage.words), passage.vectors.iter().flat_map(|vector| pack(vector)).collect()))
        .collect();
    let passages: Vec<Passage<'_>> = packed
        .iter()
        .enumerate()
        .map(|(at, (words, vectors))| Passage {
            key: key(article, at),
            words,
            vector: (!vectors.is_empty()).then_some(vectors.as_slice()),
        })
        .collect();
    index.replace(article, &passages);
}

type Articles = BTreeMap<i64, Vec<Plain>>;

fn made(changes: &[Change]) -> (Index, Articles) {
    let (mut index, mut articles) = (Index::new(), Articles::new());
    for change in changes {
        match change {
            Change::Replace(article, passages) => {
                put(&mut index, *article, passages);
                articles.insert(*article, passages.clone());
            }
            Change::Remove(article) => {
                index.remove(*article);
                articles.remove(article);
            }
            Change::Settle => index.settle(),
        }
    }
    (index, articles)
}

/// The passages that may be found, with their keys.
fn passages<'a>(articles: &'a Articles, only: Option<&HashSet<i64>>) -> Vec<(i64, &'a Plain)> {
    let allowed = articles.iter().filter(|(article, _)| only.is_none_or(|only| only.contains(article)));
    allowed.flat_map(|(article, of)| of.iter().enumerate().map(|(at, plain)| (key(*article, at), plain))).collect()
}

/// By key, best first: the same sums, so that nothing may differ.
fn plain_words(passages: &[(i64, &Plain)], asked: &BTreeMap<u32, f32>) -> Vec<(i64, f32)> {
    let score = |plain: &Plain| {
        let length: u32 = plain.words.values().map(|count| u32::from(*count)).sum();
        let norm = BM25.k1 * (1.0 - BM25.b) + BM25.k1 * BM25.b / BM25.average_length * length as f32;
        let of = |(word, weight): (&u32, &f32)| {
            let count = f32::from((*plain.words.get(word)?).clamp(1, 15));
            Some(by_words::units(*weight, (BM25.k1 + 1.0) * count / (count + norm)))
        };
        by_words::nats(asked.iter().filter_map(of).sum())
    };
    best(passages.iter().map(|(key, plain)| (*key, score(plain))).filter(|(_, score)| *score > 0.0).collect())
}

/// A passage and those beside it in its article, each with how much of it counts.
fn around(articles: &Articles, key: i64) -> Vec<(f32, &Plain)> {
    let at = usize::try_from(key % 100).expect("a small number");
    let of_article = articles[&(key / 100)].iter().enumerate();
    of_article
        .filter(|(other, _)| other.abs_diff(at) < 2)
        .map(|(other, plain)| (if other == at { 1.0 } else { 0.5 }, plain))
        .collect()
}

fn surrounded_length(articles: &Articles, key: i64) -> f32 {
    let length = |plain: &Plain| plain.words.values().map(|count| f32::from(*count)).sum::<f32>();
    around(articles, key).iter().map(|(share, plain)| share * length(plain)).sum()
}

fn plain_surrounded(articles: &Articles, key: i64, asked: &BTreeMap<u32, f32>) -> f32 {
    let length = surrounded_length(articles, key);
    let norm = BM25.k1 * (1.0 - BM25.b) + BM25.k1 * BM25.b / BM25.average_surrounded * length;
    let part = |(word, weight): (&u32, &f32)| {
        let has = |(share, plain): &(f32, &Plain)| if plain.words.contains_key(word) { *share } else { 0.0 };
        let count: f32 = around(articles, key).iter().map(has).sum();
        weight * (BM25.k1 + 1.0) * count / (count + norm)
    };
    asked.iter().map(part).sum()
}

fn plain_cosine(plain: &Plain, question: &[f32]) -> Option<f32> {
    let cosine = |vector: &Vec<f32>| {
        let packed = pack(vector);
        let scale = f32::from_le_bytes(packed[2..6].try_into().expect("four bytes"));
        let values = packed[6..].iter().map(|byte| f32::from(byte.cast_signed()));
        let mut sums = [0.0; 16];
        question.iter().zip(values).enumerate().for_each(|(at, (a, b))| sums[at % 16] += a * b);
        sums.iter().sum::<f32>() * scale
    };
    plain.vectors.iter().map(cosine).reduce(f32::max)
}

fn best(mut scored: Vec<(i64, f32)>) -> Vec<(i64, f32)> {
    scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    scored
}

fn keyed(index: &Index, found: impl IntoIterator<Item = (u32, f32)>) -> Vec<(i64, f32)> {
    found.into_iter().map(|(slot, score)| (index.slot(slot).expect("a slot").passage, score)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn finds_what_a_plain_list_finds(
        (dimension, changes) in changes(),
        asked in btree_map(0..WORDS, 0.1f32..5.0, 1..6),
        seed in vec(-1.0f32..1.0, 70),
        only in proptest::option::of(hash_set(0..30i64, 0..20)),
        top in 0usize..12,
    ) {
        let (index, articles) = made(&changes);
        let all = passages(&articles, None);
        prop_assert_eq!(index.len(), all.len());
        prop_assert_eq!(index.is_empty(), all.is_empty());
        let length: u64 = all.iter().flat_map(|(_, plain)| plain.words.values()).map(|count| u64::from(*count)).sum();
        prop_assert_eq!(index.total_length(), length);
        let surrounded: f32 = all.iter().map(|(key, _)| surrounded_length(&articles, *key)).sum();
        prop_assert!((index.total_surrounded() - surrounded).abs() < 1.0);
        for word in 0..WORDS {
            let with = all.iter().filter(|(_, plain)| plain.words.contains_key(&word)).count();
            prop_assert_eq!(index.document_frequencies(&[word])[0] as usize, with);
        }

        let allowed = passages(&articles, only.as_ref());
        let words: Vec<(u32, f32)> = asked.iter().rev().map(|(word, weight)| (*word, *weight)).collect();
        let mut expected = plain_words(&allowed, &asked);
        expected.truncate(top);
        let found = index.words_best(&words, &[], &BM25, only.as_ref(), top, &[]);
        prop_assert_eq!(keyed(&index, found.iter().map(|found| (found.slot, found.score))), expected);
        for found in found {
            let surrounded = plain_surrounded(&articles, index.slot(found.slot).expect("a slot").passage, &asked);
            prop_assert!((found.surrounded - surrounded).abs() < 1e-3, "{} {surrounded}", found.surrounded);
        }

        let question = Question::new(&seed[..dimension]);
        let cosines = allowed.iter().filter_map(|(key, plain)| Some((*key, plain_cosine(plain, &seed[..dimension])?)));
        let mut expected = best(cosines.collect());
        expected.truncate(top);
        prop_assert_eq!(keyed(&index, index.nearest(&question, only.as_ref(), top)), expected);

        // What the other half found is judged by words too, once.
        let also: Vec<u32> = index.nearest(&question, None, 5).iter().map(|(slot, _)| *slot).collect();
        let mut found = index.words_best(&words, &[], &BM25, None, 2, &also);
        found.retain(|found| found.score > 0.0);
        let of_words = plain_words(&all, &asked);
        let with: HashSet<i64> = keyed(&index, also.iter().map(|slot| (*slot, 0.0))).iter().map(|(key, _)| *key).collect();
        let expected: Vec<(i64, f32)> =
            of_words.iter().enumerate().filter(|(at, (key, _))| *at < 2 || with.contains(key)).map(|(_, found)| *found).collect();
        prop_assert_eq!(keyed(&index, found.iter().map(|found| (found.slot, found.score))), expected);
    }

    #[test]
    fn odd_bytes_do_no_harm(
        words in vec(any::<u8>(), 0..60),
        vector in vec(any::<u8>(), 0..60),
        cut in 0usize..20,
        value in -1.0f32..1.0,
    ) {
        let mut cut_off = pack(&[value; 9]);
        cut_off.truncate(cut);
        let mut index = Index::new();
        let whole = pack(&[value; 9]);
        index.replace(1, &[Passage { key: 1, words: &words, vector: Some(&vector) }]);
        index.replace(2, &[Passage { key: 2, words: &words[..words.len() / 2], vector: Some(&cut_off) }]);
        index.replace(3, &[Passage { key: 3, words: &[], vector: Some(&whole) }]);
        let asked: Vec<(u32, f32)> = words::unpack(&words).map(|(word, _)| (word, 1.0)).collect();
        index.words_best(&asked, &[], &BM25, None, 3, &[0, 1, 2, 99]);
        for length in 0..10 {
            for (_, cosine) in index.nearest(&Question::new(&vec![value; length]), None, 3) {
                prop_assert!(cosine.is_finite() || !vector.is_empty());
            }
        }
        index.remove(1);
        index.remove(2);
        prop_assert_eq!(index.len(), 1);
    }
}

#[test]
fn questions_that_are_no_vectors_find_nothing_by_meaning() {
    let mut index = Index::new();
    put(&mut index, 1, &[Plain { words: BTreeMap::new(), vectors: vec![vec![0.6, 0.8]] }]);
    for question in [&[][..], &[1.0], &[f32::NAN, 1.0], &[f32::INFINITY, 0.0], &[1.0, 0.0, 0.0]] {
        assert_eq!(index.nearest(&Question::new(question), None, 3), []);
    }
    assert_eq!(index.nearest(&Question::new(&[0.0, 1.0]), None, 3).len(), 1);
    assert_eq!(index.nearest(&Question::new(&[0.0, 1.0]), None, usize::MAX).len(), 1);
    assert_eq!(index.words_best(&[(1, 1.0)], &[], &BM25, None, usize::MAX, &[]), []);
}

#[test]
fn an_index_without_passages_takes_the_next_dimension() {
    let mut index = Index::new();
    let passage = |dimension| Plain { words: BTreeMap::new(), vectors: vec![vec![0.5; dimension]] };
    put(&mut index, 1, &[passage(3)]);
    put(&mut index, 2, &[passage(4)]);
    assert_eq!(index.nearest(&Question::new(&[0.5; 4]), None, 3), []);
    index.remove(1);
    index.remove(2);
    put(&mut index, 2, &[passage(4)]);
    assert_eq!(index.nearest(&Question::new(&[0.5; 4]), None, 3).len(), 1);
}

#[test]
fn of_many_vectors_the_nearest_are_found() {
    // Close together around a common direction, in groups, as embeddings of texts are.
    let mut state = 1u32;
    let mut random = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    let mut vector = |around: &[f32], spread: f32| -> Vec<f32> {
        let vector: Vec<f32> = around.iter().map(|value| value + spread * random()).collect();
        let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
        vector.iter().map(|value| value / length).collect()
    };
    let common = vector(&[0.0; 256], 1.0);
    let groups: Vec<Vec<f32>> = (0..40).map(|_| vector(&common, 0.05)).collect();
    let mut index = Index::new();
    let mut articles = Articles::new();
    for article in 0..1000i64 {
        let around = &groups[usize::try_from(article % 40).expect("a small number")];
        let passages: Vec<Plain> =
            (0..3).map(|_| Plain { words: BTreeMap::new(), vectors: vec![vector(around, 0.03)] }).collect();
        put(&mut index, article, &passages);
        articles.insert(article, passages);
    }
    for article in (0..1000).step_by(5) {
        index.remove(article);
        articles.remove(&article);
    }
    let all = passages(&articles, None);
    let half: HashSet<i64> = (0..500).collect();
    let (mut of_all, mut of_half) = (0, 0);
    for around in groups.iter().step_by(4) {
        let question = vector(around, 0.03);
        let wanted: Vec<i64> =
            best(all.iter().filter_map(|(key, plain)| Some((*key, plain_cosine(plain, &question)?))).collect())
                .iter()
                .map(|(key, _)| *key)
                .collect();
        let found = |only| keyed(&index, index.nearest(&Question::new(&question), only, 10));
        let missed = |found: &[(i64, f32)], wanted: &mut dyn Iterator<Item = i64>| {
            wanted.take(10).filter(|key| found.iter().all(|(found, _)| found != key)).count()
        };
        of_all += missed(&found(None), &mut wanted.iter().copied());
        let found = found(Some(&half));
        assert!(found.iter().all(|(key, _)| *key < 500 * 100));
        of_half += missed(&found, &mut wanted.iter().copied().filter(|key| *key < 500 * 100));
    }
    // Of 100 each.
    assert!(of_all <= 5 && of_half <= 5, "{of_all}, {of_half}");
}
