//! Webhooks: sent, signed, tried again, given up, sent again by hand.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use cmes_app::{accounts, webhooks};
use cmes_store::deliveries::{self, State};
use cmes_testkit::{Receiver, Webhook};
use cmes_types::{AccountId, Clock, SystemClock, Timestamp};
use http::StatusCode;
use serde_json::json;
use standardwebhooks::Webhook as Verifier;

use crate::support::{TestApp, on_both_engines};
use crate::tasks::result;

async fn receiver(answer: impl Fn(usize) -> Response + Send + Sync + 'static) -> Receiver {
    Receiver::start(answer).await.expect("a receiver")
}

fn ok(_: usize) -> Response {
    StatusCode::NO_CONTENT.into_response()
}

async fn account(app: &TestApp) -> AccountId {
    accounts::by_email(&app.db, "demo@example.com").await.expect("the account").id
}

/// Asks for an enrichment that tells a webhook; returns the task's ID.
async fn submit(app: &TestApp, content: &str, url: &str) -> String {
    let body = json!({"content": content, "Asynch": "true", "OutWebHook": url}).to_string();
    let answer = app.post("/v1/enrichment", body).await;
    assert_eq!(answer.status, 202, "{answer:?}");
    answer.json["ID"].as_str().expect("an ID").to_owned()
}

/// Works on tasks, and on the webhooks that tell about their ends.
async fn work(app: &TestApp) {
    app.work().await;
    app.work().await;
}

/// Checks a signature, and that it is of this moment, with the public library.
fn check_signature(secret: &str, webhook: &Webhook) -> bool {
    Verifier::new(secret).expect("a secret").verify(webhook.body.as_bytes(), &webhook.headers).is_ok()
}

#[test]
fn the_end_of_a_task_is_told_and_signed_by_the_standard() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        app.clock.set(SystemClock.now());
        let receiver = receiver(ok).await;
        let id = submit(&app, "nordwind-pumpen.example", &receiver.url()).await;
        work(&app).await;
        let received = receiver.received();
        assert_eq!(received.len(), 1);
        let webhook = &received[0];
        let response = result(&app, &id).await.json;
        assert_eq!(
            webhook.json,
            json!({
                "ID": id, "Method": "/v1/enrichment", "Status": "Success",
                "Request": {"content": "nordwind-pumpen.example", "Asynch": "true", "OutWebHook": receiver.url()},
                "Response": response
            })
        );
        let secrets = webhooks::account_secrets(&app.db, account(&app).await, app.clock.now()).await.expect("secrets");
        assert!(check_signature(&secrets[0], webhook));
        let mut forged = webhook.clone();
        forged.body = forged.body.replace("Success", "Error");
        assert!(!check_signature(&secrets[0], &forged));
        let sent_at: i64 = webhook.headers["webhook-timestamp"].to_str().expect("ASCII").parse().expect("seconds");
        assert_eq!(sent_at, app.clock.now().milliseconds() / 1000);
        assert_eq!(webhook.headers["content-type"], "application/json");
    });
}

#[test]
fn a_failed_task_is_told_with_its_problem() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let receiver = receiver(ok).await;
        let id = submit(&app, "goldfinch-trading.example", &receiver.url()).await;
        work(&app).await;
        let webhook = &receiver.received()[0].json;
        assert_eq!(webhook["Status"], "Error");
        assert_eq!(
            (&webhook["Response"]["type"], &webhook["Response"]["status"]),
            (&json!("/problems/not-a-company"), &json!(405))
        );
        assert_eq!(webhook["Response"]["requestId"], json!(id));
        // Also a cancelled one.
        let id = submit(&app, "nordwind-pumpen.example", &receiver.url()).await;
        app.post("/v1/cancel", json!({ "ID": id }).to_string()).await;
        work(&app).await;
        assert_eq!(receiver.received()[1].json["Response"]["type"], "/problems/cancelled");
    });
}

