//! Indexing: articles to passages, passages to vectors, each by a job of its own in the background.
//!
//! Both may be cut off at any point and begun again, by any process: what is stored in one transaction is whole, and
//! what it was made of is compared in that transaction. Both step aside when others wait, so that one customer's
//! hundred thousand articles are not in the way of another one's edit.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cmes_models::{Embedder, Kind, ModelError, ModelErrorKind, Retry};
use cmes_queue::Verdict;
use cmes_retrieve::{Chunk, terms, vectors, words};
use cmes_store::chunks::{self, Embedded, Known, Lacking, Made, MadeOf, New, Source};
use cmes_store::indexing::{self, ArticleKey, End, Indexed, Making};
use cmes_store::jobs::{self, JobKind, Lease};
use cmes_store::{StoreError, indexing::BaseKey};
use sha2::{Digest, Sha256};

use crate::{App, Error};

/// Most articles, and bytes of their bodies but for the first, that are stored in one transaction.
const ARTICLES: i64 = 64;
const BYTES: i64 = 1024 * 1024;
/// Passages that are embedded in one call: few seconds on one core, and what a crash costs at most.
const PASSAGES: i64 = 32;
/// Longest time for one call of the embedder.
const EMBED_TIME: Duration = Duration::from_secs(120);
/// After so long a job lets others go before it.
const SLICE: Duration = Duration::from_millis(500);
/// Pauses after failures; the last one is repeated.
pub(crate) const PAUSES: [Duration; 5] = [
    Duration::from_secs(2),
    Duration::from_secs(10),
    Duration::from_secs(60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(15 * 60),
];
/// After so many attempts passages that are refused go without a vector, also when all are.
pub(crate) const LAST_TRY: i64 = PAUSES.len() as i64;
/// An article whose indexing has begun so often and never ended takes the process with it.
const MOST_BEGUN: i64 = 3;
/// Most articles of which a base's key terms are made.
const TERMS_OF: i64 = 5_000;
/// Pause before a process that is too old for a base looks again whether a newer one has taken it.
const TOO_OLD: Duration = Duration::from_secs(30);

/// How this process makes passages.
pub(crate) fn making(embedder: Option<&Arc<dyn Embedder>>) -> Making<'_> {
    Making { words: i64::from(words::VERSION), embedder: embedder.map(|embedder| embedder.identity()) }
}

/// Asks for the indexing of what was made in another way than this process makes it. `all` at the start of a worker;
/// later only of what has no vectors, so that two processes with different models do not take turns for ever.
///
/// # Errors
/// When the database fails.
pub async fn request_outdated(app: &App, all: bool) -> Result<(), Error> {
    let embedder = app.models.embedder();
    let count = indexing::request_outdated(&app.db, making(embedder.as_ref()), all, app.clock.now()).await?;
    if count > 0 {
        tracing::info!(bases = count, "knowledge bases are looked through, for words or vectors are made differently");
        app.queue.wake();
    }
    Ok(())
}

/// A worker's run of a base's job: passages.
pub(crate) async fn run(app: &App, lease: Lease) -> Verdict {
    verdict(index(app, &lease).await, &lease)
}

/// A worker's run of a base's other job: vectors.
pub(crate) async fn run_vectors(app: &App, lease: Lease) -> Verdict {
    let Some(embedder) = app.models.embedder() else { return Verdict::Retry(TOO_OLD) };
    verdict(embed(app, &lease, embedder).await, &lease)
}

