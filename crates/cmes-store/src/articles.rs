//! Articles: what a knowledge base says, in a tree of sections. A section is an article with others below it.
//!
//! Whoever changes the tree of a base holds the base's row, so that two moves
//! cannot make a cycle together.

mod read;
mod tree;

pub use read::{Article, Entry, Imported, State, Under, by_source, by_source_prefix, find, find_parent, get, list};
pub(crate) use tree::below;

use cmes_types::{AccountId, Timestamp};
use sqlx::FromRow;

use crate::db::{Transaction, execute, fetch_optional};
use crate::identifiers::{self, ChangeError, Identifiers, Kind, Names, Owner};
use crate::indexing::{self, ArticleKey, BaseKey};
use crate::knowledge_bases::lock;
use crate::{Db, Result, StoreError};

/// Most levels of a tree.
pub const MOST_LEVELS: i32 = 64;

/// An article by its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedArticle {
    /// As the database names it.
    pub key: ArticleKey,
    /// As its owner names it.
    pub names: Names,
}

/// Where an article stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parent {
    /// At the top level.
    Top,
    /// Directly below this article.
    Article(ArticleKey),
    /// Directly below the article of the base that these name, or at the top level when they name the base itself.
    /// Where a number names both, it is the article.
    Named(Identifiers),
}

/// Which article is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// This one.
    Key(ArticleKey),
    /// The one that the first identifier names; the others become its own.
    Named(Identifiers),
}

/// What an article says.
#[derive(Clone, Copy, Debug)]
pub struct Body<'a> {
    /// Text or HTML.
    pub text: &'a str,
    /// Number of its tokens.
    pub tokens: u32,
}

/// Where an article was imported from.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// By which an import knows it again; unique in the base.
    pub name: &'a str,
    /// SHA-256 of what was imported.
    pub hash: &'a [u8],
}

/// What an article is made with.
#[derive(Clone, Copy, Debug)]
pub struct NewArticle<'a> {
    /// Names that it shall have.
    pub identifiers: Identifiers,
    /// Where it stands.
    pub parent: Parent,
    /// What it is called.
    pub name: &'a str,
    /// What it says.
    pub body: Body<'a>,
    /// Where it was imported from.
    pub source: Option<Source<'a>>,
}

/// What is to be changed; `None` stays.
#[derive(Clone, Copy, Debug, Default)]
pub struct ArticleChanges<'a> {
    /// Where it stands.
    pub parent: Option<Parent>,
    /// What it is called.
    pub name: Option<&'a str>,
    /// What it says.
    pub body: Option<Body<'a>>,
    /// Where it was imported from.
    pub source: Option<Source<'a>>,
}

#[derive(FromRow)]
struct Stored {
    name: String,
    parent_key: Option<i64>,
    is_same_body: Option<bool>,
}

/// Makes an article; it is to be indexed.
///
/// # Errors
/// [`ChangeError`] says what stands against it; [`StoreError::Conflict`] when the base has one of this source.
pub async fn create(
    db: &Db,
    account: AccountId,
    base: BaseKey,
    new: &NewArticle<'_>,
    now: Timestamp,
) -> Result<NamedArticle, ChangeError> {
    let mut transaction = db.begin().await?;
    let home = lock(&mut transaction, account, base).await?;
    let parent = tree::parent(&mut transaction, account, &home, new.parent).await?;
    tree::check_new(&mut transaction, base, parent).await?;
    let names = identifiers::claim(&mut transaction, account, Kind::Article, None, &new.identifiers, now).await?;
    let made: Option<(i64,)> = fetch_optional!(
        &mut transaction,
        (i64,),
        "insert into articles (account_id, base_key, parent_key, id, external_id, code, name, body, tokens, source,
                               source_hash, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12) returning key",
        account.0,
        base.0,
        parent.map(|key| key.0),
        names.id,
        names.external_id,
        names.code,
        new.name,
        new.body.text,
        i64::from(new.body.tokens),
        new.source.map(|source| source.name),
        new.source.map(|source| source.hash),
        now.milliseconds(),
    )?;
    let (key,) = made.ok_or(StoreError::NotFound)?;
    indexing::request(&mut transaction, account, base, now).await?;
    transaction.commit().await?;
    Ok(NamedArticle { key: ArticleKey(key), names })
}