#[test]
fn a_synchronous_call_is_told_after_its_answer() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let receiver = receiver(ok).await;
        let body = json!({"Content": "nordwind-pumpen.example", "OutWebHook": receiver.url()}).to_string();
        let answer = app.post("/v1/enrichment", body).await;
        assert_eq!(answer.status, 200);
        app.work().await;
        assert!(receiver.received().is_empty(), "the answer goes first");
        app.clock.advance(Duration::from_secs(1));
        work(&app).await;
        assert_eq!(receiver.received()[0].json["Response"], answer.json);
        app.verified().await;
    });
}

#[test]
fn what_is_not_taken_is_tried_again_under_the_same_id_for_about_a_day() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let receiver = receiver(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response()).await;
        submit(&app, "hello", &receiver.url()).await;
        work(&app).await;
        let begun = app.clock.now();
        assert_eq!(receiver.received().len(), 1);
        for (number, pause) in webhooks::PLAN.into_iter().enumerate() {
            app.clock.advance(pause - Duration::from_millis(1));
            app.work().await;
            assert_eq!(receiver.received().len(), number + 1, "not before the pause has passed");
            // Up to a tenth more.
            app.clock.advance(pause / 10 + Duration::from_millis(1));
            app.work().await;
            assert_eq!(receiver.received().len(), number + 2);
        }
        let took = app.clock.now().milliseconds() - begun.milliseconds();
        assert!((23 * 3_600_000..27 * 3_600_000).contains(&took), "{took}");
        app.clock.advance(Duration::from_secs(48 * 3600));
        app.work().await;
        let received = receiver.received();
        assert_eq!(received.len(), 9, "given up");
        assert!(received.iter().all(|webhook| webhook.id() == received[0].id() && webhook.body == received[0].body));

        let account = account(&app).await;
        let delivery = deliveries::list(&app.db, account, 10).await.expect("deliveries").remove(0);
        assert_eq!((delivery.state, delivery.attempts), (State::Failed, 9));
        let log = deliveries::attempts(&app.db, account, delivery.id).await.expect("the log");
        assert_eq!(
            (log.len(), log[0].status, log[0].error.as_deref()),
            (9, Some(500), Some("the receiver answered 500"))
        );
        // By hand it is sent again, with a new plan.
        let now = app.clock.now();
        webhooks::resend(&app.db, account, delivery.id, now).await.expect("sent again");
        assert!(webhooks::resend(&app.db, account, delivery.id, now).await.is_err(), "it is under way");
        app.work().await;
        assert_eq!(receiver.received()[9].id(), received[0].id());
        let foreign = AccountId::new_at(now);
        assert_eq!(deliveries::attempts(&app.db, foreign, delivery.id).await.expect("nothing"), []);
        assert!(webhooks::resend(&app.db, foreign, delivery.id, now).await.is_err());
    });
}

#[test]
fn the_receivers_wishes_are_respected() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        // 410: never again.
        let gone = receiver(|_| StatusCode::GONE.into_response()).await;
        submit(&app, "hello", &gone.url()).await;
        work(&app).await;
        app.clock.advance(Duration::from_secs(48 * 3600));
        app.work().await;
        assert_eq!(gone.received().len(), 1);
        // Retry-After: not before.
        let busy = receiver(|number| match number {
            0 => (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "3600")]).into_response(),
            _ => ok(0),
        })
        .await;
        submit(&app, "hello", &busy.url()).await;
        work(&app).await;
        app.clock.advance(Duration::from_secs(3_599));
        app.work().await;
        assert_eq!(busy.received().len(), 1);
        app.clock.advance(Duration::from_secs(1));
        app.work().await;
        assert_eq!(busy.received().len(), 2);
        // A redirect is not followed.
        let elsewhere = receiver(ok).await;
        let target = elsewhere.url();
        let moved =
            receiver(move |_| (StatusCode::TEMPORARY_REDIRECT, [("location", target.clone())]).into_response()).await;
        submit(&app, "hello", &moved.url()).await;
        work(&app).await;
        assert_eq!((moved.received().len(), elsewhere.received().len()), (1, 0));
    });
}

