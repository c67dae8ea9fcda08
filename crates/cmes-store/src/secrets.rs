//! The secrets with which an account's webhooks are signed.

use cmes_types::{AccountId, Timestamp};

use crate::db::{execute, read, run};
use crate::{Db, Result};

/// The secrets that sign now, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn valid(db: &Db, account: AccountId, now: Timestamp) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = read!(db, |pool| {
        sqlx::query_as(
            "select secret from webhook_secrets where account_id = $1 and (expires_at is null or expires_at > $2)
             order by case when expires_at is null then 0 else 1 end, created_at desc, secret",
        )
        .bind(account.0)
        .bind(now.milliseconds())
        .fetch_all(pool)
        .await
    })?;
    Ok(rows.into_iter().map(|(secret,)| secret).collect())
}

/// Adds a secret; those before it go on signing until `overlap_until`.
///
/// # Errors
/// When the database fails.
pub async fn rotate(db: &Db, account: AccountId, secret: &str, overlap_until: Timestamp, now: Timestamp) -> Result<()> {
    let mut transaction = db.begin().await?;
    execute!(
        &mut transaction,
        "delete from webhook_secrets where account_id = $1 and expires_at <= $2",
        account.0,
        now.milliseconds(),
    )?;
    execute!(
        &mut transaction,
        "update webhook_secrets set expires_at = $2 where account_id = $1 and expires_at is null",
        account.0,
        overlap_until.milliseconds(),
    )?;
    execute!(
        &mut transaction,
        "insert into webhook_secrets (account_id, secret, created_at) values ($1, $2, $3)",
        account.0,
        secret,
        now.milliseconds(),
    )?;
    transaction.commit().await
}

/// Gives an account its first secret; nothing happens when it has one already.
///
/// # Errors
/// When the database fails.
pub async fn create_first(db: &Db, account: AccountId, secret: &str, now: Timestamp) -> Result<()> {
    run!(
        db,
        "insert into webhook_secrets (account_id, secret, created_at)
         select $1, $2, $3 where not exists (select 1 from webhook_secrets where account_id = $1)",
        account.0,
        secret,
        now.milliseconds()
    )?;
    Ok(())
}
