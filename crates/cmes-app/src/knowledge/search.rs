//! Search: the passages of an account that answer a question best.
//!
//! The question is embedded, the indices of the bases are brought up to date, and both ranked. More is looked into than is
//! shown (`readings.rs`); what is shown is read from the database at last, so that nothing is that is deleted by then or
//! another account's.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use cmes_retrieve::{Hit, Query, Quoted, Searched, weigh_pairs_in_order};
use cmes_store::Db;
use cmes_store::identifiers::{ChangeError, Identifiers, Names};
use cmes_store::indexing::{ArticleKey, BaseKey};
use cmes_store::passages::{self, Shown, Text};
use cmes_types::AccountId;

use super::bases;
use super::indices::{self, Kept};
use super::nearness::Scales;
use super::readings::{ByKey, Readings};
use crate::enrichment::compute;
use crate::identifiers::ARTICLE;
use crate::questions::Questions;
use crate::{App, Error};

/// Longest question, in characters; more than a model reads of one.
pub const LONGEST_QUERY: usize = 4_000;
/// Most passages of an answer.
pub const MOST_PASSAGES: usize = 100;
/// Most passages that are looked at for a quoted phrase.
const QUOTED: usize = 1_500;
/// So many passages are ranked where the search is: they take a fraction of a millisecond, of which the way to another thread and back
/// would be a fifth.
const FEW: usize = 4_096;
/// Neighbouring passages are joined up to this many tokens.
const JOINED_TOKENS: i64 = 600;

/// What is searched for, and where.
#[derive(Clone, Copy, Debug)]
pub struct Search<'a> {
    /// The question, or words.
    pub query: &'a str,
    /// All of these together; none = everything of the account.
    pub within: Option<&'a [Within]>,
    /// Most passages.
    pub limit: usize,
}

/// A part of what an account has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// A whole base.
    Base(BaseKey),
    /// An article of a base with everything below it.
    Article(BaseKey, ArticleKey),
}

/// What these identifiers name: an article, wherever it is if no base is named, or else a base; none when nothing is
/// given.
///
/// # Errors
/// [`Error::Fields`] when there is no such thing, or they name different ones.
pub async fn named(
    db: &Db,
    account: AccountId,
    base: &Identifiers,
    article: &Identifiers,
) -> Result<Option<Within>, Error> {
    let base = match base.first() {
        Some(_) => Some(bases::named(db, account, base).await?.key),
        None => None,
    };
    let Some(_) = article.first() else { return Ok(base.map(Within::Base)) };
    if let Some(base) = base {
        let found = cmes_store::articles::find(db, account, base, article).await?;
        let found = found.ok_or_else(|| ARTICLE.names_nothing(article, "names no article of this knowledge base"))?;
        ARTICLE.agree(article, &found.names)?;
        return Ok(Some(Within::Article(base, found.key)));
    }
    let found = passages::find_article(db, account, article).await?;
    let found = found.ok_or_else(|| ARTICLE.refused(article, ChangeError::NotThere))?;
    ARTICLE.agree(article, &found.names)?;
    Ok(Some(Within::Article(BaseKey(found.base_key), ArticleKey(found.key))))
}

/// The bases that are searched, and which of their articles; none = all.
type Restrictions = BTreeMap<i64, Option<HashSet<i64>>>;

async fn restrictions(db: &Db, account: AccountId, within: &[Within]) -> Result<Restrictions, Error> {
    let mut restrictions = Restrictions::new();
    for part in within {
        match part {
            Within::Base(base) => {
                restrictions.insert(base.0, None);
            }
            Within::Article(base, article) => {
                let keys = passages::with_all_below(db, account, *article).await?;
                if let Some(only) = restrictions.entry(base.0).or_insert_with(|| Some(HashSet::new())) {
                    only.extend(keys);
                }
            }
        }
    }
    Ok(restrictions)
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The best first.
    pub passages: Vec<FoundPassage>,
    /// Whether meanings were compared too; else words alone, because there is no embedder, or it did not answer in time.
    pub by_meaning: bool,
    /// Whether everything that was stored could be found; else some of it is being indexed.
    pub is_indexed: bool,
}

/// A passage, or several of one article that follow each other.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundPassage {
    /// Identifiers of its knowledge base.
    pub base: Names,
    /// Name of its knowledge base.
    pub base_name: String,
    /// Identifiers of its article.
    pub article: Names,
    /// Name of its article.
    pub article_name: String,
    /// The sections, the article and the headings above it, outermost first, joined by ` > `.
    pub context: String,
    /// What it says.
    pub text: String,
    /// From 0 to 1; comparable within one search.
    pub score: f32,
    /// Cosine of its meaning and the question's, that of the best where several are joined; none without vectors. What it
    /// means is said by [`super::nearness`].
    pub cosine: Option<f32>,
}

