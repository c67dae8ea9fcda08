//! Who works on what next: ready jobs, first in line first, within the room that each account has.

use cmes_types::{AccountId, Timestamp};
use sqlx::{AssertSqlSafe, FromRow};
use uuid::Uuid;

use super::{JobKind, Lease, placeholders};
use crate::db::{Transaction, on_transaction, read};
use crate::{Db, Result};

/// What a process wants to work on.
pub struct Claim<'a> {
    /// Jobs of this kind.
    pub kind: JobKind,
    /// The process.
    pub worker: Uuid,
    /// Most jobs.
    pub limit: usize,
    /// How many more jobs of an account it may run at once.
    pub room: &'a (dyn Fn(AccountId) -> usize + Sync),
    /// Accounts that have no room; their lines are not looked through.
    pub full: Vec<AccountId>,
    /// End of the leases.
    pub until: Timestamp,
}

#[derive(Clone, Copy, FromRow)]
struct Candidate {
    id: Uuid,
    account_id: Uuid,
    attempts: i64,
}

/// Takes ready jobs, first in line first.
///
/// # Errors
/// When the database fails.
pub async fn claim(db: &Db, mut wanted: Claim<'_>) -> Result<Vec<Lease>> {
    if wanted.limit == 0 || !any_ready(db, wanted.kind).await? {
        return Ok(Vec::new());
    }
    let mut transaction = db.begin().await?;
    let mut leases: Vec<Lease> = Vec::new();
    // Each round leaves out the accounts that the last one found full.
    while leases.len() < wanted.limit {
        let candidates = candidates(&mut transaction, &wanted, wanted.limit - leases.len()).await?;
        let before = wanted.full.len();
        let mut taken: Vec<Candidate> = Vec::new();
        for candidate in candidates {
            let account = AccountId(candidate.account_id);
            let of_account = |candidate: &Candidate| candidate.account_id == account.0;
            let used = leases.iter().filter(|lease| lease.account == account).count()
                + taken.iter().filter(|candidate| of_account(candidate)).count();
            if used < (wanted.room)(account) {
                taken.push(candidate);
            } else if !wanted.full.contains(&account) {
                wanted.full.push(account);
            }
        }
        lease(&mut transaction, &wanted, &taken).await?;
        leases.extend(taken.iter().map(|candidate| Lease {
            id: candidate.id,
            account: AccountId(candidate.account_id),
            worker: wanted.worker,
            attempt: candidate.attempts + 1,
        }));
        if wanted.full.len() == before {
            break;
        }
    }
    transaction.commit().await?;
    Ok(leases)
}

/// Whether a job of this kind waits for a worker. A look without becoming a writer: idle workers disturb nobody.
///
/// # Errors
/// When the database fails.
pub async fn any_ready(db: &Db, kind: JobKind) -> Result<bool> {
    let found: Option<(i32,)> = read!(db, |pool| {
        sqlx::query_as("select 1 from jobs where kind = $1 and state = 'ready' limit 1")
            .bind(kind.as_str())
            .fetch_optional(pool)
            .await
    })?;
    Ok(found.is_some())
}

async fn candidates(transaction: &mut Transaction, wanted: &Claim<'_>, limit: usize) -> Result<Vec<Candidate>> {
    let without_full = match wanted.full.len() {
        0 => String::new(),
        count => format!("and account_id not in {} ", placeholders(3, count)),
    };
    let sql = format!(
        "select id, account_id, attempts from jobs where kind = $1 and state = 'ready' {without_full}\
         order by turn, created_at limit $2{}",
        transaction.skip_locked()
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(on_transaction!(transaction, |connection| {
        let mut query = sqlx::query_as(AssertSqlSafe(sql)).bind(wanted.kind.as_str()).bind(limit);
        for account in &wanted.full {
            query = query.bind(account.0);
        }
        query.fetch_all(connection).await
    })?)
}

async fn lease(transaction: &mut Transaction, wanted: &Claim<'_>, taken: &[Candidate]) -> Result<()> {
    if taken.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "update jobs set state = 'running', worker = $1, due_at = $2, attempts = attempts + 1 where id in {}",
        placeholders(3, taken.len())
    );
    on_transaction!(transaction, |connection| {
        let mut query = sqlx::query(AssertSqlSafe(sql)).bind(wanted.worker).bind(wanted.until.milliseconds());
        for candidate in taken {
            query = query.bind(candidate.id);
        }
        query.execute(connection).await.map(|_| ())
    })?;
    Ok(())
}
