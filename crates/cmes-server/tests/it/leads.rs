//! Lead generation: its answers, its money, and what becomes of it when it is stopped or its process dies.

mod searching;

use axum::response::IntoResponse;
use cmes_app::caps::{self, SetCap};
use cmes_store::caps::Period;
use cmes_testkit::models::{ModelServer, Reply};
use cmes_testkit::{SearchReply, SearchServer};
use cmes_types::Clock;
use http::{Request, header};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support::{Answer, Engine, LEASE, TestApp, on_both_engines};
use crate::tasks::result;

/// Companies among the demo sites that can be read in plain HTML, the first three with telephone numbers.
pub const PUMPS: &str = "nordwind-pumpen.example";
const BOLTS: &str = "thornfield-fasteners.example";
const VALVES: &str = "haicheng-valve.example";
const PARKED: &str = "goldfinch-trading.example";
/// Asks for all of them, in more than one search.
pub const QUERY: &str = "manufacturers of pumps, fasteners or valves";

/// An app whose one provider of search is this server.
async fn app(engine: Engine, server: &SearchServer) -> TestApp {
    TestApp::with_sites(engine).await.searching_with(server)
}

pub async fn submit(app: &TestApp, fields: Value) -> String {
    let mut body = json!({"Content": QUERY});
    body.as_object_mut().expect("an object").extend(fields.as_object().expect("fields").clone());
    let answer = app.post("/v1/leadgeneration", body.to_string()).await;
    assert_eq!(answer.status, 202, "{answer:?}");
    answer.json["ID"].as_str().expect("an ID").to_owned()
}

pub fn names(answer: &Answer) -> Vec<&str> {
    let mut names: Vec<&str> = answer
        .json
        .as_array()
        .unwrap_or_else(|| panic!("a list: {answer:?}"))
        .iter()
        .map(|lead| lead["CompanyName"].as_str().expect("a name"))
        .collect();
    names.sort_unstable();
    names
}

async fn cancel(app: &TestApp, id: &str) -> Answer {
    app.post("/v1/cancel", json!({ "ID": id }).to_string()).await
}

/// Waits until so many leads are stored.
async fn leads_are_kept(app: &TestApp, count: i64) {
    while app.count("select count(*) from leads").await < count {
        tokio::task::yield_now().await;
    }
}

/// Finds these hosts with the first question, and never answers a second one.
async fn search_that_hangs(hosts: &'static [&'static str]) -> SearchServer {
    let answer = |number, _: &str| if number == 0 { SearchReply::hosts(hosts) } else { SearchReply::Hang };
    SearchServer::start(answer).await.expect("a server")
}

async fn search_for(hosts: &'static [&'static str]) -> SearchServer {
    SearchServer::start(move |_, _| SearchReply::hosts(hosts)).await.expect("a server")
}

#[test]
fn leads_are_found_and_paid_one_by_one() {
    on_both_engines(async |engine| {
        let server = search_for(&[PUMPS, PARKED, BOLTS, "nowhere.example", VALVES]).await;
        let app = app(engine, &server).await;
        let id = submit(&app, json!({})).await;
        assert_eq!(app.balance().await, "24", "the price of ten is set aside");
        assert_eq!(result(&app, &id).await.status, 202);
        app.work().await;
        let answer = result(&app, &id).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json.as_array().map(Vec::len), Some(3), "fewer than asked for is no error: {answer:?}");
        assert!(names(&answer).contains(&"Nordwind Pumpen GmbH"));
        assert_eq!((answer.header("charge"), app.balance().await.as_str()), ("0.3 GBP", "24.7"));
        let lead = &answer.json[0];
        assert!(lead.get("Extended").is_none() && lead.get("Evidence").is_none() && lead.get("Conditions").is_none());
        app.verified().await;
    });
}

#[test]
fn no_more_leads_are_finished_than_are_wanted() {
    on_both_engines(async |engine| {
        let server = search_for(&[PUMPS, BOLTS, VALVES]).await;
        let app = app(engine, &server).await;
        let answer = app
            .post(
                "/v1/leadgeneration",
                json!({"Content": QUERY, "MaxCount": 2, "Asynch": false, "Explain": true}).to_string(),
            )
            .await;
        assert_eq!((answer.status.as_u16(), names(&answer).len()), (200, 2));
        assert!(answer.json[0]["Conditions"].is_array() && answer.json[0]["Evidence"].is_array());
        assert_eq!((answer.header("charge"), app.balance().await.as_str()), ("0.2 GBP", "24.8"));
        app.verified().await;
    });
}

