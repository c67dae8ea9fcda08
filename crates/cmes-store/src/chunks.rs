//! Passages: made of articles, and given their vectors. (What search reads of them is in [`crate::passages`].)
//!
//! An article's passages are replaced in one transaction that finds the article
//! as it was read (its revision, still pending); otherwise nothing is changed, for
//! somebody else was faster or it is to be made again. A vector is stored only for
//! a passage that still has the hash of the text that was embedded.

use cmes_types::Timestamp;
use sqlx::{AssertSqlSafe, FromRow};

use crate::db::{Transaction, execute, fetch_optional, on_transaction, read, run, write};
use crate::indexing::{self, ArticleKey, BaseKey};
use crate::jobs::placeholders;
use crate::{Db, Result, StoreError};

/// An article that is to be cut into passages.
#[derive(Clone, Debug, FromRow)]
pub struct Pending {
    /// Its key.
    pub key: i64,
    /// What it was like.
    pub revision: i64,
    /// Size of its body.
    pub bytes: i64,
}

/// The first articles of a base that are to be cut into passages.
///
/// # Errors
/// When the database fails.
pub async fn pending(db: &Db, base: BaseKey, most: i64) -> Result<Vec<Pending>> {
    Ok(read!(db, |pool| {
        sqlx::query_as(
            "select key, revision, cast(octet_length(body) as bigint) as bytes from articles
             where base_key = $1 and state = 'pending' order by key limit $2",
        )
        .bind(base.0)
        .bind(most)
        .fetch_all(pool)
        .await
    })?)
}

/// What is made into passages.
#[derive(Clone, Debug, FromRow)]
pub struct Source {
    /// What it is like.
    pub revision: i64,
    /// Name of the article.
    pub name: String,
    /// Text or HTML.
    pub body: String,
}

/// An article as it is now; none when it is gone.
///
/// # Errors
/// When the database fails.
pub async fn source(db: &Db, article: ArticleKey) -> Result<Option<Source>> {
    Ok(read!(db, |pool| {
        sqlx::query_as("select revision, name, body from articles where key = $1")
            .bind(article.0)
            .fetch_optional(pool)
            .await
    })?)
}

/// Takes note that the indexing of an article begins; gives how often it has begun since it last ended.
///
/// # Errors
/// When the database fails.
pub async fn begin(db: &Db, article: ArticleKey) -> Result<i64> {
    let begun: Option<(i64,)> = write!(db, |pool| {
        sqlx::query_as("update articles set attempts = attempts + 1 where key = $1 returning attempts")
            .bind(article.0)
            .fetch_optional(pool)
            .await
    })?;
    Ok(begun.map_or(0, |(begun,)| begun))
}

/// Takes note that the indexing of an article has ended, well or not.
///
/// # Errors
/// When the database fails.
pub async fn ended(db: &Db, article: ArticleKey) -> Result<()> {
    run!(db, "update articles set attempts = 0 where key = $1", article.0)?;
    Ok(())
}

/// Deepest tree of sections whose names are read.
const DEEPEST: i32 = 64;

/// The names of the sections above an article, outermost first.
///
/// # Errors
/// When the database fails.
pub async fn sections_above(db: &Db, article: ArticleKey) -> Result<Vec<String>> {
    let names: Vec<(String,)> = read!(db, |pool| {
        sqlx::query_as(
            "with recursive above (parent_key, name, height) as (
                 select parent_key, name, 0 from articles where key = $1
                 union all
                 select articles.parent_key, articles.name, above.height + 1
                 from above join articles on articles.key = above.parent_key where above.height < $2
             )
             select name from above where height > 0 order by height desc",
        )
        .bind(article.0)
        .bind(DEEPEST)
        .fetch_all(pool)
        .await
    })?;
    Ok(names.into_iter().map(|(name,)| name).collect())
}

/// A passage as it is stored, without what it says.
#[derive(Clone, Debug, FromRow)]
pub struct Known {
    /// Its key.
    pub key: i64,
    /// Place in the article.
    pub position: i64,
    /// Hash of context and text.
    pub hash: Vec<u8>,
    /// Version of its packed words.
    pub words_version: i64,
    /// Whose vector it has, if it has one.
    pub embedder: Option<String>,
}

