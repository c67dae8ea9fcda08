//! A task ends: in one transaction with what it costs, its answer, and the webhook that tells about it.

use cmes_types::{Money, Timestamp};
use sqlx::FromRow;

use super::{Outcome, Task};
use crate::answering::{self, NewAnswer};
use crate::channels;
use crate::db::{Transaction, execute, fetch_optional};
use crate::deliveries::{self, NewDelivery};
use crate::jobs::{self, Lease};
use crate::ledger::{self, Capture};
use crate::{Db, Result, StoreError};

/// How a task ends.
#[derive(Clone, Debug)]
pub struct Ending {
    /// With what.
    pub outcome: Outcome,
    /// The answer's body, or the failure as data.
    pub result: String,
    /// What is paid for.
    pub captures: Vec<Capture>,
    /// The message that tells about it.
    pub delivery: Option<NewDelivery>,
    /// The answer to the message that it was to answer.
    pub answer: Option<NewAnswer>,
    /// How many leads the result holds; when more are finished by now, nothing is done.
    pub leads: i64,
}

/// What became of the wish to end a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It has ended, and so much was charged for it in all.
    Now(Money),
    /// Nothing was done: another process has the task, or it had ended already.
    NotOurs,
    /// Nothing was done: a lead was finished that the result does not hold.
    MoreLeads,
}

/// Ends a task under a lease: pays, releases the rest, keeps the result and
/// the answer, and sends the message, all or nothing.
///
/// # Errors
/// [`StoreError::NotFound`] when there is an answer, but its channel is gone, or when the database fails.
pub async fn finish(db: &Db, lease: &Lease, task: &Task, ending: &Ending, now: Timestamp) -> Result<Ended> {
    let mut transaction = db.begin().await?;
    lock_channel(&mut transaction, task, now).await?;
    if !jobs::complete(&mut transaction, lease).await? {
        return Ok(Ended::NotOurs);
    }
    end_or_undo(transaction, task, ending, now).await
}

/// Ends a task without regard to who works on it.
///
/// # Errors
/// When the database fails.
pub async fn cancel(db: &Db, task: &Task, ending: &Ending, now: Timestamp) -> Result<Ended> {
    let mut transaction = db.begin().await?;
    lock_channel(&mut transaction, task, now).await?;
    // The job is the right to end its task: whoever deletes it, ends it.
    if execute!(&mut transaction, "delete from jobs where id = $1", task.id.0)? == 0 {
        return Ok(Ended::NotOurs);
    }
    end_or_undo(transaction, task, ending, now).await
}

/// Ends a task whose job is gone in this transaction, or leaves everything as it was: also the job, which any worker may
/// take again from the moment on at which the caller hears of it.
async fn end_or_undo(mut transaction: Transaction, task: &Task, ending: &Ending, now: Timestamp) -> Result<Ended> {
    let ended = end(&mut transaction, task, ending, now).await;
    if let Ok(Ended::Now(_)) = ended {
        transaction.commit().await?;
    } else {
        // When not even that is possible, the error that led here says more.
        let _ = transaction.roll_back().await;
    }
    ended
}

/// The channel comes before the job, as when the task was made, so that nobody waits in a circle.
pub(super) async fn lock_channel(transaction: &mut Transaction, task: &Task, now: Timestamp) -> Result<()> {
    let Some(standing) = task.standing else { return Ok(()) };
    match channels::lock(transaction, task.account, standing.channel, now).await {
        // Nothing comes to wait in a channel that is gone; those that wait are woken as ever.
        Err(StoreError::NotFound) => Ok(()),
        other => other,
    }
}

#[derive(FromRow)]
struct HeldNow {
    held: i64,
    leads: i64,
}

async fn end(transaction: &mut Transaction, task: &Task, ending: &Ending, now: Timestamp) -> Result<Ended> {
    // Leads may have been finished and paid since the task was read. Its job is gone, so none will be from now on.
    let sql = "select held, (select count(*) from leads where task_id = $1) as leads from tasks where id = $1";
    let current = fetch_optional!(&mut *transaction, HeldNow, sql, task.id.0)?.ok_or(StoreError::NotFound)?;
    if current.leads != ending.leads {
        return Ok(Ended::MoreLeads);
    }
    let held = Money::from_units(current.held);
    let paid = ledger::settle(transaction, task.purpose(), held, &ending.captures, now).await?;
    let row = fetch_optional!(
        &mut *transaction,
        Charged,
        "update tasks set outcome = $2, result = $3, progress = 100, held = 0, charged = charged + $4, work = '',
                          ended_at = $5
         where id = $1 returning charged",
        task.id.0,
        ending.outcome.as_str(),
        &ending.result,
        paid.units(),
        now.milliseconds(),
    )?
    .ok_or(StoreError::NotFound)?;
    if let Some(delivery) = &ending.delivery {
        deliveries::enqueue(transaction, delivery, now).await?;
    }
    if let Some(standing) = task.standing {
        answering::leave_line(transaction, task.account, standing, ending.answer.as_ref(), now).await?;
    }
    Ok(Ended::Now(Money::from_units(row.charged)))
}

#[derive(FromRow)]
struct Charged {
    charged: i64,
}
