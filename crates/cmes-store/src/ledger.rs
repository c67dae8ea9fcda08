//! The ledger: every movement of money is a row that is never changed.

use cmes_types::{AccountId, Money, Timestamp};
use sqlx::FromRow;

use crate::db::{in_transaction, on_engine};
use crate::{Db, Result};

/// Kind of a row that adds money from outside.
pub(crate) const TOP_UP: &str = "top-up";

pub(crate) const INSERT: &str =
    "insert into ledger (id, account_id, kind, amount, note, created_at) values ($1, $2, $3, $4, $5, $6)";

#[derive(FromRow)]
struct Units {
    units: i64,
}

/// Adds money to an account; returns the new balance.
///
/// # Errors
/// [`crate::StoreError::NotFound`] when there is no such account.
pub async fn top_up(db: &Db, account: AccountId, amount: Money, note: &str, now: Timestamp) -> Result<Money> {
    in_transaction!(db, |transaction| {
        let row: Units =
            sqlx::query_as("update accounts set balance = balance + $2 where id = $1 returning balance as units")
                .bind(account.0)
                .bind(amount.units())
                .fetch_one(&mut *transaction)
                .await?;
        sqlx::query(INSERT)
            .bind(cmes_types::ids::uuid_at(now))
            .bind(account.0)
            .bind(TOP_UP)
            .bind(amount.units())
            .bind(note)
            .bind(now.milliseconds())
            .execute(&mut *transaction)
            .await?;
        Money::from_units(row.units)
    })
}

/// The sum of an account's rows, which its balance has to equal.
///
/// # Errors
/// When the database fails.
pub async fn sum(db: &Db, account: AccountId) -> Result<Money> {
    let row: Units = on_engine!(db, |pool| {
        sqlx::query_as("select cast(coalesce(sum(amount), 0) as bigint) as units from ledger where account_id = $1")
            .bind(account.0)
            .fetch_one(pool)
            .await
    })?;
    Ok(Money::from_units(row.units))
}
