//! Knowledge bases: what holds articles.

use cmes_types::{AccountId, Timestamp};
use sqlx::FromRow;

use crate::db::{Transaction, execute, fetch_optional, read};
use crate::identifiers::{self, ChangeError, Identifiers, Kind, Names, Owner};
use crate::indexing::BaseKey;
use crate::{Db, Result, StoreError};

/// Most knowledge bases of an account: all of them are listed in one answer.
pub const MOST_BASES: i64 = 10_000;

/// A knowledge base by its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedBase {
    /// As the database names it.
    pub key: BaseKey,
    /// As its owner names it.
    pub names: Names,
}

/// A knowledge base with its figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnowledgeBase {
    /// Its names.
    pub names: Names,
    /// What it is called.
    pub name: String,
    /// What it is about, as its owner says.
    pub body: String,
    /// Its most telling words.
    pub content: String,
    /// Number of its articles.
    pub articles: i64,
    /// Number of tokens of its articles.
    pub tokens: i64,
    /// Whether every article of it is indexed.
    pub is_indexed: bool,
}

/// What a knowledge base is made with.
#[derive(Clone, Copy, Debug)]
pub struct NewBase<'a> {
    /// Names that it shall have.
    pub identifiers: Identifiers,
    /// What it is called.
    pub name: &'a str,
    /// What it is about.
    pub body: &'a str,
}

/// What is to be changed; `None` stays.
#[derive(Clone, Copy, Debug, Default)]
pub struct BaseChanges<'a> {
    /// What it is called.
    pub name: Option<&'a str>,
    /// What it is about.
    pub body: Option<&'a str>,
}

#[derive(FromRow)]
struct NamedRow {
    key: i64,
    #[sqlx(flatten)]
    names: Names,
}

impl From<NamedRow> for NamedBase {
    fn from(row: NamedRow) -> Self {
        Self { key: BaseKey(row.key), names: row.names }
    }
}

#[derive(FromRow)]
struct Row {
    #[sqlx(flatten)]
    names: Names,
    name: String,
    body: String,
    content: String,
    articles: i64,
    tokens: i64,
    not_indexed: i64,
}

impl From<Row> for KnowledgeBase {
    fn from(row: Row) -> Self {
        Self {
            names: row.names,
            name: row.name,
            body: row.body,
            content: row.content,
            articles: row.articles,
            tokens: row.tokens,
            is_indexed: row.not_indexed == 0,
        }
    }
}

/// The base that the identifiers `$2`, `$3` and `$4` of the account `$1` name, of which one is given.
macro_rules! by_identifiers {
    () => {
        "select key, id, external_id, code from knowledge_bases where account_id = $1 and id = $2
         union all
         select key, id, external_id, code from knowledge_bases
         where account_id = $1 and external_id = $3 and external_id <> 0
         union all
         select key, id, external_id, code from knowledge_bases where account_id = $1 and code = $4"
    };
}

/// Makes a knowledge base.
///
/// # Errors
/// [`ChangeError::Taken`] and [`ChangeError::TooMany`]; when the database fails.
pub async fn create(db: &Db, account: AccountId, new: &NewBase<'_>, now: Timestamp) -> Result<NamedBase, ChangeError> {
    let mut transaction = db.begin().await?;
    // Locks the account, so that the number is right too.
    let names = identifiers::claim(&mut transaction, account, Kind::Base, None, &new.identifiers, now).await?;
    let counted: Option<(i64,)> = fetch_optional!(
        &mut transaction,
        (i64,),
        "select count(*) from knowledge_bases where account_id = $1",
        account.0,
    )?;
    if counted.is_some_and(|(count,)| count >= MOST_BASES) {
        return Err(ChangeError::TooMany);
    }
    let made: Option<(i64,)> = fetch_optional!(
        &mut transaction,
        (i64,),
        "insert into knowledge_bases (account_id, id, external_id, code, name, body, job_id, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8) returning key",
        account.0,
        names.id,
        names.external_id,
        names.code,
        new.name,
        new.body,
        cmes_types::ids::uuid_at(now),
        now.milliseconds(),
    )?;
    transaction.commit().await?;
    let (key,) = made.ok_or(StoreError::NotFound)?;
    Ok(NamedBase { key: BaseKey(key), names })
}

