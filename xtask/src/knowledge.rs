//! `cargo xtask knowledge`: how fast knowledge bases are indexed and searched.
//!
//! Everything is the program's own: articles are stored as by the API, cut and embedded by the worker's jobs, and
//! searched by the use case behind `knowledgebase/search`. Texts are invented words, frequent ones and rare ones as in
//! a language, and vectors of the large base are made of those words by a function, for a model would take an hour;
//! the model's own speed is measured on a small base.

#![expect(clippy::print_stdout, reason = "printing is what the command is for")]

pub mod parts;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use cmes_app::knowledge::articles::{self, CreateArticle, UpdateArticle};
use cmes_app::knowledge::bases;
use cmes_app::knowledge::search::{Search, Within, search};
use cmes_app::{App, worker};
use cmes_models::embedded::{EmbeddedEmbedder, EmbedderSettings};
use cmes_models::{Embedder, Kind};
use cmes_store::articles::{NamedArticle, Parent, Which};
use cmes_store::identifiers::Identifiers;
use cmes_store::knowledge_bases::{NamedBase, NewBase};
use cmes_store::{Connect, Db};
use cmes_types::{AccountId, Clock, SystemClock};
use tokio_util::sync::CancellationToken;

use parts::{Invented, Part, Texts, Watch};

pub type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Measure knowledge bases: indexing, one edit, search, the first search after a start.
#[derive(Debug, Args)]
pub struct KnowledgeArgs {
    /// An empty database; by default SQLite in a new folder.
    #[arg(long)]
    database: Option<String>,
    /// The file of multilingual-e5-small, to measure indexing and questions with a real model too.
    #[arg(long)]
    embeddings: Option<PathBuf>,
    /// Articles of the base in which one is edited.
    #[arg(long, default_value_t = 10_000)]
    articles: usize,
    /// Passages of the large base that is searched; the small one has 2,000.
    #[arg(long, default_value_t = 100_000)]
    passages: usize,
    /// Searches in each.
    #[arg(long, default_value_t = 500)]
    searches: usize,
    /// Measure a base of a million passages, in articles of a hundred, and nothing else.
    #[arg(long)]
    million: bool,
}

pub async fn run(args: &KnowledgeArgs) -> io::Result<()> {
    let folder = std::env::temp_dir().join(format!("cmes-knowledge-{}", std::process::id()));
    let url = args.database.clone().unwrap_or_else(|| format!("sqlite:{}", folder.join("knowledge.db").display()));
    let outcome = measure(args, &url).await;
    // It is not there when another database was named.
    let _ = std::fs::remove_dir_all(&folder);
    outcome.map_err(io::Error::other)
}

async fn measure(args: &KnowledgeArgs, url: &str) -> Outcome {
    let db = Db::connect(&Connect::to(url)).await?;
    println!("{}", db.engine());
    let account = parts::account(&db).await?;
    let words = parts::app(&db, None)?;
    let invented: Arc<dyn Embedder> = Arc::new(Invented);
    let meanings = parts::app(&db, Some(Arc::clone(&invented)))?;

    if args.million {
        let million = Measured::new(&meanings, account, "a million").await?;
        million.fill(1_000_000 / LONG, LONG).await?;
        million.first_search(&db, &invented).await?;
        return million.searches(args.searches).await;
    }
    let edited = Measured::new(&words, account, "words alone").await?;
    let articles = edited.fill(args.articles, USUAL).await?;
    edited.edits(&articles).await?;

    let small = Measured::new(&meanings, account, "small").await?;
    small.fill(2_000 / USUAL, USUAL).await?;
    let large = Measured::new(&meanings, account, "large").await?;
    large.fill(args.passages / USUAL, USUAL).await?;
    for base in [&small, &large] {
        base.first_search(&db, &invented).await?;
        base.searches(args.searches).await?;
    }
    if let Some(file) = &args.embeddings {
        let embedder = embedder(file);
        let app = parts::app(&db, Some(Arc::clone(&embedder)))?;
        let deadline = tokio::time::Instant::now() + Duration::from_secs(60);
        embedder.embed(Kind::Query, vec!["loads the model".to_owned()], deadline).await?;
        let base = Measured::new(&app, account, "multilingual-e5-small").await?;
        base.fill(300, USUAL).await?;
        base.questions(100).await?;
    }
    Ok(())
}

/// A knowledge base that is measured.
struct Measured {
    app: Arc<App>,
    account: AccountId,
    base: NamedBase,
    name: &'static str,
}

impl Measured {
    async fn new(app: &Arc<App>, account: AccountId, name: &'static str) -> Outcome<Self> {
        let new = NewBase { identifiers: Identifiers::default(), name, body: "" };
        let names = bases::create(&app.db, account, new, None, SystemClock.now()).await?;
        let given = Identifiers { id: Some(names.id), ..Identifiers::default() };
        let base = bases::named(&app.db, account, &given).await?;
        Ok(Self { app: Arc::clone(app), account, base, name })
    }

