//! Asynchronous calls: accepted, worked on, asked after, stopped, taken over.

use std::time::Duration;

use cmes_app::worker;
use cmes_store::answers;
use cmes_types::Money;
use http::{Request, header};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support::{Answer, LEASE, TestApp, on_both_engines};

/// Sends an enrichment to the queue and returns its task's ID.
pub async fn submit(app: &TestApp, content: &str) -> String {
    let answer = app.post("/v1/enrichment", json!({"Content": content, "Asynch": true}).to_string()).await;
    assert_eq!(answer.status, 202, "{answer:?}");
    assert_eq!(answer.json.as_object().expect("an object").len(), 1);
    answer.json["ID"].as_str().expect("an ID").to_owned()
}

pub async fn result(app: &TestApp, id: &str) -> Answer {
    app.post("/v1/getresult", json!({"ID": id}).to_string()).await
}

#[test]
fn a_task_gives_exactly_what_the_synchronous_call_gives() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let id = submit(&app, "nordwind-pumpen.example").await;
        let running = result(&app, &id).await;
        assert_eq!(
            (running.status.as_u16(), running.text.as_str()),
            (202, r#"{"Status":"Request in processing","Progress":0}"#)
        );
        app.work().await;
        let done = result(&app, &id).await;
        let direct = app.post("/v1/enrichment", r#"{"Content": "nordwind-pumpen.example"}"#).await;
        assert_eq!((done.status, &done.text), (direct.status, &direct.text));
        assert_eq!((done.header("charge"), direct.header("charge")), ("0.1 GBP", "0.1 GBP"));
        assert_eq!(done.header("content-type"), direct.header("content-type"));
        let by_query = app.call("GET", &format!("/v1/getresult?id={id}"), "").await;
        assert_eq!((by_query.status, by_query.text), (done.status, done.text));
        assert_eq!(app.balance().await, "24.8");
        app.verified().await;
    });
}

#[test]
fn a_failure_is_the_synchronous_calls_too_and_free() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let id = submit(&app, "goldfinch-trading.example").await;
        assert_eq!(app.balance().await, "24.9", "the price is set aside");
        app.work().await;
        let failed = result(&app, &id).await;
        failed.problem(405, "not-a-company");
        let direct = app.post("/v1/enrichment", r#"{"Content": "goldfinch-trading.example"}"#).await;
        assert_eq!(failed.json["detail"], direct.json["detail"]);
        assert_eq!((failed.header("charge"), app.balance().await.as_str()), ("", "25"));
        app.verified().await;
    });
}

#[test]
fn somebody_elses_task_is_like_one_that_does_not_exist() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let id = submit(&app, "nordwind-pumpen.example").await;
        let other = app.new_key("other@example.com").await;
        let body = |id: &str| json!({ "ID": id }).to_string();
        let unknown = "57bb5a9a-e115-4a0e-a15d-85527b82a344";
        for path in ["/v1/getresult", "/v1/cancel"] {
            let foreign = app.call_with(&other, "POST", path, body(&id)).await.problem(405, "invalid-field");
            let missing = app.call_with(&other, "POST", path, body(unknown)).await.problem(405, "invalid-field");
            assert_eq!(foreign, missing);
            app.post(path, body("no uuid")).await.problem(405, "invalid-field");
            app.post(path, "").await.problem(405, "invalid-field");
        }
        for query in ["", "?ID=x", &format!("?ID={unknown}")] {
            app.call("GET", &format!("/v1/getresult{query}"), "").await.problem(405, "invalid-field");
            app.call("GET", &format!("/v1/getresult/events{query}"), "").await.problem(405, "invalid-field");
        }
        assert_eq!(result(&app, &id).await.status, 202);
    });
}

#[test]
fn a_task_can_be_stopped_and_is_free() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let id = submit(&app, "nordwind-pumpen.example").await;
        let body = json!({ "ID": id }).to_string();
        for _ in 0..2 {
            let answer = app.post("/v1/cancel", body.clone()).await;
            assert_eq!((answer.status.as_u16(), answer.json), (200, json!({"ID": id, "Status": "Cancelled"})));
        }
        app.work().await;
        result(&app, &id).await.problem(405, "cancelled");
        assert_eq!(app.balance().await, "25");
        let done = submit(&app, "nordwind-pumpen.example").await;
        app.work().await;
        let answer = app.post("/v1/cancel", json!({ "ID": done }).to_string()).await;
        assert_eq!(answer.json["Status"], "Success", "what has ended stays");
        assert_eq!(app.balance().await, "24.9");
        app.verified().await;
    });
}

#[test]
fn a_task_can_be_stopped_while_it_runs() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let id = submit(&app, "nordwind-pumpen.example").await;
        let ((), answer) = tokio::join!(app.work(), async {
            while app.site_requests() == 0 {
                tokio::task::yield_now().await;
            }
            app.post("/v1/cancel", json!({ "ID": id }).to_string()).await
        });
        assert_eq!(answer.json["Status"], "Cancelled");
        result(&app, &id).await.problem(405, "cancelled");
        assert_eq!(app.balance().await, "25");
        app.verified().await;
    });
}

