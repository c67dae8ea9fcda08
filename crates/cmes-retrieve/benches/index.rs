//! What a knowledge base costs in memory and a search in time.
//!
//! `cargo bench -p cmes-retrieve --bench index [-- passages …]` prints a line for every size (2,000 and 100,000 unless others
//! are given). Time is the processor's, so that it holds on a machine that has other things to do. Passages are made
//! up: 120 words by Zipf's law, every tenth article of several, vectors in groups around a common direction, with
//! cosines from 0.7 to 0.9 as those of multilingual-e5-small have.

#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::collections::HashSet;
use std::{env, fs};

use cmes_retrieve::{Index, Passage, Query, Searched, search, vectors, words};
use rustix::time::{ClockId, clock_gettime};

const DIMENSION: usize = 384;
/// Different texts and vectors: more passages than this repeat their words, and change their vectors a little.
const DIFFERENT: usize = 100_000;
const QUESTIONS: usize = 400;
/// Passages of an article.
const ARTICLE: usize = 4;

/// The words that make a text English, most frequent first.
const FUNCTION_WORDS: &str = "the of and to in a is that for it as was with be by on not he this are or his from at which but have an \
                              had they you were their one all we can her has there been if more when will would who so no";

fn main() {
    let sizes: Vec<usize> = env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![2_000, 100_000] } else { sizes };
    println!(
        "{:>9} | {:>10} {:>9} | {:>9} {:>9} | {:>15} {:>15} {:>15} {:>15} | {:>8}",
        "passages",
        "load, s",
        "edit, ms",
        "memory/1e5",
        "resident",
        "words, ms",
        "vectors, ms",
        "both, ms",
        "of 20, ms",
        "hits"
    );
    for size in sizes {
        measure(size);
    }
}

fn measure(size: usize) {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let texts = Texts::new();
    let written: Vec<Vec<usize>> = (0..size.min(DIFFERENT)).map(|_| texts.passage(&mut random)).collect();
    let packed: Vec<Vec<u8>> = written.iter().map(|of| words::pack("Handbook > Part", &texts.text(of))).collect();
    let meanings = Meanings::new(&mut random);
    let vectors: Vec<Vec<u8>> = (0..size).map(|at| vectors::pack(&meanings.vector(at, &mut random))).collect();
    let passages = |article: usize| -> Vec<Passage<'_>> {
        let of_article = article * ARTICLE..((article + 1) * ARTICLE).min(size);
        let passage = |at: usize| Passage {
            key: i64::try_from(at).unwrap_or_default(),
            words: &packed[at % packed.len()],
            vector: Some(&vectors[at]),
        };
        of_article.map(passage).collect()
    };

    let mut index = Index::new();
    let before = resident();
    let load = cpu(|| {
        for article in 0..size.div_ceil(ARTICLE) {
            index.replace(i64::try_from(article).unwrap_or_default(), &passages(article));
        }
    });
    let resident = resident() - before;

    let questions: Vec<(String, Vec<f32>)> = (0..QUESTIONS)
        .map(|_| {
            let at = random.below(size);
            let text = texts.question(&written[at % written.len()], &mut random);
            (text, meanings.vector(at, &mut random))
        })
        .collect();
    let few: HashSet<i64> =
        (0..20).map(|at| i64::try_from(at * 17 % size.div_ceil(ARTICLE)).unwrap_or_default()).collect();
    let mut hits = 0;
    let mut times = |by_words: bool, by_meaning: bool, only: Option<&HashSet<i64>>| {
        let mut times: Vec<f64> = questions
            .iter()
            .map(|(text, vector)| {
                let query = Query { text: if by_words { text } else { "" }, vector: by_meaning.then_some(vector) };
                cpu(|| hits += search(&[Searched { index: &index, only }], &query, 10).len()) * 1000.0
            })
            .collect();
        times.sort_by(f64::total_cmp);
        format!("{:.3} {:.3}", times[QUESTIONS / 2], times[QUESTIONS * 99 / 100])
    };
    let (words, meaning, both, of_few) =
        (times(true, false, None), times(false, true, None), times(true, true, None), times(true, true, Some(&few)));
    let memory = index.memory();
    let edits = 1000.min(size / ARTICLE);
    let edit = cpu(|| (0..edits).for_each(|at| index.replace(i64::try_from(at).unwrap_or_default(), &passages(at))));
    #[expect(clippy::cast_precision_loss, reason = "figures to print")]
    let per_100_000 = |bytes: usize| bytes as f64 / size as f64 / 10.0;
    println!(
        "{size:>9} | {load:>10.3} {:>9.3} | {:>7.1} MB {:>6.1} MB | {words:>15} {meaning:>15} {both:>15} {of_few:>15} | {hits:>8}",
        edit * 1000.0 / edits as f64,
        per_100_000(memory),
        per_100_000(resident),
    );
}

