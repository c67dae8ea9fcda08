//! The two database engines behind one type.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::Connection;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};

use crate::wal::Wal;
use crate::{Result, StoreError};

static SQLITE_SCHEMA: Migrator = sqlx::migrate!("./migrations/sqlite");
static POSTGRES_SCHEMA: Migrator = sqlx::migrate!("./migrations/postgres");

/// A pool of connections to one of the two engines. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Db {
    /// One file beside the program.
    Sqlite(Sqlite),
    /// A server, shared by several processes.
    Postgres(PgPool),
}

/// The connections to an SQLite file.
///
/// SQLite has one writer at a time, and whoever finds another one there asks
/// again after pauses that grow. So all writing of a process goes through one
/// connection, for which it queues in order; reading goes on beside it.
#[derive(Clone, Debug)]
pub struct Sqlite {
    /// For statements that only read.
    pub readers: SqlitePool,
    /// The one connection that writes.
    pub writer: SqlitePool,
    /// Where its commits are until they are in the file.
    pub wal: Arc<Wal>,
}

/// How to connect.
#[derive(Clone, Debug)]
pub struct Connect {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: String,
    /// Most connections at once.
    pub max_connections: u32,
    /// Longest wait for a connection, and for what others have locked.
    pub patience: Duration,
    /// Largest size of an SQLite file in its pages of 4 KiB; none = what the disk holds.
    pub max_pages: Option<u32>,
}

impl Connect {
    /// To this address, with ten connections and ten seconds' patience.
    #[must_use]
    pub fn to(url: impl Into<String>) -> Self {
        Self { url: url.into(), max_connections: 10, patience: Duration::from_secs(10), max_pages: None }
    }
}

/// Runs a body that only reads on the pool of whichever engine it is.
macro_rules! read {
    ($db:expr, |$pool:ident| $body:expr) => {
        match $db {
            $crate::Db::Sqlite($crate::db::Sqlite { readers: $pool, .. }) => $body,
            $crate::Db::Postgres($pool) => $body,
        }
    };
}

/// Runs a body that writes with one statement on the pool of whichever engine
/// it is. It is not durable before the next transaction is; where it has to be, see [`run`].
macro_rules! write {
    ($db:expr, |$pool:ident| $body:expr) => {
        match $db {
            $crate::Db::Sqlite($crate::db::Sqlite { writer: $pool, .. }) => $body,
            $crate::Db::Postgres($pool) => $body,
        }
    };
}

/// Runs one statement that writes, with these values, and makes it durable;
/// gives the number of rows it touched.
macro_rules! run {
    ($db:expr, $sql:expr $(, $value:expr)* $(,)?) => {{
        let done = $crate::db::write!($db, |pool| {
            sqlx::query($sql)$(.bind($value))*.execute(pool).await.map(|done| done.rows_affected())
        });
        match done {
            Ok(0) => Ok(0),
            Ok(rows) => $db.flush().await.map(|()| rows),
            Err(error) => Err($crate::StoreError::from(error)),
        }
    }};
}

/// Runs the body on the connection of a transaction, whichever engine it is.
macro_rules! on_transaction {
    ($transaction:expr, |$connection:ident| $body:expr) => {
        match $transaction {
            $crate::db::Transaction::Sqlite(transaction, _) => {
                let $connection = &mut **transaction;
                $body
            }
            $crate::db::Transaction::Postgres(transaction) => {
                let $connection = &mut **transaction;
                $body
            }
        }
    };
}

/// Runs a statement with these values in a transaction; gives the number of rows it touched.
macro_rules! execute {
    ($transaction:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::db::on_transaction!($transaction, |connection| {
            sqlx::query($sql)$(.bind($value))*.execute(connection).await.map(|done| done.rows_affected())
        })
    };
}

/// Runs a query with these values in a transaction; gives its first row, if there is one.
macro_rules! fetch_optional {
    ($transaction:expr, $row:ty, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::db::on_transaction!($transaction, |connection| {
            sqlx::query_as::<_, $row>($sql)$(.bind($value))*.fetch_optional(connection).await
        })
    };
}

pub(crate) use {execute, fetch_optional, on_transaction, read, run, write};

