//! The directory: filled from lists, grown by enrichments, searched by words and meaning, right in several processes.

use std::sync::Arc;

use cmes_app::directory::import::{ImportError, Report};
use cmes_app::directory::{Directory, Settings};
use cmes_models::{Embedder, Models};
use cmes_store::companies::{self, Company, Source};
use cmes_testkit::{Behaviour, TestEmbedder};
use cmes_types::CompanySearch;
use serde_json::json;

use crate::support::{TestApp, on_both_engines};

const LIST: &str = "\
Company Name;Web Site;Country;City;State;Business;E-Mail;Employees
Acme Castings Ltd;https://www.acme-castings.example/en;United Kingdom;Leeds;;Foundry for iron castings;ann@acme.example;50
Gießerei Berg GmbH;berg.example;DE;Ulm;Baden-Württemberg;Wir gießen Teile aus Eisen und Stahl;;11-50
Nordguss;nordguss.example;Germany;Köln;NW;Gießerei. Grauguss und Kugelgraphit;;
Bakery Miller;miller.example;US;Houston;TX;Bread and cakes;;
Wherever Foundry;wherever.example;;;;Castings of bronze;;
";

async fn import(directory: &Directory, text: &str) -> Result<Report, ImportError> {
    directory.import(std::io::Cursor::new(text.to_owned()), |_| {}).await
}

async fn imported(directory: &Directory, text: &str) -> [usize; 5] {
    let report = import(directory, text).await.expect("a list");
    [report.rows, report.added, report.updated, report.unchanged, report.refused]
}

fn search(activity: &str) -> CompanySearch {
    CompanySearch { activity: activity.to_owned(), most: 10, ..CompanySearch::default() }
}

/// The hosts of what is found, without the ending that all have.
async fn found(directory: &Directory, search: &CompanySearch) -> Vec<String> {
    let found = directory.find(search).await.expect("the database answers");
    let host = |url: &str| url.trim_start_matches("https://").trim_end_matches(".example/").to_owned();
    found.hits.iter().map(|hit| host(&hit.url)).collect()
}

fn with(test: &TestApp, embedder: Option<Arc<TestEmbedder>>, settings: Settings) -> Directory {
    let embedder = embedder.map(|embedder| embedder as Arc<dyn Embedder>).ok_or_else(|| "none".to_owned());
    let models = Models::new(Err("none".to_owned()), embedder);
    Directory::new(test.db.clone(), models, test.clock.clone(), settings)
}

#[test]
fn a_list_is_imported_once_however_often_it_is_given() {
    on_both_engines(async |engine| {
        let test = TestApp::new(engine).await;
        let directory = &test.app.directory;
        assert_eq!(imported(directory, LIST).await, [5, 5, 0, 0, 0]);
        let before = companies::list(&test.db, None, "", 10).await.expect("a list");
        assert_eq!(imported(directory, LIST).await, [5, 0, 0, 5, 0]);
        assert_eq!(companies::list(&test.db, None, "", 10).await.expect("a list"), before);
        let berg = before.iter().find(|company| company.domain == "berg.example").expect("imported");
        let expected = Company {
            domain: "berg.example".into(),
            host: "berg.example".into(),
            name: "Gießerei Berg GmbH".into(),
            country: "DE".into(),
            region: "Baden-Württemberg".into(),
            city: "Ulm".into(),
            about: "Wir gießen Teile aus Eisen und Stahl".into(),
            employees: "11-50".into(),
            ..Company::default()
        };
        assert_eq!(*berg, expected);
        assert!(before.iter().all(|company| !format!("{company:?}").contains("ann@")));

        // Later rows say what is new and leave what they do not tell; twice the same domain is one company.
        let more = "url,about,city\nwww.berg.example,Now pumps too,\nberg.example,,Stuttgart\nnew.example,Valves,\n,x,\nn/a,x,\n";
        let report = import(directory, more).await.expect("a list");
        assert_eq!([report.rows, report.added, report.updated, report.unchanged, report.refused], [5, 1, 2, 0, 2]);
        let told: Vec<(u64, &str)> =
            report.troubles.iter().map(|trouble| (trouble.line, trouble.reason.as_str())).collect();
        let expected = [
            (5, "there is no website; a company is known by it"),
            (6, "“n/a” is no company's own website; give its address, such as https://example.com"),
        ];
        assert_eq!(told, expected);
        let now = companies::list(&test.db, Some("DE"), "", 1).await.expect("a list");
        let berg = &now[0];
        assert_eq!(
            [&*berg.name, &*berg.about, &*berg.city, &*berg.region],
            ["Gießerei Berg GmbH", "Now pumps too", "Stuttgart", ""]
        );
        let all = companies::list(&test.db, None, "", 10).await.expect("a list");
        assert_eq!(all.len(), 6);
        assert!(all.iter().any(|company| company.name == "new.example"), "{all:?}");
    });
}

