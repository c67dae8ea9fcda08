//! The ledger: every movement of money is a row that is never changed.
//!
//! A row says what it adds to the money that can be spent (`amount`) and to the
//! money that is set aside (`held`):
//!
//! | kind | amount | held | |
//! |---|---|---|---|
//! | top-up | +x | 0 | money from outside |
//! | adjustment | ±x | 0 | the operator corrects |
//! | hold | −x | +x | a task begins |
//! | capture | 0 | −x | something is paid for |
//! | release | +x | −x | the rest comes back |
//!
//! `accounts.balance` and `accounts.held` are the sums of the two columns; both
//! are changed by one conditional update in the transaction that writes the
//! row, and never fall below zero. Each row has a key of its own
//! (`task/<id>/lead/1`), so that nothing can be booked twice.

use cmes_types::{AccountId, KeyId, Money, ProjectId, TaskId, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Transaction, execute, fetch_optional, read};
use crate::{Db, Result, StoreError};

/// For what money moves: one task of one key.
#[derive(Clone, Copy, Debug)]
pub struct Purpose<'a> {
    /// Who pays.
    pub account: AccountId,
    /// To which project it counts.
    pub project: ProjectId,
    /// Whose key asked.
    pub key: KeyId,
    /// The task.
    pub task: TaskId,
    /// The method that is billed, such as `/v1/enrichment`.
    pub method: &'a str,
    /// When the request came.
    pub requested_at: Timestamp,
}

/// Something that is paid for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// What of the task it is, such as `lead/1`; never captured twice.
    pub item: String,
    /// Its price.
    pub amount: Money,
}

struct Entry<'a> {
    account: AccountId,
    kind: &'static str,
    amount: Money,
    held: Money,
    key: String,
    purpose: Option<Purpose<'a>>,
    note: &'a str,
}

async fn insert(transaction: &mut Transaction, entry: &Entry<'_>, now: Timestamp) -> Result<()> {
    let purpose = entry.purpose;
    execute!(
        transaction,
        "insert into ledger (id, account_id, kind, amount, held, key, task_id, project_id, key_id, method, note,
                             requested_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        cmes_types::ids::uuid_at(now),
        entry.account.0,
        entry.kind,
        entry.amount.units(),
        entry.held.units(),
        &entry.key,
        purpose.map(|p| p.task.0),
        purpose.map(|p| p.project.0),
        purpose.map(|p| p.key.0),
        purpose.map(|p| p.method),
        entry.note,
        purpose.map_or(now, |p| p.requested_at).milliseconds(),
        now.milliseconds(),
    )?;
    Ok(())
}

#[derive(FromRow)]
struct Units {
    units: i64,
}

/// Adds money from outside in a transaction; returns the new balance.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such account.
pub(crate) async fn add(
    transaction: &mut Transaction,
    account: AccountId,
    amount: Money,
    note: &str,
    now: Timestamp,
) -> Result<Money> {
    let row = fetch_optional!(
        transaction,
        Units,
        "update accounts set balance = balance + $2 where id = $1 returning balance as units",
        account.0,
        amount.units(),
    )?
    .ok_or(StoreError::NotFound)?;
    let key = format!("top-up/{}", cmes_types::ids::uuid_at(now));
    let entry = Entry { account, kind: "top-up", amount, held: Money::ZERO, key, purpose: None, note };
    insert(transaction, &entry, now).await?;
    Ok(Money::from_units(row.units))
}

/// Adds money to an account; returns the new balance.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such account.
pub async fn top_up(db: &Db, account: AccountId, amount: Money, note: &str, now: Timestamp) -> Result<Money> {
    let mut transaction = db.begin().await?;
    let balance = add(&mut transaction, account, amount, note, now).await?;
    transaction.commit().await?;
    Ok(balance)
}

/// Corrects a balance by an amount of either sign; returns the new one, or
/// `None`, and changes nothing, when it would fall below zero.
///
/// # Errors
/// When the database fails.
pub async fn adjust(db: &Db, account: AccountId, amount: Money, note: &str, now: Timestamp) -> Result<Option<Money>> {
    let mut transaction = db.begin().await?;
    let row = fetch_optional!(
        &mut transaction,
        Units,
        "update accounts set balance = balance + $2 where id = $1 and balance + $2 >= 0 returning balance as units",
        account.0,
        amount.units(),
    )?;
    let Some(row) = row else { return Ok(None) };
    let key = format!("adjustment/{}", cmes_types::ids::uuid_at(now));
    let entry = Entry { account, kind: "adjustment", amount, held: Money::ZERO, key, purpose: None, note };
    insert(&mut transaction, &entry, now).await?;
    transaction.commit().await?;
    Ok(Some(Money::from_units(row.units)))
}

