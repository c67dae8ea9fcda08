//! Sections: who stands below whom, moves, levels, lists, deletion.

use serde_json::{Value, json};

use super::{Transcript, done};
use crate::support::{TestApp, on_both_engines};

/// A base with the number 5 and articles of these numbers and parents.
async fn base(app: &TestApp, articles: &[(i64, i64)]) {
    done(app, "create", json!({"Name": "base", "KnowledgebaseExternalID": 5})).await;
    for (external_id, parent) in articles {
        let body = json!({
            "KnowledgebaseExternalID": 5, "ExternalID": external_id, "ParentExternalID": parent,
            "Name": format!("article {external_id}"), "Body": format!("words of {external_id}"),
        });
        done(app, "entry/create", body).await;
    }
}

/// `number below number` of each article.
async fn tree(app: &TestApp) -> String {
    let list = done(app, "entry/list", json!({"KnowledgebaseExternalID": 5})).await;
    let entries = list["Entries"].as_array().expect("a list").iter();
    let lines: Vec<_> = entries.map(|e| format!("{} below {}", e["ExternalID"], e["ParentExternalID"])).collect();
    lines.join(", ")
}

#[test]
fn the_parent_is_an_article_or_the_base_itself() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let base = done(&app, "create", json!({"Name": "base", "KnowledgebaseExternalID": 5})).await;
        let other = json!({"Name": "other", "KnowledgebaseExternalID": 6});
        done(&app, "create", other).await;
        let mut t = Transcript::of(&app);
        t.say("the base by each of its names, and without any parent: the top level");
        let id = base["KnowledgebaseID"].as_str().expect("an ID");
        t.post(
            "entry/create",
            format!(r#"{{"KnowledgebaseCode": 1, "ParentID": "{id}", "Name": "a", "ExternalID": 11}}"#),
        )
        .await;
        t.post("entry/create", r#"{"KnowledgebaseCode": 1, "ParentExternalID": 5, "Name": "b"}"#).await;
        t.post("entry/create", r#"{"KnowledgebaseCode": 1, "ParentCode": 1, "Name": "c"}"#).await;
        t.post("entry/create", r#"{"KnowledgebaseCode": 1, "Name": "d"}"#).await;
        t.say("an article, named in several ways that agree");
        t.post("entry/create", r#"{"KnowledgebaseCode": 1, "ParentExternalID": 11, "ParentCode": 3, "Name": "e"}"#)
            .await;
        t.post("entry/create", r#"{"KnowledgebaseCode": 1, "ParentExternalID": 11, "ParentCode": 4, "Name": "f"}"#)
            .await;
        t.say("nobody, another base, an article of another base");
        t.post("entry/create", r#"{"KnowledgebaseCode": 1, "ParentExternalID": 99, "Name": "f"}"#).await;
        t.post("entry/create", r#"{"KnowledgebaseCode": 1, "ParentExternalID": 6, "Name": "f"}"#).await;
        t.post("entry/create", r#"{"KnowledgebaseCode": 2, "ParentExternalID": 11, "Name": "f"}"#).await;
        t.say("where an article has the base's number, it is meant; the base is meant by its code");
        t.post("entry/create", r#"{"KnowledgebaseCode": 1, "ParentExternalID": 5, "ExternalID": 5, "Name": "g"}"#)
            .await;
        t.post("entry/create", r#"{"KnowledgebaseCode": 1, "ParentExternalID": 5, "Name": "h"}"#).await;
        t.post("entry/create", r#"{"KnowledgebaseCode": 1, "ParentCode": 1, "ParentExternalID": 5, "Name": "i"}"#)
            .await;
        t.say("all of it");
        t.post("entry/list", r#"{"KnowledgebaseCode": 1}"#).await;
        let info = t.post("entry/info", r#"{"KnowledgebaseCode": 1, "Code": 9}"#).await;
        t.say("what info tells can be sent back");
        let mut fields = info.clone();
        fields.as_object_mut().expect("an object").retain(|name, _| name.starts_with("Parent") || name == "ID");
        fields["KnowledgebaseCode"] = 1.into();
        assert_eq!(done(&app, "entry/update", fields).await["Code"], 9);
        assert_eq!(done(&app, "entry/info", json!({"KnowledgebaseCode": 1, "Code": 9})).await, info);
        t.assert("parents");
    });
}

#[test]
fn an_article_moves_with_everything_below_it_but_never_below_itself() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        base(&app, &[(1, 5), (2, 1), (3, 2), (4, 5)]).await;
        let update = async |body: Value| {
            let mut body = body;
            body["KnowledgebaseExternalID"] = 5.into();
            app.post("/v1/knowledgebase/entry/update", body.to_string()).await
        };
        for parent in [1, 2, 3] {
            let detail =
                update(json!({"ExternalID": 1, "ParentExternalID": parent})).await.problem(405, "invalid-field");
            let expected = "ParentExternalID names the article itself or one below it, where it cannot stand";
            assert_eq!(detail, expected, "below {parent}");
        }
        assert_eq!(update(json!({"ExternalID": 2, "ParentExternalID": 4})).await.status, 200);
        assert_eq!(tree(&app).await, "1 below 5, 2 below 4, 3 below 2, 4 below 5");
        // Without a parent, an article stays where it is.
        assert_eq!(update(json!({"ExternalID": 2, "Name": "new"})).await.status, 200);
        assert_eq!(tree(&app).await, "1 below 5, 2 below 4, 3 below 2, 4 below 5");
        assert_eq!(update(json!({"ExternalID": 3, "ParentExternalID": 5})).await.status, 200);
        assert_eq!(update(json!({"ExternalID": 4, "ParentExternalID": 3})).await.status, 200);
        assert_eq!(tree(&app).await, "1 below 5, 2 below 4, 3 below 5, 4 below 3");
        // A refused move changes nothing else either.
        let refused = update(json!({"ExternalID": 3, "ParentExternalID": 2, "Name": "changed", "Code": 77})).await;
        refused.problem(405, "invalid-field");
        let article = done(&app, "entry/info", json!({"KnowledgebaseExternalID": 5, "ExternalID": 3})).await;
        assert_eq!((article["Name"].clone(), article["Code"].clone()), ("article 3".into(), 4.into()));
    });
}

#[test]
fn a_tree_has_64_levels() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let chain: Vec<_> = (101..=164).map(|number| (number, if number == 101 { 5 } else { number - 1 })).collect();
        base(&app, &chain).await;
        let create = json!({"KnowledgebaseExternalID": 5, "ParentExternalID": 164, "Name": "too deep"});
        let detail = app.post("/v1/knowledgebase/entry/create", create.to_string()).await.problem(405, "invalid-field");
        assert_eq!(detail, "ParentExternalID stands too deep: a tree has at most 64 levels");
        // Two levels moved below the 63rd would make 65.
        for (external_id, parent) in [(201, 5), (202, 201)] {
            let body = json!({
                "KnowledgebaseExternalID": 5, "ExternalID": external_id, "ParentExternalID": parent, "Name": "a",
            });
            done(&app, "entry/create", body).await;
        }
        let to = |parent: i64| json!({"KnowledgebaseExternalID": 5, "ExternalID": 201, "ParentExternalID": parent});
        app.post("/v1/knowledgebase/entry/update", to(163).to_string()).await.problem(405, "invalid-field");
        done(&app, "entry/update", to(162)).await;
    });
}

#[test]
fn a_list_comes_in_parts_whole_or_by_section() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        base(&app, &[(1, 5), (2, 1), (3, 1), (4, 5), (6, 4), (7, 1)]).await;
        let mut t = Transcript::of(&app);
        t.post("entry/list", r#"{"KnowledgebaseExternalID": 5, "Limit": 4}"#).await;
        t.post("entry/list", r#"{"KnowledgebaseExternalID": 5, "Limit": 4, "After": 5}"#).await;
        t.say("the top level and a section, in parts");
        t.post("entry/list", r#"{"KnowledgebaseExternalID": 5, "ParentExternalID": 5}"#).await;
        t.post("entry/list", r#"{"KnowledgebaseExternalID": 5, "ParentExternalID": 1, "Limit": 2}"#).await;
        t.post("entry/list", r#"{"KnowledgebaseExternalID": 5, "ParentExternalID": 1, "Limit": 2, "After": 4}"#).await;
        t.say("the end of a list that an article was deleted from meanwhile");
        done(&app, "entry/delete", json!({"KnowledgebaseExternalID": 5, "ExternalID": 3})).await;
        t.post("entry/list", r#"{"KnowledgebaseExternalID": 5, "ParentExternalID": 1, "Limit": 2, "After": 4}"#).await;
        t.post("entry/list", r#"{"KnowledgebaseExternalID": 5, "ParentExternalID": 2}"#).await;
        t.say("refusals");
        t.post("entry/list", r#"{"KnowledgebaseExternalID": 5, "ParentExternalID": 3}"#).await;
        t.post("entry/list", r#"{"KnowledgebaseExternalID": 5, "ParentExternalID": 1, "ParentCode": 3}"#).await;
        t.post("entry/list", r#"{"KnowledgebaseExternalID": 5, "Limit": 1001, "After": -1}"#).await;
        t.assert("lists");
    });
}

#[test]
fn a_section_goes_with_everything_below_it_and_a_base_with_all() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        base(&app, &[(1, 5), (2, 1), (3, 2), (4, 5)]).await;
        done(&app, "entry/delete", json!({"KnowledgebaseExternalID": 5, "ExternalID": 1})).await;
        assert_eq!(tree(&app).await, "4 below 5");
        let info = done(&app, "info", json!({"KnowledgebaseExternalID": 5})).await;
        assert_eq!((info["EntriesCount"].clone(), info["Tokens"].clone()), (1.into(), 4.into()));
        for external_id in [1, 2, 3] {
            let body = json!({"KnowledgebaseExternalID": 5, "ExternalID": external_id}).to_string();
            let answer = app.post("/v1/knowledgebase/entry/info", body).await;
            assert_eq!(answer.problem(405, "invalid-field"), "ExternalID names no article of this knowledge base");
        }
        done(&app, "delete", json!({"KnowledgebaseExternalID": 5})).await;
        assert_eq!(app.call("GET", "/v1/knowledgebase/list", "").await.text, "[]");
        assert_eq!(app.post("/v1/knowledgebase/list", "").await.text, "[]");
        // The numbers are free again.
        base(&app, &[(1, 5), (4, 1)]).await;
    });
}
