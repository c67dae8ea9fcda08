//! Opening accounts and making keys.

use argon2::{Argon2, PasswordHasher};
use cmes_store::accounts::{Account, NewAccount};
use cmes_store::{Db, StoreError, keys, ledger, projects};
use cmes_types::{AccountId, Currency, KeyId, Money, Timestamp};
use url::Url;

use crate::Error;
use crate::authentication::{generate_key, hash, mask};

/// What an account is opened with.
#[derive(Clone, Debug)]
pub struct OpenAccount {
    /// Address under which it signs in.
    pub email: String,
    /// Password for the console; without one it can only be used by key.
    pub password: Option<String>,
    /// Currency of its balance.
    pub currency: Currency,
    /// First money.
    pub credit: Money,
    /// Whether it is an operator's.
    pub is_operator: bool,
}

/// What a key is made with.
#[derive(Clone, Debug)]
pub struct MakeKey {
    /// Address of the account.
    pub account: String,
    /// Project to which its consumption counts, made if it is not there.
    pub project: String,
    /// Name for its owner.
    pub name: String,
    /// When it ends to be valid.
    pub expires_at: Option<Timestamp>,
}

/// Shortest password (NIST SP 800-63B, §3.1.1.2, asks for at least eight).
const SHORTEST_PASSWORD: usize = 8;
/// Longest name of a project or key.
const LONGEST_NAME: usize = 100;
/// Largest balance: a tenth of what can be held, so that no sum comes near the end.
const LARGEST_BALANCE: Money = Money::from_units(i64::MAX / 10);

/// Opens an account.
///
/// # Errors
/// [`Error::Fields`] for an address that is none or has an account already, a
/// short password, a negative credit.
pub async fn open(db: &Db, account: &OpenAccount, now: Timestamp) -> Result<AccountId, Error> {
    let email = normal_email(&account.email)?;
    if account.credit < Money::ZERO || account.credit > LARGEST_BALANCE {
        return Err(Error::field("credit", format!("takes an amount from 0 to {LARGEST_BALANCE}")));
    }
    let password = account.password.as_deref().map(password_hash).transpose()?;
    let new = NewAccount {
        email: &email,
        password: password.as_deref(),
        currency: &account.currency,
        credit: account.credit,
        is_operator: account.is_operator,
    };
    match cmes_store::accounts::create(db, &new, now).await {
        Err(StoreError::Conflict) => Err(Error::field("email", format!("{email} has an account already"))),
        other => Ok(other?),
    }
}

/// Adds money to an account, or, with a negative amount, corrects its balance
/// downwards; returns the new balance.
///
/// # Errors
/// [`Error::Fields`] when there is no such account, or the balance would fall
/// below zero or rise above what can be held.
pub async fn credit(db: &Db, email: &str, amount: Money, note: &str, now: Timestamp) -> Result<Money, Error> {
    let account = by_email(db, email).await?;
    if amount == Money::ZERO {
        return Err(Error::field("amount", "has to be more or less than 0"));
    }
    if account.balance.checked_add(amount).is_none_or(|sum| sum > LARGEST_BALANCE) {
        return Err(Error::field("amount", format!("would make the balance more than {LARGEST_BALANCE}")));
    }
    if amount > Money::ZERO {
        return Ok(ledger::top_up(db, account.id, amount, note, now).await?);
    }
    let too_much = || {
        let detail = format!("would make the balance negative: it is {} {}", account.balance, account.currency);
        Error::field("amount", detail)
    };
    ledger::adjust(db, account.id, amount, note, now).await?.ok_or_else(too_much)
}

/// Says where an account's warnings go and below which balance one is sent.
///
/// # Errors
/// [`Error::Fields`] when there is no such account or the address cannot be called.
pub async fn warn(db: &Db, email: &str, url: Option<&Url>, below: Option<Money>) -> Result<(), Error> {
    let account = by_email(db, email).await?;
    if url.is_some_and(|url| !matches!(url.scheme(), "http" | "https")) {
        return Err(Error::field("url", "has to begin with http:// or https://"));
    }
    Ok(cmes_store::accounts::set_warning(db, account.id, url.map(Url::as_str), below).await?)
}

/// Makes a key and returns it; only its hash is kept.
///
/// # Errors
/// [`Error::Fields`] when there is no such account or a name is too long.
pub async fn make_key(db: &Db, make: &MakeKey, now: Timestamp) -> Result<String, Error> {
    let account = by_email(db, &make.account).await?;
    for (field, name) in [("project", &make.project), ("name", &make.name)] {
        if name.trim().is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(Error::field(field, format!("takes 1 to {LONGEST_NAME} characters")));
        }
    }
    if make.expires_at.is_some_and(|moment| moment <= now) {
        return Err(Error::field("expires", "has to lie in the future"));
    }
    let project = projects::get_or_create(db, account.id, make.project.trim(), now).await?;
    let key = generate_key()?;
    let new = keys::NewKey {
        account: account.id,
        project,
        name: make.name.trim(),
        hash: &hash(&key),
        masked: &mask(&key),
        expires_at: make.expires_at,
    };
    keys::create(db, &new, now).await?;
    Ok(key)
}

/// Revokes a key by its identifier.
///
/// # Errors
/// [`Error::Fields`] when there is no such key or it is revoked already.
pub async fn revoke_key(db: &Db, key: KeyId, now: Timestamp) -> Result<(), Error> {
    match keys::revoke(db, key, now).await {
        Err(StoreError::NotFound) => Err(Error::field("id", format!("{key} is no key that is still valid"))),
        other => Ok(other?),
    }
}

/// The account of an address.
///
/// # Errors
/// [`Error::Fields`] when there is none.
pub async fn by_email(db: &Db, email: &str) -> Result<Account, Error> {
    let email = normal_email(email)?;
    cmes_store::accounts::by_email(db, &email)
        .await?
        .ok_or_else(|| Error::field("account", format!("{email} does not exist; see “cmes account list”")))
}

/// Lower case, and of the form that mail needs; whether it receives mail is
/// for a message to find out.
fn normal_email(email: &str) -> Result<String, Error> {
    let email = email.trim().to_lowercase();
    let usable = email.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
        && email.matches('@').count() == 1
        && email.len() <= 254
        && !email.contains(|c: char| c.is_whitespace() || c.is_control());
    if usable { Ok(email) } else { Err(Error::field("email", "has to look like name@example.com")) }
}

/// Argon2id with the parameters of RFC 9106's second choice (19 MiB), in PHC form.
fn password_hash(password: &str) -> Result<String, Error> {
    if password.chars().count() < SHORTEST_PASSWORD {
        return Err(Error::field("password", format!("has to have at least {SHORTEST_PASSWORD} characters")));
    }
    let hash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(|error| Error::Internal(error.to_string().into()))?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_made_alike_and_judged_by_form() {
        assert_eq!(normal_email(" Ann@Example.COM ").expect("an address"), "ann@example.com");
        for text in ["", "ann", "@example.com", "ann@", "a@b@c", "a b@c.d", "a\n@c.d"] {
            assert!(normal_email(text).is_err(), "{text}");
        }
    }
}