#[test]
fn a_call_whose_caller_goes_away_is_stopped_and_free() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let call = app.post("/v1/enrichment", r#"{"Content": "nordwind-pumpen.example"}"#);
        let gone = async {
            while app.site_requests() == 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            answer = call => panic!("the caller waits only for the first request: {answer:?}"),
            () = gone => {}
        }
        // The task ends by itself, without a worker.
        while app.balance().await != "25" {
            tokio::task::yield_now().await;
        }
        app.verified().await;
    });
}

#[test]
fn progress_and_the_result_are_streamed() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let id = submit(&app, "nordwind-pumpen.example").await;
        // The stream is open before the work begins.
        let request = Request::get(format!("/v1/getresult/events?ID={id}"))
            .header(header::AUTHORIZATION, format!("Bearer {}", app.key))
            .body(axum::body::Body::empty())
            .expect("a request");
        let response = app.router.clone().oneshot(request).await.expect("the router answers");
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let (body, ()) = tokio::join!(axum::body::to_bytes(response.into_body(), usize::MAX), app.work());
        let text = String::from_utf8(body.expect("a body").to_vec()).expect("UTF-8");
        let events: Vec<(&str, Value)> = text
            .split("\n\n")
            .filter_map(|event| event.strip_prefix("event: ")?.split_once("\ndata: "))
            .map(|(name, data)| (name, serde_json::from_str(data).expect("JSON")))
            .collect();
        let names: Vec<&str> = events.iter().map(|(name, _)| *name).collect();
        assert_eq!(names[0], "progress");
        assert_eq!(names[names.len() - 2..], ["lead", "result"], "{names:?}");
        let (_, last) = events.last().expect("a result");
        assert_eq!(last["Status"], "Success");
        assert_eq!(last["Response"]["CompanyName"], "Nordwind Pumpen GmbH");
    });
}

#[test]
fn progress_is_work_done_and_never_falls() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let id = submit(&app, "nordwind-pumpen.example").await;
        let task = cmes_types::TaskId(id.parse().expect("a UUID"));
        let set = async |percent| cmes_store::tasks::set_progress(&app.db, task, percent).await.expect("written");
        for (percent, shown) in [(40, 40), (30, 40), (100, 99)] {
            set(percent).await;
            assert_eq!(result(&app, &id).await.json["Progress"], shown);
        }
    });
}

#[test]
fn one_accounts_many_tasks_do_not_delay_anothers_one() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let other = app.new_key("other@example.com").await;
        let body = |n: usize| json!({"Content": format!("nothing at all {n}"), "Asynch": true}).to_string();
        for n in 0..200 {
            assert_eq!(app.post("/v1/enrichment", body(n)).await.status, 202);
        }
        let one = app.call_with(&other, "POST", "/v1/enrichment", body(0)).await.json["ID"].clone();
        // The next two jobs: one of each account.
        let (process, _) = app.another_process();
        let taken = app.claim(&process, 2, |_| 8).await;
        assert!(
            taken.iter().any(|lease| json!(lease.id) == one),
            "the other account's task is not among the first two"
        );
        assert_ne!(taken[0].account, taken[1].account);
        // And an account without room is passed over, however many it has.
        let many = taken.iter().find(|lease| json!(lease.id) != one).expect("two leases").account;
        let taken = app.claim(&process, 20, move |account| if account == many { 3 } else { 20 }).await;
        assert_eq!(taken.len(), 3);
    });
}

#[test]
fn a_task_whose_process_died_is_taken_over_and_its_late_end_has_no_effect() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let id = submit(&app, "nordwind-pumpen.example").await;
        let (dead, _) = app.another_process();
        let lease = app.claim(&dead, 1, |_| 1).await[0];
        let task = cmes_store::tasks::of_lease(&app.db, &lease).await.expect("the task");
        app.work().await;
        assert_eq!(result(&app, &id).await.status, 202, "its lease has not ended yet");
        app.clock.advance(LEASE);
        app.work().await;
        let done = result(&app, &id).await;
        assert_eq!((done.status.as_u16(), app.balance().await.as_str()), (200, "24.9"));
        // The process wakes and wants to end the task in its own way.
        let ending = cmes_store::tasks::Ending {
            outcome: cmes_store::tasks::Outcome::Success,
            result: "{}".into(),
            captures: vec![cmes_store::ledger::Capture { item: "lead/1".into(), amount: task.price }],
            delivery: None,
            answer: None,
            leads: 0,
        };
        let now = dead.queue.lease_end();
        let ended = cmes_store::tasks::finish(&app.db, &lease, &task, &ending, now).await.expect("refused");
        assert_eq!(ended, cmes_store::tasks::Ended::NotOurs);
        assert!(!cmes_store::jobs::retry(&app.db, &lease, now).await.expect("refused"));
        assert!(!cmes_store::jobs::hand_back(&app.db, &lease).await.expect("refused"));
        assert_eq!((result(&app, &id).await.text, app.balance().await.as_str()), (done.text, "24.9"));
        app.verified().await;
    });
}