/// What kept a job from its end.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error("the database failed")]
    Store(#[from] StoreError),
    #[error("the embedder failed")]
    Model(#[from] ModelError),
    #[error("a newer version of cmes indexes this base")]
    TooOld,
}

fn verdict(outcome: Result<(), Trouble>, lease: &Lease) -> Verdict {
    let Err(trouble) = outcome else { return Verdict::Ended };
    if matches!(trouble, Trouble::TooOld) {
        return Verdict::Retry(TOO_OLD);
    }
    let step = usize::try_from(lease.attempt.saturating_sub(1)).unwrap_or_default().min(PAUSES.len() - 1);
    let pause = match &trouble {
        Trouble::Model(error) => match error.retry() {
            Retry::After(pause) => pause.max(PAUSES[step]),
            Retry::Soon | Retry::Never => PAUSES[step],
        },
        // Whoever edits an article then waits no longer than this.
        _ => PAUSES[step].min(PAUSES[1]),
    };
    tracing::warn!(
        error = cmes_types::error_chain(&trouble),
        job = %lease.id,
        pause_s = pause.as_secs(),
        "a knowledge base is not indexed now; trying again"
    );
    Verdict::Retry(pause)
}

/// The base of a lease, its articles marked if they were made in another way; none when there is nothing to do.
async fn begin(app: &App, lease: &Lease, making: Making<'_>) -> Result<Option<Indexed>, Trouble> {
    let Some(base) = indexing::of_lease(&app.db, lease).await? else { return Ok(None) };
    if base.words_version > making.words {
        return Err(Trouble::TooOld);
    }
    let has_embedder = making.embedder.is_none_or(|embedder| embedder == base.embedder);
    if base.words_version < making.words || !has_embedder {
        indexing::adopt(&app.db, &base, making, app.clock.now()).await?;
        app.queue.wake();
    }
    Ok(Some(base))
}

/// A base that was deleted meanwhile is no fault.
fn unless_gone<T: Default>(outcome: Result<T, StoreError>) -> Result<T, Trouble> {
    match outcome {
        Err(StoreError::NotFound) => Ok(T::default()),
        outcome => Ok(outcome?),
    }
}

async fn index(app: &App, lease: &Lease) -> Result<(), Trouble> {
    let embedder = app.models.embedder();
    let making = making(embedder.as_ref());
    let begun = Instant::now();
    let Some(base) = begin(app, lease, making).await? else {
        indexing::end(&app.db, lease, JobKind::Index, None).await?;
        return Ok(());
    };
    let (mut slice, mut count) = (Instant::now(), 0);
    loop {
        let made = make(app, base.key, making, lease.attempt > 1).await?;
        if made.is_empty() {
            refresh_content(app, base.key).await?;
            if indexing::end(&app.db, lease, JobKind::Index, Some(base.key)).await? == End::Done {
                break;
            }
            continue;
        }
        let now = app.clock.now();
        let has_embedder = making.embedder.is_some();
        let stored = unless_gone(chunks::store(&app.db, base.key, &made, making.words, has_embedder, now).await)?;
        app.metrics.articles_indexed.inc_by(stored as u64);
        count += stored;
        if made.iter().any(|made| made.made.needs_vectors) {
            app.queue.wake();
        }
        if slice.elapsed() >= SLICE {
            if jobs::any_ready(&app.db, JobKind::Index).await? {
                jobs::step_aside(&app.db, JobKind::Index, lease).await?;
                return Ok(());
            }
            slice = Instant::now();
        }
    }
    tracing::debug!(
        base = base.key.0,
        articles = count,
        milliseconds = begun.elapsed().as_millis(),
        "articles cut into passages"
    );
    Ok(())
}

/// Makes passages of the first articles that are pending; `is_careful`: of one.
async fn make(app: &App, base: BaseKey, making: Making<'_>, is_careful: bool) -> Result<Vec<MadeOf>, Trouble> {
    let (mut made, mut bytes) = (Vec::new(), 0);
    for pending in chunks::pending(&app.db, base, if is_careful { 1 } else { ARTICLES }).await? {
        bytes += pending.bytes;
        if bytes > BYTES && !made.is_empty() {
            break;
        }
        let article = ArticleKey(pending.key);
        let Some(source) = chunks::source(&app.db, article).await? else { continue };
        let sections = chunks::sections_above(&app.db, article).await?;
        let known = chunks::of_article(&app.db, article).await?;
        let (revision, embedder) = (source.revision, making.embedder.map(str::to_owned));
        let gone = known.iter().map(|known| known.key).collect();
        if is_careful && chunks::begin(&app.db, article).await? > MOST_BEGUN {
            tracing::error!(article = article.0, "an article ends the process that indexes it; it is left out");
            made.push(MadeOf { article, revision, made: failed(gone, "cmes stopped each time that it read its text") });
            continue;
        }
        let outcome = tokio::task::spawn_blocking(move || {
            let passages = cut(&sections, &source);
            compare(known, passages, embedder.as_deref())
        });
        // A panic is a fault of ours that this article shows. It must not keep the others from being indexed.
        let outcome = outcome.await.unwrap_or_else(|_| {
            tracing::error!(article = article.0, "an article cannot be indexed; the panic's message stands above");
            failed(gone, "its text could not be read")
        });
        made.push(MadeOf { article, revision, made: outcome });
    }
    Ok(made)
}

/// An article of which nothing can be made.
fn failed(gone: Vec<i64>, reason: &str) -> Made {
    Made { gone, failure: Some(format!("{reason}; try to send it as plain text")), ..Made::default() }
}

/// What an article is made into.
struct Cut {
    passages: Vec<(Chunk, Vec<u8>)>,
    terms: String,
}

fn cut(sections: &[String], source: &Source) -> Cut {
    let path: Vec<&str> = sections.iter().map(String::as_str).chain([source.name.as_str()]).collect();
    let passages = cmes_retrieve::chunks(&path, &cmes_documents::from_body(&source.body));
    let text: Vec<&str> =
        std::iter::once(source.name.as_str()).chain(passages.iter().map(|chunk| chunk.text.as_str())).collect();
    let terms = terms::of_text(&text.join("\n"));
    let terms: Vec<String> = terms.into_iter().map(|(term, count)| format!("{term}\t{count}")).collect();
    let with_hash = |chunk: Chunk| {
        let hash = Sha256::new().chain_update(&chunk.context).chain_update([0]).chain_update(&chunk.text).finalize();
        (chunk, hash.to_vec())
    };
    Cut { passages: passages.into_iter().map(with_hash).collect(), terms: terms.join("\n") }
}

/// What is to be stored: passages whose text and context stayed keep their key and vector, and their words.
fn compare(known: Vec<Known>, cut: Cut, embedder: Option<&str>) -> Made {
    let mut before: HashMap<Vec<u8>, Vec<Known>> = HashMap::new();
    // Of passages that are alike the first is taken first.
    for known in known.into_iter().rev() {
        before.entry(known.hash.clone()).or_default().push(known);
    }
    let mut made = Made { terms: cut.terms, ..Made::default() };
    for (position, (chunk, hash)) in (0_i64..).zip(cut.passages) {
        let Some(known) = before.get_mut(&hash).and_then(Vec::pop) else {
            made.needs_vectors |= embedder.is_some();
            made.new.push(New {
                position,
                hash,
                tokens: i64::from(chunk.tokens),
                words: words::pack(&chunk.context, &chunk.text),
                context: chunk.context,
                text: chunk.text,
            });
            continue;
        };
        made.needs_vectors |= embedder.is_some() && known.embedder.as_deref() != embedder;
        if known.position != position {
            made.moved.push((known.key, position));
        }
        if known.words_version != i64::from(words::VERSION) {
            made.repacked.push((known.key, words::pack(&chunk.context, &chunk.text)));
        }
    }
    made.gone = before.into_values().flatten().map(|known| known.key).collect();
    made
}

/// Makes a base's key terms anew if enough of it has changed.
async fn refresh_content(app: &App, base: BaseKey) -> Result<(), Trouble> {
    let Some((terms, version)) = indexing::outdated_terms(&app.db, base, TERMS_OF).await? else { return Ok(()) };
    let content = tokio::task::spawn_blocking(move || {
        let of_article = |terms: &String| -> Vec<(String, u32)> {
            let counted = terms.lines().filter_map(|line| line.rsplit_once('\t'));
            counted.filter_map(|(term, count)| Some((term.to_owned(), count.parse().ok()?))).collect()
        };
        terms::joined(&terms.iter().map(of_article).collect::<Vec<_>>()).join(" ")
    });
    match content.await {
        Ok(content) => Ok(indexing::set_content(&app.db, base, &content, version).await?),
        Err(_) => {
            tracing::error!(base = base.0, "key terms cannot be made; the panic's message stands above");
            Ok(())
        }
    }
}

async fn embed(app: &App, lease: &Lease, embedder: Arc<dyn Embedder>) -> Result<(), Trouble> {
    let making = making(Some(&embedder));
    let begun = Instant::now();
    let Some(base) = begin(app, lease, making).await? else {
        indexing::end(&app.db, lease, JobKind::Embed, None).await?;
        return Ok(());
    };
    let (mut slice, mut count) = (Instant::now(), 0);
    loop {
        let mut lacking = chunks::lacking(&app.db, base.key, embedder.identity(), PASSAGES).await?;
        let mut articles: Vec<i64> = lacking.iter().map(|lacking| lacking.article_key).collect();
        articles.dedup();
        let is_last_try = lease.attempt > LAST_TRY;
        let embedded = match lacking.first().map(|first| ArticleKey(first.article_key)) {
            Some(first) if lease.attempt > 1 => {
                lacking.retain(|lacking| lacking.article_key == first.0);
                articles.truncate(1);
                vectors_with_care(app, embedder.as_ref(), first, &lacking, is_last_try).await?
            }
            _ => vectors_of(embedder.as_ref(), &lacking, is_last_try).await?,
        };
        count += embedded.len();
        // Without any, this looks whether articles were left that have all they need.
        unless_gone(chunks::store_vectors(&app.db, base.key, embedder.identity(), &embedded, &articles).await)?;
        app.metrics.passages_embedded.inc_by(embedded.len() as u64);
        if lacking.is_empty() && indexing::end(&app.db, lease, JobKind::Embed, Some(base.key)).await? == End::Done {
            break;
        }
        if slice.elapsed() >= SLICE {
            if jobs::any_ready(&app.db, JobKind::Embed).await? {
                jobs::step_aside(&app.db, JobKind::Embed, lease).await?;
                return Ok(());
            }
            slice = Instant::now();
        }
    }
    tracing::debug!(
        base = base.key.0,
        passages = count,
        milliseconds = begun.elapsed().as_millis(),
        "passages embedded"
    );
    Ok(())
}

/// The vectors of an article's passages; none of them when it was begun too often and never ended.
async fn vectors_with_care(
    app: &App,
    embedder: &dyn Embedder,
    article: ArticleKey,
    lacking: &[Lacking],
    is_last_try: bool,
) -> Result<Vec<Embedded>, Trouble> {
    if chunks::begin(&app.db, article).await? > MOST_BEGUN {
        tracing::error!(
            article = article.0,
            "an article ends the process that embeds it; it is found by its words alone"
        );
        return Ok(lacking.iter().map(|lacking| stored(lacking, Vec::new())).collect());
    }
    let embedded = vectors_of(embedder, lacking, is_last_try).await;
    // A failure that is told is an end too: the embedder's, not the article's.
    chunks::ended(&app.db, article).await?;
    Ok(embedded?)
}

/// A passage with its packed vector.
fn stored(lacking: &Lacking, vector: Vec<u8>) -> Embedded {
    Embedded { chunk: lacking.key, hash: lacking.hash.clone(), vector }
}

/// The vectors of some passages.
pub(crate) async fn vectors_of(
    embedder: &dyn Embedder,
    lacking: &[Lacking],
    is_last_try: bool,
) -> Result<Vec<Embedded>, ModelError> {
    let texts = lacking.iter().map(|lacking| format!("{}\n{}", lacking.context, lacking.text)).collect();
    let vectors = packed_vectors(embedder, texts, is_last_try).await?;
    Ok(lacking.iter().zip(vectors).map(|(lacking, vector)| stored(lacking, vector)).collect())
}

/// The packed vectors of some texts, in their order. A text that the model refuses goes without, with an empty one: it is
/// found by its words. When it refuses all of them, the fault may not be with the texts, and that is a failure unless this
/// is the last try.
pub(crate) async fn packed_vectors(
    embedder: &dyn Embedder,
    texts: Vec<String>,
    is_last_try: bool,
) -> Result<Vec<Vec<u8>>, ModelError> {
    if texts.is_empty() {
        return Ok(Vec::new());
    }
    let deadline = || tokio::time::Instant::now() + EMBED_TIME;
    let refused = match embedder.embed(Kind::Passage, texts.clone(), deadline()).await {
        Ok(embeddings) if embeddings.vectors.len() == texts.len() => {
            return Ok(embeddings.vectors.iter().map(|vector| vectors::pack(vector)).collect());
        }
        Ok(_) => return Err(ModelError::new(ModelErrorKind::Nonsense, embedder.name())),
        Err(error) if is_about_text(&error) => error,
        Err(error) => return Err(error),
    };
    let mut packed = Vec::with_capacity(texts.len());
    for text in texts {
        packed.push(match embedder.embed(Kind::Passage, vec![text], deadline()).await {
            Ok(embeddings) => embeddings.vectors.first().map(|vector| vectors::pack(vector)).unwrap_or_default(),
            Err(error) if is_about_text(&error) => Vec::new(),
            Err(error) => return Err(error),
        });
    }
    if !is_last_try && packed.iter().all(Vec::is_empty) {
        return Err(refused);
    }
    let without = packed.iter().filter(|vector| vector.is_empty()).count();
    tracing::warn!(passages = without, "the embedder refuses passages; they are found by their words alone");
    Ok(packed)
}

fn is_about_text(error: &ModelError) -> bool {
    matches!(error.kind(), ModelErrorKind::BadRequest | ModelErrorKind::TooLong | ModelErrorKind::HeldBack)
}
