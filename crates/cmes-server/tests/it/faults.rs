//! What happens when the database is busy or full and when clocks jump.

use std::time::Duration;

use cmes_app::worker;
use cmes_store::{Connect, Db};
use cmes_types::Clock;

use crate::support::{Engine, LEASE, TestApp, on_both_engines};
use crate::tasks::{result, submit};

const SITE: &str = r#"{"Content": "nordwind-pumpen.example"}"#;

/// Somebody else who keeps all writers waiting until it is dropped.
enum Blocker {
    Sqlite { _transaction: sqlx::Transaction<'static, sqlx::Sqlite> },
    Postgres { _transaction: sqlx::Transaction<'static, sqlx::Postgres> },
}

async fn block(app: &TestApp) -> Blocker {
    match Db::connect(&Connect::to(app.url.clone())).await.expect("the database") {
        Db::Sqlite(sqlite) => Blocker::Sqlite {
            _transaction: sqlite.writer.begin_with("begin immediate").await.expect("the turn to write"),
        },
        Db::Postgres(pool) => {
            let mut transaction = pool.begin().await.expect("a transaction");
            let lock = "lock table tasks, jobs, ledger, accounts in exclusive mode";
            sqlx::query(lock).execute(&mut *transaction).await.expect("the locks");
            Blocker::Postgres { _transaction: transaction }
        }
    }
}

impl Blocker {
    /// Lets the writers go on, and waits until that is so.
    async fn release(self) {
        match self {
            Self::Sqlite { _transaction: transaction } => transaction.rollback().await.expect("released"),
            Self::Postgres { _transaction: transaction } => transaction.rollback().await.expect("released"),
        }
    }
}

#[test]
fn a_busy_database_turns_calls_away_and_loses_nothing() {
    on_both_engines(async |engine| {
        let app =
            TestApp::connected(engine, |url| Connect { patience: Duration::from_millis(100), ..Connect::to(url) })
                .await;
        let id = submit(&app, "nordwind-pumpen.example").await;
        let blocker = block(&app).await;
        for body in [SITE, r#"{"Content": "nordwind-pumpen.example", "Asynch": true}"#] {
            let answer = app.post("/v1/enrichment", body).await;
            answer.problem(503, "unavailable");
            assert_eq!(answer.header("retry-after"), "5");
        }
        // Reading goes on; working waits.
        assert_eq!(app.balance().await, "24.9");
        assert_eq!(result(&app, &id).await.status, 202);
        assert!(worker::run_once(&app.app, &worker::Settings::default()).await.is_err());
        blocker.release().await;
        app.work().await;
        assert_eq!((result(&app, &id).await.status.as_u16(), app.balance().await.as_str()), (200, "24.9"));
        assert_eq!(app.post("/v1/enrichment", SITE).await.status, 200);
        app.verified().await;
    });
}

#[test]
fn an_end_that_cannot_be_stored_is_stored_when_it_can() {
    on_both_engines(async |engine| {
        let app =
            TestApp::connected(engine, |url| Connect { patience: Duration::from_millis(100), ..Connect::to(url) })
                .await;
        let id = submit(&app, "nordwind-pumpen.example").await;
        let (work, ()) =
            tokio::join!(async { worker::run_once(&app.app, &worker::Settings::default()).await }, async {
                // The work has begun when its first page is asked for; from then on nothing can be stored.
                while app.site_requests() == 0 {
                    tokio::task::yield_now().await;
                }
                let blocker = block(&app).await;
                tokio::time::timeout(Duration::from_millis(700), std::future::pending::<()>())
                    .await
                    .expect_err("time passes");
                blocker.release().await;
            });
        work.expect("the queue is worked off");
        assert_eq!((result(&app, &id).await.status.as_u16(), app.balance().await.as_str()), (200, "24.9"));
        app.verified().await;
    });
}

/// On SQLite alone: PostgreSQL's disk cannot be filled from a test.
#[tokio::test]
async fn a_full_disk_costs_nothing_and_work_goes_on_when_there_is_room() {
    let connect = |url| Connect { max_connections: 2, max_pages: Some(150), ..Connect::to(url) };
    let app = TestApp::connected(Engine::Sqlite, connect).await;
    let id = submit(&app, "nordwind-pumpen.example").await;
    let mut turned_away = 0;
    for _ in 0..200 {
        let long = format!(r#"{{"Content": "{}", "Asynch": true}}"#, "x".repeat(3_000));
        let answer = app.post("/v1/enrichment", long).await;
        if answer.status == 500 {
            answer.problem(500, "internal");
            turned_away += 1;
        }
    }
    assert!(turned_away > 100, "{turned_away}");
    app.verified().await;
    // Begun or not, a call whose end finds no room is none.
    app.post("/v1/enrichment", SITE).await.problem(500, "internal");
    app.verified().await;
    // The operator makes room and starts the server again; what was under way is ended when its lease has passed.
    let app = app.restarted().await;
    app.clock.advance(LEASE);
    app.work().await;
    assert_eq!(result(&app, &id).await.status, 200);
    assert_eq!(app.balance().await, "24.9", "what was no company was free");
    app.verified().await;
}

#[test]
fn a_clock_that_jumps_delays_at_worst() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let day = Duration::from_secs(24 * 3600);
        let start = app.clock.now();
        // Backwards: keys, prices and the queue go on.
        let id = submit(&app, "nordwind-pumpen.example").await;
        app.clock.set(start.minus(day));
        assert_eq!(app.post("/v1/enrichment", SITE).await.status, 200);
        app.work().await;
        assert_eq!(result(&app, &id).await.status, 200);
        // A process whose clock is ahead takes a task that somebody has; one of the two ends it.
        let id = submit(&app, "nordwind-pumpen.example").await;
        let (ahead, _) = app.another_process();
        let ((), second) = tokio::join!(app.work(), async {
            while app.site_requests() < 3 {
                tokio::task::yield_now().await;
            }
            app.clock.set(start.plus(day));
            worker::run_once(&ahead, &worker::Settings::default()).await
        });
        second.expect("worked off");
        app.work().await;
        assert_eq!((result(&app, &id).await.status.as_u16(), app.balance().await.as_str()), (200, "24.7"));
        app.verified().await;
    });
}
