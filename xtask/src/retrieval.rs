//! `cargo xtask retrieval`: how often search finds the right article, by words
//! alone, by vectors alone, and by both as the product joins them.
//!
//! Every set is a base of its own, cut, packed, embedded and searched as the product does it.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "printing is what the command is for")]

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;
use cmes_models::Kind;
use cmes_retrieve::{Chunk, Index, Passage, Query, Searched, chunks, common, search, weigh_pairs, words};
use cmes_types::{Block, Document};

mod sets;
mod vectors;

use sets::{Article, Quality, Set};
use vectors::Vectors;

/// Measure search on sets of questions.
#[derive(Debug, Args)]
pub struct RetrievalArgs {
    /// Folder of the sets.
    #[arg(long, default_value = "../shared/data/retrieval")]
    sets: PathBuf,
    /// Folder of the models, as `cmes models pull` leaves it; without one, by words alone.
    #[arg(long)]
    models: Option<PathBuf>,
    /// Only the sets whose names contain this.
    #[arg(long, default_value = "")]
    only: String,
    /// Also print the questions whose article is not the first.
    #[arg(long)]
    misses: bool,
    /// Write the table to docs/quality.md.
    #[arg(long, conflicts_with = "only", requires = "models")]
    write: bool,
}

/// The sets, with what two peers reach on each, recall@5 and nDCG@10: BM25 and multilingual-e5-small, joined as the
/// mean of scaled scores, and the better of the two by itself. None measured the last two and Spanish.
const SETS: [(&str, &str, &str); 13] = [
    ("squad_en", "95.8 / 90.2", "92.4 / 86.1"),
    ("xquad_en", "99.6 / 98.5", "99.5 / 97.0"),
    ("xquad_de", "99.1 / 97.2", "98.5 / 95.6"),
    ("xquad_es", "", ""),
    ("xquad_zh", "99.4 / 97.6", "99.0 / 96.0"),
    ("xquad_ru", "99.5 / 97.4", "98.7 / 95.4"),
    ("xquad_ar", "99.4 / 96.2", "97.6 / 93.3"),
    ("xquad_en2de", "95.0 / 81.6", "97.5 / 92.0"),
    ("xquad_en2ru", "94.6 / 69.6", "96.6 / 90.7"),
    ("xquad_en2zh", "91.3 / 67.0", "92.9 / 84.6"),
    ("xquad_en2ar", "95.5 / 86.1", "95.5 / 87.4"),
    ("xquad_mixed", "", ""),
    ("support", "", ""),
];

/// What stands around the table in docs/quality.md.
const HEAD: &str = include_str!("retrieval/head.md");
const TAIL: &str = include_str!("retrieval/tail.md");

/// Our own set, which is part of the repository.
const OWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data");

/// How many passages are looked at to find ten articles.
const PASSAGES: usize = 40;