#[test]
fn nothing_found_is_an_empty_list_and_free() {
    on_both_engines(async |engine| {
        let server = search_for(&[PARKED]).await;
        let app = app(engine, &server).await;
        let id = submit(&app, json!({})).await;
        app.work().await;
        let answer = result(&app, &id).await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, "[]"));
        assert_eq!((answer.header("charge"), app.balance().await.as_str()), ("", "25"));
        app.verified().await;
    });
}

#[test]
fn too_little_money_says_how_many_it_would_pay_for() {
    on_both_engines(async |engine| {
        let server = search_for(&[PUMPS]).await;
        let app = app(engine, &server).await;
        let ask = async |count: u32| {
            app.post("/v1/leadgeneration", json!({"Content": QUERY, "MaxCount": count}).to_string()).await
        };
        assert_eq!(ask(100).await.status, 202, "10 GBP");
        assert_eq!(ask(100).await.status, 202, "10 GBP more");
        let detail = ask(100).await.problem(402, "not-enough-money");
        assert!(detail.contains("it would pay for 50"), "{detail}");
        assert!(server.asked().is_empty(), "nothing was searched for");
        app.verified().await;
    });
}

#[test]
fn wrong_requests_are_refused_and_a_dry_run_tells_the_price() {
    on_both_engines(async |engine| {
        let server = search_for(&[]).await;
        let app = app(engine, &server).await;
        for body in [
            json!({}),
            json!({"Content": "  "}),
            json!({"Content": QUERY, "MaxCount": 0}),
            json!({"Content": QUERY, "MaxCount": 101}),
            json!({"Content": QUERY, "MaxCount": "many"}),
            json!({"Content": QUERY, "LanguageCode": "xx"}),
            json!({"Content": "x".repeat(2_001)}),
            json!({"Content": QUERY, "OutWebHook": "ftp://example.com"}),
        ] {
            app.post("/v1/leadgeneration", body.to_string()).await.problem(405, "invalid-field");
        }
        let dry = app.post("/v1/leadgeneration", json!({"Content": QUERY, "DryRun": true}).to_string()).await;
        assert_eq!((dry.status.as_u16(), &dry.json["Price"]), (200, &json!(1)), "{dry:?}");
        assert_eq!((app.balance().await.as_str(), server.asked().len()), ("25", 0));
    });
}

#[test]
fn when_no_provider_answers_the_error_says_what_to_configure_and_is_free() {
    on_both_engines(async |engine| {
        let server = SearchServer::start(|_, _| SearchReply::Refuse(403)).await.expect("a server");
        let app = app(engine, &server).await;
        let answer = app.post("/v1/leadgeneration", json!({"Content": QUERY, "Asynch": false}).to_string()).await;
        let detail = answer.problem(500, "search-failed");
        assert!(detail.contains("searxng") && detail.contains("formats"), "{detail}");
        assert_eq!(app.balance().await, "25");
        app.verified().await;
    });
}

