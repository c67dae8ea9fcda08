//! Importing files, pages and sitemaps.

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use cmes_testkit::Receiver;
use serde_json::{Value, json};

use super::done;
use crate::support::{Answer, TestApp, on_both_engines};

async fn app(app: TestApp) -> TestApp {
    done(&app, "create", json!({"Name": "base", "KnowledgebaseExternalID": 5})).await;
    app
}

fn file(name: &str, content: impl AsRef<[u8]>) -> Value {
    json!({"KnowledgebaseExternalID": 5, "FileName": name, "File": BASE64_STANDARD.encode(content)})
}

async fn import(app: &TestApp, body: &Value) -> Answer {
    app.post("/v1/knowledgebase/entry/import", body.to_string()).await
}

/// The only outcome of an import.
async fn outcome(app: &TestApp, body: &Value) -> Value {
    let answer = import(app, body).await;
    assert_eq!((answer.status.as_u16(), answer.header("charge")), (200, ""), "{answer:?}");
    assert_eq!(answer.json["Entries"].as_array().map(Vec::len), Some(1), "{answer:?}");
    answer.json["Entries"][0].clone()
}

/// `name below name` of each article.
async fn tree(app: &TestApp) -> Vec<String> {
    let list = done(app, "entry/list", json!({"KnowledgebaseExternalID": 5})).await;
    let entries = list["Entries"].as_array().expect("a list").clone();
    let name = |code: &Value| {
        let named = entries.iter().find(|entry| entry["Code"] == *code);
        named.map_or_else(|| "the base".to_owned(), |entry| entry["Name"].as_str().unwrap_or_default().to_owned())
    };
    entries
        .iter()
        .map(|entry| format!("{} below {}", entry["Name"].as_str().unwrap_or_default(), name(&entry["ParentCode"])))
        .collect()
}

#[test]
fn importing_again_changes_what_has_changed() {
    on_both_engines(async |engine| {
        let app = app(TestApp::new(engine).await).await;
        let first = outcome(&app, &file("manuals/p7/start.md", "# Start\n\nOpen the *valve*.")).await;
        assert_eq!((&first["Status"], &first["Name"]), (&json!("Created"), &json!("start")));
        assert_eq!(tree(&app).await, ["manuals below the base", "p7 below manuals", "start below p7"]);
        let named = json!({"KnowledgebaseExternalID": 5, "Code": first["Code"]});
        let info = done(&app, "entry/info", named.clone()).await;
        assert_eq!(info["Body"], "<h1>Start</h1>\n<p>Open the valve.</p>\n");

        app.sql("update articles set state = 'indexed'").await.expect("set");
        let again = outcome(&app, &file("manuals/p7/start.md", "# Start\n\nOpen the *valve*.")).await;
        assert_eq!((&again["Status"], &again["ID"]), (&json!("Unchanged"), &first["ID"]));
        assert_eq!(app.count("select count(*) from articles where state = 'pending'").await, 0);

        // A name that its owner gave stays.
        let rename = json!({"KnowledgebaseExternalID": 5, "Code": first["Code"], "Name": "Starting"});
        done(&app, "entry/update", rename).await;
        let changed = outcome(&app, &file("manuals/p7/start.md", "# Start\n\nOpen the drain.")).await;
        assert_eq!((&changed["Status"], &changed["ID"]), (&json!("Updated"), &first["ID"]));
        let info = done(&app, "entry/info", named).await;
        assert_eq!(
            (&info["Name"], &info["Body"]),
            (&json!("Starting"), &json!("<h1>Start</h1>\n<p>Open the drain.</p>\n"))
        );
        assert_eq!(app.count("select count(*) from articles").await, 3);
        app.verified().await;
    });
}