/// A transaction on one of the two engines; dropped without [`Transaction::commit`] it never was.
///
/// On SQLite it begins as a writer: a reader that turns writer may be refused,
/// a writer only waits (`busy_timeout`).
#[derive(Debug)]
pub(crate) enum Transaction {
    Sqlite(sqlx::Transaction<'static, sqlx::Sqlite>, Arc<Wal>),
    Postgres(sqlx::Transaction<'static, sqlx::Postgres>),
}

impl Transaction {
    /// Makes everything in it durable at once.
    pub(crate) async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(transaction, wal) => {
                // Gives the connection to the next writer before it waits for the disk.
                transaction.commit().await?;
                wal.flush().await.map_err(|error| StoreError::Engine(sqlx::Error::Io(error)))?;
            }
            Self::Postgres(transaction) => transaction.commit().await?,
        }
        Ok(())
    }

    /// Undoes everything in it, and returns when that is done.
    ///
    /// Dropping it undoes it too, but only when the pool gets to it: until then, its rows look as if somebody worked on
    /// them, and whoever leaves out what is locked finds nothing there.
    pub(crate) async fn roll_back(self) -> Result<()> {
        match self {
            Self::Sqlite(transaction, _) => transaction.rollback().await?,
            Self::Postgres(transaction) => transaction.rollback().await?,
        }
        Ok(())
    }

    /// What a query adds at its end so that its rows are locked, and rows that others hold are left out.
    /// On SQLite nothing: there is one writer.
    pub(crate) fn skip_locked(&self) -> &'static str {
        match self {
            Self::Sqlite(..) => "",
            Self::Postgres(_) => " for update skip locked",
        }
    }
}

impl Db {
    /// Connects and brings the schema up to date. A missing SQLite file and
    /// its folder are made.
    ///
    /// # Errors
    /// When the address is no database's, or the database cannot be used.
    pub async fn connect(connect: &Connect) -> Result<Self> {
        let db = Self::open(connect).await?;
        match &db {
            Self::Sqlite(sqlite) => SQLITE_SCHEMA.run(&sqlite.writer).await,
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
            let wal = Arc::new(Wal::of(options.get_filename()));
            let options = tuned(options, connect);
            // When the disk is full, SQLite ends a transaction by itself, and the driver goes on to believe that it is
            // open; such a connection is replaced. (It is asked after the driver's own test of the connection, which
            // waits for a roll-back that is still under way.)
            let writer = SqlitePoolOptions::new()
                .max_connections(1)
                .acquire_timeout(connect.patience)
                .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
                .connect_with(options.clone())
                .await?;
            let readers = SqlitePoolOptions::new()
                .max_connections(connect.max_connections)
                .acquire_timeout(connect.patience)
                .test_before_acquire(false)
                .connect_with(options.pragma("query_only", "on"))
                .await?;
            return Ok(Self::Sqlite(Sqlite { readers, writer, wal }));
        }
        if connect.url.starts_with("postgres://") || connect.url.starts_with("postgresql://") {
            // What waits longer for a lock than for a connection is told so and may come back.
            let lock_timeout = format!("{}ms", connect.patience.as_millis());
            let options = PgConnectOptions::from_str(&connect.url).map_err(|_| address())?;
            let options = options.options([("lock_timeout", lock_timeout)]);
            let pool = PgPoolOptions::new()
                .max_connections(connect.max_connections)
                .acquire_timeout(connect.patience)
                .connect_with(options)
                .await?;
            return Ok(Self::Postgres(pool));
        }
        Err(address())
    }

    /// Begins a transaction.
    pub(crate) async fn begin(&self) -> Result<Transaction> {
        Ok(match self {
            Self::Sqlite(sqlite) => {
                Transaction::Sqlite(sqlite.writer.begin_with("begin immediate").await?, Arc::clone(&sqlite.wal))
            }
            Self::Postgres(pool) => Transaction::Postgres(pool.begin().await?),
        })
    }

    /// Waits until what is committed is on the disk. PostgreSQL has waited already.
    pub(crate) async fn flush(&self) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => {
                sqlite.wal.flush().await.map_err(|error| StoreError::Engine(sqlx::Error::Io(error)))
            }
            Self::Postgres(_) => Ok(()),
        }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        read!(self, |pool| sqlx::query("select 1").execute(pool).await.map(|_| ())).map_err(StoreError::from)
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
        match self {
            Self::Sqlite(sqlite) => {
                sqlite.readers.close().await;
                sqlite.writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// WAL lets readers go on beside the one writer; `NORMAL` does not wait for the
/// disk, which [`Wal::flush`] does for many commits at once.
fn tuned(options: SqliteConnectOptions, connect: &Connect) -> SqliteConnectOptions {
    let options = match connect.max_pages {
        Some(pages) => options.pragma("max_page_count", pages.to_string()),
        None => options,
    };
    options
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .busy_timeout(connect.patience)
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
