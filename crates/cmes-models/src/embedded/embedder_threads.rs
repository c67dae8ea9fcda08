//! The threads that embed, and what waits for them.

use std::collections::VecDeque;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::backend::{EngineError, step_back};
use super::e5_network::{Loaded, Network};
use super::embedder::EmbedderSettings;
use crate::embeddings::{Embeddings, Kind};
use crate::error::{ModelError, ModelErrorKind};

/// Steps below the server's threads; above the chat model's, because a question waits for its vector.
const PRIORITY: i32 = 5;
/// Texts that a thread takes at once: few, so that the others get some too.
const SLICE: usize = 32;

/// Texts that were asked for together.
#[derive(Debug)]
pub struct Job {
    model: &'static str,
    kind: Kind,
    texts: Vec<String>,
    /// Places in `texts`, by length: texts of like length are cheapest together.
    order: Vec<usize>,
    deadline: Instant,
    progress: Mutex<Progress>,
}

#[derive(Debug)]
struct Progress {
    vectors: Vec<Vec<f32>>,
    tokens: u32,
    left: usize,
    answer: Option<oneshot::Sender<Result<Embeddings, ModelError>>>,
}

impl Job {
    /// A job and where its answer will come.
    pub fn new(
        model: &'static str,
        kind: Kind,
        texts: Vec<String>,
        deadline: Instant,
    ) -> (Self, oneshot::Receiver<Result<Embeddings, ModelError>>) {
        let (sender, receiver) = oneshot::channel();
        let mut order: Vec<_> = (0..texts.len()).collect();
        order.sort_by_key(|place| texts[*place].len());
        let vectors = vec![Vec::new(); texts.len()];
        let progress = Progress { vectors, tokens: 0, left: texts.len(), answer: Some(sender) };
        (Self { model, kind, texts, order, deadline, progress: Mutex::new(progress) }, receiver)
    }

    fn is_wanted(&self) -> bool {
        let waits = lock(&self.progress).answer.as_ref().is_some_and(|answer| !answer.is_closed());
        waits && Instant::now() < self.deadline
    }

    fn finish(&self, place: usize, vector: Vec<f32>, tokens: usize) {
        let mut progress = lock(&self.progress);
        progress.vectors[place] = vector;
        progress.tokens = progress.tokens.saturating_add(u32::try_from(tokens).unwrap_or(u32::MAX));
        progress.left -= 1;
        if progress.left == 0
            && let Some(answer) = progress.answer.take()
        {
            let vectors = std::mem::take(&mut progress.vectors);
            // Whoever asked may have gone meanwhile.
            let _ = answer.send(Ok(Embeddings { vectors, tokens: progress.tokens }));
        }
    }

    fn fail(&self, error: EngineError) {
        if let Some(answer) = lock(&self.progress).answer.take() {
            let _ = answer.send(Err(error.of(self.model)));
        }
    }
}

/// Some texts of a job, as a part of its order.
#[derive(Debug)]
struct Slice {
    job: Arc<Job>,
    part: Range<usize>,
}

/// A text of a slice in tokens.
struct Tokens {
    place: usize,
    tokens: Vec<u32>,
}

/// The threads; they end when this is dropped.
#[derive(Debug)]
pub struct Threads {
    shared: Arc<Shared>,
    limit: usize,
}

#[derive(Debug)]
struct Shared {
    file: PathBuf,
    idle: Duration,
    waiting: Mutex<Waiting>,
    changed: Condvar,
    /// The model as long as a thread uses it.
    loaded: Mutex<Weak<Loaded>>,
}

#[derive(Debug, Default)]
struct Waiting {
    questions: VecDeque<Slice>,
    passages: VecDeque<Slice>,
    texts: usize,
    closed: bool,
}

impl Waiting {
    fn take_question(&mut self) -> Option<Slice> {
        let slice = self.questions.pop_front()?;
        self.texts -= slice.part.len();
        Some(slice)
    }

    fn take(&mut self) -> Option<Slice> {
        self.take_question().or_else(|| {
            let slice = self.passages.pop_front()?;
            self.texts -= slice.part.len();
            Some(slice)
        })
    }
}

impl Threads {
    /// Starts them; they sleep until there is something to do.
    pub fn start(settings: &EmbedderSettings) -> Self {
        let shared = Arc::new(Shared {
            file: settings.file.clone(),
            idle: settings.idle,
            waiting: Mutex::default(),
            changed: Condvar::new(),
            loaded: Mutex::default(),
        });
        for _ in 0..settings.threads.max(1) {
            let shared = Arc::clone(&shared);
            let started = std::thread::Builder::new().name("embed".to_owned()).spawn(move || work(&shared));
            if let Err(error) = started {
                tracing::error!(%error, "a thread for embeddings cannot be started");
            }
        }
        Self { shared, limit: settings.queue }
    }

