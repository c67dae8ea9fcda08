//! Projects: parts of an account, by which consumption is told apart.

use cmes_types::{AccountId, ProjectId, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{read, write};
use crate::{Db, Result};

#[derive(FromRow)]
struct Id {
    id: Uuid,
}

/// The account's project of this name, made if it is not there.
///
/// # Errors
/// When the database fails.
pub async fn get_or_create(db: &Db, account: AccountId, name: &str, now: Timestamp) -> Result<ProjectId> {
    // The update changes nothing; it makes `returning` give the row that was there.
    let row: Id = write!(db, |pool| {
        sqlx::query_as(
            "insert into projects (id, account_id, name, created_at) values ($1, $2, $3, $4)
             on conflict (account_id, name) do update set name = excluded.name returning id",
        )
        .bind(ProjectId::new_at(now).0)
        .bind(account.0)
        .bind(name)
        .bind(now.milliseconds())
        .fetch_one(pool)
        .await
    })?;
    Ok(row.id.into())
}

/// The account's project of this name.
///
/// # Errors
/// When the database fails.
pub async fn by_name(db: &Db, account: AccountId, name: &str) -> Result<Option<ProjectId>> {
    let row: Option<Id> = read!(db, |pool| {
        sqlx::query_as("select id from projects where account_id = $1 and name = $2")
            .bind(account.0)
            .bind(name)
            .fetch_optional(pool)
            .await
    })?;
    Ok(row.map(|row| row.id.into()))
}