/// Changes an article. It is to be indexed again when its name, body or place is another, and with the name or place
/// everything below it, whose path it is part of.
///
/// # Errors
/// [`ChangeError`] says what stands against it; [`StoreError::Conflict`] when the base has another one of this source.
pub async fn update(
    db: &Db,
    account: AccountId,
    base: BaseKey,
    which: Which,
    changes: &ArticleChanges<'_>,
    now: Timestamp,
) -> Result<NamedArticle, ChangeError> {
    let mut transaction = db.begin().await?;
    let home = lock(&mut transaction, account, base).await?;
    let article = tree::article(&mut transaction, account, base, which).await?.ok_or(ChangeError::NotThere)?;
    let parent = match changes.parent {
        Some(parent) => {
            let parent = tree::parent(&mut transaction, account, &home, parent).await?;
            tree::check_move(&mut transaction, base, article.key, parent).await?;
            Some(parent)
        }
        None => None,
    };
    let names = match which {
        Which::Named(identifiers) => {
            let owner = Owner { key: article.key.0, names: article.names };
            let wanted = identifiers.others();
            identifiers::claim(&mut transaction, account, Kind::Article, Some(owner), &wanted, now).await?
        }
        Which::Key(_) => article.names,
    };
    let stored = stored(&mut transaction, base, article.key, changes.body).await?;
    let has_other_path = changes.name.is_some_and(|name| name != stored.name)
        || parent.is_some_and(|parent| parent.map(|key| key.0) != stored.parent_key);
    let has_other_body = stored.is_same_body == Some(false);
    execute!(
        &mut transaction,
        "update articles set id = $3, external_id = $4, code = $5, parent_key = $6, name = coalesce($7, name),
                body = coalesce($8, body), tokens = coalesce($9, tokens), source = coalesce($10, source),
                source_hash = coalesce($11, source_hash), updated_at = $12
         where key = $1 and base_key = $2",
        article.key.0,
        base.0,
        names.id,
        names.external_id,
        names.code,
        parent.unwrap_or(stored.parent_key.map(ArticleKey)).map(|key| key.0),
        changes.name,
        changes.body.filter(|_| has_other_body).map(|body| body.text),
        changes.body.map(|body| i64::from(body.tokens)),
        changes.source.map(|source| source.name),
        changes.source.map(|source| source.hash),
        now.milliseconds(),
    )?;
    if has_other_path {
        tree::set_pending_below(&mut transaction, base, article.key).await?;
    } else if has_other_body {
        set_pending(&mut transaction, base, article.key).await?;
    }
    if has_other_path || has_other_body {
        indexing::request(&mut transaction, account, base, now).await?;
    }
    transaction.commit().await?;
    Ok(NamedArticle { names, ..article })
}

/// Deletes an article and everything below it; search does not find them from then on. A large section goes piece by
/// piece, from the deepest level up. Cut off, it is a smaller section that can be deleted again.
///
/// # Errors
/// [`ChangeError::NotThere`]; when the database fails.
pub async fn delete(
    db: &Db,
    account: AccountId,
    base: BaseKey,
    article: ArticleKey,
    now: Timestamp,
) -> Result<(), ChangeError> {
    let mut rows = delete_deepest(db, account, base, article, now).await?;
    if rows == 0 {
        return Err(ChangeError::NotThere);
    }
    while rows == tree::MOST_AT_ONCE {
        rows = delete_deepest(db, account, base, article, now).await?;
    }
    Ok(())
}

async fn delete_deepest(
    db: &Db,
    account: AccountId,
    base: BaseKey,
    article: ArticleKey,
    now: Timestamp,
) -> Result<u64, ChangeError> {
    let mut transaction = db.begin().await?;
    lock(&mut transaction, account, base).await?;
    let version = indexing::raise_version(&mut transaction, base).await?;
    indexing::note_removals(&mut transaction, base, article, version, now).await?;
    let rows = execute!(
        &mut transaction,
        below!("delete from articles where key in (select key from deepest)"),
        article.0,
        base.0,
    )?;
    transaction.commit().await?;
    Ok(rows)
}

async fn stored(
    transaction: &mut Transaction,
    base: BaseKey,
    article: ArticleKey,
    body: Option<Body<'_>>,
) -> Result<Stored, ChangeError> {
    let stored: Option<Stored> = fetch_optional!(
        transaction,
        Stored,
        "select name, parent_key, body = $3 as is_same_body from articles where key = $1 and base_key = $2",
        article.0,
        base.0,
        body.map(|body| body.text),
    )?;
    stored.ok_or(ChangeError::NotThere)
}

async fn set_pending(transaction: &mut Transaction, base: BaseKey, article: ArticleKey) -> Result<(), sqlx::Error> {
    execute!(
        transaction,
        "update articles set revision = revision + 1, state = 'pending', failure = null, attempts = 0
         where key = $1 and base_key = $2",
        article.0,
        base.0,
    )?;
    Ok(())
}