/// The base that the first of these identifiers names; whether the others agree, see [`Names::contradicted_by`].
///
/// # Errors
/// When the database fails.
pub async fn find(db: &Db, account: AccountId, identifiers: &Identifiers) -> Result<Option<NamedBase>> {
    let finding = identifiers.finding();
    let row: Option<NamedRow> = read!(db, |pool| {
        sqlx::query_as(by_identifiers!())
            .bind(account.0)
            .bind(finding.id)
            .bind(finding.external_id)
            .bind(finding.code)
            .fetch_optional(pool)
            .await
    })?;
    Ok(row.map(NamedBase::from))
}

/// One knowledge base of an account, or all of them in order of making.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &Db, account: AccountId, only: Option<BaseKey>) -> Result<Vec<KnowledgeBase>> {
    let rows: Vec<Row> = read!(db, |pool| {
        sqlx::query_as(
            "select b.id, b.external_id, b.code, b.name, b.body, b.content, coalesce(a.articles, 0) as articles,
                    coalesce(a.tokens, 0) as tokens, coalesce(a.not_indexed, 0) as not_indexed
             from knowledge_bases b left join (
                select base_key, count(*) as articles, cast(sum(tokens) as bigint) as tokens,
                       count(case when state <> 'indexed' then 1 end) as not_indexed
                from articles
                where base_key in (select key from knowledge_bases where account_id = $1 and ($2 is null or key = $2))
                group by base_key
             ) a on a.base_key = b.key
             where b.account_id = $1 and ($2 is null or b.key = $2) order by b.key",
        )
        .bind(account.0)
        .bind(only.map(|key| key.0))
        .fetch_all(pool)
        .await
    })?;
    Ok(rows.into_iter().map(KnowledgeBase::from).collect())
}

/// Changes the base that the first identifier names; the others become its own.
///
/// # Errors
/// [`ChangeError::NotThere`] and [`ChangeError::Taken`]; when the database fails.
pub async fn update(
    db: &Db,
    account: AccountId,
    identifiers: &Identifiers,
    changes: &BaseChanges<'_>,
    now: Timestamp,
) -> Result<NamedBase, ChangeError> {
    let base = find(db, account, identifiers).await?.ok_or(ChangeError::NotThere)?;
    let mut transaction = db.begin().await?;
    let base = lock(&mut transaction, account, base.key).await?;
    if !base.names.are_found_by(identifiers) {
        // It was renamed a moment ago.
        return Err(ChangeError::NotThere);
    }
    let owner = Owner { key: base.key.0, names: base.names };
    let wanted = identifiers.others();
    let names = identifiers::claim(&mut transaction, account, Kind::Base, Some(owner), &wanted, now).await?;
    execute!(
        &mut transaction,
        "update knowledge_bases set id = $3, external_id = $4, code = $5, name = coalesce($6, name),
                body = coalesce($7, body), updated_at = $8
         where key = $1 and account_id = $2",
        base.key.0,
        account.0,
        names.id,
        names.external_id,
        names.code,
        changes.name,
        changes.body,
        now.milliseconds(),
    )?;
    transaction.commit().await?;
    Ok(NamedBase { names, ..base })
}

/// Deletes a base with its articles, their passages and its jobs.
///
/// # Errors
/// [`ChangeError::NotThere`]; when the database fails.
pub async fn delete(db: &Db, account: AccountId, base: BaseKey) -> Result<(), ChangeError> {
    let mut transaction = db.begin().await?;
    lock(&mut transaction, account, base).await?;
    for statement in [
        "delete from chunks where base_key = $1",
        "delete from articles where base_key = $1",
        "delete from article_removals where base_key = $1",
        "delete from jobs where id in (select job_id from knowledge_bases where key = $1
                                union all select embed_job_id from knowledge_bases where key = $1)",
        "delete from knowledge_bases where key = $1",
    ] {
        execute!(&mut transaction, statement, base.0)?;
    }
    Ok(transaction.commit().await?)
}

/// Holds a base's row until the transaction ends; whoever changes its articles does so first.
pub(crate) async fn lock(
    transaction: &mut Transaction,
    account: AccountId,
    base: BaseKey,
) -> Result<NamedBase, ChangeError> {
    let row: Option<NamedRow> = fetch_optional!(
        transaction,
        NamedRow,
        "update knowledge_bases set version = version where key = $1 and account_id = $2
         returning key, id, external_id, code",
        base.0,
        account.0,
    )?;
    row.map(NamedBase::from).ok_or(ChangeError::NotThere)
}
