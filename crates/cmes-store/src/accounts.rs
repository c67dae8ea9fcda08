//! Accounts: who pays.

use cmes_types::{AccountId, Currency, Money, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{execute, read, run};
use crate::{Db, Result, StoreError, ledger};

/// One customer of the service.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its identity.
    pub id: AccountId,
    /// The address under which it signs in, lower case.
    pub email: String,
    /// Currency of its balance.
    pub currency: Currency,
    /// Its money that can be spent.
    pub balance: Money,
    /// Its money that running tasks have set aside.
    pub held: Money,
    /// Whether it may see and change every account.
    pub is_operator: bool,
    /// Since when it is closed, if it is.
    pub closed_at: Option<Timestamp>,
    /// When it was opened.
    pub created_at: Timestamp,
}

/// What an account is opened with.
#[derive(Clone, Debug)]
pub struct NewAccount<'a> {
    /// Address, lower case.
    pub email: &'a str,
    /// Password in PHC form.
    pub password: Option<&'a str>,
    /// Currency of the balance.
    pub currency: &'a Currency,
    /// First money, booked as a top-up when it is not zero.
    pub credit: Money,
    /// Whether it is an operator's.
    pub is_operator: bool,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    email: String,
    currency: String,
    balance: i64,
    held: i64,
    is_operator: bool,
    closed_at: Option<i64>,
    created_at: i64,
}

impl TryFrom<Row> for Account {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let currency = row.currency.parse().map_err(|e| StoreError::Engine(sqlx::Error::Decode(Box::new(e))))?;
        Ok(Self {
            id: row.id.into(),
            email: row.email,
            currency,
            balance: Money::from_units(row.balance),
            held: Money::from_units(row.held),
            is_operator: row.is_operator,
            closed_at: row.closed_at.map(Timestamp::from_milliseconds),
            created_at: Timestamp::from_milliseconds(row.created_at),
        })
    }
}

/// Opens an account, with its first credit in the ledger.
///
/// # Errors
/// [`StoreError::Conflict`] when the address has one already.
pub async fn create(db: &Db, new: &NewAccount<'_>, now: Timestamp) -> Result<AccountId> {
    let id = AccountId::new_at(now);
    let mut transaction = db.begin().await?;
    execute!(
        &mut transaction,
        "insert into accounts (id, email, password, currency, is_operator, created_at) values ($1, $2, $3, $4, $5, $6)",
        id.0,
        new.email,
        new.password,
        new.currency.as_str(),
        new.is_operator,
        now.milliseconds(),
    )?;
    if new.credit != Money::ZERO {
        ledger::add(&mut transaction, id, new.credit, "opening credit", now).await?;
    }
    transaction.commit().await?;
    Ok(id)
}

/// The account's money that can be spent.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such account.
pub async fn balance(db: &Db, account: AccountId) -> Result<Money> {
    let (units,): (i64,) = read!(db, |pool| {
        sqlx::query_as("select balance from accounts where id = $1").bind(account.0).fetch_one(pool).await
    })?;
    Ok(Money::from_units(units))
}

/// Where an account's warnings go, and below which balance one is sent.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such account.
pub async fn set_warning(db: &Db, account: AccountId, url: Option<&str>, below: Option<Money>) -> Result<()> {
    let rows = run!(
        db,
        "update accounts set warning_url = $2, warning_balance = $3 where id = $1",
        account.0,
        url,
        below.map(Money::units)
    )?;
    if rows == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}

/// The account of an address (lower case).
///
/// # Errors
/// When the database fails.
pub async fn by_email(db: &Db, email: &str) -> Result<Option<Account>> {
    read!(db, |pool| {
        sqlx::query_as::<_, Row>(
            "select id, email, currency, balance, held, is_operator, closed_at, created_at from accounts where email = $1",
        )
        .bind(email)
        .fetch_optional(pool)
        .await
    })?
    .map(Account::try_from)
    .transpose()
}

/// All accounts, in order of opening.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &Db) -> Result<Vec<Account>> {
    read!(db, |pool| {
        sqlx::query_as::<_, Row>(
            "select id, email, currency, balance, held, is_operator, closed_at, created_at from accounts
             order by created_at, id",
        )
        .fetch_all(pool)
        .await
    })?
    .into_iter()
    .map(Account::try_from)
    .collect()
}
