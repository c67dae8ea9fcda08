//! A database of an earlier version under the new program.

use std::path::Path;

use cmes_store::{Connect, Db};
use sqlx::migrate::{Migration, Migrator};

use crate::support::{Engine, on_both_engines, url_of_new_database};

/// The migrations of an engine up to this version.
async fn migrations(engine: Engine, newest: i64) -> Migrator {
    let folder = match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cmes-store/migrations").join(folder);
    let all = Migrator::new(folder).await.expect("the migrations");
    let old: Vec<Migration> = all.iter().filter(|migration| migration.version <= newest).cloned().collect();
    assert_eq!(old.len() as i64, newest);
    Migrator::with_migrations(old)
}

/// Rows as version 1 wrote them; the identifiers stand in for both engines' ways of writing them.
fn rows(engine: Engine) -> [String; 2] {
    let id = |number: u8| match engine {
        Engine::Sqlite => format!("x'0000000000004000800000000000000{number}'"),
        Engine::Postgres => format!("'00000000-0000-4000-8000-00000000000{number}'"),
    };
    [
        format!(
            "insert into accounts (id, email, currency, balance, created_at)
             values ({}, 'old@example.com', 'GBP', 250000000, 1700000000000)",
            id(1)
        ),
        format!(
            "insert into ledger (id, account_id, kind, amount, note, created_at)
             values ({}, {}, 'top-up', 250000000, 'opening credit', 1700000000000)",
            id(2),
            id(1)
        ),
    ]
}

#[test]
fn accounts_and_their_money_live_through_the_upgrade() {
    on_both_engines(async |engine| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = url_of_new_database(engine, &folder).await;
        let old = migrations(engine, 1).await;
        match engine {
            Engine::Sqlite => {
                let pool = sqlx::SqlitePool::connect(&format!("{url}?mode=rwc")).await.expect("a database");
                old.run(&pool).await.expect("version 1");
                for row in rows(engine) {
                    sqlx::query(sqlx::AssertSqlSafe(row)).execute(&pool).await.expect("a row");
                }
                pool.close().await;
            }
            Engine::Postgres => {
                let pool = sqlx::PgPool::connect(&url).await.expect("a database");
                old.run(&pool).await.expect("version 1");
                for row in rows(engine) {
                    sqlx::query(sqlx::AssertSqlSafe(row)).execute(&pool).await.expect("a row");
                }
                pool.close().await;
            }
        }
        // Twice: a second start finds nothing left to do.
        for _ in 0..2 {
            let db = Db::connect(&Connect::to(url.clone())).await.expect("the new program");
            let account = cmes_app::accounts::by_email(&db, "old@example.com").await.expect("the account");
            assert_eq!((account.balance.to_string().as_str(), account.held.to_string().as_str()), ("2.5", "0"));
            let found = cmes_store::ledger::verify(&db).await.expect("read");
            assert_eq!((found.rows, found.faults), (1, Vec::new()));
            db.close().await;
        }
    });
}
