//! How clients name what they have: `ID`, their own number `ExternalID`, and for knowledge bases and articles `Code`, from
//! one sequence per account that both share.
//!
//! Codes are given out under the lock of the account's row ([`claim`]), so that what is found free there stays free until
//! the transaction ends. Dialogues and messages have none, and nobody waits for the account's row to say something: they
//! are stored, and only when the database refuses that, [`taken`] asks which of the two another one has.

use cmes_types::{AccountId, Timestamp, ids};
use sqlx::{AssertSqlSafe, FromRow};
use uuid::Uuid;

use crate::db::{Transaction, execute, fetch_optional, read};
use crate::{Db, StoreError};

/// One of the three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identifier {
    /// The UUID.
    Id,
    /// The client's own number.
    ExternalId,
    /// The number of the account's sequence.
    Code,
}

/// What a client says to name an object, or wants it to be named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Identifiers {
    /// The UUID.
    pub id: Option<Uuid>,
    /// The client's own number; 0 = none.
    pub external_id: Option<i64>,
    /// The number of the account's sequence; never given for what has none.
    pub code: Option<i64>,
}

impl Identifiers {
    /// Those that name an object by its UUID alone.
    #[must_use]
    pub fn by_id(id: Uuid) -> Self {
        Self { id: Some(id), ..Self::default() }
    }

    /// The one that finds the object: the first that is given. No object is found by the `ExternalID` 0.
    #[must_use]
    pub fn first(&self) -> Option<Identifier> {
        let given = [
            (Identifier::Id, self.id.is_some()),
            (Identifier::ExternalId, self.external_id.is_some_and(|number| number != 0)),
            (Identifier::Code, self.code.is_some()),
        ];
        given.into_iter().find(|(_, is_given)| *is_given).map(|(identifier, _)| identifier)
    }

    /// Those beside the one that finds the object: what an update assigns to it.
    #[must_use]
    pub fn others(&self) -> Self {
        match self.first() {
            Some(Identifier::Id) => Self { id: None, ..*self },
            Some(Identifier::ExternalId) => Self { external_id: None, ..*self },
            Some(Identifier::Code) => Self { code: None, ..*self },
            None => *self,
        }
    }

    /// The first alone, for a query: what is not it is `None`.
    pub(crate) fn finding(&self) -> Self {
        match self.first() {
            Some(Identifier::Id) => Self { id: self.id, ..Self::default() },
            Some(Identifier::ExternalId) => Self { external_id: self.external_id, ..Self::default() },
            Some(Identifier::Code) => Self { code: self.code, ..Self::default() },
            None => Self::default(),
        }
    }
}

/// The names that an object has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Names {
    /// The UUID.
    pub id: Uuid,
    /// The client's own number; 0 = none.
    pub external_id: i64,
    /// The number of the account's sequence; 0 for what has none.
    pub code: i64,
}

impl Names {
    /// Whether the first of these identifiers finds this object.
    #[must_use]
    pub fn are_found_by(&self, given: &Identifiers) -> bool {
        given.first().is_some() && self.contradicted_by(&given.finding()).is_none()
    }

    /// The first identifier that is given and is another than the object's.
    #[must_use]
    pub fn contradicted_by(&self, given: &Identifiers) -> Option<Identifier> {
        let contradicts = [
            (Identifier::Id, given.id.is_some_and(|id| id != self.id)),
            (Identifier::ExternalId, given.external_id.is_some_and(|number| number != 0 && number != self.external_id)),
            (Identifier::Code, given.code.is_some_and(|code| code != self.code)),
        ];
        contradicts.into_iter().find(|(_, contradicts)| *contradicts).map(|(identifier, _)| identifier)
    }
}

/// Why a knowledge base or an article was not made or changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// The object, or the base in which it is to be, is not there.
    #[error("there is no such object")]
    NotThere,
    /// Another object of the account has this identifier, or had this code.
    #[error("{0:?} is taken")]
    Taken(Identifier),
    /// The parent is not in this base.
    #[error("there is no such parent")]
    NoParent,
    /// The parent that the first identifier names has another one than this.
    #[error("the parent's identifiers name different objects")]
    ParentContradicted(Identifier),
    /// The article would stand below itself.
    #[error("an article cannot stand below itself")]
    Cycle,
    /// The tree would have too many levels.
    #[error("the tree is too deep")]
    TooDeep,
    /// The account has as many as it may have.
    #[error("there are too many")]
    TooMany,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for ChangeError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Which kind of object is to be named; `ID` and `ExternalID` are unique for each.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A knowledge base.
    Base,
    /// An article.
    Article,
    /// A dialogue.
    Channel,
    /// A message.
    Message,
}

/// An object that has names already.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Owner {
    pub key: i64,
    pub names: Names,
}

/// Names for an object: the wanted ones, for the rest those that it has or new ones. Locks the account.
pub(crate) async fn claim(
    transaction: &mut Transaction,
    account: AccountId,
    kind: Kind,
    owner: Option<Owner>,
    wanted: &Identifiers,
    now: Timestamp,
) -> Result<Names, ChangeError> {
    let locked: Option<(i64,)> = fetch_optional!(
        &mut *transaction,
        (i64,),
        "update accounts set last_code = last_code where id = $1 returning last_code",
        account.0,
    )?;
    let (last,) = locked.ok_or(StoreError::NotFound)?;
    let has = owner.map(|owner| owner.names);
    let id = wanted.id.or(has.map(|names| names.id)).unwrap_or_else(|| ids::uuid_at(now));
    let external_id = wanted.external_id.or(has.map(|names| names.external_id)).unwrap_or_default();
    let key = owner.map(|owner| owner.key).unwrap_or_default();
    if let Some(identifier) = taken_in(transaction, account, kind, key, id, external_id).await? {
        return Err(ChangeError::Taken(identifier));
    }
    let code = match (wanted.code, has) {
        (None, Some(names)) => names.code,
        (Some(code), Some(names)) if code == names.code => code,
        (Some(code), _) if take(transaction, account, code).await? => code,
        (Some(_), _) => return Err(ChangeError::Taken(Identifier::Code)),
        (None, None) => next(transaction, account, last).await?,
    };
    Ok(Names { id, external_id, code })
}

