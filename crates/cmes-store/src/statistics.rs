//! What an account has consumed: its captures, by the moment of the request.

use cmes_types::{AccountId, Money, Timestamp};
use sqlx::FromRow;

use crate::db::read;
use crate::{Db, Result};

/// Consumption of one group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consumption {
    /// The day's first moment, or the moment of the request.
    pub at: Timestamp,
    /// What was paid.
    pub sum: Money,
    /// The method.
    pub service: String,
    /// Name of the project.
    pub project: String,
    /// Name of the key.
    pub key: String,
}

#[derive(FromRow)]
struct Row {
    at: i64,
    sum: i64,
    service: String,
    project: String,
    key_name: String,
}

impl From<Row> for Consumption {
    fn from(row: Row) -> Self {
        Self {
            at: Timestamp::from_milliseconds(row.at),
            sum: Money::from_units(row.sum),
            service: row.service,
            project: row.project,
            key: row.key_name,
        }
    }
}

/// Consumption by day (UTC), method, project and key, requests from `start` to
/// `end` (both included), in order of time.
///
/// # Errors
/// When the database fails.
pub async fn by_day(db: &Db, account: AccountId, start: Timestamp, end: Timestamp) -> Result<Vec<Consumption>> {
    // Whole days are whole multiples on both engines; moments before 1970 have no consumption.
    let rows: Vec<Row> = read!(db, |pool| {
        sqlx::query_as(
            "select g.day * 86400000 as at, g.sum, g.service, p.name as project, k.name as key_name
             from (select requested_at / 86400000 as day, cast(sum(-held) as bigint) as sum, method as service,
                          project_id, key_id
                   from ledger where account_id = $1 and kind = 'capture' and requested_at between $2 and $3
                   group by requested_at / 86400000, method, project_id, key_id) as g
             join projects p on p.id = g.project_id join api_keys k on k.id = g.key_id
             order by at, service, project, key_name",
        )
        .bind(account.0)
        .bind(start.milliseconds())
        .bind(end.milliseconds())
        .fetch_all(pool)
        .await
    })?;
    Ok(rows.into_iter().map(Consumption::from).collect())
}

/// Each paid request on its own, from `start` to `end` (both included),
/// in order of time, at most so many.
///
/// # Errors
/// When the database fails.
pub async fn items(
    db: &Db,
    account: AccountId,
    start: Timestamp,
    end: Timestamp,
    limit: i64,
) -> Result<Vec<Consumption>> {
    let rows: Vec<Row> = read!(db, |pool| {
        sqlx::query_as(
            "select g.at, g.sum, g.service, p.name as project, k.name as key_name
             from (select task_id, min(requested_at) as at, cast(sum(-held) as bigint) as sum, method as service,
                          project_id, key_id
                   from ledger where account_id = $1 and kind = 'capture' and requested_at between $2 and $3
                   group by task_id, method, project_id, key_id) as g
             join projects p on p.id = g.project_id join api_keys k on k.id = g.key_id
             order by g.at, g.task_id limit $4",
        )
        .bind(account.0)
        .bind(start.milliseconds())
        .bind(end.milliseconds())
        .bind(limit)
        .fetch_all(pool)
        .await
    })?;
    Ok(rows.into_iter().map(Consumption::from).collect())
}
