//! Money: what is charged, what is refused, and that it always adds up.

use std::time::Duration;

use cmes_app::caps::{self, SetCap};
use cmes_app::{accounts, tariffs};
use cmes_store::caps::Period;
use cmes_testkit::Receiver;
use cmes_types::{Clock, Money};
use http::StatusCode;
use serde_json::json;

use crate::support::{TestApp, on_both_engines};

const SITE: &str = r#"{"Content": "nordwind-pumpen.example"}"#;

fn money(text: &str) -> Money {
    text.parse().expect("an amount")
}

#[test]
fn a_lead_is_charged_once_and_shown() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let balance = app.call("GET", "/v1/info/balance", "").await;
        assert_eq!((balance.status.as_u16(), balance.text.as_str()), (200, r#"{"Balance":25,"Currency":"GBP"}"#));
        let answer = app.post("/v1/enrichment", SITE).await;
        assert_eq!((answer.status.as_u16(), answer.header("charge")), (200, "0.1 GBP"));
        assert_eq!(app.balance().await, "24.9");
        // A dry run and a failure cost nothing.
        let dry = app.post("/v1/enrichment", r#"{"Content": "x", "DryRun": true}"#).await;
        assert_eq!((dry.json["Price"].to_string(), dry.header("charge")), ("0.1".into(), ""));
        app.post("/v1/enrichment", r#"{"Content": "hello"}"#).await.problem(405, "nothing-to-enrich");
        assert_eq!(app.balance().await, "24.9");
        app.verified().await;
    });
}

#[test]
fn what_the_balance_does_not_pay_for_is_402() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        accounts::credit(&app.db, "demo@example.com", money("-24.95"), "", app.clock.now()).await.expect("corrected");
        for body in [SITE, r#"{"Content": "nordwind-pumpen.example", "Asynch": true}"#] {
            let answer = app.post("/v1/enrichment", body).await;
            let detail = answer.problem(402, "not-enough-money");
            assert_eq!(answer.json["title"], "Not enough money");
            assert!(detail.contains("0.05 GBP") && detail.contains("0.1 GBP"), "{detail}");
        }
        assert_eq!(app.balance().await, "0.05");
        app.verified().await;
    });
}

/// The acceptance of the issue: 200 parallel billable calls on a balance that pays for 50.
#[test]
fn two_hundred_calls_at_once_on_a_balance_for_fifty() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        accounts::credit(&app.db, "demo@example.com", money("-20"), "", app.clock.now()).await.expect("corrected");
        // A small site; every other call is asynchronous, and its price is set aside.
        let calls = (0..200).map(|n| {
            let app = &app;
            async move {
                let body = json!({"Content": "nordwind-pumpen.example", "Asynch": n % 2 == 0}).to_string();
                app.post("/v1/enrichment", body).await.status.as_u16()
            }
        });
        let statuses = futures_util::future::join_all(calls).await;
        let count = |wanted: &[u16]| statuses.iter().filter(|status| wanted.contains(status)).count();
        assert_eq!((count(&[200, 202]), count(&[402])), (50, 150), "{statuses:?}");
        assert_eq!(app.balance().await, "0");
        app.work().await;
        assert_eq!(app.balance().await, "0", "every one of the fifty was a lead");
        app.verified().await;
    });
}

#[test]
fn prices_and_rates_change_while_the_server_runs() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let tariffs = app.anonymous("GET", "/v1/info/tariffs").await;
        assert_eq!(tariffs.json[0]["PriceGBP"].to_string(), "0.1");
        let now = app.clock.now();
        let book = &app.app.tariffs;
        tariffs::set_price(&app.db, book, "/v1/enrichment", money("0.25"), None, Some("a rule"), now)
            .await
            .expect("set");
        tariffs::set_price(&app.db, book, "/v1/new", money("1"), Some("New"), None, now).await.expect("set");
        tariffs::set_rate(&app.db, &"EUR".parse().expect("a currency"), money("2"), now).await.expect("set");
        // In force within a second.
        app.clock.advance(Duration::from_secs(1));
        let tariffs = app.anonymous("GET", "/v1/info/tariffs").await.json;
        let shown = |row: usize, field: &str| tariffs[row][field].to_string();
        assert_eq!((shown(1, "PriceGBP"), shown(1, "PriceEUR")), ("0.25".into(), "0.5".into()));
        assert_eq!(
            (shown(1, "PriceRules"), shown(1, "Description")),
            ("\"a rule\"".into(), "\"Price per successfully enriched lead\"".into())
        );
        assert_eq!(shown(2, "Method"), "\"/v1/new\"");
        assert_eq!(app.post("/v1/enrichment", SITE).await.header("charge"), "0.25 GBP");
        // A task costs what it cost when it was accepted.
        let id = crate::tasks::submit(&app, "nordwind-pumpen.example").await;
        tariffs::set_price(&app.db, book, "/v1/enrichment", money("9"), None, None, app.clock.now())
            .await
            .expect("set");
        app.clock.advance(Duration::from_secs(1));
        app.work().await;
        assert_eq!(crate::tasks::result(&app, &id).await.header("charge"), "0.25 GBP");
        assert!(cmes_store::tariffs::reset_price(&app.db, "/v1/enrichment").await.expect("reset"));
        app.clock.advance(Duration::from_secs(1));
        assert_eq!(app.anonymous("GET", "/v1/info/tariffs").await.json[1]["PriceGBP"].to_string(), "0.1");
        for (method, price) in [("enrichment", "1"), ("/v1/a b", "1"), ("/v1/x", "-1")] {
            assert!(
                tariffs::set_price(&app.db, book, method, money(price), None, None, now).await.is_err(),
                "{method}"
            );
        }
        app.verified().await;
    });
}

