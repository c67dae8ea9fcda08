//! Leads of a task, one row each as soon as it is finished.
//!
//! A lead is stored in one transaction with its capture, by whoever holds the
//! task's lease: what is found is neither lost nor paid twice when the process
//! dies, and the run that takes over goes on after the last one. The rows stay
//! until the task is deleted, for those who follow it as it goes on.

use cmes_types::{AccountId, Money, TaskId, Timestamp};
use sqlx::FromRow;

use crate::db::{execute, fetch_optional, read};
use crate::jobs::{self, Lease};
use crate::ledger::{self, Capture};
use crate::tasks::Task;
use crate::{Db, Result};

/// A lead that is finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLead<'a> {
    /// The company's registrable domain.
    pub domain: &'a str,
    /// How well it fits, in ten-thousandths.
    pub fit: i64,
    /// Its profile as JSON.
    pub body: &'a str,
    /// Whether it is paid at once; else with the end of its task.
    pub is_paid: bool,
}

/// A lead as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Lead {
    /// Its place in the order in which they were finished, from 1.
    pub number: i64,
    /// The company's registrable domain.
    pub domain: String,
    /// How well it fits, in ten-thousandths.
    pub fit: i64,
    /// Its profile as JSON.
    pub body: String,
    /// Whether it is paid for already.
    pub is_paid: bool,
}

impl Lead {
    /// What is paid for it, when it is.
    #[must_use]
    pub fn capture(&self, price: Money) -> Capture {
        capture(self.number, price)
    }
}

/// What is paid for the lead of this number, from 1; an enrichment has one.
#[must_use]
pub fn capture(number: i64, price: Money) -> Capture {
    Capture { item: format!("lead/{number}"), amount: price }
}

/// What became of a finished lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is stored under this number, and the task's progress with it.
    New(i64),
    /// The task has this company already.
    Known,
    /// The lease is not valid any more; nothing was stored.
    LeaseLost,
}

#[derive(FromRow)]
struct Counted {
    count: i64,
}

/// Stores a finished lead under a lease, pays for it if that is wanted, and
/// writes how many percent of the task are done.
///
/// # Errors
/// When the database fails.
pub async fn keep(
    db: &Db,
    lease: &Lease,
    task: &Task,
    lead: &NewLead<'_>,
    progress: i64,
    now: Timestamp,
) -> Result<Kept> {
    let mut transaction = db.begin().await?;
    if !jobs::hold(&mut transaction, lease).await? {
        return Ok(Kept::LeaseLost);
    }
    let count = "select count(*) as count from leads where task_id = $1";
    let number = fetch_optional!(&mut transaction, Counted, count, task.id.0)?.map_or(0, |row| row.count) + 1;
    let rows = execute!(
        &mut transaction,
        "insert into leads (task_id, number, domain, fit, body, is_paid, created_at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (task_id, domain) do nothing",
        task.id.0,
        number,
        lead.domain,
        lead.fit,
        lead.body,
        lead.is_paid,
        now.milliseconds(),
    )?;
    if rows == 0 {
        return Ok(Kept::Known);
    }
    let paid = if lead.is_paid {
        ledger::capture(&mut transaction, task.purpose(), &capture(number, task.price), now).await?;
        task.price
    } else {
        Money::ZERO
    };
    execute!(
        &mut transaction,
        "update tasks set held = held - $2, charged = charged + $2,
                          progress = case when progress < $3 then $3 else progress end where id = $1",
        task.id.0,
        paid.units(),
        progress.clamp(0, 99),
    )?;
    transaction.commit().await?;
    Ok(Kept::New(number))
}

/// The leads of an account's task after the first so many, in the order in which they were finished.
///
/// # Errors
/// When the database fails.
pub async fn after(db: &Db, account: AccountId, task: TaskId, number: i64) -> Result<Vec<Lead>> {
    Ok(read!(db, |pool| {
        sqlx::query_as(
            "select l.number, l.domain, l.fit, l.body, l.is_paid from leads l join tasks t on t.id = l.task_id
             where t.account_id = $1 and l.task_id = $2 and l.number > $3 order by l.number",
        )
        .bind(account.0)
        .bind(task.0)
        .bind(number)
        .fetch_all(pool)
        .await
    })?)
}
