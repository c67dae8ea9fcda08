//! `cmes directory`: a list becomes companies that are found, by the examples of the documentation.

use serde_json::Value;

use crate::support::{Place, stderr};

const DOCUMENTATION: &str = include_str!("../../../../docs/directory.md");
const CONFIGURATION: &str = "[log]\nlevel = \"warn\"\n[embeddings]\nprovider = \"none\"\n[llm]\nprovider = \"none\"\n";

/// An example of the documentation.
fn example(kind: &str) -> &'static str {
    let (_, rest) = DOCUMENTATION.split_once(&format!("```{kind}\n")).expect("an example");
    rest.split_once("```").expect("its end").0
}

fn place() -> Place {
    let place = Place::empty();
    place.write("cmes.toml", CONFIGURATION);
    place.write("list.csv", example("csv"));
    place.write("list.jsonl", example("jsonl"));
    place
}

#[test]
fn the_examples_of_the_documentation_are_imported_searched_and_deleted() {
    let place = place();
    assert_eq!(place.ok(&["directory", "import", "list.csv"]), "2 added, 0 updated, 0 unchanged, 0 refused\n");
    assert_eq!(place.ok(&["directory", "import", "list.jsonl"]), "2 added, 0 updated, 0 unchanged, 0 refused\n");
    assert_eq!(place.ok(&["directory", "import", "list.csv"]), "0 added, 0 updated, 2 unchanged, 0 refused\n");

    let found = place.ok(&["directory", "search", "foundry", "--country", "DE", "--json"]);
    let found: Value = serde_json::from_str(&found).expect("JSON");
    assert_eq!(found[0]["url"], "https://berg.example/", "{found}");
    assert_eq!(found[0]["snippet"], "Ulm, Germany – Wir gießen Teile aus Eisen; auch aus Stahl");
    let found = place.ok(&["directory", "search", "bread", "--country", "United States", "--locality", "Texas"]);
    assert_eq!(found, "Miller Bakery\thttps://miller.example/\n    Houston, United States – Bread and cakes.\n");

    let listed = place.ok(&["directory", "list", "--country", "de"]);
    let domains: Vec<&str> = listed.lines().filter_map(|line| line.split('\t').next()).collect();
    assert_eq!(domains, ["berg.example", "nordguss.example"]);
    assert_eq!(place.ok(&["directory", "list", "--limit", "1"]).lines().count(), 1);
    let status = place.ok(&["directory", "status"]);
    assert!(status.starts_with("companies: 4\nof these from enrichments: 0\nfound by words: 4\n"), "{status}");

    assert_eq!(place.ok(&["directory", "delete", "https://www.Berg.example/", "miller.example"]), "2 deleted\n");
    assert!(place.fails(1, &["directory", "delete", "berg.example"]).contains("cmes directory list"));
    assert_eq!(place.ok(&["directory", "search", "bread"]), "");
}

#[test]
fn rows_that_are_refused_are_told_with_their_lines_and_what_to_do() {
    let place = place();
    let mut list = "name,website\nGood,good.example\nBad,\nSocial,https://facebook.com/social\n".to_owned();
    list.push_str(&"More,\n".repeat(30));
    place.write("mixed.csv", &list);
    let output = place.run(&["directory", "import", "mixed.csv"]);
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "1 added, 0 updated, 0 unchanged, 32 refused\n");
    let told = stderr(&output);
    assert!(
        told.starts_with("✗ line 3: there is no website; a company is known by it\n✗ line 4: “https://facebook"),
        "{told}"
    );
    assert!(told.ends_with("and 12 more rows\n"), "{told}");

    let check = |name: &str, text: &str, words: &str| {
        place.write(name, text);
        let told = place.fails(1, &["directory", "import", name]);
        assert!(told.contains(words), "{told}");
    };
    check("none.csv", "name,website\nBad,\n", "none of 1 rows could be imported");
    check("header.csv", "name,website\n", "only the names of columns");
    check("other.csv", "Vorname,Telefon\nAnn,1\n", "website (or url, domain, web), which is needed");
    check("empty.csv", "", "it is empty");
    check("list.json", "[{\"website\": \"a.example\"}]", "on a line of its own");
    assert!(place.fails(1, &["directory", "import", "nowhere.csv"]).contains("nowhere.csv cannot be read"));
    assert!(place.fails(1, &["directory", "import", "."]).contains("is a folder"));
    assert!(place.fails(1, &["directory", "search", "x", "--country", "Atlantis"]).contains("is no country"));
    assert!(place.fails(1, &["directory", "embed"]).contains("there is no embedder"));
    place.fails(2, &["directory", "delete"]);
}

#[test]
fn a_list_can_be_piped_in() {
    use std::io::Write as _;
    let place = place();
    let mut command = place.command(&["directory", "import", "-"]);
    let mut child = command
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("piped").write_all(example("jsonl").as_bytes()).expect("written");
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "2 added, 0 updated, 0 unchanged, 0 refused\n");
}

#[test]
fn with_the_real_embedder_companies_are_found_across_languages() {
    let Some(model) = cmes_testkit::model_file("e5-small-q4.bin") else { return };
    let models = model.parent().expect("a folder");
    let place = place();
    place.write("cmes.toml", "[log]\nlevel = \"warn\"\n[llm]\nprovider = \"none\"\n");
    std::fs::create_dir_all(place.path("data")).expect("a folder");
    std::os::unix::fs::symlink(models, place.path("data/models")).expect("a link");
    let mut list = "name,website,country,description\n".to_owned();
    for (name, description) in [
        ("Acme", "Manufacturer of welded steel pipes and tubes"),
        ("Miller", "Bakery with bread and cakes"),
        ("Lex", "Law firm for tax and labour law"),
        ("Bolt", "Screws and bolts for the building trade"),
        ("Cargo", "Freight forwarding and warehouses"),
        ("Optic", "Glasses and contact lenses"),
        ("Pump", "Centrifugal pumps for chemical plants"),
        ("Web", "Agency for web design and online shops"),
    ] {
        list.push_str(&format!("{name},{}.example,US,{description}\n", name.to_lowercase()));
    }
    place.write("list.csv", &list);
    place.ok(&["directory", "import", "list.csv"]);
    assert_eq!(place.ok(&["directory", "embed"]), "8 companies embedded\n");
    let status = place.ok(&["directory", "status"]);
    assert!(status.contains("found by meaning: 8 of them"), "{status}");
    for (query, language, expected) in
        [("Rohrhersteller", "de", "Acme"), ("avocat fiscaliste", "fr", "Lex"), ("насосы", "ru", "Pump")]
    {
        let found = place.ok(&["directory", "search", query, "--lang", language]);
        assert!(found.starts_with(&format!("{expected}\t")), "{query}: {found}");
    }
}
