//! What cosines of an embedder mean, as it was measured once.

use sqlx::FromRow;

use crate::db::{read, run};
use crate::{Db, Result};

/// The means of cosines.
#[derive(Clone, Copy, Debug, PartialEq, FromRow)]
pub struct Means {
    /// Of texts that have nothing to do with each other; none when the embedder does not tell the two apart.
    pub unrelated: Option<f64>,
    /// Of questions and their answers; likewise.
    pub related: Option<f64>,
}

/// What was measured for an embedder of this identity with texts of this SHA-256.
///
/// # Errors
/// When the database fails.
pub async fn of(db: &Db, embedder: &str, texts: &[u8]) -> Result<Option<Means>> {
    Ok(read!(db, |pool| {
        sqlx::query_as("select unrelated, related from nearness where embedder = $1 and texts = $2")
            .bind(embedder)
            .bind(texts)
            .fetch_optional(pool)
            .await
    })?)
}

/// Keeps what was measured; another process may have kept the same.
///
/// # Errors
/// When the database fails.
pub async fn keep(db: &Db, embedder: &str, texts: &[u8], means: Means) -> Result<()> {
    run!(
        db,
        "insert into nearness (embedder, texts, unrelated, related) values ($1, $2, $3, $4) on conflict do nothing",
        embedder,
        texts,
        means.unrelated,
        means.related
    )?;
    Ok(())
}