#[test]
fn lists_are_read_as_programs_write_them() {
    on_both_engines(async |engine| {
        let test = TestApp::new(engine).await;
        let directory = &test.app.directory;
        let latin = [&b"Firma;Webseite;Ort\r\nM\xfcller B\xe4r;mueller.example;K\xf6ln\r\n"[..]].concat();
        let report = directory.import(std::io::Cursor::new(latin), |_| {}).await.expect("a list");
        assert_eq!(report.added, 1);
        let objects = concat!(
            r#"{"name": "Jason", "domain": "jason.example", "keywords": ["valves", "pumps"], "employees": 12}"#,
            "\n\n",
            r#"{"CompanyName": "Profile Ltd", "Webs": [{"Host": "profile.example", "Link": "/"}], "Business": "Seals.","#,
            r#" "Address": {"Country": "Frankreich", "City": "Lyon"}, "Contacts": [{"Name": "Ann"}]}"#,
            "\n[1]\n{\"name\": \"broken\n",
        );
        let report = import(directory, objects).await.expect("a list");
        assert_eq!([report.rows, report.added, report.refused], [4, 2, 2]);
        assert!(report.troubles.iter().all(|trouble| trouble.reason.contains("no JSON object")), "{report:?}");
        let all = companies::list(&test.db, None, "", 10).await.expect("a list");
        let lines: Vec<String> =
            all.iter().map(|c| format!("{}|{}|{}|{}|{}", c.name, c.country, c.city, c.about, c.employees)).collect();
        assert_eq!(lines, ["Jason|||valves, pumps|12", "Müller Bär||Köln||", "Profile Ltd|FR|Lyon|Seals.|"]);
    });
}

#[test]
fn what_is_no_list_is_refused_with_what_to_do() {
    on_both_engines(async |engine| {
        let test = TestApp::new(engine).await;
        let check = async |bytes: Vec<u8>, words: &str| {
            let error = test.app.directory.import(std::io::Cursor::new(bytes), |_| {}).await.expect_err("no list");
            assert!(error.to_string().contains(words), "{error}");
        };
        check(Vec::new(), "it is empty; give a table").await;
        check(b"PK\x03\x04\0\0\0\0workbook".to_vec(), "no text but a workbook or an archive").await;
        check(vec![0, 159, 146, 150, 0, 1, 2], "binary data").await;
        check(b"[{\"website\": \"a.example\"}]".to_vec(), "jq -c").await;
        check(b"Name,Telephone\nAcme,1\n".to_vec(), "website (or url, domain, web), which is needed; name (or company")
            .await;
        // Of a file with a line of 10 MB only that line is lost.
        let long = format!("name,website\nA,a.example\nB,{}\nC,c.example\n", "b".repeat(10_000_000));
        let report = import(&test.app.directory, &long).await.expect("a list");
        assert_eq!([report.rows, report.added, report.refused], [3, 2, 1]);
        assert!(report.troubles[0].line == 3 && report.troubles[0].reason.contains("longer than"), "{report:?}");
    });
}

