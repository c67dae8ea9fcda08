//! Making, changing, deleting and naming knowledge bases.

use cmes_store::Db;
use cmes_store::identifiers::{ChangeError, Identifier, Identifiers, Names};
use cmes_store::knowledge_bases::{self, BaseChanges, KnowledgeBase, MOST_BASES, NamedBase, NewBase};
use cmes_types::{AccountId, Timestamp};
use uuid::Uuid;

use crate::Error;
use crate::identifiers::BASE;

/// Makes a knowledge base. When `request` names the first of several tries of one request, the base gets its identity,
/// so that a later try finds what an earlier one made.
///
/// # Errors
/// [`Error::IdentifierTaken`]; [`Error::Fields`] when the account has as many as it may have.
pub async fn create(
    db: &Db,
    account: AccountId,
    new: NewBase<'_>,
    request: Option<Uuid>,
    now: Timestamp,
) -> Result<Names, Error> {
    let given = new.identifiers;
    let id = given.id.or(request);
    let new = NewBase { identifiers: Identifiers { id, ..given }, ..new };
    match knowledge_bases::create(db, account, &new, now).await {
        Ok(base) => Ok(base.names),
        Err(ChangeError::Taken(Identifier::Id)) if given.id.is_none() => {
            let made = Identifiers { id, ..Identifiers::default() };
            Ok(named(db, account, &made).await?.names)
        }
        Err(ChangeError::TooMany) => {
            Err(Error::field("Name", format!("cannot be added: an account has at most {MOST_BASES} knowledge bases")))
        }
        Err(error) => Err(BASE.refused(&given, error)),
    }
}

/// The knowledge base that these identifiers name.
///
/// # Errors
/// [`Error::Fields`] when there is none, or they name different ones.
pub async fn named(db: &Db, account: AccountId, given: &Identifiers) -> Result<NamedBase, Error> {
    let found = knowledge_bases::find(db, account, given).await?;
    let base = found.ok_or_else(|| BASE.refused(given, ChangeError::NotThere))?;
    BASE.agree(given, &base.names)?;
    Ok(base)
}

/// The knowledge base that these identifiers name, with its figures.
///
/// # Errors
/// Like [`named`].
pub async fn info(db: &Db, account: AccountId, given: &Identifiers) -> Result<KnowledgeBase, Error> {
    let base = named(db, account, given).await?;
    let found = knowledge_bases::list(db, account, Some(base.key)).await?;
    found.into_iter().next().ok_or_else(|| BASE.refused(given, ChangeError::NotThere))
}

/// Changes the knowledge base that the first identifier names; the others become its own.
///
/// # Errors
/// [`Error::Fields`] when there is none; [`Error::IdentifierTaken`].
pub async fn update(
    db: &Db,
    account: AccountId,
    given: &Identifiers,
    changes: &BaseChanges<'_>,
    now: Timestamp,
) -> Result<Names, Error> {
    let updated = knowledge_bases::update(db, account, given, changes, now).await;
    Ok(updated.map_err(|error| BASE.refused(given, error))?.names)
}

/// Deletes the knowledge base that these identifiers name, with its articles.
///
/// # Errors
/// Like [`named`].
pub async fn delete(db: &Db, account: AccountId, given: &Identifiers, now: Timestamp) -> Result<Names, Error> {
    let base = named(db, account, given).await?;
    knowledge_bases::delete(db, account, base.key, now).await.map_err(|error| BASE.refused(given, error))?;
    Ok(base.names)
}
