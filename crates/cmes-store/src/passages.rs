//! What search reads: how the bases of an account stand, the packed passages that an index in memory is made of, and
//! passages as they are shown.

use cmes_types::AccountId;
use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, FromRow};

use crate::db::read;
use crate::identifiers::{Identifiers, Names};
use crate::indexing::{ArticleKey, BaseKey};
use crate::jobs::placeholders;
use crate::{Db, Result};

/// A base as a search finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Standing {
    /// Its key.
    pub key: i64,
    /// Its version.
    pub version: i64,
    /// Indices of a version before this one are to be built anew.
    pub forgotten_version: i64,
    /// Whether anything of it was still to be indexed at this version.
    pub is_behind: bool,
}

/// How the bases of an account stand: of all, or of these.
///
/// # Errors
/// When the database fails.
pub async fn standings(db: &Db, account: AccountId, bases: Option<&[BaseKey]>) -> Result<Vec<Standing>> {
    let named = bases.map(|bases| format!("and key in {}", placeholders(2, bases.len()))).unwrap_or_default();
    // The state is asked for word by word as the index of the articles to index has it.
    let sql = format!(
        "select key, version, forgotten_version,
                exists (select 1 from articles where base_key = knowledge_bases.key
                                                     and (state = 'pending' or state = 'words')) as is_behind
         from knowledge_bases where account_id = $1 {named} order by key"
    );
    if bases.is_some_and(<[BaseKey]>::is_empty) {
        return Ok(Vec::new());
    }
    Ok(read!(db, |pool| {
        let mut query = sqlx::query_as(AssertSqlSafe(sql)).bind(account.0);
        for base in bases.unwrap_or_default() {
            query = query.bind(base.0);
        }
        query.fetch_all(pool).await
    })?)
}

/// The article of an account, in whichever base, that the first of these identifiers names.
///
/// # Errors
/// When the database fails.
pub async fn find_article(db: &Db, account: AccountId, identifiers: &Identifiers) -> Result<Option<NamedInBase>> {
    let finding = identifiers.finding();
    Ok(read!(db, |pool| {
        sqlx::query_as(
            "select key, base_key, id, external_id, code from articles where account_id = $1 and id = $2
             union all
             select key, base_key, id, external_id, code from articles
             where account_id = $1 and external_id = $3 and external_id <> 0
             union all
             select key, base_key, id, external_id, code from articles where account_id = $1 and code = $4",
        )
        .bind(account.0)
        .bind(finding.id)
        .bind(finding.external_id)
        .bind(finding.code)
        .fetch_optional(pool)
        .await
    })?)
}

/// An article by its names, and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct NamedInBase {
    /// As the database names it.
    pub key: i64,
    /// Its base, as the database names it.
    pub base_key: i64,
    /// As its owner names it.
    #[sqlx(flatten)]
    pub names: Names,
}

/// What an index needs of a passage.
#[derive(Clone, Debug, FromRow)]
pub struct Packed {
    /// Its article's key.
    pub article_key: i64,
    /// Its key.
    pub key: i64,
    /// Its words.
    pub words: Vec<u8>,
    /// Its vector, if this embedder has made it.
    pub vector: Option<Vec<u8>>,
}

/// Articles of a base whose passages changed after a version, and those that were deleted after it.
///
/// # Errors
/// When the database fails.
pub async fn changes(db: &Db, base: i64, after: i64) -> Result<(Vec<i64>, Vec<i64>)> {
    let changed: Vec<(i64,)> = read!(db, |pool| {
        sqlx::query_as("select key from articles where base_key = $1 and version > $2")
            .bind(base)
            .bind(after)
            .fetch_all(pool)
            .await
    })?;
    let removed: Vec<(i64,)> = read!(db, |pool| {
        sqlx::query_as("select article_key from article_removals where base_key = $1 and version > $2")
            .bind(base)
            .bind(after)
            .fetch_all(pool)
            .await
    })?;
    let keys = |rows: Vec<(i64,)>| rows.into_iter().map(|(key,)| key).collect();
    Ok((keys(changed), keys(removed)))
}

/// Hands over what an index needs of a base's passages, of some articles or of all, an article's passages one after
/// the other in their order.
///
/// # Errors
/// When the database fails.
pub async fn packed(
    db: &Db,
    base: i64,
    articles: Option<&[i64]>,
    words_version: i64,
    embedder: Option<&str>,
    mut take: impl FnMut(Packed) + Send,
) -> Result<()> {
    let named = articles.map(|keys| format!("and article_key in {}", placeholders(4, keys.len()))).unwrap_or_default();
    let sql = format!(
        "select article_key, key, words, case when embedder = $3 and length(vector) > 0 then vector end as vector
         from chunks where base_key = $1 and words_version = $2 {named} order by article_key, position"
    );
    if articles.is_some_and(<[i64]>::is_empty) {
        return Ok(());
    }
    read!(db, |pool| {
        let mut query = sqlx::query_as::<_, Packed>(AssertSqlSafe(sql)).bind(base).bind(words_version);
        query = query.bind(embedder.unwrap_or_default());
        for article in articles.unwrap_or_default() {
            query = query.bind(*article);
        }
        let mut rows = query.fetch(pool);
        while let Some(row) = rows.try_next().await? {
            take(row);
        }
        Ok(())
    })
}

