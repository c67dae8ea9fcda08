//! The tree of a base: who stands below whom. Its functions are called with the base locked.

use cmes_types::AccountId;
use sqlx::FromRow;

use super::{MOST_LEVELS, NamedArticle, Parent, Which};
use crate::db::{Transaction, execute, fetch_optional};
use crate::identifiers::{ChangeError, Identifiers, Names};
use crate::indexing::{ArticleKey, BaseKey};
use crate::knowledge_bases::NamedBase;

/// Most articles that are deleted in one transaction, so that others can write in between.
pub(super) const MOST_AT_ONCE: u64 = 1_000;

/// A statement about `below`: the article `$1` of the base `$2` and everything below it, with the number of levels from
/// there; and about `deepest`, the [`MOST_AT_ONCE`] of them that stand deepest.
macro_rules! below {
    ($statement:literal) => {
        concat!(
            "with recursive below(key, levels) as (
                select key, 1 from articles where key = $1 and base_key = $2
                union all
                select a.key, below.levels + 1 from articles a join below on a.parent_key = below.key
             ), deepest(key) as (
                select key from below order by levels desc, key limit 1000
             ) ",
            $statement
        )
    };
}

pub(crate) use below;

/// The article that the identifiers `$3`, `$4` and `$5` name in the base `$2` of the account `$1`; one of them is given.
macro_rules! by_identifiers {
    () => {
        "select key, id, external_id, code from articles where account_id = $1 and base_key = $2 and id = $3
         union all
         select key, id, external_id, code from articles
         where account_id = $1 and base_key = $2 and external_id = $4 and external_id <> 0
         union all
         select key, id, external_id, code from articles where account_id = $1 and base_key = $2 and code = $5"
    };
}

pub(super) use by_identifiers;

#[derive(FromRow)]
pub(super) struct NamedRow {
    key: i64,
    #[sqlx(flatten)]
    names: Names,
}

impl From<NamedRow> for NamedArticle {
    fn from(row: NamedRow) -> Self {
        Self { key: ArticleKey(row.key), names: row.names }
    }
}

/// The article that is meant.
pub(super) async fn article(
    transaction: &mut Transaction,
    account: AccountId,
    base: BaseKey,
    which: Which,
) -> Result<Option<NamedArticle>, sqlx::Error> {
    let row: Option<NamedRow> = match which {
        Which::Key(key) => fetch_optional!(
            transaction,
            NamedRow,
            "select key, id, external_id, code from articles where account_id = $1 and base_key = $2 and key = $3",
            account.0,
            base.0,
            key.0,
        )?,
        Which::Named(identifiers) => {
            let Identifiers { id, external_id, code } = identifiers.finding();
            fetch_optional!(transaction, NamedRow, by_identifiers!(), account.0, base.0, id, external_id, code,)?
        }
    };
    Ok(row.map(NamedArticle::from))
}

/// The article below which one is to stand; none at the top level.
pub(super) async fn parent(
    transaction: &mut Transaction,
    account: AccountId,
    base: &NamedBase,
    parent: Parent,
) -> Result<Option<ArticleKey>, ChangeError> {
    match parent {
        Parent::Top => Ok(None),
        Parent::Article(key) => {
            let found = article(transaction, account, base.key, Which::Key(key)).await?;
            found.map(|article| Some(article.key)).ok_or(ChangeError::NoParent)
        }
        Parent::Named(given) => {
            let found = article(transaction, account, base.key, Which::Named(given)).await?;
            named_parent(found, base, &given)
        }
    }
}

/// What these identifiers name as a parent, when the first of them finds this article, or none. The base itself is
/// looked at last: the fields are said to be an article's.
pub(super) fn named_parent(
    found: Option<NamedArticle>,
    base: &NamedBase,
    given: &Identifiers,
) -> Result<Option<ArticleKey>, ChangeError> {
    let names = match found {
        Some(article) => article.names,
        None if base.names.are_found_by(given) => base.names,
        None => return Err(ChangeError::NoParent),
    };
    match names.contradicted_by(given) {
        Some(identifier) => Err(ChangeError::ParentContradicted(identifier)),
        None => Ok(found.map(|article| article.key)),
    }
}

/// Whether a new article may stand there.
pub(super) async fn check_new(
    transaction: &mut Transaction,
    base: BaseKey,
    parent: Option<ArticleKey>,
) -> Result<(), ChangeError> {
    let Some(parent) = parent else { return Ok(()) };
    let (level, _) = above(transaction, base, parent, ArticleKey(0)).await?;
    if level < MOST_LEVELS { Ok(()) } else { Err(ChangeError::TooDeep) }
}

/// Whether an article may come to stand there with all that is below it.
pub(super) async fn check_move(
    transaction: &mut Transaction,
    base: BaseKey,
    article: ArticleKey,
    parent: Option<ArticleKey>,
) -> Result<(), ChangeError> {
    let Some(parent) = parent else { return Ok(()) };
    let (level, is_below_itself) = above(transaction, base, parent, article).await?;
    if is_below_itself {
        return Err(ChangeError::Cycle);
    }
    let height: Option<(i32,)> =
        fetch_optional!(transaction, (i32,), below!("select coalesce(max(levels), 1) from below"), article.0, base.0,)?;
    let height = height.map_or(1, |(levels,)| levels);
    if level + height <= MOST_LEVELS { Ok(()) } else { Err(ChangeError::TooDeep) }
}

/// The level of an article, 1 at the top, and whether another is it or above it.
async fn above(
    transaction: &mut Transaction,
    base: BaseKey,
    article: ArticleKey,
    other: ArticleKey,
) -> Result<(i32, bool), sqlx::Error> {
    let found: Option<(i32, i32)> = fetch_optional!(
        transaction,
        (i32, i32),
        "with recursive above(key, parent_key, levels) as (
            select key, parent_key, 1 from articles where key = $1 and base_key = $2
            union all
            select a.key, a.parent_key, above.levels + 1 from articles a join above on a.key = above.parent_key
         ) select coalesce(max(levels), 0), coalesce(max(case when key = $3 then 1 else 0 end), 0) from above",
        article.0,
        base.0,
        other.0,
    )?;
    let (levels, meets) = found.unwrap_or_default();
    Ok((levels, meets == 1))
}

/// Makes an article and everything below it to be indexed again.
pub(super) async fn set_pending_below(
    transaction: &mut Transaction,
    base: BaseKey,
    article: ArticleKey,
) -> Result<(), sqlx::Error> {
    execute!(
        transaction,
        below!(
            "update articles set revision = revision + 1, state = 'pending', failure = null, attempts = 0
             where key in (select key from below)"
        ),
        article.0,
        base.0,
    )?;
    Ok(())
}