#[test]
fn the_caller_names_and_places_the_article_of_a_file() {
    on_both_engines(async |engine| {
        let app = app(TestApp::new(engine).await).await;
        let place = json!({"KnowledgebaseExternalID": 5, "ExternalID": 7, "Name": "Section"});
        done(&app, "entry/create", place).await;
        let mut body = file("prices.csv", "Model;EUR\nP7;1200\nP9;1500\n");
        body["ParentExternalID"] = 7.into();
        body["ExternalID"] = 8.into();
        body["Name"] = "Prices".into();
        let made = outcome(&app, &body).await;
        assert_eq!(
            (&made["Status"], &made["ExternalID"], &made["Name"]),
            (&json!("Created"), &json!(8), &json!("Prices"))
        );
        assert_eq!(tree(&app).await, ["Section below the base", "Prices below Section"]);
        // Another file becomes the same article when its identifiers are given.
        let mut body = file("prices-2027.csv", "Model;EUR\nP7;1300\nP9;1600\n");
        body["ExternalID"] = 8.into();
        let changed = outcome(&app, &body).await;
        assert_eq!((&changed["Status"], &changed["ID"]), (&json!("Updated"), &made["ID"]));
        let info = done(&app, "entry/info", json!({"KnowledgebaseExternalID": 5, "ExternalID": 8})).await;
        assert!(info["Body"].as_str().is_some_and(|body| body.contains("1300")), "{info}");
        // And one that has an article already does not get a second one.
        body["ExternalID"] = 9.into();
        body["File"] = BASE64_STANDARD.encode("new").into();
        let detail = import(&app, &body).await.problem(405, "invalid-field");
        assert!(detail.contains("imported before"), "{detail}");
    });
}

#[test]
fn what_cannot_be_imported_says_why() {
    on_both_engines(async |engine| {
        let app = app(TestApp::new(engine).await).await;
        let refused = async |body: Value| import(&app, &body).await.problem(405, "invalid-field");
        let details = [
            refused(json!({"KnowledgebaseExternalID": 5})).await,
            refused(json!({"KnowledgebaseExternalID": 5, "File": "aGk="})).await,
            refused(json!({"KnowledgebaseExternalID": 5, "File": "%%%", "FileName": "a.txt"})).await,
            refused(json!({"KnowledgebaseExternalID": 5, "File": "aGk=", "FileName": "a", "URL": "https://a.example"}))
                .await,
            refused(json!({"KnowledgebaseExternalID": 5, "URL": "file:///etc/passwd"})).await,
            refused(json!({"KnowledgebaseExternalID": 5, "URL": "http://127.0.0.1/"})).await,
            refused(file("a.pdf", b"%PDF-1.7\nnothing")).await,
            refused(file("a.docx", b"\x00\x01\x02")).await,
            refused(file("a.txt", b" \n ")).await,
            refused(json!({"KnowledgebaseExternalID": 6, "File": "aGk=", "FileName": "a.txt"})).await,
        ];
        insta::assert_snapshot!("refused_imports", details.join("\n"));
        assert_eq!(app.count("select count(*) from articles").await, 0);
        let other = app.new_key("other@example.com").await;
        let body = file("a.txt", "text").to_string();
        let answer = app.call_with(&other, "POST", "/v1/knowledgebase/entry/import", body).await;
        answer.problem(405, "invalid-field");
    });
}

#[test]
fn an_import_is_a_task_that_may_run_twice() {
    on_both_engines(async |engine| {
        let app = app(TestApp::new(engine).await).await;
        let mut body = file("a.html", "<h1>Warranty</h1><nav>menu</nav><p>24 months");
        body["Asynch"] = true.into();
        let accepted = import(&app, &body).await;
        assert_eq!(accepted.status, 202, "{accepted:?}");
        let id = accepted.json["ID"].clone();
        app.work().await;
        let result = app.post("/v1/getresult", json!({"ID": id}).to_string()).await;
        assert_eq!((result.status.as_u16(), &result.json["Created"]), (200, &json!(1)), "{result:?}");
        body["DryRun"] = true.into();
        let price = import(&app, &body).await;
        assert_eq!(price.json["Price"], json!(0));
        app.clock.advance(Duration::from_secs(1));
        assert_eq!(
            outcome(&app, &file("a.html", "<h1>Warranty</h1><nav>menu</nav><p>24 months")).await["Status"],
            "Unchanged"
        );
        let found = done(&app, "search", json!({"Query": "warranty months", "KnowledgebaseExternalID": 5})).await;
        assert!(found.to_string().contains("24 months") && !found.to_string().contains("menu"), "{found}");
        app.verified().await;
    });
}

#[test]
fn pages_of_the_web_lose_what_stands_on_all_of_them() {
    on_both_engines(async |engine| {
        let app = app(TestApp::with_sites(engine).await).await;
        let wish = json!({"KnowledgebaseExternalID": 5, "URL": "http://www.nordwind-pumpen.example/"});
        let page = outcome(&app, &wish).await;
        assert_eq!(page["Status"], "Created", "{page}");
        assert_eq!(outcome(&app, &wish).await["Status"], "Unchanged");
        let named = json!({"KnowledgebaseExternalID": 5, "Code": page["Code"]});
        let info = done(&app, "entry/info", named).await;
        let body = info["Body"].as_str().expect("a body");
        assert!(body.contains("<h1>") && !body.contains("<nav") && !body.contains("<a "), "{body}");
    });
}