    /// Stores so many articles of so many passages and indexes them.
    async fn fill(&self, count: usize, passages: usize) -> Outcome<Vec<NamedArticle>> {
        let mut texts = Texts::new(7);
        let mut made = Vec::with_capacity(count);
        let watch = Watch::start();
        for number in 0..count {
            let (name, body) = (format!("Article {number}"), texts.article(passages));
            let identifiers = Identifiers::default();
            let new = CreateArticle { identifiers, parent: Parent::Top, name: &name, body, source: None };
            let now = SystemClock.now();
            made.push(articles::create(&self.app.db, self.account, &self.base, new, None, now).await?);
        }
        println!("{}: stored: {}", self.name, watch.rate(count));
        let watch = Watch::start();
        worker::run_once(&self.app, &worker::Settings::default()).await?;
        println!("{}: indexed: {}", self.name, watch.rate(count));
        let within = [Within::Base(self.base.key)];
        let asked = Search { query: "nothing", within: Some(&within), limit: 1 };
        if !search(&self.app, self.account, &asked).await?.is_indexed {
            return Err("not everything was indexed".into());
        }
        Ok(made)
    }

    /// One edit after the other: what each part of it costs, and how soon a running worker makes it to be found.
    async fn edits(&self, articles: &[NamedArticle]) -> Outcome {
        let settings = worker::Settings::default();
        let mut texts = Texts::new(11);
        let mut edited = |number: usize| {
            let word = format!("edition{number}x");
            (articles[number * articles.len() / EDITS], format!("{} {word}.", texts.article(USUAL)), word)
        };
        self.find("nothing").await?;
        let [mut stored, mut indexed, mut found, mut searched] = [const { Part::new() }; 4];
        for number in 0..EDITS {
            let (article, body, word) = edited(number);
            stored.of(self.edit(article, body)).await?;
            indexed.of(worker::run_once(&self.app, &settings)).await?;
            if !found.of(self.find(&word)).await?.contains(&word) {
                return Err("an edit was not found".into());
            }
            searched.of(self.find(&word)).await?;
        }
        println!("{}: one edit of {}: stored: {stored}; indexed: {indexed}", self.name, articles.len());
        println!("{}: the first search after it: {found}; the next one: {searched}", self.name);

        let stop = CancellationToken::new();
        let worker = tokio::spawn(worker::run(Arc::clone(&self.app), settings, stop.clone()));
        let mut until_found = Part::new();
        for number in 0..EDITS {
            let (article, body, word) = edited(number);
            let until = async {
                self.edit(article, body).await?;
                self.app.queue.wake();
                while !self.find(&word).await?.contains(&word) {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                Outcome::Ok(())
            };
            until_found.of(until).await?;
        }
        println!("{}: with a worker, from an edit until it is found: {until_found}", self.name);
        stop.cancel();
        Ok(worker.await?)
    }

    async fn edit(&self, article: NamedArticle, body: String) -> Outcome {
        let changes = UpdateArticle { body: Some(body), ..UpdateArticle::default() };
        let (which, now) = (Which::Key(article.key), SystemClock.now());
        articles::update(&self.app.db, self.account, &self.base, which, changes, now).await?;
        Ok(())
    }

    /// The best passage.
    async fn find(&self, query: &str) -> Outcome<String> {
        let within = [Within::Base(self.base.key)];
        let asked = Search { query, within: Some(&within), limit: 10 };
        let found = search(&self.app, self.account, &asked).await?;
        Ok(found.passages.into_iter().next().map(|passage| passage.text).unwrap_or_default())
    }

    /// The first search of a process.
    async fn first_search(&self, db: &Db, embedder: &Arc<dyn Embedder>) -> Outcome {
        let app = parts::app(db, Some(Arc::clone(embedder)))?;
        let fresh = Self { app, ..*self };
        let watch = Watch::start();
        fresh.find("pump valve steel").await?;
        let memory = fresh.app.knowledge.indices.memory() as f64 / 1e6;
        let all = parts::resident() as f64 / 1e6;
        let took = watch.each(1);
        println!("{}: first search of a process: {took}; index {memory:.1} MB, process {all:.0} MB", self.name);
        Ok(())
    }

    async fn searches(&self, count: usize) -> Outcome {
        let mut texts = Texts::new(13);
        let questions: Vec<String> = (0..count).map(|_| texts.words(6)).collect();
        // The vectors of the questions are remembered from here on, and the index is there; no passage was looked into.
        for question in &questions {
            let asked = Search { query: question, within: Some(&[]), limit: 10 };
            search(&self.app, self.account, &asked).await?;
        }
        let [mut first, mut again] = [const { Part::new() }; 2];
        for searches in [&mut first, &mut again] {
            for question in &questions {
                searches.of(self.find(question)).await?;
            }
        }
        println!("{}: search: {first}; the same questions again: {again}", self.name);
        Ok(())
    }

    /// Searches whose question is embedded.
    async fn questions(&self, count: usize) -> Outcome {
        let mut texts = Texts::new(17);
        let mut searches = Part::new();
        for _ in 0..count {
            searches.of(self.find(&texts.words(6))).await?;
        }
        println!("{}: search with the question's embedding: {searches}", self.name);
        self.searches(count).await
    }
}

/// Passages of an article, and of one of a very large base.
const USUAL: usize = 2;
const LONG: usize = 100;

/// Edits that are measured.
const EDITS: usize = 50;

/// The embedder of this file, on one thread.
pub fn embedder(file: &std::path::Path) -> Arc<dyn Embedder> {
    Arc::new(EmbeddedEmbedder::new(EmbedderSettings { threads: 1, ..EmbedderSettings::new(file.to_owned()) }))
}