/// What this process holds for searching.
#[derive(Debug)]
pub struct Knowledge {
    /// The indices of bases.
    pub indices: indices::Indices,
    /// What its embedder's cosines mean.
    pub(super) scales: Arc<Scales>,
    pub(super) questions: Arc<Questions>,
    readings: Readings,
}

impl Knowledge {
    /// With indices that together take so many bytes of memory at most, and a sixteenth of it for what is kept of passages.
    #[must_use]
    pub fn new(index_bytes: usize) -> Self {
        let indices = indices::Indices::new(index_bytes);
        let readings = Readings::new(index_bytes / 16);
        Self { indices, scales: Arc::default(), questions: Arc::default(), readings }
    }
}

/// Finds the passages of an account that answer a question best.
///
/// # Errors
/// When the database fails. A failing embedder is no error: then words alone decide.
pub async fn search(app: &Arc<App>, account: AccountId, search: &Search<'_>) -> Result<Found, Error> {
    let mut restrictions = match search.within {
        Some(within) => restrictions(&app.db, account, within).await?,
        None => Restrictions::new(),
    };
    let named: Option<Vec<BaseKey>> = search.within.map(|_| restrictions.keys().copied().map(BaseKey).collect());
    let standings = passages::standings(&app.db, account, named.as_deref()).await?;
    let is_indexed = standings.iter().all(|standing| !standing.is_behind);
    let searched = async {
        let mut searched = Vec::with_capacity(standings.len());
        for standing in standings {
            let only = restrictions.remove(&standing.key).flatten();
            searched.push(Part { kept: indices::up_to_date(app, standing).await?, only });
        }
        Ok::<_, Error>(searched)
    };
    let (vector, searched) = tokio::join!(vector(app, search.query), searched);
    let asked = Asked { query: Arc::from(search.query), vector, searched: searched?.into() };
    let passages = best(app, account, &asked, search.limit.min(MOST_PASSAGES)).await?;
    app.metrics.searched(asked.vector.is_some());
    Ok(Found { passages, by_meaning: asked.vector.is_some(), is_indexed })
}

/// The vector of a question; none when there is no embedder or it does not answer in time.
pub(crate) async fn vector(app: &App, query: &str) -> Option<Arc<[f32]>> {
    app.knowledge.questions.vector(app.models.embedder()?.as_ref(), query).await
}

/// A question with all that it is answered from.
struct Asked {
    query: Arc<str>,
    vector: Option<Arc<[f32]>>,
    /// In the order of the bases' keys.
    searched: Arc<[Part]>,
}

/// The index of a base, and the articles of it that may be found; none = all.
struct Part {
    kept: Arc<Kept>,
    only: Option<HashSet<i64>>,
}

async fn best(app: &App, account: AccountId, asked: &Asked, limit: usize) -> Result<Vec<FoundPassage>, Error> {
    let quoted = Quoted::of(&asked.query);
    let mut runs = Vec::new();
    // Joining and dropping leave fewer than were ranked. A second look, at more, makes up for that as a rule; a third would
    // read texts by the hundred to show what stands far down.
    let looks = if quoted.is_empty() { [limit * 3 + 10, limit * 12 + 40] } else { [limit * 12 + 40, QUOTED] };
    for wanted in looks {
        let mut hits = rank(asked, wanted).await?;
        let keys: Vec<i64> = hits.iter().map(|hit| hit.chunk).collect();
        // Quoted phrases are looked for in the texts themselves.
        let texts = if quoted.is_empty() { Vec::new() } else { passages::texts(&app.db, &keys).await? };
        let readings = &app.knowledge.readings;
        let read = if quoted.is_empty() { readings.of(&app.db, &keys).await? } else { readings.read(&texts) };
        // Words that stand together in the question and in a passage count.
        weigh_pairs_in_order(&asked.query, &mut hits, |hit| read.get(&hit.chunk).map(|reading| &reading.words));
        let are_all = hits.last().is_none_or(|last| !last.has_quoted);
        quoted_first(&quoted, &mut hits, &texts);
        runs = joined(&hits, &read);
        if (runs.len() >= limit && are_all) || hits.len() < wanted {
            break;
        }
    }
    runs.truncate(limit);
    let keys: Vec<i64> = runs.iter().flat_map(Run::keys).collect();
    let shown = passages::shown(&app.db, account, &keys).await?;
    let mut shown: HashMap<i64, Shown> = shown.into_iter().map(|shown| (shown.key, shown)).collect();
    Ok(runs.iter().filter_map(|run| run.shown(&mut shown)).collect())
}

