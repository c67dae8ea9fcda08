//! A site whose pages are made by script, through the whole engine.

use std::io::Write;

use serde_json::{Value, json};

use crate::support::{Engine, TestApp, browser_program};

const SITE: &str = "lumenstack-app.example";

#[tokio::test]
async fn a_site_made_by_script_is_read_as_labelled() {
    if browser_program().is_none() {
        writeln!(std::io::stderr(), "not run: no Chromium is installed, and TEST_BROWSER names none")
            .expect("standard error");
        return;
    }
    let app = TestApp::with_sites(Engine::Sqlite).await;
    let answer = app.post("/v1/enrichment", json!({"Content": SITE, "Explain": true}).to_string()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let expected = cmes_testkit::expected(SITE);
    let found = &answer.json;
    let list = |field: &str, key: &str| -> Vec<String> {
        let values = found[field].as_array().expect("a list").iter();
        values.map(|value| value[key].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(found["CompanyName"], expected.company_name);
    assert_eq!(found["Language"], expected.language);
    assert_eq!(list("Phones", "PhoneNumber"), expected.phones);
    assert_eq!(list("Emails", "Email"), expected.emails);
    let address = serde_json::to_value(&expected.address).expect("plain data");
    assert_eq!(found["Address"], address);
    let people: Vec<_> = expected.contacts.iter().map(|person| person.name.clone()).collect();
    assert_eq!(list("Contacts", "Name"), people);
    assert_eq!(list("SocialNetsLinks", "Link"), ["/company/lumenstack-care"]);
    let technologies = found["Technologies"].as_array().expect("a list");
    assert_eq!(technologies.len(), expected.technologies.len(), "{technologies:?}");
    assert!(expected.technologies.iter().all(|name| technologies.contains(&json!(name))), "{technologies:?}");
    // What scripts made has its evidence like what was sent.
    let evidence = found["Evidence"].as_array().expect("a list");
    let of_phone = evidence.iter().find(|entry| entry["Field"] == "Phones[0]").unwrap_or(&Value::Null);
    assert!(of_phone["URL"].as_str().unwrap_or_default().contains(SITE), "{of_phone}");
    let metrics = app.call("GET", "/metrics", axum::body::Body::empty()).await.text;
    let rendered = metrics.lines().find_map(|line| line.strip_prefix("cmes_pages_rendered_total "));
    assert!(rendered.and_then(|count| count.parse::<u32>().ok()) >= Some(3), "{rendered:?}");
}