#[test]
fn companies_are_found_by_words_trades_names_and_places() {
    on_both_engines(async |engine| {
        let test = TestApp::new(engine).await;
        let directory = &test.app.directory;
        import(directory, LIST).await.expect("a list");
        let check = async |search: CompanySearch, expected: &[&str]| {
            assert_eq!(found(directory, &search).await, expected, "{search:?}");
        };
        // The catalogue of trades knows foundries in many languages.
        let mut everywhere = found(directory, &search("Fonderie")).await;
        everywhere.sort_unstable();
        assert_eq!(everywhere, ["acme-castings", "berg", "nordguss", "wherever"]);
        check(search("bakery"), &["miller"]).await;
        let named = found(directory, &search("Acme Castings Ltd")).await;
        assert_eq!(named.first().map(String::as_str), Some("acme-castings"), "{named:?}");
        check(search("shipyard"), &[]).await;
        check(search(" "), &[]).await;
        // Whose country is not known may be there, and comes last.
        let country = |code: &str| CompanySearch { country: Some(code.to_owned()), ..search("foundry") };
        check(country("GB"), &["acme-castings", "wherever"]).await;
        check(country("FR"), &["wherever"]).await;
        // A place that is known is kept to; one that nobody is at may have another name.
        let at = |code: &str, name: &str| CompanySearch { locality: Some(name.to_owned()), ..country(code) };
        check(at("DE", "Koeln, Germany"), &["nordguss", "berg", "wherever"]).await;
        check(at("DE", "köln"), &["nordguss", "wherever"]).await;
        check(at("DE", "NW"), &["nordguss", "wherever"]).await;
        check(CompanySearch { activity: "bread".into(), ..at("US", "Dallas, Texas") }, &["miller"]).await;
        let hits = directory.find(&country("GB")).await.expect("found").hits;
        assert_eq!(hits[0].title, "Acme Castings Ltd");
        assert_eq!(hits[0].snippet, "Leeds, United Kingdom – Foundry for iron castings");
    });
}

#[test]
fn one_process_finds_what_another_one_imported_changed_or_deleted() {
    on_both_engines(async |engine| {
        let test = TestApp::new(engine).await;
        let (other, _) = test.another_process();
        let (one, other) = (&test.app.directory, &other.directory);
        assert_eq!(found(one, &search("foundry")).await, Vec::<String>::new());
        import(other, LIST).await.expect("a list");
        assert_eq!(found(one, &search("bakery")).await, ["miller"]);
        import(other, "website,business,country\nmiller.example,Shipyard,FR\n").await.expect("a list");
        assert_eq!(found(one, &search("bakery")).await, ["miller"], "its name still says so");
        assert_eq!(found(one, &search("shipyard")).await, ["miller"]);
        let france = CompanySearch { country: Some("FR".into()), ..search("shipyard") };
        assert_eq!(found(one, &france).await, ["miller"]);
        let deleted = companies::delete(&test.db, &["miller.example".to_owned(), "none.example".to_owned()]).await;
        assert_eq!(deleted.expect("deleted"), 1);
        assert_eq!(found(one, &search("shipyard")).await, Vec::<String>::new());
        assert_eq!(found(other, &search("foundry")).await.len(), 4);
    });
}

#[test]
fn vectors_are_made_in_the_background_and_of_one_embedder_at_a_time() {
    on_both_engines(async |engine| {
        let embedder = Arc::new(TestEmbedder::new("a"));
        let test = TestApp::new(engine).await.embedding_with(Some(Arc::clone(&embedder)));
        let directory = &test.app.directory;
        import(directory, LIST).await.expect("a list");
        let counted =
            async |identity: &str| companies::counts(&test.db, Some(identity)).await.expect("counted").with_vectors;
        // To this embedder, words that begin alike mean the same.
        assert_eq!(found(directory, &search("cakewalk")).await, Vec::<String>::new());
        test.work().await;
        assert_eq!((counted("a").await, embedder.passages()), (5, 5));
        let found_first = found(directory, &search("breadmaker")).await;
        assert_eq!(found_first.first().map(String::as_str), Some("miller"), "{found_first:?}");

        // What stays as it was is not embedded again, what changes is.
        import(directory, LIST).await.expect("a list");
        import(directory, "website,business,employees\nmiller.example,Ships,9\nberg.example,,12\n")
            .await
            .expect("a list");
        assert_eq!(counted("a").await, 4);
        test.work().await;
        assert_eq!((counted("a").await, embedder.passages()), (5, 6));

        // Another embedder makes all anew; until then its questions meet no vector.
        let other = Arc::new(TestEmbedder::new("b"));
        let test = test.embedding_with(Some(Arc::clone(&other)));
        assert_eq!(found(&test.app.directory, &search("cakewalk")).await, Vec::<String>::new());
        test.work().await;
        let counts = companies::counts(&test.db, Some("b")).await.expect("counted");
        assert_eq!((counts.with_vectors, other.passages()), (5, 5));
    });
}