/// Seconds of a processor.
fn cpu(work: impl FnOnce()) -> f64 {
    let now = || {
        let time = clock_gettime(ClockId::ProcessCPUTime);
        #[expect(clippy::cast_precision_loss, reason = "seconds to print")]
        let seconds = time.tv_sec as f64 + time.tv_nsec as f64 / 1e9;
        seconds
    };
    let before = now();
    work();
    now() - before
}

/// Memory of this process, in bytes (on Linux).
fn resident() -> usize {
    let pages = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or_default() * 4096
}

/// Xorshift (Marsaglia 2003).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() >> 11).unwrap_or_default() % end
    }

    /// From -1 to 1.
    #[expect(clippy::cast_precision_loss, reason = "24 bits")]
    fn value(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1 << 23) as f32 - 1.0
    }
}

/// Words, most frequent first, and how often each and those before it come.
struct Texts {
    words: Vec<String>,
    sums: Vec<f64>,
}

impl Texts {
    fn new() -> Self {
        let mut words: Vec<String> = FUNCTION_WORDS.split_whitespace().map(str::to_owned).collect();
        let made_up = |number: usize| {
            let syllables = [
                "ba", "ke", "li", "mo", "nu", "par", "ret", "sil", "tos", "vur", "den", "gal", "hin", "jor", "zem",
                "cas",
            ];
            (0..5).map(|at| syllables[number.wrapping_mul(0x9e37_79b1) >> (at * 4) & 15]).collect::<String>()
        };
        words.extend((0..200_000).map(made_up));
        let mut sum = 0.0;
        let sums = (0..words.len()).map(|rank| {
            #[expect(clippy::cast_precision_loss, reason = "small numbers")]
            let share = (rank as f64 + 1.5).powf(-1.05);
            sum += share;
            sum
        });
        Self { sums: sums.collect(), words }
    }

    fn passage(&self, random: &mut Random) -> Vec<usize> {
        let all = self.sums.last().copied().unwrap_or_default();
        let word = |random: &mut Random| {
            let at = f64::from(random.value()).mul_add(0.5, 0.5) * all;
            self.sums.partition_point(|sum| *sum < at).min(self.words.len() - 1)
        };
        // What a text is about comes again: with this, 79 of 120 words differ, as in encyclopedic English.
        let mut words: Vec<usize> = Vec::new();
        for at in 0..120 {
            let again = at > 0 && random.below(5) == 0;
            words.push(if again { words[random.below(at)] } else { word(random) });
        }
        words
    }

    fn text(&self, words: &[usize]) -> String {
        words.iter().map(|word| self.words[*word].as_str()).collect::<Vec<_>>().join(" ")
    }

    /// Eight words, of which five come from a passage.
    fn question(&self, passage: &[usize], random: &mut Random) -> String {
        let words: Vec<usize> = (0..5).map(|_| passage[random.below(passage.len())]).collect();
        format!("what is the {}", self.text(&words))
    }
}

/// Vectors in groups around a common direction.
struct Meanings {
    groups: Vec<Vec<f32>>,
}

impl Meanings {
    fn new(random: &mut Random) -> Self {
        let common = near(&[0.0; DIMENSION], 1.0, random);
        Self { groups: (0..5_000).map(|_| near(&common, 0.05, random)).collect() }
    }

    fn vector(&self, passage: usize, random: &mut Random) -> Vec<f32> {
        near(&self.groups[passage % DIFFERENT % self.groups.len()], 0.04, random)
    }
}

/// A vector of unit length.
fn near(vector: &[f32], spread: f32, random: &mut Random) -> Vec<f32> {
    let vector: Vec<f32> = vector.iter().map(|value| value + spread * random.value()).collect();
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    vector.iter().map(|value| value / length).collect()
}