#[test]
fn a_cap_ends_the_spending_of_a_key_or_project_and_warns() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let receiver =
            Receiver::start(|_| axum::response::IntoResponse::into_response(StatusCode::OK)).await.expect("a receiver");
        let url = receiver.url().parse().expect("an address");
        accounts::warn(&app.db, "demo@example.com", Some(&url), Some(money("24.75"))).await.expect("set");
        let cap = |period, amount: &str| SetCap {
            account: "demo@example.com".into(),
            project: Some("Default".into()),
            key: None,
            period,
            amount: money(amount),
            warn_percent: 50,
        };
        caps::set(&app.db, &cap(Period::Day, "0.4"), app.clock.now()).await.expect("set");
        caps::set(&app.db, &cap(Period::Day, "0.2"), app.clock.now()).await.expect("set in its place");
        caps::set(&app.db, &cap(Period::Month, "0.3"), app.clock.now()).await.expect("set");
        for _ in 0..2 {
            assert_eq!(app.post("/v1/enrichment", SITE).await.status, 200);
        }
        let detail = app.post("/v1/enrichment", SITE).await.problem(402, "over-cap");
        for words in ["project “Default”", "0.2 GBP a day", "0.3 GBP", "next day"] {
            assert!(detail.contains(words), "{detail}");
        }
        // Nothing is left of the refused call, and other accounts are not concerned.
        assert_eq!(app.balance().await, "24.8");
        let other = app.new_key("other@example.com").await;
        assert_eq!(app.call_with(&other, "POST", "/v1/enrichment", SITE).await.status, 200);
        // Another day; then the month's cap.
        app.clock.advance(Duration::from_secs(24 * 3600));
        assert_eq!(app.post("/v1/enrichment", SITE).await.status, 200);
        assert!(app.post("/v1/enrichment", SITE).await.problem(402, "over-cap").contains("0.3 GBP a month"));
        app.work().await;
        let told: Vec<String> =
            receiver.received().iter().map(|w| format!("{} {}", w.json["Type"], w.json["Cap"]["Period"])).collect();
        let mut sorted = told.clone();
        sorted.sort();
        assert_eq!(
            sorted,
            [
                "\"BalanceLow\" null",
                "\"CapNearlyReached\" \"Day\"",
                "\"CapNearlyReached\" \"Day\"",
                "\"CapNearlyReached\" \"Month\"",
                "\"CapReached\" \"Day\"",
                "\"CapReached\" \"Month\"",
            ],
            "each threshold is told once in its time: {told:?}"
        );
        app.verified().await;
    });
}

#[test]
fn a_cap_of_a_key_leaves_other_keys_alone_and_holds_under_concurrency() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let account = accounts::by_email(&app.db, "demo@example.com").await.expect("the account");
        let key = cmes_store::keys::list(&app.db, Some(account.id)).await.expect("keys")[0].id;
        let second = app.another_key("demo@example.com", None).await;
        let wanted = SetCap {
            account: "demo@example.com".into(),
            project: None,
            key: Some(key),
            period: Period::Day,
            amount: money("0.5"),
            warn_percent: 80,
        };
        let id = caps::set(&app.db, &wanted, app.clock.now()).await.expect("set");
        let calls =
            (0..20).map(|_| app.post("/v1/enrichment", r#"{"Content": "nordwind-pumpen.example", "Asynch": true}"#));
        let answers = futures_util::future::join_all(calls).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 202).count(), 5);
        assert!(answers.iter().all(|answer| answer.status == 202 || answer.json["type"] == "/problems/over-cap"));
        assert_eq!(app.call_with(&second, "POST", "/v1/enrichment", SITE).await.status, 200);
        assert_eq!(cmes_store::caps::list(&app.db, account.id).await.expect("caps").len(), 1);
        cmes_store::caps::remove(&app.db, account.id, id).await.expect("removed");
        assert_eq!(app.post("/v1/enrichment", SITE).await.status, 200);
        let unknown = SetCap { key: Some(cmes_types::KeyId(id.0)), ..wanted };
        assert!(caps::set(&app.db, &unknown, app.clock.now()).await.is_err());
        app.verified().await;
    });
}