#[test]
fn a_failing_embedder_loses_nothing_and_a_refused_text_is_found_by_its_words() {
    on_both_engines(async |engine| {
        let embedder = Arc::new(TestEmbedder::new("a"));
        let test = TestApp::new(engine).await.embedding_with(Some(Arc::clone(&embedder)));
        let directory = &test.app.directory;
        import(directory, LIST).await.expect("a list");
        embedder.behave(Behaviour::Fail(cmes_models::ModelErrorKind::Unavailable));
        test.work().await;
        assert_eq!(found(directory, &search("bakery")).await, ["miller"]);
        embedder.behave(Behaviour::Refuse("Bread"));
        test.work().await;
        let counts = companies::counts(&test.db, Some("a")).await.expect("counted");
        assert_eq!((counts.companies, counts.with_vectors), (5, 4));
        assert_eq!(found(directory, &search("Bread and cakes")).await, ["miller"]);
        embedder.behave(Behaviour::Answer);
        // Another process has the work to itself while it is at it.
        import(directory, "website,business\nlate.example,Late\n").await.expect("a list");
        let (now, until) = (cmes_types::Clock::now(&*test.clock), test.app.queue.lease_end());
        let taken = companies::vectors::take_lease(&test.db, uuid::Uuid::new_v4(), until, now).await;
        assert!(taken.expect("the database answers"));
        test.work().await;
        assert_eq!(companies::counts(&test.db, Some("a")).await.expect("counted").with_vectors, 4);
        test.clock.advance(std::time::Duration::from_secs(60));
        test.work().await;
        assert_eq!(companies::counts(&test.db, Some("a")).await.expect("counted").with_vectors, 5);
    });
}

#[test]
fn the_index_keeps_within_its_memory_and_says_what_it_left_out() {
    on_both_engines(async |engine| {
        let test = TestApp::new(engine).await;
        let list: Vec<Company> = (0..6_000)
            .map(|number| Company {
                domain: format!("c{number}.example"),
                host: format!("c{number}.example"),
                name: format!("Company number{number}"),
                about: "Foundry".into(),
                ..Company::default()
            })
            .collect();
        let now = cmes_types::Clock::now(&*test.clock);
        companies::put(&test.db, &list, Source::Import, now).await.expect("put");
        let small = with(&test, None, Settings { index_bytes: 100_000, ..Settings::default() });
        let answer = small.find(&search("number5999")).await.expect("found");
        assert_eq!(answer.hits[0].url, "https://c5999.example/", "the newest are there");
        assert!(answer.remarks[0].contains("search.directory.index_bytes"), "{answer:?}");
        let (bytes, count) = small.memory();
        assert!(count < 6_000 && bytes < 1_000_000, "{bytes} bytes of {count} companies");
        assert_eq!(test.app.directory.find(&search("number1")).await.expect("found").remarks, Vec::<String>::new());
    });
}

#[test]
fn an_enrichment_makes_the_directory_grow() {
    on_both_engines(async |engine| {
        let test = TestApp::with_sites(engine).await;
        let answer = test.post("/v1/enrichment", json!({"Content": "thornfield-fasteners.example"}).to_string()).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert!(answer.json.get("Evidence").is_none());
        let all = companies::list(&test.db, None, "", 10).await.expect("a list");
        assert_eq!(all.len(), 1, "{all:?}");
        assert_eq!(all[0].name, answer.json["CompanyName"].as_str().expect("a name"));
        assert!(answer.json["Business"].as_str().expect("a text").starts_with(&all[0].about[..20]), "{all:?}");
        let counts = companies::counts(&test.db, None).await.expect("counted");
        assert_eq!((counts.companies, counts.from_enrichment), (1, 1));
        let named = CompanySearch { activity: all[0].name.clone(), ..search("") };
        assert_eq!(test.app.directory.find(&named).await.expect("found").hits[0].title, all[0].name);
    });
}