/// What a passage says.
#[derive(Clone, Debug, FromRow)]
pub struct Text {
    /// Its key.
    pub key: i64,
    /// Size of the text.
    pub tokens: i64,
    /// What stands above it.
    pub context: String,
    /// What it says.
    pub text: String,
}

/// What the passages with these keys say, in no order; those that are gone are missing. Whose they are is not asked: keys are
/// those of an index.
///
/// # Errors
/// When the database fails.
pub async fn texts(db: &Db, keys: &[i64]) -> Result<Vec<Text>> {
    let mut texts = Vec::with_capacity(keys.len());
    for some in keys.chunks(MOST_KEYS) {
        let some = filled(some);
        let sql = format!("select key, tokens, context, text from chunks where key in {}", placeholders(1, some.len()));
        let rows: Vec<Text> = read!(db, |pool| {
            let mut query = sqlx::query_as(AssertSqlSafe(sql));
            for key in some {
                query = query.bind(key);
            }
            query.fetch_all(pool).await
        })?;
        texts.extend(rows);
    }
    Ok(texts)
}

/// Passages that are read in one statement.
const MOST_KEYS: usize = 500;

/// Some keys, the last one again until there are a power of two (or [`MOST_KEYS`]): a statement for every number of them would not
/// stay prepared.
fn filled(keys: &[i64]) -> Vec<i64> {
    let mut filled = keys.to_vec();
    if let Some(last) = keys.last() {
        filled.resize(keys.len().next_power_of_two().min(MOST_KEYS.max(keys.len())), *last);
    }
    filled
}

/// A passage as it is shown.
#[derive(Clone, Debug, FromRow)]
pub struct Shown {
    /// Its key.
    pub key: i64,
    /// What stands above it.
    pub context: String,
    /// What it says.
    pub text: String,
    /// Identifiers and name of the article.
    pub article_id: uuid::Uuid,
    /// See `article_id`.
    pub article_external_id: i64,
    /// See `article_id`.
    pub article_code: i64,
    /// See `article_id`.
    pub article_name: String,
    /// Identifiers and name of the knowledge base.
    pub base_id: uuid::Uuid,
    /// See `base_id`.
    pub base_external_id: i64,
    /// See `base_id`.
    pub base_code: i64,
    /// See `base_id`.
    pub base_name: String,
}

/// The passages of an account with these keys, in no order; those that are gone are missing.
///
/// # Errors
/// When the database fails.
pub async fn shown(db: &Db, account: AccountId, keys: &[i64]) -> Result<Vec<Shown>> {
    let mut shown = Vec::with_capacity(keys.len());
    for some in keys.chunks(MOST_KEYS) {
        let some = filled(some);
        // “Cross join” keeps SQLite to this order: from 40 keys on it would rather look through all articles of the account.
        let sql = format!(
            "select chunks.key, context, text,
                    articles.id as article_id, articles.external_id as article_external_id,
                    articles.code as article_code, articles.name as article_name,
                    knowledge_bases.id as base_id, knowledge_bases.external_id as base_external_id,
                    knowledge_bases.code as base_code, knowledge_bases.name as base_name
             from chunks cross join articles cross join knowledge_bases
             where chunks.key in {} and articles.key = chunks.article_key and articles.account_id = $1
               and knowledge_bases.key = chunks.base_key and knowledge_bases.account_id = $1",
            placeholders(2, some.len())
        );
        let rows: Vec<Shown> = read!(db, |pool| {
            let mut query = sqlx::query_as(AssertSqlSafe(sql)).bind(account.0);
            for key in some {
                query = query.bind(key);
            }
            query.fetch_all(pool).await
        })?;
        shown.extend(rows);
    }
    Ok(shown)
}

/// An article of an account with everything below it.
///
/// # Errors
/// When the database fails.
pub async fn with_all_below(db: &Db, account: AccountId, article: ArticleKey) -> Result<Vec<i64>> {
    let below: Vec<(i64,)> = read!(db, |pool| {
        sqlx::query_as(
            "with recursive below (key) as (
                 select key from articles where key = $1 and account_id = $2
                 union all
                 select articles.key from below join articles on articles.parent_key = below.key
             )
             select key from below",
        )
        .bind(article.0)
        .bind(account.0)
        .fetch_all(pool)
        .await
    })?;
    Ok(below.into_iter().map(|(key,)| key).collect())
}
