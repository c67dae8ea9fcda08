//! Many at once, in two processes.

use std::collections::HashSet;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::done;
use crate::support::{Answer, TestApp, on_both_engines};

/// Sends all of these at once, every second one to another process on the same database.
async fn at_once(app: &TestApp, requests: Vec<(&str, Value)>) -> Vec<Answer> {
    let (_, router) = app.another_process();
    let requests = requests.into_iter().enumerate().map(|(number, (method, body))| {
        let path = format!("/v1/knowledgebase/{method}");
        let router = router.clone();
        async move {
            if number % 2 == 0 {
                app.post(&path, body.to_string()).await
            } else {
                app.call_on(router, &app.key, "POST", &path, body.to_string()).await
            }
        }
    });
    join_all(requests).await
}

#[test]
fn of_twenty_that_want_one_name_one_gets_it() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let id = "66bb5a0a-a125-4a7d-a22d-85527c82a590";
        for names in [json!({"ExternalID": 7}), json!({"ID": id}), json!({"Code": 400})] {
            let mut body = names.clone();
            body["Name"] = "base".into();
            one_gets_it(at_once(&app, vec![("create", body); 20]).await, &names);
        }
        done(&app, "create", json!({"Name": "base", "KnowledgebaseExternalID": 5})).await;
        done(&app, "create", json!({"Name": "base", "KnowledgebaseExternalID": 6})).await;
        for names in [json!({"ExternalID": 7}), json!({"ID": id}), json!({"Code": 401})] {
            let requests = (0..20).map(|number| {
                let mut body = names.clone();
                body["Name"] = "article".into();
                body["KnowledgebaseExternalID"] = (5 + number % 2).into();
                ("entry/create", body)
            });
            one_gets_it(at_once(&app, requests.collect()).await, &names);
        }
        let bases = app.call("GET", "/v1/knowledgebase/list", "").await;
        let counts = bases.json.as_array().expect("a list").iter().map(|base| base["EntriesCount"].as_i64());
        assert_eq!((counts.len(), counts.flatten().sum::<i64>()), (5, 3));
    });
}

#[track_caller]
fn one_gets_it(answers: Vec<Answer>, names: &Value) {
    let (got, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!(got.len(), 1, "{names}");
    for answer in refused {
        answer.problem(405, "identifier-taken");
    }
}

#[test]
fn codes_are_unique_and_without_gaps() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        done(&app, "create", json!({"Name": "base"})).await;
        done(&app, "create", json!({"Name": "base", "KnowledgebaseCode": 11})).await;
        let requests = (0..30).map(|number| match number % 3 {
            0 => ("create", json!({"Name": "base"})),
            1 => ("entry/create", json!({"Name": "article", "KnowledgebaseCode": 1})),
            _ => ("entry/create", json!({"Name": "article", "KnowledgebaseCode": 11})),
        });
        let answers = at_once(&app, requests.collect()).await;
        let codes: HashSet<i64> = answers
            .iter()
            .map(|answer| {
                let code = answer.json.get("Code").or_else(|| answer.json.get("KnowledgebaseCode"));
                code.and_then(Value::as_i64).unwrap_or_else(|| panic!("{answer:?}"))
            })
            .collect();
        assert_eq!(codes, (2..=32).filter(|code| *code != 11).collect());
    });
}

#[test]
fn two_moves_at_once_make_no_cycle() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        done(&app, "create", json!({"Name": "base", "KnowledgebaseExternalID": 5})).await;
        for number in [1, 2] {
            done(&app, "entry/create", json!({"Name": "a", "KnowledgebaseExternalID": 5, "ExternalID": number})).await;
        }
        let to = |number: i64, parent: i64| {
            let body = json!({"KnowledgebaseExternalID": 5, "ExternalID": number, "ParentExternalID": parent});
            ("entry/update", body)
        };
        for _ in 0..10 {
            let answers = at_once(&app, vec![to(1, 2), to(2, 1)]).await;
            let moved = answers.iter().filter(|answer| answer.status == 200).count();
            assert_eq!(moved, 1, "{answers:?}");
            for (method, body) in [to(1, 5), to(2, 5)] {
                done(&app, method, body).await;
            }
        }
    });
}

#[test]
fn changes_of_a_base_that_is_deleted_meanwhile_leave_nothing() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        for _ in 0..5 {
            done(&app, "create", json!({"Name": "base", "KnowledgebaseExternalID": 5})).await;
            done(&app, "entry/create", json!({"Name": "a", "KnowledgebaseExternalID": 5, "ExternalID": 1})).await;
            let mut requests = vec![("entry/create", json!({"Name": "a", "KnowledgebaseExternalID": 5})); 4];
            requests.push(("entry/update", json!({"KnowledgebaseExternalID": 5, "ExternalID": 1, "Body": "x"})));
            requests.insert(2, ("delete", json!({"KnowledgebaseExternalID": 5})));
            for answer in at_once(&app, requests).await {
                if answer.status != 200 {
                    answer.problem(405, "invalid-field");
                }
            }
            assert_eq!(app.call("GET", "/v1/knowledgebase/list", "").await.text, "[]");
        }
        assert_eq!(app.count("select count(*) from articles").await, 0);
        assert_eq!(app.count("select count(*) from jobs").await, 0);
    });
}

#[test]
fn two_imports_of_one_source_make_one_article() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        done(&app, "create", json!({"Name": "base", "KnowledgebaseExternalID": 5})).await;
        let file = |number: usize| {
            let text = BASE64_STANDARD.encode(format!("The pump {} is red.", number % 3));
            json!({"KnowledgebaseExternalID": 5, "FileName": "manuals/pump.txt", "File": text})
        };
        let answers = at_once(&app, (0..12).map(|number| ("entry/import", file(number))).collect()).await;
        assert!(answers.iter().any(|answer| answer.status == 200), "{answers:?}");
        for answer in answers.iter().filter(|answer| answer.status != 200) {
            let detail = answer.json["detail"].as_str().unwrap_or_default();
            assert!(answer.status == 405 && detail.contains("import it again"), "{answer:?}");
        }
        // The file and its section, each once; importing again finds them.
        assert_eq!(app.count("select count(*) from articles").await, 2);
        let again = done(&app, "entry/import", file(1)).await;
        assert!(again["Created"] == 0 && again["Failed"] == 0, "{again}");
        assert_eq!(app.count("select count(*) from articles").await, 2);
    });
}
