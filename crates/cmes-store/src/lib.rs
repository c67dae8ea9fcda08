//! Every SQL statement of cmes.
//!
//! [`Db`] is one of two engines; a statement is written once, in the subset
//! that SQLite and PostgreSQL share (`$1` parameters, `returning`, `on
//! conflict`), and [`db`] holds the only branch between them. Beside each
//! table's row type stand the functions that read and write it, each beginning
//! with the account whose data it is.
//!
//! No transaction is held while waiting for anything but the database: SQLite
//! has one writer.

pub mod accounts;
pub mod answering;
pub mod answers;
pub mod articles;
pub mod attachments;
pub mod caps;
pub mod channels;
pub mod chunks;
pub mod companies;
pub mod db;
pub mod deliveries;
pub mod idempotency;
pub mod identifiers;
pub mod indexing;
pub mod jobs;
pub mod keys;
pub mod knowledge_bases;
pub mod leads;
pub mod ledger;
pub mod messages;
pub mod nearness;
pub mod passages;
pub mod projects;
pub mod secrets;
pub mod statistics;
pub mod tariffs;
pub mod tasks;
mod wal;

pub use db::{Connect, Db};

/// What can go wrong with a statement.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The row would repeat what has to be unique, or an identifier is taken.
    #[error("it exists already")]
    Conflict,
    /// Not a single row fits.
    #[error("there is no such row")]
    NotFound,
    /// The address of the database cannot be understood.
    #[error("“{0}” is no address of a database: use sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME")]
    Address(String),
    /// The engine has too much to do or cannot be reached; the same may work a moment later.
    #[error("the database is busy or cannot be reached")]
    Busy(#[source] sqlx::Error),
    /// The engine failed.
    #[error("the database does not answer as it should")]
    Engine(#[source] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("the database's schema cannot be brought up to date")]
    Migration(#[source] sqlx::migrate::MigrateError),
}

impl From<sqlx::Error> for StoreError {
    /// SQLite does not name the constraint that was violated, so the caller,
    /// who knows what it wrote, interprets [`StoreError::Conflict`].
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::Database(error) if error.is_unique_violation() => Self::Conflict,
            error if is_passing(&error) => Self::Busy(error),
            error => Self::Engine(error),
        }
    }
}

/// Whether the same statement may work a moment later: SQLite is locked
/// (<https://sqlite.org/rescode.html#busy>, extended codes included), PostgreSQL
/// broke a deadlock, waited for a lock, is full of connections or is starting
/// (<https://www.postgresql.org/docs/current/errcodes-appendix.html>), or nothing answers.
fn is_passing(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut | sqlx::Error::Io(_) => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| match code.parse::<i64>() {
            Ok(number) if code.len() < 5 => matches!(number & 0xff, 5 | 6),
            _ => matches!(&*code, "40001" | "40P01" | "53300" | "55P03" | "57P03") || code.starts_with("08"),
        }),
        _ => false,
    }
}

/// What a statement gives.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;
