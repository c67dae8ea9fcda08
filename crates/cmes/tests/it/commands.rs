//! Every command, as users run it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::{Place, Serving, stderr};

/// A request as a user makes it, by curl: status and body.
pub fn request(url: &str, key: Option<&str>, body: Option<&Value>) -> (u16, Value) {
    let mut curl = Command::new("curl");
    curl.args(["-sS", "--noproxy", "*", "-w", "\n%{http_code}", url]);
    if let Some(key) = key {
        curl.args(["-H", &format!("Authorization: Bearer {key}")]);
    }
    if let Some(body) = body {
        curl.args(["-d", &body.to_string()]);
    }
    let output = curl.output().expect("curl runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let (body, status) = text.rsplit_once('\n').expect("a status");
    (status.parse().expect("a status"), serde_json::from_str(body).unwrap_or(Value::Null))
}

#[test]
fn a_newcomer_gets_from_nothing_to_a_profile_over_http() {
    let place = Place::with_sites();
    let id = place.ok(&["account", "create", "Ann@example.com", "--credit", "25"]);
    assert!(uuid::Uuid::parse_str(id.trim()).is_ok(), "{id}");
    let key = place.ok(&["key", "create", "--account", "ann@example.com"]);
    assert!(key.starts_with("apikey-") && key.lines().count() == 1);

    let serving = Serving::start(&place, &[]);
    let body = json!({"Content": "info@nordwind-pumpen.example", "Asynch": false});
    let (status, profile) = request(&format!("{}/v1/enrichment", serving.url), Some(key.trim()), Some(&body));
    assert_eq!((status, &profile["CompanyName"]), (200, &json!("Nordwind Pumpen GmbH")));
    let (status, echo) = request(&format!("{}/v1/echo", serving.url), Some(key.trim()), None);
    assert_eq!((status, &echo["IP"]), (200, &json!("127.0.0.1")));
    assert_eq!(request(&format!("{}/health", serving.url), None, None).0, 200);

    // The command line gives exactly the API's object.
    let printed: Value =
        serde_json::from_str(&place.ok(&["enrich", "info@nordwind-pumpen.example", "--json"])).expect("JSON");
    assert_eq!(printed, profile);

    let (code, log) = serving.stop();
    assert_eq!(code, Some(0), "{log}");
    assert!(!log.contains(key.trim()) && !log.contains("nordwind"), "secrets or data in the log: {log}");
}

/// The commands of the README in their order, the site replaced by a demo site.
#[test]
fn the_commands_of_the_readme_run() {
    let place = Place::with_sites();
    place.write("mail.eml", "From: Jan <jan@nordwind-pumpen.example>\n\nPlease call us.\n");
    place.write("companies.csv", "website,name,country,description\nnordwind-pumpen.example,Nordwind,DE,Pumpen\n");
    let serving = Serving::start(&place, &[]);
    let readme = std::fs::read_to_string(docs().join("../README.md")).expect("the README");
    let readme = readme.replace("\\\n", "");
    let programs = Path::new(env!("CARGO_BIN_EXE_cmes")).parent().expect("a folder").display().to_string();
    let path = format!("{programs}:{}", std::env::var("PATH").unwrap_or_default());
    let (mut key, mut id, mut run) = (String::new(), String::new(), 0);
    for line in readme.lines().filter(|line| line.starts_with("cmes ") || line.starts_with("curl ")) {
        let line = line.split(" #").next().unwrap_or_default().trim();
        // One runs already; the other needs the internet (`models.rs` tests it).
        if line == "cmes serve" || line == "cmes models pull multilingual-e5-small" {
            continue;
        }
        let line = line.replace(" example.com", " nordwind-pumpen.example");
        let line = line.replace("info@example.com", "info@nordwind-pumpen.example");
        let line = line.replace("http://127.0.0.1:8080", &serving.url).replace("curl ", "curl -sSf --noproxy '*' ");
        let mut command = Command::new("sh");
        command
            .args(["-c", &line])
            .current_dir(place.path(""))
            .env("PATH", &path)
            .envs([("API_KEY", &key), ("ID", &id)]);
        let output = command.output().expect("a shell");
        assert!(output.status.success(), "{line}: {}", stderr(&output));
        let stdout = String::from_utf8(output.stdout).expect("UTF-8");
        if stdout.starts_with("apikey-") {
            stdout.trim().clone_into(&mut key);
        } else if line.contains("Asynch") {
            let accepted: Value = serde_json::from_str(&stdout).expect("JSON");
            accepted["ID"].as_str().expect("an ID").clone_into(&mut id);
        } else if line.contains("ledger verify") {
            assert!(stdout.starts_with("every balance equals its ledger"), "{stdout}");
        } else if line.contains("directory import") {
            assert!(stdout.contains("1 added"), "{stdout}");
        } else if !line.contains("account create") {
            assert!(stdout.contains("Nordwind Pumpen GmbH"), "{line}: {stdout}");
        }
        run += 1;
    }
    assert_eq!(run, 13, "the README has changed");
}

#[test]
fn a_card_is_printed_with_progress_beside_it() {
    let place = Place::with_sites();
    let output = place.run(&["enrich", "nordwind-pumpen.example", "--lang", "de", "--explain", "--extended"]);
    let card = String::from_utf8(output.stdout.clone()).expect("UTF-8");
    for part in ["Nordwind Pumpen GmbH", "Phones", "★", "Founded       1962", "HRB 987654", "Evidence"] {
        assert!(card.contains(part), "{part} is not in\n{card}");
    }
    assert!(!card.contains('\u{1b}'), "no colours into a pipe");
    assert!(stderr(&output).contains("nordwind-pumpen.example/"), "{}", stderr(&output));
}

#[test]
fn content_is_read_from_standard_input_and_products_from_a_file() {
    let place = Place::with_sites();
    place.write("offer.txt", "Seals for pumps");
    let mut child = place
        .command(&["enrich", "-", "--json", "--products", "@offer.txt"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mail = b"From: Jan <jan@nordwind-pumpen.example>\nSubject: Hello\n\nPlease call us.\n";
    child.stdin.take().expect("piped").write_all(mail).expect("written");
    let output = child.wait_with_output().expect("it ends");
    let profile: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(profile["CompanyName"], "Nordwind Pumpen GmbH");
    assert!(place.fails(1, &["enrich", "x.example", "--products", "@none.txt"]).contains("none.txt"));
}

#[test]
fn failures_are_one_sentence_that_says_what_to_do() {
    let place = Place::empty();
    let check = |arguments: &[&str], words: &str| {
        let message = place.fails(1, arguments);
        // What was read is told above it.
        let sentences: Vec<_> = message.lines().filter(|line| line.starts_with("cmes: ")).collect();
        assert!(sentences.len() == 1 && sentences[0].contains(words), "{message}");
    };
    check(&["enrich", "hello"], "no link, domain or e-mail address");
    check(&["enrich", "http://127.0.0.1/"], "fetch.allow_networks");
    check(&["account", "create", "nobody"], "name@example.com");
    check(&["key", "create", "--account", "nobody@example.com"], "cmes account list");
    check(&["key", "revoke", "00000000-0000-7000-8000-000000000000"], "no key");
    check(&["--config", "none.toml", "account", "list"], "none.toml");
}

#[test]
fn wrong_usage_is_exit_code_2() {
    let place = Place::empty();
    for arguments in [
        &["enrich"][..],
        &["frobnicate"],
        &["enrich", "x", "--lang", "klingon"],
        &["account", "create", "a@b.c", "--credit", "much"],
        &["serve", "--roles", "king"],
    ] {
        place.fails(2, arguments);
    }
}

#[test]
fn a_wrong_configuration_names_key_and_file() {
    let place = Place::empty();
    place.write("cmes.toml", "[server]\nlisten = \"127.0.0.1:0\"\nlistn = 1\n");
    let message = place.fails(1, &["account", "list"]);
    for word in ["cmes.toml", "listn", "trusted_proxies"] {
        assert!(message.contains(word), "{message}");
    }
    place.write("cmes.toml", "[database]\nurl_file = \"secret\"\n");
    assert!(place.fails(1, &["account", "list"]).contains("secret"));
    place.write("secret", "oracle:nothing\n");
    assert!(place.fails(1, &["account", "list"]).contains("postgres://"));
}

#[test]
fn doctor_names_faults_and_what_to_do() {
    let place = Place::empty();
    let report = place.ok(&["doctor"]);
    for check in ["configuration", "database", "disk", "clock"] {
        assert!(report.contains(check), "{report}");
    }
    place.write("file", "");
    let output = place.command(&["doctor"]).env("CMES_DATA__DIR", "file/below").output().expect("it runs");
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.code() == Some(1) && report.contains("change data.dir"), "{report}");
}

#[test]
fn accounts_and_keys_are_listed_masked() {
    let place = Place::empty();
    place.ok(&["account", "create", "ann@example.com", "--credit", "1.5", "--currency", "eur", "--operator"]);
    place.ok(&["account", "credit", "ann@example.com", "0.25", "--note", "thanks"]);
    let accounts = place.ok(&["account", "list"]);
    assert!(accounts.contains("ann@example.com\t1.75 EUR\toperator"), "{accounts}");
    let key =
        place.ok(&["key", "create", "--account", "ann@example.com", "--project", "Shop", "--expires", "2999-12-31"]);
    let list = place.ok(&["key", "list", "--account", "ann@example.com"]);
    assert!(list.contains("\tShop\t") && list.contains("until 2999-12-31T23:59:59.999Z"), "{list}");
    assert!(!list.contains(key.trim()), "{list}");
    let id = list.split('\t').next().expect("an ID").to_owned();
    place.ok(&["key", "revoke", &id]);
    assert!(place.ok(&["key", "list"]).contains("revoked"));
    place.fails(1, &["key", "revoke", &id]);
}

#[test]
fn money_is_seen_to_from_the_command_line() {
    let place = Place::empty();
    place.ok(&["account", "create", "ann@example.com", "--credit", "10"]);
    place.ok(&["key", "create", "--account", "ann@example.com", "--project", "Shop"]);
    assert_eq!(place.ok(&["account", "credit", "ann@example.com", "-2.5", "--note", "mistake"]), "7.5\n");
    assert!(place.fails(1, &["account", "credit", "ann@example.com", "-8"]).contains("it is 7.5 GBP"));
    assert_eq!(place.ok(&["ledger", "verify"]), "every balance equals its ledger: 1 accounts, 2 rows\n");

    assert!(place.ok(&["tariff", "list"]).starts_with("/v1/enrichment\t0.1 GBP\tPrice per"));
    place.ok(&["tariff", "set", "/v1/enrichment", "0.25"]);
    assert!(place.ok(&["tariff", "list"]).starts_with("/v1/enrichment\t0.25 GBP\tPrice per"));
    place.ok(&["tariff", "reset", "/v1/enrichment"]);
    assert!(place.fails(1, &["tariff", "reset", "/v1/enrichment"]).contains("cmes tariff list"));
    assert!(place.fails(1, &["tariff", "set", "enrichment", "1"]).contains("/v1/enrichment"));
    place.ok(&["rate", "set", "chf", "1.1"]);
    assert!(place.ok(&["rate", "list"]).contains("1 GBP\t1.1 CHF\n"));
    place.ok(&["rate", "reset", "CHF"]);

    let cap = place.ok(&["cap", "set", "--account", "ann@example.com", "--project", "Shop", "--per", "day", "2"]);
    let list = place.ok(&["cap", "list", "--account", "ann@example.com"]);
    assert_eq!(list, format!("{}\tproject\tShop\t2 GBP a day\twarning at 80 %\n", cap.trim()));
    place.ok(&["cap", "remove", "--account", "ann@example.com", cap.trim()]);
    assert!(place.fails(1, &["cap", "remove", "--account", "ann@example.com", cap.trim()]).contains("cmes cap list"));
    let both = ["cap", "set", "--account", "ann@example.com", "--per", "day", "2"];
    place.fails(2, &both);
    assert!(place.fails(1, &[&both[..], &["--project", "None"]].concat()).contains("“None” is no project"));

    place.ok(&["account", "warn", "ann@example.com", "--url", "https://example.com/w", "--below", "5"]);
    assert!(place.fails(1, &["account", "warn", "ann@example.com", "--url", "ftp://example.com"]).contains("https://"));
}

#[test]
fn webhooks_are_seen_to_from_the_command_line() {
    let place = Place::empty();
    place.ok(&["account", "create", "ann@example.com"]);
    let secret = ["webhook", "secret", "--account", "ann@example.com"];
    let first = place.ok(&secret);
    assert!(first.starts_with("whsec_") && place.ok(&secret) == first);
    let second = place.ok(&[&secret[..], &["--rotate"]].concat());
    assert!(second != first && place.ok(&secret) == second);
    assert_eq!(place.ok(&["webhook", "list", "--account", "ann@example.com"]), "");
    let unknown = "00000000-0000-7000-8000-000000000000";
    assert!(place.fails(1, &["webhook", "resend", "--account", "ann@example.com", unknown]).contains("no message"));
}

/// Another process works than the one that answers.
#[test]
fn roles_can_be_split() {
    let place = Place::with_sites();
    place.ok(&["account", "create", "ann@example.com", "--credit", "1"]);
    let key = place.ok(&["key", "create", "--account", "ann@example.com"]);
    let api = Serving::start(&place, &["--roles", "api"]);
    let body = json!({"Content": "nordwind-pumpen.example", "Asynch": true});
    let (status, accepted) = request(&format!("{}/v1/enrichment", api.url), Some(key.trim()), Some(&body));
    assert_eq!(status, 202, "{accepted}");
    let result = || request(&format!("{}/v1/getresult", api.url), Some(key.trim()), Some(&accepted));
    assert_eq!(result(), (202, json!({"Status": "Request in processing", "Progress": 0})));
    let worker = Serving::start(&place, &["--roles", "worker"]);
    // The stream ends with the result.
    let id = accepted["ID"].as_str().expect("an ID");
    let url = format!("{}/v1/getresult/events?ID={id}", api.url);
    let header = format!("Authorization: Bearer {}", key.trim());
    let events =
        Command::new("curl").args(["-sSN", "--noproxy", "*", "-H", &header, &url]).output().expect("curl runs");
    let events = String::from_utf8(events.stdout).expect("UTF-8");
    assert!(events.contains("event: result\ndata: {\"Status\":\"Success\""), "{events}");
    assert_eq!(result().0, 200);
    assert_eq!(worker.stop().0, Some(0));
    assert_eq!(api.stop().0, Some(0));
    place.ok(&["ledger", "verify"]);
}

#[test]
fn documents_and_completions_are_printed() {
    let place = Place::empty();
    assert_eq!(place.ok(&["openapi"]), std::fs::read_to_string(docs().join("openapi.json")).expect("the document"));
    for shell in ["bash", "zsh", "fish"] {
        assert!(place.ok(&["completions", shell]).contains("enrich"));
    }
    assert!(place.ok(&["--version"]).starts_with("cmes 0."));
    assert!(place.ok(&["--help"]).contains("company profile"));
}

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}
