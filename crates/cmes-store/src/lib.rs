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
pub mod db;
pub mod keys;
pub mod ledger;
pub mod projects;

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
    /// The engine failed or cannot be reached.
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
            error => Self::Engine(error),
        }
    }
}

/// What a statement gives.
pub type Result<T> = std::result::Result<T, StoreError>;