#[test]
fn a_task_that_takes_its_process_with_it_is_given_up() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let id = submit(&app, "nordwind-pumpen.example").await;
        for _ in 0..10 {
            let (dead, _) = app.another_process();
            assert_eq!(app.claim(&dead, 1, |_| 1).await.len(), 1);
            app.clock.advance(LEASE);
            cmes_store::jobs::promote(&app.db, 10, dead.queue.lease_end()).await.expect("promoted");
        }
        app.work().await;
        // What may pass is tried again for a while; this has been tried often enough.
        result(&app, &id).await.problem(500, "internal");
        assert_eq!(app.balance().await, "25");
    });
}

#[test]
fn a_failure_that_may_pass_is_tried_again_with_growing_pauses() {
    on_both_engines(async |engine| {
        // No site at this address: a connection that is refused may work later.
        let app = TestApp::with_sites(engine).await;
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("bound");
        drop(listener);
        let id = submit(&app, &format!("http://{address}/")).await;
        for pause in [0, 6, 34] {
            app.clock.advance(Duration::from_secs(pause));
            app.work().await;
            assert_eq!(result(&app, &id).await.status, 202, "after {pause} s");
        }
        app.clock.advance(Duration::from_secs(133));
        app.work().await;
        result(&app, &id).await.problem(405, "site-unreachable");
        assert_eq!(app.balance().await, "25");
    });
}

#[test]
fn a_synchronous_call_whose_process_died_is_free_or_goes_on() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let account = cmes_app::accounts::by_email(&app.db, "demo@example.com").await.expect("the account").id;
        let body = json!({"Content": "nordwind-pumpen.example"}).to_string();
        let stored = async || cmes_store::tasks::list(&app.db, account, 10).await.expect("tasks").len();
        // The process dies as soon as its task is stored.
        let die = async |key: Option<&str>| {
            let before = stored().await;
            let mut request =
                Request::post("/v1/enrichment").header(header::AUTHORIZATION, format!("Bearer {}", app.key));
            if let Some(key) = key {
                request = request.header("Idempotency-Key", key);
            }
            let request = request.body(axum::body::Body::from(body.clone())).expect("a request");
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    let runtime =
                        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                    runtime.block_on(async {
                        let process = app.process_of_its_own().await;
                        let has_stored = async {
                            let list = || cmes_store::tasks::list(&process.db, account, 10);
                            while list().await.expect("tasks").len() == before {}
                        };
                        tokio::select! {
                            _ = process.router.clone().oneshot(request) => {}
                            () = has_stored => {}
                        }
                    });
                    runtime.shutdown_background();
                });
            });
        };
        die(None).await;
        app.clock.advance(LEASE);
        app.work().await;
        let tasks = cmes_store::tasks::list(&app.db, account, 10).await.expect("tasks");
        assert!(tasks.len() == 1 && tasks[0].outcome.is_some(), "{tasks:?}");
        app.verified().await;

        let before: Money = app.balance().await.parse().expect("an amount");
        die(Some("k1")).await;
        app.clock.advance(LEASE);
        app.work().await;
        let answer = app.post_with_key("k1", "/v1/enrichment", body.clone()).await;
        assert_eq!((answer.status.as_u16(), &answer.json["CompanyName"]), (200, &json!("Nordwind Pumpen GmbH")));
        assert_eq!(stored().await, 2, "the repetition found the task that was stored before the crash");
        let after: Money = app.balance().await.parse().expect("an amount");
        assert_eq!(Money::from_units(before.units() - after.units()).to_string(), "0.1");
        app.verified().await;
    });
}

#[test]
fn old_results_are_deleted_and_the_ledger_stays() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let id = submit(&app, "nordwind-pumpen.example").await;
        app.work().await;
        let month = Duration::from_secs(30 * 24 * 3600);
        assert_eq!(worker::clean(&app.app, month).await.expect("cleaned"), 0);
        app.clock.advance(month + Duration::from_millis(1));
        assert_eq!(worker::clean(&app.app, month).await.expect("cleaned"), 1);
        result(&app, &id).await.problem(405, "invalid-field");
        assert_eq!(app.balance().await, "24.9");
        app.verified().await;
    });
}

#[test]
fn kept_answers_of_models_are_deleted_with_the_results() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let (db, month) = (&app.app.db, Duration::from_secs(30 * 24 * 3600));
        let known = async |key: &str| answers::find(db, key).await.expect("the database answers");
        assert_eq!(known("question").await, None);
        for answer in ["the first", "another"] {
            answers::keep(db, "question", answer, app.app.clock.now()).await.expect("kept");
        }
        assert_eq!(known("question").await.as_deref(), Some("the first"), "the first answer stays");
        for answer in ["last week's", "today's"] {
            answers::replace(db, "search", answer, app.app.clock.now()).await.expect("kept");
            assert_eq!(known("search").await.as_deref(), Some(answer), "the last answer stays");
        }
        assert_eq!(worker::clean(&app.app, month).await.expect("cleaned"), 0);
        app.clock.advance(month + Duration::from_millis(1));
        assert_eq!(worker::clean(&app.app, month).await.expect("cleaned"), 2);
        assert_eq!(known("question").await, None);
    });
}
