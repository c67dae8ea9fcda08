//! Enrichment of the demo sites through the whole engine.

use serde_json::{Value, json};

use crate::support::{Answer, Engine, TestApp, on_both_engines};

async fn enrich(app: &TestApp, body: &Value) -> Answer {
    app.post("/v1/enrichment", body.to_string()).await
}

#[test]
fn a_link_an_address_and_an_email_lead_to_the_same_company() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        for content in [
            "nordwind-pumpen.example",
            "http://www.nordwind-pumpen.example/kontakt/",
            "info@nordwind-pumpen.example",
            "From: Jan <jan@nordwind-pumpen.example>\nSubject: Offer\n\nHello,\nsee https://calendly.com/x\n",
        ] {
            let answer = enrich(&app, &json!({ "Content": content })).await;
            assert_eq!(answer.status, 200, "{content}: {answer:?}");
            assert_eq!(answer.json["CompanyName"], "Nordwind Pumpen GmbH", "{content}");
            assert_eq!(answer.json["Webs"][0], json!({"Host": "nordwind-pumpen.example", "Link": "/"}), "{content}");
        }
    });
}

#[tokio::test]
async fn the_profile_of_the_demo_site_is_complete() {
    let app = TestApp::with_sites(Engine::Sqlite).await;
    let answer = enrich(&app, &json!({"Content": "nordwind-pumpen.example", "LanguageCode": "de"})).await;
    insta::assert_json_snapshot!(answer.json);
}

#[tokio::test]
async fn every_site_with_a_company_gives_its_labelled_name_phones_and_emails() {
    let app = TestApp::with_sites(Engine::Sqlite).await;
    let mut wrong = Vec::new();
    for site in cmes_testkit::sites() {
        let expected = cmes_testkit::expected(&site.name);
        if expected.outcome != cmes_testkit::Outcome::Ok {
            continue;
        }
        let answer = enrich(&app, &json!({"Content": site.host()})).await;
        if answer.status != 200 {
            wrong.push(format!("{}: {}", site.name, answer.text));
            continue;
        }
        let list = |field: &str, key: &str| -> Vec<String> {
            let values = answer.json[field].as_array().expect("a list").iter();
            values.map(|v| v[key].as_str().unwrap_or_default().to_owned()).collect()
        };
        let mut check = |what: &str, found: String, label: String| {
            if found != label {
                wrong.push(format!("{}: {what} is {found}, not {label}", site.name));
            }
        };
        check("CompanyName", answer.json["CompanyName"].to_string(), json!(expected.company_name).to_string());
        check(
            "main phone",
            format!("{:?}", list("Phones", "PhoneNumber").first()),
            format!("{:?}", expected.phones.first()),
        );
        check(
            "main e-mail",
            format!("{:?}", list("Emails", "Email").first()),
            format!("{:?}", expected.emails.first()),
        );
        check("Language", answer.json["Language"].to_string(), json!(expected.language).to_string());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn evidence_is_given_only_when_asked_for_and_stands_for_every_value() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let plain = enrich(&app, &json!({"Content": "nordwind-pumpen.example"})).await;
        assert!(plain.json.get("Evidence").is_none());
        let explained = enrich(&app, &json!({"Content": "nordwind-pumpen.example", "Explain": true})).await;
        let evidence = explained.json["Evidence"].as_array().expect("a list");
        for field in ["CompanyName", "Address.ZIP", "Phones[0]", "Emails[0]", "Language", "Business"] {
            let entry = evidence.iter().find(|e| e["Field"] == field).unwrap_or_else(|| panic!("{field}"));
            assert!(!entry["Snippet"].as_str().unwrap_or_default().is_empty(), "{entry}");
            let confidence = entry["Confidence"].as_f64().expect("a number");
            assert!(confidence > 0.0 && confidence <= 1.0, "{entry}");
        }
    });
}

#[test]
fn what_goes_beyond_the_reference_is_given_only_when_asked_for() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let plain = enrich(&app, &json!({"Content": "nordwind-pumpen.example"})).await;
        assert!(plain.json.get("Extended").is_none());
        let request = json!({
            "Content": "nordwind-pumpen.example", "Extended": true, "Explain": "true", "LanguageCode": "pl",
            "Exceptions": "Schiffbau, DE999876543",
        });
        let answer = enrich(&app, &request).await;
        let extended = &answer.json["Extended"];
        assert_eq!((&extended["Founded"], &extended["Employees"]["From"]), (&json!(1962), &json!(85)));
        let numbers = extended["Identifiers"].as_array().expect("a list");
        assert_eq!((numbers.len(), &numbers[0]["Number"]), (1, &json!("HRB 987654")));
        assert_eq!(extended["Locations"][0]["Address"]["Country"], "Niemcy");
        let evidence = answer.json["Evidence"].as_array().expect("a list");
        assert!(evidence.iter().any(|one| one["Field"] == "Extended.Identifiers[0]"));
        assert!(!answer.json.to_string().contains("Schiffbau"));
    });
}

#[test]
fn what_is_no_company_is_405() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        enrich(&app, &json!({"Content": "Hello, how are you?"})).await.problem(405, "nothing-to-enrich");
        enrich(&app, &json!({"Content": "someone@gmail.com"})).await.problem(405, "nothing-to-enrich");
        enrich(&app, &json!({"Content": "goldfinch-trading.example"})).await.problem(405, "not-a-company");
        enrich(&app, &json!({"Content": "brightwater-logistics.example"})).await.problem(405, "not-a-company");
    });
}

#[test]
fn what_cannot_or_may_not_be_read_is_405_and_says_why() {
    on_both_engines(async |engine| {
        // Without the demo sites nothing but public addresses is allowed.
        let app = TestApp::new(engine).await;
        for content in
            ["http://127.0.0.1/", "http://[::1]:8080/x", "localhost", "http://169.254.169.254/latest/meta-data/"]
        {
            let answer = enrich(&app, &json!({ "Content": content })).await;
            assert_eq!(answer.status, 405, "{content}");
            let kind = answer.json["type"].as_str().expect("a type");
            assert!(kind.ends_with("site-unreachable") || kind.ends_with("nothing-to-enrich"), "{content}: {answer:?}");
        }
    });
}

#[test]
fn excepted_words_are_nowhere_in_the_answer() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await;
        let body =
            json!({"Content": "nordwind-pumpen.example", "Exceptions": "Lübeck, \"linkedin.com\"", "Explain": true});
        let answer = enrich(&app, &body).await;
        assert_eq!(answer.status, 200);
        let text = answer.text.to_lowercase();
        assert!(!text.contains("lübeck") && !text.contains("linkedin.com"), "{text}");
    });
}
