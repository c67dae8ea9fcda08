//! The indices of this process: of each knowledge base that is searched, what is needed of its passages, in memory.
//!
//! They are derived from the database, which is asked for the base's version at every search, so that an index is
//! right whichever process changed the base: it is built when it is needed, by one of those who need it, and later
//! only what changed is read. Those that were not used for longest go when all together take too much memory.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Instant;

use cmes_retrieve::{Index, Passage};
use cmes_store::StoreError;
use cmes_store::passages::{self, Packed, Standing};

use super::indexing::making;
use crate::{App, Error};

/// Changed articles whose passages are read in one statement.
const READ: usize = 500;
/// When more articles than this changed, the index is built anew: that is cheaper, and searches do not wait for it.
const MANY: usize = 5_000;
/// What is kept of a base beside its index, about.
const OVERHEAD: usize = 1_024;

/// All of them.
#[derive(Debug)]
pub struct Indices {
    /// Most memory that they may take, in bytes. One that is larger alone stays as long as it is the one used last.
    budget: usize,
    kept: Mutex<HashMap<i64, Arc<Kept>>>,
    /// Counts uses, to know which is longest ago.
    uses: AtomicU64,
}

/// The index of one base.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    state: RwLock<State>,
    /// Held by who brings it up to date; the others wait and find it done.
    updating: tokio::sync::Mutex<()>,
    used: AtomicU64,
    memory: AtomicUsize,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) index: Index,
    /// The base's version; none before it is built.
    version: Option<i64>,
}

impl Kept {
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_of(&self, version: i64) -> bool {
        self.read().version.is_some_and(|has| has >= version)
    }
}

impl Indices {
    /// Indices that together take so many bytes at most.
    #[must_use]
    pub fn new(budget: usize) -> Self {
        Self { budget, kept: Mutex::default(), uses: AtomicU64::new(0) }
    }

    /// Memory that they take, in bytes.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.kept().values().map(|kept| kept.memory.load(Ordering::Relaxed)).sum()
    }

    /// Number of bases that have one.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kept().len()
    }

    /// Whether no base has one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<i64, Arc<Kept>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of(&self, base: i64) -> Arc<Kept> {
        let kept = Arc::clone(self.kept().entry(base).or_default());
        kept.used.store(self.uses.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
        kept
    }

    /// Lets go of what was not used for longest until the rest is within the budget, but not of `last`.
    fn evict(&self, last: i64) {
        let mut kept = self.kept();
        let mut memory: usize = kept.values().map(|kept| kept.memory.load(Ordering::Relaxed)).sum();
        while memory > self.budget {
            // One without memory is being built.
            let others = kept.iter().filter(|(base, kept)| **base != last && kept.memory.load(Ordering::Relaxed) > 0);
            let Some(oldest) = others.min_by_key(|(_, kept)| kept.used.load(Ordering::Relaxed)).map(|(base, _)| *base)
            else {
                return;
            };
            memory -= kept.remove(&oldest).map_or(0, |kept| kept.memory.load(Ordering::Relaxed));
        }
    }
}

/// The index of a base, not older than the base is said to stand.
pub(crate) async fn up_to_date(app: &Arc<App>, standing: Standing) -> Result<Arc<Kept>, Error> {
    let kept = app.knowledge.indices.of(standing.key);
    if kept.is_of(standing.version) {
        return Ok(kept);
    }
    // In a task of its own, so that it is not lost when the one who asked goes away.
    let update = {
        let (app, kept) = (Arc::clone(app), Arc::clone(&kept));
        tokio::spawn(async move {
            let _updating = kept.updating.lock().await;
            if kept.is_of(standing.version) {
                return Ok(());
            }
            update(&app, &kept, standing).await?;
            app.knowledge.indices.evict(standing.key);
            Ok::<(), StoreError>(())
        })
    };
    update.await.map_err(Error::internal)??;
    Ok(kept)
}

async fn update(app: &App, kept: &Kept, standing: Standing) -> Result<(), StoreError> {
    let version = kept.read().version.filter(|version| *version >= standing.forgotten_version);
    let memory = match version {
        Some(version) => match passages::changes(&app.db, standing.key, version).await? {
            (changed, _) if changed.len() > MANY => build(app, kept, standing).await?,
            (changed, removed) => renew(app, kept, standing, &changed, &removed).await?,
        },
        None => build(app, kept, standing).await?,
    };
    kept.memory.store(memory + OVERHEAD, Ordering::Relaxed);
    Ok(())
}

/// Builds the index anew, beside the one that is used meanwhile; gives its memory.
async fn build(app: &App, kept: &Kept, standing: Standing) -> Result<usize, StoreError> {
    let begun = Instant::now();
    let embedder = app.models.embedder();
    let making = making(embedder.as_ref());
    let mut filling = Filling::default();
    passages::packed(&app.db, standing.key, None, making.words, making.embedder, |packed| filling.push(packed)).await?;
    let index = filling.finish();
    let (memory, count) = (index.memory(), index.len());
    let before = {
        let mut state = kept.write();
        std::mem::replace(&mut *state, State { index, version: Some(standing.version) })
    };
    // Outside the lock: it may be large.
    drop(before);
    app.metrics.indices_built.inc();
    tracing::debug!(
        base = standing.key,
        passages = count,
        bytes = memory,
        milliseconds = begun.elapsed().as_millis(),
        "index built"
    );
    Ok(memory)
}

/// Brings what changed into the index; gives its memory.
async fn renew(
    app: &App,
    kept: &Kept,
    standing: Standing,
    changed: &[i64],
    removed: &[i64],
) -> Result<usize, StoreError> {
    let embedder = app.models.embedder();
    let making = making(embedder.as_ref());
    for articles in changed.chunks(READ) {
        let mut rows: HashMap<i64, Vec<Packed>> = articles.iter().map(|article| (*article, Vec::new())).collect();
        let take = |packed: Packed| rows.entry(packed.article_key).or_default().push(packed);
        passages::packed(&app.db, standing.key, Some(articles), making.words, making.embedder, take).await?;
        let mut state = kept.write();
        for (article, rows) in &rows {
            replace(&mut state.index, *article, rows);
        }
    }
    let mut state = kept.write();
    for article in removed {
        state.index.remove(*article);
    }
    state.version = Some(standing.version);
    Ok(state.index.memory())
}

/// An index that is being filled with rows, an article's one after the other.
#[derive(Default)]
struct Filling {
    index: Index,
    rows: Vec<Packed>,
}

impl Filling {
    fn push(&mut self, row: Packed) {
        if self.rows.first().is_some_and(|first| first.article_key != row.article_key) {
            self.end_article();
        }
        self.rows.push(row);
    }

    fn end_article(&mut self) {
        if let Some(first) = self.rows.first() {
            replace(&mut self.index, first.article_key, &self.rows);
        }
        self.rows.clear();
    }

    fn finish(mut self) -> Index {
        self.end_article();
        self.index.settle();
        self.index
    }
}

fn replace(index: &mut Index, article: i64, rows: &[Packed]) {
    if rows.is_empty() {
        return index.remove(article);
    }
    let passages = rows.iter().map(|row| Passage { key: row.key, words: &row.words, vector: row.vector.as_deref() });
    index.replace(article, &passages.collect::<Vec<_>>());
}
