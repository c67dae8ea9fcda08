//! Making, changing, deleting and listing dialogues.

use cmes_store::channels::{self, Change, Channel, Names, NewChannel};
use cmes_store::{Db, StoreError};
use cmes_types::{AccountId, Timestamp};

use crate::Error;

/// How a request calls the two identifiers of a channel.
pub type FieldNames = [&'static str; 2];
/// In the methods about channels.
pub const OWN: FieldNames = ["ID", "ExternalID"];
/// In those about messages.
pub const IN_MESSAGES: FieldNames = ["ChannelID", "ChannelExternalID"];

/// Makes a channel.
///
/// # Errors
/// [`Error::Fields`] when one of its identifiers is taken.
pub async fn create(db: &Db, account: AccountId, new: &NewChannel, now: Timestamp) -> Result<(), Error> {
    match channels::create(db, account, new, now).await {
        Err(StoreError::Conflict) => Err(taken(db, account, new).await?),
        other => Ok(other?),
    }
}

/// Which of the identifiers is taken.
async fn taken(db: &Db, account: AccountId, new: &NewChannel) -> Result<Error, Error> {
    let by_id = Names { id: Some(new.id), external_id: None };
    let field = if channels::named(db, account, by_id).await?.is_empty() { "ExternalID" } else { "ID" };
    Ok(Error::field(field, "is taken by another dialogue; choose another one, or leave it out"))
}

/// The channel that the names name; names of two different ones are refused.
///
/// # Errors
/// [`Error::Fields`] when there is no such channel, or when the names do not agree.
pub async fn find(db: &Db, account: AccountId, names: Names, fields: FieldNames) -> Result<Channel, Error> {
    let channel = first(db, account, names, fields).await?;
    let agrees = names.external_id.is_none_or(|number| number == channel.external_id);
    if agrees {
        Ok(channel)
    } else {
        Err(Error::field(fields[1], format!("names another dialogue than {}", fields[0])))
    }
}

/// The channel that the first of the names names.
async fn first(db: &Db, account: AccountId, names: Names, [id, external_id]: FieldNames) -> Result<Channel, Error> {
    if names.is_empty() {
        return Err(Error::field(id, format!("or {external_id} is required")));
    }
    let found = channels::named(db, account, names).await?;
    let is_meant = |channel: &Channel| names.id.is_none_or(|wanted| wanted == channel.id);
    let field = if names.id.is_some() { id } else { external_id };
    found.into_iter().find(is_meant).ok_or_else(|| Error::field(field, "names no dialogue of this account"))
}

/// Changes the channel that the first of the names names; another name that is given becomes its own.
///
/// # Errors
/// [`Error::Fields`] when there is no such channel, or when the number is taken.
pub async fn update(
    db: &Db,
    account: AccountId,
    names: Names,
    change: Change,
    now: Timestamp,
) -> Result<Channel, Error> {
    let channel = first(db, account, names, OWN).await?;
    let change = Change { external_id: names.external_id, ..change };
    let unknown = || Error::field(OWN[0], "names no dialogue of this account");
    match channels::update(db, account, channel.key, &change, now).await {
        Ok(true) => {}
        Ok(false) => return Err(unknown()),
        Err(StoreError::Conflict) => {
            return Err(Error::field(OWN[1], "is taken by another dialogue; choose another one"));
        }
        Err(error) => return Err(error.into()),
    }
    channels::by_key(db, account, channel.key).await?.ok_or_else(unknown)
}

/// Deletes a channel with everything that was said in it, and returns what it was.
///
/// # Errors
/// [`Error::Fields`] when there is no such channel, or when the names do not agree.
pub async fn delete(db: &Db, account: AccountId, names: Names, now: Timestamp) -> Result<Channel, Error> {
    let channel = find(db, account, names, OWN).await?;
    if !channels::delete(db, account, channel.key, now).await? {
        return Err(Error::field(OWN[0], "names no dialogue of this account"));
    }
    Ok(channel)
}
