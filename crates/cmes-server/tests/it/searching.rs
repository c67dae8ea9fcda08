//! `knowledgebase/search`: what is asked, where, and what the answer says.

use std::sync::Arc;

use cmes_testkit::TestEmbedder;
use serde_json::{Value, json};

use crate::support::{TestApp, on_both_engines};

async fn made(test: &TestApp, method: &str, body: Value) -> Value {
    let answer = test.post(&format!("/v1/knowledgebase/{method}"), body.to_string()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json
}

/// Two bases; in the first a section of two articles and one beside it.
async fn fill(test: &TestApp) {
    made(test, "create", json!({"Name": "Pumps", "KnowledgebaseExternalID": 1})).await;
    made(test, "create", json!({"Name": "Valves", "KnowledgebaseExternalID": 2})).await;
    let article = |base: i64, parent: i64, id: i64, name: &str, body: &str| {
        let parent = if parent == 0 { Value::Null } else { json!(parent) };
        json!({"KnowledgebaseExternalID": base, "ParentExternalID": parent, "ExternalID": id, "Name": name, "Body": body})
    };
    for body in [
        article(1, 0, 10, "Service", ""),
        article(1, 10, 11, "Filters", "<p>The filter of the pump is changed every 500 hours.</p>"),
        article(1, 10, 12, "Oil", "The oil of the pump is changed every 900 hours."),
        article(1, 0, 13, "Prices", "A filter for a pump costs 40 pounds."),
        article(2, 0, 20, "Copy", "The filter of the pump is changed every 500 hours."),
        article(2, 0, 21, "Valve", "Every valve has a filter of its own."),
    ] {
        made(test, "entry/create", body).await;
    }
}

fn names(answer: &Value) -> Vec<&str> {
    let mut names: Vec<&str> =
        answer["Passages"].as_array().expect("a list").iter().map(|p| p["Name"].as_str().expect("a name")).collect();
    names.sort_unstable();
    names
}

#[test]
fn passages_come_with_what_names_them() {
    on_both_engines(async |engine| {
        let test = TestApp::new(engine).await.embedding_with(Some(Arc::new(TestEmbedder::new("a"))));
        fill(&test).await;
        let before = made(&test, "search", json!({"Query": "filter"})).await;
        assert_eq!((&before["Passages"], &before["IsIndexed"]), (&json!([]), &json!(false)));
        test.work().await;
        let mut answer = made(&test, "search", json!({"query": "How often is the oil changed?", "limit": "1"})).await;
        let passage = answer["Passages"][0].as_object_mut().expect("a passage");
        let score = passage.remove("Score").and_then(|score| score.as_f64()).expect("a score");
        assert!((0.0..=1.0).contains(&score), "{score}");
        let ids = [passage.remove("ID"), passage.remove("KnowledgebaseID")];
        assert!(ids.iter().all(|id| id.as_ref().is_some_and(Value::is_string)));
        let expected = json!({
            "Passages": [{
                "Code": 5, "ExternalID": 12, "Name": "Oil", "Context": "Service > Oil",
                "Text": "The oil of the pump is changed every 900 hours.",
                "KnowledgebaseCode": 1, "KnowledgebaseExternalID": 1, "KnowledgebaseName": "Pumps",
            }],
            "SearchedBy": "WordsAndMeaning",
            "IsIndexed": true,
        });
        assert_eq!(answer, expected);
    });
}

#[test]
fn words_that_stand_together_come_before_words_apart() {
    on_both_engines(async |engine| {
        let test = TestApp::new(engine).await;
        made(&test, "create", json!({"Name": "Towns", "KnowledgebaseExternalID": 1})).await;
        let apart = "The haven is old, and every ship in it is new.";
        let together = "An old ship in it is for every New Haven. The";
        for (name, body) in [("Apart", apart), ("Together", together)] {
            made(&test, "entry/create", json!({"KnowledgebaseExternalID": 1, "Name": name, "Body": body})).await;
        }
        test.work().await;
        let check = async |query: &str, expected: &str| {
            let answer = made(&test, "search", json!({"Query": query, "Limit": 1})).await;
            assert_eq!(names(&answer), [expected], "{query}");
        };
        check("new haven", "Together").await;
        check("haven old", "Apart").await;
    });
}

#[test]
fn passages_that_follow_each_other_are_shown_as_one_as_they_are_now() {
    on_both_engines(async |engine| {
        let test = TestApp::new(engine).await.embedding_with(Some(Arc::new(TestEmbedder::new("a"))));
        made(&test, "create", json!({"Name": "Handbook", "KnowledgebaseExternalID": 1})).await;
        // Of some 180 tokens, so that each is a passage of its own, and three of them fit into what is shown as one.
        let paragraph =
            |name: &str| format!("The {name} pump has a seal. {}", format!("{name} parts of it. ").repeat(30));
        let body = |names: &[&str]| names.iter().map(|name| paragraph(name)).collect::<Vec<_>>().join("\n\n");
        let article = |names: &[&str]| json!({"KnowledgebaseExternalID": 1, "ExternalID": 5, "Name": "Seals", "Body": body(names)});
        let search = async || {
            let answer = made(&test, "search", json!({"Query": "seal of the red pump and the green pump"})).await;
            let passages = answer["Passages"].as_array().expect("a list").iter();
            let mut texts: Vec<Vec<String>> = passages
                .map(|passage| {
                    let lines = passage["Text"].as_str().expect("a text").lines();
                    lines.map(|line| line.split(' ').nth(1).expect("a name").to_owned()).collect()
                })
                .collect();
            texts.sort_unstable();
            (texts, answer)
        };
        made(&test, "entry/create", article(&["red", "green", "blue"])).await;
        test.work().await;
        let (texts, answer) = search().await;
        assert_eq!(texts, [["red", "green", "blue"]], "{answer}");
        // What was read is kept, and nothing changes by that.
        assert_eq!(search().await.1, answer);
        // One is gone and one is new; the others are known, and have another place.
        made(&test, "entry/update", article(&["white", "red", "green"])).await;
        test.work().await;
        assert_eq!(search().await.0, [["white", "red", "green"]]);
        made(&test, "entry/delete", json!({"KnowledgebaseExternalID": 1, "ExternalID": 5})).await;
        assert_eq!(search().await.0, Vec::<Vec<String>>::new());
    });
}

#[test]
fn arabic_words_are_found_with_what_is_written_together_with_them() {
    on_both_engines(async |engine| {
        let test = TestApp::new(engine).await;
        made(&test, "create", json!({"Name": "دليل", "KnowledgebaseExternalID": 1})).await;
        for (name, body) in
            [("Pumps", "تنظف المضخات في كل يوم من هذا الأسبوع."), ("Filters", "هذا هو المرشح الذي في المطبخ.")]
        {
            made(&test, "entry/create", json!({"KnowledgebaseExternalID": 1, "Name": name, "Body": body})).await;
        }
        test.work().await;
        for (query, expected) in [("ماذا أفعل بالمضخة؟", "Pumps"), ("وأين مرشحنا؟", "Filters")]
        {
            let answer = made(&test, "search", json!({"Query": query})).await;
            assert_eq!(names(&answer), [expected], "{query}");
        }
    });
}

#[test]
fn a_search_stays_where_it_is_told_to() {
    on_both_engines(async |engine| {
        let test = TestApp::new(engine).await;
        fill(&test).await;
        test.work().await;
        let check = async |within: Value, expected: &[&str]| {
            let mut body = json!({"Query": "filter pump changed"});
            body.as_object_mut().expect("fields").extend(within.as_object().expect("fields").clone());
            let answer = made(&test, "search", body).await;
            assert_eq!(names(&answer), expected, "{within}");
            assert_eq!(answer["SearchedBy"], "Words");
        };
        // The copy says nothing new, whichever of the two is shown.
        let all = made(&test, "search", json!({"Query": "filter pump changed"})).await;
        assert_eq!(all["Passages"].as_array().map(Vec::len), Some(4), "{all}");
        check(json!({"KnowledgebaseExternalID": 1}), &["Filters", "Oil", "Prices"]).await;
        check(json!({"KnowledgebaseCode": 2}), &["Copy", "Valve"]).await;
        check(json!({"KnowledgebaseExternalID": 1, "ExternalID": 10}), &["Filters", "Oil"]).await;
        check(json!({"ExternalID": 13}), &["Prices"]).await;
        check(json!({"KnowledgebaseExternalID": 0, "ID": "", "Code": 0, "ExternalID": 21}), &["Valve"]).await;
    });
}

#[test]
fn what_is_quoted_comes_first() {
    on_both_engines(async |engine| {
        let test = TestApp::new(engine).await.embedding_with(Some(Arc::new(TestEmbedder::new("a"))));
        made(&test, "create", json!({"Name": "Handbook", "KnowledgebaseExternalID": 1})).await;
        let add = async |name: &str, body: &str| {
            made(&test, "entry/create", json!({"KnowledgebaseExternalID": 1, "Name": name, "Body": body})).await;
        };
        // All its words, about what is asked, but not together; by words and meaning each is nearer than the quote.
        for number in 0..40 {
            let body =
                format!("Pump {number}: the warranty of the valve ends with that of the red pump, in the valve house.");
            add(&format!("Near {number}"), &body).await;
        }
        add(
            "Held",
            "In a list of colours, between blue ones and grey ones, stands a Red  Valve; nothing else is said.",
        )
        .await;
        add("RED-VALVE notes", "See the other pages.").await;
        test.work().await;
        let question = "When does the warranty of the pump with the \"red valve\" end?";
        let answer = made(&test, "search", json!({"Query": question, "Limit": 5})).await;
        let passages = answer["Passages"].as_array().expect("a list");
        let mut first: Vec<&str> = passages.iter().take(2).filter_map(|passage| passage["Name"].as_str()).collect();
        first.sort_unstable();
        assert_eq!(first, ["Held", "RED-VALVE notes"], "{answer}");
        let scores: Vec<f64> = passages.iter().filter_map(|passage| passage["Score"].as_f64()).collect();
        assert!(scores.len() == 5 && scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
        let without = made(&test, "search", json!({"Query": question.replace('"', ""), "Limit": 1})).await;
        assert!(without["Passages"][0]["Name"].as_str().is_some_and(|name| name.starts_with("Near")), "{without}");
    });
}

#[test]
fn what_cannot_be_searched_is_refused_and_another_accounts_does_not_show() {
    on_both_engines(async |engine| {
        let test = TestApp::new(engine).await;
        fill(&test).await;
        test.work().await;
        let eve = test.new_key("eve@example.com").await;
        let check = async |key: &str, body: Value, detail: &str| {
            let answer = test.call_with(key, "POST", "/v1/knowledgebase/search", body.to_string()).await;
            assert_eq!(answer.problem(405, "invalid-field"), detail);
        };
        let demo = test.key.as_str();
        check(demo, json!({}), "Query is required").await;
        check(demo, json!({"Query": "  "}), "Query is required").await;
        check(demo, json!({"Query": "x".repeat(4_001)}), "Query takes at most 4000 characters").await;
        check(demo, json!({"Query": "x", "Limit": 101}), "Limit takes a whole number from 1 to 100").await;
        let nothing = "KnowledgebaseExternalID names no knowledge base of this account";
        check(demo, json!({"Query": "x", "KnowledgebaseExternalID": 99}), nothing).await;
        check(&eve, json!({"Query": "x", "KnowledgebaseExternalID": 1}), nothing).await;
        check(&eve, json!({"Query": "x", "ExternalID": 13}), "ExternalID names no article of this account").await;
        let elsewhere = "ExternalID names no article of this knowledge base";
        check(demo, json!({"Query": "x", "KnowledgebaseExternalID": 2, "ExternalID": 13}), elsewhere).await;
        let two = json!({"Query": "x", "ExternalID": 13, "Code": 4});
        check(demo, two, "Code does not belong to the article that ExternalID names; give one of the two").await;
        let answer = test.call_with(&eve, "POST", "/v1/knowledgebase/search", r#"{"Query": "filter"}"#).await;
        assert_eq!(answer.json, json!({"Passages": [], "SearchedBy": "Words", "IsIndexed": true}));
        assert_eq!(test.anonymous("POST", "/v1/knowledgebase/search").await.status, 401);
    });
}

#[test]
fn strange_questions_have_answers() {
    on_both_engines(async |engine| {
        let test = TestApp::new(engine).await.embedding_with(Some(Arc::new(TestEmbedder::new("a"))));
        fill(&test).await;
        test.work().await;
        let long = "filter ".repeat(570);
        for query in
            ["?!", "\u{0}", "'; drop table chunks; --", "\"filter of the pump\"", "漏れ", "🙂", "%_", long.trim()]
        {
            let answer = made(&test, "search", json!({"Query": query, "Limit": 100})).await;
            assert!(answer["Passages"].is_array(), "{query:?}: {answer}");
        }
    });
}
