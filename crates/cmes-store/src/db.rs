//! The two database engines behind one type.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};

use crate::{Result, StoreError};

static SQLITE_SCHEMA: Migrator = sqlx::migrate!("./migrations/sqlite");
static POSTGRES_SCHEMA: Migrator = sqlx::migrate!("./migrations/postgres");

/// A pool of connections to one of the two engines. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Db {
    /// One file beside the program.
    Sqlite(SqlitePool),
    /// A server, shared by several processes.
    Postgres(PgPool),
}

/// How to connect.
#[derive(Clone, Debug)]
pub struct Connect {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: String,
    /// Most connections at once.
    pub max_connections: u32,
}

/// Runs the body on the pool of whichever engine it is.
macro_rules! on_engine {
    ($db:expr, |$pool:ident| $body:expr) => {
        match $db {
            $crate::Db::Sqlite($pool) => $body,
            $crate::Db::Postgres($pool) => $body,
        }
    };
}

/// Runs the body in a transaction, committed when it ends with `Ok`.
///
/// On SQLite it begins as a writer: a reader that turns writer may be refused,
/// a writer only waits (`busy_timeout`).
macro_rules! in_transaction {
    ($db:expr, |$transaction:ident| $body:block) => {
        match $db {
            $crate::Db::Sqlite(pool) => {
                let mut $transaction = pool.begin_with("begin immediate").await?;
                let outcome = $body;
                $transaction.commit().await?;
                Ok(outcome)
            }
            $crate::Db::Postgres(pool) => {
                let mut $transaction = pool.begin().await?;
                let outcome = $body;
                $transaction.commit().await?;
                Ok(outcome)
            }
        }
    };
}

pub(crate) use {in_transaction, on_engine};

impl Db {
    /// Connects and brings the schema up to date. A missing SQLite file and
    /// its folder are made.
    ///
    /// # Errors
    /// When the address is no database's, or the database cannot be used.
    pub async fn connect(connect: &Connect) -> Result<Self> {
        let db = Self::open(connect).await?;
        match &db {
            Self::Sqlite(pool) => SQLITE_SCHEMA.run(pool).await,
            Self::Postgres(pool) => POSTGRES_SCHEMA.run(pool).await,
        }
        .map_err(StoreError::Migration)?;
        Ok(db)
    }

    async fn open(connect: &Connect) -> Result<Self> {
        let address = || StoreError::Address(without_password(&connect.url));
        if connect.url.starts_with("sqlite:") {
            let options = SqliteConnectOptions::from_str(&connect.url).map_err(|_| address())?;
            make_folder(options.get_filename())?;
            let pool = sqlite_pool(connect.max_connections).connect_with(tuned(options)).await?;
            return Ok(Self::Sqlite(pool));
        }
        if connect.url.starts_with("postgres://") || connect.url.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(&connect.url).map_err(|_| address())?;
            let pool = postgres_pool(connect.max_connections).connect_with(options).await?;
            return Ok(Self::Postgres(pool));
        }
        Err(address())
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        on_engine!(self, |pool| sqlx::query("select 1").execute(pool).await.map(|_| ())).map_err(StoreError::from)
    }

    /// The engine's name, for people.
    #[must_use]
    pub fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    /// Waits for open statements and closes the connections.
    pub async fn close(&self) {
        on_engine!(self, |pool| pool.close().await);
    }
}

/// WAL lets readers go on beside the one writer; `NORMAL` then loses nothing
/// when the process dies (only, at worst, the last commits when the power does).
fn tuned(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
}

fn sqlite_pool(max: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new().max_connections(max).acquire_timeout(Duration::from_secs(10))
}

fn postgres_pool(max: u32) -> PgPoolOptions {
    PgPoolOptions::new().max_connections(max).acquire_timeout(Duration::from_secs(10))
}

fn make_folder(file: &Path) -> Result<()> {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => {
            std::fs::create_dir_all(folder).map_err(|error| StoreError::Engine(sqlx::Error::Io(error)))
        }
        _ => Ok(()),
    }
}

/// The address as it may be shown: `postgres://user:***@host/name`.
#[must_use]
pub fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    match rest.rsplit_once('@') {
        Some((user, host)) => {
            let name = user.split(':').next().unwrap_or_default();
            format!("{scheme}://{name}:***@{host}")
        }
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_shown() {
        assert_eq!(without_password("postgres://me:s3cr@t@db/cmes"), "postgres://me:***@db/cmes");
        assert_eq!(without_password("postgres://db/cmes"), "postgres://db/cmes");
        assert_eq!(without_password("sqlite:data/cmes.db"), "sqlite:data/cmes.db");
    }
}
