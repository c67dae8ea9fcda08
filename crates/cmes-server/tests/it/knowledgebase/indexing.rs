//! What a change leaves to be indexed. The indexing itself does not run here.

use serde_json::{Value, json};

use super::done;
use crate::support::{TestApp, on_both_engines};

async fn base(app: &TestApp) {
    done(app, "create", json!({"Name": "base", "KnowledgebaseExternalID": 5})).await;
    for (external_id, parent) in [(1, 5), (2, 1), (3, 2), (4, 5)] {
        let body = json!({
            "KnowledgebaseExternalID": 5, "ExternalID": external_id, "ParentExternalID": parent,
            "Name": format!("article {external_id}"), "Body": "words",
        });
        done(app, "entry/create", body).await;
    }
}

/// As if everything had been indexed.
async fn set_indexed(app: &TestApp) {
    app.sql("update articles set state = 'indexed'").await.expect("set");
    app.sql("delete from jobs").await.expect("deleted");
}

/// Numbers of the articles that are to be indexed, and whether a job for it waits.
async fn pending(app: &TestApp) -> (Vec<i64>, bool) {
    let list = done(app, "entry/list", json!({"KnowledgebaseExternalID": 5})).await;
    let entries = list["Entries"].as_array().expect("a list").iter();
    let pending = entries.filter(|entry| entry["State"] == "Pending");
    let numbers = pending.filter_map(|entry| entry["ExternalID"].as_i64()).collect();
    let jobs = "select count(*) from jobs where id in (select job_id from knowledge_bases) and kind = 'index'";
    let has_job = app.count(jobs).await == 1;
    (numbers, has_job)
}

async fn update(app: &TestApp, body: Value) {
    let mut body = body;
    body["KnowledgebaseExternalID"] = 5.into();
    done(app, "entry/update", body).await;
}

#[test]
fn what_changes_is_indexed_again_with_what_is_below_a_changed_path() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        base(&app).await;
        assert_eq!(pending(&app).await, (vec![1, 2, 3, 4], true));
        set_indexed(&app).await;
        assert_eq!(pending(&app).await, (vec![], false));
        // The same once more, or other identifiers, change nothing that is found.
        update(&app, json!({"ExternalID": 2, "Name": "article 2", "Body": "words", "ParentExternalID": 1})).await;
        update(&app, json!({"ExternalID": 2, "Code": 70})).await;
        assert_eq!(pending(&app).await, (vec![], false));
        update(&app, json!({"ExternalID": 2, "Body": "other words"})).await;
        assert_eq!(pending(&app).await, (vec![2], true));
        set_indexed(&app).await;
        update(&app, json!({"ExternalID": 1, "Name": "new"})).await;
        assert_eq!(pending(&app).await, (vec![1, 2, 3], true));
        set_indexed(&app).await;
        update(&app, json!({"ExternalID": 2, "ParentExternalID": 4})).await;
        assert_eq!(pending(&app).await, (vec![2, 3], true));
        set_indexed(&app).await;
        // A base's own name is not part of the path.
        done(&app, "update", json!({"KnowledgebaseExternalID": 5, "Name": "new"})).await;
        assert_eq!(pending(&app).await, (vec![], false));
    });
}

#[test]
fn a_base_is_indexed_once_every_article_is() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        done(&app, "create", json!({"Name": "base", "KnowledgebaseExternalID": 5})).await;
        let is_indexed =
            async || done(&app, "info", json!({"KnowledgebaseExternalID": 5})).await["IsIndexed"] == json!(true);
        assert!(is_indexed().await, "nothing is left to be indexed");
        done(&app, "entry/create", json!({"KnowledgebaseExternalID": 5, "Name": "a", "ExternalID": 1})).await;
        assert!(!is_indexed().await);
        app.sql("update articles set state = 'words'").await.expect("set");
        assert!(!is_indexed().await, "its vectors are to be made");
        app.sql("update articles set state = 'indexed'").await.expect("set");
        assert!(is_indexed().await);
        let list = app.call("GET", "/v1/knowledgebase/list", "").await;
        assert_eq!(list.json[0]["IsIndexed"], true);
        app.sql("update articles set state = 'failed', failure = 'the embedder refuses it'").await.expect("set");
        assert!(!is_indexed().await, "it is not found");
        let article = json!({"KnowledgebaseExternalID": 5, "ExternalID": 1});
        let info = done(&app, "entry/info", article.clone()).await;
        assert_eq!((&info["State"], &info["Failure"]), (&json!("Failed"), &json!("the embedder refuses it")));
        // A change is another try.
        update(&app, json!({"ExternalID": 1, "Body": "shorter"})).await;
        let info = done(&app, "entry/info", article).await;
        assert_eq!((&info["State"], &info["Failure"]), (&json!("Pending"), &Value::Null));
    });
}

#[test]
fn a_base_tells_its_words_and_the_tokens_of_its_texts() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        done(&app, "create", json!({"Name": "base", "KnowledgebaseExternalID": 5})).await;
        let create = async |body: &str| {
            done(&app, "entry/create", json!({"KnowledgebaseExternalID": 5, "Name": "a", "Body": body})).await
        };
        create("Eight letters are two tokens.").await;
        let first = done(&app, "info", json!({"KnowledgebaseExternalID": 5})).await["Tokens"].clone();
        // The same in HTML: the markup is not counted, but kept.
        let body = "<p class=\"a long name of a class\">Eight letters are <b>two</b> tokens.</p>";
        let code = create(body).await["Code"].clone();
        let article = done(&app, "entry/info", json!({"KnowledgebaseExternalID": 5, "Code": code})).await;
        assert_eq!(article["Body"], body);
        app.sql("update knowledge_bases set content = 'pump warranty'").await.expect("set");
        let info = done(&app, "info", json!({"KnowledgebaseExternalID": 5})).await;
        assert_eq!(info["TotalTokens"], info["Tokens"]);
        let (first, both) = (first.as_i64().expect("a number"), info["Tokens"].as_i64().expect("a number"));
        assert!((2 * first - 2..=2 * first + 2).contains(&both), "{first} and then {both}");
        assert_eq!(info["Content"], "pump warranty");
        done(&app, "entry/update", json!({"KnowledgebaseExternalID": 5, "Code": code, "Body": ""})).await;
        assert_eq!(done(&app, "info", json!({"KnowledgebaseExternalID": 5})).await["Tokens"], first);
    });
}
