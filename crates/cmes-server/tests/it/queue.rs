//! The queue itself: exactly once between processes, in fair order, and what
//! becomes of runs that panic, lose their lease or have to stop.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cmes_queue::{Line, Queue, Verdict, Work};
use cmes_store::jobs::{self, JobKind, Lease};
use cmes_store::tasks::{self, Created, Ending, NewTask, Outcome, Runner};
use cmes_types::{AccountId, Clock, Money};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::support::{LEASE, TestApp, on_both_engines};

/// Stores so many tasks of an account.
async fn store(app: &TestApp, email: &str, count: usize) -> (AccountId, Vec<Uuid>) {
    let account = cmes_app::accounts::by_email(&app.db, email).await.expect("the account").id;
    let project = cmes_store::projects::get_or_create(&app.db, account, "Default", app.clock.now()).await.expect("one");
    let key = cmes_store::keys::list(&app.db, Some(account)).await.expect("keys")[0].id;
    let mut ids = Vec::new();
    for _ in 0..count {
        let new = NewTask {
            account,
            project,
            key,
            method: "/v1/none",
            work: "{}",
            webhook_url: None,
            request: None,
            price: Money::ZERO,
            hold: Money::ZERO,
            idempotency: None,
            runner: Runner::AnyWorker,
            asked: None,
        };
        match tasks::create(&app.db, &new, |_| Vec::new(), app.clock.now()).await.expect("stored") {
            Created::New(task) => ids.push(task.id.0),
            other => panic!("{other:?}"),
        }
    }
    (account, ids)
}

fn queue(app: &TestApp) -> Arc<Queue> {
    Queue::new(app.db.clone(), app.clock.clone(), LEASE)
}

fn line(slots: usize, work: Work) -> Vec<Line> {
    vec![Line { kind: JobKind::Task, slots, per_account: slots, work }]
}

/// Work that ends its task and calls this function first.
fn ending(app: &TestApp, seen: impl Fn(Lease) + Send + Sync + 'static) -> Work {
    let (db, clock, seen) = (app.db.clone(), app.clock.clone(), Arc::new(seen));
    Arc::new(move |lease| {
        let (db, clock, seen) = (db.clone(), clock.clone(), seen.clone());
        Box::pin(async move {
            seen(lease);
            let task = tasks::of_lease(&db, &lease).await.expect("the task");
            let ending = Ending {
                outcome: Outcome::Success,
                result: "{}".into(),
                captures: vec![],
                delivery: None,
                answer: None,
                leads: 0,
            };
            tasks::finish(&db, &lease, &task, &ending, clock.now()).await.expect("ended");
            Verdict::Ended
        })
    })
}

async fn counts(app: &TestApp) -> BTreeMap<String, i64> {
    jobs::counts(&app.db).await.expect("counts").into_iter().map(|count| (count.state, count.jobs)).collect()
}

#[test]
fn several_processes_share_the_work_and_each_job_runs_once() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let (_, ids) = store(&app, "demo@example.com", 300).await;
        let runs: Arc<Mutex<BTreeMap<Uuid, Vec<Uuid>>>> = Arc::default();
        let work = |_| {
            let runs = runs.clone();
            let work = ending(&app, move |lease| {
                runs.lock().expect("no panic").entry(lease.id).or_default().push(lease.worker);
            });
            queue(&app).work_off(line(4, work))
        };
        let ended = futures_util::future::join_all((0..3).map(work)).await;
        assert!(ended.iter().all(Result::is_ok), "{ended:?}");
        let runs = runs.lock().expect("no panic").clone();
        assert_eq!(runs.len(), ids.len());
        assert!(runs.values().all(|workers| workers.len() == 1));
        let workers: std::collections::BTreeSet<Uuid> = runs.values().flatten().copied().collect();
        assert_eq!(workers.len(), 3, "each process has done something");
        assert!(counts(&app).await.is_empty());
    });
}

#[test]
fn accounts_take_turns() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        app.new_key("b@example.com").await;
        app.new_key("c@example.com").await;
        store(&app, "demo@example.com", 60).await;
        let (b, _) = store(&app, "b@example.com", 5).await;
        let order: Arc<Mutex<Vec<AccountId>>> = Arc::default();
        let seen = order.clone();
        let work = ending(&app, move |lease| seen.lock().expect("no panic").push(lease.account));
        queue(&app).work_off(line(1, work)).await.expect("worked off");
        let place = |account: AccountId, nth: usize| {
            let order = order.lock().expect("no panic");
            order.iter().enumerate().filter(|(_, a)| **a == account).nth(nth).map(|(at, _)| at)
        };
        for nth in 0..5 {
            assert!(
                place(b, nth).is_some_and(|at| at <= 2 * nth + 1),
                "job {nth} of b ran as number {:?}",
                place(b, nth)
            );
        }
    });
}