#[test]
fn sitemaps_are_imported_page_by_page() {
    on_both_engines(async |engine| {
        let app = app(TestApp::with_sites(engine).await).await;
        let wish = json!({
            "KnowledgebaseExternalID": 5, "URL": "http://www.nordwind-pumpen.example/sitemap.xml", "MaxPages": 3,
        });
        let answer = import(&app, &wish).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.json["Entries"].as_array().map(Vec::len), Some(3), "{answer:?}");
        insta::assert_snapshot!("imported_sitemap", without_ids(&answer.json));
    });
}

#[test]
fn pages_that_a_sitemap_does_not_name_any_more_lose_their_articles_when_that_is_asked_for() {
    on_both_engines(async |engine| {
        let app = app(TestApp::with_sites(engine).await).await;
        let wish = |remove: bool, pages: usize| {
            json!({
                "KnowledgebaseExternalID": 5, "URL": "http://nordwind-pumpen.example/sitemap.xml", "MaxPages": pages,
                "RemoveMissing": remove,
            })
        };
        let count = async |wish: Value| {
            let answer = import(&app, &wish).await;
            assert_eq!(answer.status, 200, "{answer:?}");
            ["Created", "Unchanged", "Removed"].map(|status| answer.json[status].as_u64().expect("a number"))
        };
        let [pages, ..] = count(wish(true, 100)).await;
        assert!(pages > 3, "{pages}");
        outcome(&app, &file("manuals/start.md", "Open the valve.")).await;
        // As if the site had had this page under another address before.
        let moved =
            "update articles set source = 'http://nordwind-pumpen.example/old/' where source like '%/produkte/'";
        app.sql(moved).await.expect("set");
        let of_another_site =
            "update articles set source = 'http://www.heron.example/a' where source like '%/unternehmen/'";
        app.sql(of_another_site).await.expect("set");
        assert_eq!(count(wish(false, 100)).await, [2, pages - 2, 0], "nobody asked");
        assert_eq!(count(wish(true, 3)).await, [0, 3, 0], "some of its pages were not looked at");
        let answer = import(&app, &wish(true, 100)).await.json;
        let removed: Vec<&Value> =
            answer["Entries"].as_array().expect("a list").iter().filter(|entry| entry["Status"] == "Removed").collect();
        assert_eq!(answer["Removed"], 1, "{answer}");
        assert_eq!((removed.len(), &removed[0]["Source"]), (1, &json!("http://nordwind-pumpen.example/old/")));
        assert_eq!(count(wish(true, 100)).await, [0, pages, 0]);
        // Its pages, the one of another site, the file and its section.
        assert_eq!(app.count("select count(*) from articles").await, i64::try_from(pages).expect("few") + 3);
    });
}

#[test]
fn the_end_of_an_import_is_told() {
    on_both_engines(async |engine| {
        let app = app(TestApp::with_sites(engine).await).await;
        let receiver = Receiver::start(|_| StatusCode::NO_CONTENT.into_response()).await.expect("a receiver");
        let mut body = file("a.txt", "The warranty is 24 months.");
        body["Asynch"] = true.into();
        body["OutWebHook"] = receiver.url().into();
        let accepted = import(&app, &body).await;
        assert_eq!(accepted.status, 202, "{accepted:?}");
        app.work().await;
        app.work().await;
        let received = receiver.received();
        assert_eq!(received.len(), 1);
        let told = &received[0].json;
        assert_eq!((&told["ID"], &told["Status"]), (&accepted.json["ID"], &json!("Success")));
        assert_eq!(told["Method"], "/v1/knowledgebase/entry/import");
        assert_eq!(told["Response"]["Created"], 1, "{told}");
    });
}

fn without_ids(answer: &Value) -> String {
    let mut answer = answer.clone();
    for entry in answer["Entries"].as_array_mut().into_iter().flatten() {
        if let Some(entry) = entry.as_object_mut() {
            entry.remove("ID");
        }
    }
    serde_json::to_string_pretty(&answer).expect("JSON")
}
