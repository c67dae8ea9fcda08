//! The server as a client meets it.

use cmes_testkit::DemoSites;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

async fn start() -> DemoSites {
    DemoSites::start(None).await.expect("a free port")
}

async fn ask(sites: &DemoSites, host: &str, path: &str, extra: &str) -> Answer {
    let mut stream = TcpStream::connect(sites.addr()).await.expect("the server listens");
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{extra}\r\n");
    stream.write_all(request.as_bytes()).await.expect("the server reads");
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.expect("the server answers");
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
    let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
    Answer { status, head, body: bytes[end + 4..].to_vec() }
}

async fn check_status(host: &str, path: &str, expected: u16) -> Answer {
    let sites = start().await;
    let answer = ask(&sites, host, path, "").await;
    assert_eq!(answer.status, expected, "{host}{path}");
    answer
}

#[tokio::test]
async fn a_site_answers_by_its_name_and_as_localhost() {
    for host in ["nordwind-pumpen.example", "nordwind-pumpen.localhost:8091"] {
        let answer = check_status(host, "/kontakt/", 200).await;
        assert!(String::from_utf8_lossy(&answer.body).contains("Kranhafenweg 14"));
    }
}

#[tokio::test]
async fn absolute_links_to_the_site_lead_to_where_it_is_served() {
    let answer = check_status("atelier-lumen.localhost:8091", "/", 200).await;
    let body = String::from_utf8_lossy(&answer.body).into_owned();
    assert!(body.contains("http://atelier-lumen.localhost:8091/contact/") && !body.contains("https://atelier-lumen"));
}

#[tokio::test]
async fn the_index_lists_every_site_with_a_link_for_browsers() {
    let answer = check_status("127.0.0.1:8091", "/", 200).await;
    let body = String::from_utf8_lossy(&answer.body).into_owned();
    for site in cmes_testkit::sites() {
        assert!(body.contains(&site.host().replace(".example", ".localhost:8091")), "{}", site.name);
    }
}

#[tokio::test]
async fn unknown_paths_and_hosts_are_not_found() {
    let answer = check_status("nordwind-pumpen.example", "/gibt-es-nicht/", 404).await;
    assert!(String::from_utf8_lossy(&answer.body).contains("Seite nicht gefunden"));
    check_status("thornfield-fasteners.example", "/../Cargo.toml", 404).await;
    check_status("nordwind-pumpen.example", "/expected.json", 404).await;
    check_status("nobody.example", "/", 404).await;
}

#[tokio::test]
async fn www_redirects_unless_it_is_the_only_name() {
    let answer = check_status("www.nordwind-pumpen.example", "/kontakt/", 301).await;
    assert!(answer.head.contains("location: http://nordwind-pumpen.example/kontakt/"), "{}", answer.head);
    check_status("www.borowik-meble.example", "/", 200).await;
    check_status("borowik-meble.example", "/", 404).await;
    let hosts = start().await.hosts();
    assert!(hosts.contains_key("www.borowik-meble.example") && !hosts.contains_key("borowik-meble.example"));
    assert!(hosts.contains_key("www.nordwind-pumpen.example") && hosts.contains_key("nordwind-pumpen.example"));
}

#[tokio::test]
async fn redirects_of_the_settings_and_of_folders_are_sent() {
    let answer = check_status("alpblick-optik.example", "/", 303).await;
    assert!(answer.head.contains("location: /de/"));
    let answer = check_status("nordwind-pumpen.example", "/kontakt", 301).await;
    assert!(answer.head.contains("location: /kontakt/"));
}

#[tokio::test]
async fn pages_are_sent_in_the_charset_of_the_site() {
    let answer = check_status("kedr-stanko.example", "/contacts/", 200).await;
    assert!(answer.head.contains("content-type: text/html; charset=windows-1251"));
    assert!(encoding_rs::WINDOWS_1251.decode(&answer.body).0.contains("Лесопильная"));
    let answer = check_status("aozora-seiki.example", "/company/", 200).await;
    assert!(answer.head.contains("content-type: text/html\r\n"), "the header is silent: {}", answer.head);
    assert!(encoding_rs::SHIFT_JIS.decode(&answer.body).0.contains("代表取締役社長"));
}

#[tokio::test]
async fn headers_of_the_settings_are_sent_in_full() {
    let answer = check_status("fietsgoed.example", "/", 200).await;
    assert!(answer.head.contains("powered-by: shopify"));
    assert_eq!(answer.head.matches("set-cookie:").count(), 2);
}

#[tokio::test]
async fn images_answer_as_images() {
    let answer = check_status("thornfield-fasteners.example", "/assets/img/thornfield-logo.png", 200).await;
    assert!(answer.head.contains("content-type: image/png") && answer.body.starts_with(b"\x89PNG"));
}

#[tokio::test]
async fn an_unchanged_page_is_not_sent_again() {
    let sites = start().await;
    let first = ask(&sites, "nordwind-pumpen.example", "/", "").await;
    let etag = first.head.lines().find_map(|line| line.strip_prefix("etag: ")).expect("an entity tag").to_owned();
    let again = ask(&sites, "nordwind-pumpen.example", "/", &format!("If-None-Match: {etag}\r\n")).await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    let other = ask(&sites, "nordwind-pumpen.example", "/", "If-None-Match: \"other\"\r\n").await;
    assert_eq!(other.status, 200);
    let dated = "If-Modified-Since: Tue, 03 Mar 2026 09:00:00 GMT\r\n";
    assert_eq!(ask(&sites, "nordwind-pumpen.example", "/", dated).await.status, 304);
}

#[tokio::test]
async fn requests_are_counted() {
    let sites = start().await;
    ask(&sites, "nordwind-pumpen.example", "/", "").await;
    ask(&sites, "nordwind-pumpen.example", "/", "").await;
    ask(&sites, "nordwind-pumpen.example", "/robots.txt", "").await;
    let requests = sites.requests();
    assert_eq!(requests.get("nordwind-pumpen.example/"), Some(&2));
    assert_eq!(requests.get("nordwind-pumpen.example/robots.txt"), Some(&1));
    assert_eq!(requests.len(), 2);
}

#[tokio::test]
async fn dropping_stops_the_server() {
    let sites = start().await;
    let addr = sites.addr();
    drop(sites);
    // The abort takes effect when the task is next polled.
    while TcpStream::connect(addr).await.is_ok() {
        tokio::task::yield_now().await;
    }
}