#[test]
fn a_search_that_is_stopped_keeps_and_bills_what_is_finished() {
    on_both_engines(async |engine| {
        let server = search_that_hangs(&[PUMPS, BOLTS]).await;
        let app = app(engine, &server).await;
        let id = submit(&app, json!({"MaxCount": 5})).await;
        let ((), (progress, stopped)) = tokio::join!(app.work(), async {
            leads_are_kept(&app, 2).await;
            (result(&app, &id).await, cancel(&app, &id).await)
        });
        assert_eq!(progress.text, r#"{"Status":"Request in processing","Progress":40}"#);
        assert_eq!((stopped.status.as_u16(), &stopped.json["Status"]), (200, &json!("Cancelled")));
        let answer = result(&app, &id).await;
        assert_eq!((answer.status.as_u16(), names(&answer).len()), (200, 2));
        assert_eq!((answer.header("charge"), app.balance().await.as_str()), ("0.2 GBP", "24.8"));
        app.verified().await;
        // And one of which nothing is finished is free.
        let id = submit(&app, json!({})).await;
        assert_eq!(cancel(&app, &id).await.json["Status"], "Cancelled");
        result(&app, &id).await.problem(405, "cancelled");
        assert_eq!(app.balance().await, "24.8");
        app.verified().await;
    });
}

#[test]
fn a_process_that_takes_over_goes_on_after_the_last_finished_lead() {
    on_both_engines(async |engine| {
        let server = search_that_hangs(&[PUMPS, BOLTS]).await;
        let first = app(engine, &server).await;
        let id = submit(&first, json!({"MaxCount": 3})).await;
        // The first process finishes two leads and dies while it waits for a provider.
        tokio::select! {
            () = first.work() => panic!("the search ends"),
            () = leads_are_kept(&first, 2) => {}
        }
        let before = result(&first, &id).await;
        assert_eq!(before.status, 202);
        let other = search_for(&[PUMPS, VALVES, BOLTS]).await;
        let second = first.searching_with(&other);
        second.clock.advance(LEASE);
        second.work().await;
        let answer = result(&second, &id).await;
        assert_eq!((answer.status.as_u16(), names(&answer).len()), (200, 3), "{answer:?}");
        assert_eq!((answer.header("charge"), second.balance().await.as_str()), ("0.3 GBP", "24.7"));
        let pages = second.site_requests_of(PUMPS);
        second.work().await;
        assert_eq!(second.site_requests_of(PUMPS), pages);
        second.verified().await;
    });
}

#[test]
fn a_caller_who_goes_away_pays_nothing() {
    on_both_engines(async |engine| {
        let server = search_that_hangs(&[PUMPS]).await;
        let app = app(engine, &server).await;
        let body = json!({"Content": QUERY, "Asynch": false}).to_string();
        tokio::select! {
            answer = app.post("/v1/leadgeneration", body) => panic!("the search hangs: {answer:?}"),
            () = leads_are_kept(&app, 1) => {}
        }
        while app.balance().await != "25" {
            tokio::task::yield_now().await;
        }
        app.verified().await;
    });
}

#[test]
fn leads_are_streamed_as_they_are_finished() {
    on_both_engines(async |engine| {
        let server = search_for(&[PUMPS, BOLTS]).await;
        let app = app(engine, &server).await;
        let id = submit(&app, json!({"MaxCount": 2})).await;
        let request = Request::get(format!("/v1/getresult/events?ID={id}"))
            .header(header::AUTHORIZATION, format!("Bearer {}", app.key))
            .body(axum::body::Body::empty())
            .expect("a request");
        let response = app.router.clone().oneshot(request).await.expect("the router answers");
        let (body, ()) = tokio::join!(axum::body::to_bytes(response.into_body(), usize::MAX), app.work());
        let text = String::from_utf8(body.expect("a body").to_vec()).expect("UTF-8");
        let events: Vec<&str> = text.split("\n\n").filter_map(|event| event.strip_prefix("event: ")).collect();
        let count = |name: &str| events.iter().filter(|event| event.starts_with(name)).count();
        assert_eq!((count("lead"), count("result")), (2, 1), "{events:?}");
        assert!(events.last().is_some_and(|event| event.starts_with("result") && event.contains("\"Success\"")));
    });
}

#[test]
fn exceptions_hold_for_every_lead() {
    on_both_engines(async |engine| {
        let server = search_for(&[PUMPS, BOLTS]).await;
        let app = app(engine, &server).await;
        let id = submit(&app, json!({"Exceptions": "Nordwind"})).await;
        app.work().await;
        let answer = result(&app, &id).await;
        assert!(!answer.text.contains("Nordwind") && answer.json.as_array().is_some_and(|leads| leads.len() == 1));
        assert_eq!(app.balance().await, "24.9", "a company without its name is no lead");
        app.verified().await;
    });
}

#[test]
fn the_end_is_told_by_webhook() {
    on_both_engines(async |engine| {
        let server = search_for(&[PUMPS]).await;
        let app = app(engine, &server).await;
        let receiver =
            cmes_testkit::Receiver::start(|_| http::StatusCode::OK.into_response()).await.expect("a receiver");
        let id = submit(&app, json!({"OutWebHook": receiver.url()})).await;
        app.work().await;
        app.work().await;
        let told: Value = serde_json::from_str(&receiver.received()[0].body).expect("JSON");
        assert_eq!(
            (&told["ID"], &told["Status"], &told["Method"]),
            (&json!(id), &json!("Success"), &json!("/v1/leadgeneration"))
        );
        assert_eq!(told["Response"].as_array().map(Vec::len), Some(1));
        assert_eq!(told["Request"]["Content"], QUERY);
    });
}

#[test]
fn a_model_words_further_searches_and_may_fail() {
    on_both_engines(async |engine| {
        let found = |_, words: &str| match words {
            "bolt makers Britain" => SearchReply::hosts(&[BOLTS]),
            _ => SearchReply::hosts(&[PUMPS]),
        };
        for (reply, expected) in [
            (Reply::say(r#"{"searches": [{"text": "bolt makers Britain", "language": "en"}]}"#), 2),
            (Reply::say("no JSON"), 1),
            (Reply::refuse(400, "no"), 1),
        ] {
            let search = SearchServer::start(found).await.expect("a server");
            let model = ModelServer::start(move |_| reply.clone()).await.expect("a model");
            let app = TestApp::with_model(engine, &model).await.searching_with(&search);
            let id = submit(&app, json!({})).await;
            app.work().await;
            let answer = result(&app, &id).await;
            assert_eq!(names(&answer).len(), expected, "{answer:?} {:?}", search.asked());
            let asked = model.asked();
            let words = &asked[0].json["messages"][1]["content"];
            assert!(words.as_str().is_some_and(|words| words.contains(QUERY)), "{words}");
            app.verified().await;
        }
    });
}

#[test]
fn the_same_request_with_one_key_is_one_task() {
    on_both_engines(async |engine| {
        let server = search_for(&[PUMPS]).await;
        let app = app(engine, &server).await;
        let body = json!({"Content": QUERY}).to_string();
        let first = app.post_with_key("a", "/v1/leadgeneration", body.clone()).await;
        let again = app.post_with_key("a", "/v1/leadgeneration", body).await;
        assert_eq!((first.status.as_u16(), &first.text), (202, &again.text));
        assert_eq!((again.header("idempotent-replayed"), app.balance().await.as_str()), ("true", "24"));
        let more = json!({"Content": QUERY, "MaxCount": 20}).to_string();
        app.post_with_key("a", "/v1/leadgeneration", more).await.problem(405, "idempotency-key-reused");
        app.work().await;
        assert_eq!(app.balance().await, "24.9");
        let now = json!({"Content": QUERY, "Asynch": false}).to_string();
        let first = app.post_with_key("b", "/v1/leadgeneration", now.clone()).await;
        let again = app.post_with_key("b", "/v1/leadgeneration", now).await;
        assert_eq!((first.header("charge"), again.header("charge"), &first.text), ("0.1 GBP", "", &again.text));
        assert_eq!(app.balance().await, "24.8");
        app.verified().await;
    });
}

#[test]
fn places_are_judged_whatever_language_the_answer_is_in() {
    on_both_engines(async |engine| {
        let server = search_for(&[PUMPS, BOLTS]).await;
        let app = app(engine, &server).await;
        for (language, country) in [("de", "Deutschland"), ("en", "Germany"), ("fr", "Allemagne"), ("ja", "ドイツ")]
        {
            let body = json!({
                "Content": "pump manufacturers in Germany with more than 50 employees", "LanguageCode": language,
                "Asynch": false, "Explain": true, "Extended": true,
            });
            let answer = app.post("/v1/leadgeneration", body.to_string()).await;
            assert_eq!((answer.status.as_u16(), names(&answer)), (200, vec!["Nordwind Pumpen GmbH"]), "{answer:?}");
            let lead = &answer.json[0];
            assert_eq!(lead["Address"]["Country"], country);
            assert!(lead["Extended"].is_object(), "{lead}");
            let place =
                lead["Conditions"].as_array().and_then(|all| all.iter().find(|it| it["Condition"] == "Germany"));
            assert_eq!(place.map(|place| &place["Standing"]), Some(&json!("Meets")), "{lead}");
        }
    });
}

#[test]
fn a_cap_holds_for_the_price_of_all_that_is_wanted() {
    on_both_engines(async |engine| {
        let server = search_for(&[PUMPS]).await;
        let app = app(engine, &server).await;
        let cap = SetCap {
            account: "demo@example.com".into(),
            project: Some("Default".into()),
            key: None,
            period: Period::Day,
            amount: "0.5".parse().expect("an amount"),
            warn_percent: 50,
        };
        caps::set(&app.db, &cap, app.clock.now()).await.expect("set");
        let detail =
            app.post("/v1/leadgeneration", json!({"Content": QUERY}).to_string()).await.problem(402, "over-cap");
        assert!(detail.contains("0.5 GBP a day"), "{detail}");
        assert_eq!((app.balance().await.as_str(), server.asked().len()), ("25", 0));
        // What is not found is given back to the cap.
        for balance in ["24.9", "24.8"] {
            let id = submit(&app, json!({"MaxCount": 4})).await;
            app.work().await;
            assert_eq!(result(&app, &id).await.status, 200);
            assert_eq!(app.balance().await, balance);
        }
        app.post("/v1/leadgeneration", json!({"Content": QUERY, "MaxCount": 4}).to_string())
            .await
            .problem(402, "over-cap");
        app.verified().await;
    });
}
