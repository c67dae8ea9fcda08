//! Prices and exchange rates that the operator set while the server ran; they
//! overrule the configuration's.

use cmes_types::{Currency, Money, Timestamp};
use sqlx::FromRow;

use crate::db::{read, run};
use crate::{Db, Result};

/// The price of one method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredTariff {
    /// The method's path.
    pub method: String,
    /// What is paid for.
    pub description: String,
    /// How it is counted.
    pub rules: String,
    /// Price in the base currency.
    pub price: Money,
}

#[derive(FromRow)]
struct Row {
    method: String,
    description: String,
    rules: String,
    price: i64,
}

/// All prices that were set.
///
/// # Errors
/// When the database fails.
pub async fn prices(db: &Db) -> Result<Vec<StoredTariff>> {
    let rows: Vec<Row> = read!(db, |pool| {
        sqlx::query_as("select method, description, rules, price from tariffs order by method").fetch_all(pool).await
    })?;
    let tariff = |row: Row| StoredTariff {
        method: row.method,
        description: row.description,
        rules: row.rules,
        price: Money::from_units(row.price),
    };
    Ok(rows.into_iter().map(tariff).collect())
}

/// All rates that were set: how much one unit of the base currency is in a currency.
///
/// # Errors
/// When the database fails.
pub async fn rates(db: &Db) -> Result<Vec<(String, Money)>> {
    let rows: Vec<(String, i64)> = read!(db, |pool| {
        sqlx::query_as("select currency, rate from rates order by currency").fetch_all(pool).await
    })?;
    Ok(rows.into_iter().map(|(currency, rate)| (currency, Money::from_units(rate))).collect())
}

/// Sets a price.
///
/// # Errors
/// When the database fails.
pub async fn set_price(db: &Db, tariff: &StoredTariff, now: Timestamp) -> Result<()> {
    run!(
        db,
        "insert into tariffs (method, price, description, rules, updated_at) values ($1, $2, $3, $4, $5)
         on conflict (method) do update set price = excluded.price, description = excluded.description,
                                            rules = excluded.rules, updated_at = excluded.updated_at",
        &tariff.method,
        tariff.price.units(),
        &tariff.description,
        &tariff.rules,
        now.milliseconds()
    )?;
    Ok(())
}

/// Goes back to the configuration's price; false when none was set.
///
/// # Errors
/// When the database fails.
pub async fn reset_price(db: &Db, method: &str) -> Result<bool> {
    let rows = run!(db, "delete from tariffs where method = $1", method)?;
    Ok(rows == 1)
}

/// Sets a rate.
///
/// # Errors
/// When the database fails.
pub async fn set_rate(db: &Db, currency: &Currency, rate: Money, now: Timestamp) -> Result<()> {
    run!(
        db,
        "insert into rates (currency, rate, updated_at) values ($1, $2, $3)
         on conflict (currency) do update set rate = excluded.rate, updated_at = excluded.updated_at",
        currency.as_str(),
        rate.units(),
        now.milliseconds()
    )?;
    Ok(())
}

/// Goes back to the configuration's rate; false when none was set.
///
/// # Errors
/// When the database fails.
pub async fn reset_rate(db: &Db, currency: &Currency) -> Result<bool> {
    let rows = run!(db, "delete from rates where currency = $1", currency.as_str())?;
    Ok(rows == 1)
}
