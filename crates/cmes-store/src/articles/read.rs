//! Reading articles. Lists leave out what they say, which may be long.

use cmes_types::AccountId;
use sqlx::{AssertSqlSafe, FromRow};
use uuid::Uuid;

use super::NamedArticle;
use super::tree::{NamedRow, by_identifiers, named_parent};
use crate::db::read;
use crate::identifiers::{ChangeError, Identifiers, Names};
use crate::indexing::{ArticleKey, BaseKey};
use crate::knowledge_bases::NamedBase;
use crate::{Db, Result, StoreError};

/// How far the indexing of an article has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Its passages are to be made; search finds what it said before.
    Pending,
    /// It is found by its words; its vectors are to be made.
    Words,
    /// It is found.
    Indexed,
    /// It cannot be indexed.
    Failed,
}

impl State {
    fn parse(text: &str) -> Result<Self> {
        Ok(match text {
            "pending" => Self::Pending,
            "words" => Self::Words,
            "indexed" => Self::Indexed,
            "failed" => Self::Failed,
            other => {
                let error = format!("“{other}” is no state of an article");
                return Err(StoreError::Engine(sqlx::Error::Decode(error.into())));
            }
        })
    }
}

/// An article as a list tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// As the database names it.
    pub key: ArticleKey,
    /// Its names.
    pub names: Names,
    /// The names of the article that it stands below; none at the top level.
    pub parent: Option<Names>,
    /// What it is called.
    pub name: String,
    /// Number of articles directly below it.
    pub children: i64,
    /// Number of its tokens.
    pub tokens: i64,
    /// How far its indexing has come.
    pub state: State,
    /// Why it cannot be indexed.
    pub failure: Option<String>,
}

/// An article with what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// As a list tells it.
    pub entry: Entry,
    /// Text or HTML, as it was given.
    pub body: String,
}

/// Which articles of a base a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Under {
    /// All of them.
    All,
    /// Those at the top level.
    Top,
    /// Those directly below this one.
    Article(ArticleKey),
}

#[derive(FromRow)]
struct Row {
    key: i64,
    #[sqlx(flatten)]
    names: Names,
    parent_id: Option<Uuid>,
    parent_external_id: Option<i64>,
    parent_code: Option<i64>,
    name: String,
    children: i64,
    tokens: i64,
    state: String,
    failure: Option<String>,
}

impl TryFrom<Row> for Entry {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let parent = match (row.parent_id, row.parent_external_id, row.parent_code) {
            (Some(id), Some(external_id), Some(code)) => Some(Names { id, external_id, code }),
            _ => None,
        };
        Ok(Self {
            key: ArticleKey(row.key),
            names: row.names,
            parent,
            name: row.name,
            children: row.children,
            tokens: row.tokens,
            state: State::parse(&row.state)?,
            failure: row.failure,
        })
    }
}

#[derive(FromRow)]
struct SourceRow {
    #[sqlx(flatten)]
    named: NamedRow,
    source_hash: Vec<u8>,
}

macro_rules! entries {
    ($condition:literal) => {
        concat!(
            "select a.key, a.id, a.external_id, a.code, p.id as parent_id, p.external_id as parent_external_id,
                    p.code as parent_code, a.name, a.tokens, a.state, a.failure,
                    (select count(*) from articles c where c.parent_key = a.key) as children
             from articles a left join articles p on p.key = a.parent_key
             where a.account_id = $1 and a.base_key = $2 and ",
            $condition
        )
    };
}

/// The article of a base that the first of these identifiers names; whether the others agree, see
/// [`Names::contradicted_by`].
///
/// # Errors
/// When the database fails.
pub async fn find(
    db: &Db,
    account: AccountId,
    base: BaseKey,
    identifiers: &Identifiers,
) -> Result<Option<NamedArticle>> {
    let finding = identifiers.finding();
    let row: Option<NamedRow> = read!(db, |pool| {
        sqlx::query_as(by_identifiers!())
            .bind(account.0)
            .bind(base.0)
            .bind(finding.id)
            .bind(finding.external_id)
            .bind(finding.code)
            .fetch_optional(pool)
            .await
    })?;
    Ok(row.map(NamedArticle::from))
}

/// The article of a base that these identifiers name as a parent; none when they name the base itself.
///
/// # Errors
/// [`ChangeError::NoParent`] and [`ChangeError::ParentContradicted`]; when the database fails.
pub async fn find_parent(
    db: &Db,
    account: AccountId,
    base: &NamedBase,
    identifiers: &Identifiers,
) -> Result<Option<ArticleKey>, ChangeError> {
    let found = find(db, account, base.key, identifiers).await?;
    named_parent(found, base, identifiers)
}

/// The article of a base that was imported from this source, with the hash of what was imported.
///
/// # Errors
/// When the database fails.
pub async fn by_source(
    db: &Db,
    account: AccountId,
    base: BaseKey,
    source: &str,
) -> Result<Option<(NamedArticle, Vec<u8>)>> {
    let row: Option<SourceRow> = read!(db, |pool| {
        sqlx::query_as(
            "select key, id, external_id, code, source_hash from articles
             where account_id = $1 and base_key = $2 and source = $3 and source_hash is not null",
        )
        .bind(account.0)
        .bind(base.0)
        .bind(source)
        .fetch_optional(pool)
        .await
    })?;
    Ok(row.map(|row| (row.named.into(), row.source_hash)))
}

/// An article of a base.
///
/// # Errors
/// When the database fails.
pub async fn get(db: &Db, account: AccountId, base: BaseKey, article: ArticleKey) -> Result<Option<Article>> {
    let row: Option<Row> = read!(db, |pool| {
        sqlx::query_as(entries!("a.key = $3")).bind(account.0).bind(base.0).bind(article.0).fetch_optional(pool).await
    })?;
    let Some(row) = row else { return Ok(None) };
    let body: Option<(String,)> = read!(db, |pool| {
        sqlx::query_as("select body from articles where account_id = $1 and base_key = $2 and key = $3")
            .bind(account.0)
            .bind(base.0)
            .bind(article.0)
            .fetch_optional(pool)
            .await
    })?;
    let entry = Entry::try_from(row)?;
    Ok(body.map(|(body,)| Article { entry, body }))
}

/// Articles of a base in the order of their codes, from the one behind `after` on.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &Db,
    account: AccountId,
    base: BaseKey,
    under: Under,
    after: i64,
    limit: usize,
) -> Result<Vec<Entry>> {
    let condition = match under {
        Under::All => "$5 is null",
        Under::Top => "$5 is null and a.parent_key is null",
        Under::Article(_) => "a.parent_key = $5",
    };
    let parent = if let Under::Article(key) = under { Some(key.0) } else { None };
    let sql = format!("{} and {condition} order by a.code limit $4", entries!("a.code > $3"));
    let rows: Vec<Row> = read!(db, |pool| {
        sqlx::query_as(AssertSqlSafe(sql))
            .bind(account.0)
            .bind(base.0)
            .bind(after)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .bind(parent)
            .fetch_all(pool)
            .await
    })?;
    rows.into_iter().map(Entry::try_from).collect()
}