#[test]
fn addresses_that_may_not_be_called_are_not_called() {
    on_both_engines(async |engine| {
        // Without the demo sites nothing but public addresses is allowed.
        let app = TestApp::new(engine).await;
        for url in [
            "ftp://example.com/",
            "example.com/hook",
            "javascript:alert(1)",
            "http://",
            "http://127.0.0.1/hook",
            "http://[::1]/",
            "http://2130706433/",
            "http://169.254.169.254/latest/",
            "https://user:pw@example.com/",
        ] {
            let body = json!({"Content": "example.com", "Asynch": true, "OutWebHook": url}).to_string();
            let detail = app.post("/v1/enrichment", body).await.problem(405, "invalid-field");
            assert!(detail.starts_with("OutWebHook"), "{url}: {detail}");
        }
        let body = json!({"Content": "example.com", "Asynch": true, "OutWebHook": 5}).to_string();
        app.post("/v1/enrichment", body).await.problem(405, "invalid-field");
        // A name is judged when it is called; then the message is given up, not tried again.
        submit(&app, "hello", "http://localhost/hook").await;
        work(&app).await;
        let account = account(&app).await;
        let delivery = deliveries::list(&app.db, account, 1).await.expect("deliveries").remove(0);
        assert_eq!((delivery.state, delivery.attempts), (State::Failed, 1));
        let log = deliveries::attempts(&app.db, account, delivery.id).await.expect("the log");
        assert!(log[0].error.as_deref().is_some_and(|error| error.contains("loopback")), "{log:?}");
    });
}

#[test]
fn after_a_rotation_both_secrets_sign_for_a_day() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let receiver = receiver(ok).await;
        let account = account(&app).await;
        let secrets =
            async |app: &TestApp| webhooks::account_secrets(&app.db, account, app.clock.now()).await.expect("secrets");
        let send = async |app: &TestApp| {
            submit(app, "hello", &receiver.url()).await;
            work(app).await;
            receiver.received().pop().expect("a webhook")
        };
        let now = SystemClock.now();
        app.clock.set(now.minus(webhooks::OVERLAP));
        let first = secrets(&app).await.remove(0);
        let second = webhooks::rotate_secret(&app.db, account, app.clock.now()).await.expect("rotated");
        assert_ne!(first, second);
        assert_eq!(secrets(&app).await, [second.clone(), first.clone()]);
        // A day later the first one has ended.
        app.clock.set(now);
        let webhook = send(&app).await;
        assert!(!check_signature(&first, &webhook) && check_signature(&second, &webhook));
        let third = webhooks::rotate_secret(&app.db, account, app.clock.now()).await.expect("rotated");
        let webhook = send(&app).await;
        assert!(check_signature(&second, &webhook) && check_signature(&third, &webhook));
    });
}

#[test]
fn a_silent_receiver_holds_nobody_up() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        // Accepts connections and never answers.
        let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/hook", silent.local_addr().expect("bound"));
        for _ in 0..8 {
            submit(&app, "hello", &url).await;
        }
        let receiver = receiver(ok).await;
        let other = app.new_key("other@example.com").await;
        let body = json!({"Content": "hello", "Asynch": true, "OutWebHook": receiver.url()}).to_string();
        assert_eq!(app.call_with(&other, "POST", "/v1/enrichment", body).await.status, 202);
        // The other account's message arrives while the eight wait for their answer.
        tokio::select! {
            () = receiver.has_received(1) => {}
            () = app.work() => assert_eq!(receiver.received().len(), 1),
        }
        drop(silent);
    });
}

#[test]
fn times_are_of_the_clock_that_was_given() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let receiver = receiver(ok).await;
        submit(&app, "hello", &receiver.url()).await;
        work(&app).await;
        let delivery = deliveries::list(&app.db, account(&app).await, 1).await.expect("deliveries").remove(0);
        assert_eq!(delivery.ended_at, Some(app.clock.now()));
        assert!(delivery.created_at < Timestamp::from_milliseconds(1_900_000_000_000));
        assert_eq!(delivery.state, State::Delivered);
    });
}
