//! What an account has consumed, by time, project, service and key.

use std::collections::BTreeMap;

use cmes_store::Db;
use cmes_store::statistics::{self, Consumption};
use cmes_types::{AccountId, Money, Timestamp};

use crate::Error;

/// By what consumption is told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grouping {
    /// By project.
    Project,
    /// By service (method).
    Service,
    /// By project, service and key.
    #[default]
    All,
}

/// How long a group is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Period {
    /// A day (UTC).
    Day,
    /// A month (UTC).
    Month,
    /// Each request on its own.
    #[default]
    All,
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Query {
    /// Requests from this moment on.
    pub start: Timestamp,
    /// Requests up to this moment, itself included.
    pub end: Timestamp,
    /// By what.
    pub grouping: Grouping,
    /// How long a group is.
    pub period: Period,
}

/// Consumption of one group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The group's first moment, or the request's.
    pub period: Timestamp,
    /// What was paid.
    pub sum: Money,
    /// The method, where it is told apart.
    pub service: Option<String>,
    /// The project's name, where it is told apart.
    pub project: Option<String>,
    /// The key's name, where it is told apart.
    pub key: Option<String>,
}

/// Most records of an answer.
const MOST_RECORDS: usize = 50_000;

/// Consumption of an account, ordered by time; groups without any are left out.
///
/// # Errors
/// [`Error::Fields`] when the period is no period, or there are too many records.
pub async fn records(db: &Db, account: AccountId, query: &Query) -> Result<Vec<Record>, Error> {
    let Query { start, end, grouping, period } = *query;
    if start > end {
        return Err(Error::field("End", "has to be after Start"));
    }
    let records: Vec<Record> = match period {
        Period::All => {
            let limit = i64::try_from(MOST_RECORDS + 1).unwrap_or(i64::MAX);
            let items = statistics::items(db, account, start, end, limit).await?;
            items.into_iter().map(|item| record(item, grouping)).collect()
        }
        Period::Day => merged(statistics::by_day(db, account, start, end).await?, grouping, Timestamp::day_start),
        Period::Month => merged(statistics::by_day(db, account, start, end).await?, grouping, Timestamp::month_start),
    };
    if records.len() > MOST_RECORDS {
        let detail = format!("ask for a shorter time or by Day: there are more than {MOST_RECORDS} records");
        return Err(Error::field("Period", detail));
    }
    Ok(records)
}

fn record(consumption: Consumption, grouping: Grouping) -> Record {
    let Consumption { at, sum, service, project, key } = consumption;
    let (with_service, with_project) = (grouping != Grouping::Project, grouping != Grouping::Service);
    Record {
        period: at,
        sum,
        service: with_service.then_some(service),
        project: with_project.then_some(project),
        key: (grouping == Grouping::All).then_some(key),
    }
}

/// Days put together to groups.
fn merged(days: Vec<Consumption>, grouping: Grouping, start: impl Fn(Timestamp) -> Timestamp) -> Vec<Record> {
    let mut sums: BTreeMap<_, Money> = BTreeMap::new();
    for day in days {
        let Record { period, sum, service, project, key } = record(day, grouping);
        let group = sums.entry((start(period), service, project, key)).or_default();
        *group = Money::from_units(group.units() + sum.units());
    }
    let record = |((period, service, project, key), sum)| Record { period, sum, service, project, key };
    sums.into_iter().map(record).collect()
}
