//! The directory: companies known to this server, one row for each domain, whoever told of them first.
//!
//! It belongs to no account: what is in it stands on public pages or came from the operator. Whoever changes it locks
//! the one row of `directory` first and numbers what it changes, so that the numbers rise in the order of commits and an
//! index in memory finds what is new to it ([`vectors`]).

pub mod vectors;

use std::collections::HashMap;

use cmes_types::Timestamp;
use sqlx::{AssertSqlSafe, FromRow};

use crate::db::{Transaction, execute, fetch_optional, on_transaction, read};
use crate::jobs::placeholders;
use crate::{Db, Result, StoreError};

/// What is known of a company; empty where nothing is.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Company {
    /// Its registrable domain, by which it is known.
    pub domain: String,
    /// The host of its site.
    pub host: String,
    /// Its name.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// State or region.
    pub region: String,
    /// City.
    pub city: String,
    /// What it does.
    pub about: String,
    /// Number of employees, or a range, as it was told.
    pub employees: String,
    /// ISO 639-1.
    pub language: String,
}

/// Where companies come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A list of the operator's.
    Import,
    /// Their own pages.
    Enrichment,
}

impl Source {
    /// As it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Enrichment => "enrichment",
        }
    }
}

/// How many companies were put.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Put {
    /// Unknown before.
    pub added: usize,
    /// Known, and something is new.
    pub updated: usize,
    /// Known, and nothing is new.
    pub unchanged: usize,
}

impl Company {
    /// This company, of which something else was told later: that wins where it says something. A place is taken as a
    /// whole, for half of one and half of another are none.
    #[must_use]
    pub fn and_later(&self, later: &Self) -> Self {
        let newer = |old: &String, new: &String| if new.is_empty() { old.clone() } else { new.clone() };
        let is_moved = !later.country.is_empty() && !self.country.is_empty() && later.country != self.country;
        let (region, city) = if is_moved || !later.region.is_empty() || !later.city.is_empty() {
            (later.region.clone(), later.city.clone())
        } else {
            (self.region.clone(), self.city.clone())
        };
        Self {
            domain: self.domain.clone(),
            host: newer(&self.host, &later.host),
            name: newer(&self.name, &later.name),
            country: newer(&self.country, &later.country),
            region,
            city,
            about: newer(&self.about, &later.about),
            employees: newer(&self.employees, &later.employees),
            language: newer(&self.language, &later.language),
        }
    }
}

/// Companies that are compared with what is known in one statement.
const COMPARED: usize = 500;
/// Companies that are written in one statement.
const ROWS: usize = 50;
/// Values of a row that is written.
const VALUES: usize = 12;

/// Puts companies into the directory, in one transaction; what is known of one already is brought up to date
/// ([`Company::and_later`]). One of which no name is known goes by its domain.
///
/// # Errors
/// When the database fails; then none is put.
pub async fn put(db: &Db, companies: &[Company], source: Source, now: Timestamp) -> Result<Put> {
    let mut put = Put::default();
    if companies.is_empty() {
        return Ok(put);
    }
    let mut transaction = db.begin().await?;
    let mut change = lock(&mut transaction).await?;
    for some in companies.chunks(COMPARED) {
        let mut known = known(&mut transaction, some).await?;
        let mut changed: Vec<&str> = Vec::new();
        for company in some {
            let merged = known.get(&company.domain).map(|before| before.and_later(company));
            match merged {
                Some(merged) if known.get(&company.domain) == Some(&merged) => {
                    put.unchanged += 1;
                    continue;
                }
                Some(merged) => {
                    put.updated += 1;
                    known.insert(company.domain.clone(), merged);
                }
                None => {
                    put.added += 1;
                    let mut company = company.clone();
                    if company.name.is_empty() {
                        company.name.clone_from(&company.domain);
                    }
                    known.insert(company.domain.clone(), company);
                }
            }
            if !changed.contains(&company.domain.as_str()) {
                changed.push(&company.domain);
            }
        }
        let rows: Vec<&Company> = changed.iter().filter_map(|domain| known.get(*domain)).collect();
        for rows in rows.chunks(ROWS) {
            change = write(&mut transaction, rows, change, source, now).await?;
        }
    }
    unlock(&mut transaction, change).await?;
    transaction.commit().await?;
    Ok(put)
}

/// Locks the directory until the end of the transaction; gives the number of its last change.
async fn lock(transaction: &mut Transaction) -> Result<i64> {
    let row: Option<(i64,)> =
        fetch_optional!(transaction, (i64,), "update directory set change = change where id = 1 returning change")?;
    row.map(|(change,)| change).ok_or(StoreError::NotFound)
}

/// Stores the number of the last change.
async fn unlock(transaction: &mut Transaction, change: i64) -> Result<()> {
    execute!(transaction, "update directory set change = $1 where id = 1", change)?;
    Ok(())
}

async fn known(transaction: &mut Transaction, companies: &[Company]) -> Result<HashMap<String, Company>> {
    let sql = format!(
        "select domain, host, name, country, region, city, about, employees, language from companies
         where domain in {}",
        placeholders(1, companies.len())
    );
    let rows: Vec<Company> = on_transaction!(transaction, |connection| {
        let mut query = sqlx::query_as(AssertSqlSafe(sql));
        for company in companies {
            query = query.bind(&company.domain);
        }
        query.fetch_all(connection).await
    })?;
    Ok(rows.into_iter().map(|row| (row.domain.clone(), row)).collect())
}

