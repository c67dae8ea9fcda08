//! The examples of the reference, pasted.

use cmes_types::Clock;
use http::StatusCode;

use super::Transcript;
use crate::support::{TestApp, on_both_engines};

/// Every `curl` of the reference's sections about knowledge bases, in an order in which one can follow the other.
const EXAMPLES: &[&str] = &[
    r#"curl https://api.c-mes.tech/v1/knowledgebase/list \ -H "Content-Type: application/json" \ -H "Authorization: Bearer $API_KEY" \"#,
    r#"curl https://api.c-mes.tech/v1/knowledgebase/create \ -H "Content-Type: application/json" \ -H "Authorization: Bearer $API_KEY" \ -d '{ "name": "C-MES Solutions Ltd", "body": "Company description for job of sales assistant robot", "knowledgebaseexternalid": 15051 }'"#,
    r#"curl https://api.c-mes.tech/v1/knowledgebase/entry/create \ -H "Content-Type: application/json" \ -H "Authorization: Bearer $API_KEY" \ -d '{ "name": "C-MES Solutions Ltd. (Main)", "body": "C-MES (Collaborative Manufacturing Execution System) is a software product and solution integrated into ERP systems designed ....", "knowledgebaseexternalid": 15051, "externalid": 15052, "parentexternalid": 15051 }'"#,
    r#"curl https://api.c-mes.tech/v1/knowledgebase/entry/update \ -H "Content-Type: application/json" \ -H "Authorization: Bearer $API_KEY" \ -d '{ "body": "ERP systems designed ....", "knowledgebaseexternalid": 15051, "externalid": 15052 }'"#,
    r#"curl https://api.c-mes.tech/v1/knowledgebase/info \ -H "Content-Type: application/json" \ -H "Authorization: Bearer $API_KEY" \ -d '{ "knowledgebaseexternalid": 15051 }'"#,
    r#"curl https://api.c-mes.tech/v1/knowledgebase/list \ -H "Content-Type: application/json" \ -H "Authorization: Bearer $API_KEY" \"#,
    r#"curl https://api.c-mes.tech/v1/knowledgebase/entry/delete \ -H "Content-Type: application/json" \ -H "Authorization: Bearer $API_KEY" \ -d '{ "knowledgebaseexternalid": 15051, "externalid": 15052 }'"#,
    r#"curl https://api.c-mes.tech/v1/knowledgebase/delete \ -H "Content-Type: application/json" \ -H "Authorization: Bearer $API_KEY" \ -d '{ "knowledgebaseexternalid": 15051 }'"#,
    r#"curl https://api.c-mes.tech/v1/knowledgebase/list \ -H "Content-Type: application/json" \ -H "Authorization: Bearer $API_KEY" \"#,
];

#[test]
fn the_references_examples_work_and_are_free() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let mut transcript = Transcript::of(&app);
        for example in EXAMPLES {
            let path = example.split_whitespace().nth(1).and_then(|url| url.strip_prefix("https://api.c-mes.tech"));
            let path = path.expect("the address of a method");
            let body = example.split_once("-d '").map(|(_, body)| body.trim_end_matches('\''));
            let answer = app.call(if body.is_some() { "POST" } else { "GET" }, path, body.unwrap_or_default()).await;
            assert_eq!(answer.status, StatusCode::OK, "{example}");
            transcript.note(&format!("{path} {}", body.unwrap_or_default()), answer);
        }
        insta::assert_snapshot!(transcript.text());
        assert_eq!(app.balance().await, "25");
    });
}

#[test]
fn a_repeated_request_gets_the_first_answer() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let create = |key: &'static str| app.post_with_key(key, "/v1/knowledgebase/create", r#"{"Name": "Pumps"}"#);
        let (first, again, other) = (create("a").await, create("a").await, create("b").await);
        assert_eq!((first.status.as_u16(), &first.text), (200, &again.text));
        assert_eq!(again.header("idempotent-replayed"), "true");
        assert_ne!(first.text, other.text);
        let article = format!(r#"{{"KnowledgebaseCode": {}, "Name": "a"}}"#, first.json["KnowledgebaseCode"]);
        let create = |key: &'static str| app.post_with_key(key, "/v1/knowledgebase/entry/create", article.clone());
        let (first, again) = (create("c").await, create("c").await);
        assert_eq!((first.status.as_u16(), first.text), (200, again.text));
        let bases = app.call("GET", "/v1/knowledgebase/list", "").await;
        assert_eq!((bases.json[0]["EntriesCount"].clone(), bases.json[2].is_null()), (1.into(), true));
    });
}

/// What a request made whose process died before it answered is found by the next try.
#[test]
fn a_request_that_was_cut_off_is_not_done_twice() {
    use cmes_app::knowledge::{articles, bases};
    use cmes_store::articles::Parent;
    use cmes_store::identifiers::Identifiers;
    use cmes_store::knowledge_bases::NewBase;

    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let account = cmes_store::accounts::list(&app.db).await.expect("accounts")[0].id;
        let (record, now) = (Some(uuid::Uuid::from_u128(77)), app.clock.now());
        let identifiers = Identifiers { external_id: Some(5), ..Identifiers::default() };
        let new = NewBase { identifiers, name: "Pumps", body: "" };
        let base = bases::create(&app.db, account, new, record, now).await.expect("made");
        assert_eq!(bases::create(&app.db, account, new, record, now).await.expect("found"), base);
        let base = bases::named(&app.db, account, &identifiers).await.expect("the base");
        let article = || articles::CreateArticle {
            identifiers,
            parent: Parent::Top,
            name: "Warranty",
            body: "Two years.".to_owned(),
            source: None,
        };
        let made = articles::create(&app.db, account, &base, article(), record, now).await.expect("made");
        let again = articles::create(&app.db, account, &base, article(), record, now).await.expect("found");
        assert_eq!(made, again);
    });
}