    /// Puts a job behind the others of its kind.
    ///
    /// # Errors
    /// When too many texts wait already.
    pub fn queue(&self, job: &Arc<Job>) -> Result<(), ModelError> {
        let mut waiting = lock(&self.shared.waiting);
        let texts = waiting.texts.saturating_add(job.texts.len());
        // A job alone is never too large: it would not get smaller by waiting.
        if waiting.texts > 0 && texts > self.limit {
            return Err(ModelError::new(ModelErrorKind::RateLimited { retry_after: None }, job.model));
        }
        waiting.texts = texts;
        let queue = match job.kind {
            Kind::Query => &mut waiting.questions,
            Kind::Passage => &mut waiting.passages,
        };
        let starts = (0..job.texts.len()).step_by(SLICE);
        queue.extend(
            starts.map(|start| Slice { job: Arc::clone(job), part: start..(start + SLICE).min(job.texts.len()) }),
        );
        drop(waiting);
        self.shared.changed.notify_all();
        Ok(())
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        lock(&self.shared.waiting).closed = true;
        self.shared.changed.notify_all();
    }
}

impl Shared {
    /// The next slice; none after `patience`, or when the embedder is gone.
    fn next(&self, patience: Duration) -> Option<Slice> {
        let waiting = lock(&self.waiting);
        let nothing = |waiting: &mut Waiting| !waiting.closed && waiting.texts == 0;
        let (mut waiting, _) =
            self.changed.wait_timeout_while(waiting, patience, nothing).unwrap_or_else(PoisonError::into_inner);
        if waiting.closed { None } else { waiting.take() }
    }

    fn is_closed(&self) -> bool {
        lock(&self.waiting).closed
    }

    /// The model, loaded unless another thread has it. Held while loading, because contexts, too, must be made one by one.
    fn network<T>(&self, run: impl FnOnce(Network<'_>) -> T) -> Result<T, EngineError> {
        let mut shared = lock(&self.loaded);
        let loaded = match shared.upgrade() {
            Some(loaded) => loaded,
            None => load(&self.file)?,
        };
        *shared = Arc::downgrade(&loaded);
        let network = loaded.network()?;
        drop(shared);
        Ok(run(network))
    }
}

fn load(file: &Path) -> Result<Arc<Loaded>, EngineError> {
    let begun = Instant::now();
    let loaded = Loaded::load(file)?;
    tracing::info!(model = %file.display(), milliseconds = begun.elapsed().as_millis(), "embedding model loaded");
    Ok(Arc::new(loaded))
}

/// What a thread does from its start to its end.
fn work(shared: &Shared) {
    step_back(PRIORITY);
    while !shared.is_closed() {
        let Some(first) = shared.next(Duration::MAX) else { continue };
        let job = Arc::clone(&first.job);
        if let Err(error) = shared.network(|network| serve(shared, network, first)) {
            job.fail(error);
        }
    }
}

/// Embeds until nothing was asked for a while.
fn serve(shared: &Shared, mut network: Network<'_>, first: Slice) {
    let mut next = Some(first);
    while let Some(slice) = next {
        embed(shared, &mut network, &slice);
        next = shared.next(shared.idle);
    }
}

fn embed(shared: &Shared, network: &mut Network<'_>, slice: &Slice) {
    let mut texts = Vec::new();
    for place in &slice.job.order[slice.part.clone()] {
        if !slice.job.is_wanted() {
            return;
        }
        texts.push(Tokens { place: *place, tokens: network.tokens(slice.job.kind, &slice.job.texts[*place]) });
    }
    let mut rest = texts.as_slice();
    while !rest.is_empty() && slice.job.is_wanted() {
        let (group, after) = rest.split_at(network.group(rest.iter().map(|text| text.tokens.len())));
        rest = after;
        let tokens: Vec<_> = group.iter().map(|text| text.tokens.as_slice()).collect();
        match network.embed(&tokens) {
            Ok(vectors) => {
                for (text, vector) in group.iter().zip(vectors) {
                    slice.job.finish(text.place, vector, text.tokens.len());
                }
            }
            Err(error) => slice.job.fail(error),
        }
        if slice.job.kind == Kind::Passage {
            embed_questions(shared, network);
        }
    }
}

/// A question is answered between two groups of passages: it is short, and somebody waits.
fn embed_questions(shared: &Shared, network: &mut Network<'_>) {
    loop {
        let Some(question) = lock(&shared.waiting).take_question() else { return };
        embed(shared, network, &question);
    }
}

/// A thread that panicked leaves nothing half done in here.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