#[test]
fn an_account_that_comes_later_does_not_have_to_wait_nor_to_be_waited_for() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        app.new_key("b@example.com").await;
        let (a, _) = store(&app, "demo@example.com", 40).await;
        // The first twenty are done; then another account brings as many as are left.
        let order: Arc<Mutex<Vec<AccountId>>> = Arc::default();
        let queue = queue(&app);
        for _ in 0..20 {
            let lease = app.claim(&app.app, 1, |_| 1).await[0];
            let task = tasks::of_lease(&app.db, &lease).await.expect("the task");
            let ending = Ending {
                outcome: Outcome::Success,
                result: "{}".into(),
                captures: vec![],
                delivery: None,
                answer: None,
                leads: 0,
            };
            let ended = tasks::finish(&app.db, &lease, &task, &ending, app.clock.now()).await.expect("ended");
            assert_eq!(ended, tasks::Ended::Now(Money::ZERO));
        }
        let (b, _) = store(&app, "b@example.com", 20).await;
        let seen = order.clone();
        queue
            .work_off(line(1, ending(&app, move |lease| seen.lock().expect("no panic").push(lease.account))))
            .await
            .expect("done");
        let order = order.lock().expect("no panic").clone();
        for (at, pair) in order.chunks(2).enumerate() {
            assert!(pair.contains(&a) && pair.contains(&b), "round {at} is not one of each: {order:?}");
        }
    });
}

#[test]
fn a_run_that_panics_is_put_off_and_the_worker_goes_on() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let (_, ids) = store(&app, "demo@example.com", 3).await;
        let bad = ids[0];
        let work = ending(&app, move |lease| assert!(lease.id != bad || lease.attempt > 1, "the first run panics"));
        queue(&app).work_off(line(2, work.clone())).await.expect("worked off");
        assert_eq!(counts(&app).await, BTreeMap::from([("waiting".to_owned(), 1)]));
        app.clock.advance(Duration::from_secs(30));
        queue(&app).work_off(line(2, work)).await.expect("worked off");
        assert!(counts(&app).await.is_empty());
    });
}

/// Counts how many values of it were dropped.
struct Dropped(Arc<AtomicUsize>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// Work that never ends, tells when it has begun, and counts how often it was cut off.
fn endless(begun: &Arc<tokio::sync::Notify>, cut_off: &Arc<AtomicUsize>) -> Work {
    let (begun, cut_off) = (begun.clone(), cut_off.clone());
    Arc::new(move |_| {
        let (begun, dropped) = (begun.clone(), Dropped(cut_off.clone()));
        Box::pin(async move {
            let _dropped = dropped;
            begun.notify_one();
            std::future::pending().await
        })
    })
}

#[test]
fn what_cannot_end_in_time_is_handed_back_when_the_process_stops() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        store(&app, "demo@example.com", 1).await;
        let (begun, cut_off) = (Arc::new(tokio::sync::Notify::new()), Arc::default());
        let stop = CancellationToken::new();
        let work = queue(&app).work(line(1, endless(&begun, &cut_off)), stop.clone(), Duration::ZERO);
        tokio::join!(work, async {
            begun.notified().await;
            stop.cancel();
        });
        assert_eq!(cut_off.load(Ordering::SeqCst), 1);
        assert_eq!(counts(&app).await, BTreeMap::from([("ready".to_owned(), 1)]));
        // As if it had not been begun.
        let attempts: Arc<Mutex<Vec<i64>>> = Arc::default();
        let seen = attempts.clone();
        let work = ending(&app, move |lease| seen.lock().expect("no panic").push(lease.attempt));
        queue(&app).work_off(line(1, work)).await.expect("worked off");
        assert_eq!(*attempts.lock().expect("no panic"), [1]);
    });
}

#[test]
fn a_run_that_has_lost_its_lease_is_cut_off() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let (account, ids) = store(&app, "demo@example.com", 1).await;
        let (begun, cut_off) = (Arc::new(tokio::sync::Notify::new()), Arc::default());
        let (stop, queue) = (CancellationToken::new(), queue(&app));
        let work = Arc::clone(&queue).work(line(1, endless(&begun, &cut_off)), stop.clone(), Duration::ZERO);
        tokio::join!(work, async {
            begun.notified().await;
            queue.renew().await.expect("renewed");
            assert_eq!(cut_off.load(Ordering::SeqCst), 0, "its lease is renewed");
            // Its owner stops it, in another process.
            let (other, _) = app.another_process();
            cmes_app::tasks::cancel(&other, account, ids[0].into()).await.expect("stopped");
            queue.renew().await.expect("renewed");
            while cut_off.load(Ordering::SeqCst) == 0 {
                tokio::task::yield_now().await;
            }
            stop.cancel();
        });
        assert!(counts(&app).await.is_empty());
    });
}
