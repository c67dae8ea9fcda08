//! What of the knowledge bases the answers of a dialogue rest on.

use serde_json::{Value, json};

use crate::assistants::{assistant, channel};
use crate::support::{TestApp, on_both_engines};

/// Makes a knowledge base of this name with articles (name and body), and returns its ID, its Code, and theirs.
async fn base(app: &TestApp, key: &str, name: &str, articles: &[(&str, &str)]) -> (String, i64, Vec<i64>) {
    let post = async |method: &str, body: Value| {
        let answer = app.call_with(key, "POST", &format!("/v1/knowledgebase/{method}"), body.to_string()).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json
    };
    let made = post("create", json!({ "Name": name })).await;
    let id = made["KnowledgebaseID"].as_str().expect("an ID").to_owned();
    let mut codes = Vec::new();
    for (name, body) in articles {
        let body = json!({"KnowledgebaseID": id, "Name": name, "Body": body});
        codes.push(post("entry/create", body).await["Code"].as_i64().expect("a code"));
    }
    app.work().await;
    (id, made["KnowledgebaseCode"].as_i64().expect("a code"), codes)
}

async fn ask(app: &TestApp, body: Value) -> Value {
    let mut body = body;
    body["Message"] = json!("What does the pump NP 200 cost?");
    let answer = assistant(app, "message", body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json
}

#[test]
fn answers_rest_on_the_bases_that_the_dialogue_and_the_message_allow() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let prices = [("Pumps", "The pump NP 200 costs 1200 EUR."), ("Filters", "The filter F1 costs 15 EUR.")];
        let (pumps, pumps_code, articles) = base(&app, &app.key, "Prices", &prices).await;
        let other = [("Old pumps", "The pump NP 200 costs 900 EUR.")];
        let (_, old_code, old_articles) = base(&app, &app.key, "Old prices", &other).await;
        let theirs = app.new_key("other@example.com").await;
        let (foreign, ..) = base(&app, &theirs, "Theirs", &[("Pump", "The pump NP 200 costs 1 EUR.")]).await;

        let free = channel(&app).await;
        let answer = ask(&app, json!({"ChannelID": free, "KnowledgeBase": [old_code]})).await;
        assert_eq!(answer["KnowledgeBase"], json!([old_articles[0]]));
        assert!(answer["Message"].as_str().is_some_and(|text| text.contains("900 EUR")), "{answer}");
        let answer = ask(&app, json!({"ChannelID": free, "KnowledgeBase": articles[0].to_string()})).await;
        assert_eq!(answer["KnowledgeBase"], json!([articles[0]]));
        assert_eq!(answer["Sources"][0]["Code"], articles[0]);
        assert_eq!(answer["Sources"][0]["Name"], "Pumps");
        let history = assistant(&app, "history", json!({ "ID": free })).await;
        let codes: Vec<&Value> =
            history.json["Messages"].as_array().expect("messages").iter().map(|m| &m["KnowledgeBase"]).collect();
        assert_eq!(codes, [&json!([]), &json!([old_articles[0]]), &json!([]), &json!([articles[0]])]);

        for named in [json!([pumps]), json!([pumps_code]), json!(pumps_code.to_string())] {
            let made = assistant(&app, "create", json!({ "Knowledgebases": named })).await;
            let restricted = made.json["ID"].clone();
            let answer = ask(&app, json!({ "ChannelID": restricted })).await;
            assert_eq!(answer["KnowledgeBase"], json!([articles[0]]), "{answer}");
            let body = json!({"ChannelID": restricted, "Message": "x", "KnowledgeBase": [old_code]});
            let refused = assistant(&app, "message", body.clone()).await.problem(405, "invalid-field");
            assert!(refused.ends_with("names what this dialogue may not use; see its Knowledgebases"), "{refused}");
            assistant(&app, "update", json!({"ID": restricted, "Knowledgebases": []})).await;
            assert_eq!(assistant(&app, "message", body).await.status, 200);
        }

        // What belongs to others is like what does not exist.
        let unknown = json!({"ChannelID": free, "Message": "x", "KnowledgeBase": [999]});
        let refused = assistant(&app, "message", unknown).await.problem(405, "invalid-field");
        assert_eq!(refused, "KnowledgeBase 999 names no article or knowledge base of this account");
        let refused = assistant(&app, "create", json!({ "Knowledgebases": [foreign] })).await;
        let refused = refused.problem(405, "invalid-field");
        assert_eq!(refused, format!("Knowledgebases {foreign} names no knowledge base of this account"));
        let unread = json!({"ChannelID": free, "Message": "x", "KnowledgeBase": ["x"]});
        let refused = assistant(&app, "message", unread).await.problem(405, "invalid-field");
        assert_eq!(refused, "KnowledgeBase takes a list of at most 200 whole numbers");

        // Without the bases, the restriction stays: nothing of the others is used.
        let made = assistant(&app, "create", json!({ "Knowledgebases": [pumps] })).await;
        app.post("/v1/knowledgebase/delete", json!({ "KnowledgebaseID": pumps }).to_string()).await;
        let answer = ask(&app, json!({ "ChannelID": made.json["ID"] })).await;
        assert_eq!((&answer["KnowledgeBase"], &answer["Sources"]), (&json!([]), &json!([])));
    });
}
