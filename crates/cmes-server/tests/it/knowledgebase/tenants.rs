//! What another account has is as if it were not there.

use serde_json::{Value, json};

use super::done;
use crate::support::{TestApp, on_both_engines};

/// Every method with every way to name somebody else's base, parent and article.
const REQUESTS: &[(&str, &str)] = &[
    ("info", r#"{"KnowledgebaseID": "$BASE"}"#),
    ("info", r#"{"KnowledgebaseExternalID": 5}"#),
    ("info", r#"{"KnowledgebaseCode": 101}"#),
    ("update", r#"{"KnowledgebaseID": "$BASE", "Name": "x"}"#),
    ("update", r#"{"KnowledgebaseExternalID": 5, "Name": "x"}"#),
    ("update", r#"{"KnowledgebaseCode": 101, "Name": "x"}"#),
    ("delete", r#"{"KnowledgebaseID": "$BASE"}"#),
    ("delete", r#"{"KnowledgebaseExternalID": 5}"#),
    ("delete", r#"{"KnowledgebaseCode": 101}"#),
    ("entry/create", r#"{"KnowledgebaseID": "$BASE", "Name": "x"}"#),
    ("entry/create", r#"{"KnowledgebaseCode": 101, "Name": "x"}"#),
    ("entry/create", r#"{"KnowledgebaseExternalID": 7, "ParentID": "$ARTICLE", "Name": "x"}"#),
    ("entry/create", r#"{"KnowledgebaseExternalID": 7, "ParentExternalID": 6, "Name": "x"}"#),
    ("entry/create", r#"{"KnowledgebaseExternalID": 7, "ParentCode": 102, "Name": "x"}"#),
    ("entry/create", r#"{"KnowledgebaseExternalID": 7, "ParentID": "$BASE", "Name": "x"}"#),
    ("entry/update", r#"{"KnowledgebaseID": "$BASE", "ID": "$ARTICLE", "Name": "x"}"#),
    ("entry/update", r#"{"KnowledgebaseExternalID": 7, "ID": "$ARTICLE", "Name": "x"}"#),
    ("entry/update", r#"{"KnowledgebaseExternalID": 7, "ExternalID": 6, "Name": "x"}"#),
    ("entry/update", r#"{"KnowledgebaseExternalID": 7, "Code": 102, "Name": "x"}"#),
    ("entry/update", r#"{"KnowledgebaseExternalID": 7, "ExternalID": 8, "ParentID": "$ARTICLE"}"#),
    ("entry/info", r#"{"KnowledgebaseID": "$BASE", "ID": "$ARTICLE"}"#),
    ("entry/info", r#"{"KnowledgebaseExternalID": 7, "ID": "$ARTICLE"}"#),
    ("entry/info", r#"{"KnowledgebaseExternalID": 7, "ExternalID": 6}"#),
    ("entry/info", r#"{"KnowledgebaseExternalID": 7, "Code": 102}"#),
    ("entry/list", r#"{"KnowledgebaseID": "$BASE"}"#),
    ("entry/list", r#"{"KnowledgebaseExternalID": 7, "ParentID": "$ARTICLE"}"#),
    ("entry/delete", r#"{"KnowledgebaseID": "$BASE", "ID": "$ARTICLE"}"#),
    ("entry/delete", r#"{"KnowledgebaseExternalID": 7, "ID": "$ARTICLE"}"#),
    ("entry/delete", r#"{"KnowledgebaseExternalID": 7, "ExternalID": 6}"#),
    ("entry/delete", r#"{"KnowledgebaseExternalID": 7, "Code": 102}"#),
];

#[test]
fn another_accounts_objects_are_as_if_they_were_not_there() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let base = json!({"Name": "secret", "KnowledgebaseExternalID": 5, "KnowledgebaseCode": 101});
        let base = done(&app, "create", base).await;
        let article =
            json!({"KnowledgebaseExternalID": 5, "Name": "secret", "Body": "b", "ExternalID": 6, "Code": 102});
        let article = done(&app, "entry/create", article).await;
        let stranger = app.new_key("stranger@example.com").await;
        let own = r#"{"Name": "own", "KnowledgebaseExternalID": 7}"#;
        assert_eq!(app.call_with(&stranger, "POST", "/v1/knowledgebase/create", own).await.status, 200);
        let own = r#"{"KnowledgebaseExternalID": 7, "Name": "own", "ExternalID": 8}"#;
        assert_eq!(app.call_with(&stranger, "POST", "/v1/knowledgebase/entry/create", own).await.status, 200);

        let mine = snapshot(&app, &app.key).await;
        let theirs = snapshot(&app, &stranger).await;
        let mut answers = Vec::new();
        for there in [true, false] {
            for (method, body) in REQUESTS {
                let id = |id: &Value| id.as_str().expect("an ID").to_owned();
                let body =
                    body.replace("$BASE", &id(&base["KnowledgebaseID"])).replace("$ARTICLE", &id(&article["ID"]));
                let answer =
                    app.call_with(&stranger, "POST", &format!("/v1/knowledgebase/{method}"), body.clone()).await;
                let detail = answer.problem(405, "invalid-field");
                answers.push((there, format!("{method} {body}: {detail} {}", answer.json["errors"])));
            }
            assert_eq!(snapshot(&app, &stranger).await, theirs);
            if there {
                assert_eq!(snapshot(&app, &app.key).await, mine);
                done(&app, "delete", json!({"KnowledgebaseExternalID": 5})).await;
            }
        }
        let (existing, missing): (Vec<_>, Vec<_>) = answers.into_iter().partition(|(there, _)| *there);
        let texts = |answers: Vec<(bool, String)>| answers.into_iter().map(|(_, text)| text).collect::<Vec<_>>();
        assert_eq!(texts(existing), texts(missing));
    });
}

/// All that an account sees.
async fn snapshot(app: &TestApp, key: &str) -> Vec<String> {
    let bases = app.call_with(key, "GET", "/v1/knowledgebase/list", "").await;
    let mut seen = vec![bases.text.clone()];
    for base in bases.json.as_array().expect("a list") {
        let body = json!({"KnowledgebaseCode": base["Code"]}).to_string();
        seen.push(app.call_with(key, "POST", "/v1/knowledgebase/entry/list", body).await.text);
    }
    seen
}

#[test]
fn the_same_names_serve_every_account() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let stranger = app.new_key("stranger@example.com").await;
        let id = "66bb5a0a-a125-4a7d-a22d-85527c82a590";
        let base = json!({
            "Name": "a", "KnowledgebaseID": id, "KnowledgebaseExternalID": 5, "KnowledgebaseCode": 9,
        });
        let article = json!({"KnowledgebaseID": id, "Name": "a", "ID": id, "ExternalID": 5, "Code": 10});
        for key in [&app.key, &stranger] {
            for (method, body) in [("create", &base), ("entry/create", &article)] {
                let answer = app.call_with(key, "POST", &format!("/v1/knowledgebase/{method}"), body.to_string()).await;
                assert_eq!(answer.status, 200, "{answer:?}");
            }
        }
        done(&app, "delete", json!({"KnowledgebaseID": id})).await;
        let left = app.call_with(&stranger, "GET", "/v1/knowledgebase/list", "").await;
        assert_eq!(left.json[0]["EntriesCount"], 1);
    });
}

#[test]
fn every_method_asks_for_a_key() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        for method in [
            "create",
            "info",
            "update",
            "delete",
            "entry/create",
            "entry/info",
            "entry/update",
            "entry/delete",
            "entry/list",
        ] {
            app.anonymous("POST", &format!("/v1/knowledgebase/{method}")).await.problem(401, "unauthenticated");
            let answer = app.call("GET", &format!("/v1/knowledgebase/{method}"), "").await;
            answer.problem(405, "method-not-allowed");
        }
        app.anonymous("GET", "/v1/knowledgebase/list").await.problem(401, "unauthenticated");
    });
}