/// Writes rows with the numbers after `change`; gives the last of these. A vector stays where the text that it is made
/// of stays.
async fn write(
    transaction: &mut Transaction,
    rows: &[&Company],
    change: i64,
    source: Source,
    now: Timestamp,
) -> Result<i64> {
    let values: Vec<String> = (0..rows.len()).map(|row| placeholders(1 + row * VALUES, VALUES)).collect();
    let same = "companies.name = excluded.name and companies.country = excluded.country
                and companies.region = excluded.region and companies.city = excluded.city
                and companies.about = excluded.about";
    let sql = format!(
        "insert into companies
             (domain, host, name, country, region, city, about, employees, language, source, updated_at, change)
         values {}
         on conflict (domain) do update set
             host = excluded.host, name = excluded.name, country = excluded.country, region = excluded.region,
             city = excluded.city, about = excluded.about, employees = excluded.employees,
             language = excluded.language, source = excluded.source, updated_at = excluded.updated_at,
             change = excluded.change,
             embedder = case when {same} then companies.embedder else '' end,
             vector = case when {same} then companies.vector end",
        values.join(", ")
    );
    let mut number = change;
    on_transaction!(transaction, |connection| {
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for row in rows {
            number += 1;
            let query_with_names = query.bind(&row.domain).bind(&row.host).bind(&row.name);
            let query_with_place = query_with_names.bind(&row.country).bind(&row.region).bind(&row.city);
            let query_with_texts = query_with_place.bind(&row.about).bind(&row.employees).bind(&row.language);
            query = query_with_texts.bind(source.as_str()).bind(now.milliseconds()).bind(number);
        }
        query.execute(connection).await.map(|_| ())
    })?;
    Ok(number)
}

/// Deletes the companies of these domains; gives the number of those that were there.
///
/// # Errors
/// When the database fails.
pub async fn delete(db: &Db, domains: &[String]) -> Result<u64> {
    let mut transaction = db.begin().await?;
    let change = lock(&mut transaction).await? + 1;
    let mut deleted = 0;
    for domain in domains {
        deleted += execute!(&mut transaction, "delete from companies where domain = $1", domain)?;
    }
    if deleted > 0 {
        execute!(&mut transaction, "update directory set change = $1, deleted_at = $1 where id = 1", change)?;
    }
    transaction.commit().await?;
    Ok(deleted)
}

/// How many companies there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Counts {
    /// All of them.
    pub companies: i64,
    /// Those whose last change came from an enrichment.
    pub from_enrichment: i64,
    /// Those that are found by meaning, with the vectors of this embedder.
    pub with_vectors: i64,
}

/// Counts them.
///
/// # Errors
/// When the database fails.
pub async fn counts(db: &Db, embedder: Option<&str>) -> Result<Counts> {
    Ok(read!(db, |pool| {
        sqlx::query_as(
            "select count(*) as companies,
                    coalesce(cast(sum(case when source = 'enrichment' then 1 else 0 end) as bigint), 0)
                        as from_enrichment,
                    coalesce(cast(sum(case when embedder <> '' and embedder = $1 and length(vector) > 0
                                           then 1 else 0 end) as bigint), 0) as with_vectors
             from companies",
        )
        .bind(embedder.unwrap_or_default())
        .fetch_one(pool)
        .await
    })?)
}

/// Companies in the order of their domains, behind this one, of a country or of all.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &Db, country: Option<&str>, behind: &str, most: i64) -> Result<Vec<Company>> {
    Ok(read!(db, |pool| {
        sqlx::query_as(
            "select domain, host, name, country, region, city, about, employees, language from companies
             where domain > $1 and ($2 = '' or country = $2) order by domain limit $3",
        )
        .bind(behind)
        .bind(country.unwrap_or_default())
        .bind(most)
        .fetch_all(pool)
        .await
    })?)
}

/// The companies with these keys, in no order; those that are gone are missing.
///
/// # Errors
/// When the database fails.
pub async fn shown(db: &Db, keys: &[i64]) -> Result<HashMap<i64, Company>> {
    #[derive(FromRow)]
    struct Keyed {
        key: i64,
        #[sqlx(flatten)]
        company: Company,
    }
    let mut shown = HashMap::with_capacity(keys.len());
    for some in keys.chunks(COMPARED) {
        let sql = format!(
            "select key, domain, host, name, country, region, city, about, employees, language from companies
             where key in {}",
            placeholders(1, some.len())
        );
        let rows: Vec<Keyed> = read!(db, |pool| {
            let mut query = sqlx::query_as(AssertSqlSafe(sql));
            for key in some {
                query = query.bind(*key);
            }
            query.fetch_all(pool).await
        })?;
        shown.extend(rows.into_iter().map(|row| (row.key, row.company)));
    }
    Ok(shown)
}

#[cfg(test)]
mod tests {
    use super::Company;

    #[test]
    fn what_is_told_later_wins_where_it_says_something() {
        let company = |[name, country, region, city, about]: [&str; 5]| Company {
            domain: "acme.example".to_owned(),
            name: name.to_owned(),
            country: country.to_owned(),
            region: region.to_owned(),
            city: city.to_owned(),
            about: about.to_owned(),
            ..Company::default()
        };
        let check = |before, later, expected| {
            assert_eq!(company(before).and_later(&company(later)), company(expected), "{before:?} {later:?}");
        };
        let before = ["Acme", "DE", "Bayern", "Ulm", "Pipes"];
        check(before, ["", "", "", "", ""], before);
        check(before, ["Acme AG", "", "", "", "Tubes"], ["Acme AG", "DE", "Bayern", "Ulm", "Tubes"]);
        check(before, ["", "DE", "", "", ""], before);
        check(before, ["", "", "", "Köln", ""], ["Acme", "DE", "", "Köln", "Pipes"]);
        check(before, ["", "FR", "", "", ""], ["Acme", "FR", "", "", "Pipes"]);
    }
}