/// The passages of an article, in their order.
///
/// # Errors
/// When the database fails.
pub async fn of_article(db: &Db, article: ArticleKey) -> Result<Vec<Known>> {
    Ok(read!(db, |pool| {
        sqlx::query_as(
            "select key, position, hash, words_version, embedder from chunks where article_key = $1 order by position",
        )
        .bind(article.0)
        .fetch_all(pool)
        .await
    })?)
}

/// A passage that is new.
#[derive(Clone, Debug)]
pub struct New {
    /// Place in the article.
    pub position: i64,
    /// Hash of context and text.
    pub hash: Vec<u8>,
    /// Size of the text.
    pub tokens: i64,
    /// Its packed words.
    pub words: Vec<u8>,
    /// What stands above it.
    pub context: String,
    /// What it says.
    pub text: String,
}

/// What was made of an article.
#[derive(Clone, Debug, Default)]
pub struct Made {
    /// Keys of the passages that are gone.
    pub gone: Vec<i64>,
    /// Those that stay, with their new places where these are others.
    pub moved: Vec<(i64, i64)>,
    /// Those that stay, with words packed anew.
    pub repacked: Vec<(i64, Vec<u8>)>,
    /// New ones.
    pub new: Vec<New>,
    /// Its most telling words.
    pub terms: String,
    /// Whether vectors are to be made.
    pub needs_vectors: bool,
    /// Why nothing could be made of it.
    pub failure: Option<String>,
}

/// An article, as it was read, and what was made of it.
#[derive(Clone, Debug)]
pub struct MadeOf {
    /// Which one.
    pub article: ArticleKey,
    /// Its revision when it was read.
    pub revision: i64,
    /// The outcome.
    pub made: Made,
}

/// Stores what was made of some articles of a base; they are found by it from then on. Articles that changed since
/// they were read are left as they are. Gives the number of those that were stored.
///
/// `has_embedder` is false where nobody makes vectors; the base is marked, so that they are made once somebody does.
///
/// # Errors
/// [`StoreError::NotFound`] when the base is gone; when the database fails.
pub async fn store(
    db: &Db,
    base: BaseKey,
    articles: &[MadeOf],
    words_version: i64,
    has_embedder: bool,
    now: Timestamp,
) -> Result<usize> {
    let mut transaction = db.begin().await?;
    let account = indexing::lock(&mut transaction, base).await?.ok_or(StoreError::NotFound)?;
    let version = indexing::raise_version(&mut transaction, base).await?;
    let mut stored = 0;
    for MadeOf { article, revision, made } in articles {
        let state = match (&made.failure, made.needs_vectors) {
            (Some(_), _) => "failed",
            (None, true) => "words",
            (None, false) => "indexed",
        };
        let is_as_it_was = execute!(
            &mut transaction,
            "update articles set state = $4, failure = $5, terms = $6, version = $7, attempts = 0
             where key = $1 and base_key = $2 and revision = $3 and state = 'pending'",
            article.0,
            base.0,
            *revision,
            state,
            made.failure.as_deref(),
            &made.terms,
            version,
        )? == 1;
        if is_as_it_was {
            replace(&mut transaction, base, *article, made, words_version).await?;
            stored += 1;
        }
    }
    let any_needs_vectors = articles.iter().any(|article| article.made.needs_vectors);
    if any_needs_vectors {
        indexing::request_vectors(&mut transaction, account, base, now).await?;
    }
    if !has_embedder {
        execute!(&mut transaction, "update knowledge_bases set embedder = '' where key = $1", base.0)?;
    }
    transaction.commit().await?;
    Ok(stored)
}

/// Passages that are written in one statement.
const ROWS: usize = 50;