/// Puts what holds quoted phrases word by word before all others, those with most of them first.
fn quoted_first(quoted: &Quoted, hits: &mut [Hit], texts: &[Text]) {
    if quoted.is_empty() {
        return;
    }
    let held = |text: &Text| quoted.held_by(&text.text).max(quoted.held_by(&text.context));
    let held: HashMap<i64, usize> = texts.iter().map(|text| (text.key, held(text))).collect();
    let of = |hit: &Hit| held.get(&hit.chunk).copied().unwrap_or_default();
    hits.sort_by(|a, b| of(b).cmp(&of(a)).then(b.score.total_cmp(&a.score)));
    // Scores descend as the passages do.
    let best = hits.iter().filter(|hit| of(hit) == 0).map(|hit| hit.score).fold(0.0, f32::max);
    let mut floor = best;
    for hit in hits.iter_mut().rev().filter(|hit| of(hit) > 0) {
        hit.score = floor.max(best + (1.0 - best) * hit.score);
        floor = hit.score;
    }
}

/// Ranks: few passages at once, and many in a thread where it may take its time.
async fn rank(asked: &Asked, wanted: usize) -> Result<Vec<Hit>, Error> {
    let ranked = move |query: &str, vector: Option<&[f32]>, searched: &[Part]| {
        // In the order of their keys, as all do: nobody then waits in a circle.
        let states: Vec<_> = searched.iter().map(|part| (part.kept.read(), part.only.as_ref())).collect();
        let searched = states.iter().map(|(state, only)| Searched { index: &state.index, only: *only });
        cmes_retrieve::search(&searched.collect::<Vec<_>>(), &Query { text: query, vector }, wanted)
    };
    let passages: usize = asked.searched.iter().map(|part| part.kept.read().index.len()).sum();
    if passages <= FEW {
        return Ok(ranked(&asked.query, asked.vector.as_deref(), &asked.searched));
    }
    let (query, vector, searched) = (Arc::clone(&asked.query), asked.vector.clone(), Arc::clone(&asked.searched));
    compute(move || ranked(&query, vector.as_deref(), &searched)).await
}

/// What is shown of hits: passages that follow each other under the same headings as one, and nothing twice.
fn joined(hits: &[Hit], read: &ByKey) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut said: HashSet<u64> = HashSet::new();
    for hit in hits {
        let Some(reading) = read.get(&hit.chunk).filter(|reading| said.insert(reading.text)) else { continue };
        let piece = Piece { hit: *hit, tokens: reading.tokens, context: reading.context };
        match runs.iter_mut().find(|run| run.takes(&piece)) {
            Some(run) => run.add(piece),
            None => runs.push(Run { score: hit.score, cosine: hit.cosine, pieces: VecDeque::from([piece]) }),
        }
    }
    runs
}

/// A passage that may be shown with others.
struct Piece {
    hit: Hit,
    /// Size of the text.
    tokens: i64,
    /// Which headings it is under.
    context: u64,
}

/// Passages that follow each other, in their order.
struct Run {
    /// Of the best of them.
    score: f32,
    cosine: Option<f32>,
    pieces: VecDeque<Piece>,
}

impl Run {
    fn takes(&self, piece: &Piece) -> bool {
        let (Some(first), Some(last)) = (self.pieces.front(), self.pieces.back()) else { return false };
        let follows = piece.hit.place == last.hit.place + 1 || piece.hit.place + 1 == first.hit.place;
        let is_beside = piece.hit.source == first.hit.source && piece.hit.article == first.hit.article && follows;
        let tokens = self.pieces.iter().map(|piece| piece.tokens).sum::<i64>() + piece.tokens;
        is_beside && first.context == piece.context && tokens <= JOINED_TOKENS
    }

    fn add(&mut self, piece: Piece) {
        if self.pieces.front().is_some_and(|first| piece.hit.place < first.hit.place) {
            self.pieces.push_front(piece);
        } else {
            self.pieces.push_back(piece);
        }
    }

    fn keys(&self) -> impl Iterator<Item = i64> {
        self.pieces.iter().map(|piece| piece.hit.chunk)
    }

    /// As it is shown; without pieces that are gone by now, and none when all of them are.
    fn shown(&self, shown: &mut HashMap<i64, Shown>) -> Option<FoundPassage> {
        let mut pieces = self.keys().filter_map(|key| shown.remove(&key));
        let first = pieces.next()?;
        let text = pieces.fold(first.text, |text, piece| text + "\n" + &piece.text);
        Some(FoundPassage {
            base: Names { id: first.base_id, external_id: first.base_external_id, code: first.base_code },
            base_name: first.base_name,
            article: Names { id: first.article_id, external_id: first.article_external_id, code: first.article_code },
            article_name: first.article_name,
            context: first.context,
            text,
            score: self.score,
            cosine: self.cosine,
        })
    }
}