/// An account after a hold.
#[derive(Debug)]
pub(crate) struct Held {
    /// What can be spent now.
    pub(crate) balance: Money,
    /// Its currency.
    pub(crate) currency: String,
    /// Where its warnings go.
    pub(crate) warning_url: Option<String>,
    /// Below which balance one is wanted.
    pub(crate) warning_balance: Option<Money>,
    /// Whether it has any caps.
    pub(crate) has_caps: bool,
}

#[derive(FromRow)]
struct HeldRow {
    balance: i64,
    currency: String,
    warning_url: Option<String>,
    warning_balance: Option<i64>,
    has_caps: bool,
}

/// Sets money aside for a task, once; `None` when there is too little. Until
/// the transaction ends, nobody else changes this account's money.
pub(crate) async fn hold(
    transaction: &mut Transaction,
    purpose: Purpose<'_>,
    amount: Money,
    now: Timestamp,
) -> Result<Option<Held>> {
    let row = fetch_optional!(
        transaction,
        HeldRow,
        "update accounts set balance = balance - $2, held = held + $2 where id = $1 and balance >= $2
         returning balance, currency, warning_url, warning_balance,
                   exists (select 1 from caps where caps.account_id = accounts.id) as has_caps",
        purpose.account.0,
        amount.units(),
    )?;
    let Some(row) = row else { return Ok(None) };
    let entry = Entry {
        account: purpose.account,
        kind: "hold",
        amount: Money::from_units(-amount.units()),
        held: amount,
        key: format!("task/{}/hold", purpose.task),
        purpose: Some(purpose),
        note: "",
    };
    insert(transaction, &entry, now).await?;
    Ok(Some(Held {
        balance: Money::from_units(row.balance),
        currency: row.currency,
        warning_url: row.warning_url,
        warning_balance: row.warning_balance.map(Money::from_units),
        has_caps: row.has_caps,
    }))
}

/// Pays for one item out of what a task holds, while the task goes on.
///
/// # Errors
/// [`StoreError::Conflict`] when the item was paid already.
pub(crate) async fn capture(
    transaction: &mut Transaction,
    purpose: Purpose<'_>,
    capture: &Capture,
    now: Timestamp,
) -> Result<()> {
    if capture.amount == Money::ZERO {
        return Ok(());
    }
    // The constraint on the column refuses what was never held.
    let held = "update accounts set held = held - $2 where id = $1";
    execute!(&mut *transaction, held, purpose.account.0, capture.amount.units())?;
    insert(transaction, &captured(purpose, capture), now).await
}

fn captured<'a>(purpose: Purpose<'a>, capture: &Capture) -> Entry<'a> {
    Entry {
        account: purpose.account,
        kind: "capture",
        amount: Money::ZERO,
        held: Money::from_units(-capture.amount.units()),
        key: format!("task/{}/{}", purpose.task, capture.item),
        purpose: Some(purpose),
        note: "",
    }
}

/// Ends a hold: what was finished is paid, the rest comes back. Returns what was paid.
///
/// # Errors
/// [`StoreError::Conflict`] when one of the items was paid already.
pub(crate) async fn settle(
    transaction: &mut Transaction,
    purpose: Purpose<'_>,
    held: Money,
    captures: &[Capture],
    now: Timestamp,
) -> Result<Money> {
    let paid = Money::from_units(captures.iter().map(|capture| capture.amount.units()).sum());
    let rest = Money::from_units(held.units() - paid.units());
    if held != Money::ZERO {
        // The constraints on the columns refuse what was never held.
        execute!(
            transaction,
            "update accounts set balance = balance + $2, held = held - $3 where id = $1",
            purpose.account.0,
            rest.units(),
            held.units(),
        )?;
    }
    for capture in captures.iter().filter(|capture| capture.amount != Money::ZERO) {
        insert(transaction, &captured(purpose, capture), now).await?;
    }
    if rest != Money::ZERO {
        let release = Entry {
            account: purpose.account,
            kind: "release",
            amount: rest,
            held: Money::from_units(-rest.units()),
            key: format!("task/{}/release", purpose.task),
            purpose: Some(purpose),
            note: "",
        };
        insert(transaction, &release, now).await?;
    }
    Ok(paid)
}

