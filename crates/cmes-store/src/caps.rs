//! Caps: the most that a key or a project may spend in a day or a month (UTC).

use cmes_types::{AccountId, CapId, KeyId, Money, ProjectId, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Transaction, execute, on_transaction, read, run};
use crate::ledger::Purpose;
use crate::{Db, Result, StoreError};

/// The time in which a cap counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// From midnight to midnight.
    Day,
    /// From the first of a month to the next.
    Month,
}

impl Period {
    /// As it is stored and said.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
        }
    }

    /// The first moment of the period in which this one lies.
    #[must_use]
    pub fn start(self, moment: Timestamp) -> Timestamp {
        match self {
            Self::Day => moment.day_start(),
            Self::Month => moment.month_start(),
        }
    }
}

/// Whose spending is capped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Of everything that counts to a project.
    Project(ProjectId),
    /// Of one key.
    Key(KeyId),
}

/// One cap.
#[derive(Clone, Debug)]
pub struct Cap {
    /// Its identity.
    pub id: CapId,
    /// Whose spending.
    pub scope: Scope,
    /// Name of the project or key.
    pub name: String,
    /// In which time.
    pub period: Period,
    /// How much.
    pub amount: Money,
    /// At which share of the amount a warning is sent, in percent.
    pub warn_percent: i64,
}

/// A cap and what is spent in its present period, money on hold included.
#[derive(Clone, Debug)]
pub struct CapState {
    /// The cap.
    pub cap: Cap,
    /// Beginning of the period.
    pub period_start: Timestamp,
    /// Spent, with what is new.
    pub spent: Money,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    project_id: Option<Uuid>,
    key_id: Option<Uuid>,
    name: String,
    period: String,
    amount: i64,
    warn_percent: i64,
}

impl From<Row> for Cap {
    fn from(row: Row) -> Self {
        let scope = match (row.project_id, row.key_id) {
            (Some(project), _) => Scope::Project(project.into()),
            (None, key) => Scope::Key(key.unwrap_or_default().into()),
        };
        let period = if row.period == Period::Day.as_str() { Period::Day } else { Period::Month };
        Self {
            id: row.id.into(),
            scope,
            name: row.name,
            period,
            amount: Money::from_units(row.amount),
            warn_percent: row.warn_percent,
        }
    }
}

const SELECT: &str =
    "select c.id, c.project_id, c.key_id, coalesce(p.name, k.name) as name, c.period, c.amount, c.warn_percent
     from caps c left join projects p on p.id = c.project_id left join api_keys k on k.id = c.key_id
     where c.account_id = $1 order by c.created_at, c.id";

/// The caps of an account.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &Db, account: AccountId) -> Result<Vec<Cap>> {
    let rows: Vec<Row> = read!(db, |pool| sqlx::query_as(SELECT).bind(account.0).fetch_all(pool).await)?;
    Ok(rows.into_iter().map(Cap::from).collect())
}

/// Sets a cap, in the place of an earlier one for the same scope and period.
///
/// # Errors
/// When the database fails.
pub async fn set(
    db: &Db,
    account: AccountId,
    scope: Scope,
    period: Period,
    amount: Money,
    warn_percent: i64,
    now: Timestamp,
) -> Result<CapId> {
    let (project, key) = match scope {
        Scope::Project(project) => (Some(project.0), None),
        Scope::Key(key) => (None, Some(key.0)),
    };
    let id = CapId::new_at(now);
    let mut transaction = db.begin().await?;
    execute!(
        &mut transaction,
        "delete from caps where account_id = $1 and period = $2 and (project_id = $3 or key_id = $4)",
        account.0,
        period.as_str(),
        project,
        key,
    )?;
    execute!(
        &mut transaction,
        "insert into caps (id, account_id, project_id, key_id, period, amount, warn_percent, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        id.0,
        account.0,
        project,
        key,
        period.as_str(),
        amount.units(),
        warn_percent,
        now.milliseconds(),
    )?;
    transaction.commit().await?;
    Ok(id)
}

/// Removes a cap of an account.
///
/// # Errors
/// [`StoreError::NotFound`] when it has no such cap.
pub async fn remove(db: &Db, account: AccountId, cap: CapId) -> Result<()> {
    let rows = run!(db, "delete from caps where account_id = $1 and id = $2", account.0, cap.0)?;
    if rows == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}

/// How the caps that concern a purpose stand with its hold, which is in the
/// ledger already. The account's row is locked by that hold, so nobody spends
/// beside it.
pub(crate) async fn states(
    transaction: &mut Transaction,
    purpose: &Purpose<'_>,
    now: Timestamp,
) -> Result<Vec<CapState>> {
    let rows: Vec<Row> = on_transaction!(&mut *transaction, |connection| {
        sqlx::query_as(SELECT).bind(purpose.account.0).fetch_all(connection).await
    })?;
    let mut states = Vec::new();
    for cap in rows.into_iter().map(Cap::from) {
        let period_start = cap.period.start(now);
        let spent = match cap.scope {
            Scope::Project(project) if project == purpose.project => {
                spent_in(transaction, PROJECT_SPENT, purpose.account, project.0, period_start).await?
            }
            Scope::Key(key) if key == purpose.key => {
                spent_in(transaction, KEY_SPENT, purpose.account, key.0, period_start).await?
            }
            _ => continue,
        };
        states.push(CapState { cap, period_start, spent });
    }
    Ok(states)
}

/// What was captured in the period, and all that is on hold now.
macro_rules! spent_sql {
    ($column:literal) => {
        concat!(
            "select cast(coalesce((select sum(-held) from ledger where account_id = $1 and ",
            $column,
            " = $2 and kind = 'capture' and created_at >= $3), 0)
              + coalesce((select sum(held) from tasks where account_id = $1 and held > 0 and ",
            $column,
            " = $2), 0) as bigint)"
        )
    };
}

const PROJECT_SPENT: &str = spent_sql!("project_id");
const KEY_SPENT: &str = spent_sql!("key_id");

async fn spent_in(
    transaction: &mut Transaction,
    sql: &'static str,
    account: AccountId,
    scope: Uuid,
    since: Timestamp,
) -> Result<Money> {
    let (units,): (i64,) = on_transaction!(transaction, |connection| {
        sqlx::query_as(sql).bind(account.0).bind(scope).bind(since.milliseconds()).fetch_one(connection).await
    })?;
    Ok(Money::from_units(units))
}