async fn replace(
    transaction: &mut Transaction,
    base: BaseKey,
    article: ArticleKey,
    made: &Made,
    words_version: i64,
) -> Result<()> {
    for keys in made.gone.chunks(500) {
        let sql = format!("delete from chunks where article_key = $1 and key in {}", placeholders(2, keys.len()));
        on_transaction!(&mut *transaction, |connection| {
            let mut query = sqlx::query(AssertSqlSafe(sql)).bind(article.0);
            for key in keys {
                query = query.bind(*key);
            }
            query.execute(connection).await.map(|_| ())
        })?;
    }
    for (key, words) in &made.repacked {
        execute!(
            &mut *transaction,
            "update chunks set words = $3, words_version = $4 where key = $1 and article_key = $2",
            *key,
            article.0,
            words,
            words_version,
        )?;
    }
    // By way of places that nobody has, for two passages may change theirs.
    for (key, position) in &made.moved {
        execute!(
            &mut *transaction,
            "update chunks set position = -1 - $3 where key = $1 and article_key = $2",
            *key,
            article.0,
            *position,
        )?;
    }
    if !made.moved.is_empty() {
        execute!(
            &mut *transaction,
            "update chunks set position = -1 - position where article_key = $1 and position < 0",
            article.0,
        )?;
    }
    for rows in made.new.chunks(ROWS) {
        let values: Vec<String> = (0..rows.len()).map(|row| placeholders(4 + row * 6, 6)).collect();
        let values: Vec<String> = values.iter().map(|row| row.replacen('(', "($1, $2, $3, ", 1)).collect();
        let sql = format!(
            "insert into chunks (base_key, article_key, words_version, position, hash, tokens, words, context, text)
             values {}",
            values.join(", ")
        );
        on_transaction!(&mut *transaction, |connection| {
            let mut query = sqlx::query(AssertSqlSafe(sql)).bind(base.0).bind(article.0).bind(words_version);
            for row in rows {
                let query_with_row = query.bind(row.position).bind(&row.hash).bind(row.tokens);
                query = query_with_row.bind(&row.words).bind(&row.context).bind(&row.text);
            }
            query.execute(connection).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// A passage that lacks a vector.
#[derive(Clone, Debug, FromRow)]
pub struct Lacking {
    /// Its key.
    pub key: i64,
    /// Its article's key.
    pub article_key: i64,
    /// Hash of what is to be embedded.
    pub hash: Vec<u8>,
    /// What stands above it.
    pub context: String,
    /// What it says.
    pub text: String,
}

/// The first passages of a base that lack a vector of this embedder.
///
/// # Errors
/// When the database fails.
pub async fn lacking(db: &Db, base: BaseKey, embedder: &str, most: i64) -> Result<Vec<Lacking>> {
    Ok(read!(db, |pool| {
        sqlx::query_as(
            "select chunks.key, chunks.article_key, hash, context, text
             from articles join chunks on chunks.article_key = articles.key
             where articles.base_key = $1 and articles.state = 'words'
                   and (chunks.vector is null or chunks.embedder <> $2)
             order by articles.key, chunks.position limit $3",
        )
        .bind(base.0)
        .bind(embedder)
        .bind(most)
        .fetch_all(pool)
        .await
    })?)
}

/// A passage and its packed vector.
#[derive(Clone, Debug)]
pub struct Embedded {
    /// Which passage.
    pub chunk: i64,
    /// Its hash when it was embedded.
    pub hash: Vec<u8>,
    /// Its packed vector; empty when this text cannot be embedded.
    pub vector: Vec<u8>,
}

/// Stores vectors; articles among these whose passages all have theirs now are found by them from then on. With no
/// articles named, every article of the base is looked at.
///
/// # Errors
/// [`StoreError::NotFound`] when the base is gone; when the database fails.
pub async fn store_vectors(
    db: &Db,
    base: BaseKey,
    embedder: &str,
    embedded: &[Embedded],
    articles: &[i64],
) -> Result<()> {
    let mut transaction = db.begin().await?;
    indexing::lock(&mut transaction, base).await?.ok_or(StoreError::NotFound)?;
    for Embedded { chunk, hash, vector } in embedded {
        execute!(
            &mut transaction,
            "update chunks set vector = $3, embedder = $4 where key = $1 and hash = $2 and base_key = $5",
            *chunk,
            hash,
            vector,
            embedder,
            base.0,
        )?;
    }
    let version: Option<(i64,)> =
        fetch_optional!(&mut transaction, (i64,), "select version from knowledge_bases where key = $1", base.0)?;
    let version = version.map_or(0, |(version,)| version) + 1;
    let named =
        if articles.is_empty() { String::new() } else { format!("and key in {}", placeholders(4, articles.len())) };
    let sql = format!(
        "update articles set state = 'indexed', version = $3 where base_key = $1 and state = 'words' {named}
             and not exists (select 1 from chunks where article_key = articles.key
                             and (vector is null or embedder <> $2))"
    );
    let complete = on_transaction!(&mut transaction, |connection| {
        let mut query = sqlx::query(AssertSqlSafe(sql)).bind(base.0).bind(embedder).bind(version);
        for article in articles {
            query = query.bind(*article);
        }
        query.execute(connection).await.map(|done| done.rows_affected())
    })?;
    if complete > 0 {
        indexing::raise_version(&mut transaction, base).await?;
    }
    transaction.commit().await
}