/// The sum of what an account's rows add to its balance.
///
/// # Errors
/// When the database fails.
pub async fn sum(db: &Db, account: AccountId) -> Result<Money> {
    let row: Units = read!(db, |pool| {
        sqlx::query_as("select cast(coalesce(sum(amount), 0) as bigint) as units from ledger where account_id = $1")
            .bind(account.0)
            .fetch_one(pool)
            .await
    })?;
    Ok(Money::from_units(row.units))
}

/// What [`verify`] has looked at, and what does not agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// Number of accounts.
    pub accounts: i64,
    /// Number of ledger rows.
    pub rows: i64,
    /// One sentence for each disagreement.
    pub faults: Vec<String>,
}

#[derive(FromRow)]
struct Counts {
    accounts: i64,
    rows: i64,
}

#[derive(FromRow)]
struct AccountSums {
    email: String,
    balance: i64,
    held: i64,
    ledger_balance: i64,
    ledger_held: i64,
    task_held: i64,
}

#[derive(FromRow)]
struct TaskSums {
    id: Uuid,
    is_open: bool,
    held: i64,
    charged: i64,
    ledger_held: i64,
    ledger_charged: i64,
}

#[derive(FromRow)]
struct Orphan {
    id: Uuid,
    held: i64,
}

/// Proves that every balance equals its ledger, that held money belongs to
/// tasks that go on, and that every task paid what its rows say. Each check is
/// one statement, so it holds while the server works.
///
/// # Errors
/// When the database fails.
pub async fn verify(db: &Db) -> Result<Verification> {
    let counts: Counts = read!(db, |pool| {
        sqlx::query_as("select (select count(*) from accounts) as accounts, (select count(*) from ledger) as rows")
            .fetch_one(pool)
            .await
    })?;
    let accounts: Vec<AccountSums> = read!(db, |pool| {
        sqlx::query_as(
            "select * from (
                 select a.email, a.balance, a.held, coalesce(l.balance, 0) as ledger_balance,
                        coalesce(l.held, 0) as ledger_held, coalesce(t.held, 0) as task_held
                 from accounts a
                 left join (select account_id, cast(sum(amount) as bigint) as balance, cast(sum(held) as bigint) as held
                            from ledger group by account_id) l on l.account_id = a.id
                 left join (select account_id, cast(sum(held) as bigint) as held from tasks group by account_id) t
                        on t.account_id = a.id) as sums
             where balance <> ledger_balance or held <> ledger_held or held <> task_held order by email",
        )
        .fetch_all(pool)
        .await
    })?;
    let tasks: Vec<TaskSums> = read!(db, |pool| {
        sqlx::query_as(
            "select * from (
                 select t.id, t.outcome is null as is_open, t.held, t.charged, coalesce(l.held, 0) as ledger_held,
                        coalesce(l.charged, 0) as ledger_charged
                 from tasks t
                 left join (select task_id, cast(sum(held) as bigint) as held,
                                   cast(sum(case when kind = 'capture' then -held else 0 end) as bigint) as charged
                            from ledger where task_id is not null group by task_id) l on l.task_id = t.id) as sums
             where held <> ledger_held or charged <> ledger_charged or (held <> 0 and not is_open) order by id limit 100",
        )
        .fetch_all(pool)
        .await
    })?;
    let orphans: Vec<Orphan> = read!(db, |pool| {
        sqlx::query_as(
            "select task_id as id, cast(sum(held) as bigint) as held from ledger l
             where task_id is not null and not exists (select 1 from tasks t where t.id = l.task_id)
             group by task_id having sum(held) <> 0 limit 100",
        )
        .fetch_all(pool)
        .await
    })?;
    let mut faults = Vec::new();
    let money = Money::from_units;
    for a in accounts {
        faults.push(format!(
            "{}: the balance is {} and {} is held; the ledger says {} and {}; tasks hold {}",
            a.email,
            money(a.balance),
            money(a.held),
            money(a.ledger_balance),
            money(a.ledger_held),
            money(a.task_held)
        ));
    }
    for t in tasks {
        let state = if t.is_open { "open" } else { "ended" };
        faults.push(format!(
            "task {} ({state}): {} is held and {} was charged; the ledger says {} and {}",
            t.id,
            money(t.held),
            money(t.charged),
            money(t.ledger_held),
            money(t.ledger_charged)
        ));
    }
    faults.extend(orphans.iter().map(|o| format!("task {} is gone but still holds {}", o.id, money(o.held))));
    Ok(Verification { accounts: counts.accounts, rows: counts.rows, faults })
}
