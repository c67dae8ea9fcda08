//! How long, how much, and what cannot be kept.

use serde_json::json;

use super::done;
use crate::support::{TestApp, on_both_engines};

#[test]
fn names_and_texts_have_limits() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let refused = async |method: &str, body: serde_json::Value| {
            let answer = app.post(&format!("/v1/knowledgebase/{method}"), body.to_string()).await;
            answer.problem(405, "invalid-field")
        };
        let long = "ü".repeat(501);
        assert_eq!(refused("create", json!({"Name": long})).await, "Name takes at most 500 characters");
        assert_eq!(refused("create", json!({"Name": " \n"})).await, "Name takes text that is not blank");
        assert_eq!(refused("create", json!({"Name": 5})).await, "Name takes text in quotes");
        let body = "a".repeat(10_001);
        assert_eq!(refused("create", json!({"Name": "a", "Body": body})).await, "Body takes at most 10000 characters");
        let with_zero = json!({"Name": "a\0b", "Body": "\0"});
        let expected = "Name takes text without the character U+0000; Body takes text without the character U+0000";
        assert_eq!(refused("create", with_zero).await, expected);
        done(&app, "create", json!({"Name": "ü".repeat(500), "Body": "ü".repeat(10_000)})).await;
        let with_zero = json!({"KnowledgebaseCode": 1, "Name": "a", "Body": "a\0b"});
        let expected = "Body takes text without the character U+0000";
        assert_eq!(refused("entry/create", with_zero).await, expected);
        // Everything else that a JSON text can say is kept.
        let odd = "\u{1}\u{7f}\u{2028}\u{fffd}\u{10ffff} 🦀 \u{202e} ' \" \\ ; drop table articles; --";
        let code =
            done(&app, "entry/create", json!({"KnowledgebaseCode": 1, "Name": odd, "Body": odd})).await["Code"].clone();
        let article = done(&app, "entry/info", json!({"KnowledgebaseCode": 1, "Code": code})).await;
        assert_eq!((article["Name"].as_str(), article["Body"].as_str()), (Some(odd), Some(odd)));
    });
}

#[test]
fn fifty_megabytes_of_articles_fit_into_a_base() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        done(&app, "create", json!({"Name": "base"})).await;
        let words = "All pumps are tested before they leave the factory. ".repeat(180_000);
        for number in 1..=6 {
            let body = json!({"KnowledgebaseCode": 1, "Name": "manual", "ExternalID": number, "Body": words});
            done(&app, "entry/create", body).await;
        }
        let info = done(&app, "info", json!({"KnowledgebaseCode": 1})).await;
        assert_eq!(info["EntriesCount"], 6);
        assert!(info["Tokens"].as_i64().is_some_and(|tokens| tokens > 12_000_000), "{info}");
        let list = app.post("/v1/knowledgebase/entry/list", r#"{"KnowledgebaseCode": 1}"#).await;
        assert!(list.text.len() < 5_000, "a list holds no bodies");
        let article = done(&app, "entry/info", json!({"KnowledgebaseCode": 1, "ExternalID": 6})).await;
        assert_eq!(article["Body"].as_str().map(str::len), Some(words.len()));
        let too_long = json!({"KnowledgebaseCode": 1, "Name": "manual", "Body": words.repeat(2)}).to_string();
        app.post("/v1/knowledgebase/entry/create", too_long).await.problem(413, "content-too-large");
        done(&app, "delete", json!({"KnowledgebaseCode": 1})).await;
    });
}
