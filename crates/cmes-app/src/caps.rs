//! Setting caps on what keys and projects may spend.

use cmes_store::caps::{self, Period, Scope};
use cmes_store::{Db, projects};
use cmes_types::{CapId, KeyId, Money, Timestamp};

use crate::{Error, accounts};

/// A cap that is wanted.
#[derive(Clone, Debug)]
pub struct SetCap {
    /// Address of the account.
    pub account: String,
    /// Name of the project; or else the key.
    pub project: Option<String>,
    /// Identity of the key.
    pub key: Option<KeyId>,
    /// In which time.
    pub period: Period,
    /// The most.
    pub amount: Money,
    /// At which share of it a warning is sent, in percent.
    pub warn_percent: i64,
}

/// Sets a cap.
///
/// # Errors
/// [`Error::Fields`] when there is no such account, project or key.
pub async fn set(db: &Db, wanted: &SetCap, now: Timestamp) -> Result<CapId, Error> {
    let account = accounts::by_email(db, &wanted.account).await?;
    if wanted.amount < Money::ZERO {
        return Err(Error::field("amount", "cannot be negative"));
    }
    if !(1..=100).contains(&wanted.warn_percent) {
        return Err(Error::field("warn-at", "takes a whole number from 1 to 100"));
    }
    let scope = match (&wanted.project, wanted.key) {
        (Some(name), None) => {
            let project = projects::by_name(db, account.id, name).await?;
            let unknown = || Error::field("project", format!("“{name}” is no project of {}", account.email));
            Scope::Project(project.ok_or_else(unknown)?)
        }
        (None, Some(key)) => {
            let is_known = cmes_store::keys::list(db, Some(account.id)).await?.iter().any(|known| known.id == key);
            if !is_known {
                return Err(Error::field("key", format!("{key} is no key of {}; see “cmes key list”", account.email)));
            }
            Scope::Key(key)
        }
        _ => return Err(Error::field("project", "or key has to be given, one of the two")),
    };
    Ok(caps::set(db, account.id, scope, wanted.period, wanted.amount, wanted.warn_percent, now).await?)
}
