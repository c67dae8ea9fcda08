//! Making, changing, deleting and listing dialogues.

use cmes_store::channels::{self, Change, Channel, NewChannel};
use cmes_store::identifiers::{Identifiers, Kind};
use cmes_store::{Db, StoreError};
use cmes_types::{AccountId, Timestamp};

use crate::Error;
use crate::identifiers::{DIALOGUE, IdentifierFields};

/// Makes a channel.
///
/// # Errors
/// [`Error::IdentifierTaken`].
pub async fn create(db: &Db, account: AccountId, new: &NewChannel, now: Timestamp) -> Result<(), Error> {
    let made = channels::create(db, account, new, now).await;
    let wanted = Identifiers { external_id: Some(new.external_id), ..Identifiers::by_id(new.id) };
    accepted(db, account, made, None, &wanted).await
}

/// What the store has made of it; when it refused an identifier, who has it.
async fn accepted<T>(
    db: &Db,
    account: AccountId,
    outcome: cmes_store::Result<T>,
    own_key: Option<i64>,
    wanted: &Identifiers,
) -> Result<T, Error> {
    if let Err(StoreError::Conflict) = outcome
        && let Some(taken) = DIALOGUE.conflict(db, account, Kind::Channel, own_key, wanted).await?
    {
        return Err(taken);
    }
    Ok(outcome?)
}

/// The channel that the identifiers name.
///
/// # Errors
/// [`Error::Fields`] when there is none, or they name different ones.
pub async fn find(
    db: &Db,
    account: AccountId,
    given: &Identifiers,
    fields: &IdentifierFields,
) -> Result<Channel, Error> {
    let channel = channels::find(db, account, given).await?.ok_or_else(|| fields.not_there(given))?;
    fields.agree(given, &channel.names())?;
    Ok(channel)
}

/// Changes the channel that the first of the identifiers names; the others become its own.
///
/// # Errors
/// [`Error::Fields`] when there is none; [`Error::IdentifierTaken`].
pub async fn update(
    db: &Db,
    account: AccountId,
    given: &Identifiers,
    change: Change,
    now: Timestamp,
) -> Result<Channel, Error> {
    let not_there = || DIALOGUE.not_there(given);
    let channel = channels::find(db, account, given).await?.ok_or_else(not_there)?;
    let wanted = given.others();
    let change = Change { external_id: wanted.external_id, ..change };
    let changed = channels::update(db, account, channel.key, &change, now).await;
    if !accepted(db, account, changed, Some(channel.key.0), &wanted).await? {
        return Err(not_there());
    }
    channels::by_key(db, account, channel.key).await?.ok_or_else(not_there)
}

/// Deletes a channel with everything that was said in it, and returns what it was.
///
/// # Errors
/// Like [`find`].
pub async fn delete(db: &Db, account: AccountId, given: &Identifiers, now: Timestamp) -> Result<Channel, Error> {
    let channel = find(db, account, given, &DIALOGUE).await?;
    if !channels::delete(db, account, channel.key, now).await? {
        return Err(DIALOGUE.not_there(given));
    }
    Ok(channel)
}