#[test]
fn statistics_group_what_was_paid() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        // 2027-01-15T08:00:00Z, then the 15th again, then 31 days later.
        for pause in [0, 60, 31 * 24 * 3600] {
            app.clock.advance(Duration::from_secs(pause));
            assert_eq!(app.post("/v1/enrichment", SITE).await.status, 200);
        }
        app.post("/v1/enrichment", r#"{"Content": "hello"}"#).await.problem(405, "nothing-to-enrich");
        let ask = async |grouping: &str, period: &str| {
            let body = json!({"start": "2027-01-01", "END": "2027-12-31", "type": grouping, "period": period});
            let answer = app.post("/v1/info/statistics", body.to_string()).await;
            assert_eq!(answer.status, 200, "{answer:?}");
            answer.json
        };
        assert_eq!(
            ask("service", "day").await,
            json!([
                {"Period": "2027-01-15T00:00:00", "Sum": 0.2, "Currency": "GBP", "Service": "/v1/enrichment"},
                {"Period": "2027-02-15T00:00:00", "Sum": 0.1, "Currency": "GBP", "Service": "/v1/enrichment"}
            ])
        );
        assert_eq!(
            ask("Project", "MONTH").await,
            json!([
                {"Period": "2027-01-01T00:00:00", "Sum": 0.2, "Currency": "GBP", "Project": "Default"},
                {"Period": "2027-02-01T00:00:00", "Sum": 0.1, "Currency": "GBP", "Project": "Default"}
            ])
        );
        let all = ask("", "All").await;
        assert_eq!(
            all[0],
            json!({"Period": "2027-01-15T08:00:00", "Sum": 0.1, "Currency": "GBP", "Service": "/v1/enrichment",
                   "Project": "Default", "ApiKey": "Test"})
        );
        assert_eq!(all.as_array().map(Vec::len), Some(3));
        // Only what was asked for, only one's own.
        let body = r#"{"Start": "2027-01-15T08:01:00Z", "End": "2027-01-15T08:01:00Z"}"#;
        assert_eq!(app.post("/v1/info/statistics", body).await.json.as_array().map(Vec::len), Some(1));
        let other = app.new_key("other@example.com").await;
        let body = r#"{"Start": "2027-01-01", "End": "2028-01-01"}"#;
        assert_eq!(app.call_with(&other, "POST", "/v1/info/statistics", body).await.json, json!([]));
    });
}

#[test]
fn statistics_name_what_is_wrong_with_the_question() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        for (body, words) in [
            (r#"{}"#, "Start is required; End is required"),
            (r#"{"Start": "yesterday", "End": "2027-01-01"}"#, "Start takes a date"),
            (r#"{"Start": 5, "End": "2027-01-01"}"#, "Start takes a date"),
            (r#"{"Start": "2027-01-02", "End": "2027-01-01"}"#, "End has to be after Start"),
            (r#"{"Start": "2027-01-01", "End": "2027-01-01", "Type": "Key"}"#, "Type takes Project, Service, All"),
            (r#"{"Start": "2027-01-01", "End": "2027-01-01", "Period": "Week"}"#, "Period takes Day, Month, All"),
        ] {
            let detail = app.post("/v1/info/statistics", body).await.problem(405, "invalid-field");
            assert!(detail.contains(words), "{body}: {detail}");
        }
    });
}

#[test]
fn an_account_in_another_currency_pays_by_the_rate_and_never_nothing_for_want_of_one() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let open = async |email: &str, currency: &str| {
            let open = accounts::OpenAccount {
                email: email.into(),
                password: None,
                currency: currency.parse().expect("a currency"),
                credit: money("1"),
                is_operator: false,
            };
            accounts::open(&app.db, &open, app.clock.now()).await.expect("opened");
            app.another_key(email, None).await
        };
        let euro = open("euro@example.com", "EUR").await;
        assert_eq!(app.call_with(&euro, "POST", "/v1/enrichment", SITE).await.header("charge"), "0.1196988 EUR");
        let balance = app.call_with(&euro, "GET", "/v1/info/balance", "").await;
        assert_eq!(balance.text, r#"{"Balance":0.8803012,"Currency":"EUR"}"#);
        let franc = open("franc@example.com", "CHF").await;
        app.call_with(&franc, "POST", "/v1/enrichment", SITE).await.problem(500, "internal");
        app.verified().await;
    });
}

#[test]
fn the_ledger_cannot_be_changed_and_a_false_balance_is_found() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        assert_eq!(app.post("/v1/enrichment", SITE).await.status, 200);
        for statement in ["update ledger set amount = 0", "delete from ledger"] {
            let outcome = app.sql(statement).await;
            assert!(outcome.is_err_and(|error| error.contains("never")), "{statement}");
        }
        app.verified().await;
        app.sql("update accounts set balance = balance + 1").await.expect("the fraud");
        app.sql("update tasks set charged = 0").await.expect("another one");
        let found = cmes_store::ledger::verify(&app.db).await.expect("read");
        assert_eq!(found.faults.len(), 2, "{:?}", found.faults);
        assert!(found.faults[0].starts_with("demo@example.com: the balance is 24.90000001"), "{:?}", found.faults);
        assert!(app.sql("update accounts set balance = -1").await.is_err(), "no balance below zero");
    });
}