pub async fn run(args: &RetrievalArgs) -> io::Result<()> {
    let program = std::env::current_exe()?;
    let folder = program.ancestors().nth(2).unwrap_or(Path::new(".")).join("retrieval");
    let embedder = args.models.as_deref().and_then(crate::embedded::embedder);
    let mut vectors = Vectors::open(&folder, embedder)?;
    let mut table = String::from(
        "| set | articles | questions | words | vectors | joined | BM25 and e5, scores scaled | the better of the two |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    let mut is_joined_well = true;
    for (name, peers, better_peer) in SETS.iter().filter(|(name, ..)| name.contains(&args.only)) {
        let folder = if *name == "support" { Path::new(OWN) } else { &args.sets };
        let set = if *name == "xquad_mixed" { sets::mixed(folder)? } else { sets::read(folder, name)? };
        let Some(set) = set else {
            eprintln!("{name}: not in {}, left out", folder.display());
            continue;
        };
        let base = Base::of(&set, &mut vectors).await?;
        let row = base.measure(&set, &vectors, args.misses);
        let line = format!("{}| {peers} | {better_peer} |\n", row.render());
        print!("{line}");
        table.push_str(&line);
        for (half, quality) in [("words", &row.words), ("vectors", &row.vectors)] {
            if row.joined.is_worse_than(quality) {
                println!("{name}: joined is worse than {half} alone");
                is_joined_well = false;
            }
        }
    }
    if args.write {
        crate::quality::write_retrieval(&format!("{HEAD}\n{table}\n{TAIL}"))?;
    }
    if is_joined_well {
        Ok(())
    } else {
        Err(io::Error::other("what is joined has to be at least as good as each half"))
    }
}

/// The articles of a set as search has them.
struct Base {
    chunks: Vec<Vec<Chunk>>,
    index: Index,
    packing: Duration,
}

impl Base {
    async fn of(set: &Set, vectors: &mut Vectors) -> io::Result<Self> {
        let cut = |article: &Article| {
            let blocks = article.text.lines().map(|line| Block::Paragraph(line.trim().to_owned())).collect();
            let path = [article.title.as_str()];
            chunks(if article.title.is_empty() { &[] } else { &path }, &Document { title: None, blocks })
        };
        let chunks: Vec<Vec<Chunk>> = set.articles.iter().map(cut).collect();
        let texts: Vec<String> = chunks.iter().flatten().map(Chunk::embedded_text).collect();
        vectors.make(Kind::Passage, &texts, |left| eprint!("\r{}: {left} passages to embed   ", set.name)).await?;
        let questions: Vec<String> = set.questions.iter().map(|question| question.text.clone()).collect();
        let others = set.questions.iter().flat_map(|question| common::like(&question.text).texts);
        let questions: Vec<String> = questions.into_iter().chain(others.map(str::to_owned)).collect();
        vectors.make(Kind::Query, &questions, |left| eprint!("\r{}: {left} questions to embed   ", set.name)).await?;
        let begun = Instant::now();
        let packed: Vec<Vec<Vec<u8>>> = chunks
            .iter()
            .map(|chunks| chunks.iter().map(|chunk| words::pack(&chunk.context, &chunk.text)).collect())
            .collect();
        let packing = begun.elapsed();
        let mut index = Index::new();
        for ((chunks, packed), article) in chunks.iter().zip(&packed).zip(0_i64..) {
            let vectors: Vec<Option<Vec<u8>>> = chunks
                .iter()
                .map(|chunk| vectors.of(Kind::Passage, &chunk.embedded_text()).map(cmes_retrieve::vectors::pack))
                .collect();
            let passages: Vec<Passage<'_>> = packed
                .iter()
                .zip(&vectors)
                .zip(article * 1_000..)
                .map(|((words, vector), key)| Passage { key, words, vector: vector.as_deref() })
                .collect();
            index.replace(article, &passages);
        }
        Ok(Self { chunks, index, packing })
    }

    fn measure(&self, set: &Set, vectors: &Vectors, show_misses: bool) -> Row {
        let mut row = Row {
            name: set.name.clone(),
            articles: set.articles.len(),
            passages: self.chunks.iter().map(Vec::len).sum(),
            packing: self.packing,
            memory: self.index.memory(),
            ..Row::default()
        };
        for question in &set.questions {
            let vector = vectors.of(Kind::Query, &question.text).map(|vector| {
                let others = common::like(&question.text).texts;
                let others = others.iter().filter_map(|text| vectors.of(Kind::Query, text)).map(<[f32]>::to_vec);
                common::without(vector.to_vec(), &common::mean(&others.collect::<Vec<_>>()))
            });
            let vector = vector.as_deref();
            let ask = |text, vector| {
                let searched = [Searched { index: &self.index, only: None }];
                let mut hits = search(&searched, &Query { text, vector }, PASSAGES);
                weigh_pairs(text, &mut hits, |hit| {
                    let chunks = self.chunks.get(usize::try_from(hit.article).ok()?)?;
                    let chunk = chunks.get(usize::try_from(hit.chunk - hit.article * 1_000).ok()?)?;
                    Some((chunk.context.as_str(), chunk.text.as_str()))
                });
                let mut ids: Vec<&str> = Vec::new();
                for hit in hits {
                    let id = usize::try_from(hit.article).ok().and_then(|article| set.articles.get(article));
                    ids.extend(id.map(|article| article.id.as_str()).filter(|id| !ids.contains(id)));
                }
                ids
            };
            row.words.add(&ask(&question.text, None), question);
            row.vectors.add(&ask("", vector), question);
            let begun = Instant::now();
            let joined = ask(&question.text, vector);
            row.searching += begun.elapsed();
            row.joined.add(&joined, question);
            if show_misses && joined.first().is_none_or(|first| !question.rel.iter().any(|id| id == first)) {
                println!("{} → {:?}, not {:?}", question.text, joined.iter().take(3).collect::<Vec<_>>(), question.rel);
            }
        }
        row
    }
}

/// What is measured of a set.
#[derive(Default)]
struct Row {
    name: String,
    articles: usize,
    passages: usize,
    packing: Duration,
    searching: Duration,
    memory: usize,
    words: Quality,
    vectors: Quality,
    joined: Quality,
}

impl Row {
    /// The row of the table but for the peers; what it cost is told beside it.
    fn render(&self) -> String {
        let mut line = format!("| {} | {} | {} ", self.name, self.articles, self.joined.questions());
        for quality in [&self.words, &self.vectors, &self.joined] {
            let _ = write!(line, "| {:.1} / {:.1} ", quality.recall_at_5(), quality.ndcg_at_10());
        }
        let each = |time: Duration, of: usize| time.as_secs_f64() * 1e6 / of.max(1) as f64;
        eprintln!(
            "\r{} passages, {:.0} µs to pack one, {:.0} µs to search, {} bytes a passage",
            self.passages,
            each(self.packing, self.passages),
            each(self.searching, self.joined.questions()),
            self.memory / self.passages.max(1),
        );
        line
    }
}