/// Which of the wanted `ID` and `ExternalID` another object of the kind than the one of this key has.
///
/// # Errors
/// When the database fails.
pub async fn taken(
    db: &Db,
    account: AccountId,
    kind: Kind,
    own_key: Option<i64>,
    wanted: &Identifiers,
) -> Result<Option<Identifier>, StoreError> {
    let found: Option<(i32,)> = read!(db, |pool| {
        sqlx::query_as(AssertSqlSafe(owners(kind)))
            .bind(account.0)
            .bind(own_key.unwrap_or_default())
            .bind(wanted.id)
            .bind(wanted.external_id)
            .fetch_optional(pool)
            .await
    })?;
    Ok(found.map(identifier))
}

/// The same in a transaction.
async fn taken_in(
    transaction: &mut Transaction,
    account: AccountId,
    kind: Kind,
    own_key: i64,
    id: Uuid,
    external_id: i64,
) -> Result<Option<Identifier>, sqlx::Error> {
    let sql = AssertSqlSafe(owners(kind));
    let found: Option<(i32,)> = fetch_optional!(transaction, (i32,), sql, account.0, own_key, id, external_id)?;
    Ok(found.map(identifier))
}

/// Who of the account `$1` beside the key `$2` has the `ID` `$3` (0) or the `ExternalID` `$4` (1).
fn owners(kind: Kind) -> String {
    let table = match kind {
        Kind::Base => "knowledge_bases",
        Kind::Article => "articles",
        Kind::Channel => "channels",
        Kind::Message => "messages",
    };
    format!(
        "select 0 from {table} where account_id = $1 and key <> $2 and id = $3
         union all
         select 1 from {table} where account_id = $1 and key <> $2 and external_id = $4 and external_id <> 0
         order by 1 limit 1"
    )
}

fn identifier((which,): (i32,)) -> Identifier {
    if which == 0 { Identifier::Id } else { Identifier::ExternalId }
}

/// Takes a number, unless it was taken before.
async fn take(transaction: &mut Transaction, account: AccountId, code: i64) -> Result<bool, sqlx::Error> {
    let rows = execute!(
        transaction,
        "insert into knowledge_codes (account_id, code) values ($1, $2) on conflict do nothing",
        account.0,
        code,
    )?;
    Ok(rows == 1)
}

/// Takes the next number of the sequence that no client took.
async fn next(transaction: &mut Transaction, account: AccountId, last: i64) -> Result<i64, ChangeError> {
    let mut code = last + 1;
    if !take(transaction, account, code).await? {
        // The end of the run of taken numbers; the index is read in order, up to there.
        let end: Option<(i64,)> = fetch_optional!(
            &mut *transaction,
            (i64,),
            "select code from knowledge_codes taken
             where account_id = $1 and code >= $2 and not exists (
                select 1 from knowledge_codes where account_id = $1 and code = taken.code + 1
             )
             order by code limit 1",
            account.0,
            code,
        )?;
        code = end.ok_or(StoreError::NotFound)?.0 + 1;
        if !take(transaction, account, code).await? {
            return Err(StoreError::Conflict.into());
        }
    }
    execute!(transaction, "update accounts set last_code = $2 where id = $1", account.0, code)?;
    Ok(code)
}

/// The row of an account that the first of some identifiers names, by the table's `select!` of a condition. Two look-ups
/// in an index: `or` would read all rows of the account.
macro_rules! find_named {
    ($db:expr, $account:expr, $identifiers:expr, $select:ident) => {{
        let finding = $identifiers.finding();
        $crate::db::read!($db, |pool| {
            sqlx::query_as(concat!(
                $select!("account_id = $1 and id = $2"),
                " union all ",
                $select!("account_id = $1 and external_id = $3 and external_id <> 0")
            ))
            .bind($account.0)
            .bind(finding.id)
            .bind(finding.external_id)
            .fetch_optional(pool)
            .await
        })
    }};
}

pub(crate) use find_named;

#[cfg(test)]
mod tests {
    use super::*;

    const ID: Uuid = Uuid::from_u128(7);

    #[test]
    fn the_first_identifier_finds_and_the_others_are_assigned() {
        let all = Identifiers { id: Some(ID), external_id: Some(5), code: Some(9) };
        assert_eq!(all.first(), Some(Identifier::Id));
        assert_eq!(all.others(), Identifiers { id: None, ..all });
        let none = Identifiers { external_id: Some(0), ..Identifiers::default() };
        assert_eq!((none.first(), none.others()), (None, none));
        let cleared = Identifiers { id: None, external_id: Some(0), code: Some(9) };
        assert_eq!(cleared.first(), Some(Identifier::Code));
        assert_eq!(cleared.others(), none);
    }

    #[test]
    fn what_names_another_object_is_found() {
        let names = Names { id: ID, external_id: 5, code: 9 };
        let given = |external_id, code| Identifiers { id: Some(ID), external_id, code };
        assert_eq!(names.contradicted_by(&given(None, None)), None);
        assert_eq!(names.contradicted_by(&given(Some(0), Some(9))), None);
        assert_eq!(names.contradicted_by(&given(Some(6), Some(8))), Some(Identifier::ExternalId));
        assert_eq!(names.contradicted_by(&given(Some(5), Some(8))), Some(Identifier::Code));
    }
}
