//! A task is made: in one transaction with the money that it holds, its job, and the message that it is to answer.

use cmes_types::{AccountId, Currency, KeyId, Money, ProjectId, TaskId, Timestamp};
use uuid::Uuid;

use super::{Row, Task, select};
use crate::answering::{self, Asked};
use crate::caps::{self, CapState};
use crate::db::{Transaction, execute, fetch_optional};
use crate::deliveries::{self, NewDelivery};
use crate::jobs::{self, JobKind, Start};
use crate::ledger::{self, Purpose};
use crate::{Db, Result, StoreError};
/// Who runs a new task.
#[derive(Clone, Copy, Debug)]
pub enum Runner {
    /// Whichever worker is free.
    AnyWorker,
    /// This process, which answers the call, under a lease until then.
    Caller {
        /// The process.
        worker: Uuid,
        /// End of the lease.
        until: Timestamp,
    },
}

/// What a task is made of.
#[derive(Clone, Debug)]
pub struct NewTask<'a> {
    /// Who pays.
    pub account: AccountId,
    /// To which project it counts.
    pub project: ProjectId,
    /// Whose key asks for it.
    pub key: KeyId,
    /// The method.
    pub method: &'a str,
    /// What to do, as JSON.
    pub work: &'a str,
    /// Whom to tell about the end.
    pub webhook_url: Option<&'a str>,
    /// The request that is told with it.
    pub request: Option<&'a str>,
    /// Price of one lead.
    pub price: Money,
    /// The most that it may cost.
    pub hold: Money,
    /// The record of its Idempotency-Key.
    pub idempotency: Option<Uuid>,
    /// Who runs it.
    pub runner: Runner,
    /// The message that it is to answer, stored with it.
    pub asked: Option<&'a Asked>,
}

/// How an account's money stands after a hold, for warnings.
#[derive(Clone, Debug)]
pub struct Spending {
    /// The account.
    pub account: AccountId,
    /// Its currency.
    pub currency: Currency,
    /// What could be spent before.
    pub before: Money,
    /// What can be spent now.
    pub after: Money,
    /// Where warnings go.
    pub warning_url: Option<String>,
    /// Below which balance one is wanted.
    pub warning_balance: Option<Money>,
    /// The caps that concern it.
    pub caps: Vec<CapState>,
}

/// What became of the wish for a task.
#[derive(Clone, Debug)]
pub enum Created {
    /// It is stored.
    New(Box<Task>),
    /// The same wish (by its Idempotency-Key) was granted before.
    Known(Box<Task>),
    /// The balance is too small.
    NotEnough {
        /// What can be spent.
        balance: Money,
    },
    /// A cap would be exceeded.
    OverCap(Box<CapState>),
}

/// Stores a task with its hold and its job, or nothing. `warnings` says which
/// messages the new state of the money calls for.
///
/// # Errors
/// When the database fails; with a message to answer, also those of `answering::line_up`.
pub async fn create(
    db: &Db,
    new: &NewTask<'_>,
    warnings: impl Fn(&Spending) -> Vec<NewDelivery>,
    now: Timestamp,
) -> Result<Created> {
    let id = TaskId::new_at(now);
    let mut transaction = db.begin().await?;
    let rows = execute!(
        &mut transaction,
        "insert into tasks (id, account_id, project_id, key_id, idempotency_id, method, work, webhook_url, request,
                            price, held, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (idempotency_id) do nothing",
        id.0,
        new.account.0,
        new.project.0,
        new.key.0,
        new.idempotency,
        new.method,
        new.work,
        new.webhook_url,
        new.request,
        new.price.units(),
        new.hold.units(),
        now.milliseconds(),
    )?;
    if rows == 0 {
        let sql = select!("idempotency_id = $1 and account_id = $2");
        let known = fetch_optional!(&mut transaction, Row, sql, new.idempotency, new.account.0)?;
        return known.map(|row| Created::Known(Box::new(row.into()))).ok_or(StoreError::NotFound);
    }
    let standing = match new.asked {
        Some(asked) => Some(answering::line_up(&mut transaction, new.account, id, asked, now).await?),
        None => None,
    };
    let purpose = Purpose {
        account: new.account,
        project: new.project,
        key: new.key,
        task: id,
        method: new.method,
        requested_at: now,
    };
    if new.hold != Money::ZERO
        && let Some(refused) = hold(&mut transaction, &purpose, new.hold, warnings, now).await?
    {
        // The transaction is dropped, and with it the task.
        return match refused {
            Refused::NotEnough => {
                drop(transaction);
                Ok(Created::NotEnough { balance: crate::accounts::balance(db, new.account).await? })
            }
            Refused::OverCap(state) => Ok(Created::OverCap(state)),
        };
    }
    let (kind, start) = match new.runner {
        Runner::AnyWorker => (JobKind::Task, Start::Ready),
        Runner::Caller { worker, until } => (JobKind::Call, Start::Running { worker, until }),
    };
    jobs::enqueue(&mut transaction, id.0, kind, new.account, start, now).await?;
    if let Some(standing) = standing {
        answering::wait_in_line(&mut transaction, id, standing).await?;
    }
    transaction.commit().await?;
    Ok(Created::New(Box::new(Task::begun(id, new, standing, now))))
}

enum Refused {
    NotEnough,
    OverCap(Box<CapState>),
}

async fn hold(
    transaction: &mut Transaction,
    purpose: &Purpose<'_>,
    amount: Money,
    warnings: impl Fn(&Spending) -> Vec<NewDelivery>,
    now: Timestamp,
) -> Result<Option<Refused>> {
    let Some(held) = ledger::hold(transaction, *purpose, amount, now).await? else {
        return Ok(Some(Refused::NotEnough));
    };
    let caps = if held.has_caps { caps::states(transaction, purpose, now).await? } else { Vec::new() };
    if let Some(exceeded) = caps.iter().find(|state| state.spent > state.cap.amount) {
        return Ok(Some(Refused::OverCap(Box::new(exceeded.clone()))));
    }
    let spending = Spending {
        account: purpose.account,
        currency: held.currency.parse().map_err(|e| StoreError::Engine(sqlx::Error::Decode(Box::new(e))))?,
        before: Money::from_units(held.balance.units() + amount.units()),
        after: held.balance,
        warning_url: held.warning_url,
        warning_balance: held.warning_balance,
        caps,
    };
    for warning in warnings(&spending) {
        deliveries::enqueue(transaction, &warning, now).await?;
    }
    Ok(None)
}
